//! What Cargo says of a package: `cargo metadata`, without building anything.

use crate::guard;
use interleave::json::Json;
use std::collections::BTreeSet;
use std::env;
use std::path::{Path, PathBuf};

/// A package as Cargo knows it.
#[derive(Clone, Debug)]
pub struct Package {
    json: Json,
    /// The folder of the workspace that it is in; its own, if it is in none.
    pub root: PathBuf,
    /// Where it was copied to and from, if Cargo was asked about a copy.
    moved: Option<(PathBuf, PathBuf)>,
}

/// A target of a package: a library or a program.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Target {
    /// Its name.
    pub name: String,
    /// Its kind: `lib`, `bin` or `custom-build`.
    pub kind: String,
    /// Its root file.
    pub root: PathBuf,
    /// Its edition.
    pub edition: String,
    required: Vec<String>,
}

impl Target {
    /// Whether it is a library.
    pub fn is_lib(&self) -> bool {
        self.kind != "bin"
    }

    /// Its name as the compiler has it.
    pub fn crate_name(&self) -> String {
        self.name.replace('-', "_")
    }
}

/// The packages of the workspace that a manifest is in. Refuses what Cargo refuses, in its words.
pub fn ask(manifest: &Path) -> Result<Vec<Package>, String> {
    let mut command = guard::command(env::var_os("CARGO").unwrap_or("cargo".into()));
    command.args([
        "metadata",
        "--no-deps",
        "--offline",
        "--format-version",
        "1",
        "--manifest-path",
    ]);
    command.arg(manifest).env("CARGO_TERM_COLOR", "never");
    let output =
        guard::output(&mut command).map_err(|error| format!("Cargo can't be run ({error})"))?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(format!(
            "Cargo can't read its Cargo.toml:\n{}",
            said.trim_end()
        ));
    }
    let said = String::from_utf8_lossy(&output.stdout);
    let json = Json::parse(&said)?;
    let root = PathBuf::from(text_of(&json, "workspace_root"));
    let packages = list(&json, "packages").iter();
    Ok(packages
        .map(|json| Package {
            json: json.clone(),
            root: root.clone(),
            moved: None,
        })
        .collect())
}

/// The text of a member; an empty one if there is none.
fn text_of<'a>(json: &'a Json, key: &str) -> &'a str {
    json.get(key).and_then(Json::as_text).unwrap_or_default()
}

/// The list of a member; an empty one if there is none.
fn list<'a>(json: &'a Json, key: &str) -> &'a [Json] {
    json.get(key).and_then(Json::as_list).unwrap_or_default()
}

/// The texts in a list.
fn texts(json: &Json) -> Vec<String> {
    let texts = json
        .as_list()
        .unwrap_or_default()
        .iter()
        .filter_map(Json::as_text);
    texts.map(str::to_string).collect()
}

/// What Cargo says of a package that lies in the folder of a workspace and is none of its members,
/// so that it has to be built elsewhere.
pub const ASTRAY: &str = "believes it's in a workspace when it's not";

impl Package {
    /// The same package, of which `copy` is a copy of `folder`.
    pub fn moved(self, copy: &Path, folder: &Path) -> Package {
        Package {
            moved: Some((copy.to_path_buf(), folder.to_path_buf())),
            ..self
        }
    }

    /// Its folder; if it was copied, the one that it was copied from.
    pub fn folder(&self) -> PathBuf {
        self.home(self.manifest())
            .parent()
            .unwrap_or(Path::new(""))
            .to_path_buf()
    }

    /// The path of one of its files where it was copied from.
    fn home(&self, path: PathBuf) -> PathBuf {
        let Some((copy, folder)) = &self.moved else {
            return path;
        };
        path.strip_prefix(copy)
            .map(|inside| folder.join(inside))
            .unwrap_or(path)
    }

    /// Its manifest.
    pub fn manifest(&self) -> PathBuf {
        PathBuf::from(text_of(&self.json, "manifest_path"))
    }

    /// A text of its `[package]`: `name`, `version`, `edition`.
    pub fn text(&self, key: &str) -> String {
        text_of(&self.json, key).to_string()
    }

