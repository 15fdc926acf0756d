//! The folder that a student practises in: made once, made anew on demand, and nothing lost.
//!
//! Only what `practise` made is ever replaced, and what is replaced is kept: it moves to a folder
//! beside. Which files those are is in a record in the folder, and a folder without one is nobody's
//! business but its owner's.

use crate::{
    Error, Result,
    catalogue::TESTS,
    exercises::{self, Exercise},
    root,
};
use std::{
    env, fs,
    io::{ErrorKind, Write},
    path::{Component, Path, PathBuf},
};

/// The file that says which files of the folder `practise` made.
const RECORD: &str = ".practise";

/// The file in which `check` counts the hints that it gave.
pub const HINTS: &str = ".hints";

/// The file that says that all of it has held once.
const DONE: &str = ".done";

/// The file by which `cargo listings` works in the folder, too.
const CONFIG: &str = ".cargo/config.toml";

/// All that a record may name.
const FILES: [&str; 8] = [
    CONFIG,
    "Cargo.toml",
    "TASK.md",
    "src/lib.rs",
    "src/main.rs",
    TESTS,
    HINTS,
    DONE,
];

/// What `check` and `watch` write, and `make` doesn't.
const LATER: [&str; 2] = [HINTS, DONE];

/// A file's path in the folder, and its text.
type File = (&'static str, String);

/// How far a student is with an exercise.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// There is no folder for it yet.
    New,
    /// There is one.
    Begun,
    /// All of it has held once.
    Done,
}

/// The folder in which an exercise is worked on unless another one is named.
pub fn place(exercise: &Exercise) -> PathBuf {
    root().join("practice").join(&exercise.name)
}

/// How far the student is in a folder.
pub fn state(folder: &Path) -> State {
    match (folder.join(RECORD).is_file(), folder.join(DONE).is_file()) {
        (false, _) => State::New,
        (true, false) => State::Begun,
        (true, true) => State::Done,
    }
}

/// Keeps in mind that all of it holds. Any folder but one that [`make`] made is left alone.
pub fn done(folder: &Path) {
    if state(folder) == State::Begun {
        // Without it the list of exercises is less helpful, and no more.
        let _ = fs::write(folder.join(DONE), "All of it has held.\n");
    }
}

/// The exercise to go on with: the first one that is begun and not done, or else the first new one.
pub fn next() -> Result<Option<(Exercise, State)>> {
    let mut new = None;
    for exercise in exercises::all()? {
        match state(&place(&exercise)) {
            State::Begun => return Ok(Some((exercise, State::Begun))),
            State::New if new.is_none() => new = Some((exercise, State::New)),
            _ => {}
        }
    }
    Ok(new)
}

/// Makes `cargo listings` in a folder call this repository again after one of the two has moved.
pub fn follow(folder: &Path) {
    let record = fs::read_to_string(folder.join(RECORD)).unwrap_or_default();
    let config = folder.join(CONFIG);
    if !record.lines().any(|line| line == CONFIG) {
        return;
    }
    let (Ok(old), new) = (fs::read_to_string(&config), alias(folder)) else {
        return;
    };
    if old != new && old.lines().next() == new.lines().next() {
        let _ = fs::write(config, new);
    }
}

/// Cargo's configuration in which `cargo listings` is this repository's command.
///
/// Cargo takes a text apart where there is a space, and joins a list to the one of a folder above.
fn alias(folder: &Path) -> String {
    let manifest = root().join("Cargo.toml").display().to_string();
    let inside = fs::canonicalize(folder.parent().unwrap_or(folder)).ok();
    let inside =
        inside.is_some_and(|path| fs::canonicalize(root()).is_ok_and(|r| path.starts_with(r)));
    let value = if !manifest.contains(char::is_whitespace) {
        format!(
            "{:?}",
            format!("run --quiet --manifest-path {manifest} --package listings --")
        )
    } else if inside {
        "\"run --quiet --manifest-path ../../Cargo.toml --package listings --\"".to_string()
    } else {
        let words = [
            "run",
            "--quiet",
            "--manifest-path",
            &manifest,
            "--package",
            "listings",
            "--",
        ];
        format!("{words:?}")
    };
    format!(
        "# `cargo listings` works in this folder, too: it is the command of the repository that made it.\n\
         [alias]\nlistings = {value}\n"
    )
}

