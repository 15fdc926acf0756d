//! The primitives: everything that threads can do to each other and to the
//! world, one file each. A file says what the explorer has to know of the
//! primitive between two steps, when each of its operations is enabled, when
//! it tells the thread nothing new, what it changes, what it is ordered after,
//! and how it is said in words; see [`rules::Rules`]. Its table says which
//! pairs of operations are independent, and why; `tests/commute` holds it to
//! that.
//!
//! To add an operation to a primitive that is here: a variant of its `Action`, to
//! which the compiler asks for all the rest in the same file, and its face in `std`.
//! To add a primitive: its file here with the two lines that name it below, and
//! its face, such as `sync/barrier.rs`. `tests/commute` then gets a topic, and says
//! which pairs of its operations are independent.
//!
//! Two relations are kept apart. *Enabled by* is what an operation needs: a
//! cause, which never comes later. *Races with* is what could also have come
//! later. An event that found nothing to do (a `try_send` without room, a wait
//! that timed out, an `accept` that found nobody) enables nothing and takes
//! nothing away, so it is never the last event that a later one is held
//! against: it stands in a list of its own, which is cleared by what would have
//! given it another answer.
//!
//! Steps on different objects are independent, but for exits and aborts of the
//! process, which are ordered against everything.

#![warn(clippy::wildcard_enum_match_arm)]

pub mod atomic;
pub mod barrier;
pub mod channel;
pub mod condvar;
pub mod count;
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
use rules::{Effect, Links, Names, Part, Rules, Vain, Visitor};

