//! `std::collections::HashSet`, in the same order each time.

use super::order::{self, Begin, End, RandomState};
use ::std::borrow::Borrow;
use ::std::collections::TryReserveError;
use ::std::collections::hash_set::{
    self as real, Difference, Drain, Intersection, IntoIter, Iter, SymmetricDifference, Union,
};
use ::std::fmt;
use ::std::hash::{BuildHasher, Hash};
use ::std::ops::{BitAnd, BitOr, BitXor, Sub};

/// `std::collections::HashSet`
pub struct HashSet<T, S = RandomState> {
    _begin: Begin<S>,
    values: real::HashSet<T, S>,
    _end: End<S>,
}

impl<T> HashSet<T> {
    #[must_use]
    pub fn new() -> HashSet<T> {
        HashSet::with_hasher(RandomState::of_a_map())
    }

    #[must_use]
    pub fn with_capacity(capacity: usize) -> HashSet<T> {
        HashSet::with_capacity_and_hasher(capacity, RandomState::of_a_map())
    }
}

impl<T, S> HashSet<T, S> {
    pub const fn with_hasher(hasher: S) -> HashSet<T, S> {
        HashSet::of(real::HashSet::with_hasher(hasher))
    }

    pub fn with_capacity_and_hasher(capacity: usize, hasher: S) -> HashSet<T, S> {
        HashSet::of(real::HashSet::with_capacity_and_hasher(capacity, hasher))
    }

    const fn of(values: real::HashSet<T, S>) -> HashSet<T, S> {
        HashSet {
            _begin: Begin::new(),
            values,
            _end: End::new(),
        }
    }

    /// The values, for somebody who goes through them.
    fn seen(&self) -> &real::HashSet<T, S> {
        order::seen::<S>(self.len());
        &self.values
    }

    /// The same, to change them.
    fn seen_mut(&mut self) -> &mut real::HashSet<T, S> {
        order::seen::<S>(self.len());
        &mut self.values
    }

    pub fn capacity(&self) -> usize {
        self.values.capacity()
    }

    pub fn len(&self) -> usize {
        self.values.len()
    }

    pub fn is_empty(&self) -> bool {
        self.values.is_empty()
    }

    pub fn hasher(&self) -> &S {
        self.values.hasher()
    }

    pub fn iter(&self) -> Iter<'_, T> {
        self.seen().iter()
    }

    pub fn drain(&mut self) -> Drain<'_, T> {
        self.seen_mut().drain()
    }

    pub fn retain<F>(&mut self, keep: F)
    where
        F: FnMut(&T) -> bool,
    {
        self.seen_mut().retain(keep);
    }

    pub fn clear(&mut self) {
        order::through::<S, _>(|| self.values.clear());
    }
}

impl<T: Eq + Hash, S: BuildHasher> HashSet<T, S> {
    pub fn reserve(&mut self, additional: usize) {
        self.values.reserve(additional);
    }

    pub fn try_reserve(&mut self, additional: usize) -> Result<(), TryReserveError> {
        self.values.try_reserve(additional)
    }

    pub fn shrink_to_fit(&mut self) {
        self.values.shrink_to_fit();
    }

    pub fn shrink_to(&mut self, least: usize) {
        self.values.shrink_to(least);
    }

    pub fn insert(&mut self, value: T) -> bool {
        self.values.insert(value)
    }

    pub fn replace(&mut self, value: T) -> Option<T> {
        self.values.replace(value)
    }

    pub fn get<Q: ?Sized + Hash + Eq>(&self, value: &Q) -> Option<&T>
    where
        T: Borrow<Q>,
    {
        self.values.get(value)
    }

    pub fn contains<Q: ?Sized + Hash + Eq>(&self, value: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.values.contains(value)
    }

    pub fn remove<Q: ?Sized + Hash + Eq>(&mut self, value: &Q) -> bool
    where
        T: Borrow<Q>,
    {
        self.values.remove(value)
    }

    pub fn take<Q: ?Sized + Hash + Eq>(&mut self, value: &Q) -> Option<T>
    where
        T: Borrow<Q>,
    {
        self.values.take(value)
    }

