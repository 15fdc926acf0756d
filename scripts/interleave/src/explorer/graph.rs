//! All states of a scenario, and the steps between them, as JSON for a page on
//! which the reader is the scheduler.
//!
//! The states are taken from the traces, nothing is run again: each set of
//! events of a trace that is closed under *comes before* (a *configuration*;
//! Nielsen, Plotkin, Winskel: *Petri nets, event structures and domains*, TCS
//! 1981) is a state that some schedule passes. States of different traces are
//! one if every thread has done and seen the same and the shared objects are in
//! the same state.
//!
//! The JSON is one object. `texts` holds every text once; elsewhere texts are
//! numbers that count into it.
//!
//! - `program`, `scenario`;
//! - `threads`: each thread's name;
//! - `states`, the first being the one at the start:
//!   - `threads`: for each thread `null` if it isn't created yet, else `file`,
//!     `line` (except where `main` is about to start or to end), `next` (what it does next),
//!     `can` (whether it can), and if not `why`; a thread that has ended has only
//!     `ended`, with `true` after a panic;
//!   - `holds`: for each lock that is held, its name and the threads;
//!   - `queues`: for each channel with messages, its name and the messages;
//!   - `printed`: what each thread has printed so far, line by line;
//!   - `end`: how the execution ends, where it ends here;
//! - `steps`: `[from, thread, to, text]`.

use crate::explorer::explain::{event_words, job_sent};
use crate::explorer::judge;
use crate::explorer::report::Ending;
use crate::json::Json;
use crate::primitives::channel::Action as ChannelAction;
use crate::primitives::{mutex, rwlock, thread};
use crate::trace::{
    Event, Execution, Object, ObjectId, Op, Outcome, ThreadId, ThreadState, lock_change,
};
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Write as _;

/// What is said of a graph with too many states.
pub(crate) fn too_large() -> String {
    format!(
        "The graph has more than {STATES} states and would be of no use: take fewer workers, jobs \
         or clients."
    )
}

/// The most states that a graph may have.
const STATES: usize = 200_000;

/// Collects the states, one trace at a time.
pub struct Graph {
    program: String,
    scenario: String,
    /// The only log that is followed, line by line.
    log: Option<Vec<String>>,
    texts: Texts,
    /// The threads, by the numbers of the spawns that lead to them.
    threads: BTreeMap<Vec<usize>, String>,
    /// Each thread's history: what it was before, and one more step.
    histories: HashMap<(u32, u32), u32>,
    states: HashMap<Key, State>,
    steps: BTreeSet<(Key, Vec<usize>, Key, u32)>,
    start: Option<Key>,
}

/// Every text, each with a number.
#[derive(Default)]
struct Texts {
    numbers: HashMap<String, u32>,
    texts: Vec<String>,
}

impl Texts {
    fn number(&mut self, text: &str) -> u32 {
        if let Some(&number) = self.numbers.get(text) {
            return number;
        }
        let number = self.texts.len() as u32;
        self.texts.push(text.to_string());
        self.numbers.insert(text.to_string(), number);
        number
    }
}

/// A message in a channel: who sent it, as which of its steps.
type Message = (Vec<usize>, u32);

/// What tells states apart: each thread's history, and what is in the channels.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord, Hash)]
struct Key {
    /// For each thread that is created, its history.
    histories: Vec<(Vec<usize>, u32)>,
    /// For each channel, the messages in it.
    queues: Vec<(u32, Vec<Message>)>,
}

/// A state, as far as it doesn't depend on the steps that lead on from it.
struct State {
    threads: BTreeMap<Vec<usize>, Position>,
    holds: BTreeMap<u32, BTreeSet<Vec<usize>>>,
    queues: BTreeMap<u32, Vec<u32>>,
    printed: BTreeMap<Vec<usize>, Vec<u32>>,
    end: Option<u32>,
}

/// Where a thread is.
enum Position {
    Next {
        at: Option<(u32, u32)>,
        next: u32,
        /// Why it can't, if it can't.
        why: u32,
    },
    Ended {
        panicked: bool,
    },
}

/// How many events of each thread have happened.
type Done = Vec<usize>;

/// A trace, prepared: the events of each thread, and what each needs.
struct Prepared<'a> {
    execution: &'a Execution,
    /// For each thread, its events as indexes.
    own: Vec<Vec<usize>>,
    /// Whether `main` returns.
    returns: bool,
}

