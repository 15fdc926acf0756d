//! `RwLock`.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two that take it to read | yes: neither keeps the other out |
//! | two that take it, one of them to write | no |
//! | `try_write`, and one that takes it or gives it back, or another `try_write` | no: it would have got it, or kept the other out |
//! | a writer's release and a `try_read` in vain | no: it would have got it |
//! | a reader's release and any but `try_write` | yes, or never both possible |
//! | `is_poisoned` and a writer's release | no: only a writer's panic poisons |
//! | `clear_poison` and any that sees or leaves the poison | no |

use super::rules::{Effect, Links, Names, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, Outcome, ThreadId};

/// What is done with a read-write lock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Take it for reading.
    Read,
    /// Take it for reading if that is possible.
    TryRead,
    /// Give it back after reading.
    ReadUnlock,
    /// Take it for writing.
    Write,
    /// Take it for writing if it is free.
    TryWrite,
    /// Give it back after writing.
    WriteUnlock,
    /// Ask whether it is poisoned.
    IsPoisoned,
    /// Forget that it is poisoned.
    ClearPoison,
}

facts!(enum Action {
    "read" Read,
    "try-read" TryRead,
    "read-unlock" ReadUnlock,
    "write" Write,
    "try-write" TryWrite,
    "write-unlock" WriteUnlock,
    "is-poisoned" IsPoisoned,
    "clear-poison" ClearPoison,
});

/// Who has it.
#[derive(Debug, Default)]
pub struct RwLock {
    writer: Option<ThreadId>,
    readers: Vec<ThreadId>,
    last_owner: Option<ThreadId>,
    last_write: Option<EventId>,
    last_write_release: Option<EventId>,
    /// Since the last acquisition for writing.
    reads: Vec<EventId>,
    read_releases: Vec<EventId>,
    /// The last attempt to write that didn't wait, whatever came of it.
    last_try_write: Option<EventId>,
    /// What has seen the writer since it took the lock.
    failed_tries: Vec<EventId>,
    /// Who asked for the poison since the last release by a writer.
    asks: Vec<EventId>,
    /// The last time that the poison was cleared.
    last_clear: Option<EventId>,
    /// How often it changed hands.
    version: u64,
}

impl RwLock {
    fn is_free(&self) -> bool {
        self.writer.is_none() && self.readers.is_empty()
    }

    fn read(&mut self, thread: ThreadId, event: EventId) -> Effect {
        if self.writer.is_some() {
            self.failed_tries.push(event);
            return Effect::idle(Outcome::Refused);
        }
        self.readers.push(thread);
        self.reads.push(event);
        self.now_owned_by(thread)
    }

    fn write(&mut self, thread: ThreadId, event: EventId) -> Effect {
        if !self.is_free() {
            self.failed_tries.push(event);
            return Effect::idle(Outcome::Refused);
        }
        self.writer = Some(thread);
        self.last_write = Some(event);
        self.reads.clear();
        self.read_releases.clear();
        self.now_owned_by(thread)
    }

    fn now_owned_by(&mut self, thread: ThreadId) -> Effect {
        if self.last_owner != Some(thread) {
            self.last_owner = Some(thread);
            self.version += 1;
        }
        Effect::idle(Outcome::Done)
    }
}

impl Rules for Action {
    type State = RwLock;

    fn enabled(&self, lock: &RwLock, _: ThreadId) -> bool {
        match self {
            Action::Read => lock.writer.is_none(),
            Action::Write => lock.is_free(),
            Action::TryRead
            | Action::ReadUnlock
            | Action::TryWrite
            | Action::WriteUnlock
            | Action::IsPoisoned
            | Action::ClearPoison => true,
        }
    }

