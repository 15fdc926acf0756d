//! Do the tests of a crate notice when the pool breaks a promise?

use super::{
    folders::{absolute, workspace},
    judgement::Ruling,
    scenario::LIMITS,
};
use crate::{
    Error, Result,
    broken::{BROKEN, Broken},
    cargo,
    catalogue::{self, TESTS},
    read,
};
use explore::{
    side_by_side,
    wrap::child::{self, Stopped},
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

/// How often tests may miss a pool that is broken: whether one worker too many ever gets a job is
/// up to the machine.
const TRIES: usize = 10;

/// Runs the tests of the crate in `folder` on its own pool, and then on each broken one. The broken
/// ones go side by side: a test that notices may do so by waiting for ever.
pub fn tested(folder: &Path) -> Result<Ruling> {
    let folder = absolute(folder)?;
    let Ok(tests) = read(&folder.join(TESTS)) else {
        return Ok(Ruling::Fails(format!("there is no file {TESTS}")));
    };
    let copies = Copies {
        manifest: read(&folder.join("Cargo.toml"))?,
        tests,
        into: workspace(std::slice::from_ref(&folder)).join("tested"),
    };
    let passed = match copies.build("own", read(&folder.join("src/lib.rs"))?)? {
        Ok(tests) => passes(&tests)?,
        Err(why) => Err(why),
    };
    if let Err(why) = passed {
        return Ok(Ruling::Fails(why));
    }
    // Its library is that of the step before: only the tests are new.
    let good = catalogue::named("listing-next-1-docs")?;
    let good = read(&good.folder().join("src/lib.rs"))?;
    let noticed = side_by_side::each_on(BROKEN.len(), &BROKEN, |broken| {
        notices(&copies, broken, &good)
    });
    for (broken, noticed) in BROKEN.iter().zip(noticed) {
        if !noticed? {
            return Ok(Ruling::Fails(format!(
                "all tests pass on a pool that is broken: {}",
                broken.what.to_lowercase()
            )));
        }
    }
    Ok(Ruling::Holds(format!(
        "they notice {} pools that are broken",
        BROKEN.len()
    )))
}

/// Whether the tests fail on this pool in one of several tries.
fn notices(copies: &Copies, broken: &Broken, good: &str) -> Result<bool> {
    let Ok(tests) = copies.build(broken.test, broken.library(good)?)? else {
        return Ok(true);
    };
    for _ in 0..TRIES {
        if passes(&tests)?.is_err() {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The student's crate again and again, each time with another library.
struct Copies {
    manifest: String,
    tests: String,
    into: PathBuf,
}

impl Copies {
    /// Writes a copy and builds its tests. Gives their program, or why there is none.
    fn build(&self, name: &str, library: String) -> Result<std::result::Result<PathBuf, String>> {
        let copy = self.into.join(name);
        for (file, text) in [
            ("Cargo.toml", &self.manifest),
            ("src/lib.rs", &library),
            (TESTS, &self.tests),
        ] {
            let path = copy.join(file);
            // Cargo takes a file that is written anew for a changed one.
            if fs::read_to_string(&path).is_ok_and(|old| old == *text) {
                continue;
            }
            let written = fs::create_dir_all(path.parent().unwrap_or(&copy))
                .and_then(|()| fs::write(&path, text));
            written
                .map_err(|error| Error::new(format!("cannot write {}: {error}", path.display())))?;
        }
        let mut build = cargo::command();
        build
            .current_dir(copy)
            .args(["test", "--offline", "--no-run", "--test", "pool"])
            .args(["--message-format", "json-render-diagnostics"])
            .args(["--target-dir", "target"]);
        let built = cargo::run(&mut build)?;
        let binaries = cargo::binaries(&String::from_utf8_lossy(&built.stdout));
        let said = || String::from_utf8_lossy(&built.stderr).into_owned();
        Ok(binaries.into_values().next().ok_or_else(said))
    }
}

/// Whether the tests pass; if not, why.
fn passes(tests: &Path) -> Result<std::result::Result<(), String>> {
    let outcome = child::run(&mut Command::new(tests), LIMITS)
        .map_err(|error| Error::new(format!("cannot run {}: {error}", tests.display())))?;
    Ok(match outcome.ended {
        Stopped::Itself(status) if status.success() => Ok(()),
        Stopped::Time => Err("the tests don't come to an end".to_string()),
        _ => Err(format!("the tests don't pass:\n{}", outcome.stdout)),
    })
}
