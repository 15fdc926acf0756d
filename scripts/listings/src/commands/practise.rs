//! `cargo listings practise`: a folder to work in, and how far one is.

use super::{
    arguments::Arguments,
    ending::{Done, Usage, print},
};
use listings::{
    catalogue::Listing,
    exercises::{self, Exercise},
    practice::{self, State},
    terminal::{self, Style, fit, styled},
};
use std::path::PathBuf;

pub const HELP: &str = "\
Makes a folder to work in, with the listing before the step and a short task.

  cargo listings practise            all exercises, what is done, and what is next
  cargo listings practise 20-25      make practice/20-25, from listing 20.24
  cargo listings practise deadlock   a pool that sometimes hangs: find out why, and mend it
  cargo listings practise serial     a pool that runs one job at a time
  cargo listings practise panic      a pool whose workers panic at the end
  cargo listings practise pool       a pool with nothing in it: write it
  cargo listings practise 20-25 --again
                                     start over: what you changed is kept beside it, in
                                     practice/20-25.before-1
  cargo listings practise 20-25 --into ../mine
                                     make it somewhere else

Then `cargo listings check practice/20-25` says what holds and what doesn't; and in the folder
itself, `cargo listings check .` does.
";

pub fn run(arguments: &Arguments) -> Done {
    let words = arguments.words(0..=1, "one exercise, or none to see them all")?;
    let Some(name) = words.first() else {
        if let Some(option) = ["--again", "--into"].iter().find(|o| arguments.has(o)) {
            return Err(arguments.wrong(&format!("{option} goes with the name of an exercise")));
        }
        return print(&overview()?);
    };
    let exercise = exercises::named(name).map_err(|error| Usage::Wrong(error.to_string()))?;
    if arguments.value("--into") == Some("") {
        return Err(arguments.wrong("--into takes a folder"));
    }
    let (folder, path) = match arguments.value("--into") {
        Some(folder) => (folder.to_string(), PathBuf::from(folder)),
        None => {
            let folder = format!("practice/{}", exercise.name);
            (folder, practice::place(&exercise))
        }
    };
    let files = exercise.files()?;
    let kept = if arguments.has("--again") {
        practice::make_again(&path, &folder, &files)?
    } else {
        practice::make(&path, &folder, &files)?;
        None
    };
    let task = exercise.task()?;
    let mut text = format!(
        "{task}\n\nThis text is in {folder}/TASK.md, and the code in {folder}/src. When you have \
         changed it:\n\n  cargo listings check {folder}\n"
    );
    if let Some((beside, files)) = kept {
        let (beside, files) = (beside.display(), files.join(", "));
        text += &format!("\nWhat was there before is kept in {beside}: {files}\n");
    }
    print(&text)
}

/// All exercises, how far each one is, and the one to go on with.
fn overview() -> Result<String, Usage> {
    let exercises = exercises::all()?;
    let colours = terminal::colours();
    let state = |exercise: &Exercise| practice::state(&practice::place(exercise));
    let done = exercises.iter().filter(|e| state(e) == State::Done).count();
    let mut text = format!("{done} of {} exercises are done.\n", exercises.len());
    let longest = exercises.iter().map(|e| e.name.chars().count()).max();
    let longest = longest.unwrap_or_default();
    let room = terminal::width().map(|width| width.saturating_sub(longest + 11));
    let mut part = "";
    for exercise in &exercises {
        practice::follow(&practice::place(exercise));
        let now = match &exercise.solution {
            Some(listing) if listing.name.ends_with(&exercise.name) => Listing::part(listing),
            _ => "On their own",
        };
        if part != now {
            part = now;
            text += &format!("\n{}\n", styled(part, Style::Bold, colours));
        }
        let word = match state(exercise) {
            State::New => "     ".to_string(),
            State::Begun => styled("begun", Style::Bold, colours),
            State::Done => styled("done ", Style::Green, colours),
        };
        let title = exercise.title()?;
        let title = room.map_or(title.clone(), |room| fit(&title, room.max(20)));
        let name = fit(&exercise.name, longest);
        text += format!("  {word}  {name}  {title}").trim_end();
        text += "\n";
    }
    text += &match practice::next()? {
        None => "\nThat is all of them.\n".to_string(),
        Some((Exercise { name, .. }, State::Begun)) => {
            format!("\nGo on: cargo listings watch practice/{name}\n")
        }
        Some((Exercise { name, .. }, _)) => format!("\nNext: cargo listings practise {name}\n"),
    };
    Ok(text)
}
