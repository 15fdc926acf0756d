//! The search: which schedule to run next.
//!
//! Every trace is run once. A run makes steps until nobody can go on; then the
//! pairs of steps in it that could change places are looked for, and each is
//! turned around in a later run. Sleep sets keep a trace from being run twice.
//! This is source-set dynamic partial-order reduction (Abdulla, Aronsson,
//! Jonsson, Sagonas: *Optimal Dynamic Partial Order Reduction*, POPL 2014).

use super::plan::{Plan, Recorded};
use super::pool::MAIN_STACK;
use super::runtime::{Runtime, fresh_number};
use super::set::Set;
use super::state::{Finish, State, Turn};
use super::thread::{Os, Task};
use super::{hook, panics};
use crate::config::Config;
use crate::primitives::rules::Links;
use crate::trace::{Event, Execution, Position, Snapshot, join};
use crate::vocabulary::{End, EventId, Place, ThreadId};
use ::std::collections::BTreeMap;
use ::std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use ::std::sync::{Arc, MutexGuard};
use ::std::time::{Duration, Instant};

/// What an exploration has found, in numbers.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Summary {
    /// Complete executions: one for each trace.
    pub executions: usize,
    /// Runs that were given up because they were part of a trace seen before.
    pub redundant: usize,
    /// Steps in all runs together.
    pub steps: usize,
    /// Whether every trace was seen. If not, `stopped` says why.
    pub complete: bool,
    /// Why the exploration ended before all traces were seen.
    pub stopped: Option<String>,
    /// Whether somewhere a poller was held back: then there are more
    /// schedules, in which it polls more often, and all numbers are lower bounds.
    pub held_back: bool,
    /// How often a thread could poll in vain before that.
    pub rounds: usize,
    /// Whether threads went on for so long after `main` had returned that they
    /// were given up: then there are more schedules, too.
    pub given_up: bool,
    /// Threads that could not be unwound and were left parked.
    pub parked: usize,
}

/// Picks the thread of the next step, or ends the run with `None`.
type Choose<'a> = dyn FnMut(&Snapshot) -> Option<ThreadId> + 'a;

/// How many threads may be left parked before the exploration is given up.
const MOST_PARKED: usize = 64;

/// How often a thread may poll in vain at most.
const MOST_POLLS: usize = 512;

/// How often it may if that is not enough anyway.
const FEW_POLLS: usize = 4;

/// How many runs, and how many steps in them, a search may need for the bound
/// on polls to grow further.
const MOST_GROWN: usize = 2_000;
const MOST_GROWN_STEPS: usize = 200_000;

/// How long a thread may run without a step.
const PATIENCE: Duration = Duration::from_secs(30);

/// A step of the current run, with the choices tried there.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Node {
    pub able: Set,
    pub asleep: Set,
    /// Chosen in this or an earlier run.
    pub tried: Set,
    /// To be chosen in this or a later run.
    pub wanted: Set,
    pub chosen: ThreadId,
    pub frozen: bool,
}

impl Node {
    fn new(recorded: &Recorded) -> Node {
        let mut only = Set::default();
        only.insert(recorded.chosen);
        Node {
            able: recorded.able,
            asleep: recorded.asleep,
            tried: only,
            wanted: only,
            chosen: recorded.chosen,
            frozen: recorded.frozen,
        }
    }

    pub fn next_choice(&self) -> Option<ThreadId> {
        self.wanted.minus(self.tried).minus(self.asleep).first()
    }

    /// Makes a choice; gives who sleeps when it is made: all that were tried before.
    pub fn choose(&mut self, choice: ThreadId) -> Set {
        let asleep = self.asleep.union(self.tried);
        self.chosen = choice;
        self.tried.insert(choice);
        asleep
    }
}

/// A part of the search: all runs that begin with the choices made at these nodes.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Subtree {
    /// The steps that all its runs have in common. None: the whole search.
    pub path: Vec<Node>,
    /// Who sleeps when the last of these choices is made.
    pub asleep: Set,
}

