//! What changed between two listings, by `git diff --no-index`.

use crate::{Error, Result, catalogue::Listing, root};
use std::process::Command;

/// The diff of the source folders of two listings, without colour, the same on every machine.
///
/// Headers carry no hashes, and the line that imports the pool from the listing's own library,
/// which differs in the name only, is not shown. Refuses to go on without Git.
pub fn sources(old: &Listing, new: &Listing) -> Result<String> {
    let source = |listing: &Listing| format!("listings/{}/src", listing.name);
    // The user's own settings must not show: each one that changes the output is set here.
    let output = Command::new("git")
        .current_dir(root())
        .args([
            "-c",
            "core.quotePath=false",
            "-c",
            "diff.suppressBlankEmpty=false",
        ])
        .args([
            "diff",
            "--no-index",
            "--no-color",
            "--no-ext-diff",
            "--no-renames",
        ])
        .args([
            "--diff-algorithm=myers",
            "--unified=3",
            "--inter-hunk-context=0",
        ])
        .args(["--src-prefix=a/", "--dst-prefix=b/"])
        .arg("--ignore-matching-lines=^use listing_")
        .args([source(old), source(new)])
        .output()
        .map_err(|error| Error::new(format!("cannot run git: {error}")))?;
    // 0: no difference, 1: some; anything else is a refusal.
    if !matches!(output.status.code(), Some(0 | 1)) {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Error::new(format!("git diff failed: {}", said.trim())));
    }
    let text = String::from_utf8_lossy(&output.stdout);
    let mut diff = String::new();
    for line in text.lines().filter(|line| !line.starts_with("index ")) {
        diff += line;
        diff += "\n";
    }
    Ok(diff)
}