    pub fn difference<'a>(&'a self, other: &'a HashSet<T, S>) -> Difference<'a, T, S> {
        self.seen().difference(&other.values)
    }

    pub fn symmetric_difference<'a>(
        &'a self,
        other: &'a HashSet<T, S>,
    ) -> SymmetricDifference<'a, T, S> {
        self.seen().symmetric_difference(other.seen())
    }

    pub fn intersection<'a>(&'a self, other: &'a HashSet<T, S>) -> Intersection<'a, T, S> {
        self.seen().intersection(other.seen())
    }

    pub fn union<'a>(&'a self, other: &'a HashSet<T, S>) -> Union<'a, T, S> {
        self.seen().union(other.seen())
    }

    pub fn is_disjoint(&self, other: &HashSet<T, S>) -> bool {
        self.values.is_disjoint(&other.values)
    }

    pub fn is_subset(&self, other: &HashSet<T, S>) -> bool {
        self.values.is_subset(&other.values)
    }

    pub fn is_superset(&self, other: &HashSet<T, S>) -> bool {
        self.values.is_superset(&other.values)
    }
}

impl<T: Clone, S: Clone> Clone for HashSet<T, S> {
    fn clone(&self) -> HashSet<T, S> {
        HashSet::of(order::through::<S, _>(|| self.values.clone()))
    }
}

impl<T: Eq + Hash, S: BuildHasher> PartialEq for HashSet<T, S> {
    fn eq(&self, other: &HashSet<T, S>) -> bool {
        self.values == other.values
    }
}

impl<T: Eq + Hash, S: BuildHasher> Eq for HashSet<T, S> {}

impl<T: fmt::Debug, S> fmt::Debug for HashSet<T, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.seen().fmt(f)
    }
}

impl<T, S: Default> Default for HashSet<T, S> {
    fn default() -> HashSet<T, S> {
        HashSet::with_hasher(order::hasher())
    }
}

impl<T, S> IntoIterator for HashSet<T, S> {
    type Item = T;
    type IntoIter = IntoIter<T>;

    fn into_iter(self) -> IntoIter<T> {
        order::seen::<S>(self.len());
        self.values.into_iter()
    }
}

impl<'a, T, S> IntoIterator for &'a HashSet<T, S> {
    type Item = &'a T;
    type IntoIter = Iter<'a, T>;

    fn into_iter(self) -> Iter<'a, T> {
        self.iter()
    }
}

impl<T: Eq + Hash, S: BuildHasher + Default> FromIterator<T> for HashSet<T, S> {
    fn from_iter<I: IntoIterator<Item = T>>(values: I) -> HashSet<T, S> {
        let mut set = HashSet::default();
        set.extend(values);
        set
    }
}

impl<T: Eq + Hash, const N: usize> From<[T; N]> for HashSet<T> {
    fn from(values: [T; N]) -> HashSet<T> {
        values.into_iter().collect()
    }
}

impl<T: Eq + Hash, S: BuildHasher> Extend<T> for HashSet<T, S> {
    fn extend<I: IntoIterator<Item = T>>(&mut self, values: I) {
        self.values.extend(values);
    }
}

impl<'a, T: Eq + Hash + Copy + 'a, S: BuildHasher> Extend<&'a T> for HashSet<T, S> {
    fn extend<I: IntoIterator<Item = &'a T>>(&mut self, values: I) {
        self.values.extend(values);
    }
}

macro_rules! operators {
    ($($operator:ident $name:ident $method:ident),+) => {$(
        impl<T, S> $operator<&HashSet<T, S>> for &HashSet<T, S>
        where
            T: Eq + Hash + Clone,
            S: BuildHasher + Default,
        {
            type Output = HashSet<T, S>;

            fn $name(self, other: &HashSet<T, S>) -> HashSet<T, S> {
                order::through::<S, _>(|| {
                    self.values.$method(&other.values).cloned().collect()
                })
            }
        }
    )+};
}

operators!(
    BitAnd bitand intersection,
    BitOr bitor union,
    BitXor bitxor symmetric_difference,
    Sub sub difference
);