/// What has been explored of a part of the search.
pub struct Explored {
    /// The numbers.
    pub summary: Summary,
    /// Choices that races ask for at the nodes of the path, by the node's number.
    pub wanted: BTreeMap<usize, Set>,
    /// What is left, if the part was given up after so many runs: the nodes behind the path, down
    /// to the last at which there is something to choose.
    pub rest: Vec<Node>,
}

/// What is left of a run for the search.
struct Ran {
    end: Option<End>,
    execution: Execution,
    links: Vec<Links>,
    recorded: Vec<Recorded>,
    /// For each thread with a next step: its clock and the links of that step.
    waiting: Vec<(ThreadId, Links)>,
    held_back: bool,
    given_up: bool,
}

/// The one who starts the runs.
pub struct Search {
    runtime: Arc<Runtime>,
    config: Arc<Config>,
    program: Arc<dyn Fn() + Send + Sync>,
    place: Place,
    exploration: u64,
    started: Instant,
    parked: usize,
    /// Why no further run is possible.
    stuck: Option<String>,
}

impl Search {
    pub fn new(config: Config, program: Arc<dyn Fn() + Send + Sync>, place: Place) -> Search {
        hook::install();
        let config = Arc::new(config);
        let exploration = fresh_number();
        let state = State::new(Arc::clone(&config), exploration, 0, Plan::default());
        Search {
            runtime: Runtime::new(state),
            config,
            program,
            place,
            exploration,
            started: Instant::now(),
            parked: 0,
            stuck: None,
        }
    }

    /// Runs the program once for each trace.
    pub fn explore(&mut self, each: &mut dyn FnMut(&Execution)) -> Summary {
        self.search(each, &mut |_, _| false)
    }

    /// As [`Search::explore`], but gives up with `None` as soon as a poller is
    /// held back.
    pub fn explore_until_held(&mut self, each: &mut dyn FnMut(&Execution)) -> Option<Summary> {
        let mut held = false;
        let summary = self.search(each, &mut |summary, _| {
            held = summary.held_back;
            held
        });
        (!held).then_some(summary)
    }

    /// Lets pollers poll more often: twice, four times, eight times, until
    /// nobody is held back any more. If it doesn't come to that, because the
    /// search no longer is a small one, a few rounds must do.
    pub fn grow(&mut self) {
        let mut few = Arc::clone(&self.config);
        while self.config.polls < MOST_POLLS {
            let polls = self.config.polls * 2;
            self.config = Arc::new(self.config.with_polls(polls));
            let mut too_large = false;
            let summary = self.search(&mut |_| {}, &mut |summary, end| {
                too_large = summary.executions + summary.redundant > MOST_GROWN
                    || summary.steps > MOST_GROWN_STEPS
                    || matches!(end, Some(End::TooLong { .. }));
                too_large
            });
            if too_large {
                break;
            }
            if !summary.held_back {
                return;
            }
            if polls <= FEW_POLLS {
                few = Arc::clone(&self.config);
            }
            if summary.stopped.is_some() {
                // The exploration's own bounds are too narrow for this, and so for all that is more.
                few = Arc::new(few.with_polls(FEW_POLLS));
                break;
            }
        }
        self.config = few;
    }

    /// Runs the program once for each trace, or until `enough`.
    fn search(
        &mut self,
        each: &mut dyn FnMut(&Execution),
        enough: &mut dyn FnMut(&Summary, Option<&End>) -> bool,
    ) -> Summary {
        let whole = Subtree::default();
        self.search_subtree(whole, usize::MAX, each, enough).summary
    }

    /// Explores a part of the search, or as much of it as `runs` runs allow.
    pub fn explore_subtree(
        &mut self,
        part: Subtree,
        runs: usize,
        each: &mut dyn FnMut(&Execution),
    ) -> Explored {
        self.search_subtree(part, runs, each, &mut |_, _| false)
    }

