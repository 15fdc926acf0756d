//! What an exploration has found: as a text that people read and snapshots pin,
//! and read back from that text.

use crate::explorer::driver::{EMPTY, NO_CHANNEL, THROWN_AWAY};
use crate::explorer::logs::{Answer, Count, IMPOSSIBLE, NOT_FOUND};
use std::fmt;
use std::str::FromStr;

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
    /// The program did something else when it was repeated.
    Diverged,
    /// The program uses something that can't be explored.
    Unsupported,
}

impl Ending {
    /// All but [`Ending::Exit`], the gravest first.
    const PLAIN: [Ending; 11] = [
        Ending::Unsupported,
        Ending::Diverged,
        Ending::Deadlock,
        Ending::JoinsItself,
        Ending::Aborts,
        Ending::MainPanics,
        Ending::Livelock,
        Ending::TooLong,
        Ending::CutsOff,
        Ending::WaitsForClient,
        Ending::Normal,
    ];

    /// How grave it is; smaller is graver.
    pub(crate) fn rank(self) -> usize {
        let place = Ending::PLAIN.iter().position(|&other| other == self);
        place.unwrap_or(Ending::PLAIN.len() - 3)
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

impl FromStr for Ending {
    type Err = ();

    fn from_str(text: &str) -> Result<Ending, ()> {
        if let Some(code) = text.strip_prefix(Ending::Exit(0).words()) {
            return code.trim().parse().map(Ending::Exit).map_err(|_| ());
        }
        let found = Ending::PLAIN.into_iter().find(|e| e.words() == text);
        found.ok_or(())
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
    /// A thread panics there, saying so.
    Panic {
        /// The file in the crate and the line.
        place: String,
        /// The first line of its message.
        message: String,
    },
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Finding::JobsTogether => f.write_str(TOGETHER),
            Finding::JobNeverRuns => f.write_str(NEVER_RUNS),
            Finding::JobLost => f.write_str(LOST),
            Finding::JobUndone => f.write_str(UNDONE),
            Finding::JobThrownAway => f.write_str(THROWN_AWAY),
            Finding::ThreadLeaked => f.write_str(LEAKED),
            Finding::PoolEmpty => f.write_str(EMPTY),
            Finding::NoChannel => f.write_str(NO_CHANNEL),
            Finding::ClientsTogether => f.write_str(CLIENTS),
            Finding::ClientUnanswered => f.write_str(UNANSWERED),
            Finding::Panic { place, message } => write!(f, "{PANIC}{place}: {message}"),
        }
    }
}

const TOGETHER: &str = "two jobs run at once";
const NEVER_RUNS: &str = "a job never runs";
const LOST: &str = "a job has not finished when drop returns";
const UNDONE: &str = "a job is not done in the end";
const LEAKED: &str = "a thread is alive when drop returns";
const CLIENTS: &str = "two clients are served at once";
const UNANSWERED: &str = "a client gets no answer";
const PANIC: &str = "a thread panics at ";

impl FromStr for Finding {
    type Err = ();

