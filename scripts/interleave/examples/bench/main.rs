//! How fast the explorer is, and how that grows with the number of workers: for each pool and
//! number of jobs, from two workers to six, the executions and the time to exhaust them, how many
//! times that is of what one worker less takes, peak memory, and how long it takes to count the
//! logs and to say whether one of them is possible.
//!
//! `cargo run --release -p interleave --example bench` gives each case ten seconds; a number of
//! seconds as the argument asks for another bound. A case that needs more says so in its row.
//! Each runs in a process of its own, so that its memory is its own, and those that are quick
//! enough run up to five times, of which the quickest counts.
//!
//! Below the table stands what there is to beat, other explorers on the same pools, as it was
//! [measured elsewhere](elsewhere); and then what [a second process](processes) is worth.

mod case;
mod elsewhere;
#[path = "../../tests/common/pool.rs"]
mod pool;
mod processes;

use case::{Case, DESIGNS, Measured, measure};
use std::env;
use std::process::ExitCode;
use std::time::Duration;

const USAGE: &str = "Give the number of seconds that a case may take, from 1 to 86400, or nothing.";

/// Measures every case, prints its row, and gives what was measured.
fn table(limit: Duration) -> Vec<(Case, Measured)> {
    println!(
        "{:10} {:>4} {:>7} {:>10} {:>8} {:>9} {:>8} {:>10} {:>9} {:>9} {:>9} {:>16} {:>9} {:>9}",
        "design",
        "jobs",
        "workers",
        "executions",
        "growth",
        "seconds",
        "growth",
        "per second",
        "memory",
        "redundant",
        "deadlocks",
        "logs",
        "counting",
        "question",
    );
    let mut all: Vec<(Case, Measured)> = Vec::new();
    for (design, name) in DESIGNS.iter().enumerate() {
        for jobs in 0..=4 {
            for workers in 2..=6 {
                let case = Case {
                    design,
                    workers,
                    jobs,
                };
                let smaller = all.last().filter(|(last, measured)| {
                    let one_less = Case {
                        workers: workers - 1,
                        ..case
                    };
                    *last == one_less && measured.stopped.is_none()
                });
                let measured = measure(case, limit);
                let row = match &measured {
                    Ok(measured) => measured.row(smaller.map(|(_, measured)| measured)),
                    Err(why) => why.clone(),
                };
                println!("{:10} {jobs:>4} {workers:>7} {row}", format!("{name:?}"));
                all.extend(measured.ok().map(|measured| (case, measured)));
            }
        }
    }
    all
}

/// Everything, each case within so many seconds.
fn everything(seconds: usize) {
    let limit = Duration::from_secs(seconds as u64);
    elsewhere::print(&table(limit));
    processes::print(limit);
}

fn main() -> ExitCode {
    if env::args()
        .nth(1)
        .is_some_and(|word| word == processes::WORD)
    {
        processes::explore();
    }
    let numbers: Result<Vec<usize>, _> = env::args().skip(1).map(|text| text.parse()).collect();
    match numbers.as_deref() {
        Ok([]) => everything(10),
        Ok(&[limit @ 1..=86_400]) => everything(limit),
        // A call of its own, see `measure_once`.
        Ok(&[limit, design @ 0..3, workers, jobs]) => {
            let case = Case {
                design,
                workers,
                jobs,
            };
            let limit = Duration::from_secs(limit as u64);
            println!("{}", Measured::of(case, limit).write());
        }
        _ => {
            eprintln!("{USAGE}");
            return ExitCode::from(2);
        }
    }
    ExitCode::SUCCESS
}
