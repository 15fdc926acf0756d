//! The primitives: everything that threads can do to each other and to the
//! world, one file each. A file says what the explorer has to know of the
//! primitive between two steps, when each of its operations is enabled, when
//! it tells the thread nothing new, what it changes, what it is ordered after,
//! and how it is said in words; see [`rules::Rules`]. Its table says which
//! pairs of operations are independent, and why; `tests/commute.rs` holds it to
//! that.
//!
//! To add a primitive: its file here, its face in `std` (such as
//! `sync/barrier.rs`), and its lines in this file, to all of which the compiler
//! leads. An operation more of one that is here: its file and its face.
//!
//! Two relations are kept apart. *Enabled by* is what an operation needs: a
//! cause, which never comes later. *Races with* is what could also have come
//! later. An event that found nothing to do (a `try_send` without room, a wait
//! that timed out, an `accept` that found nobody) enables nothing and takes
//! nothing away, so it is never the last event that a later one is held
//! against: it stands in a list of its own, which is cleared by what would have
//! given it another answer.
//!
//! Steps on different objects are independent, but for markers and the end of
//! the process, which are ordered against everything.

pub mod atomic;
pub mod barrier;
pub mod channel;
pub mod condvar;
pub mod job;
pub mod mutex;
pub mod network;
pub mod once;
pub mod output;
pub mod park;
pub mod pause;
pub mod process;
pub mod rules;
pub mod rwlock;
pub mod thread;

use crate::config::Config;
use crate::fact::facts;
use crate::vocabulary::{EventId, ObjectId, ThreadId};
use ::std::sync::Arc;
use rules::{Effect, Links, Names, Rules, Vain, Visitor};

/// An operation that a thread asks for: an object, where it is done to one,
/// and an action. What came of it is an [`Outcome`](crate::vocabulary::Outcome).
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// Spawn, start, join or end a thread.
    Thread(thread::Action),
    /// Park or unpark a thread.
    Park(park::Action),
    /// Yield or sleep.
    Pause(pause::Action),
    /// A `Mutex`.
    Mutex(ObjectId, mutex::Action),
    /// An `RwLock`.
    RwLock(ObjectId, rwlock::Action),
    /// A `Condvar`.
    Condvar(ObjectId, condvar::Action),
    /// A channel of `mpsc`.
    Channel(ObjectId, channel::Action),
    /// A `Barrier`.
    Barrier(ObjectId, barrier::Action),
    /// A `Once`, `OnceLock` or `LazyLock`.
    Once(ObjectId, once::Action),
    /// An atomic.
    Atomic(ObjectId, atomic::Action),
    /// A listener or a connection.
    Network(network::Action),
    /// Print, or take the lock of an output stream.
    Output(output::Action),
    /// A scenario's job.
    Job(job::Action),
    /// The end of the process, or a marked point.
    Process(process::Action),
}

facts!(enum Op {
    "thread" Thread(action),
    "park" Park(action),
    "pause" Pause(action),
    "mutex" Mutex(object, action),
    "rwlock" RwLock(object, action),
    "condvar" Condvar(object, action),
    "channel" Channel(object, action),
    "barrier" Barrier(object, action),
    "once" Once(object, action),
    "atomic" Atomic(object, action),
    "network" Network(action),
    "output" Output(action),
    "job" Job(action),
    "process" Process(action),
});

/// What the explorer has to know of one object between two steps.
#[derive(Debug)]
pub enum Body {
    /// A `Mutex`.
    Mutex(mutex::Mutex),
    /// An `RwLock`.
    RwLock(rwlock::RwLock),
    /// A `Condvar`.
    Condvar(condvar::Condvar),
    /// A channel of `mpsc`.
    Channel(channel::Channel),
    /// A `Barrier`.
    Barrier(barrier::Barrier),
    /// A `Once`, `OnceLock` or `LazyLock`.
    Once(once::Once),
    /// An atomic.
    Atomic(atomic::Atomic),
    /// It is part of the [`network::Network`] or of the [`output::Outputs`].
    Elsewhere,
}

