//! A pool and what it is given to do, and what is measured of it.

use crate::pool::{self, Design};
use interleave::explorer::logs::{Answer, Logs, Print};
use interleave::explorer::{self, Config, End, Op, Stream};
use interleave::json::Json;
use interleave::numbers::separated;
use interleave::primitives::output;
use std::env;
use std::fs;
use std::hint::black_box;
use std::process::Command;
use std::time::{Duration, Instant};

/// How often a log is asked for: a single answer is too quick for the clock.
const QUESTIONS: u32 = 100;

/// How often a case is measured at most.
const REPETITIONS: usize = 5;

pub const DESIGNS: [Design; 3] = [Design::SingleLoop, Design::TwoLoops, Design::Closing];

/// A pool, and what it is given to do.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct Case {
    /// Its place in [`DESIGNS`].
    pub design: usize,
    pub workers: usize,
    pub jobs: usize,
}

/// What was measured of a case.
pub struct Measured {
    pub executions: usize,
    redundant: usize,
    deadlocks: usize,
    pub time: Duration,
    /// Why not all was seen.
    pub stopped: Option<String>,
    logs: String,
    /// To build the automaton of the logs and to count them.
    counting: Duration,
    /// To say whether one log is possible.
    question: Duration,
    /// The most memory that the process has used, where the system says so.
    kib: Option<usize>,
}

impl Measured {
    /// Measures a case in this process.
    pub fn of(case: Case, limit: Duration) -> Measured {
        let config = Config {
            executions: usize::MAX,
            time: Some(limit),
            ..Config::default()
        };
        let mut deadlocks = 0;
        let mut logs = Logs::new();
        let start = Instant::now();
        let summary = explorer::explore(
            config,
            move || pool::scenario(DESIGNS[case.design], case.workers, case.jobs),
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
        let mut measured = Measured {
            executions: summary.executions,
            redundant: summary.redundant,
            deadlocks,
            time: start.elapsed(),
            stopped: summary.stopped,
            logs: String::new(),
            counting: Duration::ZERO,
            question: Duration::ZERO,
            kib: None,
        };
        if measured.stopped.is_none() {
            measured.ask(logs);
        }
        measured.kib = peak_memory();
        measured
    }

    fn ask(&mut self, logs: Logs) {
        let start = Instant::now();
        let language = logs.language();
        self.logs = language.count().to_string();
        self.counting = start.elapsed();
        let log = language.first().unwrap_or_default();
        let start = Instant::now();
        for _ in 0..QUESTIONS {
            assert_eq!(black_box(&language).contains(&log), Answer::Possible);
        }
        self.question = start.elapsed() / QUESTIONS;
    }

    pub fn write(&self) -> Json {
        let number = |number: usize| Json::Number(number as i128);
        let time = |time: Duration| Json::Number(time.as_nanos() as i128);
        Json::object([
            ("executions", number(self.executions)),
            ("redundant", number(self.redundant)),
            ("deadlocks", number(self.deadlocks)),
            ("time", time(self.time)),
            (
                "stopped",
                self.stopped.as_ref().map_or(Json::Null, Json::text),
            ),
            ("logs", Json::text(&self.logs)),
            ("counting", time(self.counting)),
            ("question", time(self.question)),
            ("kib", self.kib.map_or(Json::Null, number)),
        ])
    }

    fn read(text: &str) -> Option<Measured> {
        let facts = Json::parse(text).ok()?;
        let number = |key| usize::try_from(facts.get(key)?.as_number()?).ok();
        let time = |key| number(key).map(|nanos| Duration::from_nanos(nanos as u64));
        let words = |key| facts.get(key)?.as_text().map(str::to_string);
        Some(Measured {
            executions: number("executions")?,
            redundant: number("redundant")?,
            deadlocks: number("deadlocks")?,
            time: time("time")?,
            stopped: words("stopped"),
            logs: words("logs")?,
            counting: time("counting")?,
            question: time("question")?,
            kib: number("kib"),
        })
    }

    /// Its row; `smaller` is the same with one worker less, if that was exhausted.
    pub fn row(&self, smaller: Option<&Measured>) -> String {
        let done = self.stopped.is_none();
        let seconds = self.time.as_secs_f64();
        let growth = |now: f64, before: fn(&Measured) -> f64| match smaller {
            Some(smaller) if done => format!("x {:.1}", now / before(smaller)),
            _ => "-".to_string(),
        };
        let at_least = if done { "" } else { "> " };
        let mut row = format!(
            "{:>10} {:>8} {:>9} {:>8} {:>10} {:>9}",
            format!("{at_least}{}", separated(self.executions)),
            growth(self.executions as f64, |smaller| smaller.executions as f64),
            format!("{at_least}{seconds:.3}"),
            growth(seconds, |smaller| smaller.time.as_secs_f64()),
            separated((self.executions as f64 / seconds) as usize),
            match self.kib {
                Some(kib) => format!("{:.1} MiB", kib as f64 / 1024.0),
                None => "unknown".to_string(),
            },
        );
        row += &match &self.stopped {
            Some(why) => format!("  not all was seen: {why}"),
            None => format!(
                " {:>9} {:>9} {:>16} {:>9.3} {:>6.3} ms",
                separated(self.redundant),
                separated(self.deadlocks),
                self.logs,
                self.counting.as_secs_f64(),
                self.question.as_secs_f64() * 1000.0,
            ),
        };
        row
    }
}

/// The most memory that this process has used, in KiB.
fn peak_memory() -> Option<usize> {
    let status = fs::read_to_string("/proc/self/status").ok()?;
    let line = status.lines().find(|line| line.starts_with("VmHWM:"))?;
    line.split_whitespace().nth(1)?.parse().ok()
}

/// Measures `case` several times, as long as it takes no more than `limit` in all, and gives the
/// quickest: whatever else the machine does can only make it slower.
pub fn measure(case: Case, limit: Duration) -> Result<Measured, String> {
    let mut best = measure_once(case, limit)?;
    let mut spent = best.time;
    for _ in 1..REPETITIONS {
        if spent >= limit {
            break;
        }
        let again = measure_once(case, limit)?;
        spent += again.time;
        if again.stopped.is_none() && again.time < best.time {
            best = again;
        }
    }
    Ok(best)
}

/// Measures `case` in a process of its own; says what went wrong if it can't.
fn measure_once(case: Case, limit: Duration) -> Result<Measured, String> {
    let own = env::current_exe().map_err(|error| error.to_string())?;
    let numbers = [case.design, case.workers, case.jobs].map(|number| number.to_string());
    let ran = Command::new(own)
        .arg(limit.as_secs().to_string())
        .args(numbers)
        .output()
        .map_err(|error| error.to_string())?;
    let text = String::from_utf8_lossy(&ran.stdout);
    Measured::read(&text).ok_or_else(|| {
        let errors = String::from_utf8_lossy(&ran.stderr);
        let last = errors.trim_end().lines().last().unwrap_or("").to_string();
        format!("no result, {} {last}", ran.status)
    })
}
