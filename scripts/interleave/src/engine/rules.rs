//! The rules of the operations: when one is possible, what it changes, and
//! which earlier events it is ordered after.
//!
//! Two neighbouring steps of different threads that are not linked by
//! [`State::links_of`] can change places without anybody noticing. All of the
//! search rests on that, and the fuzz tests check it.
//!
//! Two relations are kept apart. *Enabled by* is what an operation needs: a
//! cause, which never comes later. *Races with* is what could also have come
//! later. An event that found nothing to do (a `try_send` without room, a wait
//! that timed out, an `accept` that found nobody) enables nothing and takes
//! nothing away, so it is never the last event that a later one is held
//! against: it stands in a list of its own, which is cleared by what would
//! have given it another answer.
//!
//! Of two steps by different threads on one object:
//!
//! | object | independent, unless | enabled by |
//! |---|---|---|
//! | lock | both take it; one asks (`try_lock` in vain, `is_poisoned`) and the other gives it back; one clears the poison | taking: the last release |
//! | read-write lock | both take it and one of them to write; `try_write` and a release or another attempt; one asks and the other gives back what was taken to write; one clears the poison | reading: the last release by a writer; writing: that and the releases by readers |
//! | channel, sending | two messages get through; a message and a receive that found nothing; either and the drop of the receiver | `send`: the receive that made the room |
//! | channel, full | `try_send` without room, and the message before it, the next receive, the drop of the receiver | nothing |
//! | channel, receiving | `try_recv` and the sending of its message, or the drop of a sender | `recv`: the sending of its message, or the drops of all senders |
//! | condition variable | a notification and another, or the start of a wait, or its time-out; two wake-ups by one notification; a wake-up by `notify_all` that another notification could have caused | waking: the notification |
//! | once | two run its closure; one looks in vain and the other leaves it | entering: the last that left it |
//! | barrier | both arrive | passing: the last arrival of the round |
//! | atomic | one of them writes | nothing |
//! | clients | both accept one, at whatever listener | nothing: all clients are there from the start, so `accept` in vain is independent of all |
//! | connection | both read, or both write; either and the shutdown or close, also a read in vain | reading: the shutdown, where nothing is left to read |
//! | output | both take its lock; one prints and the other takes it | the last release |
//! | thread | it exits and another asks whether it has; it parks and is unparked | `join`: its exit; `park`: the token |
//!
//! Everything is ordered against markers and the end of the process, and
//! nothing else is.

use super::objects::{
    Body, Channel, Condvar, Connection, EventId, Lock, Once, OnceState, Output, RwLock, Token,
    Waiter, Woken,
};
use super::state::{Finish, Links, Os, Patience, State};
use crate::explorer::Then;
use crate::trace::{Access, End, Kind, ObjectId, Op, Outcome, Stream, ThreadId};
use ::std::time::Duration;

/// Gets the body of an object that is known to be of one kind.
macro_rules! body {
    ($name:ident, $name_mut:ident, $variant:ident, $type:ty) => {
        pub fn $name(&self, object: ObjectId) -> &$type {
            match &self.bodies[object] {
                Body::$variant(body) => body,
                other => unreachable!("object {object} is {other:?}"),
            }
        }

        pub fn $name_mut(&mut self, object: ObjectId) -> &mut $type {
            match &mut self.bodies[object] {
                Body::$variant(body) => body,
                other => unreachable!("object {object} is {other:?}"),
            }
        }
    };
}

impl State {
    body!(lock, lock_mut, Lock, Lock);
    body!(rw_lock, rw_lock_mut, RwLock, RwLock);
    body!(condvar, condvar_mut, Condvar, Condvar);
    body!(channel, channel_mut, Channel, Channel);
    body!(barrier, barrier_mut, Barrier, super::objects::Barrier);
    body!(once, once_mut, Once, Once);
    body!(atomic, atomic_mut, Atomic, super::objects::Atomic);
    body!(connection, connection_mut, Connection, Connection);
    body!(output, output_mut, Output, Output);

    pub fn once_runner(&self, once: ObjectId) -> Option<ThreadId> {
        match self.once(once).state {
            OnceState::Running(thread) => Some(thread),
            OnceState::New | OnceState::Done => None,
        }
    }

    /// The lock of an output stream, if the program has ever taken it.
    fn output_of(&self, stream: Stream) -> Option<&Output> {
        self.outputs[stream as usize].map(|object| self.output(object))
    }

    pub fn output_holder(&self, stream: Stream) -> Option<ThreadId> {
        self.output_of(stream).and_then(|output| output.holder)
    }

    /// Whether a read gives something at once: bytes or the end.
    fn readable(&self, connection: ObjectId) -> bool {
        let body = self.connection(connection);
        let client = &self.config.clients[body.client];
        // One that waits for its answer hangs up when the answer has come to its end.
        body.shut_for_reading
            || body.shut_for_writing
            || body.taken < client.sends.len()
            || client.then == Then::HangsUp
    }

