//! `std::sync::atomic`, as if every ordering were `SeqCst`. An atomic in a
//! `static` has its first value again in each execution.

use crate::engine::{Context, Tag, context};
use crate::primitives::Body;
use crate::primitives::atomic::{Action as Access, Atomic as Rules};
use crate::trace::{Kind, Op, Place};
use ::std::sync::atomic as real;
use ::std::sync::{Mutex, MutexGuard, PoisonError};
use ::std::{fmt, ptr};

pub use ::std::sync::atomic::Ordering;

/// A value where it is kept.
trait Slot {
    type Value: Copy;

    fn fresh(value: Self::Value) -> Self;

    fn get(&self) -> Self::Value;

    fn get_mut(&mut self) -> &mut Self::Value;

    /// The value as a trace shows it, the same in each execution.
    fn shown(&mut self) -> u64;
}

/// A number or a truth value.
struct Plain<T>(T);

impl<T> Plain<T> {
    const fn new(value: T) -> Plain<T> {
        Plain(value)
    }
}

impl<T: Copy + Bits> Slot for Plain<T> {
    type Value = T;

    fn fresh(value: T) -> Plain<T> {
        Plain::new(value)
    }

    fn get(&self) -> T {
        self.0
    }

    fn get_mut(&mut self) -> &mut T {
        &mut self.0
    }

    fn shown(&mut self) -> u64 {
        self.0.bits()
    }
}

/// A plain value as a trace shows it.
trait Bits {
    fn bits(self) -> u64;
}

/// A pointer. The real atomic keeps it, for a bare one would stay in its thread.
///
/// Addresses differ from run to run, so a trace shows the null pointer as 0 and the others by how
/// many came to this atomic before. One that comes back counts as a new one: it may be other
/// memory, which the allocator put in the place of what was freed, and whether it does that is up
/// to the run.
struct Pointer<T> {
    pointer: real::AtomicPtr<T>,
    /// The address that was shown last, and how many came by.
    address: usize,
    count: u64,
}

impl<T> Pointer<T> {
    const fn new(pointer: *mut T) -> Pointer<T> {
        Pointer {
            pointer: real::AtomicPtr::new(pointer),
            address: 0,
            count: 0,
        }
    }
}

impl<T> Slot for Pointer<T> {
    type Value = *mut T;

    fn fresh(pointer: *mut T) -> Pointer<T> {
        Pointer::new(pointer)
    }

    fn get(&self) -> *mut T {
        self.pointer.load(Ordering::SeqCst)
    }

    fn get_mut(&mut self) -> &mut *mut T {
        self.pointer.get_mut()
    }

    fn shown(&mut self) -> u64 {
        let address = self.get().addr();
        if address != self.address {
            self.address = address;
            self.count += u64::from(address != 0);
        }
        if address == 0 { 0 } else { self.count }
    }
}

/// What an exploration has made of an atomic.
struct Value<S> {
    exploration: u64,
    epoch: u64,
    slot: S,
}

/// What a step found and what it left, as a trace shows it.
struct Shown {
    before: u64,
    after: u64,
}

/// The state behind every atomic type.
struct Cell<S> {
    created: Place,
    tag: Tag,
    first: S,
    values: Mutex<Vec<Value<S>>>,
}

impl<S> Cell<S> {
    const fn new(first: S, created: Place) -> Cell<S> {
        Cell {
            created,
            tag: Tag::new(),
            first,
            values: Mutex::new(Vec::new()),
        }
    }
}

impl<S: Slot> Cell<S> {
    fn values(&self) -> MutexGuard<'_, Vec<Value<S>>> {
        self.values.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Makes a step; `change` gets the value and says what it becomes.
    fn step(
        &self,
        access: Access,
        place: Place,
        change: impl FnOnce(S::Value) -> S::Value,
    ) -> S::Value {
        let context = context();
        if let Some(context) = &context {
            let atomic = self.object(context);
            let step = context.step(Op::Atomic(atomic, access), place);
            let (found, shown) = self.change(context.exploration, context.epoch, change);
            if step.is_ok() {
                let Shown { before, after } = shown;
                context.with(|state| state.settle_atomic(context.thread, atomic, before, after));
            }
            found
        } else {
            self.change(0, 0, change).0
        }
    }

    fn change(
        &self,
        exploration: u64,
        epoch: u64,
        change: impl FnOnce(S::Value) -> S::Value,
    ) -> (S::Value, Shown) {
        let mut values = self.values();
        let known = values
            .iter()
            .position(|value| value.exploration == exploration);
        let at = known.unwrap_or_else(|| {
            values.push(Value {
                exploration,
                epoch,
                slot: S::fresh(self.first.get()),
            });
            values.len() - 1
        });
        let value = &mut values[at];
        if value.epoch != epoch {
            value.epoch = epoch;
            value.slot = S::fresh(self.first.get());
        }
        let slot = &mut value.slot;
        let found = slot.get();
        let before = slot.shown();
        *slot.get_mut() = change(found);
        let after = slot.shown();
        (found, Shown { before, after })
    }