    fn search_subtree(
        &mut self,
        part: Subtree,
        runs: usize,
        each: &mut dyn FnMut(&Execution),
        enough: &mut dyn FnMut(&Summary, Option<&End>) -> bool,
    ) -> Explored {
        let base = part.path.len();
        let before: Vec<Set> = part.path.iter().map(|node| node.wanted).collect();
        let plan = Plan {
            prefix: part.path.iter().map(|node| node.chosen).collect(),
            asleep_first: part.asleep,
            ..Plan::default()
        };
        let mut nodes = part.path;
        let summary = self.search_from(&mut nodes, plan, runs, each, enough);
        let mut rest = nodes.split_off(base);
        while rest.last().is_some_and(|node| node.next_choice().is_none()) {
            rest.pop();
        }
        let new = |(node, before): (&Node, Set)| node.wanted.minus(before);
        let wanted = nodes.iter().zip(before).map(new).enumerate();
        Explored {
            summary,
            wanted: wanted.filter(|(_, wanted)| !wanted.is_empty()).collect(),
            rest,
        }
    }

    /// Follows `plan`, whose choices were made at `nodes`, and then everything that lies behind
    /// them. What is left after so many runs stays in `nodes`.
    fn search_from(
        &mut self,
        nodes: &mut Vec<Node>,
        mut plan: Plan,
        runs: usize,
        each: &mut dyn FnMut(&Execution),
        enough: &mut dyn FnMut(&Summary, Option<&End>) -> bool,
    ) -> Summary {
        let mut summary = Summary {
            rounds: self.config.polls,
            ..Summary::default()
        };
        let base = nodes.len();
        loop {
            let prefix = plan.prefix.len();
            let ran = self.run(plan, None);
            summary.steps += ran.execution.events.len();
            summary.held_back |= ran.held_back;
            summary.given_up |= ran.given_up;
            summary.parked = self.parked;
            if enough(&summary, ran.end.as_ref()) {
                summary.stopped = Some("it was given up".to_string());
                return summary;
            }
            nodes.extend(ran.recorded.iter().map(Node::new));
            turn_races_around(nodes, &ran, prefix.saturating_sub(1));
            let fatal = match &ran.end {
                Some(end) => {
                    summary.executions += 1;
                    each(&ran.execution);
                    end_of_search(end, &ran.execution)
                }
                None => {
                    summary.redundant += 1;
                    None
                }
            };
            let second = match &ran.end {
                Some(_) if fatal.is_none() && prefix == 0 => {
                    self.other_the_second_time(&ran.execution)
                }
                _ => None,
            };
            let fatal = match second {
                Some(second) => {
                    summary.executions += 1;
                    each(&second);
                    end_of_search(&second.end, &second)
                }
                None => fatal,
            };
            summary.stopped = fatal.or_else(|| self.stuck.clone());
            if summary.stopped.is_some() {
                return summary;
            }
            if summary.executions + summary.redundant >= runs {
                return summary;
            }
            let Some(next) = next_plan(nodes, base, ran.execution.events) else {
                summary.complete = true;
                return summary;
            };
            if summary.executions >= self.config.executions {
                summary.stopped = Some(self.config.bound_in_executions());
                return summary;
            }
            let time = self.config.time;
            if let Some(time) = time.filter(|&time| self.started.elapsed() >= time) {
                summary.stopped = Some(Config::bound_in_time(time));
                return summary;
            }
            plan = next;
        }
    }

    /// Runs the first schedule once more and compares everything: what the
    /// program keeps from one execution to the next would make each of them
    /// another program. Gives the second execution if it is another one.
    fn other_the_second_time(&mut self, first: &Execution) -> Option<Execution> {
        let plan = Plan {
            prefix: first.events.iter().map(|event| event.thread).collect(),
            expected: Arc::new(first.events.clone()),
            expected_len: first.events.len(),
            ..Plan::default()
        };
        let mut second = self.run(plan, None).execution;
        if second == *first {
            return None;
        }
        if !matches!(second.end, End::Diverged { .. } | End::Unsupported { .. }) {
            let steps = first.events.iter().zip(&second.events);
            let step = steps.take_while(|(one, other)| one == other).count();
            let words = |execution: &Execution| match execution.events.get(step) {
                Some(event) => format!("{:?} with {:?}", event.op, event.outcome),
                None if first.end != second.end => format!("the end, {:?}", execution.end),
                None if first.remarks != second.remarks => {
                    format!("the end, with the remarks {:?}", execution.remarks)
                }
                None if first.threads != second.threads => {
                    format!("the end, with the threads {:?}", execution.threads)
                }
                None => format!("the end, with the objects {:?}", execution.objects),
            };
            let (expected, met) = (words(first), words(&second));
            second.end = End::Diverged {
                step,
                place: first
                    .events
                    .get(step)
                    .map_or(self.place, |event| event.place),
                expected,
                met,
            };
        }
        Some(second)
    }

