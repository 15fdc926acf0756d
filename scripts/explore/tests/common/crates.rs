//! Crates that tests write, build and explore.

use explore::wrap::{self, Refusal, Wrapped};
use std::fs;
use std::path::PathBuf;

/// Writes a crate and gives its folder.
pub fn write(name: &str, files: &[(&str, &str)]) -> PathBuf {
    let folder = wrap::folder("wrapping-source").join(name);
    let package = name.rsplit('/').next().unwrap();
    let manifest = format!("[package]\nname = \"{package}\"\nedition = \"2024\"\n");
    let given = files.iter().any(|(path, _)| *path == "Cargo.toml");
    let manifest = [("Cargo.toml", manifest.as_str())];
    let manifest = if given { &[] } else { &manifest[..] };
    for (path, text) in manifest.iter().chain(files) {
        let path = folder.join(path);
        // A file written anew looks changed to Cargo.
        if fs::read_to_string(&path).ok().as_deref() != Some(text) {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, text).unwrap();
        }
    }
    folder
}

/// Builds one crate.
pub fn build(name: &str, files: &[(&str, &str)]) -> Result<Wrapped, Refusal> {
    let folder = write(name, files);
    let into = wrap::folder(&format!("wrapping-{}", name.replace('/', "-")));
    wrap::build(&into, &[folder]).unwrap().remove(0)
}

/// Builds a program of one file.
pub fn program(name: &str, main: &str) -> Result<Wrapped, Refusal> {
    build(name, &[("src/main.rs", main)])
}
