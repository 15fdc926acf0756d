//! Each computed part of the book is what the listings and the explorer give today.

use crate::schedules::all_pools;
use listings::catalogue::{self, Listing};
use pages::{
    head, index, listing,
    made::{self, Part},
    pictures, repairs, schedules, threads,
};
use std::{
    io::{self, Write},
    process::Command,
};

fn listings() -> Vec<Listing> {
    catalogue::all().unwrap_or_else(|error| panic!("{error}"))
}

/// Whether what changes can be computed. The harness would hide a print, so what is skipped is said on
/// the real standard error.
fn git_is_there() -> bool {
    let git = Command::new("git").arg("--version").output();
    if let Err(error) = &git {
        let _ = writeln!(
            io::stderr(),
            "skipped: what changes from listing to listing: git: {error}"
        );
    }
    git.is_ok()
}

#[test]
fn listings_and_their_index() {
    if !git_is_there() {
        return;
    }
    let all = listings();
    let mut parts: Vec<Part> = all
        .iter()
        .map(|listing| listing::part(listing, &all).unwrap_or_else(|error| panic!("{error}")))
        .collect();
    parts.push(index::part(&all));
    made::compare(&parts, is_of_a_listing);
}

#[test]
fn tables_of_schedules() {
    let all = listings();
    let named = |name: &str| {
        let found = all.iter().find(|listing| listing.name == name);
        found.expect("the listing is there")
    };
    let explored = all_pools();
    let mut parts: Vec<Part> = explored
        .iter()
        .map(|(name, then, pools)| schedules::part(named(name), *then, pools))
        .collect();
    parts.push(schedules::panicking(&all));
    made::compare(&parts, is_of_schedules);
}

#[test]
fn other_pictures() {
    made::compare(&pictures::parts(&listings()), is_another_picture);
}

#[test]
fn pictures_of_threads() {
    made::compare(&threads::parts(), is_of_threads);
}

#[test]
fn repairs_of_the_single_loop() {
    if !git_is_there() {
        return;
    }
    let parts = repairs::parts().unwrap_or_else(|error| panic!("{error}"));
    made::compare(&parts, is_of_a_repair);
}

fn is_of_a_listing(file: &str) -> bool {
    file == "index-of-listings.html" || file.ends_with(".md") && file.starts_with("listing-")
}

fn is_of_schedules(file: &str) -> bool {
    file.ends_with(".schedules.html")
}

fn is_another_picture(file: &str) -> bool {
    let names = ["pool.html", "closed-channel.html", "two-designs.html"];
    names.contains(&file) || file.starts_with("guard-")
}

fn is_of_threads(file: &str) -> bool {
    let ends = |name: &&str| {
        file.ends_with(&format!(".{name}.html")) || file.ends_with(&format!(".{name}.table.html"))
    };
    ["deadlock", "idle", "lucky", "threads"].iter().any(ends)
}

fn is_of_a_repair(file: &str) -> bool {
    file.starts_with("repair")
}

/// Each file is made by one of the tests, so none can be left over.
#[test]
fn each_file_is_of_one_test() {
    let tests = [
        is_of_a_listing,
        is_of_schedules,
        is_another_picture,
        is_of_threads,
        is_of_a_repair,
    ];
    for file in made::files() {
        let owners = tests.iter().filter(|is_mine| is_mine(&file)).count();
        assert_eq!(owners, 1, "{}/{file}", made::FOLDER);
    }
}

/// What each page says of itself to those who link to it.
#[test]
fn descriptions_of_pages() {
    let text = head::text().unwrap_or_else(|error| panic!("{error}"));
    made::compare_file(head::FILE, &text);
}