impl<'a> Prepared<'a> {
    fn new(execution: &'a Execution) -> Prepared<'a> {
        let mut own = vec![Vec::new(); execution.threads.len()];
        for (i, event) in execution.events.iter().enumerate() {
            own[event.thread].push(i);
        }
        Prepared {
            own,
            returns: execution.returned().is_some(),
            execution,
        }
    }

    /// Where all threads are before the first step.
    fn start(&self) -> Done {
        vec![0; self.own.len()]
    }

    /// The state after one more step of `thread`, if that can come next.
    fn after(&self, done: &Done, thread: ThreadId) -> Option<Done> {
        if self.has_returned(done) {
            return None;
        }
        let &first = self.own[thread].get(done[thread])?;
        if !self.ready(done, thread, first) {
            return None;
        }
        let mut next = done.clone();
        next[thread] += 1;
        Some(next)
    }

    /// Whether `main` has returned, which ends the process.
    fn has_returned(&self, done: &Done) -> bool {
        self.returns && done[0] == self.own[0].len()
    }

    fn ready(&self, done: &Done, thread: ThreadId, event: usize) -> bool {
        let clock = self.execution.events[event].clock.iter().enumerate();
        clock
            .filter(|&(other, _)| other != thread)
            .all(|(other, &needed)| done.get(other).is_none_or(|&n| n >= needed as usize))
    }

    /// The events that have happened, in the order of the execution.
    fn happened(&self, done: &Done) -> impl Iterator<Item = (usize, &'a Event)> {
        let mut seen = vec![0; done.len()];
        let events = self.execution.events.iter().enumerate();
        events.filter(move |(_, event)| {
            seen[event.thread] += 1;
            seen[event.thread] <= done[event.thread]
        })
    }

    fn path(&self, thread: ThreadId) -> Vec<usize> {
        self.execution.threads[thread].path.clone()
    }

    /// A name for an object that is the same in all executions: what it is,
    /// where it was created, and the how-manieth it is of those.
    fn object(&self, object: ObjectId) -> String {
        let objects = &self.execution.objects;
        let Object { kind, created, .. } = objects[object];
        let alike = |other: &&Object| other.kind == kind && other.created == created;
        let before = objects[..object].iter().filter(alike).count();
        let of_kind = objects.iter().filter(|other| other.kind == kind).count();
        let mut name = kind.word().to_string();
        if of_kind > 1 {
            if let Some(place) = created {
                let _ = write!(name, " of {}", place);
            }
            if before > 0 {
                let _ = write!(name, ", number {}", before + 1);
            }
        }
        name
    }
}

impl Graph {
    /// No state yet.
    pub fn new(program: &str, scenario: &str) -> Graph {
        Graph {
            program: program.to_string(),
            scenario: scenario.to_string(),
            log: None,
            texts: Texts::default(),
            threads: BTreeMap::new(),
            histories: HashMap::new(),
            states: HashMap::new(),
            steps: BTreeSet::new(),
            start: None,
        }
    }

    /// Leaves out every step that prints something else than the next lines of
    /// this log. A state from which nothing else leads on has neither steps nor
    /// an end.
    pub fn along(mut self, log: &str) -> Graph {
        self.log = Some(log.lines().map(str::to_string).collect());
        self
    }

    /// Adds the states of one trace. Give it executions
    /// [`with_roles`](crate::explorer::explain::with_roles).
    pub fn add(&mut self, execution: &Execution) {
        if self.states.len() > STATES {
            return;
        }
        for (thread, info) in execution.threads.iter().enumerate() {
            self.threads
                .insert(info.path.clone(), execution.thread_name(thread));
        }
        let trace = Prepared::new(execution);
        let start = trace.start();
        let mut keys: HashMap<Done, Key> = HashMap::new();
        let first = self.state(&trace, &start);
        self.start.get_or_insert(first.clone());
        keys.insert(start.clone(), first);
        let mut todo = vec![start];
        while let Some(done) = todo.pop() {
            for thread in 0..done.len() {
                let Some(next) = trace.after(&done, thread) else {
                    continue;
                };
                if !self.follows(&trace, &done, &next, thread) {
                    continue;
                }
                let to = match keys.get(&next) {
                    Some(key) => key.clone(),
                    None => {
                        let key = self.state(&trace, &next);
                        keys.insert(next.clone(), key.clone());
                        todo.push(next);
                        key
                    }
                };
                let event = trace.own[thread][done[thread]];
                let text = self
                    .texts
                    .number(&event_words(execution, &execution.events[event]));
                self.steps
                    .insert((keys[&done].clone(), trace.path(thread), to, text));
            }
        }
    }

