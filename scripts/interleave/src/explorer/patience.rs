//! Ends the process where the program goes on for ever between two steps: a thread can't be stopped
//! there, and nothing more would come of it.
//!
//! What counts is the processor time that it takes. A clock would blame the program for what else
//! the machine has to do.

use crate::engine::progress;
use std::fs;
use std::process;
use std::sync::mpsc::{self, RecvTimeoutError, Sender};
use std::thread;
use std::time::Duration;

/// The process's exit code then.
pub const CODE: i32 = 3;

/// How long to wait between two looks.
const PAUSE: Duration = Duration::from_millis(100);

/// Watches that steps are made, as long as it lives.
pub struct Watch {
    _watcher: Sender<()>,
}

impl Watch {
    /// Ends the process as soon as it has worked for so long without a step. Where the system
    /// doesn't tell how long it has worked, it goes on.
    pub fn start(patience: Duration) -> Watch {
        let (watcher, gone) = mpsc::channel();
        thread::spawn(move || {
            let mut last = (progress::steps(), worked());
            while gone.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                let (Some(before), Some(now)) = (last.1, worked()) else {
                    break;
                };
                let steps = progress::steps();
                if steps != last.0 {
                    last = (steps, Some(now));
                } else if now.saturating_sub(before) >= patience {
                    process::exit(CODE);
                }
            }
        });
        Watch { _watcher: watcher }
    }
}

/// For how long processors have worked for this process, where the system tells: on Linux.
fn worked() -> Option<Duration> {
    let text = fs::read_to_string("/proc/self/stat").ok()?;
    // The second field is the program's name in parentheses, and it may hold anything.
    let (_, fields) = text.rsplit_once(") ")?;
    let ticks = |field: usize| fields.split(' ').nth(field - 3)?.parse::<u64>().ok();
    // Fields 14 and 15, in hundredths of a second (`man 5 proc`).
    Some(Duration::from_millis((ticks(14)? + ticks(15)?) * 10))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_tells_how_long_this_process_has_worked() {
        if !cfg!(target_os = "linux") {
            assert_eq!(worked(), None);
            return;
        }
        let before = worked().expect("Linux tells");
        while worked().expect("Linux tells") == before {}
    }
}
