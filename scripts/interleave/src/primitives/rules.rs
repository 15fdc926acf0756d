//! What every primitive has to say about its operations, see [`Rules`].

use crate::vocabulary::{EventId, ObjectId, Outcome, ThreadId};
use ::std::time::Duration;

/// The rules of one primitive, for each of its actions.
///
/// Every method is one exhaustive `match` over the actions: whoever adds an
/// action is led by the compiler to all that has to be said about it.
pub trait Rules {
    /// What the explorer has to know of the object between two steps.
    type State;

    /// Whether `thread` can do this now.
    fn enabled(&self, state: &Self::State, thread: ThreadId) -> bool;

    /// The thread that keeps this from being done, if it is one.
    fn waits_for(&self, state: &Self::State, thread: ThreadId) -> Option<ThreadId>;

    /// Whether this, done now, would tell the thread nothing new.
    fn in_vain(&self, state: &Self::State, thread: ThreadId) -> Option<Vain>;

    /// The events that this, done now, is ordered after. Of two steps of
    /// different threads that this doesn't link, neither can see whether it
    /// was first: they are *independent*. `tests/commute` holds it to that.
    fn order(&self, state: &Self::State, thread: ThreadId, links: &mut Links);

    /// Does this, which is enabled, as event number `event`.
    fn perform(&self, state: &mut Self::State, thread: ThreadId, event: EventId) -> Effect;

    /// What it is in words: `take the lock`. `object` is the name of the
    /// object that it is done to.
    fn words(&self, object: &str, names: &dyn Names) -> String;

    /// Visits each number of a thread or an object in the action itself.
    fn visit(&mut self, visitor: &mut dyn Visitor);
}

/// The actions of a primitive whose state is a part of the world.
pub trait Part: Rules {
    /// The object that this is done to, if it is done to one.
    fn object(&self) -> Option<ObjectId>;
}

/// An operation tells the thread nothing new as long as the version is the same.
#[derive(Clone, Copy, Debug)]
pub struct Vain {
    /// Grows with each change that another answer could come from.
    pub version: u64,
    /// How often it may be done all the same.
    pub bound: Bound,
}

/// How often a thread may do the same in vain.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Bound {
    /// It looks whether something has changed.
    Polls,
    /// It yields, sleeps or takes a lock, which may be part of looking.
    Repeats,
}

impl Vain {
    /// A look at something that has this version.
    pub fn poll(version: u64) -> Option<Vain> {
        Some(Vain {
            version,
            bound: Bound::Polls,
        })
    }

    /// A step on the way to a look.
    pub fn repeat(version: u64) -> Option<Vain> {
        Some(Vain {
            version,
            bound: Bound::Repeats,
        })
    }
}

/// What an operation has done.
#[derive(Clone, Debug)]
pub struct Effect {
    /// What came of it.
    pub outcome: Outcome,
    /// Whether it changed something: then nobody polls in vain any more.
    pub progress: bool,
    /// How much virtual time it took.
    pub takes: Duration,
}

impl Effect {
    /// It changed something.
    pub fn progress(outcome: Outcome) -> Effect {
        Effect {
            outcome,
            progress: true,
            takes: Duration::ZERO,
        }
    }

    /// It changed nothing that a loop could wait for.
    pub fn idle(outcome: Outcome) -> Effect {
        Effect {
            progress: false,
            ..Effect::progress(outcome)
        }
    }
}

/// Says how threads and objects are called.
pub trait Names {
    /// `main`, or the name that it was given, or `thread 3`.
    fn thread(&self, thread: ThreadId) -> String;

    /// `the lock` if there is only one, else `lock 2`.
    fn object(&self, object: ObjectId) -> String;
}

/// Sees the numbers in an operation, and may change them.
pub trait Visitor {
    /// A thread that it is about.
    fn thread(&mut self, thread: &mut ThreadId);

    /// An object that it is done to.
    fn object(&mut self, object: &mut ObjectId);
}

/// Which events an event is ordered after. The first `races` of them could
/// also have come after it; the others, its causes, made it possible.
#[derive(Clone, Debug, Default)]
pub struct Links {
    /// All of them.
    pub events: Vec<EventId>,
    /// How many of them are in a race with it.
    pub races: usize,
    /// It is in a race with the last event of every other thread.
    pub with_all: bool,
    /// The event of the same thread before it.
    pub previous: Option<EventId>,
    /// The thread's virtual time after it.
    pub time: Duration,
}

impl Links {
    /// Adds events that could also have come later.
    pub fn race<'a>(&mut self, events: impl IntoIterator<Item = &'a EventId>) {
        for &event in events {
            match self.events.iter().position(|&known| known == event) {
                Some(known) if known < self.races => continue,
                // What is a race and a cause counts as a race.
                Some(known) => {
                    self.events.remove(known);
                }
                None => {}
            }
            self.events.insert(self.races, event);
            self.races += 1;
        }
    }

    /// Adds events that made it possible.
    pub fn cause<'a>(&mut self, events: impl IntoIterator<Item = &'a EventId>) {
        for &event in events {
            if !self.events.contains(&event) {
                self.events.push(event);
            }
        }
    }
}
