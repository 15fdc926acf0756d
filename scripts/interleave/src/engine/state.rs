//! The state of one execution: its threads, its objects, the events so far,
//! and who may go next.

use super::objects::{Body, EventId};
use super::plan::{Plan, Recorded};
use super::set::{MOST_THREADS, Set};
use crate::explorer::Config;
use crate::trace::{
    End, Event, Execution, Kind, Object, ObjectId, Op, Outcome, Place, ThreadId, ThreadInfo,
    ThreadState, WaitsFor,
};
use ::std::collections::{BTreeMap, BTreeSet};
use ::std::sync::{Arc, Condvar};
use ::std::time::Duration;

/// What a program thread runs once it is started.
pub type Task = Box<dyn FnOnce() + Send>;

/// The OS thread of a program thread.
pub enum Os {
    /// None yet: the thread has not made its first step.
    NotStarted(Task),
    /// It exists. A scoped thread has one from its spawn on.
    Alive,
    /// It has left the program thread's code.
    Gone,
    /// It could not be unwound and is parked for ever.
    Parked,
}

/// One remembered poll in vain.
struct Poll {
    place: Place,
    object: Option<ObjectId>,
    /// The state of the object that it saw.
    version: u64,
    count: usize,
}

/// How often a thread may do the same in vain.
#[derive(Clone, Copy, PartialEq, Eq)]
pub enum Patience {
    Poll,
    Lap,
}

/// A program thread.
pub struct Thread {
    pub name: Option<String>,
    pub parent: Option<ThreadId>,
    pub path: Vec<usize>,
    pub spawned_at: Place,
    /// What it is about to do, and where.
    pub pending: Option<(Op, Place)>,
    /// Where it made its last step.
    pub place: Place,
    pub clock: Vec<u32>,
    pub last_event: Option<EventId>,
    pub spawned_by: Option<EventId>,
    pub exit: Option<EventId>,
    pub panic: Option<(String, Place)>,
    /// Who saw that it had not ended.
    pub looks: Vec<EventId>,
    pub token: bool,
    pub unparks: Vec<EventId>,
    pub last_park: Option<EventId>,
    /// The message or the barrier's round that a second step waits for.
    pub note: usize,
    /// Its own virtual time.
    pub time: Duration,
    pub spawns: usize,
    pub os: Os,
    /// Operations made while it was unwound at the end of the execution.
    pub farewells: usize,
    polls: Vec<Poll>,
    /// How often it was let go again because nobody else could go on.
    releases: usize,
    /// The name and the OS thread of the thread that it is about to spawn.
    pub to_spawn: Option<(Option<String>, Os)>,
    /// The thread that it spawned last.
    pub last_child: ThreadId,
    /// Its next step comes after everything that was done so far.
    pub after_all: bool,
    /// Its last step was one in vain: others go first.
    gives_way: bool,
    /// The number of its `thread::scope`, which can't end before it.
    pub scope: Option<u64>,
    /// A scoped thread that was joined by its handle.
    pub joined: bool,
    /// Rung when it is its turn.
    pub bell: Arc<Condvar>,
}

impl Thread {
    pub fn ended(&self) -> bool {
        self.exit.is_some()
    }
}

/// Which events an event is ordered after. The first `races` of them could
/// also have come after it, the others made it possible.
#[derive(Clone, Debug, Default)]
pub struct Links {
    pub events: Vec<EventId>,
    pub races: usize,
    /// The event of the same thread before it.
    pub previous: Option<EventId>,
    /// The thread's virtual time after it.
    pub time: Duration,
}

/// Whose turn it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Turn {
    /// This program thread runs.
    Thread(ThreadId),
    /// The one who steers is asked.
    Steerer,
    /// Nobody: the run has ended.
    Nobody,
}

/// How a run ended.
pub enum Finish {
    /// As an execution to report.
    End(End),
    /// All that could go on sleeps: the trace was seen before.
    Redundant,
}

