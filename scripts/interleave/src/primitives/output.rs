//! Printing, and the lock of an output stream that a program may take.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two prints | yes: the logs are derived from the trace afterwards |
//! | a print, and another thread's taking of the stream's lock | no: it stands before or after all that is printed under the lock |
//! | two that take the lock | no |
//! | a release and a print or a taking | never both possible: it enables them |

use super::rules::{Effect, Links, Names, Part, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, ObjectId, Outcome, Stream, ThreadId};

/// What is done with the output.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Print a text, which may have several lines or be part of one.
    Print { stream: Stream, text: String },
    /// Take the lock of an output stream.
    Lock { output: ObjectId },
    /// Give the lock of an output stream back.
    Unlock { output: ObjectId },
}

facts!(enum Action {
    "print" Print { stream, text },
    "lock" Lock { output },
    "unlock" Unlock { output },
});

/// One stream.
#[derive(Clone, Debug, Default)]
pub struct Output {
    /// The number of its lock, once the program takes it.
    object: Option<ObjectId>,
    holder: Option<ThreadId>,
    /// How often its holder has taken it again.
    depth: usize,
    last_lock: Option<EventId>,
    last_release: Option<EventId>,
    /// Since the last time that it was locked.
    prints: Vec<EventId>,
}

/// Both streams.
#[derive(Clone, Debug, Default)]
pub struct Outputs {
    streams: [Output; 2],
}

impl Outputs {
    /// The number of a stream's lock.
    pub fn object(&mut self, stream: Stream) -> &mut Option<ObjectId> {
        &mut self.streams[stream as usize].object
    }

    /// Whether `thread` holds the lock: then it takes it once more.
    pub fn enter_again(&mut self, stream: Stream, thread: ThreadId) -> bool {
        let output = &mut self.streams[stream as usize];
        let again = output.holder == Some(thread);
        output.depth += usize::from(again);
        again
    }

    /// Whether its holder has taken it more than once: then it leaves once.
    pub fn leave_inner(&mut self, stream: Stream) -> bool {
        let output = &mut self.streams[stream as usize];
        let inner = output.depth > 0;
        output.depth = output.depth.saturating_sub(1);
        inner
    }

    fn stream(&self, stream: Stream) -> &Output {
        &self.streams[stream as usize]
    }

    fn locked(&self, object: ObjectId) -> &Output {
        let is_it = |output: &&Output| output.object == Some(object);
        match self.streams.iter().find(is_it) {
            Some(output) => output,
            None => unreachable!("object {object} is the lock of an output"),
        }
    }

    fn locked_mut(&mut self, object: ObjectId) -> &mut Output {
        let is_it = |output: &&mut Output| output.object == Some(object);
        match self.streams.iter_mut().find(is_it) {
            Some(output) => output,
            None => unreachable!("object {object} is the lock of an output"),
        }
    }
}

impl Rules for Action {
    type State = Outputs;

    fn enabled(&self, outputs: &Outputs, thread: ThreadId) -> bool {
        match self {
            Action::Print { stream, .. } => {
                let holder = outputs.stream(*stream).holder;
                holder.is_none() || holder == Some(thread)
            }
            Action::Lock { output } => outputs.locked(*output).holder.is_none(),
            Action::Unlock { .. } => true,
        }
    }

    fn waits_for(&self, outputs: &Outputs, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Print { stream, .. } => outputs.stream(*stream).holder,
            Action::Lock { output } => outputs.locked(*output).holder,
            Action::Unlock { .. } => None,
        }
    }

    fn in_vain(&self, _: &Outputs, _: ThreadId) -> Option<Vain> {
        match self {
            Action::Print { .. } | Action::Lock { .. } | Action::Unlock { .. } => None,
        }
    }

    fn order(&self, outputs: &Outputs, _: ThreadId, links: &mut Links) {
        match self {
            Action::Print { stream, .. } => {
                let output = outputs.stream(*stream);
                links.race(&output.last_lock);
                links.cause(&output.last_release);
            }
            Action::Lock { output } => {
                let output = outputs.locked(*output);
                links.race(&output.last_lock);
                links.race(&output.prints);
                links.cause(&output.last_release);
            }
            Action::Unlock { .. } => {}
        }
    }

    fn perform(&self, outputs: &mut Outputs, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Print { stream, .. } => {
                outputs.streams[*stream as usize].prints.push(event);
            }
            Action::Lock { output } => {
                let output = outputs.locked_mut(*output);
                output.holder = Some(thread);
                output.last_lock = Some(event);
                output.prints.clear();
            }
            Action::Unlock { output } => {
                let output = outputs.locked_mut(*output);
                output.holder = None;
                output.last_release = Some(event);
            }
        }
        Effect::idle(Outcome::Done)
    }

    fn words(&self, object: &str, _: &dyn Names) -> String {
        match self {
            Action::Print { text, .. } => format!("print `{}`", text.trim_end_matches('\n')),
            Action::Lock { .. } => format!("take {object}"),
            Action::Unlock { .. } => format!("release {object}"),
        }
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        match self {
            Action::Print { .. } => {}
            Action::Lock { output } | Action::Unlock { output } => visitor.object(output),
        }
    }
}

impl Part for Action {
    fn object(&self) -> Option<ObjectId> {
        match self {
            Action::Print { .. } => None,
            Action::Lock { output } | Action::Unlock { output } => Some(*output),
        }
    }
}