    /// Whether `thread` can do `op` now.
    pub fn possible(&self, thread: ThreadId, op: &Op) -> bool {
        match op {
            Op::Join { child } => *child != thread && self.threads[*child].ended(),
            Op::Park => self.threads[thread].token,
            Op::Lock { lock } => self.lock(*lock).holder.is_none(),
            Op::ReadLock { lock } => self.rw_lock(*lock).writer.is_none(),
            Op::WriteLock { lock } => {
                let body = self.rw_lock(*lock);
                body.writer.is_none() && body.readers.is_empty()
            }
            Op::Send { channel } => {
                let body = self.channel(*channel);
                !body.receiver || body.has_room()
            }
            Op::AwaitTaken { channel } => {
                let body = self.channel(*channel);
                !body.receiver || body.received > self.threads[thread].note
            }
            Op::Recv { channel } => {
                let body = self.channel(*channel);
                !body.queue.is_empty() || body.senders == 0
            }
            Op::Wake { condvar } => {
                let body = self.condvar(*condvar);
                body.woken(thread).is_some() || body.token_for(thread).is_some()
            }
            Op::Pass { barrier } => self.barrier(*barrier).rounds.len() > self.threads[thread].note,
            Op::OnceEnter { once } => self.once_runner(*once).is_none(),
            Op::Accept { .. } => self.accepted < self.config.clients.len(),
            Op::Read { connection } => self.readable(*connection),
            Op::Print { stream, .. } => {
                let holder = self.output_holder(*stream);
                holder.is_none() || holder == Some(thread)
            }
            Op::OutputLock { output } => self.output(*output).holder.is_none(),
            _ => true,
        }
    }

    /// If `op` would see nothing new: what it looks at, and that thing's version.
    pub fn in_vain(&self, thread: ThreadId, op: &Op) -> Option<(Option<ObjectId>, u64, Patience)> {
        let (object, version, patience) = match op {
            Op::TryRecv { channel } | Op::RecvTimeout { channel } => {
                let body = self.channel(*channel);
                if !body.queue.is_empty() || body.senders == 0 {
                    return None;
                }
                let version = body.sent + body.sender_drops.len();
                (*channel, version as u64, Patience::Poll)
            }
            Op::TrySend { channel } => {
                let body = self.channel(*channel);
                if !body.receiver || body.has_room() {
                    return None;
                }
                (*channel, body.received as u64, Patience::Poll)
            }
            Op::TryLock { lock } => {
                let body = self.lock(*lock);
                body.holder?;
                (*lock, body.version, Patience::Poll)
            }
            Op::Lock { lock } => (*lock, self.lock(*lock).version, Patience::Lap),
            Op::TryReadLock { lock } => {
                let body = self.rw_lock(*lock);
                body.writer?;
                (*lock, body.version, Patience::Poll)
            }
            Op::TryWriteLock { lock } => {
                let body = self.rw_lock(*lock);
                if body.writer.is_none() && body.readers.is_empty() {
                    return None;
                }
                (*lock, body.version, Patience::Poll)
            }
            Op::ReadLock { lock } | Op::WriteLock { lock } => {
                (*lock, self.rw_lock(*lock).version, Patience::Lap)
            }
            Op::WakeTimeout { condvar } => {
                let body = self.condvar(*condvar);
                if body.woken(thread).is_some() || body.token_for(thread).is_some() {
                    return None;
                }
                (*condvar, body.notifications, Patience::Poll)
            }
            Op::OnceLook { once } => {
                if self.once(*once).state == OnceState::Done {
                    return None;
                }
                (*once, 0, Patience::Poll)
            }
            Op::Atomic { atomic, access } => {
                if *access == Access::Store {
                    return None;
                }
                (*atomic, self.atomic(*atomic).version, Patience::Poll)
            }
            Op::ReadTimeout { connection } => {
                if self.readable(*connection) {
                    return None;
                }
                (*connection, 0, Patience::Poll)
            }
            Op::TryAccept { listener } => {
                if self.accepted < self.config.clients.len() {
                    return None;
                }
                (*listener, 0, Patience::Poll)
            }
            Op::IsFinished { child } => {
                if self.threads[*child].ended() {
                    return None;
                }
                return Some((None, 0, Patience::Poll));
            }
            Op::ParkTimeout => {
                if self.threads[thread].token {
                    return None;
                }
                return Some((None, 0, Patience::Poll));
            }
            Op::Yield | Op::Sleep { .. } => return Some((None, 0, Patience::Lap)),
            _ => return None,
        };
        Some((Some(object), version, patience))
    }

    /// The events that `op`, made now by `thread`, comes after.
    pub fn links_of(&self, thread: ThreadId, op: &Op) -> Links {
        let mut links = self.own_links(thread, op);
        let clock = &self.threads[thread].clock;
        let unseen = |event: EventId| {
            let event = &self.events[event];
            clock.get(event.thread).copied().unwrap_or(0) < event.index()
        };
        if let Some(marker) = self.last_marker.filter(|&marker| unseen(marker)) {
            links.race(marker);
        }
        if let Some(end) = self.ended_by {
            links.race(end);
        }
        if self.threads[thread].after_all {
            for other in &self.threads {
                links.cause_maybe(other.last_event);
            }
        }
        links.previous = self.threads[thread].last_event;
        links
    }

