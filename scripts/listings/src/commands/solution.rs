//! What a solution is judged by, as the words after a command say, and what a person is told of it.

use super::{arguments::Arguments, ending::Usage};
use listings::{
    check::{self, Check, Judgement, Options, Ruling, Verdict},
    diff,
    exercises::{self, Exercise},
    terminal::{self, Style, styled},
};
use std::{fmt::Write as _, fs, path::Path};

/// How crates are to be built.
pub fn options(arguments: &Arguments) -> Options {
    let value = |option| arguments.value(option).map(str::to_string);
    Options {
        pool: value("--pool"),
        give: value("--give"),
        allow_unsafe: arguments.has("--allow-unsafe"),
        ..check::options()
    }
}

/// The exercise that `--as` names, or else the folder; any other crate is taken for a whole pool.
pub fn exercise(arguments: &Arguments, folder: &Path) -> Result<Exercise, Usage> {
    if let Some(name) = arguments.value("--as") {
        return exercises::named(name).map_err(|error| Usage::Wrong(error.to_string()));
    }
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let package = manifest
        .lines()
        .find_map(|line| line.strip_prefix("name = \"practice-")?.strip_suffix('"'));
    let name = folder.file_name().map(|name| name.to_string_lossy());
    let found = package
        .and_then(|name| exercises::named(name).ok())
        .or_else(|| name.and_then(|name| exercises::named(&name).ok()));
    match found {
        Some(exercise) => Ok(exercise),
        None => Ok(exercises::named("pool")?),
    }
}

/// The judgement for a person.
pub fn text(folder: &Path, exercise: &Exercise, judgement: &Judgement) -> String {
    let colours = terminal::colours();
    let mut text = format!(
        "{}, checked as the exercise {}\n\n",
        folder.display(),
        exercise.name
    );
    for Check { goal, ruling } in &judgement.checks {
        let (mark, style, detail) = match ruling {
            Ruling::Holds(detail) => ("yes", Style::Green, detail.as_str()),
            Ruling::Fails(detail) => ("NO ", Style::Red, detail.as_str()),
            Ruling::Unjudged(detail) => ("?  ", Style::Red, detail.as_str()),
            Ruling::Skipped => ("-  ", Style::Dim, ""),
        };
        let _ = writeln!(text, "  {}  {}", styled(mark, style, colours), goal.words());
        for line in detail.lines() {
            let _ = writeln!(text, "{}", format!("       {line}").trim_end());
        }
    }
    text += &match judgement.verdict() {
        Verdict::Holds => passed(folder, exercise),
        Verdict::Unjudged => "\nThis can't be judged: it may be right or wrong.\n".to_string(),
        Verdict::Fails => "\nNot yet.\n".to_string(),
    };
    text
}

/// What a student sees who has done it: our own step beside theirs, and what to do next.
fn passed(folder: &Path, exercise: &Exercise) -> String {
    let mut text = String::from("\nAll of it holds.\n");
    if let Some((ours, listing)) = exercise.ours().zip(exercise.solution.as_ref()) {
        match diff::folders(&folder.join("src"), &ours) {
            Ok(diff) if diff.is_empty() => text += "It is our own step to the letter.\n",
            Ok(diff) => {
                let name = &listing.name;
                let _ = write!(text, "\nFrom yours to ours, {name}:\n\n{diff}");
            }
            Err(error) => {
                let _ = writeln!(text, "(No comparison with our own step: {error}.)");
            }
        }
    }
    if let Some(Exercise { name: next, .. }) = next(exercise) {
        let _ = write!(text, "\nNext: cargo listings practise {next}\n");
    }
    text
}

/// The exercise after this one.
pub fn next(exercise: &Exercise) -> Option<Exercise> {
    let mut all = exercises::all().ok()?.into_iter();
    all.find(|other| other.name == exercise.name)?;
    all.next()
}
