//! An assignment: a folder that a teacher makes a template of, with one exercise at its root and
//! everything in it that checks it.
//!
//! The command comes along as source, in the hidden folder [`TOOLS`], rather than from an address: so
//! an assignment needs no network and no account, is graded tomorrow as it was today, and no address
//! of this repository, which may have many copies, is written into it. It is a copy of those of our
//! crates that the command needs, with the listing that the exercise starts from, and of the listing
//! that solves it nothing but the facts in its `Cargo.toml`.

use crate::{
    Error, Result, cargo,
    catalogue::{self, Listing},
    exercises::Exercise,
    read, root,
};
use std::{
    collections::BTreeSet,
    fs,
    path::{Path, PathBuf},
};

/// The folder with the command, inside an assignment. It is hidden, so it is no part of the crate that
/// is checked.
pub const TOOLS: &str = ".listings";

/// The command with which the workflow of an assignment grades it.
pub fn grading(exercise: &Exercise, points: usize) -> String {
    let name = &exercise.name;
    format!("cargo listings check . --as {name} --points {points}")
}

/// Makes the assignment in a new folder.
///
/// Refuses a folder that is there already.
pub fn make(folder: &Path, exercise: &Exercise, points: usize) -> Result<()> {
    let shown = folder.display();
    let parent = folder.parent().map_or(Ok(()), fs::create_dir_all);
    parent
        .and_then(|()| fs::create_dir(folder))
        .map_err(|error| {
            Error::new(match error.kind() {
                std::io::ErrorKind::AlreadyExists => {
                    format!(
                        "{shown} is there already; move it away, or name another folder with --into"
                    )
                }
                _ => format!("cannot make {shown}: {error}"),
            })
        })?;
    for (file, text) in files(exercise, points)? {
        let path = folder.join(file);
        path.parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, text))
            .map_err(|error| Error::new(format!("cannot write {}: {error}", path.display())))?;
    }
    let mut lock = cargo::command();
    lock.current_dir(folder.join(TOOLS))
        .args(["generate-lockfile", "--offline"]);
    let output = cargo::run(&mut lock)?;
    match output.status.success() {
        true => Ok(()),
        false => {
            let said = String::from_utf8_lossy(&output.stderr);
            Err(Error::new(format!(
                "cargo can't build {shown}/{TOOLS}: {said}"
            )))
        }
    }
}

/// The files of an assignment: the path in the folder, and the text.
fn files(exercise: &Exercise, points: usize) -> Result<Vec<(PathBuf, String)>> {
    let template = |file: &str| {
        let text = read(&root().join("scripts/listings/assignment").join(file))?;
        Ok(text
            .replace("EXERCISE", &exercise.name)
            .replace("POINTS", &points.to_string()))
    };
    let task = exercise.task()?;
    let mut files = vec![
        (
            "README.md".into(),
            template("README.md")?.replace("TASK", &task),
        ),
        (".gitignore".into(), template("gitignore")?),
        (
            ".gitattributes".into(),
            format!("* text=auto eol=lf\n{TOOLS}/** linguist-vendored\n"),
        ),
        (
            ".github/workflows/classroom.yml".into(),
            template("classroom.yml")?,
        ),
        (
            ".devcontainer/devcontainer.json".into(),
            read(&root().join(".devcontainer/devcontainer.json"))?,
        ),
        (
            ".cargo/config.toml".into(),
            // Cargo would take the commands of two assignments in one target folder for one.
            format!(
                "[alias]\nlistings = \"run --quiet --locked --manifest-path {TOOLS}/Cargo.toml \
                 --target-dir {TOOLS}/target --package listings --\"\n"
            ),
        ),
    ];
    for (file, text) in exercise.files()? {
        if file != "TASK.md" {
            files.push((file.into(), text));
        }
    }
    for (file, text) in tools(exercise)? {
        files.push((Path::new(TOOLS).join(file), text));
    }
    Ok(files)
}

/// The command as source, and what it needs to know of the listings.
fn tools(exercise: &Exercise) -> Result<Vec<(PathBuf, String)>> {
    let workspace = read(&root().join("Cargo.toml"))?;
    // What is left of it is what all our crates share.
    let shared = without(&workspace, |name| {
        ["workspace", "workspace.dependencies", "patch.crates-io"].contains(&name)
    });
    let workspace = format!("[workspace]\nresolver = \"3\"\nmembers = [\"scripts/*\"]\n\n{shared}");
    let mut files = vec![("Cargo.toml".into(), workspace)];
    for name in needed("listings")? {
        let folder = Path::new("scripts").join(&name);
        let manifest = read(&root().join(&folder).join("Cargo.toml"))?;
        // Tests are not taken along.
        let manifest = without(&manifest, |name| name == "dev-dependencies");
        files.push((folder.join("Cargo.toml"), manifest));
        // A crate's front page may be its documentation.
        let page = folder.join("README.md");
        if root().join(&page).is_file() {
            files.push((page.clone(), read(&root().join(&page))?));
        }
        copy(&folder.join("src"), &mut files)?;
    }
    let text = format!("scripts/listings/exercises/{}.md", exercise.name);
    files.push((text.clone().into(), read(&root().join(text))?));

    let listing = |listing: &Listing| Path::new("listings").join(&listing.name);
    let start = listing(&exercise.start);
    for part in ["Cargo.toml", "src", catalogue::TESTS] {
        copy(&start.join(part), &mut files)?;
    }
    if let Some(solution) = &exercise.solution {
        copy(&listing(solution).join("Cargo.toml"), &mut files)?;
    }
    Ok(files)
}

/// Our crates that a crate needs, and that crate itself.
fn needed(first: &str) -> Result<BTreeSet<String>> {
    let mut needed = BTreeSet::new();
    let mut todo = vec![first.to_string()];
    while let Some(name) = todo.pop() {
        let manifest = read(&root().join("scripts").join(&name).join("Cargo.toml"))?;
        let manifest = without(&manifest, |name| name == "dev-dependencies");
        let beside = |line: &str| {
            Some(
                line.split_once("path = \"../")?
                    .1
                    .split('"')
                    .next()?
                    .to_string(),
            )
        };
        if needed.insert(name) {
            todo.extend(manifest.lines().filter_map(beside));
        }
    }
    Ok(needed)
}

/// A manifest without those of its sections whose names are not `wanted`, and without comments, which
/// speak of this repository.
fn without(manifest: &str, unwanted: impl Fn(&str) -> bool) -> String {
    let mut text = String::new();
    let mut keep = true;
    for line in manifest.lines().filter(|line| !line.starts_with('#')) {
        if let Some(name) = line.strip_prefix('[').and_then(|l| l.strip_suffix(']')) {
            keep = !unwanted(name);
        }
        if keep {
            text += line;
            text += "\n";
        }
    }
    text
}

/// Adds a file of this repository, or the files of a folder, by their paths in it; nothing where there
/// is none.
fn copy(path: &Path, files: &mut Vec<(PathBuf, String)>) -> Result<()> {
    let from = root().join(path);
    if from.is_dir() {
        let unreadable = |error| {
            Error::new(format!(
                "cannot read the folder {}: {error}",
                from.display()
            ))
        };
        for entry in fs::read_dir(&from).map_err(unreadable)? {
            copy(&path.join(entry.map_err(unreadable)?.file_name()), files)?;
        }
    } else if from.is_file() {
        files.push((path.to_path_buf(), read(&from)?));
    }
    Ok(())
}
