//! Builds crates for exploration: all with one call of Cargo, and what that leaves one by one.

use super::cargo;
use super::escapes::{self, Counts};
use super::manifest::{Crate, Reader};
use super::refusal::Refusal;
use super::scenario::Parts;
use super::workspace::{AS_IT_IS, Options, Workspace};
use super::wrapped::Wrapped;
use std::collections::BTreeMap;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// Builds every crate in `folders` for exploration, in one generated workspace
/// at `into`, with one Cargo call. What holds the same to the byte is not built
/// again, whenever it was saved, and what doesn't is; workspaces beside each other
/// share what they have in common. The explorer is [optimised](Options::optimised).
///
/// Gives for each folder, in the same order, what was built or why not. Fails
/// only if Cargo can't be run or the workspace can't be written.
pub fn build(
    into: &Path,
    folders: &[impl AsRef<Path> + Sync],
) -> io::Result<Vec<Result<Wrapped, Refusal>>> {
    let mut all: Vec<Option<Result<Wrapped, Refusal>>> = vec![None; folders.len()];
    let options = Options::default().optimised();
    build_each(into, folders, &options, &mut |place, built| {
        all[place] = Some(built);
    })?;
    let built = |each: Option<_>| each.expect("each crate was built");
    Ok(all.into_iter().map(built).collect())
}

/// Builds as [`build`] does, and gives each folder's place in the list with what was built, or why
/// not, as soon as that is known: one that keeps the compiler busy holds up no other.
pub fn build_each(
    into: &Path,
    folders: &[impl AsRef<Path> + Sync],
    options: &Options,
    each: &mut dyn FnMut(usize, Result<Wrapped, Refusal>),
) -> io::Result<()> {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut crates: Vec<Crate> = Vec::new();
    let folder = std::path::absolute(into)?;
    let mut reader = Reader::new(&folder.join(AS_IT_IS));
    reader.ask_ahead(folders);
    for (place, folder) in folders.iter().enumerate() {
        let script = match options.allow_unsafe {
            true => None,
            false => build_script(folder.as_ref()),
        };
        match script.map_or_else(|| reader.read(folder.as_ref()), Err) {
            Ok(mut found) => {
                found.choose(options.pool.as_deref(), options.give.as_deref());
                places.entry(found.id()).or_default().push(place);
                crates.push(found);
            }
            Err(refusal) => each(place, Err(refusal)),
        }
    }
    crates.sort_by_key(Crate::id);
    crates.dedup();
    let workspace = Workspace {
        target: folder.parent().unwrap_or(&folder).join("cargo-target"),
        folder,
        crates,
        options: options.clone(),
    };
    workspace.build(&mut |found, built| {
        for &place in places.get(&found.id()).into_iter().flatten() {
            each(place, built.clone());
        }
    })
}

/// The refusal of a crate with a build script, which Cargo runs as it is.
fn build_script(folder: &Path) -> Option<Refusal> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let key = |line: &str| line.split('=').next().map(str::trim) == Some("build");
    let named = manifest.lines().position(key);
    let place = match named {
        Some(line) => format!("Cargo.toml:{}", line + 1),
        None if folder.join("build.rs").is_file() => "build.rs".to_string(),
        None => return None,
    };
    let name = folder.file_name().unwrap_or_default();
    Some(Refusal::Unsafe {
        name: name.to_string_lossy().into_owned(),
        item: "a build script".to_string(),
        place,
    })
}

/// Who is told what has come of a crate.
type Told<'a> = dyn FnMut(&Crate, Result<Wrapped, Refusal>) + 'a;

impl Workspace {
    /// Builds everything, and tells of each crate as soon as it can.
    fn build(&self, each: &mut Told) -> io::Result<()> {
        if self.crates.is_empty() {
            return Ok(());
        }
        let everything = Parts {
            main: true,
            pool: true,
        };
        self.write(everything)?;
        let packages = self.crates.iter().map(|found| (self.package(found), found));
        let mut missing: BTreeMap<String, &Crate> = packages.collect();
        let said = self.cargo(None, &mut |name, binary| {
            if let Some(found) = missing.remove(name) {
                each(
                    found,
                    Ok(Wrapped::new(found, self, &binary, everything, None)),
                );
            }
        })?;
        let all = missing.len() == self.crates.len();
        if all && self.crates.len() > 1 && !said.late && !said.is_the_compilers() {
            // Cargo refuses them all because of one.
            for found in &self.crates {
                self.alone("single", found).build(each)?;
            }
            return Ok(());
        }
        for found in missing.into_values() {
            let built = match &found.needs.counts {
                Some(counts) => self.uncounted(found, counts)?,
                None => self.part(found)?,
            };
            each(found, built);
        }
        Ok(())
    }

    /// Builds a crate with the real `Arc`, for it can't be built with the explorer's own. Refuses
    /// it if it asks an `Arc` for its number.
    fn uncounted(&self, found: &Crate, counts: &Counts) -> io::Result<Result<Wrapped, Refusal>> {
        let mut alone = self.alone("real-arc", found);
        for found in &mut alone.crates {
            found.needs.counts = None;
        }
        let mut built = None;
        alone.build(&mut |_, result| built = Some(result))?;
        let built = built.expect("the only crate was built");
        Ok(built.and_then(|wrapped| match counts.asks {
            true => Err(Refusal::Escapes {
                name: found.name.clone(),
                item: counts.item.clone(),
                place: counts.place.clone(),
                why: escapes::UNCOUNTED.to_string(),
            }),
            false => Ok(wrapped.noting(format!("{} ({})", escapes::UNSEEN_DROP, counts.place))),
        }))
    }

    /// Builds what can be built of a crate that can't be built whole: its pool, or its program.
    fn part(&self, found: &Crate) -> io::Result<Result<Wrapped, Refusal>> {
        let mut built = None;
        let said = self.cargo(Some(&self.package(found)), &mut |_, binary| {
            built = Some(binary);
        })?;
        let everything = Parts {
            main: true,
            pool: true,
        };
        if let Some(binary) = built {
            // Alone it had the time that it needs.
            return Ok(Ok(Wrapped::new(found, self, &binary, everything, None)));
        }
        let refusal = self.refusal(found, said)?;
        let pool = Parts {
            main: false,
            pool: true,
        };
        let main = Parts {
            main: true,
            pool: false,
        };
        let whole = matches!(
            refusal,
            Refusal::DoesNotCompile { .. } | Refusal::TakesTooLong { .. }
        );
        if found.pool().is_none() || whole {
            return Ok(Err(refusal));
        }
        for (name, parts) in [("pool-alone", pool), ("no-pool", main)] {
            let alone = self.alone(name, found);
            alone.write(parts)?;
            let mut built = None;
            alone.cargo(None, &mut |_, binary| built = Some(binary))?;
            if let Some(binary) = built {
                return Ok(Ok(Wrapped::new(
                    found,
                    &alone,
                    &binary,
                    parts,
                    Some(refusal),
                )));
            }
        }
        Ok(Err(refusal))
    }

    /// Builds everything or one package, and tells of each binary.
    fn cargo(
        &self,
        package: Option<&str>,
        built: &mut dyn FnMut(&str, PathBuf),
    ) -> io::Result<cargo::Said> {
        let mut command = cargo::command("build", &self.folder, &self.target);
        match package {
            Some(package) => command.args(["-p", package]),
            None => command.arg("--workspace"),
        };
        command.arg("--bins");
        cargo::call(&mut command, self.options.patience, built)
    }
}
