//! `cargo listings check` and `cargo listings watch`: does a student's crate do what was asked?

use super::{Done, Outcome, Usage, arguments::Arguments, print};
use interleave::explorer::wrap;
use listings::{
    Error, Result,
    check::{self, Check, Judgement},
    diff,
    exercises::{self, Exercise},
    root,
    terminal::{self, Style, styled},
};
use std::{
    fmt::Write as _,
    fs,
    io::{IsTerminal, stdout},
    path::{Path, PathBuf},
    thread,
    time::Duration,
};

pub const HELP: &str = "\
Says what holds of a solution and what doesn't, over every schedule of its threads, and ends with
code 0 if all of it holds and with 1 if not.

  cargo listings check practice/20-25          by the exercise that the folder is named for
  cargo listings check ../mine --as 20-25      any other crate, by that exercise; without --as it
                                               is taken for a whole pool
  cargo listings check practice/20-25 --hint   and one hint; each call gives the next one
  cargo listings check practice/20-25 --format json
                                               for a program to read; junit is the other format
";

pub const WATCH_HELP: &str = "\
Checks a solution again whenever a file of it is saved, until Ctrl-C.

  cargo listings watch practice/20-25
";

/// How often the files are looked at.
const PAUSE: Duration = Duration::from_millis(300);

pub fn run(arguments: &Arguments) -> Done {
    let words = arguments.words(1..=1, "the folder of a crate")?;
    let folder = Path::new(&words[0]);
    let exercise = exercise(arguments, folder)?;
    let format = match arguments.value("--format") {
        None | Some("text") => text,
        Some("json") => json,
        Some("junit") => junit,
        Some(other) => {
            return Err(arguments.wrong(&format!(
                "--format takes text, json or junit, and not `{other}`"
            )));
        }
    };
    let judgement = check::judge(folder, &exercise)?;
    print(&format(folder, &exercise, &judgement))?;
    if judgement.holds() {
        // The next time is a new one.
        let _ = fs::remove_file(hint_file(folder));
        return Ok(Outcome::Holds);
    }
    if arguments.has("--hint") {
        print(&hint(folder, &exercise)?)?;
    } else if arguments.value("--format").is_none() {
        let folder = folder.display();
        print(&format!(
            "For a hint: cargo listings check {folder} --hint\n"
        ))?;
    }
    Ok(Outcome::DoesNotHold)
}

pub fn watch(arguments: &Arguments) -> Done {
    let words = arguments.words(1..=1, "the folder of a crate")?;
    let folder = Path::new(&words[0]);
    let exercise = exercise(arguments, folder)?;
    let mut seen = None;
    loop {
        let now = wrap::content(folder).ok();
        if seen.as_ref() != Some(&now) {
            let judgement = check::judge(folder, &exercise)?;
            let clear = if stdout().is_terminal() {
                "\x1b[2J\x1b[H"
            } else {
                ""
            };
            let text = text(folder, &exercise, &judgement);
            print(&format!(
                "{clear}{text}\nWaiting for the next change; Ctrl-C ends this.\n"
            ))?;
            seen = Some(now);
        }
        thread::sleep(PAUSE);
    }
}

/// The exercise that `--as` names, or else the folder; any other crate is taken for a whole pool.
fn exercise(arguments: &Arguments, folder: &Path) -> std::result::Result<Exercise, Usage> {
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

fn text(folder: &Path, exercise: &Exercise, judgement: &Judgement) -> String {
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
            check::Outcome::Skipped => ("-  ", Style::Dim, ""),
        };
        let _ = writeln!(text, "  {}  {}", styled(mark, style, colours), goal.words());
        for line in detail.lines() {
            let _ = writeln!(text, "{}", format!("       {line}").trim_end());
        }
    }
    if judgement.holds() {
        text += &passed(folder, exercise);
    } else {
        text += "\nNot yet.\n";
    }
    text
}

/// What a student sees who has done it: our own step beside theirs, and what to do next.
fn passed(folder: &Path, exercise: &Exercise) -> String {
    let mut text = String::from("\nAll of it holds.\n");
    let ours = exercise.solution.folder().join("src");
    match diff::folders(&folder.join("src"), &ours) {
        Ok(diff) if diff.is_empty() => text += "It is our own step to the letter.\n",
        Ok(diff) => {
            let name = &exercise.solution.name;
            let _ = write!(text, "\nFrom yours to ours, {name}:\n\n{diff}");
        }
        Err(error) => {
            let _ = writeln!(text, "(No comparison with our own step: {error}.)");
        }
    }
    if let Some(next) = next(exercise) {
        let _ = write!(text, "\nNext: cargo listings practise {next}\n");
    }
    text
}

