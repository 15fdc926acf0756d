//! What surrounds the program, and the bounds of the exploration.

use crate::numbers::count;
use ::std::time::Duration;

/// What a scripted client does after it has sent its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It stays connected and waits for the end of its answer: reading from it waits until the
    /// program shuts its side down, and then gives the end of the stream.
    Waits,
    /// It hangs up: reading gives the end of the stream.
    HangsUp,
}

/// A client of the program's `TcpListener`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// What it sends as soon as it is connected.
    pub sends: Vec<u8>,
    /// What it does then.
    pub then: Then,
}

impl Client {
    /// One that sends `GET path HTTP/1.1` and waits for the answer.
    pub fn get(path: &str) -> Client {
        Client {
            sends: format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes(),
            then: Then::Waits,
        }
    }

    /// One that connects and never says anything.
    pub fn silent() -> Client {
        Client {
            sends: Vec::new(),
            then: Then::Waits,
        }
    }

    /// One that connects and hangs up.
    pub fn hangs_up() -> Client {
        Client {
            sends: Vec::new(),
            then: Then::HangsUp,
        }
    }
}

/// What surrounds the program, and the bounds of the exploration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The clients, in the order in which they connect.
    pub clients: Vec<Client>,
    /// What `env::args` gives; the first is the program's name.
    pub args: Vec<String>,
    /// The bound on the steps of one execution.
    pub steps: usize,
    /// The bound on the number of executions.
    pub executions: usize,
    /// The bound on the time, from when the [`Explorer`](crate::explorer::Explorer) is made.
    pub time: Option<Duration>,
    /// How often a thread may poll in vain at one place with nothing
    /// changed, before it is held back until others can't go on.
    pub polls: usize,
    /// How often a thread may sleep, yield or take a lock at one place without
    /// anything else that it does, before it is held back until others can't
    /// go on.
    pub repeats: usize,
    /// How often every poller is let go again with nothing changed before
    /// that counts as a livelock.
    pub rounds: usize,
    /// Whether it is asked which logs are possible.
    pub asks_logs: bool,
    /// Whether it makes a difference which of two threads spawns first, because the program looks
    /// at the numbers of threads.
    pub ordered_spawns: bool,
    /// Whether every panic aborts the process.
    pub panics_abort: bool,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            clients: Vec::new(),
            args: vec!["program".to_string()],
            steps: 10_000,
            executions: 1_000_000,
            time: None,
            polls: 1,
            repeats: 20,
            rounds: 100,
            asks_logs: false,
            ordered_spawns: false,
            panics_abort: false,
        }
    }
}

impl Config {
    /// The same, but a thread may poll in vain so often.
    pub(crate) fn with_polls(&self, polls: usize) -> Config {
        Config {
            polls,
            repeats: self.repeats.max(polls),
            ..self.clone()
        }
    }

    /// Why an exploration ended that took too long.
    pub(crate) fn bound_in_time(time: Duration) -> String {
        format!("the bound of {}", count(time.as_secs() as usize, "second"))
    }

    /// Why an exploration ended that found too much.
    pub(crate) fn bound_in_executions(&self) -> String {
        format!("the bound of {}", count(self.executions, "schedule"))
    }
}
