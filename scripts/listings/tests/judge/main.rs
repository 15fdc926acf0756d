//! The judge behind `cargo listings check`, judged: what many students might hand in, right and
//! wrong, each with the verdict that it must get.

mod solutions;

use explore::wrap;
use listings::{
    check::{self, Judgement},
    exercises::{self, Exercise},
};
use solutions::{Solution, shown};
use std::{
    fmt::Write,
    path::{Path, PathBuf},
};

#[test]
fn every_solution_gets_its_verdict() {
    let solutions = solutions::all();
    let judged: Vec<(&Path, &Exercise)> = solutions
        .iter()
        .map(|solution| (solution.folder.as_path(), &solution.exercise))
        .collect();
    let judgements = check::judge_all(&judged).expect("there is always an answer");
    let mut wrong = String::new();
    for (Solution { name, verdict, .. }, judgement) in solutions.iter().zip(&judgements) {
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

fn judge(exercises: &[Exercise], folders: &[PathBuf]) -> Vec<Judgement> {
    let judged: Vec<(&Path, &Exercise)> = folders
        .iter()
        .map(PathBuf::as_path)
        .zip(exercises)
        .collect();
    check::judge_all(&judged).expect("there is always an answer")
}
