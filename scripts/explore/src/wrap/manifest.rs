//! What the wrapper needs to know of a crate, as Cargo tells it.

use super::called::{self, Called, Silent};
use super::escapes::{self, Escape, Needs};
use super::metadata::{self, Package, Target};
use super::pools::{self, Pool};
use super::refusal::Refusal;
use super::{facades, files};
use crate::side_by_side;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// A crate as found in its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crate {
    /// Its folder.
    pub folder: PathBuf,
    /// The manifest by which Cargo builds it as it is.
    pub manifest: PathBuf,
    /// The folder of the workspace that this is in, or its own.
    pub root: PathBuf,
    /// Its package's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its library, if there is one.
    pub lib: Option<Part>,
    /// Its program, if there is one that is built without features.
    pub main: Option<Part>,
    /// Its features, each with those that it turns on.
    pub features: Vec<(String, Vec<String>)>,
    /// The crates that it depends on, which are left out.
    pub others: Vec<String>,
    /// Those of them that something of ours stands in for: its name and its source.
    pub stood_in_for: Vec<(&'static str, &'static str)>,
    /// What it needs besides `std`.
    pub needs: Needs,
    /// Where the pools are that were found, and how they are used.
    pub pools: Option<(Host, Vec<Pool>)>,
    /// What its files hold, as [`files::content`] has it.
    pub content: String,
}

/// A library or a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Part {
    /// What Cargo knows of it.
    pub target: Target,
    /// How the compiler is called for it, where that matters.
    pub called: Called,
}

/// The part of a crate that a pool is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// Its library.
    Library,
    /// Its program.
    Program,
}

/// Reads crates, and asks Cargo about each workspace once.
pub struct Reader {
    known: Vec<Package>,
    /// Where to put what is compiled of crates as they are.
    into: PathBuf,
}

impl Reader {
    /// One that puts what it has to compile for its questions into a folder.
    pub fn new(into: &Path) -> Reader {
        Reader {
            known: Vec::new(),
            into: into.to_path_buf(),
        }
    }

    /// Asks about several folders side by side, so that nothing has to be asked when they are read:
    /// about those that are each a workspace, for of another one Cargo says all at once.
    pub fn ask_ahead(&mut self, folders: &[impl AsRef<Path> + Sync]) {
        let asked = side_by_side::each(folders, |folder| {
            let path = std::path::absolute(folder).ok()?.join("Cargo.toml");
            let text = fs::read_to_string(&path).ok()?;
            let is_alone = text.lines().any(|line| line.trim() == "[workspace]");
            // Why it can't be read is said when it is.
            is_alone.then(|| metadata::ask(&path).ok())?
        });
        self.known.extend(asked.into_iter().flatten().flatten());
    }

    /// The package in `folder`.
    fn package(&mut self, folder: &Path) -> Result<Package, String> {
        let path = folder.join("Cargo.toml");
        let text = fs::read_to_string(&path)
            .map_err(|error| format!("its Cargo.toml can't be read ({error})"))?;
        let here = |package: &&Package| same_file(&package.folder(), folder);
        let by_name = self.known.iter().find(|known| known.folder() == folder);
        if let Some(known) = by_name.or_else(|| self.known.iter().find(here)) {
            return Ok(known.clone());
        }
        let found = match metadata::ask(&path) {
            Err(why) if why.contains(metadata::ASTRAY) => self.copied(folder, &text)?,
            found => found?,
        };
        let own = found.iter().find(here).cloned();
        self.known.extend(found);
        own.ok_or("its Cargo.toml has no package name".to_string())
    }

    /// What Cargo says of a copy of the package in `folder`, which is a workspace of its own.
    fn copied(&self, folder: &Path, manifest: &str) -> Result<Vec<Package>, String> {
        let copy = self.into.join(number(folder)).join("alone");
        let manifest = format!("{manifest}\n[workspace]\n");
        files::copy(
            folder,
            &copy,
            &|file, content| match file == Path::new("Cargo.toml") {
                true => manifest.as_bytes().to_vec(),
                false => content,
            },
        )
        .map_err(|error| error.to_string())?;
        let found = metadata::ask(&copy.join("Cargo.toml"))?;
        Ok(found
            .into_iter()
            .map(|package| package.moved(&copy, folder))
            .collect())
    }

