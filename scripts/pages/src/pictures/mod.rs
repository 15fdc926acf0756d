//! The other pictures of the book: the pool and its queue, how long a lock is held, a closed
//! channel, and the two designs beside each other.

mod channel;
mod designs;
mod guard;
mod pool;

use crate::{html, made::Part};
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

/// A drawing with its title, its description and what stands below it.
fn drawn(
    id: &str,
    title: &str,
    description: &str,
    height: usize,
    lines: &[String],
    caption: &str,
) -> String {
    format!(
        "<figure class=\"picture\">\n\
         <svg viewBox=\"0 0 360 {height}\" role=\"img\" aria-labelledby=\"{id}-title {id}-desc\">\n\
         <title id=\"{id}-title\">{}</title>\n<desc id=\"{id}-desc\">{}</desc>\n{}\n</svg>\n\
         <figcaption>{caption}</figcaption>\n</figure>\n",
        html::escaped(title),
        html::escaped(description),
        lines.join("\n")
    )
}

/// Words around a point.
fn words(class: &str, x: usize, y: usize, text: &str) -> String {
    let text = html::escaped(text);
    match class {
        "" => format!("<text x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{text}</text>"),
        _ => format!(
            "<text class=\"{class}\" x=\"{x}\" y=\"{y}\" text-anchor=\"middle\">{text}</text>"
        ),
    }
}

/// A box.
fn boxed(class: &str, x: usize, y: usize, width: usize, height: usize) -> String {
    format!(
        "<rect class=\"{class}\" x=\"{x}\" y=\"{y}\" width=\"{width}\" height=\"{height}\" rx=\"4\"/>"
    )
}
