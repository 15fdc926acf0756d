//! An `Arc` and a `Weak` whose clones and drops are steps.
//!
//! They take the place of the real ones where a program asks how many there are, or shares a
//! sender. Nobody but the standard library can make a pointer that becomes an `Arc<dyn Trait>` by
//! itself or that a method takes as `self: Arc<Self>`, so everywhere else the real ones stay.

use crate::engine::{Cancelled, Context, context};
use crate::primitives::Body;
use crate::primitives::count::{Action, Count};
use crate::trace::{Kind, ObjectId, Op, Outcome, Place};
use ::std::borrow::Borrow;
use ::std::cmp::Ordering;
use ::std::fmt;
use ::std::hash::{Hash, Hasher};
use ::std::ops::Deref;
use ::std::sync as real;

/// The number of owners, which the explorer keeps.
#[derive(Clone, Copy)]
struct Counter {
    epoch: u64,
    count: ObjectId,
}

impl Counter {
    fn new(created: Place) -> Option<Counter> {
        let context = context()?;
        let body = Body::Count(Count::new(1));
        let count = context.with(|state| state.add_object(Kind::Arc, Some(created), body));
        Some(Counter {
            epoch: context.epoch,
            count,
        })
    }

    fn context(&self) -> Option<Context> {
        context().filter(|context| context.epoch == self.epoch)
    }

    /// Makes a step, if the value is one of the current run.
    fn step(&self, action: Action, place: Option<Place>) -> Result<Outcome, Cancelled> {
        let context = self.context().ok_or(Cancelled)?;
        let place = place.unwrap_or_else(|| context.place());
        context.step(Op::Count(self.count, action), place)
    }
}

/// `std::sync::Arc`
pub struct Arc<T: ?Sized> {
    value: real::Arc<T>,
    counter: Option<Counter>,
    /// What it owned has been given away by a step.
    gone: bool,
}

/// `std::sync::Weak`
pub struct Weak<T: ?Sized> {
    value: real::Weak<T>,
    counter: Option<Counter>,
}

/// What a step without a counter would give: outside an exploration, and while it is taken down.
fn step(counter: Option<Counter>, action: Action, place: Option<Place>) -> Option<Outcome> {
    counter?.step(action, place).ok()
}

impl<T> Arc<T> {
    #[track_caller]
    pub fn new(value: T) -> Arc<T> {
        Arc::of(real::Arc::new(value), Place::caller())
    }

    #[track_caller]
    pub fn try_unwrap(this: Arc<T>) -> Result<T, Arc<T>> {
        match step(this.counter, Action::Take, Some(Place::caller())) {
            Some(Outcome::Answer { yes: false }) => Err(this),
            _ => this.into_real().map_err(Arc::uncounted),
        }
    }

    #[track_caller]
    pub fn into_inner(this: Arc<T>) -> Option<T> {
        let _ = step(this.counter, Action::TakeOrDrop, Some(Place::caller()));
        this.into_real().ok()
    }

    #[track_caller]
    pub fn unwrap_or_clone(this: Arc<T>) -> T
    where
        T: Clone,
    {
        match Arc::try_unwrap(this) {
            Ok(value) => value,
            Err(this) => T::clone(&this),
        }
    }

    /// The value, if this is the last that owns it. No step is made any more.
    fn into_real(mut self) -> Result<T, real::Arc<T>> {
        self.gone = true;
        let value = real::Arc::clone(&self.value);
        drop(self);
        real::Arc::try_unwrap(value)
    }
}

impl<T: ?Sized> Arc<T> {
    fn of(value: real::Arc<T>, created: Place) -> Arc<T> {
        Arc {
            value,
            counter: Counter::new(created),
            gone: false,
        }
    }

    fn uncounted(value: real::Arc<T>) -> Arc<T> {
        Arc {
            value,
            counter: None,
            gone: false,
        }
    }

    #[track_caller]
    pub fn strong_count(this: &Arc<T>) -> usize {
        match step(this.counter, Action::Ask, Some(Place::caller())) {
            Some(Outcome::Count { count }) => count,
            _ => real::Arc::strong_count(&this.value),
        }
    }

    #[track_caller]
    pub fn weak_count(this: &Arc<T>) -> usize {
        match step(this.counter, Action::AskWeak, Some(Place::caller())) {
            Some(Outcome::Count { count }) => count,
            _ => real::Arc::weak_count(&this.value),
        }
    }

    #[track_caller]
    pub fn downgrade(this: &Arc<T>) -> Weak<T> {
        let _ = step(this.counter, Action::AddWeak, Some(Place::caller()));
        Weak {
            value: real::Arc::downgrade(&this.value),
            counter: this.counter,
        }
    }

    #[track_caller]
    pub fn get_mut(this: &mut Arc<T>) -> Option<&mut T> {
        match step(this.counter, Action::Alone, Some(Place::caller())) {
            Some(Outcome::Answer { yes: false }) => None,
            _ => real::Arc::get_mut(&mut this.value),
        }
    }

    #[must_use]
    pub fn ptr_eq(this: &Arc<T>, other: &Arc<T>) -> bool {
        real::Arc::ptr_eq(&this.value, &other.value)
    }