pub struct State {
    pub config: Arc<Config>,
    pub epoch: u64,
    pub exploration: u64,
    pub threads: Vec<Thread>,
    pub objects: Vec<Object>,
    pub bodies: Vec<Body>,
    pub events: Vec<Event>,
    pub links: Vec<Links>,
    pub choices: Vec<u16>,
    pub answers: BTreeMap<usize, Vec<u8>>,
    pub remarks: BTreeSet<&'static str>,
    pub accepted: usize,
    /// The last event that took a client, at whatever listener.
    pub last_accept: Option<EventId>,
    pub last_marker: Option<EventId>,
    pub ended_by: Option<EventId>,
    pub turn: Turn,
    pub finish: Option<Finish>,
    /// The run is over and its threads are unwound one after the other.
    pub tearing_down: bool,
    pub plan: Plan,
    pub held_back: bool,
    idle_releases: usize,
    numbers: BTreeMap<Kind, usize>,
    /// The locks of the output streams, once the program takes them.
    pub outputs: [Option<ObjectId>; 2],
    /// Who has printed before that.
    pub early_prints: [Vec<EventId>; 2],
    /// The second panic of a thread, which aborts the process.
    pub aborts: Option<(String, Place)>,
}

impl State {
    pub fn new(config: Arc<Config>, exploration: u64, epoch: u64, plan: Plan) -> State {
        State {
            config,
            epoch,
            exploration,
            threads: Vec::new(),
            objects: Vec::new(),
            bodies: Vec::new(),
            events: Vec::new(),
            links: Vec::new(),
            choices: Vec::new(),
            answers: BTreeMap::new(),
            remarks: BTreeSet::new(),
            accepted: 0,
            last_accept: None,
            last_marker: None,
            ended_by: None,
            turn: Turn::Nobody,
            finish: None,
            tearing_down: false,
            plan,
            held_back: false,
            idle_releases: 0,
            numbers: BTreeMap::new(),
            outputs: [None; 2],
            early_prints: [Vec::new(), Vec::new()],
            aborts: None,
        }
    }

    /// Adds a thread that is about to start. Refuses more than a set can hold.
    pub fn add_thread(
        &mut self,
        parent: Option<ThreadId>,
        name: Option<String>,
        place: Place,
        os: Os,
    ) -> Result<ThreadId, String> {
        let id = self.threads.len();
        if id >= MOST_THREADS {
            return Err(too_many_threads(place));
        }
        let mut path = Vec::new();
        if let Some(parent) = parent {
            let parent = &mut self.threads[parent];
            path.clone_from(&parent.path);
            path.push(parent.spawns);
            parent.spawns += 1;
        }
        self.threads.push(Thread {
            name,
            parent,
            path,
            spawned_at: place,
            pending: Some((Op::Start, place)),
            place,
            clock: Vec::new(),
            last_event: None,
            spawned_by: None,
            exit: None,
            panic: None,
            looks: Vec::new(),
            token: false,
            unparks: Vec::new(),
            last_park: None,
            note: 0,
            time: Duration::ZERO,
            spawns: 0,
            os,
            farewells: 0,
            polls: Vec::new(),
            releases: 0,
            to_spawn: None,
            last_child: 0,
            after_all: false,
            gives_way: false,
            scope: None,
            joined: false,
            bell: Arc::new(Condvar::new()),
        });
        Ok(id)
    }

    /// Adds a shared object.
    pub fn add_object(&mut self, kind: Kind, created: Option<Place>, body: Body) -> ObjectId {
        let number = match &body {
            Body::Connection(connection) => connection.client + 1,
            _ => {
                let number = self.numbers.entry(kind).or_insert(0);
                *number += 1;
                *number
            }
        };
        self.objects.push(Object {
            kind,
            number,
            created,
        });
        self.bodies.push(body);
        self.objects.len() - 1
    }

    /// Whether `thread` can make its next step.
    pub fn can_go(&self, thread: ThreadId) -> bool {
        match &self.threads[thread].pending {
            Some((op, place)) => self.possible(thread, op) && !self.held(thread, op, *place),
            None => false,
        }
    }

    /// The threads that can make a step, and those that could if they were
    /// not held back.
    fn able_and_held(&self) -> (Set, Set) {
        let mut able = Set::default();
        let mut held = Set::default();
        for (thread, info) in self.threads.iter().enumerate() {
            if let Some((op, place)) = &info.pending {
                if self.possible(thread, op) {
                    if self.held(thread, op, *place) {
                        held.insert(thread);
                    } else {
                        able.insert(thread);
                    }
                }
            }
        }
        (able, held)
    }

    /// Whether a thread is held back because it polled in vain before.
    fn held(&self, thread: ThreadId, op: &Op, place: Place) -> bool {
        let polls = &self.threads[thread].polls;
        if polls.is_empty() {
            return false;
        }
        let Some((object, version, patience)) = self.in_vain(thread, op) else {
            return false;
        };
        let bound = match patience {
            Patience::Poll => self.config.polls,
            Patience::Lap => self.config.laps,
        };
        polls.iter().any(|poll| {
            poll.place == place
                && poll.object == object
                && poll.version == version
                && poll.count >= bound
        })
    }

