//! A name for each trace, the same for all its schedules.

use super::{Event, Execution, ObjectId, Op, Outcome, ThreadId};
use crate::explorer::Snapshot;
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
        let op = event.op.renamed(&|object| objects[&object], &|thread| {
            threads.get(thread).copied().unwrap_or(thread)
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
            Op::SenderDropped { .. } => &Outcome::Done,
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
        for (nth, object) in event.op.objects().into_iter().enumerate() {
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

impl Op {
    /// The shared objects that it uses.
    pub fn objects(&self) -> Vec<ObjectId> {
        let found = ::std::cell::RefCell::new(Vec::new());
        let _ = self.renamed(
            &|object| {
                found.borrow_mut().push(object);
                object
            },
            &|thread| thread,
        );
        found.into_inner()
    }

    /// The same operation under other numbers.
    fn renamed(
        &self,
        object: &dyn Fn(ObjectId) -> ObjectId,
        thread: &dyn Fn(ThreadId) -> ThreadId,
    ) -> Op {
        let mut op = self.clone();
        match &mut op {
            Op::Spawn { child } | Op::Join { child } | Op::IsFinished { child } => {
                *child = thread(*child);
            }
            Op::Unpark { thread: target } => *target = thread(*target),
            Op::Wait { condvar, lock } => {
                *condvar = object(*condvar);
                *lock = object(*lock);
            }
            Op::Lock { lock: used }
            | Op::TryLock { lock: used }
            | Op::Unlock { lock: used }
            | Op::IsPoisoned { lock: used }
            | Op::ClearPoison { lock: used }
            | Op::ReadLock { lock: used }
            | Op::TryReadLock { lock: used }
            | Op::ReadUnlock { lock: used }
            | Op::WriteLock { lock: used }
            | Op::TryWriteLock { lock: used }
            | Op::WriteUnlock { lock: used }
            | Op::Send { channel: used }
            | Op::TrySend { channel: used }
            | Op::AwaitTaken { channel: used }
            | Op::Recv { channel: used }
            | Op::TryRecv { channel: used }
            | Op::RecvTimeout { channel: used }
            | Op::SenderDropped { channel: used }
            | Op::ReceiverDropped { channel: used }
            | Op::Wake { condvar: used }
            | Op::WakeTimeout { condvar: used }
            | Op::NotifyOne { condvar: used }
            | Op::NotifyAll { condvar: used }
            | Op::Arrive { barrier: used }
            | Op::Pass { barrier: used }
            | Op::OnceEnter { once: used }
            | Op::OnceLeave { once: used, .. }
            | Op::OnceLook { once: used }
            | Op::Atomic { atomic: used, .. }
            | Op::Bind { listener: used }
            | Op::Accept { listener: used }
            | Op::TryAccept { listener: used }
            | Op::Read { connection: used }
            | Op::ReadTimeout { connection: used }
            | Op::Write {
                connection: used, ..
            }
            | Op::Shutdown { connection: used }
            | Op::Close { connection: used }
            | Op::OutputLock { output: used }
            | Op::OutputUnlock { output: used } => *used = object(*used),
            Op::Start
            | Op::Exit { .. }
            | Op::Park
            | Op::ParkTimeout
            | Op::Yield
            | Op::Sleep { .. }
            | Op::Print { .. }
            | Op::JobQueued { .. }
            | Op::JobStarted { .. }
            | Op::JobFinished { .. }
            | Op::JobPanics { .. }
            | Op::Marker { .. }
            | Op::MainReturn { .. }
            | Op::ProcessExit { .. } => {}
        }
        op
    }
}