/// Registers the primitives: those of which there are many objects, each with its
/// state, and those whose state is a part of the [`World`].
macro_rules! primitives {
    (
        objects {
            $($(#[$text:meta])* $code:literal $object:ident($body:ty, $action:ty),)+
        }
        parts {
            $($(#[$part_text:meta])* $part_code:literal $part:ident($field:ident, $part_action:ty),)+
        }
    ) => {
        /// An operation that a thread asks for: an object, where it is done to
        /// one, and an action. What came of it is an
        /// [`Outcome`](crate::trace::Outcome).
        #[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
        pub enum Op {
            $($(#[$text])* $object(ObjectId, $action),)+
            $($(#[$part_text])* $part($part_action),)+
        }

        facts!(enum Op {
            $($code $object(object, action),)+
            $($part_code $part(action),)+
        });

        /// What the explorer has to know of one object between two steps.
        #[derive(Clone, Debug)]
        pub enum Body {
            $($(#[$text])* $object($body),)+
            /// It is in another part of the [`World`].
            Elsewhere,
        }

        /// Calls the rules of an operation with the state that they are about.
        impl World {
            /// Whether `thread` can do `op` now.
            pub fn enabled(&self, thread: ThreadId, op: &Op) -> bool {
                match op {
                    $(Op::$object(object, action) => match &self.bodies[*object] {
                        Body::$object(state) => action.enabled(state, thread),
                        other => mistaken(op, other),
                    },)+
                    $(Op::$part(action) => action.enabled(&self.$field, thread),)+
                }
            }

            /// The thread that keeps `thread` from doing `op`, if it is one.
            pub fn waits_for(&self, thread: ThreadId, op: &Op) -> Option<ThreadId> {
                match op {
                    $(Op::$object(object, action) => match &self.bodies[*object] {
                        Body::$object(state) => action.waits_for(state, thread),
                        other => mistaken(op, other),
                    },)+
                    $(Op::$part(action) => action.waits_for(&self.$field, thread),)+
                }
            }

            /// Whether `op`, done now, would tell `thread` nothing new.
            pub fn in_vain(&self, thread: ThreadId, op: &Op) -> Option<Vain> {
                match op {
                    $(Op::$object(object, action) => match &self.bodies[*object] {
                        Body::$object(state) => action.in_vain(state, thread),
                        other => mistaken(op, other),
                    },)+
                    $(Op::$part(action) => action.in_vain(&self.$field, thread),)+
                }
            }

            fn order_one(&self, thread: ThreadId, op: &Op, links: &mut Links) {
                match op {
                    $(Op::$object(object, action) => match &self.bodies[*object] {
                        Body::$object(state) => action.order(state, thread, links),
                        other => mistaken(op, other),
                    },)+
                    $(Op::$part(action) => action.order(&self.$field, thread, links),)+
                }
            }

            fn perform_one(&mut self, thread: ThreadId, op: &Op, event: EventId) -> Effect {
                match op {
                    $(Op::$object(object, action) => match &mut self.bodies[*object] {
                        Body::$object(state) => action.perform(state, thread, event),
                        other => mistaken(op, other),
                    },)+
                    $(Op::$part(action) => action.perform(&mut self.$field, thread, event),)+
                }
            }
        }

        impl Op {
            /// The operation in plain words, as what a thread is about to do:
            /// `take the lock`, `receive from the channel`.
            pub fn words(&self, names: &dyn Names) -> String {
                let name = |object| names.object(object);
                let object = self.object().map_or(String::new(), name);
                match self {
                    $(Op::$object(_, action) => action.words(&object, names),)+
                    $(Op::$part(action) => action.words(&object, names),)+
                }
            }

            /// The object that it is done to.
            pub fn object(&self) -> Option<ObjectId> {
                match self {
                    $(Op::$object(object, _) => Some(*object),)+
                    $(Op::$part(action) => action.object(),)+
                }
            }

            /// Visits each number of a thread or an object in the operation.
            pub fn visit(&mut self, visitor: &mut dyn Visitor) {
                match self {
                    $(Op::$object(object, action) => {
                        visitor.object(object);
                        action.visit(visitor);
                    })+
                    $(Op::$part(action) => action.visit(visitor),)+
                }
            }
        }
    };
}

primitives! {
    objects {
        /// A `Mutex`.
        "mutex" Mutex(mutex::Mutex, mutex::Action),
        /// An `RwLock`.
        "rwlock" RwLock(rwlock::RwLock, rwlock::Action),
        /// A `Condvar`.
        "condvar" Condvar(condvar::Condvar, condvar::Action),
        /// A channel of `mpsc`.
        "channel" Channel(channel::Channel, channel::Action),
        /// A `Barrier`.
        "barrier" Barrier(barrier::Barrier, barrier::Action),
        /// A `Once`, `OnceLock` or `LazyLock`.
        "once" Once(once::Once, once::Action),
        /// An atomic.
        "atomic" Atomic(atomic::Atomic, atomic::Action),
        /// The owners of an `Arc`, or of a thread's result.
        "count" Count(count::Count, count::Action),
    }
    parts {
        /// Spawn, start, join or end a thread.
        "thread" Thread(lives, thread::Action),
        /// Park or unpark a thread.
        "park" Park(parkers, park::Action),
        /// Yield or sleep.
        "pause" Pause(nothing, pause::Action),
        /// A listener or a connection.
        "network" Network(network, network::Action),
        /// Print, or take the lock of an output stream.
        "output" Output(outputs, output::Action),
        /// A scenario's job.
        "job" Job(nothing, job::Action),
        /// The end of the process, or a marked point.
        "process" Process(process, process::Action),
    }
}

fn mistaken(op: &Op, body: &Body) -> ! {
    unreachable!("{op:?} is done to {body:?}")
}

/// All that the explorer has to know between two steps.
#[derive(Clone, Debug)]
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
    /// For those that need to know nothing.
    pub nothing: (),
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
            nothing: (),
        }
    }

    /// Adds the events that `op`, done now by `thread`, comes after.
    pub fn order(&self, thread: ThreadId, op: &Op, links: &mut Links) {
        if let Some(lock) = op.gives_back() {
            self.order_one(thread, &Op::Mutex(lock, mutex::Action::Unlock), links);
        }
        self.order_one(thread, op, links);
    }

    /// Does `op`, which is enabled, as event number `event`.
    pub fn perform(&mut self, thread: ThreadId, op: &Op, event: EventId) -> Effect {
        if let Some(lock) = op.gives_back() {
            self.perform_one(thread, &Op::Mutex(lock, mutex::Action::Unlock), event);
        }
        self.perform_one(thread, op, event)
    }

    /// The channel with this number.
    pub fn channel_mut(&mut self, object: ObjectId) -> &mut channel::Channel {
        let Body::Channel(channel) = &mut self.bodies[object] else {
            unreachable!("object {object} is no channel");
        };
        channel
    }

    /// The channel over which `thread` sends in vain with `op`, because the receiver is gone.
    pub fn sends_in_vain(&self, thread: ThreadId, op: &Op) -> Option<ObjectId> {
        let Op::Channel(object, action) = op else {
            return None;
        };
        let fails =
            |body: &Body| matches!(body, Body::Channel(channel) if channel.fails(action, thread));
        fails(&self.bodies[*object]).then_some(*object)
    }

    /// The atomic with this number.
    pub fn atomic_mut(&mut self, object: ObjectId) -> &mut atomic::Atomic {
        let Body::Atomic(atomic) = &mut self.bodies[object] else {
            unreachable!("object {object} is no atomic");
        };
        atomic
    }

    /// How many channels have a sender.
    pub fn channels(&self) -> usize {
        let open = |body: &&Body| matches!(body, Body::Channel(channel) if channel.has_sender());
        self.bodies.iter().filter(open).count()
    }
}

impl Op {
    /// Whether it may wait at a channel.
    pub(crate) fn may_wait_at_a_channel(&self) -> bool {
        use channel::Action;
        matches!(
            self,
            Op::Channel(_, Action::Recv | Action::RecvTimeout | Action::AwaitTaken)
        )
    }

    /// The mutex that it gives back before it does the rest, in the same step.
    fn gives_back(&self) -> Option<ObjectId> {
        let Op::Condvar(_, action) = self else {
            return None;
        };
        action.gives_back()
    }
}
