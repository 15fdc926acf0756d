//! `yield_now`, `spin_loop` and `sleep`: steps that only let others go first.
//!
//! They are independent of every step of every other thread. Sleeping takes
//! virtual time, which is the thread's own.

use super::rules::{Effect, Links, Names, Part, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, ObjectId, Outcome, ThreadId};
use ::std::time::Duration;

/// How a thread pauses.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// `thread::yield_now`, `hint::spin_loop`.
    Yield,
    /// `thread::sleep`.
    Sleep { time: Duration },
}

facts!(enum Action {
    "yield" Yield,
    "sleep" Sleep { time },
});

impl Rules for Action {
    type State = ();

    fn enabled(&self, _: &(), _: ThreadId) -> bool {
        match self {
            Action::Yield | Action::Sleep { .. } => true,
        }
    }

    fn waits_for(&self, _: &(), _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Yield | Action::Sleep { .. } => None,
        }
    }

    fn in_vain(&self, _: &(), _: ThreadId) -> Option<Vain> {
        match self {
            Action::Yield | Action::Sleep { .. } => Vain::repeat(0),
        }
    }

    fn order(&self, _: &(), _: ThreadId, _: &mut Links) {
        match self {
            Action::Yield | Action::Sleep { .. } => {}
        }
    }

    fn perform(&self, _: &mut (), _: ThreadId, _: EventId) -> Effect {
        let takes = match self {
            Action::Yield => Duration::ZERO,
            Action::Sleep { time } => *time,
        };
        Effect {
            takes,
            ..Effect::idle(Outcome::Done)
        }
    }

    fn words(&self, _: &str, _: &dyn Names) -> String {
        match self {
            Action::Yield => "yield".to_string(),
            Action::Sleep { time } => format!("sleep {time:?}"),
        }
    }

    fn visit(&mut self, _: &mut dyn Visitor) {
        match self {
            Action::Yield | Action::Sleep { .. } => {}
        }
    }
}

impl Part for Action {
    fn object(&self) -> Option<ObjectId> {
        None
    }
}
