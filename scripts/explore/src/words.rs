//! What an exploration has found, as a text for a person.

use crate::table;
use interleave::explorer::report::{Ending, Example, Finding, Report, Tally};
use interleave::numbers::{count, separated};
use std::fmt::{self, Write};

/// How wide a terminal is that shows a report without wrapping it.
pub const WIDTH: usize = 80;

/// The report in words: how many schedules there are, how they end, what happens in them, the logs,
/// and the shortest schedule to the gravest end as a table.
///
/// How a pool is made ([`Finding::PoolEmpty`], [`Finding::NoChannel`]) is left out: that is for an
/// exercise to ask.
pub fn words(report: &Report) -> String {
    let mut text = String::new();
    write(&mut text, report).expect("a string takes every text");
    text
}

fn write(text: &mut String, report: &Report) -> fmt::Result {
    writeln!(text, "{}: {}\n", report.program, report.scenario)?;
    let (schedules, threads) = (separated(report.schedules), report.threads);
    let more = match &report.unfinished {
        None => String::new(),
        Some(why) => format!(" (not finished: {why}; there are more)"),
    };
    writeln!(text, "schedules: {schedules}{more}")?;
    writeln!(text, "threads: {threads}")?;
    writeln!(text, "different logs: {}\n", report.logs)?;
    for note in &report.notes {
        writeln!(text, "note: {note}\n")?;
    }
    writeln!(text, "How the schedules end:")?;
    for tally in &report.endings {
        write_tally(text, tally)?;
    }
    if report
        .endings
        .iter()
        .any(|tally| tally.what == Ending::CutsOff)
    {
        let means = "one of these stands for every point at which that may happen";
        writeln!(text, "\nWhere the end of `main` cuts threads off, {means}.")?;
    }
    writeln!(text, "\nWhat happens in them:")?;
    for tally in &report.findings {
        match tally.what {
            Finding::PoolEmpty | Finding::NoChannel => {}
            // It is looked for in a run of its own, so there is no number of schedules.
            Finding::BusyWaits { .. } => {
                writeln!(text, "{:>9}  {}", "also", tally.what)?;
                write_example(text, tally)?;
            }
            _ => write_tally(text, tally)?,
        }
    }
    if let Some(log) = &report.first_log {
        write_log(text, "The first log in a fixed order:", log)?;
    }
    for (i, log) in report.all_logs.iter().enumerate() {
        write_log(text, &format!("Log {}:", separated(i + 1)), log)?;
    }
    if let (Some(gravest), Some(shown)) = (report.endings.first(), &report.shown) {
        let table = table::glance(shown, WIDTH);
        writeln!(
            text,
            "\nThe shortest way to `{}`:\n\n{}",
            gravest.what,
            table.trim_end()
        )?;
    }
    Ok(())
}

fn write_tally<T: fmt::Display>(text: &mut String, tally: &Tally<T>) -> fmt::Result {
    writeln!(text, "{:>9}  {}", separated(tally.schedules), tally.what)?;
    write_example(text, tally)
}

fn write_example<T>(text: &mut String, tally: &Tally<T>) -> fmt::Result {
    if let Some(Example { steps, replay, .. }) = &tally.example {
        writeln!(
            text,
            "           at the shortest in {}: --replay {replay}",
            count(*steps, "step")
        )?;
    }
    Ok(())
}

fn write_log(text: &mut String, title: &str, log: &str) -> fmt::Result {
    writeln!(text, "\n{title}\n")?;
    for line in log.lines() {
        writeln!(text, "    {line}")?;
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use interleave::explorer::report::Ending;

    #[test]
    fn large_numbers_are_separated() {
        let report = Report {
            schedules: 30_618,
            endings: vec![Tally {
                what: Ending::Normal,
                schedules: 30_618,
                example: Some(Example {
                    steps: 1_234,
                    replay: "0x1234".to_string(),
                    log: String::new(),
                }),
            }],
            ..Report::default()
        };
        let text = words(&report);
        for line in [
            "schedules: 30,618",
            "   30,618  end normally",
            "           at the shortest in 1,234 steps: --replay 0x1234",
        ] {
            assert!(
                text.lines().any(|own| own == line),
                "no `{line}` in\n{text}"
            );
        }
    }
}
