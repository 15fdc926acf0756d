//! `cargo listings check`: does a student's crate do what was asked?

use super::{
    arguments::Arguments,
    class::{self, Student},
    ending::{Done, Exit, Usage, print},
    hints::{self, Hint},
    points, report,
    solution::{exercise, options, text},
};
use listings::{
    check::{self, Options, Verdict},
    practice,
};
use std::{env, fmt::Write as _, path::Path};

pub const HELP: &str = "\
Says what holds of a solution and what doesn't, over every schedule of its threads, and ends with
code 0 if all of it holds, with 1 if not, with 2 if the command is wrong (its folder, say), and with 3
if the crate can't be judged, as one that needs other crates.

  cargo listings check practice/20-25          by the exercise that the folder is named for
  cargo listings check ../mine --as 20-25      any other crate, by that exercise; without --as it
                                               is taken for a whole pool
  cargo listings check practice/20-25 --hint   and one hint; each call gives the next one
  cargo listings check practice/20-25 --points 10
                                               and points for what holds, in the last line
  cargo listings check practice/20-25 --format json
                                               for a program to read: one document, whatever comes
                                               of it; junit and csv are the other formats
  cargo listings check class                   a folder of folders: everybody in it, on all
                                               processors, as a table; or several folders

  --pool PATH      the pool, where the crate has several: --pool thread_pool::ThreadPool
  --give METHOD    the method that gives it a job, where it has several
  --allow-unsafe   run a crate that uses `unsafe`, too: it could do anything to this machine
";

/// How the answer is written.
#[derive(Clone, Copy)]
enum Format {
    Text,
    Json,
    Junit,
    Csv,
}

impl Format {
    fn named(name: &str) -> Option<Format> {
        match name {
            "text" => Some(Format::Text),
            "json" => Some(Format::Json),
            "junit" => Some(Format::Junit),
            "csv" => Some(Format::Csv),
            _ => None,
        }
    }
}

/// What becomes of a call that ended early: code 1 is for wrong solutions only, and a program that
/// asked for a document gets one.
pub fn ended_early(words: &[String], why: Usage) -> Usage {
    let sentence = match why {
        Usage::Wrong(sentence) => sentence,
        Usage::Failed(error) => error.to_string(),
    };
    let _ = match format(words) {
        Some(Format::Json) => print(&report::json_error(&sentence)),
        Some(Format::Junit) => print(&report::junit_error(&sentence)),
        Some(Format::Csv) => print(&report::csv(&[])),
        Some(Format::Text) | None => Ok(Exit::DoesNotHold),
    };
    Usage::Wrong(sentence)
}

/// The format that is asked for, even where the other words are wrong.
fn format(words: &[String]) -> Option<Format> {
    let given = words.iter().position(|word| word == "--format");
    let separate = given.and_then(|at| words.get(at + 1)).map(String::as_str);
    let joined = words.iter().find_map(|word| word.strip_prefix("--format="));
    Format::named(separate.or(joined)?)
}

pub fn run(arguments: &Arguments) -> Done {
    let name = arguments.value("--format").unwrap_or("text");
    let format = Format::named(name).ok_or_else(|| {
        arguments.wrong(&format!(
            "--format takes text, json, junit or csv, and not `{name}`"
        ))
    })?;
    let all_points = arguments.number("--points", 1..=1000)?;
    if all_points.is_some() && !matches!(format, Format::Text) {
        return Err(arguments.wrong("--points goes with text"));
    }
    let words = arguments.words(1..=usize::MAX, "the folder of a crate, or several")?;
    let options = options(arguments);
    let one_crate = words
        .iter()
        .all(|word| Path::new(word).join("Cargo.toml").is_file());
    if let ([only], true) = (words, one_crate) {
        return one(arguments, Path::new(only), &options, format, all_points);
    }
    let folders = class::folders(words)?;
    if arguments.has("--hint") {
        return Err(arguments.wrong("--hint is for one folder"));
    }
    if all_points.is_some() {
        return Err(arguments.wrong("--points is for one folder: the table of several has them"));
    }
    let mut solutions = Vec::new();
    for folder in folders {
        let exercise = exercise(arguments, &folder)?;
        solutions.push((folder, exercise));
    }
    let students = class::judge(solutions, &options, matches!(format, Format::Text))?;
    print(&match format {
        Format::Text => class::table(&students),
        Format::Json => report::class_json(&students),
        Format::Junit => report::class_junit(&students),
        Format::Csv => report::csv(&students),
    })?;
    Ok(ends(class::verdict(&students)))
}

/// The code for a verdict.
fn ends(verdict: Verdict) -> Exit {
    match verdict {
        Verdict::Holds => Exit::Holds,
        Verdict::Fails => Exit::DoesNotHold,
        Verdict::Unjudged => Exit::CannotTell,
    }
}

/// Judges one crate.
fn one(
    arguments: &Arguments,
    folder: &Path,
    options: &Options,
    format: Format,
    all_points: Option<usize>,
) -> Done {
    let exercise = exercise(arguments, folder)?;
    let judgement = check::judge(folder, &exercise, options)?;
    let verdict = judgement.verdict();
    let hint = match arguments.has("--hint") && verdict == Verdict::Fails {
        true => Some(hints::next(folder, &exercise)?),
        false => None,
    };
    if verdict == Verdict::Holds {
        practice::done(folder);
    }
    match format {
        Format::Json => print(&report::json(folder, &exercise, &judgement, hint.as_ref()))?,
        Format::Junit => print(&report::junit(folder, &exercise, &judgement, hint.as_ref()))?,
        Format::Csv => print(&report::csv(&[Student {
            name: folder.display().to_string(),
            folder: folder.to_path_buf(),
            exercise,
            judgement,
        }]))?,
        Format::Text => {
            let mut text = text(folder, &exercise, &judgement);
            if let Some(Hint {
                number,
                of,
                text: hint,
            }) = hint
            {
                let _ = writeln!(text, "\nHint {number} of {of}: {hint}");
            } else if verdict == Verdict::Fails {
                let folder = folder.display();
                let _ = writeln!(text, "For a hint: cargo listings check {folder} --hint");
            }
            if let Some(all) = all_points {
                let on_github = env::var_os("GITHUB_ACTIONS").is_some();
                text += &format!(
                    "\n{}",
                    points::lines(points::of(&judgement, all), all, on_github)
                );
            }
            print(&text)?
        }
    };
    Ok(ends(verdict))
}
