//! A name for each trace, the same for all its schedules.

use super::{Event, Execution, Snapshot};
use crate::primitives::rules::Visitor;
use crate::primitives::{Op, channel};
use crate::vocabulary::{ObjectId, Outcome, ThreadId};
use ::std::collections::BTreeMap;
use ::std::hash::{DefaultHasher, Hash, Hasher};

impl Execution {
    /// A number that two executions share if they are schedules of one trace:
    /// the same threads make the same steps with the same outcomes, and each
    /// step comes after the same other steps. For different traces it differs,
    /// but for an accident of one in 2^128.
    ///
    /// Numbers of threads and objects depend on the schedule, so a thread
    /// counts by the spawns that lead to it, and an object by who uses it.
    pub fn trace(&self) -> u128 {
        let paths: Vec<&[usize]> = self.threads.iter().map(|t| t.path.as_slice()).collect();
        name(&self.events, &paths)
    }
}

impl Snapshot {
    /// The name of the trace so far, as [`Execution::trace`].
    pub fn trace(&self) -> u128 {
        let paths: Vec<&[usize]> = self.paths.iter().map(Vec::as_slice).collect();
        name(&self.events, &paths)
    }
}

fn name(events: &[Event], paths: &[&[usize]]) -> u128 {
    let threads = thread_ranks(paths);
    let objects = object_ranks(events, &threads);
    let mut sum: u128 = 0;
    for event in events {
        let mut op = event.op.clone();
        op.visit(&mut Ranks {
            threads: &threads,
            objects: &objects,
        });
        let mut clock: Vec<(usize, u32)> = event
            .clock
            .iter()
            .enumerate()
            .filter(|(_, count)| **count > 0)
            .map(|(thread, count)| (threads[thread], *count))
            .collect();
        clock.sort_unstable();
        // Which of several drops is the last is up to the schedule.
        let outcome = match event.op {
            Op::Channel(_, channel::Action::SenderDropped) => &Outcome::Done,
            _ => &event.outcome,
        };
        let step = (threads[event.thread], op, outcome, event.place, clock);
        let half = |salt: u8| {
            let mut hasher = DefaultHasher::new();
            salt.hash(&mut hasher);
            step.hash(&mut hasher);
            u128::from(hasher.finish())
        };
        // The order in which the steps were made must not matter.
        sum = sum.wrapping_add(half(1) << 64 | half(2));
    }
    sum
}

/// Each thread's rank among the spawns that lead to the threads.
fn thread_ranks(paths: &[&[usize]]) -> Vec<usize> {
    let mut sorted: Vec<ThreadId> = (0..paths.len()).collect();
    sorted.sort_by_key(|&thread| paths[thread]);
    let mut ranks = vec![0; sorted.len()];
    for (rank, thread) in sorted.into_iter().enumerate() {
        ranks[thread] = rank;
    }
    ranks
}

/// Each object's rank among the first steps, by thread, that use them.
fn object_ranks(events: &[Event], threads: &[usize]) -> BTreeMap<ObjectId, usize> {
    let mut first: BTreeMap<ObjectId, (usize, u32, usize)> = BTreeMap::new();
    for event in events {
        for (nth, object) in objects(&event.op).into_iter().enumerate() {
            let use_ = (threads[event.thread], event.index(), nth);
            let known = first.entry(object).or_insert(use_);
            *known = use_.min(*known);
        }
    }
    let mut sorted: Vec<_> = first.into_iter().collect();
    sorted.sort_by_key(|(_, first)| *first);
    let ranked = sorted.into_iter().enumerate();
    ranked.map(|(rank, (object, _))| (object, rank)).collect()
}

/// Puts ranks in the place of numbers.
struct Ranks<'a> {
    threads: &'a [usize],
    objects: &'a BTreeMap<ObjectId, usize>,
}

impl Visitor for Ranks<'_> {
    fn thread(&mut self, thread: &mut ThreadId) {
        *thread = self.threads.get(*thread).copied().unwrap_or(*thread);
    }

    fn object(&mut self, object: &mut ObjectId) {
        *object = self.objects[object];
    }
}

/// Collects the objects.
struct Objects(Vec<ObjectId>);

impl Visitor for Objects {
    fn thread(&mut self, _: &mut ThreadId) {}

    fn object(&mut self, object: &mut ObjectId) {
        self.0.push(*object);
    }
}

/// The shared objects that an operation uses.
fn objects(op: &Op) -> Vec<ObjectId> {
    let mut found = Objects(Vec::new());
    op.clone().visit(&mut found);
    found.0
}
