//! `std::sync::mpsc`. The messages are here; how many there are, who waits and
//! who may go is the explorer's.

use crate::engine::{Cancelled, Context, context, context_for};
use crate::primitives::Body;
use crate::primitives::channel::{Action, Channel as Rules};
use crate::trace::{Kind, ObjectId, Op, Outcome, Place};
use ::std::collections::VecDeque;
use ::std::fmt;
use ::std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use ::std::time::Duration;

pub use ::std::sync::mpsc::{RecvError, RecvTimeoutError, SendError, TryRecvError, TrySendError};

/// What both ends share.
struct Shared<T> {
    epoch: u64,
    channel: ObjectId,
    room: Option<usize>,
    messages: Mutex<VecDeque<(usize, T)>>,
}

impl<T> Shared<T> {
    fn new(room: Option<usize>, created: Place, what: &str) -> Arc<Shared<T>> {
        let context = context_for(what);
        let channel = context.with(|state| {
            let body = Body::Channel(Rules::new(room));
            state.add_object(Kind::Channel, Some(created), body)
        });
        Arc::new(Shared {
            epoch: context.epoch,
            channel,
            room,
            messages: Mutex::default(),
        })
    }

    fn messages(&self) -> MutexGuard<'_, VecDeque<(usize, T)>> {
        self.messages.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// The context, if the channel is one of the current run.
    fn context(&self) -> Option<Context> {
        context().filter(|context| context.epoch == self.epoch)
    }

    /// Makes a step on the channel.
    fn step(
        &self,
        what: &str,
        place: Place,
        op: impl FnOnce(ObjectId) -> Op,
    ) -> Result<Outcome, Cancelled> {
        let context = context_for(what);
        if context.epoch != self.epoch {
            return Err(context.unsupported(format!(
                "{place} uses a channel that was created in an earlier execution: the explorer \
                 can't reset one that lives in a `static`."
            )));
        }
        context.step(op(self.channel), place)
    }

    fn put(&self, number: usize, message: T) {
        self.messages().push_back((number, message));
    }

    fn take(&self) -> Option<T> {
        self.messages().pop_front().map(|(_, message)| message)
    }

    fn send(&self, what: &str, message: T, place: Place) -> Result<(), SendError<T>> {
        let number = match self.step(what, place, |channel| Op::Channel(channel, Action::Send)) {
            Ok(Outcome::Message { number }) => number,
            Ok(_) => return Err(SendError(message)),
            // Nobody is left who could receive it.
            Err(Cancelled) => return Ok(()),
        };
        self.put(number, message);
        if self.room == Some(0) {
            let taken = self.step(what, place, |channel| {
                Op::Channel(channel, Action::AwaitTaken)
            });
            if let Ok(Outcome::Disconnected) = taken {
                return self.take_back(number);
            }
        }
        Ok(())
    }

    /// Without room, the receiver leaves what it did not take to the sender.
    fn take_back(&self, number: usize) -> Result<(), SendError<T>> {
        let mut messages = self.messages();
        let left = messages.iter().position(|(known, _)| *known == number);
        match left.and_then(|at| messages.remove(at)) {
            Some((_, message)) => Err(SendError(message)),
            None => Ok(()),
        }
    }

    fn drop_sender(&self) {
        if let Some(context) = self.context() {
            let channel = self.channel;
            let place = context.with(|state| state.threads[context.thread].place);
            let _ = context.step(Op::Channel(channel, Action::SenderDropped), place);
        }
    }

    fn add_sender(&self) {
        if let Some(context) = self.context() {
            context.with(|state| {
                if !state.tearing_down {
                    state.world.channel_mut(self.channel).add_sender();
                }
            });
        }
    }
}

#[track_caller]
#[must_use]
pub fn channel<T>() -> (Sender<T>, Receiver<T>) {
    let shared = Shared::new(None, Place::caller(), "sync::mpsc::channel");
    let receiver = Receiver {
        shared: Arc::clone(&shared),
    };
    (Sender { shared }, receiver)
}

#[track_caller]
#[must_use]
pub fn sync_channel<T>(bound: usize) -> (SyncSender<T>, Receiver<T>) {
    let shared = Shared::new(Some(bound), Place::caller(), "sync::mpsc::sync_channel");
    let receiver = Receiver {
        shared: Arc::clone(&shared),
    };
    (SyncSender { shared }, receiver)
}

/// The sending end of a channel.
pub struct Sender<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Sender<T> {
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        let place = Place::caller();
        self.shared.send("sync::mpsc::Sender::send", message, place)
    }
}

impl<T> Clone for Sender<T> {
    fn clone(&self) -> Sender<T> {
        self.shared.add_sender();
        Sender {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<T> Drop for Sender<T> {
    fn drop(&mut self) {
        self.shared.drop_sender();
    }
}

impl<T> fmt::Debug for Sender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Sender").finish_non_exhaustive()
    }
}

/// The sending end of a bounded channel.
pub struct SyncSender<T> {
    shared: Arc<Shared<T>>,
}

impl<T> SyncSender<T> {
    #[track_caller]
    pub fn send(&self, message: T) -> Result<(), SendError<T>> {
        let place = Place::caller();
        self.shared
            .send("sync::mpsc::SyncSender::send", message, place)
    }

