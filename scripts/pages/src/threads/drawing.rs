//! A story as a drawing: time runs downwards, with a lane for each thread and one for the queue, and
//! a deadlock ends in the circle of who waits for whom. It is as wide as the narrowest phone, so its
//! words can be read there. The colours are in the book's `look.css`.

use super::story::{Scene, Story, What};
use crate::html::escaped;
use std::fmt::Write;

const WIDTH: usize = 360;
/// Where the lanes begin, from left to right: `main`, the queue, the workers.
const LANES: [usize; 4] = [4, 96, 196, 286];
/// How wide a thread's lane is, and the queue's.
const THREAD: usize = 70;
const QUEUE: usize = 78;
/// Where time begins.
const TOP: usize = 36;
/// From one line of words to the next.
const LINE: usize = 15;

fn left(thread: usize) -> usize {
    match thread {
        0 => LANES[0],
        worker => LANES[worker + 1],
    }
}

/// How much room there is before a scene.
fn room(what: &What) -> usize {
    match what {
        What::Sends(_) | What::Takes(_) => 44,
        What::HasJoined(_) => 40,
        What::FinishesTheJob => 36,
        What::Ends => 26,
        What::WaitsForEndOf(_) => 24,
        What::RunsTheJob => 22,
        What::WaitsForMessage => 14,
    }
}

/// The story as SVG without blank lines, which would end the picture in Markdown.
pub fn svg(id: &str, title: &str, story: &Story) -> String {
    let mut y = TOP;
    let mut scenes: Vec<(usize, &Scene)> = Vec::new();
    for scene in &story.scenes {
        y += room(&scene.what);
        scenes.push((y, scene));
    }
    let bottom = y + 3 * LINE + 16;
    let height = match story.circle.is_empty() {
        true => bottom + 4,
        false => bottom + CIRCLE,
    };

    let mut lines = vec![
        format!(
            r#"<svg class="threads" viewBox="0 0 {WIDTH} {height}" role="img" aria-labelledby="{id}-title {id}-desc">"#
        ),
        format!(r#"<title id="{id}-title">{}</title>"#, escaped(title)),
        format!(
            r#"<desc id="{id}-desc">{}</desc>"#,
            escaped(&description(story))
        ),
    ];
    lines.extend(lane("queue", LANES[1], QUEUE, bottom));
    for (thread, who) in story.threads.iter().enumerate() {
        lines.extend(lane(who, left(thread), THREAD, bottom));
    }
    for thread in 0..story.threads.len() {
        lines.extend(life(thread, story, &scenes, bottom));
    }
    lines.extend(queue(&scenes, bottom));
    for &(y, scene) in &scenes {
        lines.extend(arrow(y, scene));
    }
    for &(y, scene) in &scenes {
        lines.extend(number(y, scene));
    }
    if !story.circle.is_empty() {
        lines.extend(circle(story, bottom));
    }
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
        "Time runs downwards, with a column each for {} and the queue.",
        story.threads.join(", ")
    );
    for scene in &story.scenes {
        let words = story.words(scene);
        let _ = match scene.number {
            Some(number) => write!(text, " {number}: {words}."),
            None => write!(text, " {}.", sentence(&words)),
        };
    }
    if !story.circle.is_empty() {
        text += " Deadlock:";
        for (index, waits) in story.circle.iter().enumerate() {
            let end = if index + 1 < story.circle.len() {
                ";"
            } else {
                "."
            };
            let _ = write!(text, " {}, in {}{end}", waits.who, waits.why);
        }
    }
    text
}

