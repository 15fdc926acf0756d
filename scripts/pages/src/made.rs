//! The files that the book includes, and whether they are what they should be.

use crate::html;
use listings::root;
use std::{collections::BTreeSet, env, fs, path::PathBuf};

/// The folder of the parts, from the root.
pub const FOLDER: &str = "scripts/pages/made";

/// A part of the book that is computed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// Its file in [`FOLDER`].
    pub file: String,
    /// What it must hold.
    pub text: String,
}

impl Part {
    /// Takes the file's name and what it holds.
    pub fn new(file: impl Into<String>, text: impl Into<String>) -> Part {
        Part {
            file: file.into(),
            text: text.into(),
        }
    }
}

/// Compares parts with their files, and writes the files under `INSTA_UPDATE=always`. Of the files
/// there it answers for those of which `mine` says so: none may be left that nothing makes.
///
/// Panics with what differs, and how to write it.
#[track_caller]
pub fn compare(parts: &[Part], mine: impl Fn(&str) -> bool) {
    let folder = root().join(FOLDER);
    let wanted: BTreeSet<&str> = parts.iter().map(|part| part.file.as_str()).collect();
    assert_eq!(wanted.len(), parts.len(), "two parts have one file");
    if let Some(part) = parts.iter().find(|part| !mine(&part.file)) {
        panic!("{} isn't a file of this test", part.file);
    }
    let there: BTreeSet<String> = files().into_iter().filter(|file| mine(file)).collect();
    let stale: Vec<&String> = there
        .iter()
        .filter(|file| !wanted.contains(file.as_str()))
        .collect();

    if updates() {
        fs::create_dir_all(&folder).expect("the folder can be made");
        for part in parts {
            fs::write(folder.join(&part.file), &part.text).expect("the part can be written");
        }
        for file in stale {
            fs::remove_file(folder.join(file)).expect("the part can be removed");
        }
        return;
    }
    let mut wrong = Vec::new();
    for part in parts {
        let found = fs::read_to_string(folder.join(&part.file)).unwrap_or_default();
        if found.replace("\r\n", "\n") != part.text {
            wrong.push(format!(
                "{FOLDER}/{}: {}",
                part.file,
                differs(&found, &part.text)
            ));
        }
    }
    for file in stale {
        wrong.push(format!("{FOLDER}/{file}: nothing makes it any more"));
    }
    assert!(
        wrong.is_empty(),
        "{} of the book {} not what the tests compute; `INSTA_UPDATE=always cargo test -p pages` \
         writes what they do.\n{}",
        html::count(wrong.len(), "part", "parts"),
        if wrong.len() == 1 { "is" } else { "are" },
        wrong.join("\n")
    );
}

/// The same for one file, named from the root.
#[track_caller]
pub fn compare_file(path: &str, text: &str) {
    let file = root().join(path);
    if updates() {
        fs::write(file, text).expect("the file can be written");
        return;
    }
    let found = fs::read_to_string(file)
        .unwrap_or_default()
        .replace("\r\n", "\n");
    assert!(
        found == text,
        "{path} is not what the tests compute; `INSTA_UPDATE=always cargo test -p pages` writes it: {}",
        differs(&found, text)
    );
}

/// Whether the files are to be written anew: `INSTA_UPDATE=always`.
pub fn updates() -> bool {
    env::var("INSTA_UPDATE").is_ok_and(|update| update == "always")
}

/// The names of the files there, sorted.
pub fn files() -> Vec<String> {
    let path: PathBuf = root().join(FOLDER);
    let Ok(entries) = fs::read_dir(path) else {
        return Vec::new();
    };
    let mut names: Vec<String> = entries
        .map(|entry| entry.expect("the folder can be read").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .collect();
    names.sort();
    names
}

/// The first line that differs, as a sentence.
fn differs(found: &str, wanted: &str) -> String {
    let mut lines = found.lines().zip(wanted.lines()).enumerate();
    match lines.find(|(_, (found, wanted))| found != wanted) {
        Some((index, (found, wanted))) => {
            format!(
                "line {} should be\n    {wanted}\nand is\n    {found}",
                index + 1
            )
        }
        None => "it has more lines, or fewer".to_string(),
    }
}
