//! What one execution of the program looked like: its events, its threads,
//! its shared objects and how it ended.

mod key;
pub mod remarks;
mod words;

use crate::primitives::{condvar, mutex, output, process, rwlock, thread};
use ::std::collections::BTreeSet;

pub use crate::primitives::Op;
pub use crate::vocabulary::{
    End, EventId, Kind, Object, ObjectId, Outcome, Place, Stream, ThreadId, short,
};

/// One step of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who made it.
    pub thread: ThreadId,
    /// What was asked for.
    pub op: Op,
    /// What came of it.
    pub outcome: Outcome,
    /// Where in the program. A step that is made by a destructor, or from
    /// inside the real `std`, has the place of the thread's step before; giving
    /// a lock back has the place where it was taken.
    pub place: Place,
    /// The vector clock: entry `t` says how many events of thread `t` come
    /// before this one in every schedule of the same trace, this one included.
    /// Threads beyond its end count 0. Printing gives no order.
    pub clock: Vec<u32>,
}

impl Event {
    /// The number of this event among those of its thread, from 1.
    pub fn index(&self) -> u32 {
        self.clock.get(self.thread).copied().unwrap_or(0)
    }

    /// Whether this event comes before `other` in every schedule of the trace.
    /// An event does not come before itself.
    pub fn before(&self, other: &Event) -> bool {
        let seen = other.clock.get(self.thread).copied().unwrap_or(0);
        if self.thread == other.thread {
            self.index() < other.index()
        } else {
            self.index() <= seen
        }
    }
}

/// Which lock an event takes (`true`) or gives back (`false`).
pub fn lock_change(event: &Event) -> Option<(ObjectId, bool)> {
    match &event.op {
        Op::Mutex(lock, mutex::Action::Lock | mutex::Action::TryLock)
        | Op::RwLock(
            lock,
            rwlock::Action::Read
            | rwlock::Action::TryRead
            | rwlock::Action::Write
            | rwlock::Action::TryWrite,
        ) => {
            let taken = matches!(event.outcome, Outcome::Done | Outcome::Poisoned);
            taken.then_some((*lock, true))
        }
        Op::Mutex(lock, mutex::Action::Unlock)
        | Op::RwLock(lock, rwlock::Action::ReadUnlock | rwlock::Action::WriteUnlock)
        | Op::Condvar(_, condvar::Action::Wait { lock }) => Some((*lock, false)),
        _ => None,
    }
}

/// The locks that a thread holds after these events.
pub fn held_by(events: &[Event], thread: ThreadId) -> Vec<ObjectId> {
    let mut held = Vec::new();
    for event in events.iter().filter(|event| event.thread == thread) {
        if let Some((lock, taken)) = lock_change(event) {
            match taken {
                true => held.push(lock),
                false => held.retain(|&other| other != lock),
            }
        }
    }
    held
}

/// Makes `clock` know what `other` knows.
pub(crate) fn join(clock: &mut Vec<u32>, other: &[u32]) {
    if clock.len() < other.len() {
        clock.resize(other.len(), 0);
    }
    for (mine, theirs) in clock.iter_mut().zip(other) {
        *mine = (*mine).max(*theirs);
    }
}

/// What a thread that can't go on waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitsFor {
    /// The lock, channel, connection, …
    pub object: Option<ObjectId>,
    /// The thread that holds it, or that is to be joined.
    pub thread: Option<ThreadId>,
}

/// Where a thread is at the end of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThreadState {
    /// It ran to its end.
    Finished,
    /// It ended by a panic.
    Panicked { message: String, place: Place },
    /// It is about to do `op`.
    Pending {
        op: Op,
        place: Place,
        /// Whether it could go on. At the end of the process such a thread is
        /// cut off between two steps, another is cut off while it waits.
        enabled: bool,
        /// What it waits for, if it can't go on.
        waits_for: Option<WaitsFor>,
    },
}

/// One thread of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadInfo {
    /// The name that `thread::Builder` gave it.
    pub name: Option<String>,
    /// Who spawned it; `None` for `main`.
    pub parent: Option<ThreadId>,
    /// The numbers of the spawns that lead to it: `[]` is `main`, `[1]` is the
    /// second thread that `main` spawned, `[1, 0]` the first that that one did.
    /// Unlike its number it is the same in all schedules.
    pub path: Vec<usize>,
    /// Where it was spawned; for `main`, where the exploration was started.
    pub spawned_at: Place,
    /// Where it is at the end of the execution.
    pub state: ThreadState,
}

