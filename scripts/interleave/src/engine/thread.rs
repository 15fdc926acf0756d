//! A program thread, as the engine sees it.

use super::baton::Baton;
use super::polling::Polls;
use crate::primitives::{Op, thread};
use crate::vocabulary::{EventId, Place, ThreadId};
use ::std::sync::Arc;
use ::std::time::Duration;

/// What a program thread runs once it is started.
pub type Task = Box<dyn FnOnce() + Send>;

/// The OS thread of a program thread.
pub enum Os {
    /// None yet: the thread has not made its first step. It is to have so many bytes of stack.
    NotStarted(Task, usize),
    /// It exists. A scoped thread has one from its spawn on.
    Alive,
    /// It has left the program thread's code.
    Gone,
    /// It could not be unwound and is parked for ever.
    Parked,
}

/// A program thread.
pub struct Thread {
    pub name: Option<String>,
    pub parent: Option<ThreadId>,
    pub path: Vec<usize>,
    pub spawned_at: Place,
    /// What it is about to do, and where.
    pub pending: Option<(Op, Place)>,
    /// Where it made its last step.
    pub place: Place,
    pub clock: Vec<u32>,
    pub last_event: Option<EventId>,
    pub panic: Option<(String, Place)>,
    /// Its own virtual time.
    pub time: Duration,
    pub spawns: usize,
    pub os: Os,
    /// Operations made while it was unwound at the end of the execution.
    pub cancelled: usize,
    pub polls: Polls,
    /// The name and the OS thread of the thread that it is about to spawn.
    pub to_spawn: Option<(Option<String>, Os)>,
    /// The thread that it spawned last.
    pub last_child: ThreadId,
    /// Its next step comes after everything that was done so far.
    pub after_all: bool,
    /// Its last step was one in vain: others go first.
    pub gives_way: bool,
    /// The number of its `thread::scope`, which can't end before it.
    pub scope: Option<u64>,
    /// A scoped thread that was joined by its handle.
    pub joined: bool,
    /// It has waited for the threads of a `thread::scope`.
    pub left_scope: bool,
    /// The beginning of a character that it has written to each stream without its end.
    pub unprinted: [Vec<u8>; 2],
    /// Passed when it is its turn.
    pub baton: Arc<Baton>,
}

impl Thread {
    /// A thread that is about to start.
    pub fn new(
        parent: Option<ThreadId>,
        path: Vec<usize>,
        name: Option<String>,
        place: Place,
        os: Os,
    ) -> Thread {
        Thread {
            name,
            parent,
            path,
            spawned_at: place,
            pending: Some((Op::Thread(thread::Action::Start), place)),
            place,
            clock: Vec::new(),
            last_event: None,
            panic: None,
            time: Duration::ZERO,
            spawns: 0,
            os,
            cancelled: 0,
            polls: Polls::default(),
            to_spawn: None,
            last_child: 0,
            after_all: false,
            gives_way: false,
            scope: None,
            joined: false,
            left_scope: false,
            unprinted: Default::default(),
            baton: Arc::default(),
        }
    }
}
