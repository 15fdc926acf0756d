//! One execution as a table that can be acted out at a whiteboard.

use interleave::explorer::explain::{FewestSwitches, event_words, sent_at};
use interleave::explorer::report::Report;
use interleave::numbers::{count, separated};
use interleave::primitives::{channel, thread};
use interleave::trace::{End, Event, Execution, Op, Outcome, ThreadId, ThreadState, held_by};
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

/// The greatest width of the column that says what a thread does, in a table that need not fit, and
/// the least in one that must.
const WIDTH: usize = 54;
const NARROW: usize = 24;

/// The greatest width of a sentence below such a table.
const SENTENCE: usize = 92;

/// How many lines a table may have that is to be taken in at a glance.
const GLANCE: usize = 60;

/// An execution as a table: step, thread, what it does, where; and below, where
/// it ends, who waits for what. Give it an execution
/// [with roles](interleave::explorer::explain::with_roles).
///
/// What repeats is folded.
pub fn table(execution: &Execution) -> String {
    let mut text = columns(&fold(rows(execution)), WIDTH);
    text.push('\n');
    text += &ending(execution, SENTENCE);
    text
}

/// The same in lines of at most `width` characters, where words allow it.
pub fn fitted(execution: &Execution, width: usize) -> String {
    in_lines(execution, fold(rows(execution)), width)
}

/// The same, no longer than can be taken in at a glance: the beginning and the end.
pub fn glance(execution: &Execution, width: usize) -> String {
    let mut rows = fold(rows(execution));
    if rows.len() > GLANCE {
        let end = rows.split_off(rows.len() - GLANCE / 2);
        let left_out = rows.split_off(GLANCE / 2);
        let steps = left_out.iter().map(|row| row.stands_for).sum();
        rows.push(Row::note(
            format!("… {} more, which --replay shows", count(steps, "step")),
            steps,
        ));
        rows.extend(end);
    }
    in_lines(execution, rows, width)
}

fn in_lines(execution: &Execution, rows: Vec<Row>, width: usize) -> String {
    let cells = |column: usize| {
        let widths = rows.iter().map(|row| row.cells[column].chars().count());
        widths.max().unwrap_or(0).max(HEAD[column].len())
    };
    let others = cells(0) + cells(1) + cells(3) + 3 * GAP;
    let does = width.saturating_sub(others).clamp(NARROW, WIDTH);
    let mut text = columns(&rows, does);
    text.push('\n');
    text += &ending(execution, width);
    text
}

/// What is printed above a table's columns.
const HEAD: [&str; 4] = ["step", "thread", "does", "at"];

/// Between two columns.
const GAP: usize = 2;

/// A line of a table.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Row {
    /// The step's number, the thread, what it does, where.
    cells: [String; 4],
    /// Which thread that is.
    thread: ThreadId,
    /// How many steps it stands for.
    stands_for: usize,
}

impl Row {
    /// A line that stands for many.
    fn note(text: String, stands_for: usize) -> Row {
        Row {
            cells: [String::new(), String::new(), text, String::new()],
            thread: ThreadId::MAX,
            stands_for,
        }
    }

    /// Whether another is the same step, made again.
    fn repeats(&self, other: &Row) -> bool {
        self.thread == other.thread && self.cells[2..] == other.cells[2..]
    }
}

/// The most steps that what repeats may have, and the least lines that folding it must save.
const LONGEST: usize = 24;
const SAVES: usize = 6;

/// Puts one line for what is done again and again by one thread.
fn fold(rows: Vec<Row>) -> Vec<Row> {
    let mut folded = Vec::new();
    let mut at = 0;
    while at < rows.len() {
        let times = |steps: usize| {
            let again = |from: &usize| {
                let next = rows.get(*from..from + steps);
                next.is_some_and(|next| {
                    let first = &rows[at..at + steps];
                    first
                        .iter()
                        .zip(next)
                        .all(|(one, other)| one.repeats(other))
                })
            };
            (1..)
                .map(|time| at + time * steps)
                .take_while(again)
                .count()
        };
        let found = (1..=LONGEST)
            .filter(|steps| at + steps <= rows.len())
            .map(|steps| (steps, times(steps)))
            .find(|(steps, times)| *times > 1 && steps * times > SAVES);
        let Some((steps, times)) = found else {
            folded.push(rows[at].clone());
            at += 1;
            continue;
        };
        folded.extend_from_slice(&rows[at..at + steps]);
        let what = match steps {
            1 => "the same step".to_string(),
            _ => format!("the same {}", count(steps, "step")),
        };
        let note = format!("… {what}, {} times more", separated(times));
        folded.push(Row::note(note, steps * times));
        at += steps * (times + 1);
    }
    folded
}