    /// Runs the program under `schedule`.
    pub fn replay(&mut self, schedule: &[u16]) -> Execution {
        self.run(Plan::replay(schedule), None).execution
    }

    /// Runs the program under `schedule`, then asks `choose` at each step.
    pub fn steer(
        &mut self,
        schedule: &[u16],
        choose: &mut dyn FnMut(&Snapshot) -> Option<ThreadId>,
    ) -> Execution {
        let plan = Plan {
            steered: true,
            ..Plan::replay(schedule)
        };
        self.run(plan, Some(choose)).execution
    }

    fn run(&mut self, plan: Plan, mut choose: Option<&mut Choose>) -> Ran {
        let runtime = Arc::clone(&self.runtime);
        let mut state = runtime.lock();
        *state = State::new(
            Arc::clone(&self.config),
            self.exploration,
            fresh_number(),
            plan,
        );
        let program = Arc::clone(&self.program);
        let place = self.place;
        let main: Task = Box::new(move || {
            if let Err(payload) = catch_unwind(AssertUnwindSafe(|| program())) {
                if !panics::note_death(&*payload, place) {
                    resume_unwind(payload);
                }
            }
        });
        // One thread is never too many.
        let _ = state.add_thread(None, None, place, Os::NotStarted(main, MAIN_STACK));
        state.pass_on(None);
        let mut snapshot = Snapshot::default();
        loop {
            state = hand_over_and_wait(&runtime, state);
            let Some(choose) = choose.as_mut().filter(|_| state.turn == Turn::Steerer) else {
                break;
            };
            take_snapshot(&state, &mut snapshot);
            // The steerer may look at the explorer's other parts meanwhile.
            drop(state);
            let choice = choose(&snapshot);
            state = runtime.lock();
            match choice.filter(|&thread| snapshot.can_go(thread)) {
                Some(thread) => state.turn = Turn::Thread(thread),
                None => {
                    state.finish = Some(Finish::End(End::Stopped));
                    state.turn = Turn::Nobody;
                }
            }
        }
        let waiting = links_of_waiting(&state);
        let finish = state.finish.take();
        let end = match finish {
            Some(Finish::End(end)) => Some(end),
            Some(Finish::Redundant) | None => None,
        };
        let execution = state.execution(end.clone().unwrap_or(End::Stopped));
        let ran = Ran {
            end,
            execution,
            links: ::std::mem::take(&mut state.links),
            recorded: ::std::mem::take(&mut state.plan.recorded),
            waiting,
            held_back: state.held_back,
            given_up: state.given_up,
        };
        self.tear_down(&runtime, state);
        ran
    }

    /// Unwinds the threads that are left, the youngest first: a scope can't end
    /// before its threads.
    fn tear_down<'a>(&mut self, runtime: &'a Arc<Runtime>, mut state: MutexGuard<'a, State>) {
        state.tearing_down = true;
        for thread in (0..state.threads.len()).rev() {
            let stays = state.threads.iter().any(|other| {
                other.scope.is_some()
                    && other.parent == Some(thread)
                    && matches!(other.os, Os::Parked)
            });
            if stays {
                state.threads[thread].os = Os::Parked;
            }
            if matches!(state.threads[thread].os, Os::NotStarted(..) | Os::Alive) {
                state.turn = Turn::Thread(thread);
                state = hand_over_and_wait(runtime, state);
                state.turn = Turn::Nobody;
            }
            if matches!(state.threads[thread].os, Os::Parked) {
                self.parked += 1;
            }
        }
        if let Some(Finish::End(End::Unsupported { sentence })) = state.finish.take() {
            self.stuck = Some(sentence);
        }
        if self.parked > MOST_PARKED {
            self.stuck = Some(format!(
                "More than {MOST_PARKED} threads could not be unwound, because they panic while \
                 they are dropped; the exploration is given up before it uses up all threads."
            ));
        }
    }
}

