//! Do the tests of a crate notice when the pool breaks a promise?

use super::{
    folders::{absolute, workspace},
    judgement::Ruling,
    scenario::LIMITS,
};
use crate::{
    Error, Result,
    broken::BROKEN,
    cargo,
    catalogue::{self, TESTS},
};
use explore::wrap::child::{self, Stopped};
use std::{fs, path::Path, process::Command};

/// How often tests may miss a pool that is broken: whether one worker too many ever gets a job is
/// up to the machine.
const TRIES: usize = 10;

/// Runs the tests of the crate in `folder` on its own pool, and then on each broken one.
pub fn tested(folder: &Path) -> Result<Ruling> {
    let folder = absolute(folder)?;
    let read = |path: &Path| {
        fs::read_to_string(path)
            .map_err(|error| Error::new(format!("cannot read {}: {error}", path.display())))
    };
    let Ok(tests) = read(&folder.join(TESTS)) else {
        return Ok(Ruling::Fails(format!("there is no file {TESTS}")));
    };
    // Its library is that of the step before: only the tests are new.
    let good = catalogue::named("listing-next-1-docs")?;
    let good = read(&good.folder().join("src/lib.rs"))?;
    let mut pools = vec![(None, read(&folder.join("src/lib.rs"))?)];
    for broken in &BROKEN {
        pools.push((Some(broken.what), broken.library(&good)?));
    }
    for (broken, library) in pools {
        let copy = workspace(std::slice::from_ref(&folder)).join("tested");
        for (file, text) in [
            ("Cargo.toml", read(&folder.join("Cargo.toml"))?),
            ("src/lib.rs", library),
            (TESTS, tests.clone()),
        ] {
            let path = copy.join(file);
            let written = fs::create_dir_all(path.parent().unwrap_or(&copy))
                .and_then(|()| fs::write(&path, text));
            written
                .map_err(|error| Error::new(format!("cannot write {}: {error}", path.display())))?;
        }
        let Some(what) = broken else {
            match passes(&copy)? {
                Ok(()) => continue,
                Err(why) => return Ok(Ruling::Fails(why)),
            }
        };
        let mut noticed = false;
        for _ in 0..TRIES {
            noticed = noticed || passes(&copy)?.is_err();
        }
        if !noticed {
            return Ok(Ruling::Fails(format!(
                "all tests pass on a pool that is broken: {}",
                what.to_lowercase()
            )));
        }
    }
    Ok(Ruling::Holds(format!(
        "they notice {} pools that are broken",
        BROKEN.len()
    )))
}

/// Whether the tests pass; if not, what they say.
fn passes(folder: &Path) -> Result<std::result::Result<(), String>> {
    let mut build = cargo::command();
    build
        .current_dir(folder)
        .args(["test", "--offline", "--no-run", "--test", "pool"])
        .args(["--message-format", "json-render-diagnostics"])
        .args(["--target-dir", "target"]);
    let built = cargo::run(&mut build)?;
    let binaries = cargo::binaries(&String::from_utf8_lossy(&built.stdout));
    let Some(binary) = binaries.into_values().next() else {
        return Ok(Err(String::from_utf8_lossy(&built.stderr).into_owned()));
    };
    let outcome = child::run(&mut Command::new(&binary), LIMITS)
        .map_err(|error| Error::new(format!("cannot run {}: {error}", binary.display())))?;
    Ok(match outcome.ended {
        Stopped::Itself(status) if status.success() => Ok(()),
        Stopped::Time => Err("the tests don't come to an end".to_string()),
        _ => Err(format!("the tests don't pass:\n{}", outcome.stdout)),
    })
}
