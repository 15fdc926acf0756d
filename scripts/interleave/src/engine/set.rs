//! A set of threads.

use crate::vocabulary::ThreadId;

/// How many threads one execution can have.
pub const MOST_THREADS: usize = 128;

/// A set of threads, as bits.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Set(u128);

impl Set {
    pub fn insert(&mut self, thread: ThreadId) {
        self.0 |= 1 << thread;
    }

    pub fn remove(&mut self, thread: ThreadId) {
        self.0 &= !(1 << thread);
    }

    pub fn contains(self, thread: ThreadId) -> bool {
        self.0 & (1 << thread) != 0
    }

    pub fn is_empty(self) -> bool {
        self.0 == 0
    }

    pub fn first(self) -> Option<ThreadId> {
        (self.0 != 0).then(|| self.0.trailing_zeros() as ThreadId)
    }

    pub fn union(self, other: Set) -> Set {
        Set(self.0 | other.0)
    }

    pub fn minus(self, other: Set) -> Set {
        Set(self.0 & !other.0)
    }

    pub fn both(self, other: Set) -> Set {
        Set(self.0 & other.0)
    }

    /// The set as a number, one bit for each thread.
    pub fn bits(self) -> u128 {
        self.0
    }

    /// The set that such a number stands for.
    pub fn of_bits(bits: u128) -> Set {
        Set(bits)
    }

    pub fn iter(self) -> impl Iterator<Item = ThreadId> {
        let mut left = self;
        ::std::iter::from_fn(move || {
            let next = left.first()?;
            left.remove(next);
            Some(next)
        })
    }
}
