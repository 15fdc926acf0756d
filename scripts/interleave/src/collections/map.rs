//! `std::collections::HashMap`, in the same order each time.

use super::order::{self, Begin, End, RandomState};
use ::std::borrow::Borrow;
use ::std::collections::TryReserveError;
use ::std::collections::hash_map::{
    self as real, Drain, Entry, IntoIter, IntoKeys, IntoValues, Iter, IterMut, Keys, Values,
    ValuesMut,
};
use ::std::fmt;
use ::std::hash::{BuildHasher, Hash};
use ::std::ops::Index;

/// `std::collections::HashMap`
pub struct HashMap<K, V, S = RandomState> {
    _begin: Begin<S>,
    values: real::HashMap<K, V, S>,
    _end: End<S>,
}

impl<K, V> HashMap<K, V> {
    #[must_use]
    pub fn new() -> HashMap<K, V> {
        HashMap::with_hasher(RandomState::of_a_map())
    }

    #[must_use]
    pub fn with_capacity(capacity: usize) -> HashMap<K, V> {
        HashMap::with_capacity_and_hasher(capacity, RandomState::of_a_map())
    }
}

impl<K, V, S> HashMap<K, V, S> {
    pub const fn with_hasher(hasher: S) -> HashMap<K, V, S> {
        HashMap::of(real::HashMap::with_hasher(hasher))
    }

    pub fn with_capacity_and_hasher(capacity: usize, hasher: S) -> HashMap<K, V, S> {
        HashMap::of(real::HashMap::with_capacity_and_hasher(capacity, hasher))
    }

    const fn of(values: real::HashMap<K, V, S>) -> HashMap<K, V, S> {
        HashMap {
            _begin: Begin::new(),
            values,
            _end: End::new(),
        }
    }

    /// The values, for somebody who goes through them.
    fn seen(&self) -> &real::HashMap<K, V, S> {
        order::seen::<S>(self.len());
        &self.values
    }

    /// The same, to change them.
    fn seen_mut(&mut self) -> &mut real::HashMap<K, V, S> {
        order::seen::<S>(self.len());
        &mut self.values
    }

    /// The same, to take them.
    fn into_seen(self) -> real::HashMap<K, V, S> {
        order::seen::<S>(self.len());
        self.values
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

    pub fn keys(&self) -> Keys<'_, K, V> {
        self.seen().keys()
    }

    pub fn into_keys(self) -> IntoKeys<K, V> {
        self.into_seen().into_keys()
    }

    pub fn values(&self) -> Values<'_, K, V> {
        self.seen().values()
    }

    pub fn values_mut(&mut self) -> ValuesMut<'_, K, V> {
        self.seen_mut().values_mut()
    }

    pub fn into_values(self) -> IntoValues<K, V> {
        self.into_seen().into_values()
    }

    pub fn iter(&self) -> Iter<'_, K, V> {
        self.seen().iter()
    }

    pub fn iter_mut(&mut self) -> IterMut<'_, K, V> {
        self.seen_mut().iter_mut()
    }

    pub fn drain(&mut self) -> Drain<'_, K, V> {
        self.seen_mut().drain()
    }

    pub fn retain<F>(&mut self, keep: F)
    where
        F: FnMut(&K, &mut V) -> bool,
    {
        self.seen_mut().retain(keep);
    }

    pub fn clear(&mut self) {
        order::through::<S, _>(|| self.values.clear());
    }
}

impl<K: Eq + Hash, V, S: BuildHasher> HashMap<K, V, S> {
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

