//! Runs what was built, in a process of its own, and reads the facts that it reports.

use super::child::{self, Limits, Ran, Stopped};
use super::refusal::Refusal;
use super::trouble::Trouble;
use super::wrapped::Wrapped;
use crate::side_by_side::Turn;
use interleave::explorer::driver;
use interleave::explorer::logs::Answer;
use interleave::explorer::pinned;
use interleave::explorer::report::{self, Report};
use interleave::facts::Fact;
use interleave::json::Json;
use interleave::trace::Execution;
use std::env;
use std::fs;
use std::io;
use std::path::PathBuf;
use std::process::{self, Command, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

impl Wrapped {
    /// The pool alone: `new(workers)`, `jobs` times `execute`, then drop.
    pub fn pool(&self, workers: usize, jobs: usize) -> Run<'_> {
        let arguments = ["pool".to_string(), workers.to_string(), jobs.to_string()];
        Run::new(self, arguments.to_vec())
    }

    /// A pool that is used and kept: `new(workers)`, `jobs` times `execute`, and then `main` waits
    /// for a client that never comes, as a server does that has nothing to do.
    pub fn keep(&self, workers: usize, jobs: usize) -> Run<'_> {
        let arguments = ["keep".to_string(), workers.to_string(), jobs.to_string()];
        Run::new(self, arguments.to_vec())
    }

    /// The whole program, with these clients, as [`interleave::explorer::driver`] reads them:
    /// `/,/sleep,silent,hangup`; none if empty.
    pub fn program(&self, clients: &str) -> Run<'_> {
        let mut arguments = vec!["program".to_string()];
        if !clients.is_empty() {
            arguments.extend(["--clients".to_string(), clients.to_string()]);
        }
        Run::new(self, arguments)
    }
}

/// An exploration, to be run in a process of its own.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    wrapped: &'a Wrapped,
    arguments: Vec<String>,
    logs: Vec<String>,
    limits: Limits,
    patience: Duration,
    processes: usize,
}

impl<'a> Run<'a> {
    fn new(wrapped: &'a Wrapped, arguments: Vec<String>) -> Run<'a> {
        Run {
            wrapped,
            arguments,
            logs: Vec::new(),
            limits: Limits::default(),
            patience: Duration::MAX,
            processes: 1,
        }
    }

    /// Passes one more argument to the driver, with its value.
    fn with(mut self, name: &str, value: impl ToString) -> Run<'a> {
        self.arguments.extend([name.to_string(), value.to_string()]);
        self
    }

