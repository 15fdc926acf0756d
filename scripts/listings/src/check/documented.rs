//! Does every public item of a library say what it is, and do its examples run?

use super::{
    folders::{absolute, workspace},
    judgement::Ruling,
};
use crate::{Result, cargo};
use std::path::Path;

/// Reads the documentation of the crate in `folder`, and runs its examples.
pub fn documented(folder: &Path) -> Result<Ruling> {
    let folder = absolute(folder)?;
    // In one target folder Cargo takes two crates of one name for each other.
    let target = workspace(std::slice::from_ref(&folder)).with_extension("docs");
    let run = |arguments: &[&str], rest: &[&str]| {
        let mut command = cargo::command();
        command
            .args(arguments)
            .args(["--offline", "--manifest-path"])
            .arg(folder.join("Cargo.toml"))
            .arg("--target-dir")
            .arg(&target)
            .args(rest);
        cargo::run(&mut command)
    };
    let missing = run(&["rustdoc", "--lib"], &["--", "-D", "missing_docs"])?;
    if !missing.status.success() {
        let said = String::from_utf8_lossy(&missing.stderr);
        return Ok(Ruling::Fails(said.into_owned()));
    }
    let examples = run(&["test", "--doc"], &[])?;
    let said = String::from_utf8_lossy(&examples.stdout);
    if !examples.status.success() {
        let errors = String::from_utf8_lossy(&examples.stderr);
        return Ok(Ruling::Fails(format!("{said}{errors}")));
    }
    let ok = "test result: ok. ";
    let passed = said.lines().filter_map(|line| line.strip_prefix(ok));
    let passed = passed.filter_map(|rest| rest.split(' ').next()?.parse::<usize>().ok());
    Ok(match passed.sum::<usize>() {
        examples @ 2.. => Ruling::Holds(format!("with {examples} examples")),
        _ => Ruling::Fails(
            "`ThreadPool::new` and `execute` are to have an example each, in a block of code"
                .to_string(),
        ),
    })
}
