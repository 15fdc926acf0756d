//! Messages, which are used up, beside a closed channel, which is a state.

use super::svg::{boxed, drawn, words};
use crate::explored::explored;
use interleave::primitives::channel;
use interleave::trace::{Event, Execution, Op, Outcome};
use listings::catalogue::Listing;

const WORKERS: usize = 2;

/// Draws what each worker finds at the end, in both designs.
pub fn figure(messages: &Listing, closing: &Listing) -> String {
    let told = found_by_workers(messages);
    assert!(
        told.iter()
            .all(|(_, found)| matches!(found, Outcome::Message { .. }))
    );
    let closed = found_by_workers(closing);
    assert!(
        closed
            .iter()
            .all(|(_, found)| *found == Outcome::Disconnected)
    );

    let mut lines = vec![words("name", 180, 18, "messages are used up")];
    let mut text = format!("Above, messages: {WORKERS} are in the queue.");
    state(&mut lines, 0, 28, &["Terminate"; WORKERS]);
    for (index, (who, _)) in told.iter().enumerate() {
        let left = WORKERS - index - 1;
        hand_over(&mut lines, index, 28, who, "takes one");
        state(&mut lines, index + 1, 28, &vec!["Terminate"; left]);
        text += &format!(
            " {who} takes one, and {left} {} left.",
            if left == 1 { "is" } else { "are" }
        );
    }
    lines.push(words("name", 180, 130, "closed is a state"));
    text += " Below, a closed channel.";
    state(&mut lines, 0, 140, &["closed"]);
    for (index, (who, _)) in closed.iter().enumerate() {
        hand_over(&mut lines, index, 140, who, "gets Err");
        state(&mut lines, index + 1, 140, &["closed"]);
        text += &format!(" {who} gets an error, and the channel is closed as before.");
    }
    drawn(
        "closed-channel",
        "Messages are used up, and a closed channel stays closed",
        &text,
        216,
        &lines,
        "Each worker takes a <code>Terminate</code> away from the others. Nobody can take the end of a \
         closed channel away.",
    )
}

/// Who receives what when a pool of idle workers is dropped, in order.
fn found_by_workers(listing: &Listing) -> Vec<(String, Outcome)> {
    let report = explored(&listing.name)
        .pool(WORKERS, 0)
        .report()
        .expect("a report");
    let execution: &Execution = report.shown.as_ref().expect("an execution");
    let receives = |event: &&Event| matches!(event.op, Op::Channel(_, channel::Action::Recv));
    let events = execution.events.iter().filter(receives);
    let found: Vec<(String, Outcome)> = events
        .map(|event| (execution.thread_name(event.thread), event.outcome.clone()))
        .collect();
    assert_eq!(found.len(), WORKERS, "each worker receives once");
    found
}

/// What is in the channel.
fn state(lines: &mut Vec<String>, place: usize, y: usize, inside: &[&str]) {
    let x = 2 + place * 140;
    let class = if inside == ["closed"] {
        "waits"
    } else {
        "letter"
    };
    lines.push(boxed(class, x, y, 76, 58));
    let middle = x + 38;
    match inside {
        [] => lines.push(words("soft", middle, y + 34, "empty")),
        [one] => lines.push(words("", middle, y + 34, one)),
        [one, two] => {
            lines.push(words("", middle, y + 24, one));
            lines.push(words("", middle, y + 44, two));
        }
        more => panic!("no room for {}", more.len()),
    }
}

/// What happens from one state to the next.
fn hand_over(lines: &mut Vec<String>, place: usize, y: usize, who: &str, what: &str) {
    let x = 2 + place * 140 + 76;
    let (middle, end) = (x + 32, x + 64);
    lines.push(words("", middle, y + 20, who));
    lines.push(format!(
        "<path class=\"arrow\" d=\"M{} {}H{}\"/><path class=\"tip\" d=\"M{end} {}l-9 -5v10z\"/>",
        x + 2,
        y + 29,
        end - 7,
        y + 29
    ));
    lines.push(words("", middle, y + 46, what));
}
