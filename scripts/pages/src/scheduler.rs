//! The data of the page on which the reader is the scheduler: what can happen in each of its
//! [levels](level), and what becomes of each [arrangement](arrangements) that a reader can make of
//! the lines of `drop`. They are [scripts](script) in `book/src/scheduler/data`.

pub mod arrangements;
pub mod level;
pub mod script;

use crate::{made, sources};
use listings::{catalogue, root};

/// The folder of the data, from the root.
pub const FOLDER: &str = "book/src/scheduler/data";

/// Compares one of the page's files with what it must hold, and writes it under
/// `INSTA_UPDATE=always`.
///
/// Panics with what differs.
#[track_caller]
pub fn holds(file: &str, expected: &str) {
    made::compare_file(&format!("{FOLDER}/{file}"), expected);
}

/// What one of the page's files holds.
///
/// Panics if it can't be read.
pub fn read(file: &str) -> String {
    let path = root().join(FOLDER).join(file);
    listings::read(&path).unwrap_or_else(|error| panic!("{error}"))
}

/// The lines of a listing's library.
///
/// Panics if there is no such listing.
pub fn source(name: &str) -> Vec<String> {
    let listing = catalogue::named(name).unwrap_or_else(|error| panic!("{error}"));
    let text = sources::read(&listing, "src/lib.rs");
    text.lines().map(str::to_string).collect()
}