/// All that the explorer has to know between two steps.
#[derive(Debug)]
pub struct World {
    /// One for each object.
    pub bodies: Vec<Body>,
    /// One for each thread.
    pub lives: Vec<thread::Life>,
    /// One for each thread.
    pub parkers: Vec<park::Parker>,
    /// The clients and their connections.
    pub network: network::Network,
    /// The output streams.
    pub outputs: output::Outputs,
    /// The process.
    pub process: process::Process,
}

/// Calls the rules of an operation with the state that they are about.
macro_rules! with_rules {
    ($world:ident $($mutable:ident)?, $op:expr, |$action:ident, $state:ident| $call:expr) => {
        match $op {
            Op::Thread($action) => { let $state = &$($mutable)? $world.lives; $call }
            Op::Park($action) => { let $state = &$($mutable)? $world.parkers; $call }
            Op::Pause($action) => { let $state = &$($mutable)? (); $call }
            Op::Network($action) => { let $state = &$($mutable)? $world.network; $call }
            Op::Output($action) => { let $state = &$($mutable)? $world.outputs; $call }
            Op::Job($action) => { let $state = &$($mutable)? (); $call }
            Op::Process($action) => { let $state = &$($mutable)? $world.process; $call }
            Op::Mutex(object, $action) => match &$($mutable)? $world.bodies[*object] {
                Body::Mutex($state) => $call,
                other => unreachable!("object {object} is no mutex but {other:?}"),
            },
            Op::RwLock(object, $action) => match &$($mutable)? $world.bodies[*object] {
                Body::RwLock($state) => $call,
                other => unreachable!("object {object} is no read-write lock but {other:?}"),
            },
            Op::Condvar(object, $action) => match &$($mutable)? $world.bodies[*object] {
                Body::Condvar($state) => $call,
                other => unreachable!("object {object} is no condition variable but {other:?}"),
            },
            Op::Channel(object, $action) => match &$($mutable)? $world.bodies[*object] {
                Body::Channel($state) => $call,
                other => unreachable!("object {object} is no channel but {other:?}"),
            },
            Op::Barrier(object, $action) => match &$($mutable)? $world.bodies[*object] {
                Body::Barrier($state) => $call,
                other => unreachable!("object {object} is no barrier but {other:?}"),
            },
            Op::Once(object, $action) => match &$($mutable)? $world.bodies[*object] {
                Body::Once($state) => $call,
                other => unreachable!("object {object} is no once but {other:?}"),
            },
            Op::Atomic(object, $action) => match &$($mutable)? $world.bodies[*object] {
                Body::Atomic($state) => $call,
                other => unreachable!("object {object} is no atomic but {other:?}"),
            },
        }
    };
}

/// Calls an action's method that needs no state.
macro_rules! with_action {
    ($op:expr, |$action:ident| $call:expr) => {
        match $op {
            Op::Thread($action) => $call,
            Op::Park($action) => $call,
            Op::Pause($action) => $call,
            Op::Mutex(_, $action) => $call,
            Op::RwLock(_, $action) => $call,
            Op::Condvar(_, $action) => $call,
            Op::Channel(_, $action) => $call,
            Op::Barrier(_, $action) => $call,
            Op::Once(_, $action) => $call,
            Op::Atomic(_, $action) => $call,
            Op::Network($action) => $call,
            Op::Output($action) => $call,
            Op::Job($action) => $call,
            Op::Process($action) => $call,
        }
    };
}

impl World {
    /// The world before the first step.
    pub fn new(config: Arc<Config>) -> World {
        World {
            bodies: Vec::new(),
            lives: Vec::new(),
            parkers: Vec::new(),
            network: network::Network::new(config),
            outputs: output::Outputs::default(),
            process: process::Process::default(),
        }
    }

    /// Whether `thread` can do `op` now.
    pub fn enabled(&self, thread: ThreadId, op: &Op) -> bool {
        with_rules!(self, op, |action, state| action.enabled(state, thread))
    }