/// The steps of an execution, a line each.
fn rows(execution: &Execution) -> Vec<Row> {
    let told = FewestSwitches::of_all(execution);
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
            let _ = write!(does, ", sent in step {}", separated(step_of[send]));
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
        rows.push(Row {
            cells: [separated(step + 1), who, does, at],
            thread: event.thread,
            stands_for: 1,
        });
    }
    rows
}

/// The table of the shortest schedule to the gravest end; empty if it wasn't asked for.
pub fn shown(report: &Report) -> String {
    report.shown.as_ref().map_or_else(String::new, table)
}

/// Rows under a head, each column as wide as it must be, and the third no wider than `most`.
fn columns(rows: &[Row], most: usize) -> String {
    let head = HEAD.map(str::to_string);
    let rows = || std::iter::once(&head).chain(rows.iter().map(|row| &row.cells));
    let width = |column: usize| {
        let cells = rows().map(|row| row[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let (step, who, does) = (width(0), width(1), width(2).min(most));
    let mut text = String::new();
    for row in rows() {
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
fn ending(execution: &Execution, width: usize) -> String {
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
        End::TooLong { steps } => format!("Given up after {}.", count(*steps, "step")),
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
                let line = format!("{who} panicked at {place}: {message}");
                for (i, line) in wrap(&line, width.saturating_sub(2)).iter().enumerate() {
                    let indent = if i == 0 { "  " } else { "    " };
                    let _ = writeln!(text, "{indent}{line}");
                }
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
                let holds: Vec<String> = held_by(&execution.events, thread)
                    .into_iter()
                    .map(|object| execution.object_name(object))
                    .collect();
                let holds = match holds.is_empty() {
                    true => String::new(),
                    false => format!("; it holds {}", holds.join(" and ")),
                };
                let line = format!("{who} {cut}{verb} {next}{why} ({}){holds}", place);
                for (i, line) in wrap(&line, width.saturating_sub(2)).iter().enumerate() {
                    let indent = if i == 0 { "  " } else { "    " };
                    let _ = writeln!(text, "{indent}{line}");
                }
            }
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn step(number: usize, thread: ThreadId, does: &str) -> Row {
        Row {
            cells: [
                number.to_string(),
                String::new(),
                does.to_string(),
                String::new(),
            ],
            thread,
            stands_for: 1,
        }
    }

    #[test]
    fn what_repeats_is_folded() {
        let round = ["lock", "look", "unlock"];
        let mut rows = vec![step(1, 0, "start")];
        for number in 0..30 {
            rows.push(step(number + 2, 1, round[number % 3]));
        }
        rows.push(step(32, 0, "end"));
        let folded: Vec<String> = fold(rows)
            .into_iter()
            .map(|row| row.cells[2].clone())
            .collect();
        assert_eq!(
            folded,
            [
                "start",
                "lock",
                "look",
                "unlock",
                "… the same 3 steps, 9 times more",
                "end"
            ]
        );
    }

    #[test]
    fn tables_fit_the_width() {
        let rows = vec![step(
            1,
            0,
            "one two three four five six seven eight nine ten",
        )];
        let execution = Execution {
            events: Vec::new(),
            threads: Vec::new(),
            objects: Vec::new(),
            end: End::Deadlock,
            choices: Vec::new(),
            remarks: Default::default(),
        };
        let text = in_lines(&execution, rows, 46);
        let widest = text.lines().map(|line| line.chars().count()).max();
        assert_eq!(widest, Some(46), "{text}");
    }

    #[test]
    fn what_others_do_between_is_not_folded() {
        let rows: Vec<Row> = (0..20)
            .map(|number| step(number, number % 2, "yield"))
            .collect();
        let folded = fold(rows.clone());
        assert_eq!(folded.len(), 3, "{folded:?}");
        let few = rows[..4].to_vec();
        assert_eq!(fold(few.clone()), few);
    }

    #[test]
    fn long_texts_are_cut_between_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
    }
}
