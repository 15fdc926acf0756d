//! `cargo listings check`: does a student's crate do what was asked?

use super::{
    Done, Outcome, Usage,
    arguments::Arguments,
    class::{self, Student},
    points, print, report,
};
use listings::{
    Error, Result,
    check::{self, Check, Judgement, Options, Verdict},
    diff,
    exercises::{self, Exercise},
    practice,
    terminal::{self, Style, styled},
};
use std::{env, fmt::Write as _, fs, path::Path};

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
        Some(Format::Text) | None => Ok(Outcome::DoesNotHold),
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
fn ends(verdict: Verdict) -> Outcome {
    match verdict {
        Verdict::Holds => Outcome::Holds,
        Verdict::Fails => Outcome::DoesNotHold,
        Verdict::Unjudged => Outcome::CannotTell,
    }
}

/// How crates are to be built.
pub fn options(arguments: &Arguments) -> Options {
    let value = |option| arguments.value(option).map(str::to_string);
    Options {
        pool: value("--pool"),
        give: value("--give"),
        allow_unsafe: arguments.has("--allow-unsafe"),
        ..check::options()
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
        true => Some(hint(folder, &exercise)?),
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

/// The exercise that `--as` names, or else the folder; any other crate is taken for a whole pool.
pub fn exercise(arguments: &Arguments, folder: &Path) -> std::result::Result<Exercise, Usage> {
    if let Some(name) = arguments.value("--as") {
        return exercises::named(name).map_err(|error| Usage::Wrong(error.to_string()));
    }
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let package = manifest
        .lines()
        .find_map(|line| line.strip_prefix("name = \"practice-")?.strip_suffix('"'));
    let name = folder.file_name().map(|name| name.to_string_lossy());
    let found = package
        .and_then(|name| exercises::named(name).ok())
        .or_else(|| name.and_then(|name| exercises::named(&name).ok()));
    match found {
        Some(exercise) => Ok(exercise),
        None => Ok(exercises::named("pool")?),
    }
}

/// The judgement for a person.
pub fn text(folder: &Path, exercise: &Exercise, judgement: &Judgement) -> String {
    let colours = terminal::colours();
    let mut text = format!(
        "{}, checked as the exercise {}\n\n",
        folder.display(),
        exercise.name
    );
    for Check { goal, outcome } in &judgement.checks {
        let (mark, style, detail) = match outcome {
            check::Outcome::Holds(detail) => ("yes", Style::Green, detail.as_str()),
            check::Outcome::Fails(detail) => ("NO ", Style::Red, detail.as_str()),
            check::Outcome::Unjudged(detail) => ("?  ", Style::Red, detail.as_str()),
            check::Outcome::Skipped => ("-  ", Style::Dim, ""),
        };
        let _ = writeln!(text, "  {}  {}", styled(mark, style, colours), goal.words());
        for line in detail.lines() {
            let _ = writeln!(text, "{}", format!("       {line}").trim_end());
        }
    }
    text += &match judgement.verdict() {
        Verdict::Holds => passed(folder, exercise),
        Verdict::Unjudged => "\nThis can't be judged: it may be right or wrong.\n".to_string(),
        Verdict::Fails => "\nNot yet.\n".to_string(),
    };
    text
}

/// What a student sees who has done it: our own step beside theirs, and what to do next.
fn passed(folder: &Path, exercise: &Exercise) -> String {
    let mut text = String::from("\nAll of it holds.\n");
    if let Some((ours, listing)) = exercise.ours().zip(exercise.solution.as_ref()) {
        match diff::folders(&folder.join("src"), &ours) {
            Ok(diff) if diff.is_empty() => text += "It is our own step to the letter.\n",
            Ok(diff) => {
                let name = &listing.name;
                let _ = write!(text, "\nFrom yours to ours, {name}:\n\n{diff}");
            }
            Err(error) => {
                let _ = writeln!(text, "(No comparison with our own step: {error}.)");
            }
        }
    }
    if let Some(Exercise { name: next, .. }) = next(exercise) {
        let _ = write!(text, "\nNext: cargo listings practise {next}\n");
    }
    text
}

/// The exercise after this one.
pub fn next(exercise: &Exercise) -> Option<Exercise> {
    let mut all = exercises::all().ok()?.into_iter();
    all.find(|other| other.name == exercise.name)?;
    all.next()
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

/// The next hint. Where it can't be counted, that is said and the next one is the same.
fn hint(folder: &Path, exercise: &Exercise) -> Result<Hint> {
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
