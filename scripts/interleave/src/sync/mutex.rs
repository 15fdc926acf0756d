//! `std::sync::Mutex`. The data and the poison are in a real one, which nobody
//! ever waits for: the explorer decides who takes it.

use crate::engine::{Cancelled, Context, Tag, context, context_for};
use crate::primitives::Body;
use crate::primitives::mutex::{Action, Mutex as Rules};
use crate::trace::{Kind, ObjectId, Op, Outcome, Place};
use ::std::fmt;
use ::std::ops::{Deref, DerefMut};
use ::std::sync as real;
use ::std::sync::atomic::{AtomicU64, Ordering};
use ::std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

/// A lock that the explorer hands out.
pub struct Mutex<T: ?Sized> {
    created: Place,
    tag: Tag,
    /// The run in which it was last taken.
    used: AtomicU64,
    /// The run in which the data was last changed.
    changed: AtomicU64,
    real: real::Mutex<T>,
}

impl<T> Mutex<T> {
    #[track_caller]
    pub const fn new(value: T) -> Mutex<T> {
        Mutex {
            created: Place::caller(),
            tag: Tag::new(),
            used: AtomicU64::new(0),
            changed: AtomicU64::new(0),
            real: real::Mutex::new(value),
        }
    }

    pub fn into_inner(self) -> LockResult<T> {
        self.real.into_inner()
    }
}

impl<T: ?Sized> Mutex<T> {
    #[track_caller]
    pub fn lock(&self) -> LockResult<MutexGuard<'_, T>> {
        let place = Place::caller();
        let context = context_for("sync::Mutex::lock");
        let lock = self.object(&context);
        let step = context.step(Op::Mutex(lock, Action::Lock), place);
        self.guard(&context, lock, place, step)
    }

    /// Takes the lock's data after a step has taken the lock.
    pub(super) fn guard(
        &self,
        context: &Context,
        lock: ObjectId,
        place: Place,
        step: Result<Outcome, Cancelled>,
    ) -> LockResult<MutexGuard<'_, T>> {
        self.refuse_changed_static(context, place);
        loop {
            let guard = |real| MutexGuard {
                mutex: self,
                lock,
                epoch: context.epoch,
                place,
                real: Some(real),
            };
            match self.real.try_lock() {
                Ok(real) => return Ok(guard(real)),
                Err(TryLockError::Poisoned(error)) => {
                    if step.is_ok() {
                        context.with(|state| state.settle(context.thread, Outcome::Poisoned));
                    }
                    return Err(PoisonError::new(guard(error.into_inner())));
                }
                // Only while threads are unwound can somebody else have it, or
                // if two explorations share a `static`.
                Err(TryLockError::WouldBlock) => {
                    context.unsupported(format!(
                        "The lock created at {} is held outside this execution.",
                        self.created
                    ));
                }
            }
        }
    }

    #[track_caller]
    pub fn try_lock(&self) -> TryLockResult<MutexGuard<'_, T>> {
        self.try_lock_at(Place::caller())
    }

    /// Takes it while its data is written into a text, as the real one does.
    fn try_lock_for_text(&self) -> TryLockResult<MutexGuard<'_, T>> {
        self.try_lock_at(context().map_or(self.created, |context| context.place()))
    }

    fn try_lock_at(&self, place: Place) -> TryLockResult<MutexGuard<'_, T>> {
        let context = context_for("sync::Mutex::try_lock");
        let lock = self.object(&context);
        let step = context.step(Op::Mutex(lock, Action::TryLock), place);
        match step {
            Ok(Outcome::Refused) | Err(Cancelled) => Err(TryLockError::WouldBlock),
            taken => self
                .guard(&context, lock, place, taken)
                .map_err(TryLockError::Poisoned),
        }
    }

    #[track_caller]
    pub fn is_poisoned(&self) -> bool {
        if let Some(context) = context() {
            let lock = self.object(&context);
            let _ = context.step(Op::Mutex(lock, Action::IsPoisoned), Place::caller());
        }
        self.real.is_poisoned()
    }

    #[track_caller]
    pub fn clear_poison(&self) {
        if let Some(context) = context() {
            let lock = self.object(&context);
            let _ = context.step(Op::Mutex(lock, Action::ClearPoison), Place::caller());
        }
        self.real.clear_poison();
    }

    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.real.get_mut()
    }

    fn object(&self, context: &Context) -> ObjectId {
        let body = || Body::Mutex(Rules::default());
        self.tag
            .object(context, Kind::Lock, Some(self.created), body)
    }

    /// A lock in a `static` whose data an earlier run has changed can't be put
    /// back to what it was.
    fn refuse_changed_static(&self, context: &Context, place: Place) {
        let changed = self.changed.load(Ordering::Relaxed);
        if changed != 0 && changed != context.epoch && !context.leaving() {
            context.unsupported(format!(
                "The data of the lock created at {} was changed in an earlier execution and \
                 outlives it; {place} would see that. The explorer can't reset a `Mutex` in a \
                 `static`: create it in `main`, or in a `OnceLock` or `LazyLock`.",
                self.created
            ));
        }
        if self.used.swap(context.epoch, Ordering::Relaxed) != context.epoch {
            self.real.clear_poison();
        }
    }
}

impl<T: Default> Default for Mutex<T> {
    #[track_caller]
    fn default() -> Mutex<T> {
        Mutex::new(T::default())
    }
}

impl<T> From<T> for Mutex<T> {
    #[track_caller]
    fn from(value: T) -> Mutex<T> {
        Mutex::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Mutex<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("Mutex");
        match self.try_lock_for_text() {
            Ok(data) => out.field("data", &&*data),
            Err(TryLockError::Poisoned(error)) => out.field("data", &&**error.get_ref()),
            Err(TryLockError::WouldBlock) => out.field("data", &format_args!("<locked>")),
        };
        out.field("poisoned", &self.is_poisoned());
        out.finish_non_exhaustive()
    }
}

/// Gives the lock back when dropped.
#[must_use = "if unused the Mutex will immediately unlock"]
pub struct MutexGuard<'a, T: ?Sized + 'a> {
    mutex: &'a Mutex<T>,
    lock: ObjectId,
    epoch: u64,
    /// Where the lock was taken: where it is given back is not known.
    place: Place,
    /// Taken out only when dropped.
    real: Option<real::MutexGuard<'a, T>>,
}

impl<'a, T: ?Sized> MutexGuard<'a, T> {
    /// Gives the real lock back without a step: `Condvar::wait` has made one
    /// that does more.
    pub(super) fn dissolve(mut self) -> &'a Mutex<T> {
        self.real = None;
        self.mutex
    }

    pub(super) fn lock_object(&self) -> ObjectId {
        self.lock
    }
}

impl<T: ?Sized> Deref for MutexGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.real {
            Some(real) => real,
            None => unreachable!("the guard is used only before it is dropped"),
        }
    }
}

impl<T: ?Sized> DerefMut for MutexGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.mutex.changed.store(self.epoch, Ordering::Relaxed);
        match &mut self.real {
            Some(real) => real,
            None => unreachable!("the guard is used only before it is dropped"),
        }
    }
}

impl<T: ?Sized> Drop for MutexGuard<'_, T> {
    fn drop(&mut self) {
        if self.real.is_none() {
            return;
        }
        if let Some(context) = context().filter(|context| context.epoch == self.epoch) {
            // The real guard goes even if this throws.
            let _ = context.step(Op::Mutex(self.lock, Action::Unlock), self.place);
        }
        self.real = None;
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for MutexGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
