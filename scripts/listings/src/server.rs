//! A listing's binary while it runs: started on a free port, its log read as it grows, and ended
//! at the latest when the [`Server`] is dropped. The command's own servers end with the command,
//! too, even if that is killed.

use crate::{
    Error, PATIENCE, Result,
    notes::{self, Notes, Stream},
};
use explore::guard::{self, Guarded};
use std::{
    env,
    io::{BufRead, BufReader, Read},
    net::SocketAddr,
    path::Path,
    process::{Command, ExitStatus, Stdio},
    sync::{Arc, Condvar, Mutex, MutexGuard, PoisonError},
    thread,
    time::{Duration, Instant},
};

/// A running server.
pub struct Server {
    process: Guarded,
    address: SocketAddr,
    log: Arc<Log>,
}

/// What the server printed so far, filled by a thread that reads its standard output.
#[derive(Default)]
struct Log {
    state: Mutex<LogState>,
    changed: Condvar,
}

#[derive(Default)]
struct LogState {
    lines: Vec<String>,
    closed: bool,
}

impl Log {
    fn state(&self) -> MutexGuard<'_, LogState> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Waits until `ready` holds and returns the lines, or `Err` with those that there are.
    fn wait(
        &self,
        bound: Duration,
        ready: impl Fn(&LogState) -> bool,
    ) -> std::result::Result<Vec<String>, Vec<String>> {
        let waited = self
            .changed
            .wait_timeout_while(self.state(), bound, |state| !ready(state));
        let (state, _) = waited.unwrap_or_else(PoisonError::into_inner);
        let lines = state.lines.clone();
        if ready(&state) { Ok(lines) } else { Err(lines) }
    }
}

/// How a server ended.
#[derive(Debug)]
pub struct Ended {
    /// Its exit status.
    pub status: ExitStatus,
    /// All that it printed on standard output, line by line.
    pub log: Vec<String>,
    /// All that it printed on standard error.
    pub errors: String,
}

impl Server {
    /// Starts a binary on any free port and waits until it says where it listens.
    pub fn start(binary: &Path) -> Result<Server> {
        Server::start_at(binary, "127.0.0.1:0")
    }

    /// The same on a given address.
    ///
    /// Refuses a binary that can't be started, or that ends or stays silent instead of listening.
    pub fn start_at(binary: &Path, address: &str) -> Result<Server> {
        Server::spawn(guard::command(binary), address, None)?.listening(binary)
    }

    /// The same with a command that runs the binary and is given any free port as its last argument.
    pub fn start_by(command: Command, binary: &Path) -> Result<Server> {
        Server::spawn(command, "127.0.0.1:0", None)?.listening(binary)
    }

    /// The same on any free port, with [`Notes`] where the system can have them.
    pub fn start_with_notes(binary: &Path) -> Result<(Server, Option<Notes>)> {
        let stream = notes::stream();
        let notes = stream.as_ref().map(|stream| stream.notes.clone());
        let server = Server::spawn(guard::command(binary), "127.0.0.1:0", stream)?;
        Ok((server.listening(binary)?, notes))
    }

    /// Waits until it says where it listens.
    fn listening(mut self, binary: &Path) -> Result<Server> {
        let lines = self
            .log
            .wait(PATIENCE, |state| state.closed || !state.lines.is_empty())
            .unwrap_or_else(|lines| lines);
        let first = lines.first().map_or("", String::as_str);
        let listening = first.strip_prefix("Listening on http://");
        if let Some(address) = listening.and_then(|address| address.parse().ok()) {
            self.address = address;
            return Ok(self);
        }
        let closed = self.log.state().closed;
        let ended = match closed {
            true => self.wait().map_or(String::new(), |ended| {
                format!("; it ended with {}\n{}", ended.status, ended.errors)
            }),
            false => String::new(),
        };
        Err(Error::new(format!(
            "{} does not say where it listens, but: {first:?}{ended}",
            binary.display()
        )))
    }

    /// Runs a binary that is expected to end without listening, and returns how it ended.
    ///
    /// Refuses one that can't be started or that doesn't end.
    pub fn refused(binary: &Path, address: &str) -> Result<Ended> {
        Server::spawn(guard::command(binary), address, None)?.wait()
    }