    /// Whether what is printed by the step to `next` comes next in the log.
    fn follows(&self, trace: &Prepared, done: &Done, next: &Done, thread: ThreadId) -> bool {
        let Some(log) = &self.log else {
            return true;
        };
        let new = &trace.own[thread][done[thread]..next[thread]];
        let mut new = new
            .iter()
            .filter_map(|&event| trace.execution.events[event].printed())
            .flat_map(str::lines)
            .peekable();
        if new.peek().is_none() {
            return true;
        }
        let so_far = trace
            .happened(done)
            .filter_map(|(_, event)| event.printed());
        let wanted = log.iter().skip(so_far.flat_map(str::lines).count());
        let mut wanted = wanted.map(String::as_str);
        new.all(|line| wanted.next() == Some(line))
    }

    /// The key of a state, which is added unless it is known.
    fn state(&mut self, trace: &Prepared, done: &Done) -> Key {
        let execution = trace.execution;
        let mut created = BTreeSet::from([0]);
        let mut histories: BTreeMap<ThreadId, u32> = BTreeMap::from([(0, 0)]);
        let mut queues: BTreeMap<ObjectId, Vec<(usize, usize)>> = BTreeMap::new();
        for (i, event) in trace.happened(done) {
            let mut seen = format!("{:?} {}", event.place, event_words(execution, event));
            if let Op::Thread(thread::Action::Spawn { child }) = event.op {
                created.insert(child);
                histories.insert(child, 0);
            }
            match (&event.op, &event.outcome) {
                (
                    Op::Channel(channel, ChannelAction::Send | ChannelAction::TrySend),
                    Outcome::Message { number },
                ) => {
                    queues.entry(*channel).or_default().push((*number, i));
                    // Its number depends on what others send.
                    seen = format!("{:?} sends", event.place);
                }
                (
                    Op::Channel(
                        channel,
                        ChannelAction::Recv | ChannelAction::TryRecv | ChannelAction::RecvTimeout,
                    ),
                    Outcome::Message { number },
                ) => {
                    let queue = queues.entry(*channel).or_default();
                    let place = queue.iter().position(|(n, _)| n == number);
                    if let Some((_, send)) = place.map(|place| queue.remove(place)) {
                        let sender = &execution.events[send];
                        let who = trace.path(sender.thread);
                        seen = format!("{:?} takes {who:?} {}", event.place, sender.index());
                    }
                }
                (Op::Channel(channel, ChannelAction::ReceiverDropped), _) => {
                    queues.remove(channel);
                }
                _ => {}
            }
            let step = self.texts.number(&seen);
            let history = histories.entry(event.thread).or_default();
            let fresh = self.histories.len() as u32 + 1;
            *history = *self.histories.entry((*history, step)).or_insert(fresh);
        }
        let key = Key {
            histories: histories
                .into_iter()
                .map(|(thread, history)| (trace.path(thread), history))
                .collect::<BTreeMap<_, _>>()
                .into_iter()
                .collect(),
            queues: queues
                .iter()
                .filter(|(_, queue)| !queue.is_empty())
                .map(|(&channel, queue)| {
                    let message = |&(_, send): &(usize, usize)| {
                        let event = &execution.events[send];
                        (trace.path(event.thread), event.index())
                    };
                    let name = self.texts.number(&trace.object(channel));
                    (name, queue.iter().map(message).collect())
                })
                .collect(),
        };
        if !self.states.contains_key(&key) {
            let state = self.describe(trace, done, &created, &queues);
            self.states.insert(key.clone(), state);
        }
        key
    }