    pub fn entry(&mut self, key: K) -> Entry<'_, K, V> {
        self.values.entry(key)
    }

    pub fn insert(&mut self, key: K, value: V) -> Option<V> {
        self.values.insert(key, value)
    }

    pub fn get<Q: ?Sized + Hash + Eq>(&self, key: &Q) -> Option<&V>
    where
        K: Borrow<Q>,
    {
        self.values.get(key)
    }

    pub fn get_key_value<Q: ?Sized + Hash + Eq>(&self, key: &Q) -> Option<(&K, &V)>
    where
        K: Borrow<Q>,
    {
        self.values.get_key_value(key)
    }

    pub fn get_mut<Q: ?Sized + Hash + Eq>(&mut self, key: &Q) -> Option<&mut V>
    where
        K: Borrow<Q>,
    {
        self.values.get_mut(key)
    }

    pub fn contains_key<Q: ?Sized + Hash + Eq>(&self, key: &Q) -> bool
    where
        K: Borrow<Q>,
    {
        self.values.contains_key(key)
    }

    pub fn remove<Q: ?Sized + Hash + Eq>(&mut self, key: &Q) -> Option<V>
    where
        K: Borrow<Q>,
    {
        self.values.remove(key)
    }

    pub fn remove_entry<Q: ?Sized + Hash + Eq>(&mut self, key: &Q) -> Option<(K, V)>
    where
        K: Borrow<Q>,
    {
        self.values.remove_entry(key)
    }
}

impl<K: Clone, V: Clone, S: Clone> Clone for HashMap<K, V, S> {
    fn clone(&self) -> HashMap<K, V, S> {
        HashMap::of(order::through::<S, _>(|| self.values.clone()))
    }
}

impl<K: Eq + Hash, V: PartialEq, S: BuildHasher> PartialEq for HashMap<K, V, S> {
    fn eq(&self, other: &HashMap<K, V, S>) -> bool {
        self.values == other.values
    }
}

impl<K: Eq + Hash, V: Eq, S: BuildHasher> Eq for HashMap<K, V, S> {}

impl<K: fmt::Debug, V: fmt::Debug, S> fmt::Debug for HashMap<K, V, S> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.seen().fmt(f)
    }
}

impl<K, V, S: Default> Default for HashMap<K, V, S> {
    fn default() -> HashMap<K, V, S> {
        HashMap::with_hasher(order::hasher())
    }
}

impl<K, Q, V, S> Index<&Q> for HashMap<K, V, S>
where
    K: Eq + Hash + Borrow<Q>,
    Q: ?Sized + Eq + Hash,
    S: BuildHasher,
{
    type Output = V;

    #[track_caller]
    fn index(&self, key: &Q) -> &V {
        &self.values[key]
    }
}

impl<K, V, S> IntoIterator for HashMap<K, V, S> {
    type Item = (K, V);
    type IntoIter = IntoIter<K, V>;

    fn into_iter(self) -> IntoIter<K, V> {
        self.into_seen().into_iter()
    }
}

impl<'a, K, V, S> IntoIterator for &'a HashMap<K, V, S> {
    type Item = (&'a K, &'a V);
    type IntoIter = Iter<'a, K, V>;

    fn into_iter(self) -> Iter<'a, K, V> {
        self.iter()
    }
}

impl<'a, K, V, S> IntoIterator for &'a mut HashMap<K, V, S> {
    type Item = (&'a K, &'a mut V);
    type IntoIter = IterMut<'a, K, V>;

    fn into_iter(self) -> IterMut<'a, K, V> {
        self.iter_mut()
    }
}

impl<K: Eq + Hash, V, S: BuildHasher + Default> FromIterator<(K, V)> for HashMap<K, V, S> {
    fn from_iter<T: IntoIterator<Item = (K, V)>>(values: T) -> HashMap<K, V, S> {
        let mut map = HashMap::default();
        map.extend(values);
        map
    }
}

impl<K: Eq + Hash, V, const N: usize> From<[(K, V); N]> for HashMap<K, V> {
    fn from(values: [(K, V); N]) -> HashMap<K, V> {
        values.into_iter().collect()
    }
}

impl<K: Eq + Hash, V, S: BuildHasher> Extend<(K, V)> for HashMap<K, V, S> {
    fn extend<T: IntoIterator<Item = (K, V)>>(&mut self, values: T) {
        self.values.extend(values);
    }
}

impl<'a, K: Eq + Hash + Copy, V: Copy, S: BuildHasher> Extend<(&'a K, &'a V)> for HashMap<K, V, S> {
    fn extend<T: IntoIterator<Item = (&'a K, &'a V)>>(&mut self, values: T) {
        self.values.extend(values);
    }
}
