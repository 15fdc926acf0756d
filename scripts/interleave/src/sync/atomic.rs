//! `std::sync::atomic`, as if every ordering were `SeqCst`. An atomic in a
//! `static` has its first value again in each execution.

use crate::engine::{Context, Tag, context};
use crate::primitives::Body;
use crate::primitives::atomic::{Action as Access, Atomic as Rules};
use crate::trace::{Kind, Op, Place};
use ::std::fmt;
use ::std::sync::{Mutex, MutexGuard, PoisonError};

pub use ::std::sync::atomic::Ordering;

/// What an exploration has made of an atomic.
struct Value<T> {
    exploration: u64,
    epoch: u64,
    value: T,
}

/// The state behind every atomic type.
struct Cell<T> {
    created: Place,
    tag: Tag,
    first: T,
    values: Mutex<Vec<Value<T>>>,
}

impl<T: Copy + Bits> Cell<T> {
    const fn new(first: T, created: Place) -> Cell<T> {
        Cell {
            created,
            tag: Tag::new(),
            first,
            values: Mutex::new(Vec::new()),
        }
    }

    fn values(&self) -> MutexGuard<'_, Vec<Value<T>>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a step; `change` gets the value and says what it becomes.
    fn step(&self, access: Access, place: Place, change: impl FnOnce(T) -> T) -> T {
        let context = context();
        if let Some(context) = &context {
            let atomic = self.object(context);
            let step = context.step(Op::Atomic(atomic, access), place);
            let (before, after) = self.change(context.exploration, context.epoch, change);
            if step.is_ok() {
                let (old, new) = (before.bits(), after.bits());
                context.with(|state| state.settle_atomic(context.thread, atomic, old, new));
            }
            before
        } else {
            self.change(0, 0, change).0
        }
    }

    fn change(&self, exploration: u64, epoch: u64, change: impl FnOnce(T) -> T) -> (T, T) {
        let mut values = self.values();
        let known = values
            .iter_mut()
            .find(|value| value.exploration == exploration);
        match known {
            Some(known) => {
                if known.epoch != epoch {
                    known.epoch = epoch;
                    known.value = self.first;
                }
                let before = known.value;
                known.value = change(before);
                (before, known.value)
            }
            None => {
                let value = change(self.first);
                values.push(Value {
                    exploration,
                    epoch,
                    value,
                });
                (self.first, value)
            }
        }
    }

    fn object(&self, context: &Context) -> usize {
        let body = || Body::Atomic(Rules::default());
        self.tag
            .object(context, Kind::Atomic, Some(self.created), body)
    }

    fn get_mut(&mut self) -> &mut T {
        let exploration = context().map_or(0, |context| context.exploration);
        let values = self
            .values
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        match values
            .iter_mut()
            .find(|value| value.exploration == exploration)
        {
            Some(known) => &mut known.value,
            None => &mut self.first,
        }
    }

    fn into_inner(mut self) -> T {
        *self.get_mut()
    }

    /// Reads it for a text.
    fn read(&self) -> T {
        let place = context().map_or(self.created, |context| context.place());
        self.step(Access::Load, place, |value| value)
    }
}

/// A value as it is shown in a trace.
trait Bits {
    fn bits(self) -> u64;
}