    fn from_str(text: &str) -> Result<Finding, ()> {
        match text {
            TOGETHER => Ok(Finding::JobsTogether),
            NEVER_RUNS => Ok(Finding::JobNeverRuns),
            LOST => Ok(Finding::JobLost),
            UNDONE => Ok(Finding::JobUndone),
            THROWN_AWAY => Ok(Finding::JobThrownAway),
            LEAKED => Ok(Finding::ThreadLeaked),
            EMPTY => Ok(Finding::PoolEmpty),
            NO_CHANNEL => Ok(Finding::NoChannel),
            CLIENTS => Ok(Finding::ClientsTogether),
            UNANSWERED => Ok(Finding::ClientUnanswered),
            _ => {
                let rest = text.strip_prefix(PANIC).ok_or(())?;
                let (place, message) = rest.split_once(": ").ok_or(())?;
                Ok(Finding::Panic {
                    place: place.to_string(),
                    message: message.to_string(),
                })
            }
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
    /// The table asked for with `--table`: the shortest schedule to the gravest
    /// end. Empty if it wasn't asked for.
    pub table: String,
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
pub(crate) fn join_logs(logs: &[String]) -> String {
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
pub(crate) fn split_logs(text: &str) -> Vec<String> {
    let text = text.replace("\r\n", "\n");
    text.split(BETWEEN).map(str::to_string).collect()
}

impl fmt::Display for Report {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        writeln!(f, "program: {}", self.program)?;
        writeln!(f, "scenario: {}", self.scenario)?;
        match &self.unfinished {
            None => writeln!(f, "schedules: {}", self.schedules)?,
            Some(why) => writeln!(f, "schedules: {}, not finished: {why}", self.schedules)?,
        }
        writeln!(f, "threads: {}", self.threads)?;
        for note in &self.notes {
            writeln!(f, "note: {note}")?;
        }
        for tally in &self.endings {
            write_tally(f, tally)?;
            if let Some(example) = &tally.example {
                write_block(f, PRINTS, &example.log)?;
            }
        }
        writeln!(f, "among them:")?;
        for tally in &self.findings {
            write_tally(f, tally)?;
        }
        writeln!(f, "logs: {}", self.logs)?;
        if let Some(log) = &self.first_log {
            writeln!(f, "first log:")?;
            write_block(f, BLOCK, log)?;
        }
        for (i, log) in self.all_logs.iter().enumerate() {
            writeln!(f, "log {}:", i + 1)?;
            write_block(f, BLOCK, log)?;
        }
        for (i, answer) in self.answers.iter().enumerate() {
            writeln!(f, "asked {}: {answer}", i + 1)?;
        }
        if !self.table.is_empty() {
            writeln!(f, "table:")?;
            write_block(f, BLOCK, &self.table)?;
        }
        Ok(())
    }
}

/// Before each line of a block of text.
const BLOCK: &str = "    | ";

/// Before each line that the shortest schedule to an end prints.
const PRINTS: &str = "           | ";

/// Before the shortest schedule.
const SHORTEST: &str = "           shortest: ";

fn write_tally(f: &mut fmt::Formatter, tally: &Tally<impl fmt::Display>) -> fmt::Result {
    writeln!(f, "{:>9}  {}", tally.schedules, tally.what)?;
    if let Some(example) = &tally.example {
        writeln!(f, "{SHORTEST}{} steps, {}", example.steps, example.replay)?;
    }
    Ok(())
}

/// Writes a text line by line; a last line without newline is marked.
fn write_block(f: &mut fmt::Formatter, before: &str, text: &str) -> fmt::Result {
    for line in text.split_inclusive('\n') {
        match line.strip_suffix('\n') {
            Some("") => writeln!(f, "{}", before.trim_end())?,
            Some(line) => writeln!(f, "{before}{line}")?,
            None => writeln!(f, "{before}{line}{UNENDED}")?,
        }
    }
    Ok(())
}

/// At the end of a line that has no newline.
const UNENDED: &str = " <no newline>";

/// Reads a line of a block.
fn read_block(text: &mut String, line: &str) {
    match line.strip_suffix(UNENDED) {
        Some(line) => text.push_str(line),
        None => {
            text.push_str(line);
            text.push('\n');
        }
    }
}

/// What the lines read belong to.
enum Section {
    Endings,
    Findings,
    FirstLog,
    AllLogs,
    Answers,
    Table,
}

impl FromStr for Report {
    /// The line that can't be read.
    type Err = String;

    fn from_str(text: &str) -> Result<Report, String> {
        let mut report = Report::default();
        let mut section = Section::Endings;
        for line in text.lines() {
            report
                .read_line(&mut section, line)
                .ok_or(line.to_string())?;
        }
        Ok(report)
    }
}

impl Report {
    /// Reads one line; `None` if that can't be.
    fn read_line(&mut self, section: &mut Section, line: &str) -> Option<()> {
        if let Some(rest) = line.strip_prefix(PRINTS.trim_end()) {
            let example = self.endings.last_mut()?.example.as_mut()?;
            read_block(&mut example.log, rest.strip_prefix(' ').unwrap_or(rest));
        } else if let Some(rest) = line.strip_prefix(BLOCK.trim_end()) {
            let block = match section {
                Section::FirstLog => self.first_log.as_mut()?,
                Section::AllLogs => self.all_logs.last_mut()?,
                Section::Table => &mut self.table,
                _ => return None,
            };
            read_block(block, rest.strip_prefix(' ').unwrap_or(rest));
        } else if let Some(rest) = line.strip_prefix(SHORTEST) {
            let (steps, replay) = rest.split_once(" steps, ")?;
            let example = Some(Example {
                steps: steps.parse().ok()?,
                replay: replay.to_string(),
                log: String::new(),
            });
            match section {
                Section::Endings => self.endings.last_mut()?.example = example,
                Section::Findings => self.findings.last_mut()?.example = example,
                _ => return None,
            }
        } else if let (Section::Answers, Some(rest)) = (&section, line.strip_prefix(POSSIBLE)) {
            let Answer::Impossible {
                possible, may_end, ..
            } = self.answers.last_mut()?
            else {
                return None;
            };
            match rest {
                THE_END => *may_end = true,
                _ => possible.push(rest.to_string()),
            }
        } else if line.starts_with(' ') {
            let (schedules, what) = line.trim_start().split_once("  ")?;
            let schedules = schedules.parse().ok()?;
            match section {
                Section::Endings => self.endings.push(Tally {
                    what: what.parse().ok()?,
                    schedules,
                    example: None,
                }),
                Section::Findings => self.findings.push(Tally {
                    what: what.parse().ok()?,
                    schedules,
                    example: None,
                }),
                _ => return None,
            }
        } else {
            let (key, value) = line.split_once(':')?;
            let value = value.strip_prefix(' ').unwrap_or(value);
            self.read_entry(section, key, value)?;
        }
        Some(())
    }

    fn read_entry(&mut self, section: &mut Section, key: &str, value: &str) -> Option<()> {
        match key {
            "program" => self.program = value.to_string(),
            "scenario" => self.scenario = value.to_string(),
            "note" => self.notes.push(value.to_string()),
            "schedules" => {
                let number = match value.split_once(", not finished: ") {
                    Some((number, why)) => {
                        self.unfinished = Some(why.to_string());
                        number
                    }
                    None => value,
                };
                self.schedules = number.parse().ok()?;
            }
            "threads" => self.threads = value.parse().ok()?,
            "among them" => *section = Section::Findings,
            "logs" => self.logs = value.parse().ok()?,
            "first log" => {
                self.first_log = Some(String::new());
                *section = Section::FirstLog;
            }
            "table" => *section = Section::Table,
            _ if key.starts_with("log ") => {
                self.all_logs.push(String::new());
                *section = Section::AllLogs;
            }
            _ if key.starts_with("asked ") => {
                self.answers.push(read_answer(value)?);
                *section = Section::Answers;
            }
            _ => return None,
        }
        Some(())
    }
}

/// Before a line that is possible where another was found; see [`Answer`].
const POSSIBLE: &str = "  possible there: ";
const THE_END: &str = "the end of the log";

/// Reads the first line of an answer.
fn read_answer(text: &str) -> Option<Answer> {
    if text == "possible" {
        return Some(Answer::Possible);
    }
    let (certain, text) = match text.strip_prefix(NOT_FOUND) {
        Some(rest) => (false, rest),
        None => (true, text.strip_prefix(IMPOSSIBLE)?),
    };
    let (line, found) = match text.strip_prefix(" from line ") {
        Some(rest) => {
            let (line, found) = rest.split_once(" on: ")?;
            (line, Some(found.to_string()))
        }
        None => (text.strip_prefix(": it ends before line ")?, None),
    };
    Some(Answer::Impossible {
        certain,
        line: line.parse().ok()?,
        found,
        possible: Vec::new(),
        may_end: false,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::trace::short;

    #[test]
    fn reads_what_it_writes() {
        let example = |log: &str| {
            Some(Example {
                steps: 23,
                replay: "0x9,1x4,0".to_string(),
                log: log.to_string(),
            })
        };
        let report = Report {
            program: "listing-20-26-single-loop".to_string(),
            scenario: "pool of 2 workers, 1 job".to_string(),
            schedules: 4,
            threads: 3,
            unfinished: Some("the bound of 4 schedules".to_string()),
            notes: vec!["a poller was held back".to_string()],
            endings: vec![
                Tally {
                    what: Ending::Deadlock,
                    schedules: 3,
                    example: example("Shutting down.\n\n  x: y\nno newline"),
                },
                Tally {
                    what: Ending::Exit(7),
                    schedules: 1,
                    example: example(""),
                },
            ],
            findings: vec![
                Tally {
                    what: Finding::JobsTogether,
                    schedules: 0,
                    example: None,
                },
                Tally {
                    what: Finding::Panic {
                        place: "src/lib.rs:7".to_string(),
                        message: "called `x` on: y".to_string(),
                    },
                    schedules: 2,
                    example: example("").map(|e| Example {
                        log: String::new(),
                        ..e
                    }),
                },
            ],
            logs: Count {
                logs: 294_000,
                exact: false,
            },
            first_log: Some("a\n\nb\n".to_string()),
            all_logs: vec!["a\n".to_string(), String::new()],
            answers: vec![
                Answer::Possible,
                Answer::Impossible {
                    certain: true,
                    line: 3,
                    found: Some("x on: y".to_string()),
                    possible: vec!["a".to_string(), "b: c".to_string()],
                    may_end: true,
                },
                Answer::Impossible {
                    certain: false,
                    line: 9,
                    found: None,
                    possible: vec!["a".to_string()],
                    may_end: false,
                },
            ],
            table: "step  thread\n\n   1  main\n".to_string(),
        };
        let text = report.to_string();
        assert_eq!(text.parse(), Ok(report), "{text}");
        assert!("nonsense".parse::<Report>().is_err());
    }

    #[test]
    fn logs_in_one_file_stay_apart() {
        let logs = ["a\nb\n".to_string(), String::new(), "c\n".to_string()];
        assert_eq!(split_logs(&join_logs(&logs)), logs);
    }

    #[test]
    fn places_are_shown_as_in_the_crate() {
        assert_eq!(short("/home/me/x/src/lib.rs:7"), "src/lib.rs:7");
        assert_eq!(short(r"copy\src\net\a.rs"), "src/net/a.rs");
        assert_eq!(short("x/program/scenario.rs"), "scenario.rs");
        assert_eq!(
            short("x/copy/src/../../pool/scenario.rs:9"),
            "scenario.rs:9"
        );
    }
}
