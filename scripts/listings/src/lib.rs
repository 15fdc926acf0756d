//! What the repository's tests and its command share: the [`catalogue`] of the listings, and the
//! means to run Cargo on one ([`cargo`]), to start it and talk to it ([`server`], [`client`]) and
//! to compare two of them ([`diff`]); the [`exercises`], pools that are [`broken`], and
//! how to [`check`] one; the short [`names`] and the [`terminal`] of the command.
//!
//! Everything here works on the listings as they are in the `listings` folder; nothing is copied.

pub mod assignment;
pub mod broken;
pub mod cargo;
pub mod catalogue;
pub mod check;
pub mod client;
pub mod diff;
pub mod exercises;
pub mod names;
pub mod new;
pub mod notes;
pub mod offline;
pub mod practice;
pub mod server;
pub mod terminal;

use std::{
    fmt, fs,
    path::{Path, PathBuf},
    time::Duration,
};

/// How long anything here waits for another process before it gives up and says what it saw.
///
/// It is a bound and not a measure: nothing takes this long unless something is wrong.
pub const PATIENCE: Duration = Duration::from_secs(60);

/// One sentence for a person: what went wrong, with what, and the way out where there is one.
#[derive(Debug)]
pub struct Error(String);

impl Error {
    /// Takes the sentence.
    pub fn new(sentence: impl Into<String>) -> Error {
        Error(sentence.into())
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

impl std::error::Error for Error {}

/// What the functions here return.
pub type Result<T> = std::result::Result<T, Error>;

/// The text of a file, with the ends of its lines as they are everywhere but on Windows.
pub fn read(path: &Path) -> Result<String> {
    let text = fs::read_to_string(path)
        .map_err(|error| Error::new(format!("cannot read {}: {error}", path.display())))?;
    Ok(text.replace("\r\n", "\n"))
}

/// The folder with the workspace's `Cargo.toml`.
pub fn root() -> PathBuf {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).parent();
    let root = scripts.and_then(Path::parent);
    root.expect("this crate is in scripts/listings of the repository")
        .to_path_buf()
}
