//! One execution as a table that can be acted out at a whiteboard.

use interleave::explorer::explain::{FewestSwitches, event_words, lock_change, sent_at};
use interleave::explorer::report::Report;
use interleave::primitives::{channel, thread};
use interleave::trace::{End, Event, Execution, ObjectId, Op, Outcome, ThreadId, ThreadState};
use std::fmt::Write as _;

/// Whether the first of these events drops a channel's last sender.
fn is_last_drop(execution: &Execution, rest: &[usize]) -> bool {
    let drops = |&&i: &&usize| match execution.events[i].op {
        Op::Channel(channel, channel::Action::SenderDropped) => Some(channel),
        _ => None,
    };
    let Some(channel) = rest.first().as_ref().and_then(drops) else {
        return false;
    };
    let is_one = |event: &Event| event.op == Op::Channel(channel, channel::Action::SenderDropped);
    let all_gone = |event: &Event| is_one(event) && event.outcome == Outcome::Disconnected;
    execution.events.iter().any(all_gone)
        && !rest[1..].iter().any(|&i| is_one(&execution.events[i]))
}

/// The greatest width of the column that says what a thread does.
const WIDTH: usize = 54;

/// An execution as a table: step, thread, what it does, where; and below, where
/// it ends, who waits for what. Give it an execution
/// [with roles](interleave::explorer::explain::with_roles).
pub fn table(execution: &Execution) -> String {
    let told = FewestSwitches::new(execution);
    let mut step_of = vec![0; execution.events.len()];
    for (step, &event) in told.order.iter().enumerate() {
        step_of[event] = step + 1;
    }
    let mut rows = Vec::new();
    let mut last = None;
    for (step, &i) in told.order.iter().enumerate() {
        let event = &execution.events[i];
        let mut does = event_words(execution, event);
        if let Some(send) = sent_at(execution, event) {
            let _ = write!(does, ", sent in step {}", step_of[send]);
        }
        if is_last_drop(execution, &told.order[step..]) {
            does += ": the last one";
        }
        let who = match last == Some(event.thread) {
            true => String::new(),
            false => execution.thread_name(event.thread),
        };
        last = Some(event.thread);
        let at = match event.place.is_in_program() {
            true => event.place.to_string(),
            false => String::new(),
        };
        rows.push([(step + 1).to_string(), who, does, at]);
    }
    let head = ["step", "thread", "does", "at"].map(str::to_string);
    let mut text = columns(&head, &rows);
    text.push('\n');
    text += &ending(execution);
    text
}

/// The table of the shortest schedule to the gravest end; empty if it wasn't asked for.
pub fn shown(report: &Report) -> String {
    report.shown.as_ref().map_or_else(String::new, table)
}

/// Rows under a head, each column as wide as it must be.
fn columns(head: &[String; 4], rows: &[[String; 4]]) -> String {
    let width = |column: usize| {
        let cells = rows.iter().map(|row| row[column].chars().count());
        let widest = cells.chain([head[column].len()]).max();
        widest.unwrap_or(0)
    };
    let (step, who, does) = (width(0), width(1), width(2).min(WIDTH));
    let mut text = String::new();
    for row in std::iter::once(head).chain(rows) {
        let lines = wrap(&row[2], does);
        let first = format!(
            "{:>step$}  {:who$}  {:does$}  {}",
            row[0], row[1], lines[0], row[3]
        );
        let _ = writeln!(text, "{}", first.trim_end());
        for line in &lines[1..] {
            let _ = writeln!(text, "{:step$}  {:who$}    {line}", "", "");
        }
    }
    text
}

/// A text in lines of at most `width` characters, cut between words where
/// possible; lines but the first leave room to be indented by two.
fn wrap(text: &str, width: usize) -> Vec<String> {
    let mut lines = vec![String::new()];
    for word in text.split(' ') {
        let room = match lines.len() {
            1 => width,
            _ => width.saturating_sub(2),
        };
        let line = lines.last_mut().expect("there is always a line");
        if line.is_empty() {
            line.push_str(word);
        } else if line.chars().count() + 1 + word.chars().count() <= room {
            line.push(' ');
            line.push_str(word);
        } else {
            lines.push(word.to_string());
        }
    }
    lines
}

