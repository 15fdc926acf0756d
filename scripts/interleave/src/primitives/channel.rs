//! The channels of `mpsc`.
//!
//! A `send` over a channel without room is two steps: the message is put
//! down, and then its sender waits until it is taken.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two messages that get through | no: their order in the queue |
//! | a message, and the receive of an earlier one | yes, where there is room |
//! | a message, and a receive that found nothing | no: it would have found it |
//! | `send`, and the receive that makes its room | never both possible: the receive enables it |
//! | `try_send` without room, and the next receive | no: it would have got through |
//! | two `try_send` without room | yes |
//! | any send, and the drop of the receiver | no: it fails after that |
//! | `recv`, and the sending of its message or the drops of all senders | never both possible: they enable it |
//! | `try_recv`, `recv_timeout`, and the same | no: they would have found less |
//! | the drop of a sender, and a receive that found nothing | no: it could have found the end |
//! | two drops of senders | yes: nobody can tell which was the last |
//! | two steps of the receiver | by one thread, or handed over with it |
//!
//! Threads that share a receiver own it together, mostly by an `Arc` around a lock, and the last one
//! to let go drops it. Which one that is is up to the schedule, and no other step of theirs can tell.
//! But a send that fails tells that all of them have let go, those that have ended where they ended,
//! so it comes after that. An owner is known by what it did: it received, or asked for a lock under
//! which somebody receives.

use super::rules::{Effect, Links, Names, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, Outcome, ThreadId};
use ::std::collections::{BTreeMap, VecDeque};

/// What is done with a channel.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Put a message into it; wait for room if it is bounded.
    Send,
    /// Put a message into it if there is room.
    TrySend,
    /// Wait until the message just sent over a channel without room was taken.
    AwaitTaken,
    /// Wait for a message.
    Recv,
    /// Take a message if there is one.
    TryRecv,
    /// Wait for a message, not for ever.
    RecvTimeout,
    /// Drop one of its senders.
    SenderDropped,
    /// Drop its receiver, and with it what is still queued.
    ReceiverDropped,
}

facts!(enum Action {
    "send" Send,
    "try-send" TrySend,
    "await-taken" AwaitTaken,
    "recv" Recv,
    "try-recv" TryRecv,
    "recv-timeout" RecvTimeout,
    "sender-dropped" SenderDropped,
    "receiver-dropped" ReceiverDropped,
});

/// What is in it, and who is at its ends.
#[derive(Clone, Debug)]
pub struct Channel {
    /// The room of a bounded channel.
    room: Option<usize>,
    senders: usize,
    receiver: bool,
    sent: usize,
    received: usize,
    /// The messages in the queue: their numbers and the events that sent them.
    queue: VecDeque<(usize, EventId)>,
    /// The message that a sender over a channel without room waits with.
    awaiting: BTreeMap<ThreadId, usize>,
    last_send: Option<EventId>,
    /// The events that took messages, in their order.
    takes: Vec<EventId>,
    /// The last operation on the receiver.
    last_receiver_use: Option<EventId>,
    receiver_dropped: Option<EventId>,
    sender_drops: Vec<EventId>,
    /// The last event that found the queue empty, and how many messages had
    /// been sent by then.
    last_empty: Option<(EventId, usize)>,
    /// Who found the channel full since the last message was taken.
    full: Vec<EventId>,
}

impl Channel {
    /// A channel with one sender. One with a bound has that much `room`.
    pub fn new(room: Option<usize>) -> Channel {
        Channel {
            room,
            senders: 1,
            receiver: true,
            sent: 0,
            received: 0,
            queue: VecDeque::new(),
            awaiting: BTreeMap::new(),
            last_send: None,
            takes: Vec::new(),
            last_receiver_use: None,
            receiver_dropped: None,
            sender_drops: Vec::new(),
            last_empty: None,
            full: Vec::new(),
        }
    }

