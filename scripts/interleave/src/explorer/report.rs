//! What an exploration has found: the facts, which travel as JSON (see [`crate::facts`]).

use crate::explorer::logs::{Answer, Count};
use crate::trace::Execution;
use std::collections::BTreeSet;
use std::fmt;

/// How a schedule ends. Every schedule ends in exactly one of these ways.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Ending {
    /// `main` returns, and every thread has ended before.
    Normal,
    /// `main` returns while threads are still alive: they are cut off.
    CutsOff,
    /// `main` ends by a panic.
    MainPanics,
    /// `process::exit` with this code; also a `main` that returns an error.
    Exit(i32),
    /// The process is aborted.
    Aborts,
    /// Nobody can go on, and somebody waits for another thread.
    Deadlock,
    /// A thread joins itself.
    JoinsItself,
    /// Nobody can go on before a client connects or sends something.
    WaitsForClient,
    /// Only threads that poll in vain are left.
    Livelock,
    /// The bound on the steps was reached.
    TooLong,
    /// The same, and it comes to an end once every thread has its turn.
    Unfair,
    /// The program did something else when it was repeated.
    Diverged,
    /// The program uses something that can't be explored.
    Unsupported,
}

impl Ending {
    /// All but [`Ending::Exit`], the gravest first.
    pub(crate) const PLAIN: [Ending; 12] = [
        Ending::Unsupported,
        Ending::Diverged,
        Ending::Deadlock,
        Ending::JoinsItself,
        Ending::Aborts,
        Ending::MainPanics,
        Ending::Livelock,
        Ending::TooLong,
        Ending::Unfair,
        Ending::CutsOff,
        Ending::WaitsForClient,
        Ending::Normal,
    ];

    /// How grave it is; smaller is graver.
    pub(crate) fn rank(self) -> usize {
        let place = Ending::PLAIN.iter().position(|&other| other == self);
        place.unwrap_or(Ending::PLAIN.len() - 3)
    }

    /// What stands for it among the facts; [`Ending::Exit`] has its number there.
    pub(crate) fn code(self) -> &'static str {
        match self {
            Ending::Normal => "normal",
            Ending::CutsOff => "cuts-off",
            Ending::MainPanics => "main-panics",
            Ending::Exit(_) => "exit",
            Ending::Aborts => "aborts",
            Ending::Deadlock => "deadlock",
            Ending::JoinsItself => "joins-itself",
            Ending::WaitsForClient => "waits-for-client",
            Ending::Livelock => "livelock",
            Ending::TooLong => "too-long",
            Ending::Unfair => "unfair",
            Ending::Diverged => "diverged",
            Ending::Unsupported => "unsupported",
        }
    }

    /// The plain ending with this code.
    pub(crate) fn by_code(code: &str) -> Option<Ending> {
        Ending::PLAIN.into_iter().find(|plain| plain.code() == code)
    }

    fn words(self) -> &'static str {
        match self {
            Ending::Normal => "end normally",
            Ending::CutsOff => "end and cut threads off",
            Ending::MainPanics => "main panics",
            Ending::Exit(_) => "exit with code",
            Ending::Aborts => "abort",
            Ending::Deadlock => "deadlock",
            Ending::JoinsItself => "a thread joins itself",
            Ending::WaitsForClient => "wait for a client",
            Ending::Livelock => "livelock",
            Ending::TooLong => "too long",
            Ending::Unfair => "end once every thread has its turn",
            Ending::Diverged => "differ when repeated",
            Ending::Unsupported => "not supported",
        }
    }
}

impl fmt::Display for Ending {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Ending::Exit(code) => write!(f, "{} {code}", self.words()),
            _ => f.write_str(self.words()),
        }
    }
}

