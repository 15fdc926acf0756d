//! `Barrier`. Waiting at it is two steps: to arrive, and, but for the last of
//! a round, to pass.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two arrivals | no: the last one is the leader |
//! | the last arrival of a round and a passing | never both possible: it enables the passing |
//! | two passings, or a passing and an arrival of the next round | yes |

use super::rules::{Effect, Links, Names, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, Outcome, ThreadId};
use ::std::collections::BTreeMap;

/// What is done with a barrier.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Arrive at it.
    Arrive,
    /// Go on once everybody has arrived.
    Pass,
}

facts!(enum Action {
    "arrive" Arrive,
    "pass" Pass,
});

/// Who has arrived.
#[derive(Clone, Debug)]
pub struct Barrier {
    size: usize,
    arrived: usize,
    /// The events that completed each round.
    rounds: Vec<EventId>,
    /// The round that each thread arrived for.
    waiting: BTreeMap<ThreadId, usize>,
    last_arrive: Option<EventId>,
}

impl Barrier {
    /// A barrier for `size` threads.
    pub fn new(size: usize) -> Barrier {
        Barrier {
            size,
            arrived: 0,
            rounds: Vec::new(),
            waiting: BTreeMap::new(),
            last_arrive: None,
        }
    }

    fn round_of(&self, thread: ThreadId) -> usize {
        self.waiting.get(&thread).copied().unwrap_or(0)
    }
}

impl Rules for Action {
    type State = Barrier;

    fn enabled(&self, barrier: &Barrier, thread: ThreadId) -> bool {
        match self {
            Action::Arrive => true,
            Action::Pass => barrier.rounds.len() > barrier.round_of(thread),
        }
    }

    fn waits_for(&self, _: &Barrier, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Arrive | Action::Pass => None,
        }
    }

    fn in_vain(&self, _: &Barrier, _: ThreadId) -> Option<Vain> {
        match self {
            Action::Arrive | Action::Pass => None,
        }
    }

    fn order(&self, barrier: &Barrier, thread: ThreadId, links: &mut Links) {
        match self {
            Action::Arrive => links.race(&barrier.last_arrive),
            Action::Pass => links.cause(barrier.rounds.get(barrier.round_of(thread))),
        }
    }

    fn perform(&self, barrier: &mut Barrier, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Arrive => {
                barrier.last_arrive = Some(event);
                barrier.waiting.insert(thread, barrier.rounds.len());
                barrier.arrived += 1;
                let leader = barrier.arrived >= barrier.size;
                if leader {
                    barrier.arrived = 0;
                    barrier.rounds.push(event);
                }
                Effect::progress(Outcome::Answer { yes: leader })
            }
            Action::Pass => Effect::idle(Outcome::Done),
        }
    }

    fn words(&self, object: &str, _: &dyn Names) -> String {
        match self {
            Action::Arrive => format!("arrive at {object}"),
            Action::Pass => format!("pass {object}"),
        }
    }

    fn visit(&mut self, _: &mut dyn Visitor) {
        match self {
            Action::Arrive | Action::Pass => {}
        }
    }
}
