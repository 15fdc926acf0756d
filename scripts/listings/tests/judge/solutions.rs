//! Reads what students hand in, and makes a crate of each.
//!
//! A file `solutions/NAME.rs` is the `src/lib.rs` of a crate. Its first lines say in a comment what
//! the student did, by which exercise it is judged, and what the verdict must be:
//!
//! ```text
//! // One loop: send a message, join that worker.
//! // exercise: 20-25
//! // verdict: drop-returns fails: ends in a deadlock
//! ```
//!
//! or `holds`, or `compiles unjudged: ` and a part of the reason. A line `// file: src/worker.rs` begins another file of the same crate.

use explore::wrap;
use listings::{
    check::{Judgement, Ruling},
    exercises::{self, Exercise, Goal},
};
use std::{
    collections::BTreeSet,
    fmt::Write,
    fs,
    io::{self, Write as _},
    path::{Path, PathBuf},
};

/// The verdict that a solution must get.
#[derive(Debug)]
pub enum Verdict {
    Holds,
    /// The key of the first check that fails, and a part of what is said of it.
    Fails(String, String),
    /// The key of the check that can't be judged, and a part of the reason.
    Unjudged(String, String),
}

impl Verdict {
    /// Refuses a line that it doesn't understand.
    pub fn read(text: &str) -> Option<Verdict> {
        if text == "holds" {
            return Some(Verdict::Holds);
        }
        if let Some((key, part)) = text.split_once(" unjudged: ") {
            return Some(Verdict::Unjudged(key.to_string(), part.to_string()));
        }
        let (key, part) = text.split_once(" fails: ")?;
        Some(Verdict::Fails(key.to_string(), part.to_string()))
    }

    /// Why a judgement is another than this one, if it is.
    pub fn differs(&self, judgement: &Judgement) -> Option<String> {
        let (expected, agrees) = match (self, judgement.failure()) {
            (Verdict::Holds, _) => ("holds".to_string(), judgement.holds()),
            (Verdict::Unjudged(key, part), _) => {
                let agrees = judgement
                    .unjudged()
                    .is_some_and(|(check, why)| check.goal.key() == key && why.contains(part));
                (format!("{key} unjudged: {part}"), agrees)
            }
            (Verdict::Fails(key, part), failure) => {
                let agrees = failure.is_some_and(|check| {
                    let text = match &check.ruling {
                        Ruling::Fails(text) => text.as_str(),
                        _ => "",
                    };
                    check.goal.key() == key && text.contains(part.as_str())
                });
                (format!("{key} fails: {part}"), agrees)
            }
        };
        (!agrees).then(|| format!("expected: {expected}\n{}", shown(judgement)))
    }
}

/// A whole judgement as text.
pub fn shown(judgement: &Judgement) -> String {
    let mut text = String::new();
    for check in &judgement.checks {
        let (word, detail) = match &check.ruling {
            Ruling::Holds(detail) => ("holds", detail.as_str()),
            Ruling::Fails(detail) => ("FAILS", detail.as_str()),
            Ruling::Unjudged(detail) => ("CAN'T BE JUDGED", detail.as_str()),
            Ruling::Skipped => ("is not looked at", ""),
        };
        let _ = writeln!(text, "  {} {word}: {detail}", check.goal.key());
    }
    text
}

/// What a student hands in.
pub struct Solution {
    pub name: String,
    pub exercise: Exercise,
    pub verdict: Verdict,
    /// Where its crate is.
    pub folder: PathBuf,
}

/// Every solution, each written as a crate of its own.
///
/// Those that say in a line `// slow: ` why they take long are left out, and that is said, unless the
/// environment variable `TEST_ALL` is set.
pub fn all() -> Vec<Solution> {
    let files = files();
    let (slow, quick): (Vec<&PathBuf>, Vec<&PathBuf>) = files.iter().partition(is_slow);
    let tested = match std::env::var_os("TEST_ALL") {
        Some(_) => files.iter().collect(),
        None => {
            // The harness would hide a print.
            let _ = writeln!(
                io::stderr(),
                "skipped: {} of {} solutions, which take long; with TEST_ALL=1 none is",
                slow.len(),
                files.len()
            );
            quick
        }
    };
    tested.into_iter().map(|file| solution(file)).collect()
}