    fn remember_poll(&mut self, thread: ThreadId, op: &Op, place: Place) {
        let Some((object, version, _)) = self.in_vain(thread, op) else {
            return;
        };
        let polls = &mut self.threads[thread].polls;
        let known = polls
            .iter_mut()
            .find(|poll| poll.place == place && poll.object == object);
        match known {
            Some(poll) if poll.version == version => poll.count += 1,
            Some(poll) => {
                poll.version = version;
                poll.count = 1;
            }
            None => polls.push(Poll {
                place,
                object,
                version,
                count: 1,
            }),
        }
    }

    /// `thread` has changed something: it may poll anew, and this is no livelock.
    pub fn progress(&mut self, thread: ThreadId) {
        self.threads[thread].polls.clear();
        self.idle_releases = 0;
    }

    /// Nobody can go on. Lets one poller try again, the one that has waited
    /// longest, or says that this is the end.
    fn let_a_poller_go(&mut self, held: Set) -> Result<ThreadId, End> {
        let longest = held
            .iter()
            .min_by_key(|&thread| (self.threads[thread].releases, thread));
        let Some(thread) = longest else {
            return Err(self.standstill());
        };
        if self.idle_releases >= self.config.rounds * held.iter().count() {
            return Err(End::Livelock {
                rounds: self.config.rounds,
            });
        }
        self.idle_releases += 1;
        let released = &mut self.threads[thread];
        released.polls.clear();
        released.releases += 1;
        released.after_all = true;
        Ok(thread)
    }

    /// Whether nothing has changed since every poller was let go once more.
    /// From then on one schedule is as good as another.
    fn idle(&self) -> bool {
        self.idle_releases > self.threads.len()
    }

    /// The verdict when nobody can go on.
    fn standstill(&self) -> End {
        for (thread, info) in self.threads.iter().enumerate() {
            if let Some((Op::Join { child }, place)) = info.pending {
                if child == thread {
                    return End::JoinsItself { thread, place };
                }
            }
        }
        let waits_for_client = self.threads.iter().any(|thread| {
            matches!(
                thread.pending,
                Some((Op::Accept { .. } | Op::Read { .. }, _))
            )
        });
        if waits_for_client && !self.waits_in_a_circle() {
            End::WaitsForClient
        } else {
            End::Deadlock
        }
    }

    fn waits_in_a_circle(&self) -> bool {
        (0..self.threads.len()).any(|first| {
            let mut thread = first;
            for _ in 0..=self.threads.len() {
                match self.waits_for(thread).and_then(|waits| waits.thread) {
                    Some(next) if next == first => return true,
                    Some(next) => thread = next,
                    None => return false,
                }
            }
            false
        })
    }

    /// What `thread` waits for, if it can't go on.
    pub fn waits_for(&self, thread: ThreadId) -> Option<WaitsFor> {
        let (op, _) = self.threads[thread].pending.as_ref()?;
        if self.possible(thread, op) {
            return None;
        }
        let (object, other) = match op {
            Op::Join { child } => (None, Some(*child)),
            Op::Lock { lock } => (Some(*lock), self.lock(*lock).holder),
            Op::ReadLock { lock } => (Some(*lock), self.rw_lock(*lock).writer),
            Op::WriteLock { lock } => {
                let body = self.rw_lock(*lock);
                (
                    Some(*lock),
                    body.writer.or_else(|| body.readers.first().copied()),
                )
            }
            Op::OnceEnter { once } => (Some(*once), self.once_runner(*once)),
            Op::OutputLock { output } => (Some(*output), self.output(*output).holder),
            Op::Print { stream, .. } => (None, self.output_holder(*stream)),
            Op::Recv { channel } | Op::Send { channel } | Op::AwaitTaken { channel } => {
                (Some(*channel), None)
            }
            Op::Wake { condvar } => (Some(*condvar), None),
            Op::Pass { barrier } => (Some(*barrier), None),
            Op::Accept { listener } => (Some(*listener), None),
            Op::Read { connection } => (Some(*connection), None),
            _ => (None, None),
        };
        Some(WaitsFor {
            object,
            thread: other,
        })
    }

