//! Wraps crates that know nothing of the explorer, builds them all with one
//! Cargo call, and runs them.
//!
//! For each crate its folder is copied and two packages are generated, with
//! `interleave` in the place of `std`. One is its library, the other its program, in which
//! `main.rs` has one more function at its end, which calls `main`; it is compiled
//! as a library, too, and a small binary beside it hands it to
//! [`interleave::explorer::driver`]. Where the pool is, one more module at the end of
//! the root file uses it. Nothing is written into the crate's own folder.
//!
//! ```no_run
//! use explore::wrap;
//! use std::path::Path;
//!
//! let folders = [Path::new("listings/listing-20-26")];
//! let built = wrap::build(&wrap::folder("listings"), &folders).unwrap();
//! let listing = built[0].as_ref().unwrap();
//! let report = listing.pool(4, 2).report().unwrap();
//! assert_eq!(report.schedules, 384);
//! ```

mod build;
mod called;
mod cargo;
pub mod child;
mod diagnosis;
mod escapes;
mod facades;
mod files;
mod manifest;
mod metadata;
mod packages;
mod pools;
mod refusal;
mod run;
mod scenario;
mod tokens;
mod trouble;
mod workspace;
mod wrapped;

pub use build::{build, build_each};
pub use cargo::{binary, words};
pub use child::Limits;
pub use files::content;
pub use pools::Pool;
pub use refusal::Refusal;
pub use run::{Run, all_possible};
pub use trouble::Trouble;
pub use workspace::{Options, folder};
pub use wrapped::Wrapped;
