//! `cargo listings watch`: check again whenever a file is saved, and go on to the next exercise.

use super::{
    arguments::Arguments,
    ending::{Done, Usage, print},
    solution,
};
use explore::wrap;
use listings::{
    check::{self, Options},
    exercises::Exercise,
    practice::{self, State},
    terminal,
};
use std::{
    io::stdin,
    path::{Path, PathBuf},
    sync::mpsc::{self, Receiver, RecvTimeoutError},
    thread,
    time::Duration,
};

pub const HELP: &str = "\
Checks a solution again whenever a file of it is saved, until Ctrl-C. When all of it holds, Enter
goes on to the next exercise, in a folder beside this one.

  cargo listings watch practice/20-25
";

/// How often the files are looked at.
const PAUSE: Duration = Duration::from_millis(300);

pub fn run(arguments: &Arguments) -> Done {
    let words = arguments.words(1..=1, "the folder of a crate")?;
    let mut folder = PathBuf::from(&words[0]);
    let mut exercise = solution::exercise(arguments, &folder)?;
    let options = solution::options(arguments);
    let mut next = None;
    let mut seen = None;
    let enter = lines();
    loop {
        let now = wrap::content(&folder).ok();
        if seen.as_ref() != Some(&now) {
            next = look(&folder, &exercise, &options)?;
            seen = Some(now);
        }
        match enter.recv_timeout(PAUSE) {
            Ok(()) => {
                if let Some(following) = next.take() {
                    folder = go_on(&folder, &following)?;
                    exercise = following;
                    seen = None;
                }
            }
            Err(RecvTimeoutError::Timeout) => {}
            Err(RecvTimeoutError::Disconnected) => thread::sleep(PAUSE),
        }
    }
}

/// Judges what is in the folder and says so. Returns the exercise that Enter would go on to.
fn look(folder: &Path, exercise: &Exercise, options: &Options) -> Result<Option<Exercise>, Usage> {
    let judgement = check::judge(folder, exercise, options)?;
    let next = match judgement.holds() {
        true => {
            practice::done(folder);
            solution::next(exercise)
        }
        false => None,
    };
    let wait = match &next {
        Some(next) => format!("Enter goes on to {}; Ctrl-C ends this.", next.name),
        None => "Waiting for the next change; Ctrl-C ends this.".to_string(),
    };
    let (clear, text) = (
        terminal::clear(),
        solution::text(folder, exercise, &judgement),
    );
    print(&format!("{clear}{text}\n{wait}\n"))?;
    Ok(next)
}

/// The folder of another exercise, beside this one. It is made if it isn't there.
fn go_on(folder: &Path, exercise: &Exercise) -> Result<PathBuf, Usage> {
    // The folder may be called `.`
    let folder = std::path::absolute(folder).unwrap_or(folder.to_path_buf());
    let beside = folder.with_file_name(&exercise.name);
    if practice::state(&beside) == State::New {
        let shown = beside.display().to_string();
        practice::make(&beside, &shown, &exercise.files()?)?;
    }
    let (task, shown) = (exercise.task()?, beside.display());
    print(&format!("\n{task}\n\nThe code is in {shown}/src.\n\n"))?;
    Ok(beside)
}

/// Says when a line was typed.
fn lines() -> Receiver<()> {
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for _ in stdin().lines().map_while(Result::ok) {
            if sender.send(()).is_err() {
                break;
            }
        }
    });
    lines
}
