//! `thread::park` and the token that `unpark` leaves.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | a thread's park, with or without a time-out, and an unpark of it | no: the token ends the park, and a park takes it away |
//! | two unparks of one thread | yes: the token is there after either |

use super::rules::{Effect, Links, Names, Part, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, ObjectId, Outcome, ThreadId};

/// What a thread does with tokens.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Wait for the thread's token.
    Park,
    /// Wait for the thread's token, not for ever.
    ParkTimeout,
    /// Hand a thread its token.
    Unpark { thread: ThreadId },
}

facts!(enum Action {
    "park" Park,
    "park-timeout" ParkTimeout,
    "unpark" Unpark { thread },
});

/// One thread's token.
#[derive(Clone, Debug, Default)]
pub struct Parker {
    token: bool,
    unparks: Vec<EventId>,
    last_park: Option<EventId>,
}

impl Rules for Action {
    type State = Vec<Parker>;

    fn enabled(&self, parkers: &Vec<Parker>, thread: ThreadId) -> bool {
        match self {
            Action::Park => parkers[thread].token,
            Action::ParkTimeout | Action::Unpark { .. } => true,
        }
    }

    fn waits_for(&self, _: &Vec<Parker>, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Park | Action::ParkTimeout | Action::Unpark { .. } => None,
        }
    }

    fn in_vain(&self, parkers: &Vec<Parker>, thread: ThreadId) -> Option<Vain> {
        match self {
            Action::ParkTimeout if !parkers[thread].token => Vain::poll(0),
            Action::ParkTimeout | Action::Park | Action::Unpark { .. } => None,
        }
    }

    fn order(&self, parkers: &Vec<Parker>, thread: ThreadId, links: &mut Links) {
        match self {
            Action::Park | Action::ParkTimeout => links.race(&parkers[thread].unparks),
            Action::Unpark { thread } => links.race(&parkers[*thread].last_park),
        }
    }

    fn perform(&self, parkers: &mut Vec<Parker>, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Park | Action::ParkTimeout => {
                let parker = &mut parkers[thread];
                let woken = ::std::mem::take(&mut parker.token);
                parker.unparks.clear();
                parker.last_park = Some(event);
                if woken {
                    Effect::progress(Outcome::Done)
                } else {
                    Effect::idle(Outcome::TimedOut)
                }
            }
            Action::Unpark { thread } => {
                let parker = &mut parkers[*thread];
                parker.token = true;
                parker.unparks.push(event);
                Effect::progress(Outcome::Done)
            }
        }
    }

    fn words(&self, _: &str, names: &dyn Names) -> String {
        match self {
            Action::Park => "park".to_string(),
            Action::ParkTimeout => "park with a time-out".to_string(),
            Action::Unpark { thread } => format!("unpark {}", names.thread(*thread)),
        }
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        match self {
            Action::Park | Action::ParkTimeout => {}
            Action::Unpark { thread } => visitor.thread(thread),
        }
    }
}

impl Part for Action {
    fn object(&self) -> Option<ObjectId> {
        None
    }
}