    fn waits_for(&self, lock: &RwLock, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Read => lock.writer,
            Action::Write => lock.writer.or_else(|| lock.readers.first().copied()),
            Action::TryRead
            | Action::ReadUnlock
            | Action::TryWrite
            | Action::WriteUnlock
            | Action::IsPoisoned
            | Action::ClearPoison => None,
        }
    }

    fn in_vain(&self, lock: &RwLock, _: ThreadId) -> Option<Vain> {
        match self {
            Action::Read | Action::Write => Vain::repeat(lock.version),
            Action::TryRead if lock.writer.is_some() => Vain::poll(lock.version),
            Action::TryWrite if !lock.is_free() => Vain::poll(lock.version),
            Action::TryRead
            | Action::ReadUnlock
            | Action::TryWrite
            | Action::WriteUnlock
            | Action::IsPoisoned
            | Action::ClearPoison => None,
        }
    }

    fn order(&self, lock: &RwLock, _: ThreadId, links: &mut Links) {
        // Who finds it taken sees no poison, and who has only read leaves none.
        let poison = match self {
            Action::TryRead => lock.writer.is_none(),
            Action::TryWrite => lock.is_free(),
            Action::ReadUnlock => false,
            Action::Read
            | Action::Write
            | Action::WriteUnlock
            | Action::IsPoisoned
            | Action::ClearPoison => true,
        };
        if poison {
            links.race(&lock.last_clear);
        }
        match self {
            Action::Read => {
                links.race(&lock.last_write);
                links.race(&lock.last_try_write);
                links.cause(&lock.last_write_release);
            }
            Action::TryRead => {
                links.race(&lock.last_write);
                if lock.writer.is_none() {
                    links.race(&lock.last_try_write);
                    links.race(&lock.last_write_release);
                }
            }
            Action::ReadUnlock => links.race(&lock.last_try_write),
            Action::Write => {
                links.race(&lock.last_write);
                links.race(&lock.reads);
                links.cause(&lock.last_write_release);
                links.cause(&lock.read_releases);
            }
            Action::TryWrite => {
                links.race(&lock.last_try_write);
                links.race(&lock.last_write);
                links.race(&lock.reads);
                links.race(&lock.read_releases);
                if lock.writer.is_none() {
                    links.race(&lock.last_write_release);
                }
            }
            Action::WriteUnlock => {
                links.race(&lock.failed_tries);
                links.race(&lock.asks);
            }
            Action::IsPoisoned => links.race(&lock.last_write_release),
            Action::ClearPoison => {
                links.race(&lock.asks);
                links.race(&lock.reads);
                links.race(&lock.last_write);
                links.race(&lock.last_write_release);
            }
        }
    }

    fn perform(&self, lock: &mut RwLock, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Read | Action::TryRead => lock.read(thread, event),
            Action::Write => lock.write(thread, event),
            Action::TryWrite => {
                lock.last_try_write = Some(event);
                lock.write(thread, event)
            }
            Action::ReadUnlock => {
                if let Some(found) = lock.readers.iter().position(|&reader| reader == thread) {
                    lock.readers.swap_remove(found);
                }
                lock.read_releases.push(event);
                Effect::idle(Outcome::Done)
            }
            Action::WriteUnlock => {
                lock.writer = None;
                lock.last_write_release = Some(event);
                lock.failed_tries.clear();
                lock.asks.clear();
                Effect::idle(Outcome::Done)
            }
            Action::IsPoisoned => {
                lock.asks.push(event);
                Effect::idle(Outcome::Done)
            }
            Action::ClearPoison => {
                lock.last_clear = Some(event);
                Effect::progress(Outcome::Done)
            }
        }
    }

    fn words(&self, object: &str, _: &dyn Names) -> String {
        match self {
            Action::Read => format!("take {object} for reading"),
            Action::TryRead => format!("try to take {object} for reading"),
            Action::ReadUnlock => format!("release {object} after reading"),
            Action::Write => format!("take {object} for writing"),
            Action::TryWrite => format!("try to take {object} for writing"),
            Action::WriteUnlock => format!("release {object} after writing"),
            Action::IsPoisoned => format!("ask whether {object} is poisoned"),
            Action::ClearPoison => format!("clear the poison of {object}"),
        }
    }

    fn visit(&mut self, _: &mut dyn Visitor) {
        match self {
            Action::Read
            | Action::TryRead
            | Action::ReadUnlock
            | Action::Write
            | Action::TryWrite
            | Action::WriteUnlock
            | Action::IsPoisoned
            | Action::ClearPoison => {}
        }
    }
}
