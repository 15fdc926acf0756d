//! What one execution says about the program: how it ends, and what happens in it.

use crate::explorer::report::{Ending, Finding};
use crate::explorer::scenario::DROPPED;
use crate::facts::Fact;
use crate::primitives::{channel, job, mutex, network, output, process, rwlock, thread};
use crate::trace::{End, Event, Execution, Op, Outcome, Stream, ThreadState};
use std::collections::{BTreeMap, BTreeSet};

impl Event {
    /// What the event prints to the standard output, if it does.
    pub(crate) fn printed(&self) -> Option<&str> {
        printed(&self.op)
    }
}

/// What an operation prints to the standard output, if it does.
pub fn printed(op: &Op) -> Option<&str> {
    match op {
        Op::Output(output::Action::Print {
            stream: Stream::Stdout,
            text,
        }) => Some(text),
        _ => None,
    }
}

/// Whether the last half line that was printed is lost: nobody hands on what stands in the buffer
/// of the standard output when the process is aborted, or hangs until it is killed.
pub fn loses_half_line(end: &End) -> bool {
    matches!(
        end,
        End::Aborted { .. } | End::Deadlock | End::WaitsForClient
    )
}

/// How an execution ends.
pub fn ending(execution: &Execution) -> Ending {
    match &execution.end {
        End::Normal if execution.cut_off().is_empty() => Ending::Normal,
        End::Normal => Ending::CutsOff,
        End::MainPanicked { .. } => Ending::MainPanics,
        End::Exit { code, .. } => Ending::Exit(*code),
        End::Aborted { .. } => Ending::Aborts,
        End::Deadlock => Ending::Deadlock,
        End::JoinsItself { .. } => Ending::JoinsItself,
        End::WaitsForClient => Ending::WaitsForClient,
        End::Livelock { .. } => Ending::Livelock,
        End::TooLong { .. } | End::Stopped => Ending::TooLong,
        End::Diverged { .. } => Ending::Diverged,
        End::Unsupported { .. } => Ending::Unsupported,
    }
}

/// Whether a thread that panicked did so because another one had: the last that it did before it was
/// unwound was to take a lock that is poisoned, or to join a thread that has panicked.
fn panicked_in_turn(execution: &Execution, thread: usize) -> bool {
    let unwinds = |event: &&Event| {
        matches!(
            event.op,
            Op::Mutex(_, mutex::Action::Unlock)
                | Op::RwLock(_, rwlock::Action::ReadUnlock | rwlock::Action::WriteUnlock)
                | Op::Channel(
                    _,
                    channel::Action::SenderDropped | channel::Action::ReceiverDropped
                )
                | Op::Network(network::Action::Close { .. })
                | Op::Thread(thread::Action::Exit { .. })
                | Op::Process(process::Action::MainReturn { .. })
        )
    };
    let own = execution.events.iter().rev();
    let last = own.filter(|e| e.thread == thread).find(|e| !unwinds(e));
    last.is_some_and(|event| match event.op {
        Op::Thread(thread::Action::Join { child }) => {
            matches!(execution.threads[child].state, ThreadState::Panicked { .. })
        }
        _ => event.outcome == Outcome::Poisoned,
    })
}

/// Whether what an execution printed is a log that a real run can leave: it came
/// to an end, or to a point from where it can't go on.
pub fn leaves_a_log(ending: Ending) -> bool {
    !matches!(
        ending,
        Ending::Livelock
            | Ending::TooLong
            | Ending::Unfair
            | Ending::Diverged
            | Ending::Unsupported
    )
}

/// Whether anything happened that the explorer controls.
pub fn has_controlled_steps(execution: &Execution) -> bool {
    let own = |event: &Event| {
        matches!(
            event.op,
            Op::Thread(thread::Action::Start)
                | Op::Process(process::Action::MainReturn { .. } | process::Action::Marker { .. })
                | Op::Job(_)
        )
    };
    !execution.events.iter().all(own)
}