impl Drop for Search {
    fn drop(&mut self) {
        // Not left to the runtime's own drop: that may happen on one of the
        // threads that are to be joined.
        self.runtime.pool.close();
    }
}

/// Lets the one go on whose turn it is, and waits until it is the search's. A thread that runs for
/// too long without a step is given up, and the run with it.
fn hand_over_and_wait<'a>(
    runtime: &'a Arc<Runtime>,
    state: MutexGuard<'a, State>,
) -> MutexGuard<'a, State> {
    if !matches!(state.turn, Turn::Thread(_)) {
        return state;
    }
    let mut since = Instant::now();
    let mut last = (state.turn, state.events.len());
    runtime.hand_over(state);
    loop {
        runtime.search.wait_timeout(PATIENCE);
        let mut state = runtime.lock();
        let Turn::Thread(thread) = state.turn else {
            return state;
        };
        if last != (state.turn, state.events.len()) {
            last = (state.turn, state.events.len());
            since = Instant::now();
        } else if since.elapsed() >= PATIENCE {
            let place = state.threads[thread].place;
            state.threads[thread].os = Os::Parked;
            state.finish = Some(Finish::End(End::Unsupported {
                sentence: format!(
                    "A thread ran for {} seconds after {place} without a step that the explorer \
                     sees; it can't be stopped.",
                    PATIENCE.as_secs()
                ),
            }));
            state.turn = Turn::Nobody;
            return state;
        }
    }
}

fn take_snapshot(state: &State, snapshot: &mut Snapshot) {
    snapshot.threads.clear();
    for (thread, info) in state.threads.iter().enumerate() {
        snapshot.threads.push(match &info.pending {
            Some((op, place)) => Position::Next {
                op: op.clone(),
                place: *place,
                enabled: state.can_go(thread),
            },
            None => Position::Ended {
                panicked: info.panic.is_some(),
            },
        });
    }
    snapshot.paths = state.threads.iter().map(|t| t.path.clone()).collect();
    let known = snapshot.events.len();
    snapshot.events.extend_from_slice(&state.events[known..]);
}

fn links_of_waiting(state: &State) -> Vec<(ThreadId, Links)> {
    let mut waiting = Vec::new();
    for (thread, info) in state.threads.iter().enumerate() {
        if let Some((op, _)) = &info.pending {
            waiting.push((thread, state.links_of(thread, op)));
        }
    }
    waiting
}

/// Looks for steps that could change places, from step `from` on, and asks for
/// a run in which they do. The next steps of the threads that are left count
/// as well: a thread that waits for a lock could have had it.
fn turn_races_around(nodes: &mut [Node], ran: &Ran, from: usize) {
    let events = &ran.execution.events;
    for (later, links) in ran.links.iter().enumerate().skip(from) {
        for earlier in races(events, links) {
            turn_around(nodes, events, earlier, later, events[later].thread, links);
        }
    }
    for (thread, links) in &ran.waiting {
        for earlier in races(events, links) {
            turn_around(nodes, events, earlier, events.len(), *thread, links);
        }
    }
}

/// The earlier events with which the one that has these links is in a race.
fn races<'a>(events: &'a [Event], links: &'a Links) -> impl Iterator<Item = EventId> + 'a {
    let before = clock_before(events, links);
    let all = &links.events[..links.races];
    all.iter().copied().filter(move |&earlier| {
        let event = &events[earlier];
        before.get(event.thread).copied().unwrap_or(0) < event.index()
    })
}

/// What the thread of an event knew before it.
fn clock_before<'a>(events: &'a [Event], links: &Links) -> &'a [u32] {
    match links.previous {
        Some(previous) => &events[previous].clock,
        None => &[],
    }
}

