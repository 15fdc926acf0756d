//! `cargo listings hints`: the hints that were given, again; and the next one, which `check` gives.

use super::{
    arguments::Arguments,
    ending::{Done, Usage, print},
    solution::exercise,
};
use listings::{Error, Result, exercises::Exercise, practice};
use std::{fs, path::Path};

pub const HELP: &str = "\
Shows the hints again that `check --hint` gave on a folder.

  cargo listings hints practice/20-25
";

pub fn run(arguments: &Arguments) -> Done {
    let words = arguments.words(1..=1, "the folder of an exercise")?;
    let folder = Path::new(&words[0]);
    if !folder.join("Cargo.toml").is_file() {
        let folder = folder.display();
        return Err(Usage::Wrong(format!(
            "{folder} holds no crate: it has no Cargo.toml"
        )));
    }
    let exercise = exercise(arguments, folder)?;
    let hints = exercise.hints()?;
    let given = practice::hints_given(folder)?.min(hints.len());
    let mut text = String::new();
    for (number, hint) in hints.iter().take(given).enumerate() {
        text += &format!("Hint {} of {}: {hint}\n\n", number + 1, hints.len());
    }
    if given < hints.len() {
        let folder = folder.display();
        let what = if given == 0 { "the first" } else { "the next" };
        text += &format!("For {what} one: cargo listings check {folder} --hint\n");
    }
    print(&text)
}

/// A hint, and how many there are.
pub struct Hint {
    /// Its number, from 1.
    pub number: usize,
    /// How many there are.
    pub of: usize,
    /// What it says.
    pub text: String,
}

/// The next hint on a folder. Where it can't be counted, that is said and the next one is the same.
pub fn next(folder: &Path, exercise: &Exercise) -> Result<Hint> {
    let hints = exercise.hints()?;
    let given = practice::hints_given(folder);
    let number = *given.as_ref().unwrap_or(&0);
    let number = number.min(hints.len().saturating_sub(1)) + 1;
    let file = folder.join(practice::HINTS);
    let counted = given.and_then(|_| {
        fs::write(&file, format!("{number}\n"))
            .map_err(|error| Error::new(format!("cannot write {}: {error}", file.display())))
    });
    if let Err(why) = counted {
        eprintln!("note: hints are not counted: {why}");
    }
    let hint = hints.get(number - 1);
    let mut text = hint.map_or("there is none", String::as_str).to_string();
    if number == hints.len() {
        text += "\nThat was the last one.";
    }
    Ok(Hint {
        number,
        of: hints.len(),
        text,
    })
}
