//! The listings, ready to be run under every schedule.

use explore::wrap::{self, Run, Wrapped};
use listings::catalogue::{self, Listing};
use std::{path::PathBuf, sync::OnceLock};

/// A listing whose pool works, ready to be run under every schedule. All are built by one call of
/// Cargo, the first time that one is asked for.
///
/// Panics, saying why, if it can't be built.
pub fn explored(name: &str) -> &'static Wrapped {
    static WRAPPED: OnceLock<Vec<Wrapped>> = OnceLock::new();
    let all = WRAPPED.get_or_init(|| {
        let listings = catalogue::all().unwrap_or_else(|error| panic!("{error}"));
        let works = |listing: &&Listing| listing.compiles() && *listing.name >= *"listing-20-21";
        let folders: Vec<PathBuf> = listings.iter().filter(works).map(Listing::folder).collect();
        build("listings", &folders)
    });
    let found = all.iter().find(|wrapped| wrapped.name() == name);
    found.unwrap_or_else(|| panic!("{name} was not built"))
}

/// Builds the crates in some folders for exploration, in a workspace of that name.
///
/// Panics, saying why, if one can't be built.
pub fn build(workspace: &str, folders: &[PathBuf]) -> Vec<Wrapped> {
    let built = wrap::build(&wrap::folder(workspace), folders).expect("Cargo can be run");
    let ready = |built| match built {
        Ok(wrapped) => wrapped,
        Err(refusal) => panic!("{refusal}"),
    };
    built.into_iter().map(ready).collect()
}

/// The whole program of a listing, with two clients.
pub fn program(name: &str) -> Run<'static> {
    explored(name).program("/,/")
}
