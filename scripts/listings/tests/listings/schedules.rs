//! What holds over every schedule of a listing's threads: for the pool alone, with 2, 3 and 4
//! workers and 0, 1 and 2 jobs, and for the whole program where it ends by itself.

use crate::expect::{explored, ok, program, snapshot};
use explore::{table, words::words, wrap::Run};
use interleave::explorer::report::{Ending, Finding, Report};
use listings::catalogue;
use std::fmt::Write;

/// Before 20.23 nobody waits for the workers when a pool is dropped.
#[test]
fn listing_20_21() {
    let kept = works_while_it_is_kept("listing-20-21");
    assert!(kept.any(&Finding::JobsTogether));
    dropping_cuts_jobs_off("listing-20-21");
}

#[test]
fn listing_20_21_a_boxed_fnonce() {
    let kept = works_while_it_is_kept("listing-20-21-a-boxed-fnonce");
    assert!(kept.any(&Finding::JobsTogether));
    dropping_cuts_jobs_off("listing-20-21-a-boxed-fnonce");
}

/// The lock is held while a job runs, so no two ever run at once.
#[test]
fn listing_20_22() {
    let kept = works_while_it_is_kept("listing-20-22");
    assert!(!kept.any(&Finding::JobsTogether));
    dropping_cuts_jobs_off("listing-20-22");
}

#[test]
fn listing_20_23_b_take() {
    let pools = Pools::dropped("listing-20-23-b-take");
    pools.always(Ending::Deadlock);
    assert!(pools.any(&Finding::JobsTogether));
}

#[test]
fn listing_20_24() {
    let pools = Pools::dropped("listing-20-24");
    pools.always(Ending::Deadlock);
    assert!(pools.any(&Finding::JobsTogether));
}

#[test]
fn listing_20_25() {
    shuts_down_cleanly("listing-20-25");
}

#[test]
fn listing_20_26() {
    shuts_down_cleanly("listing-20-26");
    ends_by_itself("listing-20-26");
}

/// One schedule in a few comes through; every other one ends in the deadlock.
#[test]
fn listing_20_26_single_loop() {
    let name = "listing-20-26-single-loop";
    let pools = Pools::dropped(name);
    for report in &pools.reports {
        assert!(report.unfinished.is_none(), "{}", words(report));
        assert!(report.ending(Ending::Normal) > 0, "{}", words(report));
        assert!(report.ending(Ending::Deadlock) > 0, "{}", words(report));
        let both = report.ending(Ending::Normal) + report.ending(Ending::Deadlock);
        assert_eq!(both, report.schedules, "{}", words(report));
    }
    assert!(pools.any(&Finding::JobsTogether));
    assert!(!pools.any(&Finding::JobLost));

    // The case to keep in mind has two workers, one of them busy.
    let smallest = explored(name).pool(2, 1).report().expect("a report");
    snapshot(&format!("{name}.deadlock"), &table::shown(&smallest));
    let report = program(name).report().expect("a report");
    assert!(report.ending(Ending::Deadlock) > 0, "{}", words(&report));
    snapshot(&format!("{name}.program"), &words(&report));
}

/// The first worker to notice panics with the lock in its hand, the others panic on that, and the
/// `unwrap` of a `join` hands the panic on to `main`.
#[test]
fn listing_2021_20_23() {
    let name = "listing-2021-20-23";
    let pools = Pools::dropped(name);
    pools.always(Ending::MainPanics);
    assert!(!pools.any(&Finding::JobLost));
    let report = explored(name).pool(2, 1).report().expect("a report");
    snapshot(&format!("{name}.panics"), &words(&report));
}

#[test]
fn listing_2021_20_24() {
    shuts_down_cleanly("listing-2021-20-24");
}

#[test]
fn listing_2021_20_25() {
    shuts_down_cleanly("listing-2021-20-25");
    ends_by_itself("listing-2021-20-25");
}

#[test]
fn listing_next_1_docs() {
    shuts_down_cleanly("listing-next-1-docs");
}

#[test]
fn listing_next_2_tests() {
    shuts_down_cleanly("listing-next-2-tests");
}

#[test]
fn listing_next_3_errors() {
    shuts_down_cleanly("listing-next-3-errors");
    ends_by_itself("listing-next-3-errors");
}

#[test]
fn listing_next_4_another_task() {
    shuts_down_cleanly("listing-next-4-another-task");
}

/// Every job is done, and then everybody waits: the pool for jobs, and `main` for a client.
fn works_while_it_is_kept(name: &str) -> Pools {
    let pools = Pools::kept(name);
    pools.always(Ending::WaitsForClient);
    assert!(!pools.any(&Finding::JobNeverRuns));
    pools
}

/// Dropping the pool returns while its workers live, and `main` cuts off what they do. At every
/// one of their steps: that is far more schedules than in a pool that waits, so two workers do.
fn dropping_cuts_jobs_off(name: &str) {
    let reports = [0, 1].map(|jobs| explored(name).pool(2, jobs).report().expect("a report"));
    drops(name, &reports);
    for (jobs, report) in reports.iter().enumerate() {
        assert!(report.never(Ending::Deadlock), "{}", words(report));
        assert!(report.ending(Ending::CutsOff) > 0, "{}", words(report));
        assert!(
            report.finding(&Finding::ThreadLeaked) > 0,
            "{}",
            words(report)
        );
        let lost = report.finding(&Finding::JobLost) + report.finding(&Finding::JobNeverRuns);
        assert_eq!(lost > 0, jobs > 0, "{}", words(report));
    }
}

