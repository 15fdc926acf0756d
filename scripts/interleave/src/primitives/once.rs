//! `Once`, `OnceLock` and `LazyLock`.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two that enter, one of which runs the closure | no |
//! | two that enter after it is done | yes |
//! | leaving and entering | never both possible: leaving enables it |
//! | leaving and a look in vain | no: the look would have found it done |
//! | two looks, or a look and entering | yes: what is done is done by leaving |

use super::rules::{Effect, Links, Names, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, Outcome, ThreadId};

/// What is done with a `Once`.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Enter it; wait while another thread is in it.
    Enter,
    /// Leave it; `done` unless its closure panicked or failed.
    Leave { done: bool },
    /// Ask whether it is done.
    Look,
}

facts!(enum Action {
    "enter" Enter,
    "leave" Leave { done },
    "look" Look,
});

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
enum Progress {
    #[default]
    New,
    Running(ThreadId),
    Done,
}

/// How far its closure is.
#[derive(Clone, Debug, Default)]
pub struct Once {
    progress: Progress,
    last_enter: Option<EventId>,
    last_leave: Option<EventId>,
    /// Who saw that it was not done since the last one left.
    looks: Vec<EventId>,
}

impl Once {
    fn runner(&self) -> Option<ThreadId> {
        match self.progress {
            Progress::Running(thread) => Some(thread),
            Progress::New | Progress::Done => None,
        }
    }
}

impl Rules for Action {
    type State = Once;

    fn enabled(&self, once: &Once, _: ThreadId) -> bool {
        match self {
            Action::Enter => once.runner().is_none(),
            Action::Leave { .. } | Action::Look => true,
        }
    }

    fn waits_for(&self, once: &Once, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Enter => once.runner(),
            Action::Leave { .. } | Action::Look => None,
        }
    }

    fn in_vain(&self, once: &Once, _: ThreadId) -> Option<Vain> {
        match self {
            Action::Look if once.progress != Progress::Done => Vain::poll(0),
            Action::Look | Action::Enter | Action::Leave { .. } => None,
        }
    }

    fn order(&self, once: &Once, _: ThreadId, links: &mut Links) {
        match self {
            Action::Enter => {
                links.race(&once.last_enter);
                links.cause(&once.last_leave);
            }
            Action::Leave { .. } => links.race(&once.looks),
            Action::Look => links.race(&once.last_leave),
        }
    }

    fn perform(&self, once: &mut Once, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Enter => {
                let runs = once.progress == Progress::New;
                if runs {
                    once.progress = Progress::Running(thread);
                    once.last_enter = Some(event);
                }
                Effect::progress(Outcome::Answer { yes: runs })
            }
            Action::Leave { done } => {
                once.progress = match done {
                    true => Progress::Done,
                    false => Progress::New,
                };
                once.last_leave = Some(event);
                once.looks.clear();
                Effect::progress(Outcome::Done)
            }
            Action::Look => {
                let yes = once.progress == Progress::Done;
                if !yes {
                    once.looks.push(event);
                }
                Effect::idle(Outcome::Answer { yes })
            }
        }
    }

    fn words(&self, object: &str, _: &dyn Names) -> String {
        match self {
            Action::Enter => format!("enter {object}"),
            Action::Leave { .. } => format!("leave {object}"),
            Action::Look => format!("ask whether {object} is done"),
        }
    }

    fn visit(&mut self, _: &mut dyn Visitor) {
        match self {
            Action::Enter | Action::Leave { .. } | Action::Look => {}
        }
    }
}
