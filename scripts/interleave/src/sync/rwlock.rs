//! `std::sync::RwLock`. As with the `Mutex`, the data are in a real one.

use crate::engine::{Cancelled, Context, Tag, context, context_for};
use crate::primitives::Body;
use crate::primitives::rwlock::{Action, RwLock as Rules};
use crate::trace::{Kind, ObjectId, Op, Outcome, Place};
use ::std::fmt;
use ::std::ops::{Deref, DerefMut};
use ::std::sync as real;
use ::std::sync::atomic::{AtomicU64, Ordering};
use ::std::sync::{LockResult, PoisonError, TryLockError, TryLockResult};

/// A lock for one writer or many readers, which the explorer hands out.
pub struct RwLock<T: ?Sized> {
    created: Place,
    tag: Tag,
    used: AtomicU64,
    changed: AtomicU64,
    real: real::RwLock<T>,
}

impl<T> RwLock<T> {
    #[track_caller]
    pub const fn new(value: T) -> RwLock<T> {
        RwLock {
            created: Place::caller(),
            tag: Tag::new(),
            used: AtomicU64::new(0),
            changed: AtomicU64::new(0),
            real: real::RwLock::new(value),
        }
    }

    pub fn into_inner(self) -> LockResult<T> {
        self.real.into_inner()
    }
}

impl<T: ?Sized> RwLock<T> {
    #[track_caller]
    pub fn read(&self) -> LockResult<RwLockReadGuard<'_, T>> {
        let place = Place::caller();
        let context = context_for("sync::RwLock::read");
        let lock = self.object(&context);
        let _ = context.step(Op::RwLock(lock, Action::Read), place);
        self.read_guard(&context, lock, place)
    }

    #[track_caller]
    pub fn try_read(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        self.try_read_at(Place::caller())
    }

    /// Takes it while its data is written into a text, as the real one does.
    fn try_read_for_text(&self) -> TryLockResult<RwLockReadGuard<'_, T>> {
        self.try_read_at(context().map_or(self.created, |context| context.place()))
    }

    fn try_read_at(&self, place: Place) -> TryLockResult<RwLockReadGuard<'_, T>> {
        let context = context_for("sync::RwLock::try_read");
        let lock = self.object(&context);
        match context.step(Op::RwLock(lock, Action::TryRead), place) {
            Ok(Outcome::Refused) | Err(Cancelled) => Err(TryLockError::WouldBlock),
            Ok(_) => self
                .read_guard(&context, lock, place)
                .map_err(TryLockError::Poisoned),
        }
    }

    fn read_guard(
        &self,
        context: &Context,
        lock: ObjectId,
        place: Place,
    ) -> LockResult<RwLockReadGuard<'_, T>> {
        self.refuse_changed_static(context, place);
        loop {
            let guard = |real| RwLockReadGuard {
                lock,
                epoch: context.epoch,
                place,
                real: Some(real),
            };
            match self.real.try_read() {
                Ok(real) => return Ok(guard(real)),
                Err(TryLockError::Poisoned(error)) => {
                    return Err(PoisonError::new(guard(error.into_inner())));
                }
                Err(TryLockError::WouldBlock) => self.refuse_taken(context),
            }
        }
    }

    #[track_caller]
    pub fn write(&self) -> LockResult<RwLockWriteGuard<'_, T>> {
        let place = Place::caller();
        let context = context_for("sync::RwLock::write");
        let lock = self.object(&context);
        // Refused, it waits for the readers, and then has its choice again.
        while let Ok(Outcome::Refused) = context.step(Op::RwLock(lock, Action::Write), place) {}
        self.write_guard(&context, lock, place)
    }

    #[track_caller]
    pub fn try_write(&self) -> TryLockResult<RwLockWriteGuard<'_, T>> {
        let place = Place::caller();
        let context = context_for("sync::RwLock::try_write");
        let lock = self.object(&context);
        match context.step(Op::RwLock(lock, Action::TryWrite), place) {
            Ok(Outcome::Refused) | Err(Cancelled) => Err(TryLockError::WouldBlock),
            Ok(_) => self
                .write_guard(&context, lock, place)
                .map_err(TryLockError::Poisoned),
        }
    }

    fn write_guard(
        &self,
        context: &Context,
        lock: ObjectId,
        place: Place,
    ) -> LockResult<RwLockWriteGuard<'_, T>> {
        self.refuse_changed_static(context, place);
        loop {
            let guard = |real| RwLockWriteGuard {
                changed: &self.changed,
                lock,
                epoch: context.epoch,
                place,
                real: Some(real),
            };
            match self.real.try_write() {
                Ok(real) => return Ok(guard(real)),
                Err(TryLockError::Poisoned(error)) => {
                    return Err(PoisonError::new(guard(error.into_inner())));
                }
                Err(TryLockError::WouldBlock) => self.refuse_taken(context),
            }
        }
    }

    fn refuse_taken(&self, context: &Context) {
        context.unsupported(format!(
            "The read-write lock created at {} is held outside this execution.",
            self.created
        ));
    }

    #[track_caller]
    pub fn is_poisoned(&self) -> bool {
        if let Some(context) = context() {
            let lock = self.object(&context);
            let _ = context.step(Op::RwLock(lock, Action::IsPoisoned), Place::caller());
        }
        self.real.is_poisoned()
    }

    #[track_caller]
    pub fn clear_poison(&self) {
        if let Some(context) = context() {
            let lock = self.object(&context);
            let _ = context.step(Op::RwLock(lock, Action::ClearPoison), Place::caller());
        }
        self.real.clear_poison();
    }

    pub fn get_mut(&mut self) -> LockResult<&mut T> {
        self.real.get_mut()
    }

    fn object(&self, context: &Context) -> ObjectId {
        let body = || Body::RwLock(Rules::default());
        self.tag
            .object(context, Kind::RwLock, Some(self.created), body)
    }

    fn refuse_changed_static(&self, context: &Context, place: Place) {
        let changed = self.changed.load(Ordering::Relaxed);
        if changed != 0 && changed != context.epoch && !context.leaving() {
            context.unsupported(format!(
                "The data of the read-write lock created at {} was changed in an earlier \
                 execution and outlives it; {place} would see that. The explorer can't reset an \
                 `RwLock` in a `static`: create it in `main`, or in a `OnceLock` or `LazyLock`.",
                self.created
            ));
        }
        if self.used.swap(context.epoch, Ordering::Relaxed) != context.epoch {
            self.real.clear_poison();
        }
    }
}

