//! What the wrapper needs to know of a crate: the little of its `Cargo.toml`
//! that matters, read without building anything.

use super::pools::{self, Pool};
use super::{Refusal, files};
use std::fs;
use std::path::{Path, PathBuf};

/// A crate as found in its folder.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Crate {
    /// Its folder.
    pub folder: PathBuf,
    /// Its package's name.
    pub name: String,
    /// Its version.
    pub version: String,
    /// Its edition.
    pub edition: String,
    /// The library's name in `use` and its root file, if there is a library.
    pub lib: Option<(String, PathBuf)>,
    /// The program's root file, if there is one that is built without features.
    pub main: Option<PathBuf>,
    /// The names of its features; they stay off.
    pub features: Vec<String>,
    /// The crates that it depends on, which are left out.
    pub others: Vec<String>,
    /// Where the pools are that were found, and how they are used.
    pub pools: Option<(Host, Vec<Pool>)>,
    /// What its files hold, as [`files::content`] has it.
    pub content: String,
}

/// The part of a crate that a pool is in.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Host {
    /// Its library.
    Library,
    /// Its program.
    Program,
}

impl Crate {
    /// Reads the crate in `folder`. Refuses a folder without `Cargo.toml`, and
    /// one without a program or a library.
    pub fn read(folder: &Path) -> Result<Crate, Refusal> {
        let refuse = |why: String| Refusal::NotACrate {
            folder: folder.to_path_buf(),
            why,
        };
        let folder = std::path::absolute(folder).map_err(|error| refuse(error.to_string()))?;
        let path = folder.join("Cargo.toml");
        let text = fs::read_to_string(&path)
            .map_err(|error| refuse(format!("its Cargo.toml can't be read ({error})")))?;
        let entries = entries(&text);
        let get = |section: &str, key: &str| {
            let found = entries
                .iter()
                .find(|e| e.section == section && e.key == key);
            found.map(|entry| entry.value.clone())
        };
        let Some(name) = get("package", "name") else {
            return Err(refuse("its Cargo.toml has no package name".to_string()));
        };
        let others: Vec<String> = entries
            .iter()
            .filter_map(|entry| entry.dependency())
            .collect();
        let inherited = |key: &str| {
            let whole = entries
                .iter()
                .any(|e| e.section == "package" && e.key == format!("{key}.workspace"));
            whole.then(|| from_workspace(&folder, key)).flatten()
        };
        let plain = |key: &str| get("package", key).or_else(|| inherited(key));

        let lib_path = folder.join(get("lib", "path").unwrap_or("src/lib.rs".to_string()));
        let lib_name = get("lib", "name").unwrap_or(name.replace('-', "_"));
        let lib = lib_path.is_file().then_some((lib_name, lib_path));
        let main_path = match get("bin", "path") {
            Some(path) => folder.join(path),
            None => program(&folder),
        };
        let gated = get("bin", "required-features").is_some();
        let main = (main_path.is_file() && !gated).then_some(main_path);
        let library = lib.as_ref().map(|(_, path)| path);
        let pools = [(Host::Library, library), (Host::Program, main.as_ref())]
            .into_iter()
            .filter_map(|(host, root)| Some((host, pools::all(root?))))
            .find(|(_, found)| !found.is_empty());
        if lib.is_none() && main.is_none() {
            let why = if gated {
                "its program is built with a feature only".to_string()
            } else {
                "it has neither src/main.rs nor src/lib.rs".to_string()
            };
            return Err(refuse(why));
        }
        if gated && main.is_none() && pools.is_none() {
            return Err(refuse(
                "its program is built with a feature only".to_string(),
            ));
        }
        Ok(Crate {
            content: files::content(&folder).map_err(|error| refuse(error.to_string()))?,
            version: plain("version").unwrap_or("0.0.0".to_string()),
            edition: plain("edition").unwrap_or("2015".to_string()),
            features: entries
                .iter()
                .filter(|entry| entry.section == "features")
                .map(|entry| entry.key.clone())
                .collect(),
            folder,
            name,
            lib,
            main,
            others,
            pools,
        })
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
}

/// A short number that stands for a folder (FNV-1a, of which the upper half).
pub fn number(folder: &Path) -> String {
    let mut hash: u64 = 0xcbf2_9ce4_8422_2325;
    for byte in folder.as_os_str().as_encoded_bytes() {
        hash = (hash ^ u64::from(*byte)).wrapping_mul(0x100_0000_01b3);
    }
    format!("{:08x}", hash >> 32)
}

struct Entry {
    section: String,
    key: String,
    value: String,
}

impl Entry {
    /// The name of the crate that this entry makes the program depend on.
    fn dependency(&self) -> Option<String> {
        let table = self.section.strip_prefix("dependencies");
        match table {
            Some("") => self.key.split('.').next().map(str::to_string),
            Some(rest) => rest.strip_prefix('.').map(str::to_string),
            None => None,
        }
    }
}

/// The `key = value` lines of a `Cargo.toml`, each with its section; a value
/// that is a text without its quotes.
fn entries(text: &str) -> Vec<Entry> {
    let mut section = String::new();
    let mut entries = Vec::new();
    for line in text.lines() {
        let line = line.trim();
        if let Some(name) = line.strip_prefix('[') {
            let name = name.split(']').next().unwrap_or(name);
            section = name.trim_start_matches('[').trim().to_string();
        } else if let Some((key, value)) = line.split_once('=') {
            if !line.starts_with('#') {
                let value = value.trim();
                let quoted = ['"', '\''].into_iter().find_map(|quote| {
                    let inner = value.strip_prefix(quote)?;
                    inner.split(quote).next()
                });
                entries.push(Entry {
                    section: section.clone(),
                    key: key.trim().to_string(),
                    value: quoted.unwrap_or(value).to_string(),
                });
            }
        }
    }
    entries
}

/// `key` of the `[workspace.package]` that `folder` is in.
fn from_workspace(folder: &Path, key: &str) -> Option<String> {
    folder.ancestors().skip(1).find_map(|folder| {
        let text = fs::read_to_string(folder.join("Cargo.toml")).ok()?;
        let mut entries = entries(&text).into_iter();
        let found = entries.find(|e| e.section == "workspace.package" && e.key == key);
        found.map(|entry| entry.value)
    })
}

/// The root file of the program that is run by `cargo run`: `src/main.rs`, or else the only one in
/// `src/bin`.
fn program(folder: &Path) -> PathBuf {
    let main = folder.join("src/main.rs");
    let others = fs::read_dir(folder.join("src/bin")).into_iter().flatten();
    let mut others = others.flatten().map(|entry| entry.path());
    match (others.next(), others.next()) {
        (Some(only), None) if !main.is_file() => match only.is_dir() {
            true => only.join("main.rs"),
            false => only,
        },
        _ => main,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_matters() {
        let text = "[package]\nname = \"a-b\" # why\nedition.workspace = true\n\
                    [[bin]]\npath = 'src/x.rs'\n[dependencies]\nrand = \"1\"\n\
                    serde.workspace = true\n[dependencies.tokio]\nversion = \"1\"\n\
                    [dev-dependencies]\ninsta = \"1\"\n";
        let entries = entries(text);
        let shown: Vec<String> = entries
            .iter()
            .map(|e| format!("{}/{}/{}", e.section, e.key, e.value))
            .collect();
        assert_eq!(shown[0], "package/name/a-b");
        assert_eq!(shown[1], "package/edition.workspace/true");
        assert_eq!(shown[2], "bin/path/src/x.rs");
        let others: Vec<String> = entries.iter().filter_map(Entry::dependency).collect();
        assert_eq!(others, ["rand", "serde", "tokio"]);
    }

    #[test]
    fn a_folder_without_a_crate_is_refused() {
        let refusal = Crate::read(Path::new("no/such/folder")).unwrap_err();
        assert!(matches!(refusal, Refusal::NotACrate { .. }));
    }
}
