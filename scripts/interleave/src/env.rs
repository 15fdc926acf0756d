//! `std::env`: the arguments are those of the explorer's configuration, the
//! rest is the real one.

use crate::engine::context;
use ::std::ffi::OsString;

pub use ::std::env::{
    JoinPathsError, SplitPaths, VarError, Vars, VarsOs, consts, current_dir, current_exe,
    join_paths, split_paths, temp_dir, var, var_os, vars, vars_os,
};

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