/// A lane and its name.
fn lane(name: &str, x: usize, width: usize, bottom: usize) -> Vec<String> {
    let middle = x + width / 2;
    vec![
        format!(r#"<text class="name" x="{middle}" y="18" text-anchor="middle">{name}</text>"#),
        format!(r#"<path class="line" d="M{middle} 26V{bottom}"/>"#),
    ]
}

/// A thread from its beginning to its end: a box for each time that it runs or waits.
fn life(thread: usize, story: &Story, scenes: &[(usize, &Scene)], bottom: usize) -> Vec<String> {
    let x = left(thread);
    let mut lines = Vec::new();
    let (mut from, mut class, mut words) = (TOP, "runs", Vec::new());
    let close = |from: usize, to: usize, class: &str, words: &[String], lines: &mut Vec<String>| {
        if to <= from {
            return;
        }
        let height = to - from;
        lines.push(format!(
            r#"<rect class="{class}" x="{x}" y="{from}" width="{THREAD}" height="{height}" rx="4"/>"#
        ));
        if words.len() * LINE + 8 > height {
            return;
        }
        for (index, word) in words.iter().enumerate() {
            lines.push(format!(
                r#"<text x="{}" y="{}" text-anchor="middle">{word}</text>"#,
                x + THREAD / 2,
                from + (index + 1) * LINE + 4
            ));
        }
    };
    // From here on nobody goes on. Before that a wait is harmless.
    let deadlock = scenes.iter().map(|(y, _)| *y).max().unwrap_or(TOP);
    for &(y, scene) in scenes.iter().filter(|(_, scene)| scene.thread == thread) {
        let waits = match story.is_for_ever(scene) && y == deadlock {
            true => "stuck",
            false => "waits",
        };
        let (next, says): (&str, &[&str]) = match &scene.what {
            What::WaitsForMessage => (waits, &["waits for", "a message"]),
            What::WaitsForEndOf(_) => (waits, &["join:", "waits for"]),
            What::RunsTheJob => ("runs", &["runs", "job 0"]),
            What::Ends => {
                close(from, y, class, &words, &mut lines);
                lines.push(format!(
                    r#"<path class="end" d="M{x} {y}h{THREAD}"/><text class="free" x="{}" y="{}" text-anchor="middle">ends</text>"#,
                    x + THREAD / 2,
                    y + LINE + 1
                ));
                return lines;
            }
            What::FinishesTheJob => ("runs", &[]),
            _ if class == "waits" => ("runs", &[]),
            _ => continue,
        };
        close(from, y, class, &words, &mut lines);
        (from, class) = (y, next);
        words = says.iter().map(|word| word.to_string()).collect();
        if let What::WaitsForEndOf(whom) = &scene.what {
            words.push(story.threads[*whom].clone());
        }
    }
    if !story.circle.is_empty() && class == "waits" {
        close(from, deadlock, class, &words, &mut lines);
        (from, class, words) = (deadlock, "stuck", vec!["for ever".to_string()]);
    }
    close(from, bottom, class, &words, &mut lines);
    lines
}

/// What is in the queue, from one change to the next.
fn queue(scenes: &[(usize, &Scene)], bottom: usize) -> Vec<String> {
    let changes: Vec<(usize, &What)> = scenes
        .iter()
        .map(|(y, scene)| (*y, &scene.what))
        .filter(|(_, what)| matches!(what, What::Sends(_) | What::Takes(_)))
        .collect();
    let mut queue: Vec<&str> = Vec::new();
    let mut lines = Vec::new();
    let x = LANES[1];
    for (index, (y, what)) in changes.iter().enumerate() {
        match what {
            What::Sends(message) => queue.push(message.trim_start_matches("a ")),
            _ => {
                queue.remove(0);
            }
        }
        if queue.is_empty() {
            continue;
        }
        let to = changes.get(index + 1).map_or(bottom, |(y, _)| *y);
        let height = to - y;
        assert!(queue.len() * LINE + 4 <= height, "no room for the queue");
        lines.push(format!(
            r#"<rect class="letter" x="{x}" y="{y}" width="{QUEUE}" height="{height}" rx="3"/>"#
        ));
        for (place, message) in queue.iter().enumerate() {
            lines.push(format!(
                r#"<text x="{}" y="{}" text-anchor="middle">{message}</text>"#,
                x + QUEUE / 2,
                y + (place + 1) * LINE
            ));
        }
    }
    lines
}

/// A message on its way into the queue or out of it.
fn arrow(y: usize, scene: &Scene) -> Option<String> {
    let (from, to) = match scene.what {
        What::Sends(_) => (left(scene.thread) + THREAD, LANES[1]),
        What::Takes(_) => (LANES[1] + QUEUE, left(scene.thread)),
        _ => return None,
    };
    let stem = to - 7;
    Some(format!(
        r#"<path class="under" d="M{from} {y}H{stem}"/><path class="arrow" d="M{from} {y}H{stem}"/><path class="tip" d="M{to} {y}l-9 -5v10z"/>"#
    ))
}

/// The number of a scene, on the edge of its lane.
fn number(y: usize, scene: &Scene) -> Option<String> {
    let number = scene.number?;
    let x = match scene.what {
        What::Takes(_) => left(scene.thread) + THREAD - 8,
        _ => left(scene.thread) + 8,
    };
    Some(format!(
        r#"<circle class="letter" cx="{x}" cy="{y}" r="9"/><text x="{x}" y="{}" text-anchor="middle">{number}</text>"#,
        y + 4
    ))
}

/// How much room the circle takes.
const CIRCLE: usize = 178;

/// Who waits for whom, round and round.
fn circle(story: &Story, bottom: usize) -> Vec<String> {
    let [first, second] = &story.circle[..] else {
        panic!("a circle of two is drawn");
    };
    let (top, low) = (bottom + 48, bottom + 132);
    let middle = (top + low) / 2;
    let words = |text: &str, y: usize| {
        format!(
            r#"<text x="180" y="{y}" text-anchor="middle">{}</text>"#,
            escaped(text)
        )
    };
    let who = |name: &str, x: usize| {
        format!(
            r#"<rect class="stuck" x="{}" y="{}" width="{THREAD}" height="34" rx="4"/><text class="name" x="{x}" y="{}" text-anchor="middle">{name}</text>"#,
            x - THREAD / 2,
            middle - 17,
            middle + 5
        )
    };
    // From the first one over the top to the second one, and back below.
    let (from, to) = (60, 300);
    vec![
        format!(
            r#"<path class="round" d="M{from} {}Q{from} {top} 100 {top}H260Q{to} {top} {to} {}"/><path class="alarm" d="M{to} {}l-5 -9h10z"/>"#,
            middle - 17,
            middle - 26,
            middle - 18
        ),
        format!(
            r#"<path class="round" d="M{to} {}Q{to} {low} 260 {low}H100Q{from} {low} {from} {}"/><path class="alarm" d="M{from} {}l-5 9h10z"/>"#,
            middle + 17,
            middle + 26,
            middle + 18
        ),
        words(&first.why, top - 9),
        who(&first.who, from),
        format!(
            r#"<text class="deadlock" x="180" y="{}" text-anchor="middle">deadlock</text>"#,
            middle + 6
        ),
        who(&second.who, to),
        words(&second.why, low + 20),
    ]
}
