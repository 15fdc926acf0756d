//! The pages of the book, as Markdown.

use listings::{
    Result,
    catalogue::{self, Listing},
    root,
};
use std::{fs, path::PathBuf};

/// Where the snapshots of the listings' tests are, from the root.
pub const SNAPSHOTS: &str = "scripts/listings/tests/listings/snapshots";

/// Where the computed parts of the book are, from the root.
pub const MADE: &str = "scripts/pages/made";

/// Unwraps with the sentence for a person.
#[track_caller]
pub fn ok<T>(result: Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

/// All listings in reading order.
pub fn listings() -> Vec<Listing> {
    ok(catalogue::all())
}

/// A page of the book.
pub struct Page {
    /// Its file in `book/src`.
    pub file: String,
    /// Its text.
    pub text: String,
}

/// A fenced block: the language, its lines, and the number of the line where it begins.
pub struct Block<'a> {
    pub language: &'a str,
    pub lines: Vec<&'a str>,
    pub line: usize,
}

/// The folder of the pages.
pub fn folder() -> PathBuf {
    root().join("book/src")
}

/// The text of a file, from the root. Fails if it isn't there.
#[track_caller]
pub fn read(path: &str) -> String {
    match fs::read_to_string(root().join(path)) {
        Ok(text) => text.replace("\r\n", "\n"),
        Err(error) => panic!("cannot read {path}: {error}"),
    }
}

/// Whether there is such a snapshot of the listings' tests.
pub fn has_snapshot(name: &str) -> bool {
    root().join(SNAPSHOTS).join(name).is_file()
}

/// The file and the title of each page, in the order of `SUMMARY.md`.
pub fn summary() -> Vec<(String, String)> {
    read("book/src/SUMMARY.md")
        .lines()
        .filter_map(|line| {
            let (title, rest) = line
                .trim_start_matches("- ")
                .strip_prefix('[')?
                .split_once("](")?;
            Some((rest.trim_end_matches(')').to_string(), title.to_string()))
        })
        .collect()
}

/// All pages, in the order of `SUMMARY.md`.
pub fn pages() -> Vec<Page> {
    summary()
        .into_iter()
        .map(|(file, _)| Page {
            text: read(&format!("book/src/{file}")),
            file,
        })
        .collect()
}

impl Page {
    /// The fenced blocks.
    pub fn blocks(&self) -> Vec<Block<'_>> {
        let mut blocks: Vec<Block> = Vec::new();
        let mut inside = false;
        for (index, line) in self.text.lines().enumerate() {
            match (line.strip_prefix("```"), inside) {
                (Some(language), false) => {
                    inside = true;
                    blocks.push(Block {
                        language,
                        lines: Vec::new(),
                        line: index + 1,
                    });
                }
                (Some(_), true) => inside = false,
                (None, true) => blocks.last_mut().expect("a block").lines.push(line),
                (None, false) => {}
            }
        }
        blocks
    }

    /// The text outside fenced blocks.
    pub fn prose(&self) -> String {
        let mut inside = false;
        let mut prose = String::new();
        for line in self.text.lines() {
            if line.starts_with("```") {
                inside = !inside;
            } else if !inside {
                prose += line;
                prose += "\n";
            }
        }
        prose
    }

    /// What stands between the backticks of inline code.
    pub fn inline_code(&self) -> Vec<String> {
        let prose = self.prose().replace('\n', " ");
        prose
            .split('`')
            .skip(1)
            .step_by(2)
            .map(str::to_string)
            .collect()
    }
}
