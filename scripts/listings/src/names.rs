//! Short names for listings: `20-26`, `20.26` and `listing-20-26` all mean one, and so does `next-4`.

use crate::{Error, Result, catalogue::Listing};

/// The listing that a short name means.
///
/// A name may leave out `listing-`, write dots for hyphens, and stop short of the end of a part
/// where only one listing goes on from there, as `20-12-a` does for `listing-20-12-a-struct` and
/// `next-4` for `listing-next-4-another-task`.
/// Refuses a name that means none or several, with those that come nearest.
pub fn resolve<'a>(listings: &'a [Listing], name: &str) -> Result<&'a Listing> {
    let wanted = bare(name);
    if let Some(listing) = listings
        .iter()
        .find(|listing| bare(&listing.name) == wanted)
    {
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

/// The short name of a listing, as the commands print it.
pub fn short(listing: &Listing) -> &str {
    listing.name.trim_start_matches("listing-")
}

fn bare(name: &str) -> String {
    let name = name
        .trim_end_matches('/')
        .to_lowercase()
        .replace(['.', '_', ' '], "-");
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
    fn a_name_that_means_none_or_several_gets_the_nearest() {
        assert_eq!(
            resolved("20-27"),
            Err("there is no listing 20-27; the nearest are 20-17, 20-20, 20-21".to_string())
        );
        assert_eq!(
            resolved("20-23-"),
            Err("20-23- may be any of 20-23-a-option, 20-23-b-take".to_string())
        );
        assert!(resolved("").is_err());
    }

    #[test]
    fn the_distance_counts_edits() {
        assert_eq!(distance("kitten", "sitting"), 3);
        assert_eq!(distance("", "abc"), 3);
        assert_eq!(distance("20-26", "20-26"), 0);
    }
}