    fn own_links(&self, thread: ThreadId, op: &Op) -> Links {
        let mut links = Links::default();
        match op {
            Op::Start => links.cause_maybe(self.threads[thread].spawned_by),
            Op::Join { child } => links.cause_maybe(self.threads[*child].exit),
            Op::IsFinished { child } => links.race_maybe(self.threads[*child].exit),
            Op::Exit { .. } => links.race_all(&self.threads[thread].looks),
            Op::Park | Op::ParkTimeout => links.race_all(&self.threads[thread].unparks),
            Op::Unpark { thread } => links.race_maybe(self.threads[*thread].last_park),
            Op::Lock { .. }
            | Op::TryLock { .. }
            | Op::Unlock { .. }
            | Op::IsPoisoned { .. }
            | Op::ClearPoison { .. }
            | Op::ReadLock { .. }
            | Op::TryReadLock { .. }
            | Op::ReadUnlock { .. }
            | Op::WriteLock { .. }
            | Op::TryWriteLock { .. }
            | Op::WriteUnlock { .. } => self.lock_links(op, &mut links),
            Op::Send { channel } | Op::TrySend { channel } => {
                self.send_links(*channel, matches!(op, Op::TrySend { .. }), &mut links);
            }
            Op::AwaitTaken { channel } => {
                let body = self.channel(*channel);
                let taken = body.takes.get(self.threads[thread].note).copied();
                links.cause_maybe(taken.or(body.receiver_dropped));
            }
            Op::Recv { channel } => self.receive_links(*channel, false, &mut links),
            Op::TryRecv { channel } | Op::RecvTimeout { channel } => {
                self.receive_links(*channel, true, &mut links);
            }
            Op::SenderDropped { channel } => {
                let empty = self.channel(*channel).last_empty;
                links.race_maybe(empty.map(|(event, _)| event));
            }
            Op::ReceiverDropped { channel } => {
                let body = self.channel(*channel);
                links.race_maybe(body.last_send);
                links.race_all(&body.full);
                links.cause_maybe(body.last_receiver_use);
            }
            Op::Wait { condvar, lock } => {
                self.lock_links(&Op::Unlock { lock: *lock }, &mut links);
                links.race_maybe(self.condvar(*condvar).last_notify);
            }
            Op::Wake { condvar } => self.wake_links(thread, *condvar, false, &mut links),
            Op::WakeTimeout { condvar } => self.wake_links(thread, *condvar, true, &mut links),
            Op::NotifyOne { condvar } => {
                let body = self.condvar(*condvar);
                links.race_maybe(body.last_notify);
                links.race_all(&body.moves);
            }
            Op::NotifyAll { condvar } => {
                let body = self.condvar(*condvar);
                links.race_maybe(body.last_notify);
                links.race_all(&body.moves);
                links.race_maybe(body.last_token_use);
            }
            Op::Arrive { barrier } => links.race_maybe(self.barrier(*barrier).last_arrive),
            Op::Pass { barrier } => {
                let round = self.threads[thread].note;
                links.cause_maybe(self.barrier(*barrier).rounds.get(round).copied());
            }
            Op::OnceEnter { once } => {
                let body = self.once(*once);
                links.race_maybe(body.last_enter);
                links.cause_maybe(body.last_leave);
            }
            Op::OnceLeave { once, .. } => links.race_all(&self.once(*once).looks),
            Op::OnceLook { once } => links.race_maybe(self.once(*once).last_leave),
            Op::Atomic { atomic, access } => {
                let body = self.atomic(*atomic);
                links.race_maybe(body.last_write);
                if *access != Access::Load {
                    links.race_all(&body.reads);
                }
            }
            Op::Accept { .. } | Op::TryAccept { .. } => links.race_maybe(self.last_accept),
            Op::Read { connection } | Op::ReadTimeout { connection } => {
                links.race_maybe(self.connection(*connection).last_read);
            }
            Op::Write { connection, .. } => {
                links.race_maybe(self.connection(*connection).last_write);
            }
            Op::Shutdown { connection } | Op::Close { connection } => {
                let body = self.connection(*connection);
                links.race_maybe(body.last_read);
                links.race_all(&body.empty);
                links.race_maybe(body.last_write);
            }
            Op::Print { stream, .. } => {
                if let Some(body) = self.output_of(*stream) {
                    links.race_maybe(body.last_lock);
                    links.cause_maybe(body.last_release);
                }
            }
            Op::OutputLock { output } => {
                let body = self.output(*output);
                links.race_maybe(body.last_lock);
                links.race_all(&body.prints);
                links.cause_maybe(body.last_release);
            }
            Op::Marker { .. } | Op::MainReturn { .. } | Op::ProcessExit { .. } => {
                for (other, info) in self.threads.iter().enumerate() {
                    if other != thread {
                        links.race_maybe(info.last_event);
                    }
                }
            }
            Op::Spawn { .. }
            | Op::Yield
            | Op::Sleep { .. }
            | Op::Bind { .. }
            | Op::OutputUnlock { .. }
            | Op::JobQueued { .. }
            | Op::JobStarted { .. }
            | Op::JobFinished { .. }
            | Op::JobPanics { .. } => {}
        }
        links
    }

