//! The atomics. All orderings are taken for `SeqCst`.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two loads | yes |
//! | any other two | no: one writes what the other reads or overwrites |
//!
//! The value itself is kept by the shadow type, which says what it was and has
//! become once the step is made.

use super::rules::{Effect, Links, Names, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, Outcome, ThreadId};

/// What is done with an atomic; the value written is part of
/// [`Outcome::Value`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// `load`
    Load,
    /// `store`
    Store,
    /// `swap`, `fetch_add` and the like
    Update,
    /// `compare_exchange` and the like
    CompareExchange,
}

facts!(enum Action {
    "load" Load,
    "store" Store,
    "update" Update,
    "compare-exchange" CompareExchange,
});

/// Who has used it.
#[derive(Clone, Debug, Default)]
pub struct Atomic {
    last_write: Option<EventId>,
    /// Since the last write.
    reads: Vec<EventId>,
    /// How often the value changed.
    version: u64,
}

impl Atomic {
    /// The value has changed.
    pub fn changed(&mut self) {
        self.version += 1;
    }
}

impl Rules for Action {
    type State = Atomic;

    fn enabled(&self, _: &Atomic, _: ThreadId) -> bool {
        match self {
            Action::Load | Action::Store | Action::Update | Action::CompareExchange => true,
        }
    }

    fn waits_for(&self, _: &Atomic, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Load | Action::Store | Action::Update | Action::CompareExchange => None,
        }
    }

    fn in_vain(&self, atomic: &Atomic, _: ThreadId) -> Option<Vain> {
        match self {
            Action::Store => None,
            Action::Load | Action::Update | Action::CompareExchange => Vain::poll(atomic.version),
        }
    }

    fn order(&self, atomic: &Atomic, _: ThreadId, links: &mut Links) {
        links.race(&atomic.last_write);
        match self {
            Action::Load => {}
            Action::Store | Action::Update | Action::CompareExchange => links.race(&atomic.reads),
        }
    }

    fn perform(&self, atomic: &mut Atomic, _: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Load => atomic.reads.push(event),
            Action::Store | Action::Update | Action::CompareExchange => {
                atomic.last_write = Some(event);
                atomic.reads.clear();
            }
        }
        Effect::idle(Outcome::Done)
    }

    fn words(&self, object: &str, _: &dyn Names) -> String {
        match self {
            Action::Load => format!("load {object}"),
            Action::Store => format!("store to {object}"),
            Action::Update => format!("update {object}"),
            Action::CompareExchange => format!("compare and exchange {object}"),
        }
    }

    fn visit(&mut self, _: &mut dyn Visitor) {
        match self {
            Action::Load | Action::Store | Action::Update | Action::CompareExchange => {}
        }
    }
}
