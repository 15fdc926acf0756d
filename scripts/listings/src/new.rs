//! A new listing: everything about it that is mechanical.

use crate::{
    Error, Result,
    catalogue::{self, Listing, TESTS},
    names, read, root,
};
use std::fs;

/// The files with a test for each listing that there is something to test of, from the root.
const TEST_FILES: [&str; 6] = [
    "scripts/listings/tests/listings/compiler.rs",
    "scripts/listings/tests/listings/real.rs",
    "scripts/listings/tests/listings/serving.rs",
    "scripts/listings/tests/listings/shutdown.rs",
    "scripts/listings/tests/listings/schedules.rs",
    "scripts/pages/tests/pages/schedules.rs",
];

/// Makes the listing `name` as a copy of the one that it follows, with that one's tests under its name
/// and a text for its exercise. Returns what was written, by its path from the root.
///
/// Refuses a name that is taken, or that would come before the listing that it follows.
pub fn make(name: &str, after: &Listing, title: &str, sees: &str) -> Result<Vec<String>> {
    let name = format!("listing-{}", name.trim_start_matches("listing-"));
    let plain = |c: char| c.is_ascii_lowercase() || c.is_ascii_digit() || c == '-';
    if !name.chars().all(plain) {
        return Err(Error::new(format!(
            "{name} can't be a listing's name: small letters, digits and hyphens make one, such as \
             20-27 or 20-26-a-slug"
        )));
    }
    if *name <= *after.name {
        let after = names::short(after);
        return Err(Error::new(format!(
            "{name} would come before {after}, which it follows: names sort in reading order"
        )));
    }
    let listing = Listing {
        name,
        title: title.to_string(),
        sees: sees.to_string(),
        follows: Some(after.name.clone()),
        ..after.clone()
    };
    if catalogue::all()?
        .iter()
        .any(|other| other.name == listing.name)
    {
        let name = names::short(&listing);
        return Err(Error::new(format!("there is a listing {name} already")));
    }
    let mut changes = sources(&listing, after)?;
    changes.extend(tests(&listing, after)?);
    changes.push((
        format!("scripts/listings/exercises/{}.md", names::short(&listing)),
        format!(
            "# {title}\n\nTODO: what to do, in a sentence or two.\n\n## Hint\n\nTODO: a nudge.\n\n\
             ## Hint\n\nTODO: almost the answer.\n"
        ),
    ));
    for (file, text) in &changes {
        let path = root().join(file);
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| Error::new(format!("cannot write {file}: {error}")))?;
    }
    Ok(changes.into_iter().map(|(file, _)| file).collect())
}

/// The listing's folder: the sources are those of the one that it follows.
fn sources(listing: &Listing, after: &Listing) -> Result<Vec<(String, String)>> {
    let folder = format!("listings/{}", listing.name);
    let mut files = vec![(format!("{folder}/Cargo.toml"), listing.manifest())];
    for file in ["src/main.rs", "src/lib.rs", TESTS] {
        let path = after.folder().join(file);
        if path.is_file() {
            files.push((
                format!("{folder}/{file}"),
                renamed(&read(&path)?, listing, after),
            ));
        }
    }
    Ok(files)
}

/// The files with tests, each with a copy of the test of the listing that is followed, behind it.
fn tests(listing: &Listing, after: &Listing) -> Result<Vec<(String, String)>> {
    let mut files = Vec::new();
    for file in TEST_FILES {
        let text = read(&root().join(file))?;
        if let Some((before, test, rest)) = test_of(&text, after) {
            let copy = renamed(test, listing, after);
            files.push((file.to_string(), format!("{before}{test}\n{copy}{rest}")));
        }
    }
    Ok(files)
}

/// What stands before the test of a listing in a file, the test with its comment, and the rest.
fn test_of<'a>(text: &'a str, listing: &Listing) -> Option<(&'a str, &'a str, &'a str)> {
    let head = format!("#[test]\nfn {}() {{\n", listing.name.replace('-', "_"));
    let at = text.find(&head)?;
    let comment: usize = text[..at]
        .split_inclusive('\n')
        .rev()
        .take_while(|line| line.starts_with("///"))
        .map(str::len)
        .sum();
    let end = at + text[at..].find("\n}\n")? + "\n}\n".len();
    Some((
        &text[..at - comment],
        &text[at - comment..end],
        &text[end..],
    ))
}

/// A text about one listing, made one about another.
fn renamed(text: &str, listing: &Listing, after: &Listing) -> String {
    // The names of two listings may begin alike, so what follows a name must not go on with it.
    let mut renamed = text.to_string();
    for (old, new) in [
        (after.name.clone(), listing.name.clone()),
        (after.name.replace('-', "_"), listing.name.replace('-', "_")),
    ] {
        for end in ["\"", "::", "()", "."] {
            renamed = renamed.replace(&format!("{old}{end}"), &format!("{new}{end}"));
        }
    }
    renamed
}

#[cfg(test)]
mod tests {
    use super::*;

    fn named(name: &str) -> Listing {
        catalogue::named(name).expect("a listing")
    }

    fn of(name: &str) -> Listing {
        Listing {
            name: name.to_string(),
            ..named("listing-20-26")
        }
    }

    #[test]
    fn the_sources_are_those_before_under_the_new_name() {
        let after = named("listing-20-26");
        let files = sources(&of("listing-20-27"), &after).expect("they can be read");
        let (_, main) = files
            .iter()
            .find(|(file, _)| file.ends_with("main.rs"))
            .expect("main");
        assert!(
            main.starts_with("use listing_20_27::ThreadPool;\n"),
            "{main}"
        );
        let files: Vec<&str> = files.iter().map(|(file, _)| file.as_str()).collect();
        let expected = ["Cargo.toml", "src/main.rs", "src/lib.rs"];
        assert_eq!(
            files,
            expected.map(|file| format!("listings/listing-20-27/{file}"))
        );
    }

    #[test]
    fn the_tests_are_copied_behind_those_that_are_followed() {
        let after = named("listing-20-26-single-loop");
        for (file, text) in tests(&of("listing-20-27"), &after).expect("they can be read") {
            let old = read(&root().join(&file)).expect("it can be read");
            let (before, test, rest) = test_of(&old, &after).expect("there is one");
            let added = text.strip_prefix(before).and_then(|t| t.strip_prefix(test));
            let added = added
                .and_then(|text| text.strip_suffix(rest))
                .expect("the rest is as it was");
            assert!(
                added.starts_with('\n') && added.contains("fn listing_20_27()"),
                "{added}"
            );
            assert!(!added.contains("20-26-single-loop\""), "{added}");
            assert_eq!(added.lines().count(), test.lines().count() + 1);
        }
    }

    #[test]
    fn a_name_that_is_taken_or_comes_too_early_is_refused() {
        let after = named("listing-20-26");
        for (name, why) in [
            (
                "20-26-single-loop",
                "there is a listing 20-26-single-loop already",
            ),
            (
                "20-25",
                "listing-20-25 would come before 20-26, which it follows",
            ),
            ("20.27", "listing-20.27 can't be a listing's name"),
        ] {
            let refused = make(name, &after, "", "").expect_err(name).to_string();
            assert!(refused.starts_with(why), "{refused}");
        }
    }
}
