//! Short names for listings: `20-26`, `20.26` and `listing-20-26` all mean one, and so does `next-4`;
//! and the numbers that the same steps have in the editions online.

use crate::{Error, Result, catalogue::Listing};

/// The listing that a short name means.
///
/// A name may leave out `listing-`, write dots for hyphens, and stop short of the end of a part
/// where only one listing goes on from there, as `20-12-a` does for `listing-20-12-a-struct` and
/// `next-4` for `listing-next-4-another-task`.
/// A number of an edition online means the step that it has there: `21-24`, or `2021: 20-21` where the
/// number alone would be one of ours.
/// Refuses a name that means none or several, with those that come nearest.
pub fn resolve<'a>(listings: &'a [Listing], name: &str) -> Result<&'a Listing> {
    let wanted = bare(name);
    if let Some(listing) = listings
        .iter()
        .find(|listing| bare(&listing.name) == wanted)
    {
        return Ok(listing);
    }
    let here = elsewhere(name).map(|(_, here)| here);
    let meant = listings
        .iter()
        .find(|listing| Some(bare(&listing.name)) == here);
    if let Some(listing) = meant {
        return Ok(listing);
    }
    let longer: Vec<&Listing> = listings
        .iter()
        .filter(|listing| !wanted.is_empty() && bare(&listing.name).starts_with(&wanted))
        .collect();
    match longer.as_slice() {
        [only] => Ok(only),
        [] => {
            let mut nearest: Vec<&Listing> = listings.iter().collect();
            nearest.sort_by_key(|listing| distance(&bare(&listing.name), &wanted));
            nearest.truncate(3);
            Err(Error::new(format!(
                "there is no listing {name}; the nearest are {}",
                enumerate(&nearest)
            )))
        }
        several => Err(Error::new(format!(
            "{name} may be any of {}",
            enumerate(several)
        ))),
    }
}

/// The edition online whose number this is, and the short name of the same step here, for a number
/// that is none of ours. The edition stands before a colon, but for 2024, whose numbers begin with 21.
pub fn elsewhere(name: &str) -> Option<(&'static str, String)> {
    let wanted = bare(name);
    let (edition, number) = match wanted.split_once('-') {
        Some(("2024", number)) => ("2024", number.strip_prefix("21-")?),
        Some(("2021", number)) => ("2021", number.strip_prefix("20-")?),
        Some(("2018", number)) => ("2018", number.strip_prefix("20-")?),
        Some(("21", number)) => ("2024", number),
        _ => return None,
    };
    let here = match (number.parse().ok()?, edition) {
        (number @ 11..=20, _) => format!("20-{number}"),
        (number @ 21..=22, _) | (number @ 23..=25, "2018") => format!("20-{}", number + 1),
        (number @ 23..=25, _) => format!("2021-20-{number}"),
        _ => return None,
    };
    // 2021: 20-23 is what we call it, too.
    (here != wanted).then_some((edition, here))
}

/// Names with spaces in them put together, of words as a shell takes them apart: `2021: 20.23`,
/// `20.26 single-loop` and `next 1 docs` are one name each.
pub fn joined(listings: &[Listing], words: &[String]) -> Vec<String> {
    let is_name = |words: &[String]| match words {
        [edition, _] if edition.ends_with(':') => true,
        [.., last] => {
            words.len() > 1
                && resolve(listings, last).is_err()
                && resolve(listings, &words.join(" ")).is_ok()
        }
        [] => false,
    };
    let mut left = words;
    let mut names = Vec::new();
    while !left.is_empty() {
        let mut lengths = (2..=left.len().min(3)).rev();
        let length = lengths.find(|&length| is_name(&left[..length]));
        let (name, rest) = left.split_at(length.unwrap_or(1));
        names.push(name.join(" "));
        left = rest;
    }
    names
}

/// The short name of a listing, as the commands print it.
pub fn short(listing: &Listing) -> &str {
    listing.name.trim_start_matches("listing-")
}

fn bare(name: &str) -> String {
    let name = name
        .trim_end_matches('/')
        .to_lowercase()
        .replace(": ", "-")
        .replace(['.', '_', ' ', ':'], "-");
    name.trim_start_matches("listings/")
        .trim_start_matches("listing-")
        .to_string()
}

fn enumerate(listings: &[&Listing]) -> String {
    let names: Vec<&str> = listings.iter().map(|listing| short(listing)).collect();
    names.join(", ")
}

