//! What can be seen of a run: how it ended, what each thread has found out,
//! and what was printed.

use crate::output::Output;
use crate::random::Random;
use std::collections::{BTreeMap, BTreeSet};
use std::net::TcpListener;
use std::sync::mpsc::Sender;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// How a run ended.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum End {
    Normal,
    /// `main` panicked.
    Panicked(String),
    /// `process::exit` was called.
    Exit,
    /// Nobody can go on.
    Stuck,
}

/// The results of the instructions of each thread, one after the other.
pub type Histories = Vec<Vec<u64>>;

/// An outcome of a program.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Outcome {
    pub end: End,
    pub histories: Histories,
}

/// All outcomes of a program, each with the logs that it may leave.
pub type Outcomes = BTreeMap<Outcome, BTreeSet<String>>;

/// Takes down what a run does, unseen by the explorer.
pub struct Recorder {
    record: Mutex<Record>,
    /// What makes a real run pause; an explored one doesn't.
    pub pauses: Mutex<Option<Random>>,
    /// What a real run listens on.
    pub listener: Mutex<Option<TcpListener>>,
    /// The lock of a real run's output.
    pub output: Output,
    /// Told when a real run is over.
    over: Mutex<Option<Sender<()>>>,
}

#[derive(Clone, Default)]
pub struct Record {
    pub histories: Histories,
    pub log: String,
    /// How the run has ended, and the thread that ended it. What comes later is
    /// not taken down.
    pub end: Option<(End, usize)>,
}

impl Recorder {
    pub fn new() -> Recorder {
        Recorder {
            record: Mutex::default(),
            pauses: Mutex::default(),
            listener: Mutex::default(),
            output: Output::default(),
            over: Mutex::default(),
        }
    }

    pub fn when_over(&self, say: Sender<()>) {
        *self.over.lock().unwrap() = Some(say);
    }

    /// A run begins.
    pub fn begin(&self, threads: usize) {
        *self.record() = Record {
            histories: vec![Vec::new(); threads],
            ..Record::default()
        };
    }

    pub fn note(&self, thread: usize, value: u64) {
        let mut record = self.record();
        if record.end.is_none() {
            record.histories[thread].push(value);
        }
    }

    pub fn print(&self, text: &str) {
        let mut record = self.record();
        if record.end.is_none() {
            record.log += text;
        }
    }

    /// The process ends here, if it has not ended before.
    pub fn end(&self, end: End, thread: usize) {
        self.record().end.get_or_insert((end, thread));
        // Whoever waits for it gets to know it by this being dropped.
        self.over.lock().unwrap().take();
    }

    pub fn record(&self) -> MutexGuard<'_, Record> {
        self.record.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
