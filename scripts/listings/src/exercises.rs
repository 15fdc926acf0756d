//! The exercises: where each one starts, what it asks for, and which listing solves it.
//!
//! There is one for every step but the first, which starts from the listing that the step follows,
//! and there are four of their own. The text of an exercise, with its hints, is the file
//! `scripts/listings/exercises/NAME.md`.

mod goal;

use crate::{
    Error, Result, cargo,
    catalogue::{self, Listing},
    names, read, root,
};
pub use goal::Goal;
use std::path::PathBuf;

/// An exercise.
#[derive(Clone, Debug)]
pub struct Exercise {
    /// Its name: that of the step without `listing-`, or a word.
    pub name: String,
    /// The listing that the student starts from.
    pub start: Listing,
    /// The listing that solves it, where it is here: what a class is given leaves it out.
    pub solution: Option<Listing>,
    /// What is asked for, in the order in which it is checked.
    pub goals: &'static [Goal],
    /// If it is to be refused: the public item that the error must be about, if it is about one.
    pub missing: Option<&'static str>,
}

/// Steps that can't be told from the one before by what they do: where the exercise starts instead.
const START: [(&str, &str); 1] = [("20-21-a-boxed-fnonce", "listing-20-20")];

/// The public items that the compiler misses in the first steps.
const MISSING: [(&str, &str); 2] = [("20-12-a-struct", "new"), ("20-12-b-new", "execute")];

/// The exercises that are no step: name, start, solution.
const OWN: &[(&str, &str, &str)] = &[
    ("deadlock", "listing-20-26-single-loop", "listing-20-26"),
    ("panic", "listing-2021-20-23", "listing-2021-20-24"),
    ("pool", "listing-20-12-c-execute", "listing-2021-20-24"),
    ("serial", "listing-20-22", "listing-20-21-a-boxed-fnonce"),
];

const CLEAN: &[Goal] = &[
    Goal::Compiles,
    Goal::DropReturns,
    Goal::NoPanic,
    Goal::NoJobLost,
    Goal::DropWaits,
    Goal::SideBySide,
    Goal::NoMoreThanWorkers,
    Goal::WaitsQuietly,
];

const WHOLE: &[Goal] = &[
    Goal::Compiles,
    Goal::DropReturns,
    Goal::NoPanic,
    Goal::NoJobLost,
    Goal::DropWaits,
    Goal::SideBySide,
    Goal::NoMoreThanWorkers,
    Goal::WaitsQuietly,
    Goal::ServesTwo,
];

/// What is asked for in the exercise of that name.
fn goals(name: &str, solution: Option<&Listing>) -> &'static [Goal] {
    use Goal::*;
    match name {
        "pool" | "panic" | "20-25" | "2021-20-24" => CLEAN,
        "deadlock" | "20-26" | "2021-20-25" => WHOLE,
        "serial" | "20-21" | "20-21-a-boxed-fnonce" => {
            &[Compiles, RunsJobs, SideBySide, NoMoreThanWorkers]
        }
        "20-22" => &[Compiles, RunsJobs, OneByOne],
        "20-23-b-take" => &[Compiles, RunsJobs, SideBySide, DropWaits],
        "20-24" => &[Compiles, RunsJobs, SideBySide, DropWaits, NeverSent],
        "20-26-single-loop" => &[Compiles, RunsJobs, CanDeadlock],
        "2021-20-23" => &[Compiles, RunsJobs, DropReturns, DropWaits],
        "20-13" => &[Compiles, RefusesZero],
        "20-14" => &[Compiles, RefusesZero, HoldsSomething],
        "20-15" => &[Compiles, RefusesZero, StartsThreads],
        "20-16" | "20-18" => &[Compiles, RefusesZero, StartsThreads, HasChannel],
        "20-19" => &[Compiles, RefusesZero, StartsThreads, HasChannel, KeepsJobs],
        "next-1-docs" => &[Compiles, Documented],
        "next-2-tests" => &[Compiles, Tested],
        "next-3-errors" => &[
            Compiles,
            SurvivesPanics,
            DropReturns,
            NoPanic,
            NoJobLost,
            DropWaits,
            SideBySide,
            NoMoreThanWorkers,
            WaitsQuietly,
            ServesTwo,
        ],
        "next-4-another-task" => &[Compiles, Draws],
        _ if solution.is_some_and(|listing| !listing.compiles()) => &[Refused],
        _ => &[Compiles],
    }
}

/// All exercises: the steps in reading order, then the others. One that has no listing to start from
/// or no text here is left out.
pub fn all() -> Result<Vec<Exercise>> {
    let listings = catalogue::all()?;
    let named = |name: &str| listings.iter().find(|l| l.name == name).cloned();
    let mut exercises = Vec::new();
    let mut add = |name: &str, start: &str, solution: Option<Listing>| {
        let missing = MISSING.iter().find(|(step, _)| *step == name);
        if let Some(start) = named(start).filter(|_| text_of(name).is_file()) {
            exercises.push(Exercise {
                name: name.to_string(),
                start,
                goals: goals(name, solution.as_ref()),
                solution,
                missing: missing.map(|(_, what)| *what),
            });
        }
    };
    for solution in &listings {
        if let Some(follows) = &solution.follows {
            let name = names::short(solution);
            let elsewhere = START.iter().find(|(step, _)| *step == name);
            let start = elsewhere.map_or(follows.as_str(), |(_, start)| start);
            add(name, start, Some(solution.clone()));
        }
    }
    for &(name, start, solution) in OWN {
        add(name, start, named(solution));
    }
    Ok(exercises)
}

