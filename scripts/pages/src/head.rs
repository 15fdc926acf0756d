//! What each page says of itself to those who search for it or link to it: its first sentences.

use crate::html::escaped;
use listings::{Error, Result, root};
use std::fs;

/// The file whose part is computed, from the root.
pub const FILE: &str = "book/theme/head.hbs";

/// Between lines with these beginnings.
const BEGIN: &str = "{{!-- begin:";
const END: &str = "{{!-- end --}}";

/// How long a description may be: what is longer is cut by those who show it.
const LENGTH: usize = 200;

/// What the file must be: as it is, but for the descriptions.
///
/// Refuses a file without the place for them, and a page that can't be read.
pub fn text() -> Result<String> {
    let head = read(FILE)?;
    let no_place = || {
        Error::new(format!(
            "{FILE} has no lines that begin with {BEGIN} and {END}"
        ))
    };
    let begin = head.find(BEGIN).ok_or_else(no_place)?;
    let begin = begin + head[begin..].find('\n').ok_or_else(no_place)? + 1;
    let end = head.find(END).ok_or_else(no_place)?;
    let mut descriptions = String::new();
    for page in pages()? {
        let text = escaped(&description(&read(&format!("book/src/{page}"))?));
        if text.is_empty() {
            continue;
        }
        descriptions += &format!(
            "{{{{#if (eq path \"{page}\")}}}}<meta name=\"description\" property=\"og:description\" content=\"{text}\">{{{{/if}}}}\n"
        );
    }
    Ok(format!("{}{descriptions}{}", &head[..begin], &head[end..]))
}

fn read(path: &str) -> Result<String> {
    fs::read_to_string(root().join(path))
        .map(|text| text.replace("\r\n", "\n"))
        .map_err(|error| Error::new(format!("cannot read {path}: {error}")))
}

/// The pages in the order of the summary.
fn pages() -> Result<Vec<String>> {
    let summary = read("book/src/SUMMARY.md")?;
    let link = |line: &str| Some(line.split_once("](")?.1.trim_end_matches(')').to_string());
    Ok(summary.lines().filter_map(link).collect())
}

/// As many whole sentences of a page's first paragraph as there is room for.
fn description(page: &str) -> String {
    let first = page.split("\n\n").find(|paragraph| {
        paragraph.starts_with(|letter: char| letter.is_alphabetic() || "*`[\"".contains(letter))
    });
    let plain = plain(&first.unwrap_or_default().replace('\n', " "));
    let mut description = String::new();
    for sentence in plain.split_inclusive(". ") {
        if !description.is_empty() && description.len() + sentence.len() > LENGTH {
            break;
        }
        description += sentence;
    }
    description.trim_end().to_string()
}

/// A text without Markdown's marks.
fn plain(text: &str) -> String {
    let mut plain = String::new();
    let mut rest = text;
    while let Some((before, after)) = rest.split_once("](") {
        plain += before;
        rest = after.split_once(')').map_or("", |(_, after)| after);
    }
    plain += rest;
    plain.replace(['[', '*', '`'], "")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_description_is_the_first_sentences() {
        let page = "# Title\n\n<div>\n</div>\n\nOne [`link`](a.md#b) and *more*. Two.\n\nOther.\n";
        assert_eq!(description(page), "One link and more. Two.");
    }

    #[test]
    fn a_description_is_not_long() {
        let page = format!(
            "# Title\n\n{} end. {} end.\n",
            "a ".repeat(80),
            "b ".repeat(80)
        );
        assert_eq!(description(&page), format!("{} end.", "a ".repeat(80)));
    }
}
