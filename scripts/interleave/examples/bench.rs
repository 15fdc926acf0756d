//! How fast the explorer is: executions, executions per second, time to
//! exhaust and peak memory for pools of growing size.
//!
//! `cargo run --release -p interleave --example bench` stops growing as soon as
//! a pool took more than ten seconds; a number of seconds as the argument asks
//! for another limit.

#[path = "../tests/common/pool.rs"]
mod pool;

use interleave::explorer::{self, Config, End, Summary};
use pool::Design;
use std::env;
use std::fs;
use std::time::{Duration, Instant};

struct Row {
    summary: Summary,
    deadlocks: usize,
    time: Duration,
}

fn measure(design: Design, size: usize, jobs: usize) -> Row {
    let config = Config {
        executions: usize::MAX,
        ..Config::default()
    };
    let mut deadlocks = 0;
    let start = Instant::now();
    let summary = explorer::explore(
        config,
        move || pool::scenario(design, size, jobs),
        &mut |execution| deadlocks += usize::from(execution.end == End::Deadlock),
    );
    Row {
        summary,
        deadlocks,
        time: start.elapsed(),
    }
}

/// The most memory that this process has used, where the system says so.
fn peak_memory() -> String {
    let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find(|line| line.starts_with("VmHWM:"));
    match line.and_then(|line| line.split_whitespace().nth(1)) {
        Some(kib) => format!("{} MiB", kib.parse().unwrap_or(0) / 1024),
        None => "unknown".to_string(),
    }
}

fn main() {
    let limit = env::args().nth(1).and_then(|seconds| seconds.parse().ok());
    let limit = Duration::from_secs(limit.unwrap_or(10));
    println!(
        "{:12} {:>2} {:>2} {:>10} {:>10} {:>9} {:>9} {:>10} {:>9}",
        "design",
        "N",
        "J",
        "executions",
        "deadlocks",
        "redundant",
        "seconds",
        "per second",
        "memory"
    );
    for design in [Design::SingleLoop, Design::TwoLoops, Design::Closing] {
        'design: for size in 2..=6 {
            for jobs in 0..=4 {
                let row = measure(design, size, jobs);
                println!(
                    "{:12} {size:>2} {jobs:>2} {:>10} {:>10} {:>9} {:>9.3} {:>10.0} {:>9}",
                    format!("{design:?}"),
                    row.summary.executions,
                    row.deadlocks,
                    row.summary.redundant,
                    row.time.as_secs_f64(),
                    row.summary.executions as f64 / row.time.as_secs_f64(),
                    peak_memory(),
                );
                if row.time > limit {
                    if jobs == 0 {
                        break 'design;
                    }
                    break;
                }
            }
        }
    }
}