    fn describe(
        &mut self,
        trace: &Prepared,
        done: &Done,
        created: &BTreeSet<ThreadId>,
        queues: &BTreeMap<ObjectId, Vec<(usize, usize)>>,
    ) -> State {
        let execution = trace.execution;
        let mut holders: BTreeMap<ObjectId, Vec<ThreadId>> = BTreeMap::new();
        let mut printed: BTreeMap<Vec<usize>, Vec<u32>> = BTreeMap::new();
        for (_, event) in trace.happened(done) {
            match lock_change(event) {
                Some((lock, true)) => holders.entry(lock).or_default().push(event.thread),
                Some((lock, false)) => {
                    let holders = holders.entry(lock).or_default();
                    if let Some(place) = holders.iter().position(|&t| t == event.thread) {
                        holders.remove(place);
                    }
                }
                None => {}
            }
            if let Some(text) = event.printed() {
                let texts = &mut self.texts;
                let lines = text.lines().map(|line| texts.number(line));
                printed
                    .entry(trace.path(event.thread))
                    .or_default()
                    .extend(lines);
            }
        }
        let mut threads = BTreeMap::new();
        for &thread in created {
            let why = |op: &Op| match op {
                Op::Thread(thread::Action::Join { child }) => {
                    format!("{} has not ended", execution.thread_name(*child))
                }
                Op::Mutex(lock, mutex::Action::Lock)
                | Op::RwLock(lock, rwlock::Action::Write | rwlock::Action::Read) => {
                    match holders.get(lock).and_then(|holders| holders.first()) {
                        Some(&holder) => format!(
                            "{} holds {}",
                            execution.thread_name(holder),
                            execution.object_name(*lock)
                        ),
                        None => String::new(),
                    }
                }
                Op::Channel(channel, ChannelAction::Recv)
                    if queues.get(channel).is_none_or(Vec::is_empty) =>
                {
                    format!("{} is empty", execution.object_name(*channel))
                }
                _ => "what it waits for has not happened".to_string(),
            };
            let next = trace.own[thread].get(done[thread]);
            let (op, place) = match (next, &execution.threads[thread].state) {
                (Some(&event), _) => (&execution.events[event].op, execution.events[event].place),
                (None, ThreadState::Pending { op, place, .. }) => (op, *place),
                (None, state) => {
                    let panicked = matches!(state, ThreadState::Panicked { .. });
                    threads.insert(trace.path(thread), Position::Ended { panicked });
                    continue;
                }
            };
            let shown = place.to_string();
            let file = shown
                .rsplit_once(':')
                .map_or(shown.as_str(), |(file, _)| file);
            let position = Position::Next {
                at: place
                    .is_in_program()
                    .then(|| (self.texts.number(file), place.line)),
                next: self.texts.number(&execution.op_words(op)),
                why: self.texts.number(&why(op)),
            };
            threads.insert(trace.path(thread), position);
        }
        let mut queued = BTreeMap::new();
        for (&channel, messages) in queues {
            if messages.is_empty() {
                continue;
            }
            let mut row = Vec::new();
            for &(_, send) in messages {
                let event = &execution.events[send];
                let text = match job_sent(execution, send) {
                    Some(job) => format!("job {job}"),
                    None => format!("sent at {}", event.place),
                };
                row.push(self.texts.number(&text));
            }
            queued.insert(self.texts.number(&trace.object(channel)), row);
        }
        let mut holds = BTreeMap::new();
        for (lock, threads) in holders {
            if !threads.is_empty() {
                let threads = threads.into_iter().map(|thread| trace.path(thread));
                let name = self.texts.number(&trace.object(lock));
                holds.insert(name, threads.collect());
            }
        }
        let all = (0..done.len()).all(|thread| done[thread] == trace.own[thread].len());
        let end = (all || trace.has_returned(done)).then(|| {
            let goes_on = |position: &Position| matches!(position, Position::Next { .. });
            let ending = match judge::ending(execution) {
                Ending::Normal if threads.values().any(goes_on) => Ending::CutsOff,
                ending => ending,
            };
            self.texts.number(&ending.to_string())
        });
        State {
            threads,
            holds,
            queues: queued,
            printed,
            end,
        }
    }

    /// Whether it has too many states to be of use: nothing is added any more.
    pub fn is_too_large(&self) -> bool {
        self.states.len() > STATES
    }

