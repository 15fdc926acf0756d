//! `RwLock`. `std` promises no policy, and two are in use: on Linux and Windows a
//! writer that waits keeps new readers out, elsewhere it may not.
//!
//! So `write` has two ways to go while readers have the lock: to wait for them
//! quietly, or to say that it waits, in a step that is refused and keeps all new
//! readers out until the lock has been free; then it has its choice again. Where a
//! waiting writer keeps nobody out, the first is what happens, and both are
//! explored.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two that take it to read | yes: neither keeps the other out |
//! | two that take it, one of them to write | no |
//! | two `write` that are refused | yes: both wait |
//! | `write` that is refused, and one that takes it to read or gives it back | no: the reader came in time, or the writer would have got it |
//! | `try_write`, and one that takes it or gives it back, or another `try_write` | no: it would have got it, or kept the other out |
//! | a writer's release and a `try_read` in vain | no: it would have got it |
//! | a reader's release and another, or one that takes it to read | yes, unless a writer waits |
//! | `is_poisoned` and a writer's release | no: only a writer's panic poisons |
//! | `clear_poison` and any that sees or leaves the poison | no |

use super::rules::{Effect, Links, Names, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, Outcome, ThreadId};
use ::std::collections::BTreeMap;

/// What is done with a read-write lock.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Take it for reading.
    Read,
    /// Take it for reading if that is possible.
    TryRead,
    /// Give it back after reading.
    ReadUnlock,
    /// Take it for writing; while others read, say that a writer waits.
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
#[derive(Clone, Debug, Default)]
pub struct RwLock {
    writer: Option<ThreadId>,
    readers: Vec<ThreadId>,
    last_write: Option<EventId>,
    last_write_release: Option<EventId>,
    /// Since the last acquisition for writing.
    reads: Vec<EventId>,
    read_releases: Vec<EventId>,
    /// The last attempt to write that didn't wait, whatever came of it.
    last_try_write: Option<EventId>,
    /// The writers that keep new readers out until the lock has been free.
    waiting: Vec<ThreadId>,
    /// Since the last acquisition for writing: what began such a wait.
    waits: Vec<EventId>,
    /// And what gave the lock back during one.
    releases_while_waiting: Vec<EventId>,
    /// How often the lock has become free for those that wait.
    freed: u64,
    /// What has found the lock taken since it was.
    failed_tries: Vec<EventId>,
    /// Who asked for the poison since the last release by a writer.
    asks: Vec<EventId>,
    /// The last time that the poison was cleared.
    last_clear: Option<EventId>,
    /// How often each thread has taken it.
    takes: BTreeMap<ThreadId, u64>,
}

impl RwLock {
    fn is_free(&self) -> bool {
        self.writer.is_none() && self.readers.is_empty()
    }

    /// Whether a new reader may come in.
    fn is_open(&self) -> bool {
        self.writer.is_none() && self.waiting.is_empty()
    }

    fn read(&mut self, thread: ThreadId, event: EventId) -> Effect {
        if !self.is_open() {
            self.failed_tries.push(event);
            return Effect::idle(Outcome::Refused);
        }
        self.readers.push(thread);
        self.reads.push(event);
        self.taken_by(thread)
    }

    fn give_back(&mut self, thread: ThreadId, event: EventId) -> Effect {
        if let Some(found) = self.readers.iter().position(|&reader| reader == thread) {
            self.readers.swap_remove(found);
        }
        self.read_releases.push(event);
        if !self.waiting.is_empty() {
            self.releases_while_waiting.push(event);
            if self.readers.is_empty() {
                self.waiting.clear();
                self.failed_tries.clear();
                self.freed += 1;
            }
        }
        Effect::idle(Outcome::Done)
    }

    /// Takes it for writing, or says that a writer waits.
    fn write_or_wait(&mut self, thread: ThreadId, event: EventId) -> Effect {
        if self.is_free() {
            return self.write(thread, event);
        }
        self.waiting.push(thread);
        self.waits.push(event);
        Effect::idle(Outcome::Refused)
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
        self.waits.clear();
        self.releases_while_waiting.clear();
        self.taken_by(thread)
    }

    fn taken_by(&mut self, thread: ThreadId) -> Effect {
        *self.takes.entry(thread).or_default() += 1;
        Effect::idle(Outcome::Done)
    }

    /// How often others have taken it or let it go. Readers come in any order, so who was the
    /// last doesn't count.
    fn version(&self, thread: ThreadId) -> u64 {
        let others = self.takes.iter().filter(|(other, _)| **other != thread);
        self.freed + others.map(|(_, takes)| takes).sum::<u64>()
    }
}

impl Rules for Action {
    type State = RwLock;

    fn enabled(&self, lock: &RwLock, thread: ThreadId) -> bool {
        match self {
            Action::Read => lock.is_open(),
            Action::Write => lock.writer.is_none() && !lock.waiting.contains(&thread),
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
            Action::Read => lock.writer.or_else(|| lock.waiting.first().copied()),
            Action::Write => lock.writer.or_else(|| lock.readers.first().copied()),
            Action::TryRead
            | Action::ReadUnlock
            | Action::TryWrite
            | Action::WriteUnlock
            | Action::IsPoisoned
            | Action::ClearPoison => None,
        }
    }

    fn in_vain(&self, lock: &RwLock, thread: ThreadId) -> Option<Vain> {
        match self {
            Action::Read | Action::Write => Vain::repeat(lock.version(thread)),
            Action::TryRead if !lock.is_open() => Vain::poll(lock.version(thread)),
            Action::TryWrite if !lock.is_free() => Vain::poll(lock.version(thread)),
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
                links.race(&lock.waits);
                links.cause(&lock.last_write_release);
                links.cause(&lock.releases_while_waiting);
            }
            Action::TryRead => {
                links.race(&lock.last_write);
                if lock.writer.is_none() {
                    links.race(&lock.last_try_write);
                    links.race(&lock.last_write_release);
                    links.race(&lock.waits);
                    links.race(&lock.releases_while_waiting);
                }
            }
            Action::ReadUnlock => {
                links.race(&lock.last_try_write);
                links.race(&lock.waits);
                if !lock.waiting.is_empty() {
                    links.race(&lock.failed_tries);
                }
            }
            Action::Write => {
                links.race(&lock.last_write);
                links.race(&lock.reads);
                links.race(&lock.read_releases);
                links.race(&lock.failed_tries);
                links.cause(&lock.last_write_release);
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
            Action::Write => lock.write_or_wait(thread, event),
            Action::TryWrite => {
                lock.last_try_write = Some(event);
                lock.write(thread, event)
            }
            Action::ReadUnlock => lock.give_back(thread, event),
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
