//! A crate that was built for exploration: its driver, and what of it can be explored.

use super::facades;
use super::manifest::Crate;
use super::pools::Pool;
use super::refusal::Refusal;
use super::scenario::Parts;
use super::workspace::{Options, Workspace};
use std::path::{Path, PathBuf};

/// A crate ready to be explored.
#[derive(Clone, Debug)]
pub struct Wrapped {
    name: String,
    binary: PathBuf,
    pub(super) folder: PathBuf,
    pub(super) main: bool,
    pool: Result<Pool, String>,
    offers_pool: bool,
    left_out: Option<Refusal>,
    /// What a report has to say that the explorer can't see.
    pub(super) unseen: Vec<String>,
}

impl Wrapped {
    /// What was built of these parts of a crate; `left_out` says why not of all of them.
    pub(super) fn new(
        found: &Crate,
        workspace: &Workspace,
        binary: &Path,
        parts: Parts,
        left_out: Option<Refusal>,
    ) -> Wrapped {
        let pool = match (&found.pools, found.pool()) {
            (_, Some((_, pool))) if parts.pool => Ok(pool.clone()),
            (_, Some((_, pool))) => Err(format!("{pool} can't be called as a pool is")),
            (Some((_, pools)), None) => {
                let pools: Vec<String> = pools.iter().map(Pool::to_string).collect();
                Err(format!(
                    "it has several pools: {}; say which one with --pool",
                    pools.join("; ")
                ))
            }
            (None, None) => Err(no_pool(&workspace.options)),
        };
        Wrapped {
            name: found.name.clone(),
            binary: binary.to_path_buf(),
            folder: workspace.folder.join(found.id()).join("copy"),
            main: found.main.is_some() && parts.main,
            pool,
            offers_pool: found.pools.is_some(),
            left_out,
            unseen: match found.stood_in_for.is_empty() {
                true => Vec::new(),
                false => vec![facades::SILENT.to_string()],
            },
        }
    }

    /// The same, with a note for each of its reports on what the explorer can't see.
    pub(super) fn noting(mut self, unseen: String) -> Wrapped {
        self.unseen.push(unseen);
        self
    }

    /// The package's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its pool is taken to be, or why there is none.
    pub fn pool_found(&self) -> Result<&Pool, &str> {
        self.pool.as_ref().map_err(String::as_str)
    }

    /// Whether something in it looks like a pool, even if it can't be used as one or isn't the
    /// only one.
    pub fn offers_pool(&self) -> bool {
        self.offers_pool
    }

    /// Why only a part of the crate could be built, if so: its pool without its program, or its
    /// program without its pool.
    pub fn left_out(&self) -> Option<&Refusal> {
        self.left_out.as_ref()
    }

    /// The driver: a program that can also be run by hand; it explains its
    /// arguments when called without.
    pub fn binary(&self) -> &Path {
        &self.binary
    }
}

/// What is said where there is no pool, or not the one that is asked for.
fn no_pool(options: &Options) -> String {
    let kind = match &options.pool {
        Some(name) => format!("no pool `{name}`"),
        None => "no pool".to_string(),
    };
    let method = match &options.give {
        Some(name) => format!("a method `{name}` that takes a closure"),
        None => "a method that takes a closure, such as `execute`".to_string(),
    };
    format!(
        "it has {kind}: no type with a function that takes a number of workers, such as \
         `new(usize)`, and {method}"
    )
}
