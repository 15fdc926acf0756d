//! What `cargo listings check` says to programs: one document in JSON or in the format of JUnit.

use super::{class::Student, hints::Hint};
use interleave::json::quoted;
use listings::{
    check::{Check, Judgement, Ruling, Verdict},
    exercises::Exercise,
};
use std::{fmt::Write as _, path::Path};

/// The judgement as one JSON document.
pub fn json(
    folder: &Path,
    exercise: &Exercise,
    judgement: &Judgement,
    hint: Option<&Hint>,
) -> String {
    let hint = hint.map_or(String::new(), |Hint { number, of, text }| {
        let text = quoted(text);
        format!(",\n  \"hint\": {{\"number\": {number}, \"of\": {of}, \"text\": {text}}}")
    });
    let fields = fields(folder, exercise, judgement, "  ");
    format!("{{\n{fields}{hint}\n}}\n")
}

/// The judgements on a class as one JSON document.
pub fn class_json(students: &[Student]) -> String {
    let student = |student: &Student| {
        let name = quoted(&student.name);
        let fields = fields(
            &student.folder,
            &student.exercise,
            &student.judgement,
            "      ",
        );
        format!("    {{\n      \"student\": {name},\n{fields}\n    }}")
    };
    let all: Vec<String> = students.iter().map(student).collect();
    format!("{{\n  \"students\": [\n{}\n  ]\n}}\n", all.join(",\n"))
}

/// The fields of a judgement's object, each on a line that begins with `indent`.
fn fields(folder: &Path, exercise: &Exercise, judgement: &Judgement, indent: &str) -> String {
    let mut checks = Vec::new();
    for Check { goal, ruling } in &judgement.checks {
        let (result, detail) = result(ruling);
        checks.push(format!(
            "{indent}  {{\"check\": {}, \"asks\": {}, \"result\": {}, \"detail\": {}}}",
            quoted(goal.key()),
            quoted(goal.words()),
            quoted(result),
            quoted(detail)
        ));
    }
    let holds = match judgement.verdict() {
        Verdict::Holds => "true",
        Verdict::Fails => "false",
        Verdict::Unjudged => "null",
    };
    let fields = [
        format!("\"folder\": {}", quoted(&folder.display().to_string())),
        format!("\"exercise\": {}", quoted(&exercise.name)),
        format!("\"holds\": {holds}"),
        format!("\"points\": {}", judgement.points()),
        format!("\"of\": {}", judgement.checks.len()),
        format!("\"checks\": [\n{}\n{indent}]", checks.join(",\n")),
    ];
    let fields = fields.map(|field| format!("{indent}{field}"));
    fields.join(",\n")
}

/// The same where there is no judgement, with the reason.
pub fn json_error(sentence: &str) -> String {
    let error = quoted(sentence);
    format!("{{\n  \"holds\": null,\n  \"checks\": [],\n  \"error\": {error}\n}}\n")
}

fn result(ruling: &Ruling) -> (&'static str, &str) {
    match ruling {
        Ruling::Holds(detail) => ("holds", detail),
        Ruling::Fails(detail) => ("fails", detail),
        Ruling::Unjudged(detail) => ("unjudged", detail),
        Ruling::Skipped => ("skipped", ""),
    }
}

/// The first line of every XML document.
const XML: &str = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n";

/// The judgement in the report format that most build servers read.
pub fn junit(
    folder: &Path,
    exercise: &Exercise,
    judgement: &Judgement,
    hint: Option<&Hint>,
) -> String {
    let name = format!("{}: {}", exercise.name, folder.display());
    XML.to_string() + &suite(&name, judgement, hint)
}

/// The judgements on a class in that format.
pub fn class_junit(students: &[Student]) -> String {
    let mut text = format!("{XML}<testsuites>\n");
    for student in students {
        let name = format!("{}: {}", student.exercise.name, student.name);
        text += &suite(&name, &student.judgement, None);
    }
    text + "</testsuites>\n"
}

