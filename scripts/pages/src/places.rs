//! Where the book tells of a listing, and links there.

use listings::{catalogue::Listing, root};
use std::fs;

/// A link to where the book tells of a listing.
pub fn link(listing: &Listing) -> String {
    format!("<a href=\"{}\">{}</a>", place(listing), listing.number())
}

/// The page and the place on it where the book tells of a listing: where the listing's name is the
/// anchor of a heading, else the page of that name.
pub fn place(listing: &Listing) -> String {
    let name = &listing.name;
    let folder = root().join("book/src");
    let mut pages: Vec<_> = fs::read_dir(&folder)
        .expect("book/src can be read")
        .map(|entry| entry.expect("book/src can be read").path())
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
        .collect();
    pages.sort();
    let holds = |path: &std::path::PathBuf| {
        let text = fs::read_to_string(path).expect("a page can be read");
        [format!("{{#{name}}}"), format!("id=\"{name}\"")]
            .iter()
            .any(|anchor| text.contains(anchor))
    };
    match pages.iter().find(|path| holds(path)) {
        Some(page) => {
            let page = page.file_name().expect("a file").to_string_lossy();
            format!("{page}#{name}")
        }
        None => format!("{name}.md"),
    }
}