    /// Decides whose turn it is after `before` has announced its next step.
    pub fn pass_on(&mut self, before: Option<ThreadId>) {
        if self.finish.is_some() {
            self.turn = Turn::Nobody;
            return;
        }
        match self.pick(before) {
            Ok(turn) => self.turn = turn,
            Err(finish) => {
                self.finish = Some(finish);
                self.turn = Turn::Nobody;
            }
        }
    }

    fn pick(&mut self, before: Option<ThreadId>) -> Result<Turn, Finish> {
        let step = self.events.len();
        if step >= self.config.steps {
            return Err(Finish::End(End::TooLong { steps: step }));
        }
        let (mut able, held) = self.able_and_held();
        self.held_back |= !held.is_empty();
        if able.is_empty() {
            able.insert(self.let_a_poller_go(held).map_err(Finish::End)?);
        }
        if let Some(&next) = self.plan.prefix.get(step) {
            if !able.contains(next) {
                return Err(Finish::End(self.refused_choice(step, next)));
            }
            return Ok(Turn::Thread(next));
        }
        if self.plan.steered {
            return Ok(Turn::Steerer);
        }
        let awake = able.minus(self.plan.asleep);
        let next = self.usual_choice(awake, before).ok_or(Finish::Redundant)?;
        self.plan.recorded.push(Recorded {
            able,
            asleep: self.plan.asleep,
            chosen: next,
            frozen: self.idle(),
        });
        Ok(Turn::Thread(next))
    }

    /// The same thread as before if it can go on, which saves a change of OS
    /// threads; but after a poll in vain the next one in a round.
    fn usual_choice(&self, awake: Set, before: Option<ThreadId>) -> Option<ThreadId> {
        let Some(before) = before else {
            return awake.first();
        };
        if awake.contains(before) && !self.threads[before].gives_way {
            return Some(before);
        }
        awake
            .iter()
            .find(|&thread| thread > before)
            .or_else(|| awake.first())
    }

    fn refused_choice(&self, step: usize, next: ThreadId) -> End {
        let expected = match self.plan.expected.get(step) {
            Some(event) => format!("{:?}", event.op),
            None => format!("a step of thread {next}"),
        };
        let pending = self.threads.get(next).and_then(|t| t.pending.as_ref());
        match pending {
            Some((op, place)) => End::Diverged {
                step,
                place: *place,
                expected,
                met: format!("{op:?}, which can't be done now"),
            },
            None => End::Diverged {
                step,
                place: self.threads[0].place,
                expected,
                met: format!("no step: thread {next} has ended or does not exist"),
            },
        }
    }

    /// Makes the next step of `thread`.
    pub fn perform(&mut self, thread: ThreadId) -> Outcome {
        if let Some((Op::Spawn { .. }, place)) = self.threads[thread].pending {
            if self.threads.len() >= MOST_THREADS {
                // The step is not made: it would be about a thread that there is not.
                let sentence = too_many_threads(place);
                self.finish = Some(Finish::End(End::Unsupported { sentence }));
                return Outcome::Refused;
            }
        }
        let Some((mut op, place)) = self.threads[thread].pending.take() else {
            return Outcome::Done;
        };
        if let Op::Spawn { child } = &mut op {
            // Others may have spawned since this was announced.
            *child = self.threads.len();
        }
        let step = self.events.len();
        if let Some(expected) = self.plan.expected_at(step) {
            if expected.thread != thread || expected.place != place || expected.op != op {
                self.finish = Some(Finish::End(End::Diverged {
                    step,
                    place,
                    expected: format!("{:?} at {}", expected.op, expected.place),
                    met: format!("{op:?} at {place}"),
                }));
            }
        }
        let mut links = self.links_of(thread, &op);
        let clock = self.clock_after(thread, &links);
        let mut time = self.threads[thread].time;
        for &event in &links.events {
            time = time.max(self.links[event].time);
        }
        self.threads[thread].time = time;
        self.threads[thread].place = place;
        self.remember_poll(thread, &op, place);
        let outcome = self.apply(thread, &op, step);
        links.time = self.threads[thread].time;

        let actor = &mut self.threads[thread];
        actor.clock.clone_from(&clock);
        actor.last_event = Some(step);
        actor.after_all = false;
        actor.gives_way = gives_way(&op, &outcome);
        self.choices.push(thread as u16);
        self.links.push(links);
        self.events.push(Event {
            thread,
            op,
            outcome: outcome.clone(),
            place,
            clock,
        });
        self.put_to_sleep(step);
        outcome
    }

