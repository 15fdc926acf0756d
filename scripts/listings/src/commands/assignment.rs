//! `cargo listings assignment`: what a teacher gives to a class.

use super::{
    arguments::Arguments,
    ending::{Done, Usage, print},
};
use listings::{
    assignment,
    exercises::{self, Exercise},
};
use std::path::Path;

pub const HELP: &str = "\
Makes an assignment of each exercise: a folder that is complete without this repository, with the
exercise at its root, the command that checks it, a workflow that grades every push and a container
to develop in. It holds no solution.

  cargo listings assignment 20-25 deadlock --into ../course
                                     make ../course/20-25 and ../course/deadlock
  cargo listings assignment deadlock --into ../course --points 20
                                     worth 20 points instead of 10

Make a template repository of the folder, for GitHub Classroom or for a class of your own; any other
grader runs the same command and reads its last line, or its exit code.
";

pub fn run(arguments: &Arguments) -> Done {
    let names = arguments.words(1..=100, "one exercise or more")?;
    let into = match arguments.value("--into") {
        Some(folder) if !folder.is_empty() => Path::new(folder),
        _ => return Err(arguments.wrong("it needs --into and a folder outside this repository")),
    };
    let points = arguments.number("--points", 1..=1000)?.unwrap_or(10);
    let exercises: Vec<Exercise> = names
        .iter()
        .map(|name| exercises::named(name).map_err(|error| Usage::Wrong(error.to_string())))
        .collect::<Result<_, _>>()?;
    for exercise in &exercises {
        let folder = into.join(&exercise.name);
        assignment::make(&folder, exercise, points)?;
        let (title, folder) = (exercise.title()?, folder.display());
        print(&format!("{folder}: {title}, {points} points\n"))?;
    }
    let first = &exercises[0];
    let folder = into.join(&first.name);
    print(&format!(
        "\nTry it as a student:\n\n  cd {}\n  {}\n\nTo give it to a class, make a template repository of \
         the folder:\n\n  git init && git add . && git commit -m Assignment\n",
        folder.display(),
        assignment::grading(first, points)
    ))
}
