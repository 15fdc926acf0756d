//! One execution as it is told: its threads by their roles, its steps with the
//! fewest switches between them, each in words, and as a short text from which
//! it can be replayed.

use crate::explorer::judge;
use crate::explorer::scenario::FILE;
use crate::primitives::channel::Action as ChannelAction;
use crate::primitives::{job, thread};
use crate::trace::{Event, EventId, Execution, Op, Outcome, Place, ThreadId, short};

impl Place {
    /// Whether that is a place of the program: `main` itself is started, and
    /// ends, in the explorer, and a pool alone is used by a generated scenario.
    pub fn is_in_program(&self) -> bool {
        let file = self.file.replace('\\', "/");
        !file.ends_with(FILE) && short(&file) != "scenario.rs"
    }
}

/// One schedule of an execution's trace: the one with few changes between
/// threads, and in which `main` returns as soon as it can.
///
/// All schedules of a trace make the same steps, up to the return of `main`, and
/// none can be told from another by what the program does. This one stays with a
/// thread as long as that can go on, then goes to the first one that can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FewestSwitches {
    /// The events, as indexes into [`Execution::events`].
    pub order: Vec<EventId>,
    /// The same schedule as threads chosen, to be replayed. A thread's number
    /// is the order of creation *in this schedule*.
    pub choices: Vec<u16>,
    /// How often another thread goes on.
    pub changes: usize,
}

impl FewestSwitches {
    /// Finds it.
    pub fn new(execution: &Execution) -> FewestSwitches {
        FewestSwitches::after(execution, &[])
    }

    /// Finds the one that makes these events first, one after the other, each
    /// with what must come before it.
    pub fn after(execution: &Execution, first: &[EventId]) -> FewestSwitches {
        let mut telling = Telling::new(execution);
        for &event in first {
            telling.make(&execution.events[event].clock);
        }
        match execution.returned() {
            Some(end) => telling.make(&execution.events[end].clock),
            None => telling.make_all(),
        }
        telling.told
    }

    /// Finds the one that makes every event, in which `main` returns last.
    pub fn of_all(execution: &Execution) -> FewestSwitches {
        let mut telling = Telling::new(execution);
        telling.make_all();
        telling.told
    }

    /// What schedules are compared by: the shorter one comes first, then the one
    /// with fewer changes between threads, then the one that favours threads
    /// created earlier.
    pub fn key(&self) -> (usize, usize, &[u16]) {
        (self.order.len(), self.changes, &self.choices)
    }

    /// What this schedule prints to the standard output.
    pub fn stdout(&self, execution: &Execution) -> String {
        let events = self.order.iter().map(|&i| &execution.events[i]);
        let mut text: String = events.filter_map(Event::printed).collect();
        if judge::loses_half_line(&execution.end) {
            text.truncate(text.rfind('\n').map_or(0, |newline| newline + 1));
        }
        text
    }
}

/// A schedule while it is put together.
struct Telling<'a> {
    execution: &'a Execution,
    /// For each thread, its events.
    own: Vec<Vec<EventId>>,
    /// How many of them are made.
    done: Vec<usize>,
    current: ThreadId,
    /// For each thread, its number in this schedule.
    numbers: Vec<u16>,
    created: u16,
    told: FewestSwitches,
}

