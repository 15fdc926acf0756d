//! How fast the explorer is: executions, executions per second, time to
//! exhaust, time to count the logs and to say whether one of them is possible,
//! and peak memory, for pools of growing size.
//!
//! `cargo run --release -p interleave --example bench` stops growing as soon as
//! a pool took more than ten seconds; a number of seconds as the argument asks
//! for another limit.

#[path = "../tests/common/pool.rs"]
mod pool;

use interleave::explorer::logs::{Answer, Logs, Print};
use interleave::explorer::{self, Config, End, Op, Stream, Summary};
use interleave::primitives::output;
use pool::Design;
use std::env;
use std::fs;
use std::hint::black_box;
use std::time::{Duration, Instant};

struct Row {
    summary: Summary,
    deadlocks: usize,
    time: Duration,
    logs: String,
    /// To build the automaton of the logs and to count them.
    counting: Duration,
    /// To say whether one log is possible.
    question: Duration,
}

/// How often a log is asked for: a single answer is too quick for the clock.
const QUESTIONS: u32 = 100;

fn measure(design: Design, size: usize, jobs: usize) -> Row {
    let config = Config {
        executions: usize::MAX,
        ..Config::default()
    };
    let mut deadlocks = 0;
    let mut logs = Logs::new();
    let start = Instant::now();
    let summary = explorer::explore(
        config,
        move || pool::scenario(design, size, jobs),
        &mut |execution| {
            deadlocks += usize::from(execution.end == End::Deadlock);
            let mut prints = Vec::new();
            for event in &execution.events {
                if let Op::Output(output::Action::Print {
                    stream: Stream::Stdout,
                    text,
                }) = &event.op
                {
                    prints.push(Print {
                        thread: event.thread,
                        text,
                        clock: &event.clock,
                    });
                }
            }
            logs.add(&prints);
        },
    );
    let time = start.elapsed();
    let start = Instant::now();
    let language = logs.language();
    let count = language.count();
    let counting = start.elapsed();
    let log = language.first().unwrap_or_default();
    let start = Instant::now();
    for _ in 0..QUESTIONS {
        assert_eq!(black_box(&language).contains(&log), Answer::Possible);
    }
    Row {
        summary,
        deadlocks,
        time,
        logs: count.to_string(),
        counting,
        question: start.elapsed() / QUESTIONS,
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
        "{:12} {:>2} {:>2} {:>10} {:>10} {:>9} {:>9} {:>10} {:>16} {:>9} {:>9} {:>9}",
        "design",
        "N",
        "J",
        "executions",
        "deadlocks",
        "redundant",
        "seconds",
        "per second",
        "logs",
        "counting",
        "question",
        "memory"
    );
    for design in [Design::SingleLoop, Design::TwoLoops, Design::Closing] {
        'design: for size in 2..=6 {
            for jobs in 0..=4 {
                let row = measure(design, size, jobs);
                println!(
                    "{:12} {size:>2} {jobs:>2} {:>10} {:>10} {:>9} {:>9.3} {:>10.0} {:>16} {:>9.3} {:>6.3} ms {:>9}",
                    format!("{design:?}"),
                    row.summary.executions,
                    row.deadlocks,
                    row.summary.redundant,
                    row.time.as_secs_f64(),
                    row.summary.executions as f64 / row.time.as_secs_f64(),
                    row.logs,
                    row.counting.as_secs_f64(),
                    row.question.as_secs_f64() * 1000.0,
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