fn suite(name: &str, judgement: &Judgement, hint: Option<&Hint>) -> String {
    let count = |wanted: &str| {
        let results = judgement.checks.iter().map(|check| result(&check.ruling).0);
        results.filter(|result| *result == wanted).count()
    };
    let mut text = format!(
        "<testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        escaped(name),
        judgement.checks.len(),
        count("fails"),
        count("unjudged"),
        count("skipped")
    );
    for Check { goal, ruling } in &judgement.checks {
        let name = escaped(goal.words());
        let class = goal.key();
        let _ = match ruling {
            Ruling::Holds(_) => {
                writeln!(text, "  <testcase classname=\"{class}\" name=\"{name}\"/>")
            }
            Ruling::Skipped => writeln!(
                text,
                "  <testcase classname=\"{class}\" name=\"{name}\"><skipped/></testcase>"
            ),
            Ruling::Unjudged(detail) => {
                let message = escaped(detail);
                writeln!(
                    text,
                    "  <testcase classname=\"{class}\" name=\"{name}\">\n    \
                     <error message=\"{message}\"/>\n  </testcase>"
                )
            }
            Ruling::Fails(detail) => {
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
    if let Some(Hint {
        number,
        of,
        text: hint,
    }) = hint
    {
        let hint = escaped(hint);
        let _ = writeln!(
            text,
            "  <system-out>Hint {number} of {of}: {hint}</system-out>"
        );
    }
    text + "</testsuite>\n"
}

/// The same where there is no judgement, with the reason.
pub fn junit_error(sentence: &str) -> String {
    let error = escaped(sentence);
    let message = escaped(sentence.lines().next().unwrap_or_default());
    format!(
        "{XML}<testsuite name=\"check\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n  \
         <testcase classname=\"check\" name=\"there is something to judge\">\n    \
         <error message=\"{message}\">{error}</error>\n  </testcase>\n</testsuite>\n"
    )
}

/// A text in XML, without the control characters that XML has no way to write.
fn escaped(text: &str) -> String {
    let allowed = |character: &char| match character {
        '\n' | '\t' => true,
        '\u{fffe}' | '\u{ffff}' => false,
        other => *other >= ' ',
    };
    let text: String = text.chars().filter(allowed).collect();
    text.replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

/// The judgements as comma-separated values (RFC 4180): a line of names, and one for each.
pub fn csv(students: &[Student]) -> String {
    let mut text =
        "student,folder,exercise,verdict,points,of,first_goal_that_does_not_hold,detail\n"
            .to_string();
    for student in students {
        let judgement = &student.judgement;
        let verdict = match judgement.verdict() {
            Verdict::Holds => "holds",
            Verdict::Fails => "fails",
            Verdict::Unjudged => "unjudged",
        };
        let trouble = judgement.trouble();
        let goal = trouble.map_or("", |check| check.goal.key());
        let detail = trouble.map_or("", |check| result(&check.ruling).1);
        let cells = [
            student.name.clone(),
            student.folder.display().to_string(),
            student.exercise.name.clone(),
            verdict.to_string(),
            judgement.points().to_string(),
            judgement.checks.len().to_string(),
            goal.to_string(),
            detail.lines().next().unwrap_or_default().to_string(),
        ];
        text += &cells.map(|cell| cell_of(&cell)).join(",");
        text.push('\n');
    }
    text
}

/// A cell, in quotes where it must be. A spreadsheet takes one that begins so for a formula, and a
/// folder may have any name.
fn cell_of(text: &str) -> String {
    let text = match text.starts_with(['=', '+', '-', '@']) {
        true => format!("'{text}"),
        false => text.to_string(),
    };
    match text.contains([',', '"', '\n', '\r']) {
        true => format!("\"{}\"", text.replace('"', "\"\"")),
        false => text,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn cells_stay_cells() {
        assert_eq!(cell_of("anna"), "anna");
        assert_eq!(cell_of("a, \"b\""), "\"a, \"\"b\"\"\"");
        assert_eq!(cell_of("=1+1"), "'=1+1");
    }
}
