//! `cargo listings`: all listings, a line each.

use super::{
    arguments::Arguments,
    ending::{Done, print},
};
use listings::{
    catalogue::{self, Listing},
    names::short,
    terminal::{self, Style, fit, styled},
};

pub const HELP: &str = "\
Shows all listings in reading order: the name, what the step changes, and whether it compiles or
with which error it doesn't; and what dropping the pool does, over every schedule of its threads.

  cargo listings
";

/// The widths of the two columns of facts: `E0308 E0599` and `drop cuts jobs off`.
const COMPILES: usize = 11;
const DROP: usize = 18;

pub fn run(arguments: &Arguments) -> Done {
    arguments.words(0..=0, "no other words")?;
    print(&table(
        &catalogue::all()?,
        terminal::width().unwrap_or(usize::MAX),
        terminal::colours(),
    ))
}

fn table(listings: &[Listing], width: usize, colours: bool) -> String {
    let longest = |text: fn(&Listing) -> &str| {
        let lengths = listings.iter().map(|listing| text(listing).chars().count());
        lengths.max().unwrap_or_default()
    };
    let name_width = longest(|listing| short(listing));
    let all_titles = longest(|listing| &listing.title);
    // On a narrow terminal one column says both: what can be dropped compiles.
    let one_column = width < name_width + all_titles + COMPILES + DROP + 8;
    let title_width = if one_column {
        all_titles.min(width.saturating_sub(name_width + DROP + 6))
    } else {
        all_titles
    };

    let mut text = String::new();
    let mut part = "";
    for listing in listings {
        if part != listing.part() {
            part = listing.part();
            text += &format!("\n{}\n", styled(part, Style::Bold, colours));
        }
        let drop = match listing.drop.as_deref() {
            Some(drop) => format!("drop {drop}"),
            None => String::new(),
        };
        let (compiles, style) = match listing.errors.join(" ") {
            codes if codes.is_empty() => ("compiles".to_string(), Style::Green),
            codes => (codes, Style::Red),
        };
        let facts = if one_column && !drop.is_empty() {
            drop
        } else if one_column {
            styled(&compiles, style, colours)
        } else {
            format!(
                "{}  {drop}",
                styled(&fit(&compiles, COMPILES), style, colours)
            )
        };
        let name = fit(short(listing), name_width);
        let title = fit(&listing.title, title_width);
        text += format!("  {name}  {title}  {facts}").trim_end();
        text += "\n";
    }
    text.trim_start().to_string()
}
