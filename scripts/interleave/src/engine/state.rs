//! The state of one execution: its threads, its objects, the events so far,
//! and who may go next.

use super::owners;
use super::plan::{Plan, Recorded};
use super::progress;
use super::set::{MOST_THREADS, Set};
use super::thread::{Os, Thread};
use crate::config::Config;
use crate::primitives::rules::Links;
use crate::primitives::{Body, Op, World, park, process, thread};
use crate::trace::{Event, Execution, ThreadInfo, ThreadState, WaitsFor, join};
use crate::vocabulary::{End, EventId, Kind, Object, ObjectId, Outcome, Place, Stream, ThreadId};
use ::std::collections::{BTreeMap, BTreeSet};
use ::std::sync::Arc;
use ::std::time::Duration;

/// How many steps are made at most after `main` has returned.
const STEPS_PAST_RETURN: usize = 1_000;

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
    pub world: World,
    pub events: Vec<Event>,
    pub links: Vec<Links>,
    pub choices: Vec<u16>,
    pub remarks: BTreeSet<&'static str>,
    pub turn: Turn,
    pub finish: Option<Finish>,
    /// The run is over and its threads are unwound one after the other.
    pub tearing_down: bool,
    pub plan: Plan,
    pub held_back: bool,
    /// Threads that went on after `main` had returned were given up.
    pub given_up: bool,
    /// The step at which `main` returned, if the run went on.
    returned: Option<EventId>,
    idle_releases: usize,
    numbers: BTreeMap<Kind, usize>,
}