/// How many hints were given in a folder. Refuses a file that is somebody else's.
pub fn hints_given(folder: &Path) -> Result<usize> {
    let file = folder.join(HINTS);
    let Ok(is) = fs::symlink_metadata(&file) else {
        return Ok(0);
    };
    let text = fs::read_to_string(&file).unwrap_or_default();
    match text.trim().parse() {
        Ok(given) if is.is_file() => Ok(given),
        _ => Err(Error::new(format!(
            "{} is not from this command",
            file.display()
        ))),
    }
}

/// Makes a new folder with these files.
///
/// Refuses one that is there already. `shown` is what the folder is called in a sentence.
pub fn make(folder: &Path, shown: &str, files: &[File]) -> Result<()> {
    if fs::symlink_metadata(folder).is_ok() {
        made_by_us(folder, shown)?;
        return Err(Error::new(format!(
            "{shown} is there already; go on in it, or add --again to start over: what you changed \
             is then kept beside it"
        )));
    }
    let parent = folder.parent().map_or(Ok(()), fs::create_dir_all);
    // It is new, or this fails: `a/../b` may be there even where `a` was not.
    parent
        .and_then(|()| fs::create_dir(folder))
        .map_err(|error| Error::new(format!("cannot make {shown}: {error}")))?;
    write(folder, shown, &with_record(folder, files))
}

/// Makes these files anew, in a folder that was made before, or in a new one. Returns where what
/// they replace is kept, and the names of it, if they replace anything.
///
/// Refuses a folder that wasn't made by [`make`], that holds the current directory or a repository,
/// or in which a file that somebody else made is in the way; then nothing is touched.
pub fn make_again(
    folder: &Path,
    shown: &str,
    files: &[File],
) -> Result<Option<(PathBuf, Vec<&'static str>)>> {
    if fs::symlink_metadata(folder).is_err() {
        make(folder, shown, files)?;
        return Ok(None);
    }
    let mut ours = made_by_us(folder, shown)?;
    ours.push(RECORD);
    let files = with_record(folder, files);
    let anew = |file: &str| files.iter().find(|(name, _)| *name == file);
    for file in FILES {
        let is_ours = ours.contains(&file);
        let wanted = is_ours || anew(file).is_some();
        if wanted && is_plain(folder, file, shown)? && !is_ours {
            return Err(Error::new(format!(
                "{shown}/{file} is not from `practise` and would be replaced, so nothing was \
                 touched; move it away, or name another folder with --into"
            )));
        }
    }
    // What would be made anew as it is stays where it is.
    let same = |file: &str| {
        let text = fs::read_to_string(folder.join(file)).ok();
        anew(file).is_some_and(|(_, wanted)| text.as_ref() == Some(wanted))
    };
    let moved: Vec<&str> = ours
        .into_iter()
        .filter(|file| folder.join(file).is_file() && !same(file))
        .collect();
    let missing: Vec<File> = files.iter().filter(|(f, _)| !same(f)).cloned().collect();
    let kept = match moved.is_empty() {
        true => None,
        false => Some(move_beside(folder, shown, &moved)?),
    };
    write(folder, shown, &missing)?;
    Ok(kept.map(|kept| (kept, moved)))
}