    fn lock_links(&self, op: &Op, links: &mut Links) {
        // What finds the lock taken doesn't see the poison, nor does giving it back after reading.
        let reads_no_poison = match op {
            Op::TryLock { lock } => self.lock(*lock).holder.is_some(),
            Op::TryReadLock { lock } => self.rw_lock(*lock).writer.is_some(),
            Op::TryWriteLock { lock } => {
                let body = self.rw_lock(*lock);
                body.writer.is_some() || !body.readers.is_empty()
            }
            _ => matches!(op, Op::ReadUnlock { .. }),
        };
        if let Some(&lock) = op.objects().first().filter(|_| !reads_no_poison) {
            links.race_maybe(match &self.bodies[lock] {
                Body::RwLock(body) => body.last_clear,
                _ => self.lock(lock).last_clear,
            });
        }
        match op {
            Op::ClearPoison { lock } => match &self.bodies[*lock] {
                Body::RwLock(body) => {
                    links.race_all(&body.asks);
                    links.race_all(&body.reads);
                    links.race_maybe(body.last_write);
                    links.race_maybe(body.last_write_release);
                }
                _ => {
                    let body = self.lock(*lock);
                    links.race_all(&body.asks);
                    links.race_maybe(body.last_acquire);
                    links.race_maybe(body.last_release);
                }
            },
            Op::Lock { lock } => {
                let body = self.lock(*lock);
                links.race_maybe(body.last_acquire);
                links.cause_maybe(body.last_release);
            }
            Op::TryLock { lock } => {
                let body = self.lock(*lock);
                links.race_maybe(body.last_acquire);
                if body.holder.is_none() {
                    links.race_maybe(body.last_release);
                }
            }
            Op::Unlock { lock } => {
                let body = self.lock(*lock);
                links.race_all(&body.failed_tries);
                links.race_all(&body.asks);
            }
            Op::IsPoisoned { lock } => match &self.bodies[*lock] {
                Body::RwLock(body) => links.race_maybe(body.last_write_release),
                _ => links.race_maybe(self.lock(*lock).last_release),
            },
            Op::ReadLock { lock } => {
                let body = self.rw_lock(*lock);
                links.race_maybe(body.last_write);
                links.race_maybe(body.last_try_write);
                links.cause_maybe(body.last_write_release);
            }
            Op::TryReadLock { lock } => {
                let body = self.rw_lock(*lock);
                links.race_maybe(body.last_write);
                if body.writer.is_none() {
                    links.race_maybe(body.last_try_write);
                    links.race_maybe(body.last_write_release);
                }
            }
            Op::ReadUnlock { lock } => links.race_maybe(self.rw_lock(*lock).last_try_write),
            Op::WriteLock { lock } => {
                let body = self.rw_lock(*lock);
                links.race_maybe(body.last_write);
                links.race_all(&body.reads);
                links.cause_maybe(body.last_write_release);
                links.cause_all(&body.read_releases);
            }
            Op::TryWriteLock { lock } => {
                let body = self.rw_lock(*lock);
                links.race_maybe(body.last_try_write);
                links.race_maybe(body.last_write);
                links.race_all(&body.reads);
                links.race_all(&body.read_releases);
                if body.writer.is_none() {
                    links.race_maybe(body.last_write_release);
                }
            }
            Op::WriteUnlock { lock } => {
                let body = self.rw_lock(*lock);
                links.race_all(&body.failed_tries);
                links.race_all(&body.asks);
            }
            _ => {}
        }
    }

    fn send_links(&self, channel: ObjectId, tries: bool, links: &mut Links) {
        let body = self.channel(channel);
        links.race_maybe(body.last_send);
        links.race_maybe(body.receiver_dropped);
        if let Some((event, sent)) = body.last_empty {
            if sent == body.sent {
                links.race(event);
            }
        }
        if tries {
            links.race_maybe(body.room_made_by());
        } else if body.receiver {
            links.cause_maybe(body.room_made_by());
        }
    }

    fn receive_links(&self, channel: ObjectId, looks: bool, links: &mut Links) {
        let body = self.channel(channel);
        match body.queue.front() {
            Some(&(_, sent)) => {
                links.race_all(&body.full);
                if looks {
                    links.race(sent);
                } else {
                    links.cause(sent);
                }
            }
            None if looks => links.race_all(&body.sender_drops),
            None => links.cause_all(&body.sender_drops),
        }
        links.cause_maybe(body.last_receiver_use);
    }

