//! What a second process is worth: one pool explored by one process and then by two.

use crate::pool::{self, Design};
use interleave::explorer::driver::{self, Load, Program};
use interleave::explorer::report::Report;
use interleave::facts::Fact;
use interleave::json::Json;
use interleave::numbers::{count, separated};
use std::env;
use std::num::NonZero;
use std::process::Command;
use std::thread;
use std::time::{Duration, Instant};

/// The pool: workers and jobs.
const POOL: (usize, usize) = (6, 2);

/// Each of the two may take so many times as long as a case of the table.
const TIMES: u32 = 10;

/// The first word of a call that explores, or helps to.
pub const WORD: &str = "pool";

/// Explores as the arguments ask for, and ends.
pub fn explore() -> ! {
    driver::main(Program {
        name: "bench",
        main: None,
        aborts: false,
        pool: Some(|load: Load| pool::scenario(Design::TwoLoops, load.workers, load.jobs)),
        keep: None,
    })
}

/// Prints the times of one process and of two, and their ratio.
pub fn print(limit: Duration) {
    let limit = limit * TIMES;
    let (workers, jobs) = POOL;
    let processors = thread::available_parallelism().map_or(1, NonZero::get);
    println!(
        "\n{:?}, {} and {}, in one process and in two ({} here):",
        Design::TwoLoops,
        count(workers, "worker"),
        count(jobs, "job"),
        count(processors, "processor")
    );
    let alone = measure(1, limit);
    let together = measure(2, limit);
    for (processes, measured) in [(1, &alone), (2, &together)] {
        let name = match processes {
            1 => "one process",
            _ => "two processes",
        };
        match measured {
            Ok(time) => println!("{name:14} {:>8.1} s", time.as_secs_f64()),
            Err(why) => println!("{name:14} {why}"),
        }
    }
    if let (Ok(alone), Ok(together)) = (alone, together) {
        let ratio = alone.as_secs_f64() / together.as_secs_f64();
        println!("two are {ratio:.2} times as fast as one");
    }
}

/// How long so many processes need for the pool, or why that isn't known.
fn measure(processes: usize, limit: Duration) -> Result<Duration, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let (workers, jobs) = POOL;
    let start = Instant::now();
    let ran = Command::new(own)
        .args([WORD, &workers.to_string(), &jobs.to_string()])
        .args(["--schedules", &usize::MAX.to_string()])
        .args(["--seconds", &limit.as_secs().to_string()])
        .args(["--processes", &processes.to_string()])
        .output()
        .map_err(|error| error.to_string())?;
    let time = start.elapsed();
    let report = Json::parse(&String::from_utf8_lossy(&ran.stdout)).ok();
    let report = report.and_then(|json| Report::from_json(&json));
    let report = report.ok_or_else(|| format!("no report, {}", ran.status))?;
    match report.unfinished {
        None => Ok(time),
        Some(why) => Err(format!(
            "> {} executions, not finished: {why}",
            separated(report.schedules)
        )),
    }
}