    #[track_caller]
    pub fn try_send(&self, message: T) -> Result<(), TrySendError<T>> {
        const WHAT: &str = "sync::mpsc::SyncSender::try_send";
        let place = Place::caller();
        if self.shared.room == Some(0) {
            context_for(WHAT).unsupported(format!(
                "{place} uses `SyncSender::try_send` on a channel without room, \
                 `sync_channel(0)`, which the explorer doesn't cover."
            ));
            return Err(TrySendError::Full(message));
        }
        match self
            .shared
            .step(WHAT, place, |channel| Op::Channel(channel, Action::TrySend))
        {
            Ok(Outcome::Message { number }) => {
                self.shared.put(number, message);
                Ok(())
            }
            Ok(Outcome::Full) => Err(TrySendError::Full(message)),
            Ok(_) => Err(TrySendError::Disconnected(message)),
            Err(Cancelled) => Ok(()),
        }
    }
}

impl<T> Clone for SyncSender<T> {
    fn clone(&self) -> SyncSender<T> {
        self.shared.add_sender();
        SyncSender {
            shared: Arc::clone(&self.shared),
        }
    }
}

impl<T> Drop for SyncSender<T> {
    fn drop(&mut self) {
        self.shared.drop_sender();
    }
}

impl<T> fmt::Debug for SyncSender<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SyncSender").finish_non_exhaustive()
    }
}

/// The receiving end of a channel. Dropping it drops what is queued.
pub struct Receiver<T> {
    shared: Arc<Shared<T>>,
}

impl<T> Receiver<T> {
    #[track_caller]
    pub fn recv(&self) -> Result<T, RecvError> {
        self.recv_at(Place::caller())
    }

    fn recv_at(&self, place: Place) -> Result<T, RecvError> {
        let shared = &self.shared;
        let what = "sync::mpsc::Receiver::recv";
        let step = shared.step(what, place, |channel| Op::Channel(channel, Action::Recv));
        match step {
            Ok(Outcome::Message { .. }) => shared.take().ok_or(RecvError),
            Ok(_) | Err(Cancelled) => Err(RecvError),
        }
    }

    #[track_caller]
    pub fn try_recv(&self) -> Result<T, TryRecvError> {
        self.try_recv_at(Place::caller())
    }

    fn try_recv_at(&self, place: Place) -> Result<T, TryRecvError> {
        let shared = &self.shared;
        let what = "sync::mpsc::Receiver::try_recv";
        let step = shared.step(what, place, |channel| Op::Channel(channel, Action::TryRecv));
        match step {
            Ok(Outcome::Message { .. }) => shared.take().ok_or(TryRecvError::Empty),
            Ok(Outcome::Empty) => Err(TryRecvError::Empty),
            Ok(_) | Err(Cancelled) => Err(TryRecvError::Disconnected),
        }
    }

    /// May end by its time-out whenever no message is there.
    #[track_caller]
    pub fn recv_timeout(&self, time: Duration) -> Result<T, RecvTimeoutError> {
        let shared = &self.shared;
        let what = "sync::mpsc::Receiver::recv_timeout";
        let step = shared.step(what, Place::caller(), |channel| {
            Op::Channel(channel, Action::RecvTimeout)
        });
        match step {
            Ok(Outcome::Message { .. }) => shared.take().ok_or(RecvTimeoutError::Timeout),
            Ok(Outcome::TimedOut) => {
                if let Some(context) = shared.context() {
                    context.with(|state| state.pass_time(context.thread, time));
                }
                Err(RecvTimeoutError::Timeout)
            }
            Ok(_) | Err(Cancelled) => Err(RecvTimeoutError::Disconnected),
        }
    }

    #[track_caller]
    pub fn iter(&self) -> Iter<'_, T> {
        Iter {
            receiver: self,
            place: Place::caller(),
        }
    }

    #[track_caller]
    pub fn try_iter(&self) -> TryIter<'_, T> {
        TryIter {
            receiver: self,
            place: Place::caller(),
        }
    }
}

impl<T> Drop for Receiver<T> {
    fn drop(&mut self) {
        if let Some(context) = self.shared.context() {
            let channel = self.shared.channel;
            let place = context.with(|state| state.threads[context.thread].place);
            let _ = context.step(Op::Channel(channel, Action::ReceiverDropped), place);
        }
        if self.shared.room == Some(0) {
            // Each sender that waits gets its message back.
            return;
        }
        // What is dropped here may make steps of its own.
        let messages = ::std::mem::take(&mut *self.shared.messages());
        drop(messages);
    }
}

impl<T> fmt::Debug for Receiver<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Receiver").finish_non_exhaustive()
    }
}

/// Receives until all senders are gone.
#[derive(Debug)]
pub struct Iter<'a, T: 'a> {
    receiver: &'a Receiver<T>,
    /// Where it was made: `next` may be called from inside the real `std`.
    place: Place,
}

/// Receives what is there.
#[derive(Debug)]
pub struct TryIter<'a, T: 'a> {
    receiver: &'a Receiver<T>,
    /// Where it was made: `next` may be called from inside the real `std`.
    place: Place,
}

/// Receives until all senders are gone, and owns the receiver.
#[derive(Debug)]
pub struct IntoIter<T> {
    receiver: Receiver<T>,
    place: Place,
}

impl<T> Iterator for Iter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.receiver.recv_at(self.place).ok()
    }
}

impl<T> Iterator for TryIter<'_, T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.receiver.try_recv_at(self.place).ok()
    }
}

impl<T> Iterator for IntoIter<T> {
    type Item = T;

    fn next(&mut self) -> Option<T> {
        self.receiver.recv_at(self.place).ok()
    }
}

impl<'a, T> IntoIterator for &'a Receiver<T> {
    type Item = T;
    type IntoIter = Iter<'a, T>;

    #[track_caller]
    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T> IntoIterator for Receiver<T> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    #[track_caller]
    fn into_iter(self) -> IntoIter<T> {
        IntoIter {
            receiver: self,
            place: Place::caller(),
        }
    }
}
