//! What one execution says about the program: how it ends, and what happens in it.

use crate::explorer::report::{Ending, Finding};
use crate::explorer::scenario::DROPPED;
use crate::facts::Fact;
use crate::primitives::{channel, job, mutex, network, output, process, rwlock, thread};
use crate::trace::{End, Event, EventId, Execution, ObjectId, Op, Outcome, Stream, ThreadState};
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

/// What happens in some schedule of an execution's trace, each with the events that lead there, if
/// not every schedule makes them: such a schedule makes these first.
pub fn findings(execution: &Execution) -> BTreeMap<Finding, Vec<EventId>> {
    let mut found = BTreeMap::new();
    let cuts = execution.cuts();
    let made = |event: &Numbered| cuts.is_made(event.1);
    let happened = || {
        let events = execution.events.iter().enumerate();
        events.filter(|(_, event)| cuts.may_be_made(event))
    };
    for (thread, info) in execution.threads.iter().enumerate() {
        let last = happened().rfind(|(_, event)| event.thread == thread);
        if let (ThreadState::Panicked { message, place }, Some((last, _))) = (&info.state, last) {
            let place = place.to_string();
            let message = message.lines().next().unwrap_or_default().to_string();
            let finding = match panicked_in_turn(execution, thread) {
                true => Finding::PanicInTurn { place, message },
                false => Finding::Panic { place, message },
            };
            found.entry(finding).or_insert_with(|| vec![last]);
        }
    }
    let mut queued: BTreeMap<usize, Numbered> = BTreeMap::new();
    let mut jobs: BTreeMap<usize, Interval> = BTreeMap::new();
    let mut clients: BTreeMap<usize, Interval> = BTreeMap::new();
    let mut dropped = None;
    for numbered in happened() {
        match &numbered.1.op {
            Op::Job(job::Action::Queued { job }) => {
                queued.insert(*job, numbered);
            }
            Op::Job(job::Action::Started { job }) => {
                jobs.insert(*job, Interval::from(numbered));
            }
            Op::Job(job::Action::Finished { job } | job::Action::Panics { job }) => {
                if let Some(interval) = jobs.get_mut(job) {
                    interval.end = Some(numbered);
                }
            }
            Op::Network(
                network::Action::Read { connection }
                | network::Action::ReadTimeout { connection }
                | network::Action::Write { connection, .. },
            ) => {
                clients
                    .entry(*connection)
                    .or_insert_with(|| Interval::from(numbered));
            }
            Op::Network(network::Action::Close { connection }) => {
                if let Some(interval) = clients.get_mut(connection) {
                    interval.end = Some(numbered);
                }
            }
            Op::Process(process::Action::Marker { name: DROPPED }) => dropped = Some(numbered),
            _ => {}
        }
    }
    let end_of = |job: &usize| jobs.get(job).and_then(|interval| interval.end);
    if let Some((marker, event)) = dropped {
        let mut before = queued
            .iter()
            .filter(|(_, (_, queued))| queued.before(event));
        if before.any(|(job, _)| end_of(job).is_none_or(|(_, end)| !end.before(event))) {
            found.insert(Finding::JobLost, vec![marker]);
        }
        if alive_before(execution, event) {
            found.insert(Finding::ThreadLeaked, vec![marker]);
        }
    }
    // Of a schedule that was given up nobody knows what comes next.
    let goes_on = matches!(execution.end, End::TooLong { .. } | End::Stopped);
    for (job, queued) in queued.iter().filter(|_| !goes_on) {
        let first: Vec<EventId> = (!made(queued)).then_some(queued.0).into_iter().collect();
        if jobs.get(job).is_none_or(|interval| !made(&interval.start)) {
            found
                .entry(Finding::JobNeverRuns)
                .or_insert_with(|| first.clone());
        }
        if end_of(job).is_none_or(|end| !made(&end)) {
            found.entry(Finding::JobUndone).or_insert(first);
        }
    }
    // A remark is the code of a finding. It is not known which of the steps led to it.
    let remarks = execution.remarks.iter();
    for finding in remarks.filter_map(|remark| Finding::from_json(&remark.to_json())) {
        let apart = happened().filter(|event| !made(event));
        found.insert(finding, apart.map(|(event, _)| event).collect());
    }
    if let Some(starts) = together(&jobs) {
        found.insert(Finding::JobsTogether, starts.to_vec());
    }
    if let Some(starts) = together(&clients) {
        found.insert(Finding::ClientsTogether, starts.to_vec());
    }
    for events in found.values_mut() {
        // What every schedule makes need not come first, unless it is to come before the rest.
        events.retain(|&event| {
            let event = &execution.events[event];
            !cuts.is_made(event) || matches!(event.op, Op::Process(process::Action::Marker { .. }))
        });
    }
    found
}

/// How many clients have an answer, or the beginning of one, in every schedule of the trace.
pub fn answered(execution: &Execution) -> usize {
    let cuts = execution.cuts();
    let to = |event: &Event| match (&event.op, &event.outcome) {
        (Op::Network(network::Action::Write { connection, .. }), Outcome::Count { count: 1.. }) => {
            cuts.is_made(event).then_some(*connection)
        }
        _ => None,
    };
    let answered: BTreeSet<ObjectId> = execution.events.iter().filter_map(to).collect();
    answered.len()
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

/// An event and its number.
type Numbered<'a> = (EventId, &'a Event);

/// From one event to another, or without end.
struct Interval<'a> {
    start: Numbered<'a>,
    end: Option<Numbered<'a>>,
}

impl<'a> From<Numbered<'a>> for Interval<'a> {
    fn from(start: Numbered<'a>) -> Interval<'a> {
        Interval { start, end: None }
    }
}

impl Interval<'_> {
    fn ends_before(&self, other: &Interval) -> bool {
        self.end.is_some_and(|(_, end)| end.before(other.start.1))
    }
}

/// Two of the intervals that overlap in some schedule of the trace, by where they start: neither
/// must end before the other begins.
fn together(intervals: &BTreeMap<usize, Interval>) -> Option<[EventId; 2]> {
    let all: Vec<&Interval> = intervals.values().collect();
    all.iter().enumerate().find_map(|(i, one)| {
        let mut others = all[i + 1..].iter();
        let other = others.find(|other| !one.ends_before(other) && !other.ends_before(one))?;
        Some([one.start.0, other.start.0])
    })
}