    fn wake_links(&self, thread: ThreadId, condvar: ObjectId, looks: bool, links: &mut Links) {
        let body = self.condvar(condvar);
        if let Some(woken) = body.woken(thread) {
            if looks || woken.had_token {
                links.race(woken.event);
            } else {
                links.cause(woken.event);
            }
            links.race_maybe(woken.waiter.passed_over);
            return;
        }
        match body.token_for(thread) {
            Some(token) => {
                links.race_maybe(body.last_token_use);
                let notified = body.tokens[token].event;
                if looks {
                    links.race(notified);
                } else {
                    links.cause(notified);
                }
            }
            None => {
                links.race_maybe(body.last_notify);
                let mut waiters = body.waiters.iter();
                let own = waiters.find(|waiter| waiter.thread == thread);
                links.race_maybe(own.and_then(|waiter| waiter.passed_over));
            }
        }
    }

    /// Does `op`, which is possible, as event number `event`.
    pub fn apply(&mut self, thread: ThreadId, op: &Op, event: EventId) -> Outcome {
        match op {
            Op::Spawn { .. } => {
                self.progress(thread);
                self.apply_spawn(thread, event);
                Outcome::Done
            }
            Op::Join { .. } => {
                self.progress(thread);
                Outcome::Done
            }
            Op::IsFinished { child } => {
                let yes = self.threads[*child].ended();
                if yes {
                    self.progress(thread);
                } else {
                    self.threads[*child].looks.push(event);
                }
                Outcome::Answer { yes }
            }
            Op::Exit { .. } => {
                self.threads[thread].exit = Some(event);
                self.progress(thread);
                Outcome::Done
            }
            Op::Park | Op::ParkTimeout => {
                let info = &mut self.threads[thread];
                let woken = ::std::mem::take(&mut info.token);
                info.unparks.clear();
                info.last_park = Some(event);
                if woken {
                    self.progress(thread);
                    return Outcome::Done;
                }
                Outcome::TimedOut
            }
            Op::Unpark { thread: target } => {
                let info = &mut self.threads[*target];
                info.token = true;
                info.unparks.push(event);
                self.progress(thread);
                Outcome::Done
            }
            Op::Sleep { time } => {
                let info = &mut self.threads[thread];
                info.time = info.time.saturating_add(*time);
                Outcome::Done
            }
            Op::Lock { .. }
            | Op::TryLock { .. }
            | Op::Unlock { .. }
            | Op::IsPoisoned { .. }
            | Op::ClearPoison { .. } => self.apply_lock(thread, op, event),
            Op::ReadLock { .. }
            | Op::TryReadLock { .. }
            | Op::ReadUnlock { .. }
            | Op::WriteLock { .. }
            | Op::TryWriteLock { .. }
            | Op::WriteUnlock { .. } => self.apply_rw_lock(thread, op, event),
            Op::Send { .. }
            | Op::TrySend { .. }
            | Op::AwaitTaken { .. }
            | Op::Recv { .. }
            | Op::TryRecv { .. }
            | Op::RecvTimeout { .. }
            | Op::SenderDropped { .. }
            | Op::ReceiverDropped { .. } => self.apply_channel(thread, op, event),
            Op::Wait { condvar, lock } => {
                self.apply_lock(thread, &Op::Unlock { lock: *lock }, event);
                let body = self.condvar_mut(*condvar);
                body.waiters.push(Waiter {
                    thread,
                    passed_over: None,
                });
                body.moves.push(event);
                Outcome::Done
            }
            Op::Wake { condvar } | Op::WakeTimeout { condvar } => {
                self.apply_wake(thread, *condvar, event)
            }
            Op::NotifyOne { condvar } => {
                self.progress(thread);
                let body = self.condvar_mut(*condvar);
                body.last_notify = Some(event);
                body.moves.clear();
                body.notifications += 1;
                // Who is already sure to be woken needs no second token.
                let wakes = body.tokens.len() < body.waiters.len();
                if wakes {
                    body.tokens.push(Token {
                        event,
                        eligible: body.waiters.iter().map(|waiter| waiter.thread).collect(),
                    });
                }
                Outcome::Count {
                    count: wakes.into(),
                }
            }
            Op::NotifyAll { condvar } => {
                self.progress(thread);
                let body = self.condvar_mut(*condvar);
                body.last_notify = Some(event);
                body.moves.clear();
                body.last_token_use = Some(event);
                body.notifications += 1;
                let count = body.waiters.len();
                for waiter in ::std::mem::take(&mut body.waiters) {
                    let had_token = body.token_for(waiter.thread).is_some();
                    body.woken.push(Woken {
                        waiter,
                        event,
                        had_token,
                    });
                }
                body.tokens.clear();
                Outcome::Count { count }
            }
            Op::Arrive { barrier } => {
                self.progress(thread);
                let body = self.barrier_mut(*barrier);
                body.last_arrive = Some(event);
                body.arrived += 1;
                let round = body.rounds.len();
                let leader = body.arrived >= body.size;
                if leader {
                    body.arrived = 0;
                    body.rounds.push(event);
                }
                self.threads[thread].note = round;
                Outcome::Answer { yes: leader }
            }
            Op::OnceEnter { once } => {
                self.progress(thread);
                let body = self.once_mut(*once);
                let runs = body.state == OnceState::New;
                if runs {
                    body.state = OnceState::Running(thread);
                    body.last_enter = Some(event);
                }
                Outcome::Answer { yes: runs }
            }
            Op::OnceLeave { once, done } => {
                self.progress(thread);
                let body = self.once_mut(*once);
                body.state = if *done {
                    OnceState::Done
                } else {
                    OnceState::New
                };
                body.last_leave = Some(event);
                body.looks.clear();
                Outcome::Done
            }
            Op::OnceLook { once } => {
                let body = self.once_mut(*once);
                let yes = body.state == OnceState::Done;
                if !yes {
                    body.looks.push(event);
                }
                Outcome::Answer { yes }
            }
            Op::Atomic { atomic, access } => {
                let body = self.atomic_mut(*atomic);
                if *access == Access::Load {
                    body.reads.push(event);
                } else {
                    body.last_write = Some(event);
                    body.reads.clear();
                }
                Outcome::Done
            }
            Op::Accept { .. }
            | Op::TryAccept { .. }
            | Op::Read { .. }
            | Op::ReadTimeout { .. }
            | Op::Write { .. }
            | Op::Shutdown { .. }
            | Op::Close { .. } => self.apply_net(thread, op, event),
            Op::Print { stream, .. } => {
                if let Some(output) = self.outputs[*stream as usize] {
                    self.output_mut(output).prints.push(event);
                } else {
                    self.early_prints[*stream as usize].push(event);
                }
                Outcome::Done
            }
            Op::OutputLock { output } => {
                let body = self.output_mut(*output);
                body.holder = Some(thread);
                body.last_lock = Some(event);
                body.prints.clear();
                Outcome::Done
            }
            Op::OutputUnlock { output } => {
                let body = self.output_mut(*output);
                body.holder = None;
                body.last_release = Some(event);
                Outcome::Done
            }
            Op::Marker { .. } => {
                self.last_marker = Some(event);
                Outcome::Done
            }
            Op::MainReturn { .. } => {
                let info = &mut self.threads[thread];
                info.exit = Some(event);
                let end = match info.panic.clone() {
                    Some((message, place)) => End::MainPanicked { message, place },
                    None => End::Normal,
                };
                self.end(event, end);
                Outcome::Done
            }
            Op::ProcessExit { code } => {
                let end = match self.aborts.take() {
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
                self.end(event, end);
                Outcome::Done
            }
            Op::JobQueued { .. }
            | Op::JobStarted { .. }
            | Op::JobFinished { .. }
            | Op::JobPanics { .. } => {
                self.progress(thread);
                Outcome::Done
            }
            Op::Start | Op::Yield | Op::Bind { .. } | Op::Pass { .. } => Outcome::Done,
        }
    }

    fn apply_spawn(&mut self, thread: ThreadId, event: EventId) {
        let parent = &mut self.threads[thread];
        let time = parent.time;
        let (name, os) = parent.to_spawn.take().unwrap_or((None, Os::Gone));
        let place = parent.place;
        match self.add_thread(Some(thread), name, place, os) {
            Ok(child) => {
                self.threads[child].spawned_by = Some(event);
                self.threads[child].time = time;
                self.threads[thread].last_child = child;
            }
            Err(sentence) => self.finish = Some(Finish::End(End::Unsupported { sentence })),
        }
    }

    fn end(&mut self, event: EventId, end: End) {
        self.ended_by = Some(event);
        if self.finish.is_none() {
            self.finish = Some(Finish::End(end));
        }
    }

    fn apply_lock(&mut self, thread: ThreadId, op: &Op, event: EventId) -> Outcome {
        match op {
            Op::Lock { lock } | Op::TryLock { lock } => {
                let body = self.lock_mut(*lock);
                if body.holder.is_some() {
                    body.failed_tries.push(event);
                    return Outcome::Refused;
                }
                body.holder = Some(thread);
                if body.last_owner != Some(thread) {
                    body.last_owner = Some(thread);
                    body.version += 1;
                }
                body.last_acquire = Some(event);
                Outcome::Done
            }
            Op::Unlock { lock } => {
                let body = self.lock_mut(*lock);
                body.holder = None;
                body.last_release = Some(event);
                body.failed_tries.clear();
                body.asks.clear();
                Outcome::Done
            }
            Op::ClearPoison { lock } => {
                self.progress(thread);
                match &mut self.bodies[*lock] {
                    Body::RwLock(body) => body.last_clear = Some(event),
                    _ => self.lock_mut(*lock).last_clear = Some(event),
                }
                Outcome::Done
            }
            Op::IsPoisoned { lock } => {
                match &mut self.bodies[*lock] {
                    Body::RwLock(body) => body.asks.push(event),
                    _ => self.lock_mut(*lock).asks.push(event),
                }
                Outcome::Done
            }
            _ => Outcome::Done,
        }
    }

    fn apply_rw_lock(&mut self, thread: ThreadId, op: &Op, event: EventId) -> Outcome {
        let (Op::ReadLock { lock }
        | Op::TryReadLock { lock }
        | Op::ReadUnlock { lock }
        | Op::WriteLock { lock }
        | Op::TryWriteLock { lock }
        | Op::WriteUnlock { lock }) = op
        else {
            return Outcome::Done;
        };
        let body: &mut RwLock = self.rw_lock_mut(*lock);
        let taken = match op {
            Op::ReadLock { .. } | Op::TryReadLock { .. } => {
                if body.writer.is_some() {
                    body.failed_tries.push(event);
                    return Outcome::Refused;
                }
                body.readers.push(thread);
                body.reads.push(event);
                true
            }
            Op::WriteLock { .. } | Op::TryWriteLock { .. } => {
                let tries = matches!(op, Op::TryWriteLock { .. });
                if tries {
                    body.last_try_write = Some(event);
                }
                if body.writer.is_some() || !body.readers.is_empty() {
                    body.failed_tries.push(event);
                    return Outcome::Refused;
                }
                body.writer = Some(thread);
                body.last_write = Some(event);
                body.reads.clear();
                body.read_releases.clear();
                true
            }
            Op::ReadUnlock { .. } => {
                if let Some(found) = body.readers.iter().position(|&reader| reader == thread) {
                    body.readers.swap_remove(found);
                }
                body.read_releases.push(event);
                false
            }
            _ => {
                body.writer = None;
                body.last_write_release = Some(event);
                body.failed_tries.clear();
                body.asks.clear();
                false
            }
        };
        if taken && body.last_owner != Some(thread) {
            body.last_owner = Some(thread);
            body.version += 1;
        }
        Outcome::Done
    }

    fn apply_channel(&mut self, thread: ThreadId, op: &Op, event: EventId) -> Outcome {
        let (Op::Send { channel }
        | Op::TrySend { channel }
        | Op::AwaitTaken { channel }
        | Op::Recv { channel }
        | Op::TryRecv { channel }
        | Op::RecvTimeout { channel }
        | Op::SenderDropped { channel }
        | Op::ReceiverDropped { channel }) = op
        else {
            return Outcome::Done;
        };
        let note = self.threads[thread].note;
        let body = self.channel_mut(*channel);
        let outcome = match op {
            Op::Send { .. } | Op::TrySend { .. } => {
                if !body.receiver {
                    body.last_send = Some(event);
                    Outcome::Disconnected
                } else if !body.has_room() {
                    body.full.push(event);
                    Outcome::Full
                } else {
                    body.last_send = Some(event);
                    let number = body.sent;
                    body.sent += 1;
                    body.queue.push_back((number, event));
                    self.threads[thread].note = number;
                    Outcome::Message { number }
                }
            }
            Op::AwaitTaken { .. } => {
                if body.received > note {
                    Outcome::Done
                } else {
                    Outcome::Disconnected
                }
            }
            Op::Recv { .. } | Op::TryRecv { .. } | Op::RecvTimeout { .. } => {
                body.last_receiver_use = Some(event);
                match body.queue.pop_front() {
                    Some((number, _)) => {
                        body.received += 1;
                        body.takes.push(event);
                        body.full.clear();
                        Outcome::Message { number }
                    }
                    None if body.senders == 0 => Outcome::Disconnected,
                    None => {
                        body.last_empty = Some((event, body.sent));
                        match op {
                            Op::TryRecv { .. } => Outcome::Empty,
                            _ => Outcome::TimedOut,
                        }
                    }
                }
            }
            Op::SenderDropped { .. } => {
                body.senders -= 1;
                body.sender_drops.push(event);
                if body.senders == 0 {
                    Outcome::Disconnected
                } else {
                    Outcome::Done
                }
            }
            _ => {
                body.receiver = false;
                body.receiver_dropped = Some(event);
                let count = body.queue.len();
                body.queue.clear();
                Outcome::Count { count }
            }
        };
        if !matches!(outcome, Outcome::Full | Outcome::Empty | Outcome::TimedOut) {
            self.progress(thread);
        }
        outcome
    }

    fn apply_wake(&mut self, thread: ThreadId, condvar: ObjectId, event: EventId) -> Outcome {
        let body = self.condvar_mut(condvar);
        if body.woken(thread).is_some() {
            body.woken.retain(|woken| woken.waiter.thread != thread);
            self.progress(thread);
            return Outcome::Done;
        }
        let token = body.token_for(thread);
        match token {
            Some(token) => {
                body.last_token_use = Some(event);
                let used = body.tokens.remove(token);
                for waiter in &mut body.waiters {
                    if used.eligible.contains(&waiter.thread) {
                        waiter.passed_over = Some(event);
                    }
                }
            }
            None => body.moves.push(event),
        }
        body.waiters.retain(|waiter| waiter.thread != thread);
        for token in &mut body.tokens {
            token.eligible.retain(|&waiter| waiter != thread);
        }
        if token.is_some() {
            self.progress(thread);
            Outcome::Done
        } else {
            Outcome::TimedOut
        }
    }

    fn apply_net(&mut self, thread: ThreadId, op: &Op, event: EventId) -> Outcome {
        match op {
            Op::Accept { .. } | Op::TryAccept { .. } => {
                if self.accepted == self.config.clients.len() {
                    return Outcome::Refused;
                }
                self.last_accept = Some(event);
                let number = self.accepted;
                self.accepted += 1;
                self.answers.insert(number, Vec::new());
                self.progress(thread);
                Outcome::Client { number }
            }
            Op::Read { connection } | Op::ReadTimeout { connection } => {
                let ready = self.readable(*connection);
                let body = self.connection_mut(*connection);
                if !ready {
                    body.empty.push(event);
                    return Outcome::TimedOut;
                }
                body.last_read = Some(event);
                body.empty.clear();
                self.progress(thread);
                Outcome::Done
            }
            Op::Write { connection, bytes } => {
                self.progress(thread);
                let body = self.connection_mut(*connection);
                body.last_write = Some(event);
                body.writes += 1;
                let (client, first) = (body.client, body.writes == 1);
                let shut = body.shut_for_writing;
                // The first write to somebody who has hung up still succeeds.
                if shut || (!first && self.config.clients[client].then == Then::HangsUp) {
                    return Outcome::Disconnected;
                }
                self.answers.entry(client).or_default().extend(bytes);
                Outcome::Count { count: bytes.len() }
            }
            Op::Shutdown { connection } | Op::Close { connection } => {
                self.progress(thread);
                let body = self.connection_mut(*connection);
                body.last_read = Some(event);
                body.empty.clear();
                body.last_write = Some(event);
                if matches!(op, Op::Close { .. }) {
                    body.handles = body.handles.saturating_sub(1);
                    if body.handles == 0 {
                        return Outcome::Disconnected;
                    }
                }
                Outcome::Done
            }
            _ => Outcome::Done,
        }
    }

    /// Makes room for the lock of an output stream. Whoever has printed before
    /// did so before any lock.
    pub fn output_lock(&mut self, stream: Stream) -> ObjectId {
        if let Some(known) = self.outputs[stream as usize] {
            return known;
        }
        let prints = ::std::mem::take(&mut self.early_prints[stream as usize]);
        let body = Output {
            prints,
            ..Output::default()
        };
        let object = self.add_object(Kind::Output, None, Body::Output(body));
        self.outputs[stream as usize] = Some(object);
        object
    }

    /// Says what an operation on an atomic has seen and written.
    pub fn settle_atomic(&mut self, thread: ThreadId, atomic: ObjectId, before: u64, after: u64) {
        if before != after {
            self.atomic_mut(atomic).version += 1;
            self.progress(thread);
        }
        self.settle(thread, Outcome::Value { before, after });
    }

    /// Says what came of the last step of `thread`.
    pub fn settle(&mut self, thread: ThreadId, outcome: Outcome) {
        if let Some(event) = self.threads[thread].last_event {
            if let Some(event) = self.events.get_mut(event) {
                event.outcome = outcome;
            }
        }
    }

    /// Lets virtual time pass for `thread`, as part of its last step.
    pub fn pass_time(&mut self, thread: ThreadId, time: Duration) {
        let info = &mut self.threads[thread];
        info.time = info.time.saturating_add(time);
        if let Some(event) = info.last_event {
            let time = info.time;
            if let Some(links) = self.links.get_mut(event) {
                links.time = time;
            }
        }
    }

    /// Copies what a client has sent into `buffer`.
    pub fn look_at_bytes(&self, connection: ObjectId, buffer: &mut [u8]) -> usize {
        let body = self.connection(connection);
        if body.shut_for_reading {
            return 0;
        }
        let rest = &self.config.clients[body.client].sends[body.taken..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        count
    }

    /// Moves what a client has sent into `buffer`.
    pub fn take_bytes(
        &mut self,
        thread: ThreadId,
        connection: ObjectId,
        buffer: &mut [u8],
    ) -> usize {
        let count = self.look_at_bytes(connection, buffer);
        self.connection_mut(connection).taken += count;
        self.settle(thread, Outcome::Count { count });
        count
    }
}

impl Links {
    /// Adds an event that could also have come later. These come before all causes.
    pub fn race(&mut self, event: EventId) {
        match self.events.iter().position(|&known| known == event) {
            Some(known) if known < self.races => return,
            // What is a race and a cause counts as a race.
            Some(known) => {
                self.events.remove(known);
            }
            None => {}
        }
        self.events.insert(self.races, event);
        self.races += 1;
    }

    fn race_maybe(&mut self, event: Option<EventId>) {
        if let Some(event) = event {
            self.race(event);
        }
    }

    fn race_all(&mut self, events: &[EventId]) {
        for &event in events {
            self.race(event);
        }
    }

    fn cause(&mut self, event: EventId) {
        if !self.events.contains(&event) {
            self.events.push(event);
        }
    }

    fn cause_maybe(&mut self, event: Option<EventId>) {
        if let Some(event) = event {
            self.cause(event);
        }
    }

    fn cause_all(&mut self, events: &[EventId]) {
        for &event in events {
            self.cause(event);
        }
    }
}