/// One execution of the program: one schedule, which stands for all schedules
/// of its trace.
///
/// In an exploration the threads that are left go on after `main` has returned,
/// and the end of the process may cut them off at any point of that, see [`Cuts`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// The steps in the order in which they were made.
    pub events: Vec<Event>,
    /// All threads; `main` is the first.
    pub threads: Vec<ThreadInfo>,
    /// All shared objects.
    pub objects: Vec<Object>,
    /// How it ended.
    pub end: End,
    /// The thread chosen at each step: the schedule, which can be replayed.
    pub choices: Vec<u16>,
    /// What was remarked on, see [`crate::explorer::remark`] and [`remarks`].
    pub remarks: BTreeSet<&'static str>,
}

impl Execution {
    /// What was printed to the standard output, in this schedule.
    pub fn stdout(&self) -> String {
        let mut all = String::new();
        for event in &self.events {
            if let Op::Output(output::Action::Print {
                stream: Stream::Stdout,
                text,
            }) = &event.op
            {
                all.push_str(text);
            }
        }
        all
    }

    /// The event with which `main` returned.
    pub fn returned(&self) -> Option<EventId> {
        let returns =
            |event: &Event| matches!(event.op, Op::Process(process::Action::MainReturn { .. }));
        self.events.iter().rposition(returns)
    }

    /// Where the return of `main` may cut the others off.
    pub fn cuts(&self) -> Cuts<'_> {
        Cuts {
            end: self.returned().map(|at| &self.events[at]),
        }
    }

    /// The threads that the end of the process cut off.
    pub fn cut_off(&self) -> Vec<ThreadId> {
        let ended = matches!(
            self.end,
            End::Normal | End::MainPanicked { .. } | End::Exit { .. } | End::Aborted { .. }
        );
        (0..self.threads.len())
            .filter(|&t| ended && matches!(self.threads[t].state, ThreadState::Pending { .. }))
            .collect()
    }
}

/// What the schedules of one trace have in common, and what only some of them have: the return of
/// `main` ends the process at any point that comes after all that it needs.
#[derive(Clone, Copy, Debug)]
pub struct Cuts<'a> {
    /// The return of `main`, if it comes to that.
    end: Option<&'a Event>,
}

impl Cuts<'_> {
    /// Whether an event is made in some schedule: none that comes after the return of `main` ever
    /// is.
    pub fn may_be_made(&self, event: &Event) -> bool {
        self.end.is_none_or(|end| !end.before(event))
    }

    /// Whether an event is made in every schedule: `main` can't return before it.
    pub fn is_made(&self, event: &Event) -> bool {
        self.end
            .is_none_or(|end| ::std::ptr::eq(event, end) || event.before(end))
    }

    /// Whether some schedule cuts a thread off.
    pub fn cut_off(&self, execution: &Execution) -> bool {
        let exits = |event: &&Event| matches!(event.op, Op::Thread(thread::Action::Exit { .. }));
        let exits = execution.events.iter().filter(exits);
        let ended = exits.filter(|event| self.is_made(event)).count();
        self.end.is_some() && ended + 1 < execution.threads.len()
    }
}

/// Where a thread is in a state of the program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// It is about to do this.
    Next { op: Op, place: Place, enabled: bool },
    /// It has ended.
    Ended { panicked: bool },
}

/// A state of the program, between two steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every thread's position.
    pub threads: Vec<Position>,
    /// Every thread's path, as in [`ThreadInfo::path`].
    pub paths: Vec<Vec<usize>>,
    /// The steps made so far.
    pub events: Vec<Event>,
}

impl Snapshot {
    /// The threads that can make a step.
    pub fn enabled(&self) -> Vec<ThreadId> {
        (0..self.threads.len())
            .filter(|&thread| self.can_go(thread))
            .collect()
    }

    /// Whether `thread` can make a step.
    pub fn can_go(&self, thread: ThreadId) -> bool {
        matches!(
            self.threads.get(thread),
            Some(Position::Next { enabled: true, .. })
        )
    }
}
