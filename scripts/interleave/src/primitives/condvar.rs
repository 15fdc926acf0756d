//! `Condvar`. It never wakes a thread for no reason; the real one may.
//!
//! A `notify_one` leaves a token that any thread which waits at that moment may
//! use. So *whom* it wakes is decided when that thread wakes up, and the
//! notification itself has only one way to go.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two notifications | no: what the second finds to wake depends on the first |
//! | a notification, and the start of a wait or a time-out | no: the thread waits before it, or not |
//! | two starts of a wait, two time-outs, or one of each | yes |
//! | two that wake up by `notify_one` | no: they could use each other's token |
//! | two that wake up by one `notify_all` | yes |
//! | a wake-up by `notify_all`, and a notification before it | no, if that one could have woken it too |
//!
//! The start of a wait is also the release of the mutex, with all that this is
//! ordered after.

use super::rules::{Effect, Links, Names, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, ObjectId, Outcome, ThreadId};

/// What is done with a condition variable.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Give a mutex back and start to wait.
    Wait { lock: ObjectId },
    /// Wake up.
    Wake,
    /// Wake up, notified or not.
    WakeTimeout,
    /// Wake one waiting thread.
    NotifyOne,
    /// Wake all waiting threads.
    NotifyAll,
}

facts!(enum Action {
    "wait" Wait { lock },
    "wake" Wake,
    "wake-timeout" WakeTimeout,
    "notify-one" NotifyOne,
    "notify-all" NotifyAll,
});

/// One `notify_one` that no thread has used up.
#[derive(Clone, Debug)]
struct Token {
    event: EventId,
    eligible: Vec<ThreadId>,
}

/// A thread that waits.
#[derive(Clone, Copy, Debug)]
struct Waiter {
    thread: ThreadId,
    /// The last event that used up a token that was as good for this thread.
    passed_over: Option<EventId>,
}

/// A thread that a `notify_all` has woken.
#[derive(Clone, Copy, Debug)]
struct Woken {
    waiter: Waiter,
    event: EventId,
    /// It had a token already, so it could have woken up before that.
    had_token: bool,
}

/// Who waits, and who may wake up.
#[derive(Clone, Debug, Default)]
pub struct Condvar {
    waiters: Vec<Waiter>,
    tokens: Vec<Token>,
    /// Threads woken by a `notify_all`.
    woken: Vec<Woken>,
    last_notify: Option<EventId>,
    /// Who joined or left the waiters by itself since the last notification.
    moves: Vec<EventId>,
    /// The last event that used up a token, or took all of them away.
    last_token_use: Option<EventId>,
    notifications: u64,
}

impl Condvar {
    /// The oldest token that `thread` may use. Taking the oldest keeps every
    /// other token usable by somebody.
    fn token_for(&self, thread: ThreadId) -> Option<usize> {
        let usable = |token: &Token| token.eligible.contains(&thread);
        self.tokens.iter().position(usable)
    }

    fn woken(&self, thread: ThreadId) -> Option<Woken> {
        let is_it = |woken: &&Woken| woken.waiter.thread == thread;
        self.woken.iter().find(is_it).copied()
    }

    fn is_notified(&self, thread: ThreadId) -> bool {
        self.woken(thread).is_some() || self.token_for(thread).is_some()
    }

    /// What a wake-up is ordered after. One that looks could have been made
    /// before its notification too, and would have timed out.
    fn order_wake(&self, thread: ThreadId, looks: bool, links: &mut Links) {
        if let Some(woken) = self.woken(thread) {
            if looks || woken.had_token {
                links.race([&woken.event]);
            } else {
                links.cause([&woken.event]);
            }
            links.race(&woken.waiter.passed_over);
            return;
        }
        match self.token_for(thread) {
            Some(token) => {
                links.race(&self.last_token_use);
                let notified = &self.tokens[token].event;
                if looks {
                    links.race([notified]);
                } else {
                    links.cause([notified]);
                }
            }
            None => {
                links.race(&self.last_notify);
                let mut waiters = self.waiters.iter();
                if let Some(own) = waiters.find(|waiter| waiter.thread == thread) {
                    links.race(&own.passed_over);
                }
            }
        }
    }

