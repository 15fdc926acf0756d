//! What a pool costs before it does anything: the crates that it brings, and the time to build
//! them for the first time.

use std::{
    collections::BTreeSet,
    env, fs, io,
    path::{Path, PathBuf},
    process::{self, Command, Output, Stdio},
    time::{Duration, Instant},
};

/// The package behind the name of a pool.
fn package(name: &str) -> &str {
    match name {
        "ours" => "listing-2021-20-25",
        name => name,
    }
}

fn cargo(words: &[&str]) -> io::Result<Output> {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR")).join("Cargo.toml");
    let output = Command::new(env::var_os("CARGO").unwrap_or("cargo".into()))
        .args(words)
        .args(["--locked", "--offline", "--manifest-path"])
        .arg(manifest)
        .stdin(Stdio::null())
        .output()?;
    match output.status.success() {
        true => Ok(output),
        false => Err(io::Error::other(String::from_utf8_lossy(&output.stderr))),
    }
}

/// The number of crates that have to be built for it, itself included.
pub fn crates(name: &str) -> io::Result<usize> {
    let tree = "tree --edges normal,build --prefix none --format {p}";
    let mut words: Vec<&str> = tree.split(' ').collect();
    words.extend(["--package", package(name)]);
    let output = cargo(&words)?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let packages: BTreeSet<&str> = text
        .lines()
        .map(|line| line.trim_end_matches(" (*)"))
        .filter(|line| !line.is_empty())
        .collect();
    Ok(packages.len())
}

/// How long a first build takes: the shorter of two, each into an empty folder of its own.
pub fn first_build(name: &str) -> io::Result<Duration> {
    let mut shortest = Duration::MAX;
    for _ in 0..2 {
        let target = Fresh::new()?;
        let folder = target.0.to_string_lossy().into_owned();
        let start = Instant::now();
        cargo(&[
            "build",
            "--release",
            "--lib",
            "--target-dir",
            &folder,
            "-p",
            package(name),
        ])?;
        shortest = shortest.min(start.elapsed());
    }
    Ok(shortest)
}

/// A new empty folder, which goes when it is dropped.
struct Fresh(PathBuf);

impl Fresh {
    fn new() -> io::Result<Fresh> {
        for number in 0.. {
            let folder =
                env::temp_dir().join(format!("compare-{}-{number}", process::id()));
            match fs::create_dir(&folder) {
                Ok(()) => return Ok(Fresh(folder)),
                Err(error) if error.kind() == io::ErrorKind::AlreadyExists => continue,
                Err(error) => return Err(error),
            }
        }
        Err(io::Error::other("there is no name left for a folder"))
    }
}

impl Drop for Fresh {
    fn drop(&mut self) {
        if let Err(error) = fs::remove_dir_all(&self.0) {
            eprintln!("cannot remove {}: {error}", self.0.display());
        }
    }
}
