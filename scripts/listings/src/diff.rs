//! What changed between two listings, by `git diff --no-index`.

use crate::{
    Error, Result, cargo,
    catalogue::{self, Listing},
    root,
};
use std::{ffi::OsStr, path::Path, process::Command};

/// The `git` commands that show what differs between the sources of two listings, and between the
/// tests of a listing that has some, coloured and paged as the user's Git does. Each exits with 0 or
/// 1; anything else is a refusal.
///
/// Two lines are no part of a lesson and are not shown where they alone change: the one that imports
/// the pool from the listing's own library, also in an example, which differs in the name only, and the gate of a library
/// that does not compile.
pub fn commands(old: &Listing, new: &Listing) -> Vec<Command> {
    let paths = |part: &str| [old, new].map(|listing| format!("listings/{}/{part}", listing.name));
    let mut pairs = vec![paths("src")];
    if new.has_tests() {
        let [before, now] = paths(catalogue::TESTS);
        let before = if old.has_tests() {
            before
        } else {
            "/dev/null".to_string()
        };
        pairs.push([before, now]);
    }
    let command = |pair: [String; 2]| {
        let mut git = git();
        git.current_dir(root()).args(pair);
        git
    };
    pairs.into_iter().map(command).collect()
}

/// The same as a text, without colour, the same on every machine.
///
/// Headers carry no hashes. Refuses to go on without Git.
pub fn sources(old: &Listing, new: &Listing) -> Result<String> {
    commands(old, new).iter_mut().map(text).collect()
}

/// The same with every line of the files that differ, whether it changes or not. A line that only
/// stands deeper than before, or less deep, has not changed.
pub fn whole_sources(old: &Listing, new: &Listing) -> Result<String> {
    let whole = |git: &mut Command| output(git.args(["--unified=1000000", "--ignore-all-space"]));
    commands(old, new).iter_mut().map(whole).collect()
}

/// The same for any two folders, named from the root.
pub fn whole_folders(old: &str, new: &str) -> Result<String> {
    let mut git = git();
    git.current_dir(root()).args([old, new]);
    output(git.args(["--unified=1000000", "--ignore-all-space"]))
}

/// The same for any two folders.
pub fn folders(old: &Path, new: &Path) -> Result<String> {
    text(git().args([old, new].map(AsRef::<OsStr>::as_ref)))
}

fn git() -> Command {
    let mut git = Command::new("git");
    git.args(["diff", "--no-index"])
        .arg("--ignore-matching-lines=^ *(//[/!] )?use (listing|practice)_")
        .arg(format!(
            "--ignore-matching-lines=^#!\\[cfg\\(feature = \"{}\"",
            cargo::GATE
        ));
    git
}

fn text(git: &mut Command) -> Result<String> {
    output(git.args(["--unified=3", "--inter-hunk-context=0"]))
}

fn output(git: &mut Command) -> Result<String> {
    // The user's own settings must not show: each one that changes the output is set here.
    let output = git
        .args([
            "--no-color",
            "--no-ext-diff",
            "--no-renames",
            "--diff-algorithm=myers",
        ])
        .args(["--src-prefix=a/", "--dst-prefix=b/"])
        .output()
        .map_err(|error| Error::new(format!("cannot run git ({error}): install Git first")))?;
    if !matches!(output.status.code(), Some(0 | 1)) {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Error::new(format!("git diff failed: {}", said.trim())));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let lines = text.lines().filter(|line| !line.starts_with("index "));
    Ok(lines.map(|line| format!("{line}\n")).collect())
}

/// The lines that only one of two texts has: `-` before those of the first, `+` before those of the
/// second. Where both have the same lines, the first one that stands elsewhere.
pub fn difference(left: &str, right: &str) -> String {
    let only = |mark: char, text: &str, other: &str| -> Vec<String> {
        let mut others: Vec<&str> = other.lines().collect();
        let mut alone = Vec::new();
        for line in text.lines() {
            match others.iter().position(|other| *other == line) {
                Some(found) => drop(others.swap_remove(found)),
                None => alone.push(format!("{mark} {line}")),
            }
        }
        alone
    };
    let mut lines = only('-', left, right);
    lines.extend(only('+', right, left));
    if lines.is_empty() {
        let pairs = left.lines().zip(right.lines());
        let moved = pairs.filter(|(one, other)| one != other).take(1);
        lines.extend(moved.map(|(one, other)| format!("- {one}\n+ {other}\n(the order differs)")));
    }
    lines.join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_difference_is_what_differs_and_nothing_else() {
        let (left, right) = ("a\nb\nc\nd", "a\nc\ne\nd");
        assert_eq!(difference(left, right), "- b\n+ e");
        assert_eq!(difference("a\na", "a"), "- a");
        assert_eq!(difference("a\nb", "b\na"), "- a\n+ b\n(the order differs)");
        assert_eq!(difference("a", "a"), "");
    }
}
