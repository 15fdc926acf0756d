//! The index of listings.

use crate::{html, listing, made::Part, places};
use listings::catalogue::Listing;

/// The index as a table.
pub fn part(all: &[Listing]) -> Part {
    let rows: Vec<Vec<String>> = all
        .iter()
        .map(|listing| {
            let compiles = match (listing.compiles(), listing::warns(listing)) {
                (false, _) => format!("no: {}", listing.errors.join(", ")),
                (true, true) => "yes, with warnings".to_string(),
                (true, false) => "yes".to_string(),
            };
            vec![
                places::link(listing),
                html::inline(&listing.title),
                compiles,
                html::inline(&listing.sees),
                listing.drop.clone().unwrap_or_default(),
            ]
        })
        .collect();
    let caption = format!("{} listings in reading order", all.len());
    let columns = [
        "listing",
        "what changes",
        "compiles",
        "you see",
        "dropping the pool",
    ];
    Part::new(
        "index-of-listings.html",
        html::table("index", &caption, &columns, 1, &rows),
    )
}
