//! `std::collections`: the real ones, but a [`HashMap`] and a [`HashSet`] have their values in the
//! same order each time. The real ones have them in another order in each process, by keys that
//! are drawn at random; here the keys are fixed, and whoever goes through a map gets a remark.

mod map;
mod order;
mod set;

pub use ::std::collections::{
    BTreeMap, BTreeSet, BinaryHeap, LinkedList, TryReserveError, VecDeque, binary_heap, btree_map,
    btree_set, linked_list, vec_deque,
};

pub use map::HashMap;
pub use order::RandomState;
pub use set::HashSet;

pub mod hash_map {
    //! `std::collections::hash_map`

    pub use super::{HashMap, RandomState};
    pub use ::std::collections::hash_map::{
        DefaultHasher, Drain, Entry, IntoIter, IntoKeys, IntoValues, Iter, IterMut, Keys,
        OccupiedEntry, VacantEntry, Values, ValuesMut,
    };
}

pub mod hash_set {
    //! `std::collections::hash_set`

    pub use super::HashSet;
    pub use ::std::collections::hash_set::{
        Difference, Drain, Intersection, IntoIter, Iter, SymmetricDifference, Union,
    };
}