    /// The thread that keeps `thread` from doing `op`, if it is one.
    pub fn waits_for(&self, thread: ThreadId, op: &Op) -> Option<ThreadId> {
        with_rules!(self, op, |action, state| action.waits_for(state, thread))
    }

    /// Whether `op`, done now, would tell `thread` nothing new.
    pub fn in_vain(&self, thread: ThreadId, op: &Op) -> Option<Vain> {
        with_rules!(self, op, |action, state| action.in_vain(state, thread))
    }

    /// Adds the events that `op`, done now by `thread`, comes after.
    pub fn order(&self, thread: ThreadId, op: &Op, links: &mut Links) {
        if let Some(first) = op.first() {
            self.order(thread, &first, links);
        }
        with_rules!(self, op, |action, state| action.order(state, thread, links));
    }

    /// Does `op`, which is enabled, as event number `event`.
    pub fn perform(&mut self, thread: ThreadId, op: &Op, event: EventId) -> Effect {
        if let Some(first) = op.first() {
            self.perform(thread, &first, event);
        }
        with_rules!(self mut, op, |action, state| action.perform(state, thread, event))
    }

    /// The channel with this number.
    pub fn channel_mut(&mut self, object: ObjectId) -> &mut channel::Channel {
        match &mut self.bodies[object] {
            Body::Channel(channel) => channel,
            other => unreachable!("object {object} is no channel but {other:?}"),
        }
    }

    /// The atomic with this number.
    pub fn atomic_mut(&mut self, object: ObjectId) -> &mut atomic::Atomic {
        match &mut self.bodies[object] {
            Body::Atomic(atomic) => atomic,
            other => unreachable!("object {object} is no atomic but {other:?}"),
        }
    }

    /// How many channels have a sender.
    pub fn channels(&self) -> usize {
        let open = |body: &&Body| matches!(body, Body::Channel(channel) if channel.has_sender());
        self.bodies.iter().filter(open).count()
    }
}

impl Op {
    /// What it does before it does the rest, in the same step.
    fn first(&self) -> Option<Op> {
        match self {
            Op::Condvar(_, action) => {
                let lock = action.gives_back()?;
                Some(Op::Mutex(lock, mutex::Action::Unlock))
            }
            Op::Thread(_)
            | Op::Park(_)
            | Op::Pause(_)
            | Op::Mutex(..)
            | Op::RwLock(..)
            | Op::Channel(..)
            | Op::Barrier(..)
            | Op::Once(..)
            | Op::Atomic(..)
            | Op::Network(_)
            | Op::Output(_)
            | Op::Job(_)
            | Op::Process(_) => None,
        }
    }

    /// The object that it is done to.
    pub fn object(&self) -> Option<ObjectId> {
        match self {
            Op::Mutex(object, _)
            | Op::RwLock(object, _)
            | Op::Condvar(object, _)
            | Op::Channel(object, _)
            | Op::Barrier(object, _)
            | Op::Once(object, _)
            | Op::Atomic(object, _) => Some(*object),
            Op::Network(action) => Some(action.object()),
            Op::Output(action) => action.object(),
            Op::Thread(_) | Op::Park(_) | Op::Pause(_) | Op::Job(_) | Op::Process(_) => None,
        }
    }

    /// The operation in plain words, as what a thread is about to do:
    /// `take the lock`, `receive from the channel`.
    pub fn words(&self, names: &dyn Names) -> String {
        let object = self
            .object()
            .map_or(String::new(), |object| names.object(object));
        with_action!(self, |action| action.words(&object, names))
    }

    /// Visits each number of a thread or an object in the operation.
    pub fn visit(&mut self, visitor: &mut dyn Visitor) {
        if let Op::Mutex(object, _)
        | Op::RwLock(object, _)
        | Op::Condvar(object, _)
        | Op::Channel(object, _)
        | Op::Barrier(object, _)
        | Op::Once(object, _)
        | Op::Atomic(object, _) = self
        {
            visitor.object(object);
        }
        with_action!(self, |action| action.visit(visitor));
    }
}