    /// The graph as JSON. Refuses a graph with too many states to be of use.
    pub fn json(self) -> Result<String, String> {
        if self.states.len() > STATES {
            return Err(too_large());
        }
        let paths: Vec<&Vec<usize>> = self.threads.keys().collect();
        let number = |path: &Vec<usize>| paths.binary_search(&path).unwrap_or(0);
        let mut leads: HashMap<&Key, Vec<(usize, &Key, u32)>> = HashMap::new();
        for (from, thread, to, text) in &self.steps {
            leads
                .entry(from)
                .or_default()
                .push((number(thread), to, *text));
        }
        // Numbered in the order in which they are reached from the start, the
        // steps of earlier threads first, and by the words of the step.
        let mut order: Vec<&Key> = self.start.iter().collect();
        let mut index: HashMap<&Key, usize> = order.iter().map(|&key| (key, 0)).collect();
        let mut steps = Vec::new();
        let mut read = 0;
        while read < order.len() {
            let mut here = leads.remove(order[read]).unwrap_or_default();
            here.sort_by_key(|&(thread, to, text)| (thread, self.text(text), to));
            for (thread, to, text) in here {
                let to = *index.entry(to).or_insert_with(|| {
                    order.push(to);
                    order.len() - 1
                });
                steps.push((read, thread, to, text));
            }
            read += 1;
        }
        let mut can: BTreeSet<(usize, usize)> = BTreeSet::new();
        can.extend(steps.iter().map(|&(from, thread, _, _)| (from, thread)));
        let mut used = Used::default();
        let mut states = Vec::new();
        for (i, key) in order.iter().enumerate() {
            let enabled: Vec<bool> = (0..paths.len()).map(|t| can.contains(&(i, t))).collect();
            states.push(self.state_json(&self.states[*key], &paths, &enabled, &mut used));
        }
        let steps: Vec<String> = steps
            .into_iter()
            .map(|(from, thread, to, text)| format!("[{from},{thread},{to},{}]", used.number(text)))
            .collect();
        let texts = used.order.iter().map(|&text| quoted(self.text(text)));
        let threads = self.threads.values().map(|name| quoted(name));
        Ok(format!(
            "{{\n\"program\":{},\n\"scenario\":{},\n\"threads\":[{}],\n\
             \"texts\":[\n{}\n],\n\"states\":[\n{}\n],\n\"steps\":[\n{}\n]\n}}\n",
            quoted(&self.program),
            quoted(&self.scenario),
            threads.collect::<Vec<_>>().join(","),
            texts.collect::<Vec<_>>().join(",\n"),
            states.join(",\n"),
            steps.join(",\n")
        ))
    }

    fn text(&self, number: u32) -> &str {
        &self.texts.texts[number as usize]
    }

    fn state_json(
        &self,
        state: &State,
        paths: &[&Vec<usize>],
        enabled: &[bool],
        used: &mut Used,
    ) -> String {
        let mut threads = Vec::new();
        for (path, &can) in paths.iter().zip(enabled) {
            threads.push(match state.threads.get(*path) {
                None => "null".to_string(),
                Some(Position::Ended { panicked }) => format!("{{\"ended\":{panicked}}}"),
                Some(Position::Next { at, next, why }) => {
                    let at = at.map(|(file, line)| {
                        format!("\"file\":{},\"line\":{line},", used.number(file))
                    });
                    let mut text = format!(
                        "{{{}\"next\":{},\"can\":{can}",
                        at.unwrap_or_default(),
                        used.number(*next)
                    );
                    if !can && state.end.is_none_or(|_| !self.text(*why).is_empty()) {
                        let _ = write!(text, ",\"why\":{}", used.number(*why));
                    }
                    text + "}"
                }
            });
        }
        let number = |path: &Vec<usize>| paths.binary_search(&path).unwrap_or(0).to_string();
        let holds = state.holds.iter().map(|(&name, threads)| {
            let threads: Vec<String> = threads.iter().map(number).collect();
            format!("[{},[{}]]", used.number(name), threads.join(","))
        });
        let holds: Vec<String> = holds.collect();
        let mut numbers = |texts: &[u32]| {
            let numbers = texts.iter().map(|&text| used.number(text).to_string());
            numbers.collect::<Vec<_>>().join(",")
        };
        let queues = state.queues.iter().map(|(&name, messages)| {
            let name = numbers(&[name]);
            format!("[{name},[{}]]", numbers(messages))
        });
        let queues: Vec<String> = queues.collect();
        let printed = paths.iter().map(|path| {
            let lines = state.printed.get(*path).map_or(&[][..], Vec::as_slice);
            format!("[{}]", numbers(lines))
        });
        let printed: Vec<String> = printed.collect();
        let mut text = format!(
            "{{\"threads\":[{}],\"holds\":[{}],\"queues\":[{}],\"printed\":[{}]",
            threads.join(","),
            holds.join(","),
            queues.join(","),
            printed.join(",")
        );
        if let Some(end) = state.end {
            let _ = write!(text, ",\"end\":{}", used.number(end));
        }
        text + "}"
    }
}

/// The texts that the JSON refers to, numbered as they are met, so that the
/// numbers don't depend on the order in which the traces came.
#[derive(Default)]
struct Used {
    numbers: HashMap<u32, usize>,
    order: Vec<u32>,
}

impl Used {
    fn number(&mut self, text: u32) -> usize {
        *self.numbers.entry(text).or_insert_with(|| {
            self.order.push(text);
            self.order.len() - 1
        })
    }
}

/// A text as JSON.
fn quoted(text: &str) -> String {
    Json::text(text).to_string()
}

#[cfg(test)]
mod tests;