    /// Reads the crate in `folder`. Refuses a folder without `Cargo.toml`, one without a program
    /// or a library, and a crate that does what can't be followed.
    pub fn read(&mut self, folder: &Path) -> Result<Crate, Refusal> {
        let refuse = |why: String| Refusal::NotACrate {
            folder: folder.to_path_buf(),
            why,
        };
        let broken = |error: io::Error| refuse(error.to_string());
        let folder = std::path::absolute(folder).map_err(broken)?;
        let package = self.package(&folder).map_err(refuse)?;
        // As Cargo writes it, without `..`: so begin the paths of its files.
        let folder = package.folder();
        let program = package.program();
        let lib = package.lib();
        let main = program.clone().unwrap_or(None);
        if lib.is_none() && main.is_none() {
            let why = program.err();
            return Err(refuse(why.unwrap_or(
                "it has neither src/main.rs nor src/lib.rs".to_string(),
            )));
        }
        let roots = [(Host::Library, &lib), (Host::Program, &main)];
        let pools = roots
            .into_iter()
            .filter_map(|(host, target)| {
                Some((host, pools::all(&target.as_ref()?.root, None, None)))
            })
            .find(|(_, found)| !found.is_empty());
        if let (Err(why), None, None) = (program, &main, &pools) {
            return Err(refuse(why));
        }
        let sources = files::sources(&folder).map_err(broken)?;
        if let Some(Escape { item, place, why }) = escapes::first(&sources) {
            let why = why.to_string();
            let name = package.text("name");
            return Err(Refusal::Escapes {
                name,
                item,
                place,
                why,
            });
        }
        let asks = package.has_build_script() || called::matters(&folder, &package.root, &sources);
        let part = |target: Option<Target>| -> Result<Option<Part>, Refusal> {
            let Some(target) = target else {
                return Ok(None);
            };
            let called = match asks {
                true => self.how_called(&package, &folder, &target)?,
                false => Called::default(),
            };
            Ok(Some(Part { target, called }))
        };
        Ok(Crate {
            content: files::content(&folder).map_err(broken)?,
            name: package.text("name"),
            version: package.text("version"),
            lib: part(lib)?,
            main: part(main)?,
            features: package.features(),
            others: package.others(),
            stood_in_for: (facades::LOGGERS.into_iter())
                .filter(|(name, _)| package.uses(name))
                .collect(),
            needs: escapes::needs(&sources),
            manifest: package.manifest(),
            root: package.root.clone(),
            folder,
            pools,
        })
    }

    /// How Cargo calls the compiler for a target of the package in `folder`.
    fn how_called(
        &self,
        package: &Package,
        folder: &Path,
        target: &Target,
    ) -> Result<Called, Refusal> {
        let name = package.text("name");
        let into = self.into.join(number(folder));
        let called = called::ask(package, target, &into);
        let called = called.map_err(|error| Refusal::NotACrate {
            folder: folder.to_path_buf(),
            why: error.to_string(),
        })?;
        match called {
            Ok(called) => match called.libraries.first() {
                None => Ok(called),
                Some(library) => Err(Refusal::NotCovered {
                    name,
                    item: format!("the native library {library}"),
                    place: "its build script".to_string(),
                    text: String::new(),
                }),
            },
            Err(Silent::DoesNotCompile(text)) => Err(Refusal::DoesNotCompile { name, text }),
            // It needs another crate, and if the program does, too, that is found out soon.
            Err(Silent::Cargo(_)) if !package.others().is_empty() => Ok(Called::default()),
            Err(Silent::Cargo(why)) => Err(Refusal::NotACrate {
                folder: folder.to_path_buf(),
                why: format!("Cargo doesn't say how it is built:\n{}", why.trim_end()),
            }),
        }
    }
}

fn same_file(one: &Path, other: &Path) -> bool {
    match (fs::canonicalize(one), fs::canonicalize(other)) {
        (Ok(one), Ok(other)) => one == other,
        _ => one == other,
    }
}

impl Crate {
    /// Looks for this pool only, or for pools that are given their jobs by this method.
    pub fn choose(&mut self, pool: Option<&str>, give: Option<&str>) {
        if pool.is_none() && give.is_none() {
            return;
        }
        let parts = [(Host::Library, &self.lib), (Host::Program, &self.main)];
        self.pools = parts
            .into_iter()
            .filter_map(|(host, part)| {
                let root = &part.as_ref()?.target.root;
                Some((host, pools::all(root, pool, give)))
            })
            .find(|(_, found)| !found.is_empty());
    }

    /// The one pool that it has, and where; none if it has several.
    pub fn pool(&self) -> Option<(Host, &Pool)> {
        match &self.pools {
            Some((host, pools)) if pools.len() == 1 => Some((*host, &pools[0])),
            _ => None,
        }
    }

    /// A short name that no crate of another folder has.
    pub fn id(&self) -> String {
        format!("{}-{}", self.name, self.number())
    }

    /// The part of [`Crate::id`] that stands for the folder.
    pub fn number(&self) -> String {
        number(&self.folder)
    }

    /// Its library and its program, those that it has.
    pub fn parts(&self) -> impl Iterator<Item = &Part> {
        self.lib.iter().chain(&self.main)
    }

    /// Whether a panic of its program aborts the process.
    pub fn aborts(&self) -> bool {
        self.main.as_ref().is_some_and(|main| main.called.aborts)
    }
}

/// A short number that stands for a folder (FNV-1a, of which the upper half).
pub fn number(folder: &Path) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in folder.as_os_str().as_encoded_bytes() {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    }
    format!("{:08x}", hash >> 32)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_folder_without_a_crate_is_refused() {
        let refusal = Reader::new(Path::new("nowhere")).read(Path::new("no/such/folder"));
        assert!(matches!(refusal, Err(Refusal::NotACrate { .. })));
    }
}
