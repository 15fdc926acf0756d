//! Ends the process where the program goes on for ever between two steps: a thread can't be stopped
//! there, and nothing more would come of it.
//!
//! What counts is the processor time that it takes. A clock would blame the program for what else
//! the machine has to do. A program that takes ever more memory is left to whoever watches that, for
//! that says more of it.

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

/// By how many bytes a program that takes ever more memory grows, at least, while one is patient.
const GROWTH: u64 = 256 << 20;

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
            let Some(mut last) = Look::now() else {
                return;
            };
            while gone.recv_timeout(PAUSE) == Err(RecvTimeoutError::Timeout) {
                let Some(now) = Look::now() else {
                    return;
                };
                if now.gets_on(&last) {
                    last = now;
                } else if now.worked.saturating_sub(last.worked) >= patience {
                    process::exit(CODE);
                }
            }
        });
        Watch { _watcher: watcher }
    }
}

/// What this process has done so far, where the system tells: on Linux.
struct Look {
    /// How many steps its threads have made.
    steps: u64,
    /// For how long processors have worked for it.
    worked: Duration,
    /// How many bytes of addresses it has.
    memory: u64,
}

impl Look {
    fn now() -> Option<Look> {
        let text = fs::read_to_string("/proc/self/stat").ok()?;
        // The second field is the program's name in parentheses, and it may hold anything.
        let (_, fields) = text.rsplit_once(") ")?;
        let number = |field: usize| fields.split(' ').nth(field - 3)?.parse::<u64>().ok();
        Some(Look {
            steps: progress::steps(),
            // Fields 14 and 15, in hundredths of a second (`man 5 proc`).
            worked: Duration::from_millis((number(14)? + number(15)?) * 10),
            memory: number(23)?,
        })
    }

    /// Whether steps were made since, or a lot of memory was taken.
    fn gets_on(&self, since: &Look) -> bool {
        self.steps != since.steps || self.memory >= since.memory.saturating_add(GROWTH)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn linux_tells_what_this_process_has_used_up() {
        if !cfg!(target_os = "linux") {
            assert!(Look::now().is_none());
            return;
        }
        let now = || Look::now().expect("Linux tells");
        let before = now();
        while now().worked == before.worked {}
        let held: Vec<u8> = Vec::with_capacity(GROWTH as usize);
        // Other tests may let go of something in the meantime.
        assert!(now().memory >= before.memory + GROWTH / 2);
        drop(std::hint::black_box(held));
    }

    #[test]
    fn who_takes_ever_more_memory_gets_on() {
        let look = |steps, memory| Look {
            steps,
            worked: Duration::ZERO,
            memory,
        };
        assert!(!look(7, 5).gets_on(&look(7, 5)));
        assert!(look(8, 5).gets_on(&look(7, 5)));
        assert!(!look(7, 4 + GROWTH).gets_on(&look(7, 5)));
        assert!(look(7, 5 + GROWTH).gets_on(&look(7, 5)));
    }
}
