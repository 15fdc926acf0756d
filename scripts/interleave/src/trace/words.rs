//! Executions in words.

use super::{Event, Execution};
use crate::primitives::rules::Names;
use crate::primitives::{Op, channel, network};
use crate::vocabulary::{Kind, ObjectId, Outcome, ThreadId};

impl Execution {
    /// The name of a thread in a sentence: `main`, the name it was given, or
    /// `thread 3`.
    pub fn thread_name(&self, thread: ThreadId) -> String {
        match self.threads.get(thread).and_then(|info| info.name.as_ref()) {
            _ if thread == 0 => "main".to_string(),
            Some(name) => name.clone(),
            None => format!("thread {thread}"),
        }
    }

    /// The name of an object in a sentence: `the lock` if there is only one,
    /// else `lock 2`.
    pub fn object_name(&self, object: ObjectId) -> String {
        let Some(found) = self.objects.get(object) else {
            return "something".to_string();
        };
        let word = found.kind.word();
        if found.kind == Kind::Connection {
            return format!("the connection of client {}", found.number);
        }
        if found.kind == Kind::Output {
            return "the lock of the output".to_string();
        }
        let alike = self.objects.iter().filter(|o| o.kind == found.kind).count();
        if alike == 1 {
            format!("the {word}")
        } else {
            format!("{word} {}", found.number)
        }
    }

    /// An operation in plain words, as what a thread is about to do or waits
    /// for: `take the lock`, `receive from the channel`.
    pub fn op_words(&self, op: &Op) -> String {
        op.words(self)
    }

    /// An event in plain words, with what came of it:
    /// `receive from the channel: message 0`.
    pub fn event_words(&self, event: &Event) -> String {
        let op = self.op_words(&event.op);
        let came = match &event.outcome {
            Outcome::Done => return op,
            Outcome::Message { number } => format!("message {number}"),
            Outcome::Empty => "nothing there".to_string(),
            Outcome::Full => "no room".to_string(),
            Outcome::Disconnected => match event.op {
                Op::Channel(_, channel::Action::SenderDropped)
                | Op::Network(network::Action::Close { .. }) => "the last one".to_string(),
                _ => "the other side is gone".to_string(),
            },
            Outcome::TimedOut => "time-out".to_string(),
            Outcome::Refused => "not now".to_string(),
            Outcome::Poisoned => "poisoned".to_string(),
            Outcome::Answer { yes: true } => "yes".to_string(),
            Outcome::Answer { yes: false } => "no".to_string(),
            Outcome::Value { before, after } if before == after => format!("{before}"),
            Outcome::Value { before, after } => format!("{before} becomes {after}"),
            Outcome::Client { number } => format!("client {}", number + 1),
            Outcome::Count { count } => format!("{count}"),
        };
        format!("{op}: {came}")
    }
}

impl Names for Execution {
    fn thread(&self, thread: ThreadId) -> String {
        self.thread_name(thread)
    }

    fn object(&self, object: ObjectId) -> String {
        self.object_name(object)
    }
}
