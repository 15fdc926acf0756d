//! Where the crates that are judged are, and where what is built of them goes.

use crate::{Error, Result};
use explore::wrap;
use std::{
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    path::{Path, PathBuf},
};

/// The generated workspace for these crates: two checks at once don't share one.
pub fn workspace(folders: &[PathBuf]) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    folders.hash(&mut hasher);
    wrap::folder(&format!("crates-{:016x}", hasher.finish()))
}

/// What the files of a crate hold; see [`wrap::content`].
pub fn content(folder: &Path) -> Result<String> {
    wrap::content(folder)
        .map_err(|error| Error::new(format!("cannot read {}: {error}", folder.display())))
}

/// The folder of this name in `target`. It stays, and what was built from other content goes: Cargo
/// would ask only whether the files are older.
pub fn only(target: &Path, name: &str) -> PathBuf {
    for entry in fs::read_dir(target).into_iter().flatten().flatten() {
        if entry.file_name() != name {
            // What can't be removed does no harm.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    target.join(name)
}

pub fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path)
        .map_err(|error| Error::new(format!("cannot use {}: {error}", path.display())))
}