impl<T: Default> Default for RwLock<T> {
    #[track_caller]
    fn default() -> RwLock<T> {
        RwLock::new(T::default())
    }
}

impl<T> From<T> for RwLock<T> {
    #[track_caller]
    fn from(value: T) -> RwLock<T> {
        RwLock::new(value)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_struct("RwLock");
        match self.try_read_for_text() {
            Ok(data) => out.field("data", &&*data),
            Err(TryLockError::Poisoned(error)) => out.field("data", &&**error.get_ref()),
            Err(TryLockError::WouldBlock) => out.field("data", &format_args!("<locked>")),
        };
        out.field("poisoned", &self.is_poisoned());
        out.finish_non_exhaustive()
    }
}

/// Gives the lock back when dropped.
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockReadGuard<'a, T: ?Sized + 'a> {
    lock: ObjectId,
    epoch: u64,
    place: Place,
    real: Option<real::RwLockReadGuard<'a, T>>,
}

/// Gives the lock back when dropped.
#[must_use = "if unused the RwLock will immediately unlock"]
pub struct RwLockWriteGuard<'a, T: ?Sized + 'a> {
    changed: &'a AtomicU64,
    lock: ObjectId,
    epoch: u64,
    place: Place,
    real: Option<real::RwLockWriteGuard<'a, T>>,
}

impl<T: ?Sized> Deref for RwLockReadGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.real {
            Some(real) => real,
            None => unreachable!("the guard is used only before it is dropped"),
        }
    }
}

impl<T: ?Sized> Deref for RwLockWriteGuard<'_, T> {
    type Target = T;

    fn deref(&self) -> &T {
        match &self.real {
            Some(real) => real,
            None => unreachable!("the guard is used only before it is dropped"),
        }
    }
}

impl<T: ?Sized> DerefMut for RwLockWriteGuard<'_, T> {
    fn deref_mut(&mut self) -> &mut T {
        self.changed.store(self.epoch, Ordering::Relaxed);
        match &mut self.real {
            Some(real) => real,
            None => unreachable!("the guard is used only before it is dropped"),
        }
    }
}

impl<T: ?Sized> Drop for RwLockReadGuard<'_, T> {
    fn drop(&mut self) {
        if let Some(context) = context().filter(|context| context.epoch == self.epoch) {
            // The real guard goes even if this throws.
            let _ = context.step(Op::RwLock(self.lock, Action::ReadUnlock), self.place);
        }
        self.real = None;
    }
}

impl<T: ?Sized> Drop for RwLockWriteGuard<'_, T> {
    fn drop(&mut self) {
        if let Some(context) = context().filter(|context| context.epoch == self.epoch) {
            // The real guard goes even if this throws.
            let _ = context.step(Op::RwLock(self.lock, Action::WriteUnlock), self.place);
        }
        self.real = None;
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RwLockReadGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for RwLockWriteGuard<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}