    /// The clock that `thread` has after an event with these links.
    fn clock_after(&self, thread: ThreadId, links: &Links) -> Vec<u32> {
        let mut clock = self.threads[thread].clock.clone();
        for &event in &links.events {
            join(&mut clock, &self.events[event].clock);
        }
        if clock.len() <= thread {
            clock.resize(thread + 1, 0);
        }
        clock[thread] += 1;
        clock
    }

    /// Wakes the sleeping threads whose next step depends on the step just made.
    fn put_to_sleep(&mut self, step: EventId) {
        let first = self.plan.prefix.len();
        if step + 1 < first || self.plan.steered {
            return;
        }
        if step + 1 == first {
            self.plan.asleep = self.plan.asleep_first;
        }
        for sleeper in self.plan.asleep.iter() {
            let independent = match &self.threads[sleeper].pending {
                Some((op, _)) => {
                    self.can_go(sleeper) && !self.links_of(sleeper, op).events.contains(&step)
                }
                None => false,
            };
            if !independent {
                self.plan.asleep.remove(sleeper);
            }
        }
    }

    /// Who holds what.
    pub fn holders(&self) -> Vec<(ObjectId, Vec<ThreadId>)> {
        let mut holders = Vec::new();
        for (object, body) in self.bodies.iter().enumerate() {
            let held_by = match body {
                Body::Lock(body) => body.holder.into_iter().collect(),
                Body::RwLock(body) => match body.writer {
                    Some(writer) => vec![writer],
                    None => body.readers.clone(),
                },
                Body::Once(_) => self.once_runner(object).into_iter().collect(),
                Body::Output(body) => body.holder.into_iter().collect(),
                _ => continue,
            };
            holders.push((object, held_by));
        }
        holders
    }

    /// How many channels have a sender.
    pub fn channels(&self) -> usize {
        let open = |body: &&Body| matches!(body, Body::Channel(channel) if channel.senders > 0);
        self.bodies.iter().filter(open).count()
    }

    /// The numbers of the messages that are queued in each channel.
    pub fn queues(&self) -> Vec<(ObjectId, Vec<usize>)> {
        let mut queues = Vec::new();
        for (object, body) in self.bodies.iter().enumerate() {
            if let Body::Channel(body) = body {
                queues.push((
                    object,
                    body.queue.iter().map(|(number, _)| *number).collect(),
                ));
            }
        }
        queues
    }

    /// The execution, for the report. Takes the events out of the state.
    pub fn execution(&mut self, end: End) -> Execution {
        let threads = (0..self.threads.len())
            .map(|thread| self.thread_info(thread))
            .collect();
        Execution {
            events: ::std::mem::take(&mut self.events),
            threads,
            objects: ::std::mem::take(&mut self.objects),
            end,
            choices: ::std::mem::take(&mut self.choices),
            answers: ::std::mem::take(&mut self.answers),
            remarks: ::std::mem::take(&mut self.remarks),
        }
    }

    fn thread_info(&self, thread: ThreadId) -> ThreadInfo {
        let info = &self.threads[thread];
        let state = match (&info.panic, &info.pending) {
            (Some((message, place)), None) => ThreadState::Panicked {
                message: message.clone(),
                place: *place,
            },
            (_, Some((op, place))) => ThreadState::Pending {
                op: op.clone(),
                place: *place,
                enabled: self.possible(thread, op),
                waits_for: self.waits_for(thread),
            },
            (None, None) => ThreadState::Finished,
        };
        ThreadInfo {
            name: info.name.clone(),
            parent: info.parent,
            path: info.path.clone(),
            spawned_at: info.spawned_at,
            state,
        }
    }
}

fn too_many_threads(place: Place) -> String {
    format!(
        "The program creates more than {MOST_THREADS} threads in one execution ({place}); the \
         explorer can't follow more."
    )
}

/// Whether a thread that did this lets others go first.
fn gives_way(op: &Op, outcome: &Outcome) -> bool {
    matches!(op, Op::Yield | Op::Sleep { .. })
        || matches!(
            outcome,
            Outcome::TimedOut | Outcome::Empty | Outcome::Full | Outcome::Refused
        )
}

/// Makes `clock` know what `other` knows.
pub fn join(clock: &mut Vec<u32>, other: &[u32]) {
    if clock.len() < other.len() {
        clock.resize(other.len(), 0);
    }
    for (mine, theirs) in clock.iter_mut().zip(other) {
        *mine = (*mine).max(*theirs);
    }
}
