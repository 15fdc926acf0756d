//! Explores every schedule of a crate that knows nothing of it: builds the crate with `interleave`
//! in the place of `std` ([`wrap`]), runs it in a process of its own, reads the facts that it
//! reports, and puts them into words ([`words`], [`table`]).

pub mod guard;
pub mod side_by_side;
pub mod table;
pub mod words;
pub mod wrap;
