//! Why an exploration has no report, and the words for it.

use super::refusal::Refusal;
use std::error::Error;
use std::fmt;
use std::time::Duration;

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The crate has no such scenario.
    Refused(Refusal),
    /// The time was up: the program works without end between two steps, or
    /// there are too many schedules.
    Time(Duration),
    /// It printed more than so many bytes.
    Output(usize),
    /// It held more than so many bytes.
    Memory(u64),
    /// The program crashed, and took the process that explores it along.
    Crashed {
        /// The process's exit status.
        status: String,
        /// What was said about it.
        stderr: String,
    },
    /// The driver can't do what it was asked.
    Refuses {
        /// Why.
        sentence: String,
    },
    /// The driver failed.
    Failed {
        /// Its exit status.
        status: String,
        /// What it said.
        stderr: String,
    },
    /// What the driver reports can't be read.
    Unreadable {
        /// Why not.
        why: String,
    },
    /// The process could not be run.
    System(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Trouble::Refused(refusal) => write!(f, "{refusal}"),
            Trouble::Time(time) => write!(
                f,
                "stopped after {time:?}: the program works without end between two steps, \
                 or it has too many schedules"
            ),
            Trouble::Output(bytes) => {
                let mebibytes = bytes >> 20;
                write!(f, "stopped: it prints more and more, past {mebibytes} MiB")
            }
            Trouble::Memory(bytes) => {
                let mebibytes = bytes >> 20;
                write!(
                    f,
                    "stopped: it takes more and more memory, past {mebibytes} MiB"
                )
            }
            Trouble::Crashed { status, stderr } => {
                let why = match stderr.contains("overflowed its stack") {
                    true => {
                        "a thread overflows its stack, as it would without the explorer; \
                             `thread::Builder::stack_size` gives it more"
                    }
                    false => {
                        "the explorer has no `unsafe` code, so this is the program's own doing"
                    }
                };
                write!(f, "the program crashes ({status}): {why}")?;
                match stderr.trim() {
                    "" => Ok(()),
                    said => write!(f, "\n{said}"),
                }
            }
            Trouble::Refuses { sentence } => f.write_str(sentence),
            Trouble::Failed { status, stderr } => {
                write!(f, "the explorer failed ({status}):\n{stderr}")
            }
            Trouble::Unreadable { why } => write!(f, "the report can't be read: {why}"),
            Trouble::System(error) => write!(f, "the explorer could not be run: {error}"),
        }
    }
}

impl Error for Trouble {}
