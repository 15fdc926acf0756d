//! The lives of threads: spawned, started, ended, joined.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | a spawn and any other | yes: nobody knows the new thread yet; two spawns give it another number, and count as dependent where a program looks at that |
//! | the exit and a join of that thread | never both possible: the exit enables the join |
//! | the exit and `is_finished` of that thread | no: it changes the answer |
//! | two joins, or two `is_finished`, of one thread | yes: neither changes anything |

use super::rules::{Effect, Links, Names, Part, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, ObjectId, Outcome, ThreadId};

/// The number of a thread that is not yet spawned.
pub const NOT_YET: ThreadId = ThreadId::MAX;

/// What a thread does about threads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Create a thread. Before it is done, its number is not known: it is then
    /// larger than any.
    Spawn { child: ThreadId },
    /// The first step of a new thread.
    Start,
    /// Wait until a thread has ended.
    Join { child: ThreadId },
    /// Ask whether a thread has ended.
    IsFinished { child: ThreadId },
    /// The last step of a thread other than `main`.
    Exit { panicked: bool },
}

facts!(enum Action {
    "spawn" Spawn { child },
    "start" Start,
    "join" Join { child },
    "is-finished" IsFinished { child },
    "exit" Exit { panicked },
});

/// One thread's life.
#[derive(Clone, Debug, Default)]
pub struct Life {
    spawned_by: Option<EventId>,
    exit: Option<EventId>,
    /// Who saw that it had not ended.
    looks: Vec<EventId>,
}

impl Life {
    fn ended(&self) -> bool {
        self.exit.is_some()
    }
}

/// The last event that has spawned a thread.
pub fn last_spawn(lives: &[Life]) -> Option<EventId> {
    lives.last().and_then(|life| life.spawned_by)
}

impl Rules for Action {
    type State = Vec<Life>;

    fn enabled(&self, lives: &Vec<Life>, thread: ThreadId) -> bool {
        match self {
            Action::Join { child } => *child != thread && lives[*child].ended(),
            Action::Spawn { .. }
            | Action::Start
            | Action::IsFinished { .. }
            | Action::Exit { .. } => true,
        }
    }

    fn waits_for(&self, _: &Vec<Life>, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Join { child } => Some(*child),
            Action::Spawn { .. }
            | Action::Start
            | Action::IsFinished { .. }
            | Action::Exit { .. } => None,
        }
    }

    fn in_vain(&self, lives: &Vec<Life>, _: ThreadId) -> Option<Vain> {
        match self {
            Action::IsFinished { child } if !lives[*child].ended() => Vain::poll(0),
            Action::IsFinished { .. }
            | Action::Spawn { .. }
            | Action::Start
            | Action::Join { .. }
            | Action::Exit { .. } => None,
        }
    }

    fn order(&self, lives: &Vec<Life>, thread: ThreadId, links: &mut Links) {
        match self {
            Action::Spawn { .. } => {}
            Action::Start => links.cause(&lives[thread].spawned_by),
            Action::Join { child } => links.cause(&lives[*child].exit),
            Action::IsFinished { child } => links.race(&lives[*child].exit),
            Action::Exit { .. } => links.race(&lives[thread].looks),
        }
    }

    fn perform(&self, lives: &mut Vec<Life>, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Spawn { .. } => {
                lives.push(Life {
                    spawned_by: Some(event),
                    ..Life::default()
                });
                Effect::progress(Outcome::Done)
            }
            Action::Start => Effect::idle(Outcome::Done),
            Action::Join { .. } => Effect::progress(Outcome::Done),
            Action::IsFinished { child } => {
                let yes = lives[*child].ended();
                if yes {
                    Effect::progress(Outcome::Answer { yes })
                } else {
                    lives[*child].looks.push(event);
                    Effect::idle(Outcome::Answer { yes })
                }
            }
            Action::Exit { .. } => {
                lives[thread].exit = Some(event);
                Effect::progress(Outcome::Done)
            }
        }
    }

    fn words(&self, _: &str, names: &dyn Names) -> String {
        match self {
            Action::Spawn { child } if *child == NOT_YET => "spawn a thread".to_string(),
            Action::Spawn { child } => format!("spawn {}", names.thread(*child)),
            Action::Start => "start".to_string(),
            Action::Join { child } => format!("join {}", names.thread(*child)),
            Action::IsFinished { child } => {
                format!("ask whether {} is finished", names.thread(*child))
            }
            Action::Exit { panicked: false } => "end".to_string(),
            Action::Exit { panicked: true } => "end by a panic".to_string(),
        }
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        match self {
            Action::Spawn { child } | Action::Join { child } | Action::IsFinished { child } => {
                visitor.thread(child);
            }
            Action::Start | Action::Exit { .. } => {}
        }
    }
}

impl Part for Action {
    fn object(&self) -> Option<ObjectId> {
        None
    }
}
