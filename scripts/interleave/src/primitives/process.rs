//! The end of the process, and the points that a scenario marks.
//!
//! Each of them is ordered against every step of every other thread: what has
//! not happened by then is cut off, or too late.

use super::rules::{Effect, Links, Names, Part, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{End, EventId, ObjectId, Outcome, Place, ThreadId};

/// What is done to the process.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// A point that is ordered against every step of every other thread, such
    /// as the return of a pool's `drop`.
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
    /// The last point that was marked.
    last_marker: Option<EventId>,
    ended_by: Option<EventId>,
    /// How it ended.
    pub end: Option<End>,
    /// What `main` died of.
    pub main_panic: Option<(String, Place)>,
    /// The second panic of a thread, which aborts the process.
    pub aborts: Option<(String, Place)>,
}

impl Process {
    /// What the next step of any thread is ordered after. `seen` says whether
    /// the thread knows an event already.
    pub fn order_all(&self, seen: impl Fn(EventId) -> bool, links: &mut Links) {
        if !self.last_marker.is_some_and(seen) {
            links.race(&self.last_marker);
        }
        links.race(&self.ended_by);
    }

    fn end(&mut self, event: EventId, end: End) {
        self.ended_by = Some(event);
        self.end = Some(end);
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
            Action::Marker { .. } | Action::MainReturn { .. } | Action::Exit { .. } => {
                links.with_all = true;
            }
        }
    }

    fn perform(&self, process: &mut Process, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Marker { .. } => process.last_marker = Some(event),
            Action::MainReturn { .. } => {
                let end = match process.main_panic.take() {
                    Some((message, place)) => End::MainPanicked { message, place },
                    None => End::Normal,
                };
                process.end(event, end);
            }
            Action::Exit { code } => {
                let end = match process.aborts.take() {
                    Some((message, place)) => End::Aborted {
                        thread,
                        message,
                        place,
                    },
                    None => End::Exit {
                        thread,
                        code: *code,
                    },
                };
                process.end(event, end);
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
