//! Each computed part of the book is what the listings and the explorer give today.

use listings::catalogue::{self, Listing};
use pages::{
    index, listing,
    made::{self, Part},
    schedules,
};

fn listings() -> Vec<Listing> {
    catalogue::all().unwrap_or_else(|error| panic!("{error}"))
}

#[test]
fn listings_and_their_index() {
    let all = listings();
    let mut parts: Vec<Part> = all
        .iter()
        .map(|listing| listing::part(listing, &all).unwrap_or_else(|error| panic!("{error}")))
        .collect();
    parts.push(index::part(&all));
    made::compare(&parts, |file| {
        file == "index-of-listings.html" || file.ends_with(".md") && file.starts_with("listing-")
    });
}

#[test]
fn tables_of_schedules() {
    let all = listings();
    let mut parts: Vec<Part> = schedules::explorable(&all)
        .into_iter()
        .map(|(listing, then)| {
            schedules::part(listing, then, &schedules::pools(&listing.name, then))
        })
        .collect();
    parts.push(schedules::panicking(&all));
    made::compare(&parts, |file| file.ends_with(".schedules.html"));
}
