//! The data of the page on which the reader is the scheduler: what can happen in each of its
//! [levels](level), and what becomes of each [arrangement](arrangements) that a reader can make of
//! the lines of `drop`. They are [scripts](script) in `book/src/scheduler/data`.

pub mod arrangements;
pub mod level;
pub mod script;

use listings::{catalogue, root};
use std::{env, fs};

/// The folder of the data, from the root.
pub const FOLDER: &str = "book/src/scheduler/data";

/// Compares one of the page's files with what it must hold, and writes it under
/// `INSTA_UPDATE=always`.
///
/// Panics if it holds anything else.
#[track_caller]
pub fn holds(file: &str, expected: &str) {
    let path = root().join(FOLDER).join(file);
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
        fs::write(&path, expected).expect("the file can be written");
    }
    let found = fs::read_to_string(&path).unwrap_or_default();
    assert!(
        found.replace("\r\n", "\n") == expected,
        "{FOLDER}/{file} is not what the explorer says; \
         `INSTA_UPDATE=always cargo test -p pages` writes it anew"
    );
}

/// The lines of a listing's library.
///
/// Panics if there is no such listing.
pub fn source(name: &str) -> Vec<String> {
    let listing = catalogue::named(name).unwrap_or_else(|error| panic!("{error}"));
    let text = fs::read_to_string(listing.folder().join("src/lib.rs"));
    let text = text.expect("the file can be read");
    text.lines().map(str::to_string).collect()
}
