//! The shared objects of one execution, as the rules see them: who holds
//! what, and which events a next operation has to be ordered against.
//!
//! Data lives elsewhere, in the shadow types. Here are only counts, holders
//! and event numbers.

use crate::trace::ThreadId;
use ::std::collections::VecDeque;

/// The number of an event in its execution.
pub type EventId = usize;

/// A shared object.
#[derive(Debug)]
pub enum Body {
    Lock(Lock),
    RwLock(RwLock),
    Condvar(Condvar),
    Channel(Channel),
    Barrier(Barrier),
    Once(Once),
    Atomic(Atomic),
    Listener,
    Connection(Connection),
    Output(Output),
}

#[derive(Debug, Default)]
pub struct Lock {
    pub holder: Option<ThreadId>,
    pub last_owner: Option<ThreadId>,
    pub last_acquire: Option<EventId>,
    pub last_release: Option<EventId>,
    /// What has seen the lock held since it was taken.
    pub failed_tries: Vec<EventId>,
    /// Who asked for the poison since the last release.
    pub asks: Vec<EventId>,
    /// The last time that the poison was cleared.
    pub last_clear: Option<EventId>,
    /// How often the lock changed hands.
    pub version: u64,
}

#[derive(Debug, Default)]
pub struct RwLock {
    pub writer: Option<ThreadId>,
    pub readers: Vec<ThreadId>,
    pub last_owner: Option<ThreadId>,
    pub last_write: Option<EventId>,
    pub last_write_release: Option<EventId>,
    /// Since the last acquisition for writing.
    pub reads: Vec<EventId>,
    pub read_releases: Vec<EventId>,
    /// The last attempt to write that didn't wait, whatever came of it.
    pub last_try_write: Option<EventId>,
    /// What has seen the writer since it took the lock.
    pub failed_tries: Vec<EventId>,
    pub asks: Vec<EventId>,
    /// The last time that the poison was cleared.
    pub last_clear: Option<EventId>,
    pub version: u64,
}

/// One `notify_one` that no thread has used up.
#[derive(Debug)]
pub struct Token {
    pub event: EventId,
    pub eligible: Vec<ThreadId>,
}

/// A thread that waits on a condition variable.
#[derive(Clone, Copy, Debug)]
pub struct Waiter {
    pub thread: ThreadId,
    /// The last event that used up a token that was as good for this thread.
    pub passed_over: Option<EventId>,
}

/// A thread that a `notify_all` has woken.
#[derive(Clone, Copy, Debug)]
pub struct Woken {
    pub waiter: Waiter,
    pub event: EventId,
    /// It had a token already, so it could have woken up before that.
    pub had_token: bool,
}

#[derive(Debug, Default)]
pub struct Condvar {
    pub waiters: Vec<Waiter>,
    pub tokens: Vec<Token>,
    /// Threads woken by a `notify_all`.
    pub woken: Vec<Woken>,
    pub last_notify: Option<EventId>,
    /// Who joined or left the waiters by itself since the last notification.
    pub moves: Vec<EventId>,
    /// The last event that used up a token, or took all of them away.
    pub last_token_use: Option<EventId>,
    pub notifications: u64,
}

impl Condvar {
    /// The oldest token that `thread` may use. Taking the oldest keeps every
    /// other token usable by somebody.
    pub fn token_for(&self, thread: ThreadId) -> Option<usize> {
        self.tokens
            .iter()
            .position(|token| token.eligible.contains(&thread))
    }

    pub fn woken(&self, thread: ThreadId) -> Option<Woken> {
        let found = self
            .woken
            .iter()
            .find(|woken| woken.waiter.thread == thread);
        found.copied()
    }
}

#[derive(Debug)]
pub struct Channel {
    /// The room of a bounded channel.
    pub room: Option<usize>,
    pub senders: usize,
    pub receiver: bool,
    pub sent: usize,
    pub received: usize,
    /// The messages in the queue: their numbers and the events that sent them.
    pub queue: VecDeque<(usize, EventId)>,
    pub last_send: Option<EventId>,
    /// The events that took messages, in their order.
    pub takes: Vec<EventId>,
    /// The last operation on the receiver.
    pub last_receiver_use: Option<EventId>,
    pub receiver_dropped: Option<EventId>,
    pub sender_drops: Vec<EventId>,
    /// The last event that found the queue empty, and how many messages had
    /// been sent by then.
    pub last_empty: Option<(EventId, usize)>,
    /// Who found the channel full since the last message was taken.
    pub full: Vec<EventId>,
}

impl Channel {
    pub fn new(room: Option<usize>) -> Channel {
        Channel {
            room,
            senders: 1,
            receiver: true,
            sent: 0,
            received: 0,
            queue: VecDeque::new(),
            last_send: None,
            takes: Vec::new(),
            last_receiver_use: None,
            receiver_dropped: None,
            sender_drops: Vec::new(),
            last_empty: None,
            full: Vec::new(),
        }
    }

    /// Whether a sender finds room. A channel without any room takes a
    /// message at once, and its sender waits in a second step.
    pub fn has_room(&self) -> bool {
        match self.room {
            None | Some(0) => true,
            Some(room) => self.sent - self.received < room,
        }
    }

    /// The event that made the room for the next message.
    pub fn room_made_by(&self) -> Option<EventId> {
        let room = self.room.filter(|&room| room > 0)?;
        let earlier = self.sent.checked_sub(room)?;
        self.takes.get(earlier).copied()
    }
}

#[derive(Debug)]
pub struct Barrier {
    pub size: usize,
    pub arrived: usize,
    /// The events that completed each round.
    pub rounds: Vec<EventId>,
    pub last_arrive: Option<EventId>,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum OnceState {
    #[default]
    New,
    Running(ThreadId),
    Done,
}

#[derive(Debug, Default)]
pub struct Once {
    pub state: OnceState,
    pub last_enter: Option<EventId>,
    pub last_leave: Option<EventId>,
    /// Who saw that it was not done since the last one left.
    pub looks: Vec<EventId>,
}

#[derive(Debug, Default)]
pub struct Atomic {
    pub last_write: Option<EventId>,
    /// Since the last write.
    pub reads: Vec<EventId>,
    /// How often the value changed.
    pub version: u64,
}

#[derive(Debug)]
pub struct Connection {
    pub client: usize,
    /// How many bytes of what the client sends were read.
    pub taken: usize,
    pub writes: usize,
    pub shut_for_reading: bool,
    pub shut_for_writing: bool,
    /// How many handles the program has of it.
    pub handles: usize,
    pub last_read: Option<EventId>,
    /// Who found nothing to read since the last read.
    pub empty: Vec<EventId>,
    pub last_write: Option<EventId>,
}

#[derive(Debug, Default)]
pub struct Output {
    pub holder: Option<ThreadId>,
    /// How often its holder has taken it again.
    pub depth: usize,
    pub last_lock: Option<EventId>,
    pub last_release: Option<EventId>,
    /// Since the last time that it was locked.
    pub prints: Vec<EventId>,
}
