//! `cargo listings new`: what is mechanical about a new listing.

use super::{
    arguments::{self, Arguments},
    ending::{Done, print},
};
use listings::new;

pub const HELP: &str = "\
Makes a new listing, as a copy of the one that it follows: the folder, that one's tests under the new
name, and a text for its exercise. CONTRIBUTING.md says what is left to do.

  cargo listings new 20-27 --after 20-26 --title \"What changes\" --sees \"What a reader notices\"
";

pub fn run(arguments: &Arguments) -> Done {
    let words = arguments.words(1..=1, "the name of the new listing")?;
    let needed = |option: &str| match arguments.value(option) {
        Some(text) if !text.is_empty() && !text.contains(['"', '\\', '\n']) => Ok(text),
        Some(_) => Err(arguments.wrong(&format!(
            "{option} takes one line of text, without `\"` and `\\`"
        ))),
        None => Err(arguments.wrong(&format!("it needs {option}"))),
    };
    let after = arguments::listing(needed("--after")?)?;
    let (title, sees) = (needed("--title")?, needed("--sees")?);
    let written = new::make(&words[0], &after, title, sees)?;
    print(&format!(
        "{}\n\nCONTRIBUTING.md says what is left to do.\n",
        written.join("\n")
    ))
}
