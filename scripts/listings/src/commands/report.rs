//! What `cargo listings check` says to programs: one document in JSON or in the format of JUnit.

use super::check::Hint;
use interleave::json::Json;
use listings::{
    check::{self, Check, Judgement},
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
    let hint = hint.map_or(String::new(), |Hint { number, of, text }| {
        let text = quoted(text);
        format!(",\n  \"hint\": {{\"number\": {number}, \"of\": {of}, \"text\": {text}}}")
    });
    format!(
        "{{\n  \"folder\": {},\n  \"exercise\": {},\n  \"holds\": {},\n  \"checks\": [\n{}\n  ]{hint}\n}}\n",
        quoted(&folder.display().to_string()),
        quoted(&exercise.name),
        match judgement.unjudged() {
            Some(_) => "null".to_string(),
            None => judgement.holds().to_string(),
        },
        checks.join(",\n")
    )
}

/// The same where there is no judgement, with the reason.
pub fn json_error(sentence: &str) -> String {
    let error = quoted(sentence);
    format!("{{\n  \"holds\": null,\n  \"checks\": [],\n  \"error\": {error}\n}}\n")
}

fn result(outcome: &check::Outcome) -> (&'static str, &str) {
    match outcome {
        check::Outcome::Holds(detail) => ("holds", detail),
        check::Outcome::Fails(detail) => ("fails", detail),
        check::Outcome::Unjudged(detail) => ("unjudged", detail),
        check::Outcome::Skipped => ("skipped", ""),
    }
}

/// A text in JSON.
fn quoted(text: &str) -> String {
    Json::text(text).to_string()
}

/// The judgement in the report format that most build servers read.
pub fn junit(
    folder: &Path,
    exercise: &Exercise,
    judgement: &Judgement,
    hint: Option<&Hint>,
) -> String {
    let count = |wanted: &str| {
        let results = judgement
            .checks
            .iter()
            .map(|check| result(&check.outcome).0);
        results.filter(|result| *result == wanted).count()
    };
    let mut text = format!(
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"{}\" tests=\"{}\" failures=\"{}\" errors=\"{}\" skipped=\"{}\">\n",
        escaped(&format!("{}: {}", exercise.name, folder.display())),
        judgement.checks.len(),
        count("fails"),
        count("unjudged"),
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
            check::Outcome::Unjudged(detail) => {
                let message = escaped(detail);
                writeln!(
                    text,
                    "  <testcase classname=\"{class}\" name=\"{name}\">\n    \
                     <error message=\"{message}\"/>\n  </testcase>"
                )
            }
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
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n\
         <testsuite name=\"check\" tests=\"1\" failures=\"0\" errors=\"1\" skipped=\"0\">\n  \
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