    fn spawn(mut command: Command, address: &str, stream: Option<Stream>) -> Result<Server> {
        let (stdout, reader) = match stream {
            Some(stream) => (stream.stdout, Some(stream.reader)),
            None => (Stdio::piped(), None),
        };
        // From another folder than the repository's: a listing that needs a file is found out.
        command
            .arg(address)
            .current_dir(env::temp_dir())
            .stdout(stdout)
            .stderr(Stdio::piped());
        let mut process = Guarded::spawn(&mut command).map_err(|error| {
            let program = Path::new(command.get_program()).display();
            Error::new(format!("cannot start {program}: {error}"))
        })?;
        let log = Arc::new(Log::default());
        let piped = process.child.stdout.take();
        if let Some(output) = reader.or_else(|| Some(Box::new(piped?))) {
            let log = Arc::clone(&log);
            thread::spawn(move || {
                for line in BufReader::new(output).lines().map_while(|line| line.ok()) {
                    log.state().lines.push(line);
                    log.changed.notify_all();
                }
                log.state().closed = true;
                log.changed.notify_all();
            });
        }
        Ok(Server {
            process,
            address: SocketAddr::from(([127, 0, 0, 1], 0)),
            log,
        })
    }

    /// Where it listens.
    pub fn address(&self) -> SocketAddr {
        self.address
    }

    /// The log so far, line by line.
    pub fn log(&self) -> Vec<String> {
        self.log.state().lines.clone()
    }

    /// Waits until at least `count` lines of the log satisfy `wanted`, and returns the log.
    ///
    /// Refuses a log that doesn't get there, and says what it holds.
    pub fn wait_for(&self, count: usize, wanted: impl Fn(&str) -> bool) -> Result<Vec<String>> {
        let enough =
            |state: &LogState| state.lines.iter().filter(|line| wanted(line)).count() >= count;
        self.log.wait(PATIENCE, enough).map_err(|lines| {
            Error::new(format!(
                "a line did not come within {PATIENCE:?}; the log:\n{}",
                lines.join("\n")
            ))
        })
    }

    /// Gives each line of the log to `each` as it comes, on a thread of its own, and drops `each` when
    /// the log ends.
    pub fn follow(&self, mut each: impl FnMut(&str) + Send + 'static) {
        let log = Arc::clone(&self.log);
        thread::spawn(move || {
            let mut seen = 0;
            loop {
                let waited = log.changed.wait_while(log.state(), |state| {
                    !state.closed && state.lines.len() == seen
                });
                let state = waited.unwrap_or_else(PoisonError::into_inner);
                let lines = state.lines[seen..].to_vec();
                drop(state);
                if lines.is_empty() {
                    return;
                }
                seen += lines.len();
                lines.iter().for_each(|line| each(line));
            }
        });
    }

    /// Whether the process still runs after it was given `bound` to end and to print more.
    pub fn still_runs(&mut self, bound: Duration) -> Result<bool> {
        let closed = self.log.wait(bound, |state| state.closed).is_ok();
        Ok(!closed && self.status()?.is_none())
    }

    /// Waits for the process to end by itself.
    ///
    /// Refuses one that goes on, and says what it printed.
    pub fn wait(mut self) -> Result<Ended> {
        let log = self
            .log
            .wait(PATIENCE, |state| state.closed)
            .map_err(|lines| {
                Error::new(format!(
                    "it still runs after {PATIENCE:?}; the log:\n{}",
                    lines.join("\n")
                ))
            })?;
        // Its standard output is closed, so it has ended or is about to.
        let deadline = Instant::now() + PATIENCE;
        let status = loop {
            if let Some(status) = self.status()? {
                break status;
            }
            if Instant::now() > deadline {
                return Err(Error::new("it closed its output and still runs"));
            }
            thread::yield_now();
        };
        let mut errors = String::new();
        if let Some(mut pipe) = self.process.child.stderr.take() {
            let _ = pipe.read_to_string(&mut errors);
        }
        Ok(Ended {
            status,
            log,
            errors,
        })
    }

    fn status(&mut self) -> Result<Option<ExitStatus>> {
        let status = self.process.child.try_wait();
        status.map_err(|error| Error::new(format!("cannot ask for a process: {error}")))
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        self.process.end();
    }
}