    /// Lets the first `n` jobs of a pool panic.
    pub fn panics(self, n: usize) -> Run<'a> {
        self.with("--panics", n)
    }

    /// Asks whether each of these logs is possible; see [`Report::answers`].
    pub fn contains(mut self, logs: &[impl AsRef<str>]) -> Run<'a> {
        self.logs
            .extend(logs.iter().map(|log| log.as_ref().to_string()));
        self
    }

    /// Asks for the first `n` logs in the fixed order; see [`Report::all_logs`].
    pub fn all_logs(self, n: usize) -> Run<'a> {
        self.with("--all-logs", n)
    }

    /// Bounds the number of schedules.
    pub fn schedules(self, n: usize) -> Run<'a> {
        self.with("--schedules", n)
    }

    /// Bounds the number of steps of one schedule.
    pub fn steps(self, n: usize) -> Run<'a> {
        self.with("--steps", n)
    }

    /// Bounds how often a thread may ask in vain before it is held back. Where that leaves schedules
    /// out, it is not tried with more.
    pub fn polls(self, n: usize) -> Run<'a> {
        self.with("--polls", n)
    }

    /// Bounds the seconds; the report then says that it is not finished. The
    /// process itself is stopped some seconds later, whatever it does.
    pub fn seconds(mut self, n: u64) -> Run<'a> {
        self.limits.time = Duration::from_secs(n + 5);
        self.with("--seconds", n)
    }

    /// Bounds the seconds of work that make no step, where the system tells how long a process has
    /// worked: the program goes on for ever between two.
    pub fn patience(mut self, n: u64) -> Run<'a> {
        self.patience = Duration::from_secs(n);
        self.with("--patience", n)
    }

    /// Lets so many processes share the work. What is reported is the same whatever the number,
    /// unless a bound ends it.
    pub fn processes(mut self, n: usize) -> Run<'a> {
        self.processes = n;
        self.with("--processes", n)
    }

    /// Bounds what the process may use up.
    pub fn limits(mut self, limits: Limits) -> Run<'a> {
        self.limits = limits;
        self
    }

    /// Explores, and reports. The shortest schedule to the gravest end is among
    /// what it reports: see [`Report::shown`].
    pub fn report(mut self) -> Result<Report, Trouble> {
        self.arguments.push("--show".to_string());
        let unseen = self.wrapped.unseen.clone();
        let mut report: Report = read(&self.run()?)?;
        report.logs.exact &= unseen.is_empty();
        report.notes.extend(unseen);
        Ok(report)
    }

    /// Runs one schedule, given as [`interleave::explorer::explain::replay_text`] writes it.
    pub fn replay(self, schedule: &str) -> Result<Execution, Trouble> {
        read(&self.with("--replay", schedule).run()?)
    }

    /// The graph of all states, as JSON; see [`interleave::explorer::graph`]. After
    /// [`contains`](Run::contains) with one log, only of those on the way to it.
    pub fn graph(mut self) -> Result<String, Trouble> {
        self.arguments.push("--graph".to_string());
        self.run()
    }

    fn run(mut self) -> Result<String, Trouble> {
        let name = self.wrapped.name();
        let missing = match (self.arguments[0].as_str(), self.wrapped.left_out()) {
            ("pool" | "keep", _) => self.wrapped.pool_found().err(),
            ("program", Some(refusal)) if !self.wrapped.main => {
                return Err(Trouble::Refused(refusal.clone()));
            }
            ("program", None) if !self.wrapped.main => Some("it has no program that is built"),
            _ => None,
        };
        if let Some(why) = missing {
            return Err(Trouble::Refused(Refusal::NoScenario {
                name: name.to_string(),
                why: why.to_string(),
            }));
        }
        let io = |error: io::Error| Trouble::System(error.to_string());
        let questions = Questions::write(&self.logs).map_err(io)?;
        if let Some(Questions(path)) = &questions {
            self.arguments.push("--contains".to_string());
            self.arguments.push(path.display().to_string());
        }
        let Ran {
            ended,
            stdout,
            stderr,
        } = {
            let turn = Turn::wait();
            let mut command = match self.processes {
                1 => pinned::command(self.wrapped.binary(), turn.number),
                // They are on a processor each.
                _ => Command::new(self.wrapped.binary()),
            };
            command.args(&self.arguments).arg("--until-eof");
            // There is what the program reads, such as `hello.html`.
            command.current_dir(&self.wrapped.folder);
            child::run(&mut command, self.limits).map_err(io)?
        };
        match ended {
            Stopped::Itself(status) if status.success() => Ok(stdout),
            Stopped::Itself(status) if is_crash(status) => Err(Trouble::Crashed {
                status: status.to_string(),
                stderr,
            }),
            Stopped::Itself(status) if status.code() == Some(2) => Err(Trouble::Refuses {
                sentence: stderr.trim_end().to_string(),
            }),
            Stopped::Itself(status) if status.code() == Some(driver::NO_STEP) => {
                Err(Trouble::Time(self.patience))
            }
            Stopped::Itself(status) => Err(Trouble::Failed {
                status: status.to_string(),
                stderr,
            }),
            Stopped::Time => Err(Trouble::Time(self.limits.time)),
            Stopped::Output => Err(Trouble::Output(self.limits.output)),
            Stopped::Memory => Err(Trouble::Memory(self.limits.memory)),
        }
    }
}

/// Whether a driver has ended so by no will of its own: it says 0 to 3.
fn is_crash(status: ExitStatus) -> bool {
    !matches!(status.code(), Some(0..=driver::NO_STEP))
}

/// Reads the facts that a child has written.
fn read<T: Fact>(text: &str) -> Result<T, Trouble> {
    let json = Json::parse(text).map_err(|why| Trouble::Unreadable { why })?;
    T::from_json(&json).ok_or_else(|| Trouble::Unreadable {
        why: "something else than what was asked for".to_string(),
    })
}

/// A file with the logs that are asked for, removed in the end.
struct Questions(PathBuf);

impl Questions {
    fn write(logs: &[String]) -> io::Result<Option<Questions>> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        if logs.is_empty() {
            return Ok(None);
        }
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("interleave-{}-{number}.logs", process::id());
        let path = env::temp_dir().join(name);
        fs::write(&path, report::join_logs(logs))?;
        Ok(Some(Questions(path)))
    }
}

impl Drop for Questions {
    fn drop(&mut self) {
        // A file that can't be removed does no harm.
        let _ = fs::remove_file(&self.0);
    }
}

/// One log's answer, or the trouble: what most tests ask for.
///
/// Checks that all of `logs` are possible in `run`; gives the report, or a text
/// that names the first log that is impossible, and why.
pub fn all_possible(run: Run, logs: &[impl AsRef<str>]) -> Result<Report, String> {
    let report = run
        .contains(logs)
        .report()
        .map_err(|trouble| trouble.to_string())?;
    for (log, answer) in logs.iter().zip(&report.answers) {
        if *answer != Answer::Possible {
            return Err(format!("{answer}\nthe whole log:\n{}", log.as_ref()));
        }
    }
    Ok(report)
}
