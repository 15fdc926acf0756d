//! A generated workspace: where it is, which crates are in it, and how they are built.

use super::manifest::{self, Crate};
use std::env;
use std::path::{Path, PathBuf};
use std::time::Duration;

/// A folder named `name` for generated workspaces, under the target directory
/// that the calling test or program was itself built into; or under the
/// system's folder for temporary files, if it wasn't built by Cargo.
pub fn folder(name: &str) -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    let target = program
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file())
        .map_or(env::temp_dir(), Path::to_path_buf);
    target.join("interleave").join(name)
}

/// How a crate is built.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// The pool, as it is named from the crate's root, where there are several.
    pub pool: Option<String>,
    /// The method that gives it a job, where there are several.
    pub give: Option<String>,
    /// Whether the crate may use `unsafe`. With that it can do whatever a program can.
    pub allow_unsafe: bool,
    /// How long nothing may come of the compiler before it is given up.
    pub patience: Duration,
    /// Whether the explorer is optimised in a debug build, too. Compiling it takes some five times
    /// as long then, once, and exploring half as long, so it is for whoever explores a lot.
    pub optimised: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            pool: None,
            give: None,
            allow_unsafe: true,
            patience: Duration::from_secs(120),
            optimised: false,
        }
    }
}

impl Options {
    /// The same for whoever explores a lot: the explorer is optimised.
    pub fn optimised(self) -> Options {
        Options {
            optimised: true,
            patience: Duration::from_secs(300),
            ..self
        }
    }
}

/// The generated workspace.
pub struct Workspace {
    /// Its own folder.
    pub folder: PathBuf,
    /// Where Cargo puts what it builds.
    pub target: PathBuf,
    /// What is built in it.
    pub crates: Vec<Crate>,
    /// How that is built.
    pub options: Options,
}

/// The folder in a generated workspace for what is compiled of crates as they are.
pub const AS_IT_IS: &str = "as-it-is";

impl Workspace {
    /// The name of a crate's package here.
    ///
    /// No other workspace has it. Cargo tells packages apart by name and by their path inside the
    /// workspace, and would take one that is built in the same target directory for another.
    pub fn package(&self, found: &Crate) -> String {
        format!("{}-{}", found.id(), manifest::number(&self.folder))
    }

    /// A workspace for one crate, inside this one.
    pub fn alone(&self, why: &str, found: &Crate) -> Workspace {
        Workspace {
            folder: self.folder.join(why).join(found.id()),
            target: self.target.clone(),
            crates: vec![found.clone()],
            options: self.options.clone(),
        }
    }
}
