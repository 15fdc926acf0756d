//! One execution for people: its threads by their roles, its steps in a calm
//! order, as a table that can be acted out at a whiteboard, and as a short text
//! from which it can be replayed.

use crate::explorer::driver::FILE;
use crate::primitives::channel::Action as ChannelAction;
use crate::primitives::{condvar, job, mutex, rwlock, thread};
use crate::trace::short;
use crate::trace::{End, Event, Execution, ObjectId, Op, Outcome, Place, ThreadId, ThreadState};
use std::fmt::Write as _;

impl Place {
    /// Whether that is a place of the program: `main` itself is started, and
    /// ends, in the explorer, and a pool alone is used by a generated scenario.
    pub(crate) fn is_in_program(&self) -> bool {
        self.file != FILE && short(self.file) != "scenario.rs"
    }
}

/// One schedule of an execution's trace: the one with few changes between
/// threads.
///
/// All schedules of a trace make the same steps, and none can be told from
/// another by what the program does. This one stays with a thread as long as
/// that can go on, then goes to the first one that can.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Calm {
    /// The events, as indexes into [`Execution::events`].
    pub order: Vec<usize>,
    /// The same schedule as threads chosen, to be replayed. A thread's number
    /// is the order of creation *in this schedule*.
    pub choices: Vec<u16>,
    /// How often another thread goes on.
    pub changes: usize,
}

impl Calm {
    /// Finds it.
    pub fn new(execution: &Execution) -> Calm {
        let threads = execution.threads.len();
        let mut own: Vec<Vec<usize>> = vec![Vec::new(); threads];
        for (i, event) in execution.events.iter().enumerate() {
            own[event.thread].push(i);
        }
        let mut done = vec![0usize; threads];
        let mut calm = Calm {
            order: Vec::with_capacity(execution.events.len()),
            choices: Vec::with_capacity(execution.events.len()),
            changes: 0,
        };
        let mut numbers: Vec<u16> = vec![0; threads];
        let mut created = 0;
        let mut current = 0;
        while calm.order.len() < execution.events.len() {
            let next = |thread: ThreadId| {
                let &event = own[thread].get(done[thread])?;
                let clock = &execution.events[event].clock;
                let ready = |(other, &needed): (ThreadId, &u32)| {
                    other == thread || done.get(other).is_none_or(|&n| n >= needed as usize)
                };
                clock.iter().enumerate().all(ready).then_some(event)
            };
            let Some((thread, event)) = std::iter::once(current)
                .chain(0..threads)
                .find_map(|thread| Some((thread, next(thread)?)))
            else {
                break;
            };
            calm.changes += usize::from(thread != current);
            current = thread;
            done[thread] += 1;
            calm.order.push(event);
            calm.choices.push(numbers[thread]);
            if let Op::Thread(thread::Action::Spawn { child }) = execution.events[event].op {
                created += 1;
                numbers[child] = created;
            }
        }
        calm
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
        events.filter_map(Event::printed).collect()
    }
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
pub(crate) fn job_sent(execution: &Execution, send: usize) -> Option<usize> {
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
fn sent_at(execution: &Execution, event: &Event) -> Option<usize> {
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
pub(crate) fn event_words(execution: &Execution, event: &Event) -> String {
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

/// Whether the first of these events drops a channel's last sender.
fn is_last_drop(execution: &Execution, rest: &[usize]) -> bool {
    let drops = |&&i: &&usize| match execution.events[i].op {
        Op::Channel(channel, ChannelAction::SenderDropped) => Some(channel),
        _ => None,
    };
    let Some(channel) = rest.first().as_ref().and_then(drops) else {
        return false;
    };
    let is_one = |event: &Event| event.op == Op::Channel(channel, ChannelAction::SenderDropped);
    let all_gone = |event: &Event| is_one(event) && event.outcome == Outcome::Disconnected;
    execution.events.iter().any(all_gone)
        && !rest[1..].iter().any(|&i| is_one(&execution.events[i]))
}

/// The greatest width of the column that says what a thread does.
const WIDTH: usize = 54;

/// An execution as a table: step, thread, what it does, where; and below, where
/// it ends, who waits for what. Give it an execution [`with_roles`].
pub fn table(execution: &Execution) -> String {
    let calm = Calm::new(execution);
    let mut step_of = vec![0; execution.events.len()];
    for (step, &event) in calm.order.iter().enumerate() {
        step_of[event] = step + 1;
    }
    let mut rows = Vec::new();
    let mut last = None;
    for (step, &i) in calm.order.iter().enumerate() {
        let event = &execution.events[i];
        let mut does = event_words(execution, event);
        if let Some(send) = sent_at(execution, event) {
            let _ = write!(does, ", sent in step {}", step_of[send]);
        }
        if is_last_drop(execution, &calm.order[step..]) {
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
                    (Op::Channel(_, ChannelAction::Recv), None) if !enabled => {
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

/// Which lock an event takes (`true`) or gives back (`false`).
pub(crate) fn lock_change(event: &Event) -> Option<(ObjectId, bool)> {
    match &event.op {
        Op::Mutex(lock, mutex::Action::Lock | mutex::Action::TryLock)
        | Op::RwLock(
            lock,
            rwlock::Action::Read
            | rwlock::Action::TryRead
            | rwlock::Action::Write
            | rwlock::Action::TryWrite,
        ) => {
            let taken = matches!(event.outcome, Outcome::Done | Outcome::Poisoned);
            taken.then_some((*lock, true))
        }
        Op::Mutex(lock, mutex::Action::Unlock)
        | Op::RwLock(lock, rwlock::Action::ReadUnlock | rwlock::Action::WriteUnlock)
        | Op::Condvar(_, condvar::Action::Wait { lock }) => Some((*lock, false)),
        _ => None,
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

    #[test]
    fn long_texts_are_cut_between_words() {
        assert_eq!(wrap("one two three", 8), ["one two", "three"]);
        assert_eq!(wrap("", 8), [""]);
        assert_eq!(wrap("unbreakable", 4), ["unbreakable"]);
    }
}
