//! The table.

use crate::{
    behaviour, cost,
    pools::{NAMES, Pool, with_pool},
    speed,
};
use std::{io, thread};

/// A row: a question, and the answer of each pool in the order of [`NAMES`].
struct Row {
    question: &'static str,
    answers: Vec<String>,
}

impl Row {
    fn new(question: &'static str, answer: impl Fn(usize) -> String) -> Row {
        let answers = (0..NAMES.len()).map(answer).collect();
        Row { question, answers }
    }
}

/// What needs no clock.
fn seen() -> io::Result<Vec<Row>> {
    let made = |name: &str| with_pool!(name, P => P::MADE).unwrap_or_default();
    let given = |name: &str| with_pool!(name, P => P::GIVEN).unwrap_or_default();
    let mut behaviours = Vec::new();
    for name in NAMES {
        eprintln!("Asking {name} …");
        behaviours.push(behaviour::of(name)?);
    }
    Ok(vec![
        Row::new("A pool is made by", |i| format!("`{}`", made(NAMES[i]))),
        Row::new("A job is given by", |i| format!("`{}`", given(NAMES[i]))),
        Row::new("Dropping the pool", |i| behaviours[i].drop.clone()),
        Row::new("A job that panics", |i| behaviours[i].panic.clone()),
        Row::new("The jobs after it", |i| behaviours[i].after.clone()),
        Row::new("Is the queue bounded?", |i| behaviours[i].queue.clone()),
    ])
}

/// Prints what needs no clock, in Markdown: a table of the lines of code, and one of the rest.
pub fn behaviour() -> io::Result<()> {
    let rows = seen()?;
    let (code, rest) = rows.split_at(2);
    println!("| Pool | {} | {} |", code[0].question, code[1].question);
    println!("|---|---|---|");
    for (i, name) in NAMES.iter().enumerate() {
        println!(
            "| **{name}** | {} | {} |",
            code[0].answers[i], code[1].answers[i]
        );
    }
    println!("\n| Question | {} |", NAMES.join(" | "));
    println!("|---{}|", "|---".repeat(NAMES.len()));
    for Row { question, answers } in rest {
        println!("| **{question}** | {} |", answers.join(" | "));
    }
    Ok(())
}

/// Prints everything, measured now.
pub fn measured() -> io::Result<()> {
    let mut rows = seen()?;
    let workers = thread::available_parallelism().map_or(1, |number| number.get());
    let mut printing = Vec::new();
    for ((kind, count), question) in speed::KINDS.into_iter().zip([
        "Empty jobs in a second, to ours",
        "Jobs of 10 µs in a second, to ours",
    ]) {
        eprintln!("Giving {count} jobs ({kind}) to each, seven times …");
        // Ours is measured without the lines that it prints, and once more with them.
        let mut names = vec!["ours-mute", "ours"];
        names.extend(&NAMES[1..]);
        let mut rates = speed::of(&names, kind, workers)?;
        printing.push(ratio(rates.remove(1), rates[0]));
        rows.push(Row::new(question, |i| ratio(rates[i], rates[0])));
    }
    let mut crates = Vec::new();
    let mut builds = Vec::new();
    for name in NAMES {
        eprintln!("Building {name}, twice …");
        crates.push(cost::crates(name)?);
        builds.push(cost::first_build(name)?.as_secs_f64());
    }
    rows.push(Row::new("Crates to build, itself included", |i| {
        crates[i].to_string()
    }));
    rows.push(Row::new("Time of a first build, to ours", |i| {
        ratio(builds[i], builds[0])
    }));

    let width = NAMES.iter().map(|name| name.len()).max().unwrap_or(0);
    for Row { question, answers } in rows {
        println!("\n{question}");
        for (name, answer) in NAMES.iter().zip(answers) {
            println!("  {name:width$}  {}", answer.trim_matches('`'));
        }
    }
    println!(
        "\nAll of this was seen and measured just now, with {workers} workers for the jobs in a \
         second.\nOurs prints a line for each job. For its speed that is left out; with the lines, \
         which go\nnowhere, it does {} times as many empty jobs, and {} times as many of 10 µs.",
        printing[0], printing[1]
    );
    Ok(())
}

fn ratio(one: f64, other: f64) -> String {
    format!("{:.2}", one / other)
}