/// What happens in some schedule of an execution's trace.
pub fn findings(execution: &Execution) -> BTreeSet<Finding> {
    let mut found = BTreeSet::new();
    for (thread, info) in execution.threads.iter().enumerate() {
        if let ThreadState::Panicked { message, place } = &info.state {
            let place = place.to_string();
            let message = message.lines().next().unwrap_or_default().to_string();
            found.insert(match panicked_in_turn(execution, thread) {
                true => Finding::PanicInTurn { place, message },
                false => Finding::Panic { place, message },
            });
        }
    }
    let mut jobs: BTreeMap<usize, Interval> = BTreeMap::new();
    let mut queued = BTreeSet::new();
    let done = |jobs: &BTreeMap<usize, Interval>, job: &usize| {
        jobs.get(job).is_some_and(|interval| interval.end.is_some())
    };
    let mut clients: BTreeMap<usize, Interval> = BTreeMap::new();
    for event in &execution.events {
        match &event.op {
            Op::Job(job::Action::Queued { job }) => {
                queued.insert(*job);
            }
            Op::Job(job::Action::Started { job }) => {
                jobs.insert(*job, Interval::from(event));
            }
            Op::Job(job::Action::Finished { job } | job::Action::Panics { job }) => {
                if let Some(interval) = jobs.get_mut(job) {
                    interval.end = Some(event);
                }
            }
            Op::Network(
                network::Action::Read { connection }
                | network::Action::ReadTimeout { connection }
                | network::Action::Write { connection, .. },
            ) => {
                clients
                    .entry(*connection)
                    .or_insert_with(|| Interval::from(event));
            }
            Op::Network(network::Action::Close { connection }) => {
                if let Some(interval) = clients.get_mut(connection) {
                    interval.end = Some(event);
                }
            }
            Op::Process(process::Action::Marker { name: DROPPED }) => {
                if queued.iter().any(|job| !done(&jobs, job)) {
                    found.insert(Finding::JobLost);
                }
                if alive_before(execution, event) {
                    found.insert(Finding::ThreadLeaked);
                }
            }
            _ => {}
        }
    }
    // Of a schedule that was given up nobody knows what comes next.
    let goes_on = matches!(execution.end, End::TooLong { .. } | End::Stopped);
    if !goes_on && queued.iter().any(|job| !jobs.contains_key(job)) {
        found.insert(Finding::JobNeverRuns);
    }
    if !goes_on && queued.iter().any(|job| !done(&jobs, job)) {
        found.insert(Finding::JobUndone);
    }
    // A remark is the code of a finding.
    let remarks = execution.remarks.iter();
    found.extend(remarks.filter_map(|remark| Finding::from_json(&remark.to_json())));
    if any_together(&jobs) {
        found.insert(Finding::JobsTogether);
    }
    if any_together(&clients) {
        found.insert(Finding::ClientsTogether);
    }
    if execution.answers.values().any(Vec::is_empty) {
        found.insert(Finding::ClientUnanswered);
    }
    found
}

/// Whether a thread other than the marker's own had been created and had not
/// ended when the marker was passed.
fn alive_before(execution: &Execution, marker: &Event) -> bool {
    let before = execution.events.iter().filter(|event| event.before(marker));
    let (mut created, mut ended) = (0, 0);
    for event in before {
        match event.op {
            Op::Thread(thread::Action::Spawn { .. }) => created += 1,
            Op::Thread(thread::Action::Exit { .. }) => ended += 1,
            _ => {}
        }
    }
    created > ended
}

/// From one event to another, or without end.
struct Interval<'a> {
    start: &'a Event,
    end: Option<&'a Event>,
}

impl<'a> From<&'a Event> for Interval<'a> {
    fn from(start: &'a Event) -> Interval<'a> {
        Interval { start, end: None }
    }
}

impl Interval<'_> {
    fn ends_before(&self, other: &Interval) -> bool {
        self.end.is_some_and(|end| end.before(other.start))
    }
}

/// Whether in some schedule of the trace two of the intervals overlap: neither
/// must end before the other begins.
fn any_together(intervals: &BTreeMap<usize, Interval>) -> bool {
    let all: Vec<&Interval> = intervals.values().collect();
    all.iter().enumerate().any(|(i, one)| {
        all[i + 1..]
            .iter()
            .any(|other| !one.ends_before(other) && !other.ends_before(one))
    })
}
