//! The source files of a listing.

use listings::catalogue::{self, Listing};
use std::fs;

/// The paths of its sources, the library first.
pub fn sources(listing: &Listing) -> Vec<String> {
    ["src/lib.rs", "src/main.rs", catalogue::TESTS]
        .into_iter()
        .filter(|path| listing.folder().join(path).is_file())
        .map(str::to_string)
        .collect()
}

/// The text of one of its files. Panics if it can't be read.
#[track_caller]
pub fn read(listing: &Listing, path: &str) -> String {
    let path = listing.folder().join(path);
    match fs::read_to_string(&path) {
        Ok(text) => text.replace("\r\n", "\n"),
        Err(error) => panic!("cannot read {}: {error}", path.display()),
    }
}