    #[must_use]
    pub fn as_ptr(this: &Arc<T>) -> *const T {
        real::Arc::as_ptr(&this.value)
    }
}

impl<T: Clone> Arc<T> {
    #[track_caller]
    pub fn make_mut(this: &mut Arc<T>) -> &mut T {
        if let Some(Outcome::Answer { yes: false }) =
            step(this.counter, Action::Alone, Some(Place::caller()))
        {
            let own = T::clone(this);
            *this = Arc::new(own);
        }
        real::Arc::make_mut(&mut this.value)
    }
}

impl<T: ?Sized> Clone for Arc<T> {
    #[track_caller]
    fn clone(&self) -> Arc<T> {
        let _ = step(self.counter, Action::Add, Some(Place::caller()));
        Arc {
            value: real::Arc::clone(&self.value),
            counter: self.counter,
            gone: false,
        }
    }
}

impl<T: ?Sized> Drop for Arc<T> {
    fn drop(&mut self) {
        if !self.gone {
            // The real one goes even if this throws.
            let _ = step(self.counter, Action::Drop, None);
        }
    }
}

impl<T: ?Sized> Deref for Arc<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

impl<T: ?Sized> AsRef<T> for Arc<T> {
    fn as_ref(&self) -> &T {
        self
    }
}

impl<T: ?Sized> Borrow<T> for Arc<T> {
    fn borrow(&self) -> &T {
        self
    }
}

impl<T: ?Sized + fmt::Debug> fmt::Debug for Arc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Debug::fmt(&**self, f)
    }
}

impl<T: ?Sized + fmt::Display> fmt::Display for Arc<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Display::fmt(&**self, f)
    }
}

impl<T: ?Sized + PartialEq> PartialEq for Arc<T> {
    fn eq(&self, other: &Arc<T>) -> bool {
        **self == **other
    }
}

impl<T: ?Sized + Eq> Eq for Arc<T> {}

impl<T: ?Sized + PartialOrd> PartialOrd for Arc<T> {
    fn partial_cmp(&self, other: &Arc<T>) -> Option<Ordering> {
        (**self).partial_cmp(&**other)
    }
}

impl<T: ?Sized + Ord> Ord for Arc<T> {
    fn cmp(&self, other: &Arc<T>) -> Ordering {
        (**self).cmp(&**other)
    }
}

impl<T: ?Sized + Hash> Hash for Arc<T> {
    fn hash<H: Hasher>(&self, state: &mut H) {
        (**self).hash(state);
    }
}

impl<T: Default> Default for Arc<T> {
    #[track_caller]
    fn default() -> Arc<T> {
        Arc::new(T::default())
    }
}

macro_rules! from {
    ($([$($generic:ident)?] $from:ty => $to:ty),+ $(,)?) => {$(
        impl$(<$generic>)? From<$from> for Arc<$to> {
            #[track_caller]
            fn from(value: $from) -> Arc<$to> {
                Arc::of(value.into(), Place::caller())
            }
        }
    )+};
}

from!(
    [T] T => T,
    [T] Vec<T> => [T],
    [T] Box<[T]> => [T],
    [] &str => str,
    [] String => str,
    [] Box<str> => str,
);

impl<T> FromIterator<T> for Arc<[T]> {
    #[track_caller]
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> Arc<[T]> {
        Arc::of(values.into_iter().collect(), Place::caller())
    }
}

impl<T> Weak<T> {
    #[must_use]
    pub const fn new() -> Weak<T> {
        Weak {
            value: real::Weak::new(),
            counter: None,
        }
    }
}

impl<T: ?Sized> Weak<T> {
    #[track_caller]
    pub fn upgrade(&self) -> Option<Arc<T>> {
        if let Some(Outcome::Answer { yes: false }) =
            step(self.counter, Action::Upgrade, Some(Place::caller()))
        {
            return None;
        }
        let value = self.value.upgrade()?;
        Some(Arc {
            value,
            counter: self.counter,
            gone: false,
        })
    }

    #[track_caller]
    pub fn strong_count(&self) -> usize {
        match step(self.counter, Action::Ask, Some(Place::caller())) {
            Some(Outcome::Count { count }) => count,
            _ => self.value.strong_count(),
        }
    }

    #[track_caller]
    pub fn weak_count(&self) -> usize {
        match step(self.counter, Action::AskWeak, Some(Place::caller())) {
            Some(Outcome::Count { count }) => count,
            _ => self.value.weak_count(),
        }
    }

    #[must_use]
    pub fn ptr_eq(&self, other: &Weak<T>) -> bool {
        self.value.ptr_eq(&other.value)
    }
}

impl<T: ?Sized> Clone for Weak<T> {
    #[track_caller]
    fn clone(&self) -> Weak<T> {
        let _ = step(self.counter, Action::AddWeak, Some(Place::caller()));
        Weak {
            value: real::Weak::clone(&self.value),
            counter: self.counter,
        }
    }
}

impl<T: ?Sized> Drop for Weak<T> {
    fn drop(&mut self) {
        let _ = step(self.counter, Action::DropWeak, None);
    }
}

impl<T> Default for Weak<T> {
    fn default() -> Weak<T> {
        Weak::new()
    }
}

impl<T: ?Sized> fmt::Debug for Weak<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("(Weak)")
    }
}
