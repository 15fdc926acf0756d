//! A folder for a USB stick: this repository and its built book, for machines without a network.
//!
//! What Cargo needs for the listings, the command and the tests is in `vendor`, so a copy of the
//! repository holds it. Only files that belong to it are copied, whether Git is there or not: nothing
//! that was built, and nobody's practice.

use crate::{Error, Result, root};
use std::{
    fs,
    io::ErrorKind,
    path::{Path, PathBuf},
    process::{Command, Stdio},
};

/// What is built or fetched, wherever it is.
const ANYWHERE: [&str; 3] = [".git", "target", "node_modules"];

/// What is built or somebody's own, by its path.
const HERE: [&str; 2] = ["practice", "book/book"];

/// What is in the folder that was made.
const README: &str = "\
# How a thread pool shuts down

Everything a class needs but Rust itself, which is to be on each machine already.

- The book: open `book/index.html` in a browser.
- The listings and the tests: copy `repository` to the machine's own disk, and there

      cargo run -p listing-20-26
      cargo listings
      cargo test

  Cargo asks no network for any of it. `repository/README.md` goes on from here.
";

/// Makes the folder, and returns how many files of the repository are in it.
///
/// Refuses a folder that is there already, or that lies in this repository, and a machine without
/// mdBook; nothing is made then.
pub fn make(folder: &Path) -> Result<usize> {
    let shown = folder.display();
    let whole = std::path::absolute(folder)
        .map_err(|error| Error::new(format!("cannot use {shown}: {error}")))?;
    if fs::symlink_metadata(&whole).is_ok() {
        return Err(taken(folder));
    }
    // The nearest folder above that is there tells where the new one would be.
    let above = whole
        .ancestors()
        .find_map(|path| fs::canonicalize(path).ok());
    let inside = fs::canonicalize(root()).ok().zip(above);
    if inside.is_some_and(|(root, above)| above.starts_with(root)) {
        return Err(Error::new(format!(
            "{shown} is inside the repository, which would then hold a copy of itself; name a folder \
             outside"
        )));
    }
    let mdbook = |words: &[&str]| {
        let mut mdbook = Command::new("mdbook");
        mdbook.args(words).current_dir(root()).stdin(Stdio::null());
        mdbook.output().map_err(|error| {
            Error::new(format!(
                "cannot run mdbook ({error}), which builds the book: `cargo install mdbook` first"
            ))
        })
    };
    mdbook(&["--version"])?;

    let parent = whole.parent().map_or(Ok(()), fs::create_dir_all);
    // It is new, or this fails.
    parent
        .and_then(|()| fs::create_dir(&whole))
        .map_err(|error| match error.kind() {
            ErrorKind::AlreadyExists => taken(folder),
            _ => Error::new(format!("cannot make {shown}: {error}")),
        })?;
    let book = whole.join("book").display().to_string();
    let built = mdbook(&["build", "book", "--dest-dir", &book])?;
    if !built.status.success() {
        let said = String::from_utf8_lossy(&built.stderr);
        return Err(Error::new(format!("mdbook can't build the book:\n{said}")));
    }
    let files = files(Path::new(""))?;
    for file in &files {
        let to = whole.join("repository").join(file);
        to.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::copy(root().join(file), &to))
            .map_err(|error| {
                let file = file.display();
                Error::new(format!("cannot copy {file} to {}: {error}", to.display()))
            })?;
    }
    fs::write(whole.join("README.md"), README)
        .map_err(|error| Error::new(format!("cannot write {shown}/README.md: {error}")))?;
    Ok(files.len())
}

fn taken(folder: &Path) -> Error {
    Error::new(format!(
        "{} is there already and was left as it is; name a new folder, such as a new one in it",
        folder.display()
    ))
}

/// The files of the repository below a folder of it, by their paths in it.
fn files(folder: &Path) -> Result<Vec<PathBuf>> {
    let from = root().join(folder);
    let unreadable = |error| {
        Error::new(format!(
            "cannot read the folder {}: {error}",
            from.display()
        ))
    };
    let mut files = Vec::new();
    for entry in fs::read_dir(&from).map_err(unreadable)? {
        let entry = entry.map_err(unreadable)?;
        let (name, kind) = (entry.file_name(), entry.file_type().map_err(unreadable)?);
        let path = folder.join(&name);
        let left_out = ANYWHERE.iter().any(|other| name == *other)
            || HERE.iter().any(|other| path == Path::new(other))
            || path.extension().is_some_and(|end| end == "new");
        if left_out {
            continue;
        } else if kind.is_dir() {
            files.extend(self::files(&path)?);
        } else if kind.is_file() {
            files.push(path);
        }
    }
    Ok(files)
}