    /// Another sender.
    pub fn add_sender(&mut self) {
        self.senders += 1;
    }

    /// Whether there is a sender left.
    pub fn has_sender(&self) -> bool {
        self.senders > 0
    }

    /// Whether a send of `thread`, or its wait, fails because the receiver is gone.
    pub fn fails(&self, action: &Action, thread: ThreadId) -> bool {
        match action {
            Action::Send | Action::TrySend => !self.receiver,
            Action::AwaitTaken => !self.receiver && !self.is_taken(thread),
            Action::Recv
            | Action::TryRecv
            | Action::RecvTimeout
            | Action::SenderDropped
            | Action::ReceiverDropped => false,
        }
    }

    /// Whether a sender finds room. A channel without any room takes a
    /// message at once, and its sender waits in a second step.
    fn has_room(&self) -> bool {
        match self.room {
            None | Some(0) => true,
            Some(room) => self.sent - self.received < room,
        }
    }

    /// The event that made the room for the next message.
    fn room_made_by(&self) -> Option<EventId> {
        let room = self.room.filter(|&room| room > 0)?;
        let earlier = self.sent.checked_sub(room)?;
        self.takes.get(earlier).copied()
    }

    fn is_receivable(&self) -> bool {
        !self.queue.is_empty() || self.senders == 0
    }

    fn is_taken(&self, thread: ThreadId) -> bool {
        self.received > self.awaited_by(thread)
    }

    fn awaited_by(&self, thread: ThreadId) -> usize {
        self.awaiting.get(&thread).copied().unwrap_or(0)
    }

    fn order_send(&self, links: &mut Links) {
        links.race(&self.last_send);
        links.race(&self.receiver_dropped);
        if let Some((event, sent)) = &self.last_empty {
            if *sent == self.sent {
                links.race([event]);
            }
        }
    }

    /// What a receive is ordered after. One that looks could have been made
    /// before there was anything.
    fn order_receive(&self, looks: bool, links: &mut Links) {
        match self.queue.front() {
            Some((_, sent)) => {
                links.race(&self.full);
                if looks {
                    links.race([sent]);
                } else {
                    links.cause([sent]);
                }
            }
            None if looks => links.race(&self.sender_drops),
            None => links.cause(&self.sender_drops),
        }
        links.cause(&self.last_receiver_use);
    }

    fn send(&mut self, thread: ThreadId, event: EventId) -> Effect {
        if !self.receiver {
            self.last_send = Some(event);
            return Effect::progress(Outcome::Disconnected);
        }
        if !self.has_room() {
            self.full.push(event);
            return Effect::idle(Outcome::Full);
        }
        self.last_send = Some(event);
        let number = self.sent;
        self.sent += 1;
        self.queue.push_back((number, event));
        if self.room == Some(0) {
            self.awaiting.insert(thread, number);
        }
        Effect::progress(Outcome::Message { number })
    }

    fn receive(&mut self, event: EventId, if_empty: Outcome) -> Effect {
        self.last_receiver_use = Some(event);
        match self.queue.pop_front() {
            Some((number, _)) => {
                self.received += 1;
                self.takes.push(event);
                self.full.clear();
                Effect::progress(Outcome::Message { number })
            }
            None if self.senders == 0 => Effect::progress(Outcome::Disconnected),
            None => {
                self.last_empty = Some((event, self.sent));
                Effect::idle(if_empty)
            }
        }
    }

    fn drop_sender(&mut self, event: EventId) -> Effect {
        self.senders -= 1;
        self.sender_drops.push(event);
        Effect::progress(if self.senders == 0 {
            Outcome::Disconnected
        } else {
            Outcome::Done
        })
    }

    fn drop_receiver(&mut self, event: EventId) -> Effect {
        self.receiver = false;
        self.receiver_dropped = Some(event);
        let count = self.queue.len();
        self.queue.clear();
        Effect::progress(Outcome::Count { count })
    }
}

