//! A story as a table that people can act out.

use super::story::{Step, Story, What};
use crate::html;

/// The table, and below it where everybody is in the end.
pub fn html(title: &str, story: &Story) -> String {
    let mut rows = Vec::new();
    for (index, step) in story.steps.iter().enumerate().filter(|(_, step)| step.done) {
        // A wait begins after a step; everything else is one.
        let number = story
            .scenes
            .iter()
            .filter(|scene| !matches!(scene.what, What::WaitsForMessage | What::WaitsForEndOf(_)))
            .find(|scene| scene.step == index)
            .and_then(|scene| scene.number);
        rows.push(vec![
            (index + 1).to_string(),
            story.threads[step.thread].clone(),
            deed(story, step),
            place(step),
            number.map_or(String::new(), |number| number.to_string()),
        ]);
    }
    let columns = ["step", "thread", "does", "at", "in the picture"];
    let mut text = html::table("steps", &html::escaped(title), &columns, 1, &rows);
    if !story.circle.is_empty() {
        text += "<p><b>Deadlock</b>: nobody can go on.</p>\n<ul>\n";
        for step in story.steps.iter().filter(|step| !step.done) {
            let who = &story.threads[step.thread];
            let waits = deed(story, step);
            text += &format!("<li>{who} waits to {waits} ({}).</li>\n", place(step));
        }
        text += "</ul>\n";
    }
    text
}

fn place(step: &Step) -> String {
    match step.place.is_empty() {
        true => String::new(),
        false => format!("<code>{}</code>", step.place),
    }
}

/// What a step does. A message that is no job is a `Terminate`.
fn deed(story: &Story, step: &Step) -> String {
    let deed = match step.deed.split_once(": message ") {
        None => step.deed.clone(),
        Some((does, _)) => format!("{does}: `Terminate`"),
    };
    let deed = deed.split(", sent in step").next().unwrap_or_default();
    let words = html::inline(deed);
    let empty = !step.done && deed.starts_with("receive");
    debug_assert!(!empty || !story.circle.is_empty());
    match empty {
        true => format!("{words}, which is empty"),
        false => words,
    }
}
