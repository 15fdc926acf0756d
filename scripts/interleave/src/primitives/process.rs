//! The end of the process, and the points that a scenario marks.
//!
//! | one | other | independent | why |
//! |---|---|---|---|
//! | a marker | any step of another thread | yes | nobody can see it |
//! | `main` returns | any step of another thread | yes | no step sees whether it has; what it cuts off is read from the order |
//! | exit, abort | any step of another thread | no | what has not happened by then is never made |
//!
//! That `main` returns ends the process, so a step that another thread makes
//! later is never made in reality. But where two threads are independent, each
//! can wait for the other: every step that isn't ordered before the return may
//! be made before it, or never. So the search lets the others go on, and a trace
//! stands for all the points at which they may be cut off: its *cuts*, the sets
//! of events that are closed under *comes before* and hold all that comes before
//! the return (Mattern: *Virtual time and global states of distributed systems*,
//! 1989). To order the return against every step instead would take a trace for
//! each of them. `process::exit` can be reached by several threads, and what they
//! do then depends on who is first, so it is ordered against everything.

use super::rules::{Effect, Links, Names, Part, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{End, EventId, ObjectId, Outcome, Place, ThreadId};

/// What is done to the process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// A point that can be told from the order of the others' steps, such as the
    /// return of a pool's `drop`.
    Marker { name: &'static str },
    /// `main` returns, or ends by a panic: the process ends.
    MainReturn { panicked: bool },
    /// `process::exit` or `process::abort`.
    Exit { code: i32 },
}

facts!(enum Action {
    "marker" Marker { name },
    "main-return" MainReturn { panicked },
    "exit" Exit { code },
});

/// How far the process is.
#[derive(Clone, Debug, Default)]
pub struct Process {
    /// The exit or abort that ended it.
    exit: Option<EventId>,
    /// How it ended.
    pub end: Option<End>,
    /// What `main` died of.
    pub main_panic: Option<(String, Place)>,
    /// The second panic of a thread, which aborts the process.
    pub aborts: Option<(String, Place)>,
}

impl Process {
    /// What the next step of any thread is ordered after.
    pub fn order_all(&self, links: &mut Links) {
        links.race(&self.exit);
    }
}

impl Rules for Action {
    type State = Process;

    fn enabled(&self, _: &Process, _: ThreadId) -> bool {
        match self {
            Action::Marker { .. } | Action::MainReturn { .. } | Action::Exit { .. } => true,
        }
    }

    fn waits_for(&self, _: &Process, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Marker { .. } | Action::MainReturn { .. } | Action::Exit { .. } => None,
        }
    }

    fn in_vain(&self, _: &Process, _: ThreadId) -> Option<Vain> {
        match self {
            Action::Marker { .. } | Action::MainReturn { .. } | Action::Exit { .. } => None,
        }
    }

    fn order(&self, _: &Process, _: ThreadId, links: &mut Links) {
        match self {
            Action::Marker { .. } | Action::MainReturn { .. } => {}
            Action::Exit { .. } => links.with_all = true,
        }
    }

    fn perform(&self, process: &mut Process, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Marker { .. } => {}
            Action::MainReturn { .. } => {
                process.end = Some(match process.main_panic.take() {
                    Some((message, place)) => End::MainPanicked { message, place },
                    None => End::Normal,
                });
            }
            Action::Exit { code } => {
                process.exit = Some(event);
                process.end.get_or_insert(match process.aborts.take() {
                    Some((message, place)) => End::Aborted {
                        thread,
                        message,
                        place,
                    },
                    None => End::Exit {
                        thread,
                        code: *code,
                    },
                });
            }
        }
        Effect::idle(Outcome::Done)
    }

    fn words(&self, _: &str, _: &dyn Names) -> String {
        match self {
            Action::Marker { name } => (*name).to_string(),
            Action::MainReturn { panicked: false } => "return from main".to_string(),
            Action::MainReturn { panicked: true } => "leave main by a panic".to_string(),
            Action::Exit { code } => format!("exit the process with code {code}"),
        }
    }

    fn visit(&mut self, _: &mut dyn Visitor) {
        match self {
            Action::Marker { .. } | Action::MainReturn { .. } | Action::Exit { .. } => {}
        }
    }
}

impl Part for Action {
    fn object(&self) -> Option<ObjectId> {
        None
    }
}
