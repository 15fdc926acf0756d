//! `Mutex`.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two that take it (`lock`, `try_lock`) | no: only one gets it |
//! | a release and a `lock` | never both possible: the release enables the `lock` |
//! | a release and a `try_lock` in vain | no: it would have got it |
//! | two `try_lock` in vain | yes: neither changes anything |
//! | `is_poisoned` and a release | no: the release may poison it |
//! | `is_poisoned` and one that takes it | yes: taking neither poisons nor heals |
//! | `clear_poison` and any other but a `try_lock` in vain | no: the poison is seen by whoever takes it, asks, or leaves it |
//! | two `is_poisoned` | yes |

use super::rules::{Effect, Links, Names, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, Outcome, ThreadId};

/// What is done with a mutex.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Take it.
    Lock,
    /// Take it if it is free.
    TryLock,
    /// Give it back.
    Unlock,
    /// Ask whether it is poisoned.
    IsPoisoned,
    /// Forget that it is poisoned.
    ClearPoison,
}

facts!(enum Action {
    "lock" Lock,
    "try-lock" TryLock,
    "unlock" Unlock,
    "is-poisoned" IsPoisoned,
    "clear-poison" ClearPoison,
});

/// Who has it.
#[derive(Clone, Debug, Default)]
pub struct Mutex {
    holder: Option<ThreadId>,
    last_owner: Option<ThreadId>,
    last_acquire: Option<EventId>,
    last_release: Option<EventId>,
    /// What has seen it held since it was taken.
    failed_tries: Vec<EventId>,
    /// Who asked for the poison since the last release.
    asks: Vec<EventId>,
    /// The last time that the poison was cleared.
    last_clear: Option<EventId>,
    /// How often it changed hands.
    version: u64,
}

impl Mutex {
    fn take(&mut self, thread: ThreadId, event: EventId) -> Effect {
        if self.holder.is_some() {
            self.failed_tries.push(event);
            return Effect::idle(Outcome::Refused);
        }
        self.holder = Some(thread);
        if self.last_owner != Some(thread) {
            self.last_owner = Some(thread);
            self.version += 1;
        }
        self.last_acquire = Some(event);
        Effect::idle(Outcome::Done)
    }
}

impl Rules for Action {
    type State = Mutex;

    fn enabled(&self, mutex: &Mutex, _: ThreadId) -> bool {
        match self {
            Action::Lock => mutex.holder.is_none(),
            Action::TryLock | Action::Unlock | Action::IsPoisoned | Action::ClearPoison => true,
        }
    }

    fn waits_for(&self, mutex: &Mutex, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Lock => mutex.holder,
            Action::TryLock | Action::Unlock | Action::IsPoisoned | Action::ClearPoison => None,
        }
    }

    fn in_vain(&self, mutex: &Mutex, _: ThreadId) -> Option<Vain> {
        match self {
            Action::Lock => Vain::repeat(mutex.version),
            Action::TryLock if mutex.holder.is_some() => Vain::poll(mutex.version),
            Action::TryLock | Action::Unlock | Action::IsPoisoned | Action::ClearPoison => None,
        }
    }

    fn order(&self, mutex: &Mutex, _: ThreadId, links: &mut Links) {
        // Who finds it taken sees no poison.
        if *self != Action::TryLock || mutex.holder.is_none() {
            links.race(&mutex.last_clear);
        }
        match self {
            Action::Lock => {
                links.race(&mutex.last_acquire);
                links.cause(&mutex.last_release);
            }
            Action::TryLock => {
                links.race(&mutex.last_acquire);
                if mutex.holder.is_none() {
                    links.race(&mutex.last_release);
                }
            }
            Action::Unlock => {
                links.race(&mutex.failed_tries);
                links.race(&mutex.asks);
            }
            Action::IsPoisoned => links.race(&mutex.last_release),
            Action::ClearPoison => {
                links.race(&mutex.asks);
                links.race(&mutex.last_acquire);
                links.race(&mutex.last_release);
            }
        }
    }

    fn perform(&self, mutex: &mut Mutex, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Lock | Action::TryLock => mutex.take(thread, event),
            Action::Unlock => {
                mutex.holder = None;
                mutex.last_release = Some(event);
                mutex.failed_tries.clear();
                mutex.asks.clear();
                Effect::idle(Outcome::Done)
            }
            Action::IsPoisoned => {
                mutex.asks.push(event);
                Effect::idle(Outcome::Done)
            }
            Action::ClearPoison => {
                mutex.last_clear = Some(event);
                Effect::progress(Outcome::Done)
            }
        }
    }

    fn words(&self, object: &str, _: &dyn Names) -> String {
        match self {
            Action::Lock => format!("take {object}"),
            Action::TryLock => format!("try to take {object}"),
            Action::Unlock => format!("release {object}"),
            Action::IsPoisoned => format!("ask whether {object} is poisoned"),
            Action::ClearPoison => format!("clear the poison of {object}"),
        }
    }

    fn visit(&mut self, _: &mut dyn Visitor) {
        match self {
            Action::Lock
            | Action::TryLock
            | Action::Unlock
            | Action::IsPoisoned
            | Action::ClearPoison => {}
        }
    }
}
