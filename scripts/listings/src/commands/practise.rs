//! `cargo listings practise`: a folder to work in.

use super::{Done, Usage, arguments::Arguments, print};
use listings::{exercises, practice, root};
use std::path::PathBuf;

pub const HELP: &str = "\
Makes a folder to work in, with the listing before the step and a short task.

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

Then `cargo listings check practice/20-25` says what holds and what doesn't.
";

pub fn run(arguments: &Arguments) -> Done {
    let words = arguments.words(1..=1, "one exercise")?;
    let exercise = exercises::named(&words[0]).map_err(|error| Usage::Wrong(error.to_string()))?;
    if arguments.value("--into") == Some("") {
        return Err(arguments.wrong("--into takes a folder"));
    }
    let (folder, path) = match arguments.value("--into") {
        Some(folder) => (folder.to_string(), PathBuf::from(folder)),
        None => {
            let folder = format!("practice/{}", exercise.name);
            let path = root().join(&folder);
            (folder, path)
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