/// The files that `make` made in a folder. Refuses any other folder.
fn made_by_us(folder: &Path, shown: &str) -> Result<Vec<&'static str>> {
    let refuse = |why: &str| {
        Err(Error::new(format!(
            "{shown} {why}, so nothing in it was touched; name another folder with --into"
        )))
    };
    let is = fs::symlink_metadata(folder)
        .map_err(|error| Error::new(format!("cannot look at {shown}: {error}")))?;
    if is.is_symlink() {
        return refuse("is a link");
    }
    if !is.is_dir() {
        return refuse("is a file and no folder");
    }
    if folder.file_name().is_none() {
        return refuse("is not called by its own name");
    }
    let here = |path: &Path| fs::canonicalize(path).ok();
    let real = here(folder);
    let current = env::current_dir().ok().and_then(|path| here(&path));
    let holds = |path: &Option<PathBuf>| match (path, &real) {
        (Some(path), Some(real)) => path.starts_with(real),
        // What can't be known is not risked.
        _ => true,
    };
    if holds(&current) {
        return refuse("holds the current directory");
    }
    if holds(&here(&root())) || fs::symlink_metadata(folder.join(".git")).is_ok() {
        return refuse("holds a repository");
    }
    let record = folder.join(RECORD);
    if !fs::symlink_metadata(&record).is_ok_and(|is| is.is_file()) {
        return refuse("was not made by `practise`");
    }
    let Ok(record) = fs::read_to_string(&record) else {
        return refuse(&format!("has a {RECORD} that can't be read"));
    };
    let mut ours = Vec::new();
    for line in record.lines().filter(|line| !line.starts_with('#')) {
        match FILES.into_iter().find(|file| *file == line) {
            Some(file) => ours.push(file),
            None => {
                return refuse(&format!(
                    "has a {RECORD} that names `{line}`, which `practise` never makes"
                ));
            }
        }
    }
    ours.sort();
    ours.dedup();
    Ok(ours)
}

/// Whether there is such a file. Refuses one that is a link or no file, or is reached by a link.
fn is_plain(folder: &Path, file: &str, shown: &str) -> Result<bool> {
    let mut path = folder.to_path_buf();
    let parts: Vec<Component> = Path::new(file).components().collect();
    for (i, part) in parts.iter().enumerate() {
        path.push(part);
        let is = match fs::symlink_metadata(&path) {
            Ok(is) => is,
            Err(error) if error.kind() == ErrorKind::NotFound => return Ok(false),
            Err(error) => return Err(Error::new(format!("cannot look at {shown}: {error}"))),
        };
        let last = i + 1 == parts.len();
        if is.is_symlink() || is.is_file() != last {
            return Err(Error::new(format!(
                "{} is not what `practise` made there, so nothing was touched; move it away, or \
                 name another folder with --into",
                path.display()
            )));
        }
    }
    Ok(true)
}

/// Moves files of a folder to a new one beside it, and returns that.
fn move_beside(folder: &Path, shown: &str, files: &[&str]) -> Result<PathBuf> {
    let name = folder.file_name().unwrap_or_default().to_string_lossy();
    let mut number = 1;
    let beside = loop {
        let beside = folder.with_file_name(format!("{name}.before-{number}"));
        match fs::create_dir(&beside) {
            Ok(()) => break beside,
            Err(error) if error.kind() == ErrorKind::AlreadyExists => number += 1,
            Err(error) => {
                let beside = beside.display();
                return Err(Error::new(format!("cannot make {beside}: {error}")));
            }
        }
    };
    for file in files {
        let to = beside.join(file);
        let moved = to
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::rename(folder.join(file), &to));
        moved.map_err(|error| {
            let to = to.display();
            Error::new(format!("cannot move {shown}/{file} to {to}: {error}"))
        })?;
    }
    Ok(beside)
}

/// The files with the record of them, which comes first: what is only begun is known, too.
fn with_record(folder: &Path, files: &[File]) -> Vec<File> {
    let mut files = files.to_vec();
    files.push((CONFIG, alias(folder)));
    let mut record =
        "# `cargo listings practise` made these files here. With --again it moves them \
                      aside, and no others.\n"
            .to_string();
    for file in FILES {
        if LATER.contains(&file) || files.iter().any(|(name, _)| *name == file) {
            record += &format!("{file}\n");
        }
    }
    let mut all = vec![(RECORD, record)];
    all.extend(files);
    all
}

/// Writes files that are not there yet.
fn write(folder: &Path, shown: &str, files: &[File]) -> Result<()> {
    for (file, text) in files {
        let path = folder.join(file);
        let written = path
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::File::create_new(&path))
            .and_then(|mut file| file.write_all(text.as_bytes()));
        written.map_err(|error| Error::new(format!("cannot write {shown}/{file}: {error}")))?;
    }
    Ok(())
}
