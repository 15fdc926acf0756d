//! A story as a table that people can act out.

use super::story::{Story, What, stuck};
use crate::html;
use interleave::primitives::{channel, thread};
use interleave::{
    explorer::explain::{event_words, job_sent, sent_at},
    trace::{Event, Op, Place, ThreadState},
};

/// The table, and below it where everybody is in the end.
pub fn html(title: &str, story: &Story) -> String {
    let execution = &story.execution;
    let rows: Vec<Vec<String>> = execution
        .events
        .iter()
        .enumerate()
        .map(|(index, event)| {
            // A wait begins after an event; every other scene is one.
            let number = story
                .scenes
                .iter()
                .filter(|scene| {
                    !matches!(scene.what, What::WaitsForMessage | What::WaitsForEndOf(_))
                })
                .find(|scene| scene.event == index)
                .and_then(|scene| scene.number);
            vec![
                (index + 1).to_string(),
                story.threads[event.thread].clone(),
                does(story, index, event),
                // Where a thread ends is nothing to read: its last line was the step before.
                match event.op {
                    Op::Thread(thread::Action::Exit { .. }) => String::new(),
                    _ => place(event.place),
                },
                number.map_or(String::new(), |number| number.to_string()),
            ]
        })
        .collect();
    let columns = ["step", "thread", "does", "at", "in the picture"];
    let mut text = html::table("steps", &html::escaped(title), &columns, 1, &rows);
    if story.circle.is_empty() {
        return text;
    }
    text += "<p><b>Deadlock</b>: nobody can go on.</p>\n<ul>\n";
    for (thread, who) in story.threads.iter().enumerate() {
        let Some(op) = stuck(execution, thread) else {
            continue;
        };
        let ThreadState::Pending { place: at, .. } = &execution.threads[thread].state else {
            unreachable!("who is stuck would go on");
        };
        let empty = match op {
            Op::Channel(_, channel::Action::Recv) => ", which is empty",
            _ => "",
        };
        let waits = execution.op_words(op);
        let last = story.scenes.iter().rfind(|scene| scene.thread == thread);
        let number = last
            .filter(|scene| story.is_for_ever(scene))
            .and_then(|scene| scene.number)
            .map_or(String::new(), |number| format!("; {number} in the picture"));
        text += &format!(
            "<li>{who} waits to {waits}{empty} ({}{number}).</li>\n",
            place(*at)
        );
    }
    text += "</ul>\n";
    text
}

fn place(place: Place) -> String {
    match place.is_in_program() {
        true => format!("<code>{place}</code>"),
        false => String::new(),
    }
}

/// What a step does. A message that is no job is a `Terminate`.
fn does(story: &Story, index: usize, event: &Event) -> String {
    let execution = &story.execution;
    let sent = match event.op {
        Op::Channel(_, channel::Action::Send) => Some(index),
        _ => sent_at(execution, event),
    };
    match sent.map(|send| job_sent(execution, send)) {
        Some(None) => format!("{}: <code>Terminate</code>", execution.op_words(&event.op)),
        _ => html::inline(&event_words(execution, event)),
    }
}