impl Rules for Action {
    type State = Channel;

    fn enabled(&self, channel: &Channel, thread: ThreadId) -> bool {
        match self {
            Action::Send => !channel.receiver || channel.has_room(),
            Action::AwaitTaken => !channel.receiver || channel.is_taken(thread),
            Action::Recv => channel.is_receivable(),
            Action::TrySend
            | Action::TryRecv
            | Action::RecvTimeout
            | Action::SenderDropped
            | Action::ReceiverDropped => true,
        }
    }

    fn waits_for(&self, _: &Channel, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Send
            | Action::TrySend
            | Action::AwaitTaken
            | Action::Recv
            | Action::TryRecv
            | Action::RecvTimeout
            | Action::SenderDropped
            | Action::ReceiverDropped => None,
        }
    }

    fn in_vain(&self, channel: &Channel, _: ThreadId) -> Option<Vain> {
        match self {
            Action::TryRecv | Action::RecvTimeout if !channel.is_receivable() => {
                Vain::poll((channel.sent + channel.sender_drops.len()) as u64)
            }
            Action::TrySend if channel.receiver && !channel.has_room() => {
                Vain::poll(channel.received as u64)
            }
            Action::TryRecv
            | Action::RecvTimeout
            | Action::TrySend
            | Action::Send
            | Action::AwaitTaken
            | Action::Recv
            | Action::SenderDropped
            | Action::ReceiverDropped => None,
        }
    }

    fn order(&self, channel: &Channel, thread: ThreadId, links: &mut Links) {
        match self {
            Action::Send => {
                channel.order_send(links);
                if channel.receiver {
                    links.cause(&channel.room_made_by());
                }
            }
            Action::TrySend => {
                channel.order_send(links);
                links.race(&channel.room_made_by());
            }
            Action::AwaitTaken => {
                let taken = channel.takes.get(channel.awaited_by(thread));
                links.cause(taken.or(channel.receiver_dropped.as_ref()));
            }
            Action::Recv => channel.order_receive(false, links),
            Action::TryRecv | Action::RecvTimeout => channel.order_receive(true, links),
            Action::SenderDropped => {
                links.race(channel.last_empty.as_ref().map(|(event, _)| event));
            }
            Action::ReceiverDropped => {
                links.race(&channel.last_send);
                links.race(&channel.full);
                links.cause(&channel.last_receiver_use);
            }
        }
    }

    fn perform(&self, channel: &mut Channel, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Send | Action::TrySend => channel.send(thread, event),
            Action::AwaitTaken => Effect::progress(if channel.is_taken(thread) {
                Outcome::Done
            } else {
                Outcome::Disconnected
            }),
            Action::Recv | Action::RecvTimeout => channel.receive(event, Outcome::TimedOut),
            Action::TryRecv => channel.receive(event, Outcome::Empty),
            Action::SenderDropped => channel.drop_sender(event),
            Action::ReceiverDropped => channel.drop_receiver(event),
        }
    }

    fn words(&self, object: &str, _: &dyn Names) -> String {
        match self {
            Action::Send => format!("send to {object}"),
            Action::TrySend => format!("try to send to {object}"),
            Action::AwaitTaken => format!("wait until {object} has handed the message over"),
            Action::Recv => format!("receive from {object}"),
            Action::TryRecv => format!("try to receive from {object}"),
            Action::RecvTimeout => format!("receive from {object} with a time-out"),
            Action::SenderDropped => format!("drop a sender of {object}"),
            Action::ReceiverDropped => format!("drop the receiver of {object}"),
        }
    }

    fn visit(&mut self, _: &mut dyn Visitor) {
        match self {
            Action::Send
            | Action::TrySend
            | Action::AwaitTaken
            | Action::Recv
            | Action::TryRecv
            | Action::RecvTimeout
            | Action::SenderDropped
            | Action::ReceiverDropped => {}
        }
    }
}
