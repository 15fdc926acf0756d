//! `std::sync::Condvar`. It never wakes a thread for no reason; the real one may.

use super::mutex::MutexGuard;
use crate::engine::{Context, Tag, context_for};
use crate::primitives::condvar::{Action, Condvar as Rules};
use crate::primitives::{Body, mutex};
use crate::trace::{Kind, ObjectId, Op, Outcome, Place};
use ::std::fmt;
use ::std::sync::{LockResult, PoisonError};
use ::std::time::Duration;

/// Lets threads wait for each other while they give a lock back.
pub struct Condvar {
    created: Place,
    tag: Tag,
}

/// Whether a wait ended because its time was over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitTimeoutResult(bool);

impl WaitTimeoutResult {
    #[must_use]
    pub fn timed_out(&self) -> bool {
        self.0
    }
}

impl Condvar {
    #[track_caller]
    #[must_use]
    pub const fn new() -> Condvar {
        Condvar {
            created: Place::caller(),
            tag: Tag::new(),
        }
    }

    #[track_caller]
    pub fn wait<'a, T>(&self, guard: MutexGuard<'a, T>) -> LockResult<MutexGuard<'a, T>> {
        self.wait_here(guard, None, Place::caller()).0
    }

    #[track_caller]
    pub fn wait_while<'a, T, F>(
        &self,
        mut guard: MutexGuard<'a, T>,
        mut condition: F,
    ) -> LockResult<MutexGuard<'a, T>>
    where
        F: FnMut(&mut T) -> bool,
    {
        let place = Place::caller();
        while condition(&mut *guard) {
            guard = self.wait_here(guard, None, place).0?;
        }
        Ok(guard)
    }

    /// May end by its time-out whenever no notification is there.
    #[track_caller]
    pub fn wait_timeout<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        time: Duration,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)> {
        let (guard, over) = self.wait_here(guard, Some(time), Place::caller());
        match guard {
            Ok(guard) => Ok((guard, WaitTimeoutResult(over))),
            Err(error) => Err(PoisonError::new((
                error.into_inner(),
                WaitTimeoutResult(over),
            ))),
        }
    }

    /// The same, as programs of 2015 call it: `false` if it ended by its time-out.
    #[track_caller]
    pub fn wait_timeout_ms<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        milliseconds: u32,
    ) -> LockResult<(MutexGuard<'a, T>, bool)> {
        let time = Duration::from_millis(u64::from(milliseconds));
        match self.wait_timeout(guard, time) {
            Ok((guard, over)) => Ok((guard, !over.timed_out())),
            Err(error) => {
                let (guard, over) = error.into_inner();
                Err(PoisonError::new((guard, !over.timed_out())))
            }
        }
    }

    #[track_caller]
    pub fn wait_timeout_while<'a, T, F>(
        &self,
        mut guard: MutexGuard<'a, T>,
        time: Duration,
        mut condition: F,
    ) -> LockResult<(MutexGuard<'a, T>, WaitTimeoutResult)>
    where
        F: FnMut(&mut T) -> bool,
    {
        let place = Place::caller();
        loop {
            if !condition(&mut *guard) {
                return Ok((guard, WaitTimeoutResult(false)));
            }
            let (next, over) = self.wait_here(guard, Some(time), place);
            guard = match next {
                Ok(guard) => guard,
                Err(error) => {
                    let over = WaitTimeoutResult(over);
                    return Err(PoisonError::new((error.into_inner(), over)));
                }
            };
            if over {
                let over = WaitTimeoutResult(condition(&mut *guard));
                return Ok((guard, over));
            }
        }
    }

    /// Waits; says whether that ended by the time-out.
    fn wait_here<'a, T>(
        &self,
        guard: MutexGuard<'a, T>,
        time: Option<Duration>,
        place: Place,
    ) -> (LockResult<MutexGuard<'a, T>>, bool) {
        let context = context_for("sync::Condvar::wait");
        let condvar = self.object(&context);
        let lock = guard.lock_object();
        if context
            .step(Op::Condvar(condvar, Action::Wait { lock }), place)
            .is_err()
        {
            return (Ok(guard), time.is_some());
        }
        let mutex = guard.dissolve();
        let op = match time {
            Some(_) => Op::Condvar(condvar, Action::WakeTimeout),
            None => Op::Condvar(condvar, Action::Wake),
        };
        let woken = context.step(op, place);
        let over = time.filter(|_| !matches!(woken, Ok(Outcome::Done)));
        if let Some(time) = over {
            context.with(|state| state.pass_time(context.thread, time));
        }
        let step = context.step(Op::Mutex(lock, mutex::Action::Lock), place);
        (mutex.guard(&context, lock, place, step), over.is_some())
    }

    #[track_caller]
    pub fn notify_one(&self) {
        let context = context_for("sync::Condvar::notify_one");
        let condvar = self.object(&context);
        // Nobody is left to be woken if this fails.
        let _ = context.step(Op::Condvar(condvar, Action::NotifyOne), Place::caller());
    }

    #[track_caller]
    pub fn notify_all(&self) {
        let context = context_for("sync::Condvar::notify_all");
        let condvar = self.object(&context);
        // Nobody is left to be woken if this fails.
        let _ = context.step(Op::Condvar(condvar, Action::NotifyAll), Place::caller());
    }

    fn object(&self, context: &Context) -> ObjectId {
        let body = || Body::Condvar(Rules::default());
        self.tag
            .object(context, Kind::Condvar, Some(self.created), body)
    }
}

impl Default for Condvar {
    #[track_caller]
    fn default() -> Condvar {
        Condvar::new()
    }
}

impl fmt::Debug for Condvar {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Condvar").finish_non_exhaustive()
    }
}
