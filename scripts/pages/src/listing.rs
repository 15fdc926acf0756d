//! A listing as the book shows it: its facts, what changed, and its whole files, folded away.

use crate::{
    change,
    made::Part,
    places::{link, place},
    sources::{read, sources},
};
use listings::{Error, Result, catalogue::Listing, root};

/// The snapshots of what compilers and programs print, from the root.
pub const SNAPSHOTS: &str = "scripts/listings/tests/listings/snapshots";

/// The part with everything about a listing. Its pieces can be included alone: `facts`, `change`
/// and `files`.
pub fn part(listing: &Listing, all: &[Listing]) -> Result<Part> {
    let follows = match &listing.follows {
        None => None,
        Some(name) => Some(
            all.iter()
                .find(|other| other.name == *name)
                .ok_or_else(|| Error::new(format!("there is no listing {name}")))?,
        ),
    };
    let pieces = [
        ("facts", facts(listing, follows)),
        ("change", change::figures(listing, follows)?),
        ("files", files(listing, all)),
    ];
    let anchored = pieces.map(|(name, text)| {
        format!(
            "<!-- ANCHOR: {name} -->\n\n{}\n\n<!-- ANCHOR_END: {name} -->\n",
            text.trim_end()
        )
    });
    Ok(Part::new(
        format!("{}.md", listing.name),
        anchored.join("\n"),
    ))
}

/// What a reader wants to know first, in one line. What there is to see, and what
/// dropping the pool does, is left for the run to show.
fn facts(listing: &Listing, follows: Option<&Listing>) -> String {
    let (class, compiles) = match (listing.compiles(), warns(listing)) {
        (false, _) => {
            let codes = listing.errors.join(", ");
            ("does-not", format!("<b>does not compile</b>: {codes}"))
        }
        (true, true) => ("warns", "<b>compiles</b>, with warnings".to_string()),
        (true, false) => ("does", "<b>compiles</b>".to_string()),
    };
    let mut facts = vec![format!("<span class=\"compiles\">{compiles}</span>")];
    if let Some(follows) = follows {
        facts.push(format!("follows {}", link(follows)));
    }
    facts.push(format!("<code>{}</code>", command(listing)));
    format!("<p class=\"facts {class}\">{}</p>\n", facts.join(" · "))
}

/// The command that builds and runs it.
pub fn command(listing: &Listing) -> String {
    let gate = match listing.compiles() {
        true => String::new(),
        false => format!(" --features {}", listings::cargo::GATE),
    };
    format!("cargo run -p {}{gate}", listing.name)
}

/// The listings that the two designs end with: on paper their whole files are printed, and nobody
/// else's.
const FINISHED: [&str; 3] = ["listing-20-25", "listing-20-26", "listing-2021-20-24"];

/// Its whole files, folded away. The first listing is shown whole, and a file that is as in a listing
/// before is there.
fn files(listing: &Listing, all: &[Listing]) -> String {
    if listing.follows.is_none() {
        return String::new();
    }
    let name = &listing.name;
    let class = match FINISHED.contains(&name.as_str()) {
        true => "file on-paper",
        false => "file",
    };
    let mut folded = Vec::new();
    let mut elsewhere = Vec::new();
    for path in sources(listing) {
        match first_with(listing, &path, all) {
            Some(first) => {
                let place = place(first);
                let (page, _) = place.split_once('#').unwrap_or((&place, ""));
                let anchor = file_anchor(first, &path);
                let number = first.number();
                let but = match read(listing, &path) == read(first, &path) {
                    true => "",
                    false => ", but for the listing’s own name",
                };
                elsewhere.push(format!(
                    "<code>{path}</code> is as in <a href=\"{page}#{anchor}\">{number}</a>{but}."
                ));
            }
            None => folded.push(format!(
                "<details class=\"{class}\" id=\"{}\">\n<summary><code>listings/{name}/{path}</code>\
                 </summary>\n\n```rust\n{{{{#include ../../../listings/{name}/{path}}}}}\n```\n\n\
                 </details>\n",
                file_anchor(listing, &path)
            )),
        }
    }
    if !elsewhere.is_empty() {
        folded.push(format!(
            "<p class=\"elsewhere\">{}</p>\n",
            elsewhere.join(" ")
        ));
    }
    folded.join("\n")
}

/// The place of a whole file on its page: `listing-20-15-lib`, `-main` or `-pool`.
fn file_anchor(listing: &Listing, path: &str) -> String {
    let file = path.rsplit('/').next().unwrap_or(path);
    let name = file.strip_suffix(".rs").unwrap_or(file);
    match listing.follows {
        // It is shown whole, and not folded.
        None => listing.name.clone(),
        Some(_) => format!("{}-{name}", listing.name),
    }
}

/// The first listing that has the same file, if one before this one has.
fn first_with<'a>(listing: &Listing, path: &str, all: &'a [Listing]) -> Option<&'a Listing> {
    let bare = |listing: &Listing| {
        let own = listing.name.replace('-', "_");
        read(listing, path).replace(&own, "listing")
    };
    let same = bare(listing);
    all.iter()
        .take_while(|other| other.name != listing.name)
        .filter(|other| other.folder().join(path).is_file())
        .find(|other| bare(other) == same)
}

/// Whether the compiler has something to say of a listing that compiles.
pub fn warns(listing: &Listing) -> bool {
    let snapshot = format!("{}.compiler.snap", listing.name);
    listing.compiles() && root().join(SNAPSHOTS).join(snapshot).is_file()
}
