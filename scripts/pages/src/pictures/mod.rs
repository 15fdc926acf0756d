//! The other pictures of the book: the pool and its queue, how long a lock is held, a closed
//! channel, and the two designs beside each other.

mod channel;
mod designs;
mod guard;
mod pool;
mod svg;

use crate::made::Part;
use listings::catalogue::Listing;

/// All of them. Panics if a picture would show what isn't so.
pub fn parts(all: &[Listing]) -> Vec<Part> {
    let named = |name: &str| {
        let found = all.iter().find(|listing| listing.name == name);
        found.unwrap_or_else(|| panic!("there is no {name}"))
    };
    vec![
        Part::new(
            "pool.html",
            pool::figure(
                named("listing-20-18"),
                named("listing-20-21-a-boxed-fnonce"),
            ),
        ),
        Part::new(
            "guard-20-21.html",
            guard::figure(named("listing-20-21-a-boxed-fnonce")),
        ),
        Part::new("guard-20-22.html", guard::figure(named("listing-20-22"))),
        Part::new(
            "closed-channel.html",
            channel::figure(named("listing-20-25"), named("listing-2021-20-24")),
        ),
        Part::new(
            "two-designs.html",
            designs::columns(named("listing-20-25"), named("listing-2021-20-24")),
        ),
    ]
}