impl<'a> Telling<'a> {
    fn new(execution: &'a Execution) -> Telling<'a> {
        let threads = execution.threads.len();
        let mut own = vec![Vec::new(); threads];
        for (i, event) in execution.events.iter().enumerate() {
            own[event.thread].push(i);
        }
        Telling {
            execution,
            own,
            done: vec![0; threads],
            current: 0,
            numbers: vec![0; threads],
            created: 0,
            told: FewestSwitches {
                order: Vec::with_capacity(execution.events.len()),
                choices: Vec::with_capacity(execution.events.len()),
                changes: 0,
            },
        }
    }

    fn make_all(&mut self) {
        let mut counts: Vec<u32> = self.own.iter().map(|own| own.len() as u32).collect();
        if self.execution.returned().is_some() {
            counts[0] -= 1;
            self.make(&counts);
            counts[0] += 1;
        }
        self.make(&counts);
    }

    /// Makes so many events of each thread, as far as that can be.
    fn make(&mut self, counts: &[u32]) {
        let threads = self.own.len();
        let left = |done: &[usize]| (0..threads).any(|t| done[t] < at(counts, t));
        while left(&self.done) {
            let mut order = std::iter::once(self.current).chain(0..threads);
            let Some(thread) = order.find(|&t| self.done[t] < at(counts, t) && self.can_go(t))
            else {
                break;
            };
            self.step(thread);
        }
    }

    fn can_go(&self, thread: ThreadId) -> bool {
        let event = self.own[thread][self.done[thread]];
        let clock = self.execution.events[event].clock.iter().enumerate();
        let mut others = clock.filter(|&(other, _)| other != thread);
        others.all(|(other, &needed)| self.done.get(other).is_none_or(|&n| n >= needed as usize))
    }

    fn step(&mut self, thread: ThreadId) {
        let event = self.own[thread][self.done[thread]];
        self.told.changes += usize::from(thread != self.current);
        self.current = thread;
        self.done[thread] += 1;
        self.told.order.push(event);
        self.told.choices.push(self.numbers[thread]);
        if let Op::Thread(thread::Action::Spawn { child }) = self.execution.events[event].op {
            self.created += 1;
            self.numbers[child] = self.created;
        }
    }
}

fn at(counts: &[u32], thread: ThreadId) -> usize {
    counts.get(thread).copied().unwrap_or(0) as usize
}

/// A schedule as a short text: `0x3,1,0x2` lets thread 0 make three steps,
/// thread 1 one, thread 0 two. Thread 0 is `main`, the others are numbered in
/// the order in which they are created.
pub fn replay_text(choices: &[u16]) -> String {
    let runs = choices.chunk_by(|a, b| a == b).map(|run| match run.len() {
        1 => run[0].to_string(),
        n => format!("{}x{n}", run[0]),
    });
    runs.collect::<Vec<_>>().join(",")
}

/// The schedule that such a text stands for. Refuses any other text, and one
/// that stands for more than a million steps.
pub fn replay_choices(text: &str) -> Result<Vec<u16>, String> {
    let refuse = || format!("`{text}` is not a schedule, which looks like `0x3,1,0x2`");
    let mut choices = Vec::new();
    for run in text.split(',').map(str::trim).filter(|run| !run.is_empty()) {
        let (thread, n) = run.split_once('x').unwrap_or((run, "1"));
        let thread: u16 = thread.parse().map_err(|_| refuse())?;
        let n: usize = n.parse().map_err(|_| refuse())?;
        if choices.len().saturating_add(n) > 1_000_000 {
            return Err(refuse());
        }
        choices.extend(std::iter::repeat_n(thread, n));
    }
    Ok(choices)
}

/// The same execution with a name for every thread: the name that the program
/// gave it, else `worker 0`, `worker 1`, … for the threads that `main` creates
/// in the library where `pool` says that there is one, else `thread 0`,
/// `thread 1`, … in the order of creation. Threads created by such a thread have
/// its number and their own: `thread 0.1`.
pub fn with_roles(execution: &Execution, pool: bool) -> Execution {
    let mut named = execution.clone();
    for thread in 1..named.threads.len() {
        let info = &execution.threads[thread];
        let created_by_main = info.path.len() == 1;
        let in_library = short(info.spawned_at.file) == "src/lib.rs";
        let word = match pool && created_by_main && in_library {
            true => "worker",
            false => "thread",
        };
        let numbers: Vec<String> = info.path.iter().map(usize::to_string).collect();
        let role = || format!("{word} {}", numbers.join("."));
        named.threads[thread].name = Some(info.name.clone().unwrap_or_else(role));
    }
    named
}

/// The job that a sent message is, where a scenario says so: the sender's last
/// step before was to queue it.
pub fn job_sent(execution: &Execution, send: usize) -> Option<usize> {
    let sender = execution.events[send].thread;
    let before = execution.events[..send]
        .iter()
        .rev()
        .find(|event| event.thread == sender)?;
    match before.op {
        Op::Job(job::Action::Queued { job }) => Some(job),
        _ => None,
    }
}

/// Where the message that an event takes was sent, as an index of an event.
pub fn sent_at(execution: &Execution, event: &Event) -> Option<usize> {
    let taken = match (&event.op, &event.outcome) {
        (
            Op::Channel(
                channel,
                ChannelAction::Recv | ChannelAction::TryRecv | ChannelAction::RecvTimeout,
            ),
            Outcome::Message { number },
        ) => (*channel, *number),
        _ => return None,
    };
    let is_it = |other: &Event| match (&other.op, &other.outcome) {
        (
            Op::Channel(channel, ChannelAction::Send | ChannelAction::TrySend),
            Outcome::Message { number },
        ) => (*channel, *number) == taken,
        _ => false,
    };
    execution.events.iter().position(is_it)
}

/// An event in plain words, with what came of it, and which job a message is.
pub fn event_words(execution: &Execution, event: &Event) -> String {
    let at = |other: &Event| std::ptr::eq(other, event);
    let sent = match event.op {
        Op::Channel(_, ChannelAction::Send | ChannelAction::TrySend) => {
            execution.events.iter().position(at)
        }
        _ => sent_at(execution, event),
    };
    let done = matches!(event.outcome, Outcome::Message { .. });
    if let Some(job) = sent
        .filter(|_| done)
        .and_then(|send| job_sent(execution, send))
    {
        return format!("{}: job {job}", execution.op_words(&event.op));
    }
    match (&event.op, &event.outcome) {
        (Op::Channel(_, ChannelAction::ReceiverDropped), Outcome::Count { count }) => {
            let unread = match count {
                0 => String::new(),
                1 => ", and 1 message with it".to_string(),
                n => format!(", and {n} messages with it"),
            };
            execution.op_words(&event.op) + &unread
        }
        // Which sender is dropped last is up to the schedule, not to the trace.
        (Op::Channel(_, ChannelAction::SenderDropped), _) => execution.op_words(&event.op),
        _ => execution.event_words(event),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_schedule_survives_its_text() {
        for choices in [vec![], vec![0], vec![0, 0, 0, 1, 0, 2, 2, 17]] {
            assert_eq!(replay_choices(&replay_text(&choices)), Ok(choices));
        }
        assert_eq!(replay_text(&[0, 0, 0, 1, 2, 2]), "0x3,1,2x2");
        assert!(replay_choices("0x3;1").is_err());
        assert!(replay_choices("0x99999999999").is_err());
    }
}