/// How an execution ends, in sentences: what happened, and where everybody is.
pub fn ending(execution: &Execution) -> String {
    let name = |thread: &ThreadId| execution.thread_name(*thread);
    let mut text = match &execution.end {
        End::Normal if execution.cut_off().is_empty() => {
            "main has returned, and every thread has ended before.".to_string()
        }
        End::Normal => "main has returned, and the process ends.".to_string(),
        End::MainPanicked { .. } => "main panics, and the process ends.".to_string(),
        End::Exit { thread, code } => {
            format!("{} ends the process with code {code}.", name(thread))
        }
        End::Aborted {
            thread,
            message,
            place,
        } => format!(
            "{} aborts the process at {}: {message}",
            name(thread),
            place
        ),
        End::Deadlock => "Deadlock: nobody can go on.".to_string(),
        End::JoinsItself { thread, place } => {
            format!("{} joins itself at {}.", name(thread), place)
        }
        End::WaitsForClient => "Nobody can go on before a client does something.".to_string(),
        End::Livelock { rounds } => format!(
            "Livelock: everybody left polls in vain, {rounds} times over with nothing changed."
        ),
        End::TooLong { steps } => format!("Given up after {steps} steps."),
        End::Diverged {
            step,
            place,
            expected,
            met,
        } => format!(
            "Repeated, the program did something else at step {step} ({}): {met} instead of {expected}.",
            place
        ),
        End::Unsupported { sentence } => sentence.clone(),
        End::Stopped => "Stopped here.".to_string(),
    };
    text.push('\n');
    let cut_off = execution.cut_off();
    for (thread, info) in execution.threads.iter().enumerate() {
        let who = execution.thread_name(thread);
        match &info.state {
            ThreadState::Finished => {}
            ThreadState::Panicked { message, place } => {
                let message = message.lines().next().unwrap_or_default();
                let _ = writeln!(text, "  {who} panicked at {}: {message}", place);
            }
            ThreadState::Pending {
                op,
                place,
                enabled,
                waits_for,
            } => {
                let next = execution.op_words(op);
                let verb = if *enabled { "was about to" } else { "waits to" };
                let cut = if cut_off.contains(&thread) {
                    "is cut off; it "
                } else {
                    ""
                };
                let holder = waits_for.and_then(|w| w.thread);
                let why = match (op, holder) {
                    (Op::Thread(thread::Action::Join { .. }), _) => String::new(),
                    (_, Some(holder)) => format!(", which {} holds", name(&holder)),
                    (Op::Channel(_, channel::Action::Recv), None) if !enabled => {
                        ", which is empty".to_string()
                    }
                    _ => String::new(),
                };
                let holds: Vec<String> = held_by(execution, thread)
                    .into_iter()
                    .map(|object| execution.object_name(object))
                    .collect();
                let holds = match holds.is_empty() {
                    true => String::new(),
                    false => format!("; it holds {}", holds.join(" and ")),
                };
                let line = format!("{who} {cut}{verb} {next}{why} ({}){holds}", place);
                for (i, line) in wrap(&line, 92).iter().enumerate() {
                    let indent = if i == 0 { "  " } else { "    " };
                    let _ = writeln!(text, "{indent}{line}");
                }
            }
        }
    }
    text
}

/// The locks that a thread holds at the end of an execution.
fn held_by(execution: &Execution, thread: ThreadId) -> Vec<ObjectId> {
    let mut held = Vec::new();
    for event in execution.events.iter().filter(|e| e.thread == thread) {
        if let Some((lock, taken)) = lock_change(event) {
            match taken {
                true => held.push(lock),
                false => held.retain(|&other| other != lock),
            }
        }
    }
    held
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_between_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
    }
}