    /// Its features, each with those that it turns on.
    pub fn features(&self) -> Vec<(String, Vec<String>)> {
        match self.json.get("features") {
            Some(Json::Object(features)) => {
                let own = |(name, on): &(String, Json)| (name.clone(), texts(on));
                features.iter().map(own).collect()
            }
            _ => Vec::new(),
        }
    }

    /// The features that are on when none is asked for.
    fn default_features(&self) -> BTreeSet<String> {
        let features = self.features();
        let mut on = BTreeSet::new();
        let mut todo = vec!["default".to_string()];
        while let Some(name) = todo.pop() {
            if let Some((_, more)) = features.iter().find(|(own, _)| *own == name) {
                if on.insert(name) {
                    todo.extend(more.iter().cloned());
                }
            }
        }
        on
    }

    /// The names under which it uses other crates, on whatever system.
    pub fn others(&self) -> Vec<String> {
        self.dependencies()
            .map(|one| {
                let renamed = one.get("rename").and_then(Json::as_text);
                renamed.unwrap_or(text_of(one, "name")).to_string()
            })
            .collect::<BTreeSet<String>>()
            .into_iter()
            .collect()
    }

    /// Whether the crate of this name is among them, and under this name.
    pub fn uses(&self, name: &str) -> bool {
        self.dependencies().any(|one| {
            let renamed = one.get("rename").and_then(Json::as_text).is_some();
            text_of(one, "name") == name && !renamed
        })
    }

    fn dependencies(&self) -> impl Iterator<Item = &Json> {
        let used = list(&self.json, "dependencies").iter();
        used.filter(|one| one.get("kind").is_none_or(|kind| *kind == Json::Null))
    }

    fn targets(&self) -> Vec<Target> {
        let target = |json: &Json| {
            let kinds = json.get("kind").map_or(Vec::new(), texts);
            let kind = kinds
                .iter()
                .find(|kind| ["bin", "custom-build"].contains(&kind.as_str()));
            let builds = kind.is_some() || kinds.iter().any(|kind| kind.ends_with("lib"));
            builds.then(|| Target {
                name: text_of(json, "name").to_string(),
                kind: kind.map_or("lib", String::as_str).to_string(),
                root: self.home(PathBuf::from(text_of(json, "src_path"))),
                edition: text_of(json, "edition").to_string(),
                required: json.get("required-features").map_or(Vec::new(), texts),
            })
        };
        list(&self.json, "targets")
            .iter()
            .filter_map(target)
            .collect()
    }

    /// Its library, if it has one.
    pub fn lib(&self) -> Option<Target> {
        self.targets()
            .into_iter()
            .find(|target| target.kind == "lib")
    }

    /// Whether it has a build script.
    pub fn has_build_script(&self) -> bool {
        self.targets()
            .iter()
            .any(|target| target.kind == "custom-build")
    }

    /// The program that `cargo run` runs, if there is one. Refuses several of which it would run
    /// none, and one that is built with a feature only.
    pub fn program(&self) -> Result<Option<Target>, String> {
        let on = self.default_features();
        let programs: Vec<Target> = self
            .targets()
            .into_iter()
            .filter(|t| t.kind == "bin")
            .collect();
        let (mut open, gated): (Vec<Target>, Vec<Target>) = programs
            .into_iter()
            .partition(|target| target.required.iter().all(|feature| on.contains(feature)));
        if let Some(name) = self.json.get("default_run").and_then(Json::as_text) {
            open.retain(|target| target.name == name);
            return Ok(open.pop());
        }
        // Cargo would ask which one; the main one is a good guess.
        let main = open
            .iter()
            .position(|target| target.root.ends_with("src/main.rs"));
        if let Some(main) = main {
            return Ok(Some(open.swap_remove(main)));
        }
        match (open.len(), gated.is_empty()) {
            (0, true) => Ok(None),
            (0, false) => Err("its program is built with a feature only".to_string()),
            (1, _) => Ok(open.pop()),
            _ => {
                let names: Vec<&str> = open.iter().map(|target| target.name.as_str()).collect();
                Err(format!(
                    "it has several programs: {}; `default-run` in its Cargo.toml says which one is meant",
                    names.join(", ")
                ))
            }
        }
    }
}