    fn object(&self, context: &Context) -> usize {
        let body = || Body::Atomic(Rules::default());
        self.tag
            .object(context, Kind::Atomic, Some(self.created), body)
    }

    fn get_mut(&mut self) -> &mut S::Value {
        let exploration = context().map_or(0, |context| context.exploration);
        let values = self
            .values
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner);
        match values
            .iter_mut()
            .find(|value| value.exploration == exploration)
        {
            Some(known) => known.slot.get_mut(),
            None => self.first.get_mut(),
        }
    }

    fn into_inner(mut self) -> S::Value {
        *self.get_mut()
    }

    /// Reads it for a text.
    fn read(&self) -> S::Value {
        let place = context().map_or(self.created, |context| context.place());
        self.step(Access::Load, place, |value| value)
    }
}

macro_rules! atomic {
    ($name:ident $(<$generic:ident>)?, $type:ty, $slot:ty) => {
        #[doc = concat!("An atomic `", stringify!($type), "` whose every use is a step.")]
        pub struct $name$(<$generic>)? {
            cell: Cell<$slot>,
        }

        impl$(<$generic>)? $name$(<$generic>)? {
            #[track_caller]
            #[must_use]
            pub const fn new(value: $type) -> Self {
                $name {
                    cell: Cell::new(<$slot>::new(value), Place::caller()),
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

            #[deprecated(
                since = "1.50.0",
                note = "Use `compare_exchange` or `compare_exchange_weak` instead"
            )]
            #[track_caller]
            pub fn compare_and_swap(&self, current: $type, new: $type, order: Ordering) -> $type {
                match self.compare_exchange(current, new, order, order) {
                    Ok(before) | Err(before) => before,
                }
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

        impl$(<$generic>)? From<$type> for $name$(<$generic>)? {
            #[track_caller]
            fn from(value: $type) -> Self {
                $name::new(value)
            }
        }

        impl$(<$generic>)? fmt::Debug for $name$(<$generic>)? {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                fmt::Debug::fmt(&self.cell.read(), f)
            }
        }
    };
}

macro_rules! plain {
    ($name:ident, $type:ty, $bits:expr) => {
        atomic!($name, $type, Plain<$type>);

        impl Bits for $type {
            fn bits(self) -> u64 {
                let bits: fn($type) -> u64 = $bits;
                bits(self)
            }
        }

        impl Default for $name {
            #[track_caller]
            fn default() -> $name {
                $name::new(<$type>::default())
            }
        }
    };
}

macro_rules! updates {
    ($type:ty, $operand:ty: $($update:ident => $change:expr;)*) => {
        $(
            #[track_caller]
            pub fn $update(&self, value: $operand, _order: Ordering) -> $type {
                let change: fn($type, $operand) -> $type = $change;
                self.cell
                    .step(Access::Update, Place::caller(), |before| change(before, value))
            }
        )*
    };
}

macro_rules! integers {
    ($($name:ident, $type:ty;)*) => {
        $(
            plain!($name, $type, |value| value as u64);

            impl $name {
                updates! {
                    $type, $type:
                    fetch_add => <$type>::wrapping_add;
                    fetch_sub => <$type>::wrapping_sub;
                    fetch_and => |before, value| before & value;
                    fetch_nand => |before, value| !(before & value);
                    fetch_or => |before, value| before | value;
                    fetch_xor => |before, value| before ^ value;
                    fetch_max => Ord::max;
                    fetch_min => Ord::min;
                }
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

plain!(AtomicBool, bool, u64::from);

impl AtomicBool {
    updates! {
        bool, bool:
        fetch_and => |before, value| before & value;
        fetch_nand => |before, value| !(before & value);
        fetch_or => |before, value| before | value;
        fetch_xor => |before, value| before ^ value;
    }

    #[track_caller]
    pub fn fetch_not(&self, order: Ordering) -> bool {
        self.fetch_xor(true, order)
    }
}

atomic!(AtomicPtr<T>, *mut T, Pointer<T>);

impl<T> AtomicPtr<T> {
    updates! {
        *mut T, usize:
        fetch_ptr_add => |before, count| before.wrapping_add(count);
        fetch_ptr_sub => |before, count| before.wrapping_sub(count);
        fetch_byte_add => |before, count| before.wrapping_byte_add(count);
        fetch_byte_sub => |before, count| before.wrapping_byte_sub(count);
        fetch_and => |before, bits| before.map_addr(|address| address & bits);
        fetch_or => |before, bits| before.map_addr(|address| address | bits);
        fetch_xor => |before, bits| before.map_addr(|address| address ^ bits);
    }
}

impl<T> Default for AtomicPtr<T> {
    #[track_caller]
    fn default() -> AtomicPtr<T> {
        AtomicPtr::new(ptr::null_mut())
    }
}

impl<T> fmt::Pointer for AtomicPtr<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        fmt::Pointer::fmt(&self.cell.read(), f)
    }
}

/// Has no effect: every ordering is as if it were `SeqCst`.
pub fn fence(_order: Ordering) {}

/// Has no effect.
pub fn compiler_fence(_order: Ordering) {}
