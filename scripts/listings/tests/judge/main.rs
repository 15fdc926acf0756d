//! The judge behind `cargo listings check`, judged: what many students might hand in, right and
//! wrong, each with the verdict that it must get.

mod chapter;
mod real;
mod solutions;
mod times;

use explore::wrap;
use listings::{
    check::{self, Check, Judgement, Ruling},
    exercises::{self, Exercise},
};
use solutions::{Solution, shown};
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// Every solution with the judgement on it, which is asked for once for all tests.
fn judged() -> &'static [(Solution, Judgement)] {
    static JUDGED: OnceLock<Vec<(Solution, Judgement)>> = OnceLock::new();
    JUDGED.get_or_init(|| {
        let solutions = solutions::all();
        let pairs: Vec<(&Path, &Exercise)> = solutions
            .iter()
            .map(|solution| (solution.folder.as_path(), &solution.exercise))
            .collect();
        let judgements = judge_each(&pairs);
        solutions.into_iter().zip(judgements).collect()
    })
}

#[test]
fn solutions_get_their_verdicts() {
    let mut wrong = String::new();
    for (Solution { name, verdict, .. }, judgement) in judged() {
        if let Some(how) = verdict.differs(judgement) {
            let _ = writeln!(wrong, "{name}.rs\n{how}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// What a student finds in the folder fails at what the exercise is about.
#[test]
fn every_exercise_fails_where_it_starts() {
    let exercises = exercises::all().expect("the exercises can be read");
    let folders: Vec<PathBuf> = exercises
        .iter()
        .map(|exercise| {
            let folder = wrap::folder("starts").join(&exercise.name);
            solutions::write(&folder, &exercise.files().expect("it has files"));
            folder
        })
        .collect();
    let judgements = judge(&exercises, &folders);
    let mut found = String::new();
    for (exercise, judgement) in exercises.iter().zip(&judgements) {
        let Some(failure) = judgement.failure() else {
            panic!("{} holds before it is begun", exercise.name);
        };
        let _ = writeln!(found, "{}: {}", exercise.name, failure.goal.key());
    }
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!("where-exercises-start", found);
    });
}

#[test]
fn every_listing_solves_its_exercise() {
    let exercises = exercises::all().expect("the exercises can be read");
    let folders: Vec<PathBuf> = exercises
        .iter()
        .map(|exercise| {
            // As a student would have it: without the gate of a step that doesn't compile.
            let solved = Exercise {
                start: exercise
                    .solution
                    .clone()
                    .expect("the listing that solves it"),
                ..exercise.clone()
            };
            let folder = wrap::folder("solved").join(&exercise.name);
            solutions::write(&folder, &solved.files().expect("it has files"));
            folder
        })
        .collect();
    for (exercise, judgement) in exercises.iter().zip(judge(&exercises, &folders)) {
        let name = &exercise.name;
        assert!(judgement.holds(), "{name}\n{}", shown(&judgement));
    }
}

/// The kinds of mistakes that the book tells of, each with what is said of it.
#[test]
fn what_goes_wrong_in_the_wild_is_shown_in_the_book() {
    let kinds = [
        "wild-continues-on-a-closed-channel",
        "wild-dummy-job-to-a-pool-that-has-left",
        "wild-guard-lives-too-long",
        "wild-lost-wake-up",
        "wild-stops-before-drop",
        "wild-tells-nobody",
        "wild-waits-for-nobody",
    ];
    let is_wild = |(solution, _): &&(Solution, _)| kinds.contains(&solution.name.as_str());
    let wild: Vec<_> = judged().iter().filter(is_wild).collect();
    assert_eq!(wild.len(), kinds.len());
    for (Solution { name, .. }, judgement) in wild {
        let Some(Check { goal, ruling }) = judgement.failure() else {
            panic!("{name} fails at nothing\n{}", shown(judgement));
        };
        let Ruling::Fails(why) = ruling else {
            panic!("{name} fails without a word");
        };
        let why = why.split("\n\nTo see more: ").next().unwrap_or(why);
        insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            insta::assert_snapshot!(&**name, format!("NO: {}\n\n{why}", goal.words()));
        });
    }
}

/// A copy of a folder of ours, gate and all, is judged as what it shows.
#[test]
fn a_copy_of_a_listing_that_does_not_compile_solves_its_exercise() {
    let exercises = exercises::all().expect("the exercises can be read");
    let mut gated = Vec::new();
    let mut folders = Vec::new();
    for exercise in exercises {
        let Some(ours) = exercise.solution.as_ref().filter(|ours| !ours.compiles()) else {
            continue;
        };
        let folder = wrap::folder("copied").join(&exercise.name);
        for file in ["Cargo.toml", "src/lib.rs", "src/main.rs"] {
            if let Ok(text) = fs::read_to_string(ours.folder().join(file)) {
                // In a folder of its own, outside the workspace.
                let own = match file {
                    "Cargo.toml" => "\n[workspace]\n",
                    _ => "",
                };
                solutions::write(&folder, &[(file, text + own)]);
            }
        }
        folders.push(folder);
        gated.push(exercise);
    }
    assert!(!gated.is_empty());
    for (exercise, judgement) in gated.iter().zip(judge(&gated, &folders)) {
        let name = &exercise.name;
        assert!(judgement.holds(), "{name}\n{}", shown(&judgement));
    }
}

fn judge(exercises: &[Exercise], folders: &[PathBuf]) -> Vec<Judgement> {
    let judged: Vec<(&Path, &Exercise)> = folders
        .iter()
        .map(PathBuf::as_path)
        .zip(exercises)
        .collect();
    judge_each(&judged)
}

fn judge_each(solutions: &[(&Path, &Exercise)]) -> Vec<Judgement> {
    check::judge_each(solutions, &check::options().optimised(), &mut |_, _| ())
        .expect("there is always an answer")
}
