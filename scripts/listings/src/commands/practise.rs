//! `cargo listings practise`: a folder to work in.

use super::{Done, Usage, arguments::Arguments, print};
use listings::{Error, exercises, root};
use std::{fs, path::PathBuf};

pub const HELP: &str = "\
Makes a folder to work in, with the listing before the step and a short task.

  cargo listings practise 20-25      make practice/20-25, from listing 20.24
  cargo listings practise deadlock   a pool that sometimes hangs: find out why, and mend it
  cargo listings practise serial     a pool that runs one job at a time
  cargo listings practise panic      a pool whose workers panic at the end
  cargo listings practise pool       a pool with nothing in it: write it
  cargo listings practise 20-25 --again
                                     start over: what is in the folder is lost
  cargo listings practise 20-25 --into ../mine
                                     make it somewhere else

Then `cargo listings check practice/20-25` says what holds and what doesn't.
";

pub fn run(arguments: &Arguments) -> Done {
    let words = arguments.words(1..=1, "one exercise")?;
    let exercise = exercises::named(&words[0]).map_err(|error| Usage::Wrong(error.to_string()))?;
    let (folder, path) = match arguments.value("--into") {
        Some(folder) => (folder.to_string(), PathBuf::from(folder)),
        None => {
            let folder = format!("practice/{}", exercise.name);
            let path = root().join(&folder);
            (folder, path)
        }
    };
    if path.exists() {
        if !arguments.has("--again") {
            return Err(Usage::Failed(Error::new(format!(
                "{folder} is there already; go on in it, or add --again to lose what is in it \
                 and start over"
            ))));
        }
        fs::remove_dir_all(&path)
            .map_err(|error| Error::new(format!("cannot remove {folder}: {error}")))?;
    }
    for (file, text) in exercise.files()? {
        let path = path.join(file);
        let written = path
            .parent()
            .map_or(Ok(()), fs::create_dir_all)
            .and_then(|()| fs::write(&path, text));
        written.map_err(|error| Error::new(format!("cannot write {folder}/{file}: {error}")))?;
    }
    let task = exercise.task()?;
    print(&format!(
        "{task}\n\nThis text is in {folder}/TASK.md, and the code in {folder}/src. When you have \
         changed it:\n\n  cargo listings check {folder}\n"
    ))
}
