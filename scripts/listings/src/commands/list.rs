//! `cargo listings`: all listings, a line each.

use super::{Done, arguments::Arguments, print};
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
    let title_width = longest(|listing| &listing.title).min(width.saturating_sub(name_width + 42));

    let mut text = String::new();
    let mut part = "";
    for listing in listings {
        if part != listing.part() {
            part = listing.part();
            text += &format!("\n{}\n", styled(part, Style::Bold, colours));
        }
        let compiles = match listing.errors.join(" ") {
            codes if codes.is_empty() => styled("compiles   ", Style::Green, colours),
            codes => styled(&fit(&codes, 11), Style::Red, colours),
        };
        let drop = match listing.drop.as_deref() {
            Some(drop) => format!("its drop {drop}"),
            None => String::new(),
        };
        let name = fit(short(listing), name_width);
        let title = fit(&listing.title, title_width);
        text += format!("  {name}  {title}  {compiles}  {drop}").trim_end();
        text += "\n";
    }
    text.trim_start().to_string()
}
