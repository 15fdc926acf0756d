//! What every listing promises, checked on the listing as it is.
//!
//! `cargo test listing_20_26` runs the tests of one listing; the names have no hyphens here.

mod another_task;
mod compiler;
mod errors;
mod expect;
mod own_tests;
mod real;
mod repository;
mod schedules;
mod serving;
mod shutdown;
