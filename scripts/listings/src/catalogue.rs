//! The listings and what their `Cargo.toml` files say of them.
//!
//! A listing's title, what a reader sees, the error codes of a step that doesn't compile and the
//! listing that it follows are written down once, in its `Cargo.toml`. Those files have one fixed
//! form ([`Listing::manifest`]), so reading them takes no TOML parser.

use crate::{Error, Result, root};
use std::{fs, path::PathBuf};

/// How the short names of the steps after the book's end begin.
const NEXT: &str = "next-";

/// The listing that follows none.
const FIRST: &str = "listing-20-11";

/// The tests of a listing that has some, in its folder.
pub const TESTS: &str = "tests/pool.rs";

/// One listing: a folder of `listings/`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Listing {
    /// The name of the package, the folder and the binary, such as `listing-20-26`.
    pub name: String,
    /// What changes in this step.
    pub title: String,
    /// What a reader notices.
    pub sees: String,
    /// Whether it is the web server; if not, it takes no address and no clients.
    pub serves: bool,
    /// What dropping the pool does, over all schedules: `returns`, `hangs`, `may hang`, `panics` or
    /// `cuts jobs off`. None where there is no pool that works.
    pub drop: Option<String>,
    /// The codes of the compiler's errors, sorted, if the step doesn't compile.
    pub errors: Vec<String>,
    /// The listing that this step is compared with; only the first one has none.
    pub follows: Option<String>,
}

impl Listing {
    /// The listing's folder.
    pub fn folder(&self) -> PathBuf {
        root().join("listings").join(&self.name)
    }

    /// Whether it has tests of its own: they are what a step is about, and those after it.
    pub fn has_tests(&self) -> bool {
        self.folder().join(TESTS).is_file()
    }

    /// Whether the step compiles.
    pub fn compiles(&self) -> bool {
        self.errors.is_empty()
    }

    /// The number as the printed book writes it, such as `20.26`, followed by the rest of the
    /// name for a step without a number of its own; the later edition's begin with `2021`. The
    /// steps after the book's end are `next 1 docs` and so on.
    pub fn number(&self) -> String {
        let bare = self.name.trim_start_matches("listing-");
        if let Some(later) = bare.strip_prefix("2021-") {
            format!("2021: {}", later.replacen('-', ".", 1))
        } else if bare.starts_with(NEXT) {
            bare.replacen('-', " ", 2)
        } else {
            bare.replacen('-', ".", 1).replacen('-', " ", 1)
        }
    }

    /// The part of the book that it belongs to.
    pub fn part(&self) -> &'static str {
        if self.name.starts_with(&format!("listing-{NEXT}")) {
            "Part IV: next steps"
        } else if self.name.starts_with("listing-2021-") {
            "Part III: the other design"
        } else if self.name.as_str() < "listing-20-23" {
            "Part I: from a thread to a pool"
        } else {
            "Part II: shutting down"
        }
    }

    /// The text of the listing's `Cargo.toml`.
    pub fn manifest(&self) -> String {
        let Listing {
            name, title, sees, ..
        } = self;
        let mut text = format!(
            r#"[package]
name = "{name}"
version = "0.1.0"
edition = "2024"
rust-version = "1.85"
publish = false
description = "{title}"

[package.metadata.listing]
sees = "{sees}"
"#
        );
        if !self.serves {
            text += "serves = false\n";
        }
        if let Some(drop) = &self.drop {
            text += &format!("drop = \"{drop}\"\n");
        }
        if let Some(follows) = &self.follows {
            text += &format!("follows = \"{follows}\"\n");
        }
        if !self.compiles() {
            let errors = self.errors.join("\", \"");
            text += &format!(
                r#"errors = ["{errors}"]

[[bin]]
name = "{name}"
path = "src/main.rs"
required-features = ["does-not-compile"]

[features]
does-not-compile = []
"#
            );
        }
        text
    }
}

/// All listings in reading order, which is the order of their names.
///
/// Refuses a folder whose `Cargo.toml` can't be read or lacks a title or what a reader sees, or the
/// listing that it follows: which one that is doesn't depend on the folders around it.
pub fn all() -> Result<Vec<Listing>> {
    let folder = root().join("listings");
    let unreadable = |error| {
        Error::new(format!(
            "cannot read the folder {}: {error}",
            folder.display()
        ))
    };
    let mut names = Vec::new();
    for entry in fs::read_dir(&folder).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();

    names.into_iter().map(read).collect()
}

/// The listing of that name.
///
/// Refuses a name that no listing has.
pub fn named(name: &str) -> Result<Listing> {
    let found = all()?.into_iter().find(|listing| listing.name == name);
    found.ok_or_else(|| Error::new(format!("there is no listing {name}")))
}

fn read(name: String) -> Result<Listing> {
    let path = root().join("listings").join(&name).join("Cargo.toml");
    let text = crate::read(&path)?;
    let value = |key: &str| {
        text.lines()
            .find_map(|line| line.strip_prefix(key)?.strip_prefix(" = "))
    };
    let string = |key| value(key).map(|quoted| quoted.trim_matches('"').to_string());
    let needed =
        |key| string(key).ok_or_else(|| Error::new(format!("{} has no `{key}`", path.display())));

    let errors = value("errors").map_or(Vec::new(), |list| {
        list.trim_matches(['[', ']'])
            .split(", ")
            .map(|code| code.trim_matches('"').to_string())
            .collect()
    });
    let follows = match name == FIRST {
        true => None,
        false => Some(needed("follows")?),
    };
    Ok(Listing {
        title: needed("description")?,
        sees: needed("sees")?,
        serves: value("serves") != Some("false"),
        drop: string("drop"),
        errors,
        follows,
        name,
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn numbers_are_written_as_in_the_book() {
        let mut listing = named("listing-20-11").expect("the catalogue can be read");
        for (name, number) in [
            ("listing-20-11", "20.11"),
            ("listing-20-12-a-struct", "20.12 a-struct"),
            ("listing-20-26-single-loop", "20.26 single-loop"),
            ("listing-2021-20-25", "2021: 20.25"),
            ("listing-next-4-another-task", "next 4 another-task"),
        ] {
            listing.name = name.to_string();
            assert_eq!(listing.number(), number);
        }
    }
}