    fn wake(&mut self, thread: ThreadId, event: EventId) -> Effect {
        if self.woken(thread).is_some() {
            self.woken.retain(|woken| woken.waiter.thread != thread);
            return Effect::progress(Outcome::Done);
        }
        let token = self.token_for(thread);
        match token {
            Some(token) => {
                self.last_token_use = Some(event);
                let used = self.tokens.remove(token);
                for waiter in &mut self.waiters {
                    if used.eligible.contains(&waiter.thread) {
                        waiter.passed_over = Some(event);
                    }
                }
            }
            None => self.moves.push(event),
        }
        self.waiters.retain(|waiter| waiter.thread != thread);
        for token in &mut self.tokens {
            token.eligible.retain(|&waiter| waiter != thread);
        }
        match token {
            Some(_) => Effect::progress(Outcome::Done),
            None => Effect::idle(Outcome::TimedOut),
        }
    }

    fn notify(&mut self, event: EventId) {
        self.last_notify = Some(event);
        self.moves.clear();
        self.notifications += 1;
    }

    fn notify_one(&mut self, event: EventId) -> usize {
        self.notify(event);
        // Who is already sure to be woken needs no second token.
        let wakes = self.tokens.len() < self.waiters.len();
        if wakes {
            self.tokens.push(Token {
                event,
                eligible: self.waiters.iter().map(|waiter| waiter.thread).collect(),
            });
        }
        wakes.into()
    }

    fn notify_all(&mut self, event: EventId) -> usize {
        self.notify(event);
        self.last_token_use = Some(event);
        let waiters = ::std::mem::take(&mut self.waiters);
        let count = waiters.len();
        for waiter in waiters {
            let had_token = self.token_for(waiter.thread).is_some();
            self.woken.push(Woken {
                waiter,
                event,
                had_token,
            });
        }
        self.tokens.clear();
        count
    }
}

impl Action {
    /// The mutex that it gives back first, in the same step.
    pub fn gives_back(&self) -> Option<ObjectId> {
        match self {
            Action::Wait { lock } => Some(*lock),
            Action::Wake | Action::WakeTimeout | Action::NotifyOne | Action::NotifyAll => None,
        }
    }
}

impl Rules for Action {
    type State = Condvar;

    fn enabled(&self, condvar: &Condvar, thread: ThreadId) -> bool {
        match self {
            Action::Wake => condvar.is_notified(thread),
            Action::Wait { .. } | Action::WakeTimeout | Action::NotifyOne | Action::NotifyAll => {
                true
            }
        }
    }

    fn waits_for(&self, _: &Condvar, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Wait { .. }
            | Action::Wake
            | Action::WakeTimeout
            | Action::NotifyOne
            | Action::NotifyAll => None,
        }
    }

    fn in_vain(&self, condvar: &Condvar, thread: ThreadId) -> Option<Vain> {
        match self {
            Action::WakeTimeout if !condvar.is_notified(thread) => {
                Vain::poll(condvar.notifications)
            }
            Action::WakeTimeout
            | Action::Wait { .. }
            | Action::Wake
            | Action::NotifyOne
            | Action::NotifyAll => None,
        }
    }

    fn order(&self, condvar: &Condvar, thread: ThreadId, links: &mut Links) {
        match self {
            Action::Wait { .. } => links.race(&condvar.last_notify),
            Action::Wake => condvar.order_wake(thread, false, links),
            Action::WakeTimeout => condvar.order_wake(thread, true, links),
            Action::NotifyOne => {
                links.race(&condvar.last_notify);
                links.race(&condvar.moves);
            }
            Action::NotifyAll => {
                links.race(&condvar.last_notify);
                links.race(&condvar.moves);
                links.race(&condvar.last_token_use);
            }
        }
    }

    fn perform(&self, condvar: &mut Condvar, thread: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Wait { .. } => {
                condvar.waiters.push(Waiter {
                    thread,
                    passed_over: None,
                });
                condvar.moves.push(event);
                Effect::idle(Outcome::Done)
            }
            Action::Wake | Action::WakeTimeout => condvar.wake(thread, event),
            Action::NotifyOne => {
                let count = condvar.notify_one(event);
                Effect::progress(Outcome::Count { count })
            }
            Action::NotifyAll => {
                let count = condvar.notify_all(event);
                Effect::progress(Outcome::Count { count })
            }
        }
    }

    fn words(&self, object: &str, names: &dyn Names) -> String {
        match self {
            Action::Wait { lock } => {
                format!("release {} and wait on {object}", names.object(*lock))
            }
            Action::Wake => format!("be woken by {object}"),
            Action::WakeTimeout => format!("be woken by {object} or by the time-out"),
            Action::NotifyOne => format!("notify one thread of {object}"),
            Action::NotifyAll => format!("notify all threads of {object}"),
        }
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        match self {
            Action::Wait { lock } => visitor.object(lock),
            Action::Wake | Action::WakeTimeout | Action::NotifyOne | Action::NotifyAll => {}
        }
    }
}