impl State {
    pub fn new(config: Arc<Config>, exploration: u64, epoch: u64, plan: Plan) -> State {
        State {
            world: World::new(Arc::clone(&config)),
            config,
            epoch,
            exploration,
            threads: Vec::new(),
            objects: Vec::new(),
            events: Vec::new(),
            links: Vec::new(),
            choices: Vec::new(),
            remarks: BTreeSet::new(),
            turn: Turn::Nobody,
            finish: None,
            tearing_down: false,
            plan,
            held_back: false,
            given_up: false,
            returned: None,
            idle_releases: 0,
            numbers: BTreeMap::new(),
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
        self.threads
            .push(Thread::new(parent, path, name, place, os));
        self.world.parkers.push(park::Parker::default());
        if parent.is_none() {
            self.world.lives.push(thread::Life::default());
        }
        Ok(id)
    }

    /// Adds a shared object.
    pub fn add_object(&mut self, kind: Kind, created: Option<Place>, body: Body) -> ObjectId {
        let number = self.numbers.entry(kind).or_insert(0);
        *number += 1;
        let number = *number;
        self.add_numbered(kind, number, created, body)
    }

    /// Adds the connection of a client. It is numbered as the client is.
    pub fn add_connection(&mut self, client: usize, place: Place) -> ObjectId {
        let object = self.add_numbered(Kind::Connection, client + 1, Some(place), Body::Elsewhere);
        self.world.network.connect(object, client);
        object
    }

    /// The lock of an output stream.
    pub fn output_lock(&mut self, stream: Stream) -> ObjectId {
        if let Some(known) = *self.world.outputs.object(stream) {
            return known;
        }
        let object = self.add_object(Kind::Output, None, Body::Elsewhere);
        *self.world.outputs.object(stream) = Some(object);
        object
    }

    fn add_numbered(
        &mut self,
        kind: Kind,
        number: usize,
        created: Option<Place>,
        body: Body,
    ) -> ObjectId {
        self.objects.push(Object {
            kind,
            number,
            created,
        });
        self.world.bodies.push(body);
        self.objects.len() - 1
    }

    /// Whether `thread` can make its next step.
    pub fn can_go(&self, thread: ThreadId) -> bool {
        match &self.threads[thread].pending {
            Some((op, place)) => self.world.enabled(thread, op) && !self.held(thread, op, *place),
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
                if self.world.enabled(thread, op) {
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
        self.world
            .in_vain(thread, op)
            .is_some_and(|vain| polls.hold_back(place, op.object(), vain, &self.config))
    }

    fn remember_poll(&mut self, thread: ThreadId, op: &Op, place: Place) {
        if let Some(vain) = self.world.in_vain(thread, op) {
            let polls = &mut self.threads[thread].polls;
            polls.remember(place, op.object(), vain);
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
            .min_by_key(|&thread| (self.threads[thread].polls.releases(), thread));
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
        released.polls.release();
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
            if let Some((Op::Thread(thread::Action::Join { child }), place)) = info.pending {
                if child == thread {
                    return End::JoinsItself { thread, place };
                }
            }
        }
        let waits_for_client = self.threads.iter().any(|thread| match &thread.pending {
            Some((Op::Network(action), _)) => action.waits_for_client(),
            _ => false,
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
        if self.world.enabled(thread, op) {
            return None;
        }
        Some(WaitsFor {
            object: op.object(),
            thread: self.world.waits_for(thread, op),
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
        if self
            .returned
            .is_some_and(|at| step > at + STEPS_PAST_RETURN)
        {
            self.given_up = true;
            return Err(self.end_of_process());
        }
        if step >= self.config.steps {
            return Err(Finish::End(End::TooLong { steps: step }));
        }
        let (mut able, held) = self.able_and_held();
        self.held_back |= !held.is_empty();
        if able.is_empty() {
            if self.returned.is_some() {
                return Err(self.end_of_process());
            }
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

    /// The end of the run, as `main` or whoever was first has ended the process.
    fn end_of_process(&mut self) -> Finish {
        let end = self.world.process.end.take();
        Finish::End(end.unwrap_or(End::Normal))
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
        if let Some((Op::Thread(thread::Action::Spawn { .. }), place)) =
            self.threads[thread].pending
        {
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
        if let Op::Thread(thread::Action::Spawn { child }) = &mut op {
            // Others may have spawned since this was announced.
            *child = self.threads.len();
        }
        let step = self.events.len();
        self.compare_with_run_before(step, thread, &op, place);
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
        progress::count();
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

    /// Ends the run if it does otherwise than the one before it, where it is to
    /// do the same.
    fn compare_with_run_before(&mut self, step: EventId, thread: ThreadId, op: &Op, place: Place) {
        let Some(expected) = self.plan.expected_at(step) else {
            return;
        };
        if expected.thread != thread || expected.place != place || expected.op != *op {
            self.finish = Some(Finish::End(End::Diverged {
                step,
                place,
                expected: format!("{:?} at {}", expected.op, expected.place),
                met: format!("{op:?} at {place}"),
            }));
        }
    }

    /// The events that `op`, made now by `thread`, comes after.
    pub fn links_of(&self, thread: ThreadId, op: &Op) -> Links {
        let mut links = Links::default();
        self.world.order(thread, op, &mut links);
        if links.with_all {
            for (other, info) in self.threads.iter().enumerate() {
                if other != thread {
                    links.race(&info.last_event);
                }
            }
        }
        if let Some(channel) = self.world.sends_in_vain(thread, op) {
            for owner in owners::of(&self.events, channel) {
                links.cause(&self.last_before_end(owner));
            }
        }
        let spawns = matches!(op, Op::Thread(thread::Action::Spawn { .. }));
        if spawns && self.config.ordered_spawns {
            links.race(&thread::last_spawn(&self.world.lives));
        }
        self.world.process.order_all(&mut links);
        if self.threads[thread].after_all {
            for other in &self.threads {
                links.cause(&other.last_event);
            }
        }
        links.previous = self.threads[thread].last_event;
        links
    }

    /// The last event of a thread before its end, if it has come to that: all that it owned
    /// was dropped then.
    fn last_before_end(&self, thread: ThreadId) -> Option<EventId> {
        let info = &self.threads[thread];
        match &info.pending {
            Some((Op::Thread(thread::Action::Exit { .. }), _)) => info.last_event,
            Some(_) => None,
            None => self.links[info.last_event?].previous,
        }
    }

    /// Does `op`, which is enabled, as event number `event`.
    fn apply(&mut self, thread: ThreadId, op: &Op, event: EventId) -> Outcome {
        if matches!(op, Op::Process(_)) {
            let panic = self.threads[thread].panic.clone();
            self.world.process.main_panic = panic;
        }
        let effect = self.world.perform(thread, op, event);
        if effect.progress {
            self.progress(thread);
        }
        let info = &mut self.threads[thread];
        info.time = info.time.saturating_add(effect.takes);
        if let Op::Thread(thread::Action::Spawn { .. }) = op {
            self.apply_spawn(thread);
        }
        match op {
            Op::Process(process::Action::MainReturn { .. }) if !self.plan.ends_at_return => {
                self.returned = Some(event);
            }
            Op::Process(process::Action::MainReturn { .. } | process::Action::Exit { .. }) => {
                let end = self.end_of_process();
                self.finish.get_or_insert(end);
            }
            _ => {}
        }
        effect.outcome
    }

    fn apply_spawn(&mut self, thread: ThreadId) {
        let parent = &mut self.threads[thread];
        let time = parent.time;
        let (name, os) = parent.to_spawn.take().unwrap_or((None, Os::Gone));
        let place = parent.place;
        match self.add_thread(Some(thread), name, place, os) {
            Ok(child) => {
                self.threads[child].time = time;
                self.threads[thread].last_child = child;
            }
            Err(sentence) => self.finish = Some(Finish::End(End::Unsupported { sentence })),
        }
    }

    /// Says what an operation on an atomic has seen and written.
    pub fn settle_atomic(&mut self, thread: ThreadId, atomic: ObjectId, before: u64, after: u64) {
        if before != after {
            self.world.atomic_mut(atomic).changed();
            self.progress(thread);
        }
        self.settle(thread, Outcome::Value { before, after });
    }

    /// Says what came of the last step of `thread`.
    pub fn settle(&mut self, thread: ThreadId, outcome: Outcome) {
        if let Some(event) = self.threads[thread].last_event {
            if let Some(event) = self.events.get_mut(event) {
                event.outcome = outcome;
            }
        }
    }

    /// Lets virtual time pass for `thread`, as part of its last step.
    pub fn pass_time(&mut self, thread: ThreadId, time: Duration) {
        let info = &mut self.threads[thread];
        info.time = info.time.saturating_add(time);
        if let Some(event) = info.last_event {
            let time = info.time;
            if let Some(links) = self.links.get_mut(event) {
                links.time = time;
            }
        }
    }

    /// Moves what a client has sent into `buffer`.
    pub fn take_bytes(
        &mut self,
        thread: ThreadId,
        connection: ObjectId,
        buffer: &mut [u8],
    ) -> usize {
        let count = self.world.network.take(connection, buffer);
        self.settle(thread, Outcome::Count { count });
        count
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
                enabled: self.world.enabled(thread, op),
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
    matches!(op, Op::Pause(_))
        || matches!(
            outcome,
            Outcome::TimedOut | Outcome::Empty | Outcome::Full | Outcome::Refused
        )
}