/// The files of all solutions, in order.
fn files() -> Vec<PathBuf> {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge/solutions");
    let mut files: Vec<PathBuf> = fs::read_dir(folder)
        .expect("the folder is there")
        .map(|entry| entry.expect("it can be read").path())
        .collect();
    files.sort();
    files
}

fn is_slow(file: &&PathBuf) -> bool {
    let text = fs::read_to_string(file).expect("it can be read");
    text.lines().any(|line| line.starts_with("// slow: "))
}

/// What is left out of most runs has its like in every run: each goal that a solution misses, or
/// that can't be judged of it, is missed by a quick one, too.
#[test]
fn every_kind_of_verdict_has_a_quick_solution() {
    let kind = |file: &PathBuf| {
        let text = fs::read_to_string(file).expect("it can be read");
        let verdict = text
            .lines()
            .find_map(|line| line.strip_prefix("// verdict: "));
        let verdict = verdict.expect("it has a verdict");
        let words = verdict.split(':').next().unwrap_or(verdict);
        words.to_string()
    };
    let files = files();
    let all: BTreeSet<String> = files.iter().map(kind).collect();
    let quick = files.iter().filter(|file| !is_slow(file));
    let quick: BTreeSet<String> = quick.map(kind).collect();
    assert_eq!(all, quick);
}

fn solution(file: &Path) -> Solution {
    let name = file.file_stem().unwrap_or_default().to_string_lossy();
    let text = fs::read_to_string(file).expect("it can be read");
    let text = text.replace("\r\n", "\n");
    let said = |what: &str| {
        let head = text.lines().take_while(|line| line.starts_with("//"));
        head.filter_map(|line| line.strip_prefix(&format!("// {what}: ")))
            .next()
            .unwrap_or_else(|| panic!("{name} does not say `// {what}: …` at its top"))
    };
    let exercise = exercises::named(said("exercise")).expect("an exercise");
    let Some(verdict) = Verdict::read(said("verdict")) else {
        panic!("{name} has a verdict that can't be read");
    };
    let mut parts = text.split("\n// file: ");
    let library = parts.next().unwrap_or_default();
    let mut crate_files = vec![("Cargo.toml", manifest(&name))];
    // A crate may be nothing but a program.
    if library.lines().any(|line| !line.starts_with("//")) {
        crate_files.push(("src/lib.rs", format!("{library}\n")));
    }
    for part in parts {
        let (path, content) = part.split_once('\n').unwrap_or((part, ""));
        crate_files.retain(|(other, _)| *other != path);
        crate_files.push((path, content.to_string()));
    }
    if exercise.goals.contains(&Goal::ServesTwo) && !text.contains("\n// file: src/main.rs\n") {
        crate_files.push(("src/main.rs", program(&exercise, &name)));
    }
    let folder = wrap::folder("students").join(&*name);
    write(&folder, &crate_files);
    Solution {
        name: name.to_string(),
        exercise,
        verdict,
        folder,
    }
}

/// The program that a student starts from.
fn program(exercise: &Exercise, name: &str) -> String {
    let files = exercise.files().expect("it has files");
    let found = files.iter().find(|(path, _)| *path == "src/main.rs");
    let library = format!("practice_{}::", exercise.name.replace('-', "_"));
    let own = format!("{}::", name.replace('-', "_"));
    found
        .map(|(_, text)| text.replace(&library, &own))
        .expect("it has a program")
}

fn manifest(name: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n"
    )
}

/// Writes a crate. What is there already is left alone: Cargo takes a new file for a changed one.
pub fn write(folder: &Path, files: &[(&str, String)]) {
    for (path, content) in files {
        let path = folder.join(path);
        if fs::read_to_string(&path).is_ok_and(|old| old == *content) {
            continue;
        }
        fs::create_dir_all(path.parent().expect("it is in a folder"))
            .expect("the folder can be made");
        fs::write(&path, content).expect("it can be written");
    }
}
