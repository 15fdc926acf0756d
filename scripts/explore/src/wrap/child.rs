//! A child process that can't take its parent down: it has a deadline, its
//! output a greatest length, and where the system tells, its memory too.

use std::io::{self, Read};
use std::process::{Child, Command, ExitStatus, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::{Duration, Instant};

/// What a child may use up.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Limits {
    /// How long it may run.
    pub time: Duration,
    /// How many bytes it may print to each of its two streams.
    pub output: usize,
    /// How many bytes of memory it may hold; not watched on Windows, and behind a guard only on
    /// Linux.
    pub memory: u64,
}

impl Default for Limits {
    fn default() -> Limits {
        Limits {
            time: Duration::from_secs(60),
            output: 64 << 20,
            memory: 4 << 30,
        }
    }
}

/// How long a child may take to end once its standard input has ended.
const GRACE: Duration = Duration::from_millis(200);

/// How long to wait between two looks at a child, and how long where its pipes have ended already.
const PAUSE: Duration = Duration::from_millis(10);
const SHORT_PAUSE: Duration = Duration::from_millis(1);

/// Why a child came to its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stopped {
    /// By itself.
    Itself(ExitStatus),
    /// It was stopped: its time was up.
    Time,
    /// It was stopped: it printed too much.
    Output,
    /// It was stopped: it held too much memory.
    Memory,
}

/// What is left of a child.
#[derive(Clone, Debug)]
pub struct Ran {
    /// Why it ended.
    pub ended: Stopped,
    /// What it printed to the standard output.
    pub stdout: String,
    /// What it printed to the standard error.
    pub stderr: String,
}

/// Runs `command` within `limits`. Refuses a command that can't be started.
///
/// Its standard input is empty and ends when this process does.
pub fn run(command: &mut Command, limits: Limits) -> io::Result<Ran> {
    let started = Instant::now();
    let mut child = command
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()?;
    let lifeline = child.stdin.take();
    let full = Arc::new(AtomicBool::new(false));
    let (silent, ends) = mpsc::channel();
    let stdout = child.stdout.take();
    let stdout = stdout.map(|pipe| drain(pipe, limits, &full, silent.clone()));
    let stderr = child.stderr.take();
    let stderr = stderr.map(|pipe| drain(pipe, limits, &full, silent));
    let mut rounds = 0;
    let ended = loop {
        // Its pipes end with it, so this comes back as soon as it has ended.
        let silent = ends.recv_timeout(PAUSE) == Err(RecvTimeoutError::Disconnected);
        rounds += 1;
        if let Some(status) = child.try_wait()? {
            break Stopped::Itself(status);
        }
        let too_much = if full.load(Ordering::Relaxed) {
            Some(Stopped::Output)
        } else if started.elapsed() >= limits.time {
            Some(Stopped::Time)
        } else if (rounds % 10 == 0 || cfg!(target_os = "linux"))
            && memory(&child).is_some_and(|bytes| bytes > limits.memory)
        {
            Some(Stopped::Memory)
        } else {
            None
        };
        if let Some(why) = too_much {
            // A guard is to end its child before it ends; so it is told, and killed only if it
            // doesn't listen.
            drop(lifeline);
            let told = Instant::now();
            while child.try_wait()?.is_none() && told.elapsed() < GRACE {
                thread::sleep(Duration::from_millis(1));
            }
            // It may have ended by itself in this very moment.
            let _ = child.kill();
            child.wait()?;
            break why;
        }
        if silent {
            thread::sleep(SHORT_PAUSE);
        }
    };
    let text = |reader: Option<thread::JoinHandle<Vec<u8>>>| {
        let bytes = reader.and_then(|thread| thread.join().ok());
        String::from_utf8_lossy(&bytes.unwrap_or_default()).into_owned()
    };
    let (stdout, stderr) = (text(stdout), text(stderr));
    let ended = match ended {
        Stopped::Itself(_) if full.load(Ordering::Relaxed) => Stopped::Output,
        ended => ended,
    };
    Ok(Ran {
        ended,
        stdout,
        stderr,
    })
}

/// Reads a pipe to its end on a thread of its own, and lets go of `silent` then; keeps what may be
/// kept.
fn drain(
    mut pipe: impl Read + Send + 'static,
    limits: Limits,
    full: &Arc<AtomicBool>,
    silent: Sender<()>,
) -> thread::JoinHandle<Vec<u8>> {
    let full = Arc::clone(full);
    thread::spawn(move || {
        let mut kept = Vec::new();
        let mut buffer = [0; 8192];
        while let Ok(n @ 1..) = pipe.read(&mut buffer) {
            let room = limits.output - kept.len();
            kept.extend_from_slice(&buffer[..n.min(room)]);
            if n > room {
                full.store(true, Ordering::Relaxed);
            }
        }
        drop(silent);
        kept
    })
}

/// How many bytes a child holds in memory, where the system tells.
fn memory(child: &Child) -> Option<u64> {
    let id = child.id();
    if cfg!(target_os = "linux") {
        // A guard holds next to nothing, and its child may hold a lot.
        let children = std::fs::read_to_string(format!("/proc/{id}/task/{id}/children"));
        let children = children.unwrap_or_default();
        let guarded = children.split_whitespace().filter_map(memory_by_proc);
        Some(memory_by_proc(&id.to_string())? + guarded.sum::<u64>())
    } else if cfg!(unix) {
        memory_by_ps(id)
    } else {
        None
    }
}

fn memory_by_proc(id: &str) -> Option<u64> {
    let text = std::fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    kibibytes(text.lines().find_map(|line| line.strip_prefix("VmRSS:"))?)
}

/// The same from the tool that every Unix has (POSIX, `ps`; `rss` is an extension of all of them).
fn memory_by_ps(id: u32) -> Option<u64> {
    let mut ps = Command::new("ps");
    let output = ps.args(["-o", "rss=", "-p", &id.to_string()]).output();
    kibibytes(&String::from_utf8_lossy(&output.ok()?.stdout))
}

fn kibibytes(text: &str) -> Option<u64> {
    let number: u64 = text.split_whitespace().next()?.parse().ok()?;
    Some(number * 1024)
}

#[cfg(all(test, unix))]
mod tests {
    use super::*;

    #[test]
    fn ps_tells_how_much_memory_a_process_has() {
        let Ok(_) = Command::new("ps").output() else {
            eprintln!("skipped: there is no ps");
            return;
        };
        let bytes = memory_by_ps(std::process::id()).expect("this process is there");
        assert!(bytes > 1 << 16, "{bytes}");
    }
}