/// The number of characters to insert, delete or replace to make one text of the other
/// (Levenshtein 1966, by the table of Wagner and Fischer 1974).
pub fn distance(left: &str, right: &str) -> usize {
    let right: Vec<char> = right.chars().collect();
    let mut row: Vec<usize> = (0..=right.len()).collect();
    for (i, a) in left.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, b) in right.iter().enumerate() {
            let replaced = diagonal + usize::from(a != *b);
            diagonal = row[j + 1];
            row[j + 1] = replaced.min(diagonal + 1).min(row[j] + 1);
        }
    }
    row[right.len()]
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::catalogue;

    fn resolved(name: &str) -> std::result::Result<String, String> {
        let listings = catalogue::all().expect("the catalogue can be read");
        match resolve(&listings, name) {
            Ok(listing) => Ok(listing.name.clone()),
            Err(error) => Err(error.to_string()),
        }
    }

    #[test]
    fn many_spellings_mean_one_listing() {
        for name in [
            "20-26",
            "20.26",
            "listing-20-26",
            "listing_20_26",
            "listings/listing-20-26/",
        ] {
            assert_eq!(resolved(name), Ok("listing-20-26".to_string()), "{name}");
        }
        assert_eq!(resolved("2021-20-25"), Ok("listing-2021-20-25".to_string()));
        for name in ["next-4", "next.4", "next 4", "listings/listing-next-4"] {
            let listing = "listing-next-4-another-task".to_string();
            assert_eq!(resolved(name), Ok(listing), "{name}");
        }
        assert_eq!(
            resolved("20-12-a"),
            Ok("listing-20-12-a-struct".to_string())
        );
        assert_eq!(
            resolved("20-26-s"),
            Ok("listing-20-26-single-loop".to_string())
        );
    }

    #[test]
    fn the_spellings_of_the_readme_are_names() {
        for listing in catalogue::all().expect("the catalogue can be read") {
            assert_eq!(resolved(&listing.number()), Ok(listing.name.clone()));
        }
        assert_eq!(resolved("2021:20.23"), Ok("listing-2021-20-23".to_string()));
    }

    #[test]
    fn names_with_spaces_are_put_together() {
        let listings = catalogue::all().expect("the catalogue can be read");
        for (words, names) in [
            ("2021: 20.23", vec!["2021: 20.23"]),
            ("20.24 listing-20-25", vec!["20.24", "listing-20-25"]),
            ("20-25 next-1", vec!["20-25", "next-1"]),
            (
                "2021: 20.25 next 1 docs",
                vec!["2021: 20.25", "next 1 docs"],
            ),
            (
                "20.26 20.26 single-loop",
                vec!["20.26", "20.26 single-loop"],
            ),
            ("next 2 next 4", vec!["next 2", "next 4"]),
            ("20-25 nowhere", vec!["20-25", "nowhere"]),
            ("", vec![]),
        ] {
            let words: Vec<String> = words.split_whitespace().map(String::from).collect();
            assert_eq!(joined(&listings, &words), names);
        }
    }

    /// The table in the README says which listing each number is here.
    #[test]
    fn numbers_of_other_editions_lead_to_the_step_that_they_mean_there() {
        let readme = std::fs::read_to_string(crate::root().join("README.md"));
        let readme = readme.expect("there is a README");
        let (_, table) = readme
            .split_once("## Which listing is this in my edition?")
            .expect("it has the table");
        let rows: Vec<Vec<&str>> = table
            .lines()
            .skip_while(|line| !line.starts_with('|'))
            .take_while(|line| line.starts_with('|'))
            .map(|line| line.trim_matches(['|', ' ']).split(" | ").collect())
            .skip(2)
            .collect();
        let mut compared = 0;
        for row in &rows {
            for (cell, edition) in row[2..].iter().zip(["2018", "2021", "2024"]) {
                if *cell == "not there" {
                    continue;
                }
                // Where a step is in two designs, an edition has it in its own.
                let here = row[1].split(" and ");
                let here = match edition {
                    "2018" => here.min_by_key(|number| number.len()),
                    _ => here.max_by_key(|number| number.len()),
                };
                let here = resolved(here.expect("a number"));
                assert_eq!(resolved(&format!("{edition}: {cell}")), here, "{row:?}");
                if edition == "2024" {
                    assert_eq!(resolved(cell), here, "{row:?}");
                }
                compared += 1;
            }
        }
        assert!(compared > 20, "{rows:?}");
        assert!(elsewhere("2021-20-23").is_none(), "that is ours");
        assert!(resolved("21-26").is_err() && resolved("2018: 20-26").is_err());
    }

    #[test]
    fn a_name_that_means_none_or_several_gets_the_nearest() {
        // Few of them, so that one more listing changes nothing here.
        let few: Vec<Listing> = ["11", "12", "17", "23-a-option", "23-b-take", "26"]
            .map(|number| catalogue::named(&format!("listing-20-{number}")).expect("a listing"))
            .into();
        let refused = |name: &str| resolve(&few, name).expect_err(name).to_string();
        assert_eq!(
            refused("20-77"),
            "there is no listing 20-77; the nearest are 20-17, 20-11, 20-12"
        );
        assert_eq!(
            refused("20-23-"),
            "20-23- may be any of 20-23-a-option, 20-23-b-take"
        );
        assert!(resolve(&few, "").is_err());
    }

    #[test]
    fn the_distance_counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("20-26", "20-26"), 0);
    }
}