/// What the listing's `Cargo.toml` says of dropping the pool is so.
fn drops(name: &str, reports: &[Report]) {
    let always = |ending| reports.iter().all(|report| report.always(ending));
    let never = |ending| reports.iter().all(|report| report.never(ending));
    let word = if always(Ending::Normal) {
        "returns"
    } else if always(Ending::Deadlock) {
        "hangs"
    } else if always(Ending::MainPanics) {
        "panics"
    } else if never(Ending::Deadlock) {
        "cuts jobs off"
    } else {
        "may hang"
    };
    let listing = ok(catalogue::named(name));
    assert_eq!(listing.drop.as_deref(), Some(word), "{name}");
}

/// Dropping the pool always returns, no job is lost, no thread is left, nobody panics; and the
/// jobs run side by side.
fn shuts_down_cleanly(name: &str) {
    let pools = Pools::dropped(name);
    pools.always(Ending::Normal);
    for finding in [
        Finding::JobLost,
        Finding::JobNeverRuns,
        Finding::ThreadLeaked,
    ] {
        assert!(!pools.any(&finding), "{name}: {finding}");
    }
    assert!(pools.any(&Finding::JobsTogether));
    for report in &pools.reports {
        let panic = |finding: &Finding| matches!(finding, Finding::Panic { .. });
        assert!(
            !report.findings.iter().any(|tally| panic(&tally.what)),
            "{report:?}"
        );
    }
}

/// The whole program with two clients ends normally in every schedule, with both answered.
fn ends_by_itself(name: &str) {
    let report = program(name).report().expect("a report");
    assert!(report.always(Ending::Normal), "{}", words(&report));
    assert_eq!(
        report.finding(&Finding::ClientUnanswered),
        0,
        "{}",
        words(&report)
    );
    snapshot(&format!("{name}.program"), &words(&report));
    // The log that the book shows.
    let log = report.first_log.unwrap_or_default();
    snapshot(&format!("{name}.log"), &log);
}

/// The columns for the ways to end; one in which nothing happens is left out.
const ENDINGS: [(Ending, &str); 4] = [
    (Ending::Normal, "end"),
    (Ending::Deadlock, "deadlock"),
    (Ending::MainPanics, "main panics"),
    (Ending::WaitsForClient, "wait for a client"),
];

/// Rows of named cells as a table in plain text.
pub fn table(rows: &[Vec<(String, String)>]) -> String {
    let mut text = String::new();
    let used: Vec<usize> = (0..rows[0].len())
        .filter(|&column| {
            let ending = ENDINGS.iter().any(|(_, name)| *name == rows[0][column].0);
            !ending || rows.iter().any(|row| row[column].1 != "0")
        })
        .collect();
    let head: Vec<&str> = used
        .iter()
        .map(|&column| rows[0][column].0.as_str())
        .collect();
    let mut lines = vec![head];
    for row in rows {
        lines.push(used.iter().map(|&column| row[column].1.as_str()).collect());
    }
    let width = |column: usize| lines.iter().map(|line| line[column].len()).max();
    for line in &lines {
        for (column, cell) in line.iter().enumerate() {
            let gap = if column == 0 { "" } else { "  " };
            let _ = write!(
                text,
                "{gap}{cell:>width$}",
                width = width(column).unwrap_or(0)
            );
        }
        text += "\n";
    }
    text
}

/// The reports on the pools of one listing.
struct Pools {
    reports: Vec<Report>,
}

impl Pools {
    /// Explores pools that are used and dropped, and compares the numbers with the snapshot that
    /// the book shows.
    fn dropped(name: &str) -> Pools {
        let pools = Pools::of(name, |workers, jobs| explored(name).pool(workers, jobs));
        drops(name, &pools.reports);
        pools
    }

    /// The same for pools that are used and kept, while `main` waits for a client.
    fn kept(name: &str) -> Pools {
        Pools::of(name, |workers, jobs| explored(name).keep(workers, jobs))
    }

    fn of(name: &str, run: impl Fn(usize, usize) -> Run<'static>) -> Pools {
        let mut rows = Vec::new();
        let mut reports = Vec::new();
        for workers in 2..=4 {
            for jobs in 0..=2 {
                let report = match run(workers, jobs).report() {
                    Ok(report) => report,
                    Err(trouble) => panic!("{name}: {trouble}"),
                };
                assert!(report.unfinished.is_none(), "{}", words(&report));
                let together = report.finding(&Finding::JobsTogether) > 0;
                let mut row = vec![
                    ("workers".to_string(), workers.to_string()),
                    ("jobs".to_string(), jobs.to_string()),
                    ("schedules".to_string(), report.schedules.to_string()),
                ];
                for (ending, column) in ENDINGS {
                    row.push((column.to_string(), report.ending(ending).to_string()));
                }
                row.push(("logs".to_string(), report.logs.to_string()));
                let answer = if together { "yes" } else { "no" };
                row.push(("two jobs at once".to_string(), answer.to_string()));
                rows.push(row);
                reports.push(report);
            }
        }
        snapshot(&format!("{name}.schedules"), &table(&rows));
        Pools { reports }
    }

    fn always(&self, ending: Ending) {
        for report in &self.reports {
            assert!(report.always(ending), "{}", words(report));
        }
    }

    fn any(&self, finding: &Finding) -> bool {
        self.reports
            .iter()
            .any(|report| report.finding(finding) > 0)
    }
}
