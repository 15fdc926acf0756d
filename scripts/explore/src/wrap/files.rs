//! Files that are written only if they change, and at one go: a reader finds
//! the old file or the new one, never half of one.

use std::collections::BTreeSet;
use std::fs;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::io;
use std::path::{Path, PathBuf};
use std::process;
use std::sync::atomic::{AtomicUsize, Ordering};

/// How many files a crate may have before copying it looks like a mistake.
const FILES: usize = 5_000;

/// Makes the file at `path` hold `content`. Leaves a file alone that does.
pub fn write(path: &Path, content: &[u8]) -> io::Result<()> {
    static COUNT: AtomicUsize = AtomicUsize::new(0);
    if fs::read(path).is_ok_and(|old| old == content) {
        return Ok(());
    }
    if let Some(folder) = path.parent() {
        fs::create_dir_all(folder)?;
    }
    let number = COUNT.fetch_add(1, Ordering::Relaxed);
    let temporary = path.with_extension(format!("{}-{number}.new", process::id()));
    fs::write(&temporary, content)?;
    fs::rename(&temporary, path).inspect_err(|_| {
        let _ = fs::remove_file(&temporary);
    })
}

/// Makes `to` a copy of the crate in `from`, without what isn't source: hidden
/// files and `target`. `change` may change a file's content; it is given the path
/// inside the crate.
pub fn copy(from: &Path, to: &Path, change: &dyn Fn(&Path, Vec<u8>) -> Vec<u8>) -> io::Result<()> {
    let wanted = files(from)?;
    for file in &wanted {
        let content = change(file, fs::read(from.join(file))?);
        write(&to.join(file), &content)?;
    }
    for old in files(to).unwrap_or_default() {
        let being_written = old.extension().is_some_and(|e| e == "new");
        if !wanted.contains(&old) && !being_written {
            fs::remove_file(to.join(old))?;
        }
    }
    Ok(())
}

/// A short text that stands for what the files of the crate in `folder` hold:
/// another one if a byte of them differs, the same one whenever they were saved.
///
/// Hidden files and the crate's own `target` don't count. Refuses a folder that
/// can't be read, or that holds thousands of files.
pub fn content(folder: &Path) -> io::Result<String> {
    let mut hasher = DefaultHasher::new();
    for file in files(folder)? {
        match fs::read(folder.join(&file)) {
            Ok(bytes) => (file, bytes).hash(&mut hasher),
            // An editor may be saving it, by putting another file in its place.
            Err(error) if error.kind() == io::ErrorKind::NotFound => (),
            Err(error) => return Err(error),
        }
    }
    Ok(format!("{:016x}", hasher.finish()))
}

/// What the source files of the crate in `folder` hold, by their paths inside it: not its tests,
/// examples and build script, and no other crate that is in there.
pub fn sources(folder: &Path) -> io::Result<Vec<(PathBuf, String)>> {
    let elsewhere = ["tests", "examples", "benches", "build.rs"];
    let mut sources = Vec::new();
    for file in files(folder)? {
        let rust = file.extension().is_some_and(|extension| extension == "rs");
        let other = elsewhere.iter().any(|name| file.starts_with(name));
        let inner = file
            .ancestors()
            .skip(1)
            .filter(|inner| !inner.as_os_str().is_empty());
        let of_another = || {
            inner
                .clone()
                .any(|inner| folder.join(inner).join("Cargo.toml").is_file())
        };
        if rust && !other && !of_another() {
            let text = fs::read(folder.join(&file))?;
            sources.push((file, String::from_utf8_lossy(&text).into_owned()));
        }
    }
    Ok(sources)
}

/// The files of a crate, as paths inside its folder.
fn files(folder: &Path) -> io::Result<BTreeSet<PathBuf>> {
    let mut files = BTreeSet::new();
    let mut todo = vec![PathBuf::new()];
    while let Some(inside) = todo.pop() {
        for entry in fs::read_dir(folder.join(&inside))? {
            let name = entry?.file_name();
            let at_top = inside.as_os_str().is_empty();
            if name.to_string_lossy().starts_with('.') || at_top && name == "target" {
                continue;
            }
            let path = inside.join(&name);
            // A link counts as what it leads to; one that leads nowhere, as nothing.
            match fs::metadata(folder.join(&path)) {
                Ok(data) if data.is_dir() => todo.push(path),
                Ok(data) if data.is_file() => drop(files.insert(path)),
                _ => (),
            }
        }
        if files.len() + todo.len() > FILES {
            return Err(io::Error::other(format!(
                "it holds more than {FILES} files"
            )));
        }
    }
    Ok(files)
}