/// Something that happens, or can happen, in a schedule, whatever its end.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Finding {
    /// Two jobs run at the same time.
    JobsTogether,
    /// A job was queued and never starts.
    JobNeverRuns,
    /// A job queued before the pool's drop has not finished when drop returns.
    JobLost,
    /// A job was queued and is not done in the end, however the program ends. One that panics is
    /// done.
    JobUndone,
    /// A job is dropped without having been run, while the program goes on.
    JobThrownAway,
    /// A thread is still alive when the pool's drop returns.
    ThreadLeaked,
    /// A pool that is kept has no size: there is nothing in it.
    PoolEmpty,
    /// While a pool is kept there is no channel with a sender.
    NoChannel,
    /// Two clients are served at the same time.
    ClientsTogether,
    /// A client gets no answer before the program comes to its end or to a stop.
    ClientUnanswered,
    /// A thread goes round and round there, and nothing comes of it. This is looked for in a run of
    /// its own, and in how many schedules it happens is not counted.
    BusyWaits {
        /// The file in the crate and the line.
        place: String,
    },
    /// A thread panics there, saying so.
    Panic {
        /// The file in the crate and the line.
        place: String,
        /// The first line of its message.
        message: String,
    },
    /// The same, because another thread has panicked: that one has poisoned a lock, say.
    PanicInTurn {
        /// The file in the crate and the line.
        place: String,
        /// The first line of its message.
        message: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Finding::JobsTogether => f.write_str("two jobs run at once"),
            Finding::JobNeverRuns => f.write_str("a job never runs"),
            Finding::JobLost => f.write_str("a job has not finished when drop returns"),
            Finding::JobUndone => f.write_str("a job is not done in the end"),
            Finding::JobThrownAway => f.write_str("a job is thrown away"),
            Finding::ThreadLeaked => f.write_str("a thread is alive when drop returns"),
            Finding::PoolEmpty => f.write_str("the pool has nothing in it"),
            Finding::NoChannel => f.write_str("there is no channel"),
            Finding::ClientsTogether => f.write_str("two clients are served at once"),
            Finding::ClientUnanswered => f.write_str("a client gets no answer"),
            Finding::BusyWaits { place } => {
                write!(
                    f,
                    "a thread keeps a processor busy while it waits, at {place}"
                )
            }
            Finding::PanicInTurn { place, message } => {
                write!(f, "in turn, a thread panics at {place}: {message}")
            }
            Finding::Panic { place, message } => write!(f, "a thread panics at {place}: {message}"),
        }
    }
}

/// The shortest schedule to something.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Example {
    /// How many steps it has.
    pub steps: usize,
    /// The schedule, to be replayed: threads and how many steps each makes,
    /// such as `0x12,1x3,0`.
    pub replay: String,
    /// What it prints.
    pub log: String,
}

/// How many schedules, and the shortest of them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally<T> {
    /// What they have in common.
    pub what: T,
    /// How many there are.
    pub schedules: usize,
    /// The shortest; none if there are none.
    pub example: Option<Example>,
}

/// What an exploration has found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Report {
    /// The package's name.
    pub program: String,
    /// What was run, in words.
    pub scenario: String,
    /// How many schedules that can be told apart there are, printing aside.
    pub schedules: usize,
    /// The most threads that any schedule has, `main` included.
    pub threads: usize,
    /// Why not all schedules were seen; `None` if all were.
    pub unfinished: Option<String>,
    /// What else must be known about these numbers.
    pub notes: Vec<String>,
    /// What of that comes of what the program does; see [`crate::trace::remarks`].
    pub remarks: BTreeSet<&'static str>,
    /// How they end; only what happens.
    pub endings: Vec<Tally<Ending>>,
    /// What happens in them; also what never does, of the things asked about.
    pub findings: Vec<Tally<Finding>>,
    /// How many different logs there are.
    pub logs: Count,
    /// The first log in a fixed order.
    pub first_log: Option<String>,
    /// The logs asked for with `--all-logs`.
    pub all_logs: Vec<String>,
    /// The answers to `--contains`, in the order of asking.
    pub answers: Vec<Answer>,
    /// The shortest schedule to the gravest end, if it was asked for.
    pub shown: Option<Execution>,
}

impl Report {
    /// How many schedules end so.
    pub fn ending(&self, ending: Ending) -> usize {
        let found = self.endings.iter().find(|tally| tally.what == ending);
        found.map_or(0, |tally| tally.schedules)
    }

    /// In how many schedules that happens.
    pub fn finding(&self, finding: &Finding) -> usize {
        let found = self.findings.iter().find(|tally| tally.what == *finding);
        found.map_or(0, |tally| tally.schedules)
    }

    /// Whether all schedules were seen and every one ends so.
    pub fn always(&self, ending: Ending) -> bool {
        self.unfinished.is_none() && self.schedules > 0 && self.ending(ending) == self.schedules
    }

    /// Whether all schedules were seen and none ends so.
    pub fn never(&self, ending: Ending) -> bool {
        self.unfinished.is_none() && self.ending(ending) == 0
    }
}

/// The line between two logs in one file: a form feed, the page separator.
const BETWEEN: &str = "\u{c}\n";

/// Several logs as the text of one file, as `--contains` reads it.
pub fn join_logs(logs: &[String]) -> String {
    let ended: Vec<String> = logs
        .iter()
        .map(|log| match log.is_empty() || log.ends_with('\n') {
            true => log.clone(),
            false => format!("{log}\n"),
        })
        .collect();
    ended.join(BETWEEN)
}

/// The logs in the text of a file.
pub fn split_logs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    text.split(BETWEEN).map(str::to_string).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn logs_in_one_file_stay_apart() {
        let logs = ["a\nb\n".to_string(), String::new(), "c\n".to_string()];
        assert_eq!(split_logs(&join_logs(&logs)), logs);
    }
}
