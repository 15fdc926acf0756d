//! `std::hash`: the real one, but for [`RandomState`], whose keys are the same each time.

pub use crate::collections::RandomState;
pub use ::std::hash::{BuildHasher, BuildHasherDefault, DefaultHasher, Hash, Hasher};