/// Asks for a run in which event `later` of `thread` comes before `earlier`:
/// first all that is between them and doesn't need `earlier`, then `later`.
/// Any thread that can begin with that may be the choice.
///
/// Where `later` isn't possible at the node of `earlier`, either `earlier` makes
/// it possible, or something before has made it impossible and `earlier` only
/// stands in front of that. The race is then with what has made it impossible.
fn turn_around(
    nodes: &mut [Node],
    events: &[Event],
    earlier: EventId,
    later: EventId,
    thread: ThreadId,
    links: &Links,
) {
    let node = &nodes[earlier];
    if node.frozen {
        return;
    }
    let event = &events[earlier];
    // The first event of each thread among those that go first.
    let mut first: Vec<u32> = Vec::new();
    let mut beginners = Set::default();
    for between in &events[earlier + 1..later] {
        if event.before(between) || has(&first, between.thread) {
            continue;
        }
        if knows_none(&between.clock, &first) {
            beginners.insert(between.thread);
        }
        if first.len() <= between.thread {
            first.resize(between.thread + 1, 0);
        }
        first[between.thread] = between.index();
    }
    if !has(&first, thread) {
        let mut clock = clock_before(events, links).to_vec();
        for &link in &links.events {
            if link != earlier && !event.before(&events[link]) {
                join(&mut clock, &events[link].clock);
            }
        }
        if knows_none(&clock, &first) {
            if !node.able.contains(thread) {
                let since = links.previous.map_or(0, |previous| previous + 1);
                let able = |&at: &EventId| nodes[at].able.contains(thread);
                if let Some(bar) = (since..earlier).rev().find(able) {
                    turn_around(nodes, events, bar, later, thread, links);
                }
                return;
            }
            beginners.insert(thread);
        }
    }
    let taken = node.tried.union(node.wanted).union(node.asleep);
    if !beginners.both(taken).is_empty() {
        return;
    }
    let choice = if beginners.contains(thread) {
        Some(thread)
    } else {
        beginners.first()
    };
    let node = &mut nodes[earlier];
    match choice.filter(|&choice| node.able.contains(choice)) {
        Some(choice) => node.wanted.insert(choice),
        None => node.wanted = node.wanted.union(node.able),
    }
}

fn has(first: &[u32], thread: ThreadId) -> bool {
    first.get(thread).is_some_and(|&index| index > 0)
}

/// Whether an event with this clock comes after none of these.
fn knows_none(clock: &[u32], first: &[u32]) -> bool {
    first
        .iter()
        .zip(clock)
        .all(|(&index, &known)| index == 0 || known < index)
}

/// The next run: the last choice behind the first `base` nodes that is still
/// wanted, with all that were tried there asleep.
fn next_plan(nodes: &mut Vec<Node>, base: usize, events: Vec<Event>) -> Option<Plan> {
    while nodes.len() > base {
        let node = nodes.last_mut()?;
        let Some(choice) = node.next_choice() else {
            nodes.pop();
            continue;
        };
        let asleep_first = node.choose(choice);
        return Some(Plan {
            prefix: nodes.iter().map(|node| node.chosen).collect(),
            asleep_first,
            asleep: Set::default(),
            expected: Arc::new(events),
            expected_len: nodes.len() - 1,
            recorded: Vec::new(),
            steered: false,
            ends_at_return: false,
        });
    }
    None
}

/// Why no further run makes sense after this one.
fn end_of_search(end: &End, execution: &Execution) -> Option<String> {
    match end {
        End::Diverged {
            step,
            place,
            expected,
            met,
        } => Some(format!(
            "Step {step} was {expected} in one run and is {met} in the next, at {place}: the \
             program depends on something that the explorer doesn't control, such as a `static`."
        )),
        End::Unsupported { sentence } => Some(sentence.clone()),
        _ if execution.events.len() <= 2 && *end == End::Normal => Some(
            "The program made no step that the explorer sees: it does nothing, or it was not \
             built with `interleave` as its `std`."
                .to_string(),
        ),
        _ => None,
    }
}