macro_rules! atomic {
    ($name:ident, $type:ty, $bits:expr) => {
        #[doc = concat!("An atomic `", stringify!($type), "` whose every use is a step.")]
        pub struct $name {
            cell: Cell<$type>,
        }

        impl Bits for $type {
            fn bits(self) -> u64 {
                let bits: fn($type) -> u64 = $bits;
                bits(self)
            }
        }

        impl $name {
            #[track_caller]
            #[must_use]
            pub const fn new(value: $type) -> $name {
                $name {
                    cell: Cell::new(value, Place::caller()),
                }
            }

            #[track_caller]
            pub fn load(&self, _order: Ordering) -> $type {
                self.cell.step(Access::Load, Place::caller(), |value| value)
            }

            #[track_caller]
            pub fn store(&self, value: $type, _order: Ordering) {
                self.cell.step(Access::Store, Place::caller(), |_| value);
            }

            #[track_caller]
            pub fn swap(&self, value: $type, _order: Ordering) -> $type {
                self.cell.step(Access::Update, Place::caller(), |_| value)
            }

            #[track_caller]
            pub fn compare_exchange(
                &self,
                current: $type,
                new: $type,
                _success: Ordering,
                _failure: Ordering,
            ) -> Result<$type, $type> {
                let before = self
                    .cell
                    .step(Access::CompareExchange, Place::caller(), |value| {
                        if value == current { new } else { value }
                    });
                if before == current {
                    Ok(before)
                } else {
                    Err(before)
                }
            }

            /// Never fails for no reason; the real one may.
            #[track_caller]
            pub fn compare_exchange_weak(
                &self,
                current: $type,
                new: $type,
                success: Ordering,
                failure: Ordering,
            ) -> Result<$type, $type> {
                self.compare_exchange(current, new, success, failure)
            }

            #[track_caller]
            pub fn fetch_update<F>(
                &self,
                success: Ordering,
                failure: Ordering,
                mut change: F,
            ) -> Result<$type, $type>
            where
                F: FnMut($type) -> Option<$type>,
            {
                let mut before = self.load(failure);
                while let Some(next) = change(before) {
                    match self.compare_exchange(before, next, success, failure) {
                        Ok(before) => return Ok(before),
                        Err(other) => before = other,
                    }
                }
                Err(before)
            }

            pub fn get_mut(&mut self) -> &mut $type {
                self.cell.get_mut()
            }

            pub fn into_inner(self) -> $type {
                self.cell.into_inner()
            }
        }

        impl Default for $name {
            #[track_caller]
            fn default() -> $name {
                $name::new(<$type>::default())
            }
        }

        impl From<$type> for $name {
            #[track_caller]
            fn from(value: $type) -> $name {
                $name::new(value)
            }
        }

        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.cell.read(), f)
            }
        }
    };
}

macro_rules! updates {
    ($name:ident, $type:ty, $($(#[$doc:meta])* $update:ident => $change:expr;)*) => {
        impl $name {
            $(
                $(#[$doc])*
                #[track_caller]
                pub fn $update(&self, value: $type, _order: Ordering) -> $type {
                    let change: fn($type, $type) -> $type = $change;
                    self.cell
                        .step(Access::Update, Place::caller(), |before| change(before, value))
                }
            )*
        }
    };
}

macro_rules! integers {
    ($($name:ident, $type:ty;)*) => {
        $(
            atomic!($name, $type, |value| value as u64);
            updates! {
                $name, $type,
                fetch_add => <$type>::wrapping_add;
                fetch_sub => <$type>::wrapping_sub;
                fetch_and => |before, value| before & value;
                fetch_nand => |before, value| !(before & value);
                fetch_or => |before, value| before | value;
                fetch_xor => |before, value| before ^ value;
                fetch_max => Ord::max;
                fetch_min => Ord::min;
            }
        )*
    };
}

integers! {
    AtomicU8, u8;
    AtomicU16, u16;
    AtomicU32, u32;
    AtomicU64, u64;
    AtomicUsize, usize;
    AtomicI8, i8;
    AtomicI16, i16;
    AtomicI32, i32;
    AtomicI64, i64;
    AtomicIsize, isize;
}

atomic!(AtomicBool, bool, u64::from);

updates! {
    AtomicBool, bool,
    fetch_and => |before, value| before & value;
    fetch_nand => |before, value| !(before & value);
    fetch_or => |before, value| before | value;
    fetch_xor => |before, value| before ^ value;
}

impl AtomicBool {
    #[track_caller]
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.fetch_xor(true, order)
    }
}

/// Has no effect: every ordering is as if it were `SeqCst`.
pub fn fence(_order: Ordering) {}

/// Has no effect.
pub fn compiler_fence(_order: Ordering) {}
