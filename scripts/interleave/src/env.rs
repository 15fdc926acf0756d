//! `std::env`: the arguments are those of the explorer's configuration, a
//! change of the current folder lasts for one execution, and the rest is the
//! real one.

use crate::engine::context;
use ::std::ffi::OsString;
use ::std::io;
use ::std::path::{Path, PathBuf};

pub use ::std::env::{
    JoinPathsError, SplitPaths, VarError, Vars, VarsOs, consts, current_exe, join_paths,
    split_paths, temp_dir, var, var_os, vars, vars_os,
};

/// The folder that relative paths begin from.
pub fn current_dir() -> io::Result<PathBuf> {
    crate::fs::from_start();
    ::std::env::current_dir()
}

/// Changes the current folder, until the end of the execution.
pub fn set_current_dir<P: AsRef<Path>>(path: P) -> io::Result<()> {
    crate::fs::enter(path.as_ref())
}

/// The program's arguments.
#[derive(Clone, Debug)]
pub struct Args {
    left: ::std::vec::IntoIter<String>,
}

/// The program's arguments, as the system has them.
#[derive(Clone, Debug)]
pub struct ArgsOs {
    left: ::std::vec::IntoIter<String>,
}

fn given() -> ::std::vec::IntoIter<String> {
    let given = match context() {
        Some(context) => context.with(|state| state.config.args.clone()),
        None => ::std::env::args().collect(),
    };
    given.into_iter()
}

#[must_use]
pub fn args() -> Args {
    Args { left: given() }
}

#[must_use]
pub fn args_os() -> ArgsOs {
    ArgsOs { left: given() }
}

impl Iterator for Args {
    type Item = String;

    fn next(&mut self) -> Option<String> {
        self.left.next()
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl DoubleEndedIterator for Args {
    fn next_back(&mut self) -> Option<String> {
        self.left.next_back()
    }
}

impl ExactSizeIterator for Args {}

impl Iterator for ArgsOs {
    type Item = OsString;

    fn next(&mut self) -> Option<OsString> {
        self.left.next().map(OsString::from)
    }

    fn size_hint(&self) -> (usize, Option<usize>) {
        self.left.size_hint()
    }
}

impl DoubleEndedIterator for ArgsOs {
    fn next_back(&mut self) -> Option<OsString> {
        self.left.next_back().map(OsString::from)
    }
}

impl ExactSizeIterator for ArgsOs {}
