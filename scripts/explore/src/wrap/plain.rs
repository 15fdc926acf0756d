//! A crate as its author has it, with the real `std` and no other crate, for the
//! compiler to say what is wrong with it: in the words, and with the paths, that
//! its author would get.

use super::files;
use super::manifest::Crate;
use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// Makes `into` a copy of the crate that stands on its own.
pub fn write(found: &Crate, into: &Path) -> io::Result<()> {
    let manifest = manifest(found);
    files::copy(
        &found.folder,
        into,
        &|file, content| match file == Path::new("Cargo.toml") {
            true => manifest.clone().into_bytes(),
            false => content,
        },
    )
}

fn manifest(found: &Crate) -> String {
    let inside = |root: &Path| {
        let root = root.strip_prefix(&found.folder).unwrap_or(root);
        super::path(root)
    };
    let Crate {
        name,
        version,
        edition,
        ..
    } = found;
    let mut text = format!(
        "[package]\nname = {name:?}\nversion = {version:?}\nedition = {edition:?}\n\
         autobins = false\nautoexamples = false\nautotests = false\nautobenches = false\n\
         build = false\n\n[features]\n"
    );
    for feature in &found.features {
        let _ = writeln!(text, "{feature} = []");
    }
    if let Some((name, root)) = &found.lib {
        let root = inside(root);
        let _ = write!(text, "\n[lib]\nname = {name:?}\npath = {root}\n");
    }
    if let Some(root) = &found.main {
        let root = inside(root);
        let _ = write!(text, "\n[[bin]]\nname = {name:?}\npath = {root}\n");
    }
    text + "\n[workspace]\n"
}

/// What Cargo said of such a copy, without its progress and without the folder of the copy.
pub fn words(said: &str, folder: &Path) -> String {
    let progress = [
        "Checking ",
        "Compiling ",
        "Finished ",
        "Locking ",
        "Updating ",
    ];
    let is_progress = |line: &&str| {
        let line = line.trim_start();
        progress.iter().any(|verb| line.starts_with(verb))
    };
    let folder = format!("{}{}", folder.display(), std::path::MAIN_SEPARATOR);
    let lines = said.lines().filter(|line| !is_progress(line));
    let lines = lines.map(|line| line.replace(&folder, "") + "\n");
    lines.collect()
}