/// The file with the text of an exercise.
fn text_of(name: &str) -> PathBuf {
    root().join(format!("scripts/listings/exercises/{name}.md"))
}

/// The exercise of that name, which may be spelled as a listing's may.
///
/// Refuses a name that none has, with those that there are.
pub fn named(name: &str) -> Result<Exercise> {
    let mut exercises = all()?;
    if let Some(found) = exercises.iter().position(|exercise| exercise.name == name) {
        return Ok(exercises.swap_remove(found));
    }
    let is_own = |exercise: &&Exercise| OWN.iter().any(|(name, ..)| *name == exercise.name);
    let own = exercises.iter().filter(is_own);
    let own: Vec<&str> = own.map(|exercise| exercise.name.as_str()).collect();
    let listings = catalogue::all()?;
    let listing = names::resolve(&listings, name).map_err(|error| {
        let own = own.join(", ");
        Error::new(format!("{error}; there are also the exercises {own}"))
    })?;
    let short = names::short(listing);
    let found = exercises.iter().position(|exercise| exercise.name == short);
    found
        .map(|found| exercises.swap_remove(found))
        .ok_or_else(|| match listing.follows {
            None => Error::new(format!("{short} is the first listing and no exercise")),
            Some(_) => Error::new(format!("the exercise {short} is not here")),
        })
}

impl Exercise {
    /// The sources of the listing that solves it, where they are here.
    pub fn ours(&self) -> Option<PathBuf> {
        let sources = self.solution.as_ref()?.folder().join("src");
        sources.is_dir().then_some(sources)
    }

    /// The task, as a short text in Markdown.
    pub fn task(&self) -> Result<String> {
        Ok(self.text()?.0)
    }

    /// What the task is called.
    pub fn title(&self) -> Result<String> {
        let task = self.task()?;
        let heading = task.lines().next().unwrap_or_default();
        Ok(heading.trim_start_matches("# ").to_string())
    }

    /// The hints, from a nudge to almost the answer.
    pub fn hints(&self) -> Result<Vec<String>> {
        Ok(self.text()?.1)
    }

    fn text(&self) -> Result<(String, Vec<String>)> {
        let path = text_of(&self.name);
        let text = read(&path)?;
        let mut parts = text
            .split("\n## Hint\n")
            .map(|part| part.trim().to_string());
        let task = parts.next().unwrap_or_default();
        Ok((task, parts.collect()))
    }

    /// The files that a student starts with: the path in the folder, and the text.
    ///
    /// The package is named for the exercise and stands on its own, outside the workspace.
    pub fn files(&self) -> Result<Vec<(&'static str, String)>> {
        let package = format!("practice-{}", self.name);
        let mut files = vec![
            ("Cargo.toml", manifest(&package)),
            ("TASK.md", self.task()? + "\n"),
        ];
        let library = package.replace('-', "_");
        let start = self.start.name.replace('-', "_");
        for file in ["src/main.rs", "src/lib.rs", catalogue::TESTS] {
            let path = self.start.folder().join(file);
            if !path.exists() {
                continue;
            }
            let text = read(&path)?.replace(&format!("use {start}::"), &format!("use {library}::"));
            // What keeps a step that doesn't compile out of the workspace is in the way here.
            let gate = format!("#![cfg(feature = \"{}\")]\n", cargo::GATE);
            let text = text.strip_prefix(&gate).unwrap_or(&text).to_string();
            files.push((file, text));
        }
        Ok(files)
    }
}

fn manifest(package: &str) -> String {
    format!(
        r#"[package]
name = "{package}"
version = "0.1.0"
edition = "2024"
publish = false

# On its own, and not a member of the workspace around it.
[workspace]
"#
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::fs;

    #[test]
    fn every_exercise_has_a_task_and_hints_and_every_text_an_exercise() {
        let mut names = Vec::new();
        for exercise in all().expect("the exercises can be read") {
            let task = exercise.task().expect("a task");
            assert!(task.starts_with("# "), "{task}");
            let hints = exercise.hints().expect("hints");
            assert!(hints.len() >= 2, "{task}");
            let unwritten = task.contains("TODO") || hints.concat().contains("TODO");
            assert!(!unwritten, "the text of {} is to be written", exercise.name);
            names.push(format!("{}.md", exercise.name));
        }
        let mut texts: Vec<String> = fs::read_dir(root().join("scripts/listings/exercises"))
            .expect("the folder is there")
            .map(|entry| {
                entry
                    .expect("it can be read")
                    .file_name()
                    .to_string_lossy()
                    .into()
            })
            .collect();
        names.sort();
        texts.sort();
        assert_eq!(names, texts);
    }

    #[test]
    fn names_of_exercises_may_be_spelled_as_those_of_listings() {
        assert_eq!(named("20.25").expect("a step").name, "20-25");
        assert_eq!(named("deadlock").expect("one of its own").name, "deadlock");
        let refused = named("20-11").expect_err("the first").to_string();
        assert_eq!(refused, "20-11 is the first listing and no exercise");
        let refused = named("dead").expect_err("no such name").to_string();
        let own: Vec<&str> = OWN.iter().map(|(name, ..)| *name).collect();
        let list = format!("there are also the exercises {}", own.join(", "));
        assert!(refused.ends_with(&list), "{refused}");
    }
}
