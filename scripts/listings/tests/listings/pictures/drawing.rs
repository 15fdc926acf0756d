//! A story as a drawing: time runs from left to right, with a lane for each thread and one for the
//! queue. The colours are in the book's `look.css`.

use super::story::{Scene, Story, What};
use std::fmt::Write;

const WIDTH: usize = 780;
/// Where time begins and ends.
const LEFT: usize = 90;
const RIGHT: usize = WIDTH - 8;
/// The lane of `main`, that of the queue, and the distance from one to the next.
const MAIN: usize = 48;
const QUEUE: usize = 128;
const APART: usize = 80;

fn lane(thread: usize) -> usize {
    match thread {
        0 => MAIN,
        worker => QUEUE + APART * worker,
    }
}

/// How much room there is before a scene.
fn room(what: &What) -> usize {
    match what {
        What::Sends(_) => 70,
        What::Takes(_) => 76,
        What::HasJoined(_) => 36,
        What::FinishesTheJob | What::Ends => 26,
        What::WaitsForEndOf(_) => 24,
        What::RunsTheJob | What::WaitsForMessage => 0,
    }
}

/// The story as SVG without blank lines, which would end the picture in Markdown.
pub fn svg(id: &str, title: &str, story: &Story) -> String {
    let mut x = LEFT;
    let times: Vec<usize> = story
        .scenes
        .iter()
        .map(|scene| {
            x += room(&scene.what);
            x
        })
        .collect();
    assert!(x <= RIGHT - 40, "the picture is too narrow: {x}");
    let scenes: Vec<(usize, &Scene)> = times.into_iter().zip(&story.scenes).collect();

    let bottom = lane(story.threads.len() - 1) + 46;
    let mut lines = vec![
        format!(
            r#"<svg class="threads" viewBox="0 0 {WIDTH} {}" role="img" aria-labelledby="{id}-title {id}-desc">"#,
            bottom + 16
        ),
        format!(r#"<title id="{id}-title">{title}</title>"#),
        format!(r#"<desc id="{id}-desc">{}</desc>"#, description(story)),
    ];
    lines.extend(name("the queue", QUEUE));
    for (thread, who) in story.threads.iter().enumerate() {
        lines.extend(name(who, lane(thread)));
    }
    for thread in 0..story.threads.len() {
        lines.extend(life(thread, &scenes));
    }
    lines.extend(queue(&scenes));
    for &(x, scene) in &scenes {
        lines.extend(arrow(x, scene));
    }
    if story
        .for_ever()
        .iter()
        .any(|scene| scene.what == What::WaitsForMessage)
    {
        let x = RIGHT - 180;
        lines.push(format!(
            r#"<text class="step" x="{x}" y="{}">empty; main would</text>"#,
            QUEUE - 23
        ));
        lines.push(format!(
            r#"<text class="step" x="{x}" y="{}">send, but it waits</text>"#,
            QUEUE - 7
        ));
    }
    for &(x, scene) in &scenes {
        lines.extend(number(x, scene));
    }
    lines.push(format!(
        r#"<path class="line" d="M{LEFT} {bottom}H{RIGHT}l-7 -5m7 5l-7 5"/><text class="step" x="8" y="{}">time</text>"#,
        bottom + 5
    ));
    lines.push("</svg>".to_string());
    lines.join("\n")
}

/// Begins a sentence, though not with a capital `main`.
fn sentence(words: &str) -> String {
    match words.strip_prefix('w') {
        Some(rest) => format!("W{rest}"),
        None => words.to_string(),
    }
}

/// The picture in words.
fn description(story: &Story) -> String {
    let mut text = format!(
        "Time runs from left to right, with a row each for {} and the queue.",
        story.threads.join(", ")
    );
    for scene in &story.scenes {
        let words = story.words(scene);
        let _ = match scene.number {
            Some(number) => write!(text, " {number}: {words}."),
            None => write!(text, " {}.", sentence(&words)),
        };
    }
    let for_ever: Vec<String> = story
        .for_ever()
        .iter()
        .map(|scene| story.words(scene))
        .collect();
    if !for_ever.is_empty() {
        let _ = write!(text, " In the end {}, for ever.", for_ever.join(", and "));
    }
    text
}

/// A lane and its name.
fn name(name: &str, y: usize) -> Vec<String> {
    vec![format!(
        r#"<text class="name" x="8" y="{}">{name}</text><path class="line" d="M{LEFT} {y}H{RIGHT}"/>"#,
        y + 5
    )]
}

/// A thread from its beginning to its end: a box for each time that it runs or waits.
fn life(thread: usize, scenes: &[(usize, &Scene)]) -> Vec<String> {
    let y = lane(thread);
    let mut lines = Vec::new();
    let (mut from, mut class, mut labels) = (LEFT, "runs", vec![]);
    let mut close = |from: usize, to: usize, class: &str, labels: &[String]| {
        if to > from {
            lines.push(format!(
                r#"<rect class="{class}" x="{from}" y="{}" width="{}" height="36" rx="4"/>"#,
                y - 18,
                to - from
            ));
            if let Some(label) = labels
                .iter()
                .find(|label| fits(label, (to - from).saturating_sub(14)))
            {
                lines.push(format!(
                    r#"<text class="small" x="{}" y="{}">{label}</text>"#,
                    from + 9,
                    y + 5
                ));
            }
        }
    };
    let own = scenes.iter().filter(|(_, scene)| scene.thread == thread);
    for &(x, scene) in own {
        let (next, says) = match &scene.what {
            What::WaitsForMessage => (
                "waits",
                vec!["waits for a message".to_string(), "waits".to_string()],
            ),
            What::WaitsForEndOf(whom) => (
                "waits",
                vec![
                    format!("join: waits for {whom} to end"),
                    "join: waits".to_string(),
                ],
            ),
            What::RunsTheJob => ("runs", vec!["runs the job".to_string()]),
            What::Ends => {
                close(from, x, class, &labels);
                lines.push(format!(
                    r#"<path class="end" d="M{x} {}v40"/><text class="small free" x="{}" y="{}">ends</text>"#,
                    y - 20,
                    x + 7,
                    y + 5
                ));
                return lines;
            }
            What::FinishesTheJob => ("runs", vec![]),
            _ if class == "waits" => ("runs", vec![]),
            _ => continue,
        };
        close(from, x, class, &labels);
        (from, class, labels) = (x, next, says);
    }
    close(from, RIGHT, class, &labels);
    lines
}

/// Whether there is room for a text. A letter is about 7 wide.
fn fits(text: &str, width: usize) -> bool {
    text.chars().count() * 7 <= width
}

/// What is in the queue, from one change to the next.
fn queue(scenes: &[(usize, &Scene)]) -> Vec<String> {
    let changes: Vec<(usize, &What)> = scenes
        .iter()
        .map(|(x, scene)| (*x, &scene.what))
        .filter(|(_, what)| matches!(what, What::Sends(_) | What::Takes(_)))
        .collect();
    let mut queue: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    for (index, (x, what)) in changes.iter().enumerate() {
        let from = match what {
            What::Sends(message) => {
                queue.push(message.rsplit(' ').next().unwrap_or_default());
                x - 8
            }
            _ => {
                queue.remove(0);
                x + 10
            }
        };
        let to = match changes.get(index + 1) {
            Some((x, What::Sends(_))) => x - 10,
            Some((x, _)) => x + 8,
            None => RIGHT,
        };
        let letters: Vec<String> = queue
            .chunk_by(|one, other| one == other)
            .map(|same| match same {
                [one] => one.to_string(),
                [one, ..] => format!("{} × {one}", same.len()),
                [] => String::new(),
            })
            .collect();
        if letters.is_empty() {
            continue;
        }
        let letters = letters.join(", ");
        assert!(fits(&letters, to - from - 4), "no room for {letters}");
        lines.push(format!(
            r#"<rect class="letter" x="{from}" y="{}" width="{}" height="26" rx="3"/><text class="small" x="{}" y="{}" text-anchor="middle">{letters}</text>"#,
            QUEUE - 13,
            to - from,
            (from + to) / 2,
            QUEUE + 5
        ));
    }
    lines
}

/// A message on its way into the queue or out of it.
fn arrow(x: usize, scene: &Scene) -> Option<String> {
    let (from, to) = match scene.what {
        What::Sends(_) => (lane(scene.thread) + 18, QUEUE - 14),
        What::Takes(_) => (QUEUE + 13, lane(scene.thread) - 19),
        _ => return None,
    };
    Some(format!(
        r#"<path class="arrow" d="M{x} {from}V{}"/><path class="tip" d="M{x} {to}l-5 -9h10z"/>"#,
        to - 7
    ))
}

/// The number of a scene.
fn number(x: usize, scene: &Scene) -> Option<String> {
    let number = scene.number?;
    let y = match scene.what {
        What::Sends(_) => lane(scene.thread),
        What::Takes(_) => lane(scene.thread) - 43,
        _ => lane(scene.thread) - 27,
    };
    Some(format!(
        r#"<circle class="letter" cx="{x}" cy="{y}" r="10"/><text class="small" x="{x}" y="{}" text-anchor="middle">{number}</text>"#,
        y + 5
    ))
}
