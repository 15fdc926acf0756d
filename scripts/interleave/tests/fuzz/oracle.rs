//! Two slow and plain ways to see every trace of a program.

use interleave::explorer::logs::{Logs, Print};
use interleave::explorer::{End, Execution, Explorer, Op, Stream, Summary};
use interleave::primitives::output;
use std::collections::{BTreeMap, BTreeSet};

/// What can come of a program: each trace by its name, with its end; and every
/// log, where all schedules were run.
#[derive(Debug, Default)]
pub struct Seen {
    pub traces: BTreeMap<u128, End>,
    pub logs: BTreeSet<String>,
    /// A schedule of each trace.
    pub schedules: BTreeMap<u128, Vec<u16>>,
}

/// A choice: who could go, and which of them went.
struct Choice {
    able: Vec<usize>,
    at: usize,
}

/// Runs every schedule; or, if `prune`, gives a run up as soon as it is in a
/// state, by the name of the trace so far, that an earlier run has been in.
/// `None` if more than `bound` runs are needed.
pub fn see(explorer: &mut Explorer, prune: bool, bound: usize) -> Option<Seen> {
    let mut seen = Seen::default();
    let mut known = BTreeSet::new();
    let mut path: Vec<Choice> = Vec::new();
    for _ in 0..bound {
        let schedule: Vec<u16> = path.iter().map(|c| c.able[c.at] as u16).collect();
        let execution = explorer.steer_after(&schedule, &mut |snapshot| {
            if prune && !known.insert(snapshot.trace()) {
                return None;
            }
            let able = snapshot.enabled();
            let first = able[0];
            path.push(Choice { able, at: 0 });
            Some(first)
        });
        note(&mut seen, &execution);
        loop {
            let Some(last) = path.last_mut() else {
                return Some(seen);
            };
            last.at += 1;
            if last.at < last.able.len() {
                break;
            }
            path.pop();
        }
    }
    None
}

fn note(seen: &mut Seen, execution: &Execution) {
    if execution.end != End::Stopped {
        let trace = execution.trace();
        seen.traces.insert(trace, nameless(execution));
        seen.schedules.insert(trace, execution.choices.clone());
        seen.logs.insert(execution.stdout());
    }
}

/// The end of an execution, with its thread by the spawns that lead to it.
fn nameless(execution: &Execution) -> End {
    let path = |thread: usize| {
        let path = &execution.threads[thread].path;
        path.iter().fold(1, |number, step| number * 10 + step)
    };
    match &execution.end {
        End::Exit { thread, code } => End::Exit {
            thread: path(*thread),
            code: *code,
        },
        End::Aborted {
            thread,
            message,
            place,
        } => End::Aborted {
            thread: path(*thread),
            message: message.clone(),
            place: *place,
        },
        End::JoinsItself { thread, place } => End::JoinsItself {
            thread: path(*thread),
            place: *place,
        },
        other => other.clone(),
    }
}

/// What the search sees, its numbers, and how many traces it saw twice. The
/// logs are those that the traces allow, in any schedule.
pub fn search(explorer: &mut Explorer) -> (Seen, Summary, usize) {
    let mut seen = Seen::default();
    let mut logs = Logs::new();
    let mut twice = 0;
    let summary = explorer.explore(&mut |execution| {
        let trace = execution.trace();
        let before = seen.traces.insert(trace, nameless(execution));
        twice += usize::from(before.is_some());
        seen.schedules.insert(trace, execution.choices.clone());
        let mut prints = Vec::new();
        for event in &execution.events {
            if let Op::Output(output::Action::Print {
                stream: Stream::Stdout,
                text,
            }) = &event.op
            {
                prints.push(Print {
                    thread: event.thread,
                    text,
                    clock: &event.clock,
                });
            }
        }
        logs.add(&prints);
    });
    seen.logs = logs.language().iter().collect();
    (seen, summary, twice)
}

/// A trace that only one of two has seen, step by step.
pub fn show_difference(explorer: &mut Explorer, some: &Seen, others: &Seen) -> String {
    let mut shown = String::new();
    let missing = some.schedules.iter();
    for (trace, schedule) in missing.filter(|(trace, _)| !others.traces.contains_key(trace)) {
        let execution = explorer.replay(schedule);
        shown += &format!("trace {trace:x}, {:?}:\n", execution.end);
        for event in &execution.events {
            let (thread, words) = (
                execution.thread_name(event.thread),
                execution.event_words(event),
            );
            shown += &format!("  {thread}: {words}, {}, {:?}\n", event.place, event.clock);
        }
    }
    shown
}
