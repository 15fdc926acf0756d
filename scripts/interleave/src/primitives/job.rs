//! What a scenario notes about the jobs that it gives to a pool. These notes
//! are independent of every step of every other thread.

use super::rules::{Effect, Links, Names, Part, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, ObjectId, Outcome, ThreadId};

/// What is noted.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// A scenario queues job number `job`.
    Queued { job: usize },
    /// Job number `job` starts to run.
    Started { job: usize },
    /// Job number `job` has run to its end.
    Finished { job: usize },
    /// Job number `job` is about to panic.
    Panics { job: usize },
}

facts!(enum Action {
    "queued" Queued { job },
    "started" Started { job },
    "finished" Finished { job },
    "panics" Panics { job },
});

impl Rules for Action {
    type State = ();

    fn enabled(&self, _: &(), _: ThreadId) -> bool {
        true
    }

    fn waits_for(&self, _: &(), _: ThreadId) -> Option<ThreadId> {
        None
    }

    fn in_vain(&self, _: &(), _: ThreadId) -> Option<Vain> {
        None
    }

    fn order(&self, _: &(), _: ThreadId, _: &mut Links) {}

    fn perform(&self, _: &mut (), _: ThreadId, _: EventId) -> Effect {
        Effect::progress(Outcome::Done)
    }

    fn words(&self, _: &str, _: &dyn Names) -> String {
        match self {
            Action::Queued { job } => format!("give job {job} to the pool"),
            Action::Started { job } => format!("start job {job}"),
            Action::Finished { job } => format!("finish job {job}"),
            Action::Panics { job } => format!("job {job} panics"),
        }
    }

    fn visit(&mut self, _: &mut dyn Visitor) {}
}

impl Part for Action {
    fn object(&self) -> Option<ObjectId> {
        None
    }
}