/// The exercise after this one.
fn next(exercise: &Exercise) -> Option<String> {
    let all = exercises::all().ok()?;
    let found = all.iter().position(|other| other.name == exercise.name)?;
    all.get(found + 1).map(|next| next.name.clone())
}

/// The file that remembers how many hints were given.
fn hint_file(folder: &Path) -> PathBuf {
    folder.join(".hints")
}

fn hint(folder: &Path, exercise: &Exercise) -> Result<String> {
    let hints = exercise.hints()?;
    let file = hint_file(folder);
    let given: usize = fs::read_to_string(&file)
        .ok()
        .and_then(|text| text.trim().parse().ok())
        .unwrap_or_default();
    let number = given.min(hints.len().saturating_sub(1));
    let hint = hints.get(number).map_or("there is none", String::as_str);
    fs::write(&file, format!("{}\n", number + 1))
        .map_err(|error| Error::new(format!("cannot write {}: {error}", file.display())))?;
    let mut text = format!("\nHint {} of {}: {hint}\n", number + 1, hints.len());
    if number + 1 == hints.len() {
        let _ = writeln!(
            text,
            "That was the last one. Our own step is {}/listings/{}.",
            root().display(),
            exercise.solution.name
        );
    }
    Ok(text)
}

fn json(folder: &Path, exercise: &Exercise, judgement: &Judgement) -> String {
    let mut checks = Vec::new();
    for Check { goal, outcome } in &judgement.checks {
        let (result, detail) = result(outcome);
        checks.push(format!(
            "    {{\"check\": {}, \"asks\": {}, \"result\": {}, \"detail\": {}}}",
            quoted(goal.key()),
            quoted(goal.words()),
            quoted(result),
            quoted(detail)
        ));
    }
    format!(
        "{{\n  \"folder\": {},\n  \"exercise\": {},\n  \"holds\": {},\n  \"checks\": [\n{}\n  ]\n}}\n",
        quoted(&folder.display().to_string()),
        quoted(&exercise.name),
        judgement.holds(),
        checks.join(",\n")
    )
}

fn result(outcome: &check::Outcome) -> (&'static str, &str) {
    match outcome {
        check::Outcome::Holds(detail) => ("holds", detail),
        check::Outcome::Fails(detail) => ("fails", detail),
        check::Outcome::Skipped => ("skipped", ""),
    }
}

/// A text in JSON (RFC 8259).
fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for character in text.chars() {
        match character {
            '"' => json += "\\\"",
            '\\' => json += "\\\\",
            '\n' => json += "\\n",
            control if control < ' ' => {
                let _ = write!(json, "\\u{:04x}", u32::from(control));
            }
            other => json.push(other),
        }
    }
    json + "\""
}

/// The report format that most build servers read.
fn junit(folder: &Path, exercise: &Exercise, judgement: &Judgement) -> String {
    let count = |wanted: &str| {
        let results = judgement
            .checks
            .iter()
            .map(|check| result(&check.outcome).0);
        results.filter(|result| *result == wanted).count()
    };
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" skipped=\"{}\">\n",
        escaped(&format!("{}: {}", exercise.name, folder.display())),
        judgement.checks.len(),
        count("fails"),
        count("skipped")
    );
    for Check { goal, outcome } in &judgement.checks {
        let name = escaped(goal.words());
        let class = goal.key();
        let _ = match outcome {
            check::Outcome::Holds(_) => {
                writeln!(text, "  <testcase classname=\"{class}\" name=\"{name}\"/>")
            }
            check::Outcome::Skipped => writeln!(
                text,
                "  <testcase classname=\"{class}\" name=\"{name}\"><skipped/></testcase>"
            ),
            check::Outcome::Fails(detail) => {
                let message = escaped(detail.lines().next().unwrap_or_default());
                let detail = escaped(detail);
                writeln!(
                    text,
                    "  <testcase classname=\"{class}\" name=\"{name}\">\n    \
                     <failure message=\"{message}\">{detail}</failure>\n  </testcase>"
                )
            }
        };
    }
    text + "</testsuite>\n"
}

/// A text in XML, without the control characters that XML has no way to write.
fn escaped(text: &str) -> String {
    let allowed = |character: &char| *character >= ' ' || matches!(character, '\n' | '\t');
    let text: String = text.chars().filter(allowed).collect();
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}
