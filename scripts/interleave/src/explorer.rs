//! The explorer itself: what the one who explores a program uses. Everything
//! else in this crate is what the program under test uses, or what travels.

pub mod driver;
pub mod explain;
pub mod graph;
pub mod judge;
pub mod logs;
pub mod report;

use crate::engine;
use crate::engine::search::Driver;
use ::std::sync::Arc;
use ::std::sync::atomic::{AtomicBool, Ordering};

pub use crate::trace::{
    Access, End, Event, Execution, Kind, Object, ObjectId, Op, Outcome, Place, Stream, ThreadId,
    ThreadInfo, ThreadState, WaitsFor,
};

/// What a scripted client does after it has sent its bytes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It stays connected and waits for the end of its answer: reading from it waits until the
    /// program shuts its side down, and then gives the end of the stream.
    Waits,
    /// It hangs up: reading gives the end of the stream.
    HangsUp,
}

/// A client of the program's `TcpListener`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Client {
    /// What it sends as soon as it is connected.
    pub sends: Vec<u8>,
    /// What it does then.
    pub then: Then,
}

impl Client {
    /// One that sends `GET path HTTP/1.1` and waits for the answer.
    pub fn get(path: &str) -> Client {
        Client {
            sends: format!("GET {path} HTTP/1.1\r\nHost: localhost\r\n\r\n").into_bytes(),
            then: Then::Waits,
        }
    }

    /// One that connects and never says anything.
    pub fn silent() -> Client {
        Client {
            sends: Vec::new(),
            then: Then::Waits,
        }
    }

    /// One that connects and hangs up.
    pub fn hangs_up() -> Client {
        Client {
            sends: Vec::new(),
            then: Then::HangsUp,
        }
    }
}

/// What surrounds the program, and the bounds of the exploration.
#[derive(Clone, Debug)]
pub struct Config {
    /// The clients, in the order in which they connect.
    pub clients: Vec<Client>,
    /// What `env::args` gives; the first is the program's name.
    pub args: Vec<String>,
    /// The bound on the steps of one execution.
    pub steps: usize,
    /// The bound on the number of executions.
    pub executions: usize,
    /// How often a thread may poll in vain at one place with nothing
    /// changed, before it is held back until others can't go on.
    pub polls: usize,
    /// How often a thread may sleep, yield or take a lock at one place without
    /// anything else that it does, before it is held back until others can't
    /// go on.
    pub laps: usize,
    /// How often every poller is let go again with nothing changed before
    /// that counts as a livelock.
    pub rounds: usize,
}

impl Default for Config {
    fn default() -> Config {
        Config {
            clients: Vec::new(),
            args: vec!["program".to_string()],
            steps: 10_000,
            executions: 1_000_000,
            polls: 1,
            laps: 20,
            rounds: 100,
        }
    }
}

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
    /// Threads that could not be unwound and were left parked.
    pub parked: usize,
}

/// Where a thread is in a state of the program.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Position {
    /// It is about to do this.
    Next { op: Op, place: Place, enabled: bool },
    /// It has ended.
    Ended { panicked: bool },
}

/// A state of the program, between two steps.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Snapshot {
    /// Every thread's position.
    pub threads: Vec<Position>,
    /// Every thread's path, as in [`ThreadInfo::path`].
    pub paths: Vec<Vec<usize>>,
    /// The holders of each object: the one thread that holds a lock, or the readers.
    pub holders: Vec<(ObjectId, Vec<ThreadId>)>,
    /// The numbers of the messages queued in each channel.
    pub queues: Vec<(ObjectId, Vec<usize>)>,
    /// The steps made so far.
    pub events: Vec<Event>,
}

impl Snapshot {
    /// The threads that can make a step.
    pub fn enabled(&self) -> Vec<ThreadId> {
        (0..self.threads.len())
            .filter(|&thread| self.can_go(thread))
            .collect()
    }

    /// Whether `thread` can make a step.
    pub fn can_go(&self, thread: ThreadId) -> bool {
        matches!(
            self.threads.get(thread),
            Some(Position::Next { enabled: true, .. })
        )
    }
}

/// Runs one program under many schedules, and keeps its OS threads from
/// one run to the next.
pub struct Explorer {
    driver: Driver,
}

impl Explorer {
    /// Takes the program as a closure that is called once per execution.
    #[track_caller]
    pub fn new(config: Config, program: impl Fn() + Send + Sync + 'static) -> Explorer {
        Explorer {
            driver: Driver::new(config, Arc::new(program), Place::caller()),
        }
    }

    /// Runs the program once for each trace and gives each execution to `each`.
    pub fn explore(&mut self, each: &mut dyn FnMut(&Execution)) -> Summary {
        self.driver.explore(each)
    }

    /// Runs the program once for each trace and adds each execution to what
    /// `fresh` gives.
    ///
    /// Ordinary code can look like a loop that waits: a getter called twice,
    /// three loads, giving up after ten tries. So the bound on polls in vain
    /// grows until no thread is held back any more, and then nothing is left
    /// out; or until the number of traces, too, grows too large, and then
    /// [`Summary::held_back`] says so.
    pub fn explore_growing<T>(
        &mut self,
        fresh: impl Fn() -> T,
        each: &mut dyn FnMut(&mut T, &Execution),
    ) -> (T, Summary) {
        let mut seen = fresh();
        let first = self
            .driver
            .explore_until_held(&mut |execution| each(&mut seen, execution));
        if let Some(summary) = first {
            return (seen, summary);
        }
        self.driver.grow();
        let mut seen = fresh();
        let summary = self
            .driver
            .explore(&mut |execution| each(&mut seen, execution));
        (seen, summary)
    }

    /// Runs the program once under `schedule`, which names the thread of each
    /// step as [`Execution::choices`] does; where it ends, the explorer's usual
    /// order goes on. A schedule that the program can't follow gives
    /// [`End::Diverged`].
    pub fn replay(&mut self, schedule: &[u16]) -> Execution {
        self.driver.replay(schedule)
    }

    /// Runs the program once; `choose` picks the thread of each step among
    /// those that are enabled, or ends the run with `None`.
    pub fn steer(&mut self, choose: &mut dyn FnMut(&Snapshot) -> Option<ThreadId>) -> Execution {
        self.driver.steer(&[], choose)
    }

    /// As [`Explorer::steer`], but follows `schedule` before it asks `choose`.
    pub fn steer_after(
        &mut self,
        schedule: &[u16],
        choose: &mut dyn FnMut(&Snapshot) -> Option<ThreadId>,
    ) -> Execution {
        self.driver.steer(schedule, choose)
    }
}

/// Runs `program` once for each trace and gives each execution to `each`.
#[track_caller]
pub fn explore(
    config: Config,
    program: impl Fn() + Send + Sync + 'static,
    each: &mut dyn FnMut(&Execution),
) -> Summary {
    Explorer::new(config, program).explore(each)
}

/// Runs `program` once under `schedule`, see [`Explorer::replay`].
#[track_caller]
pub fn replay(
    config: Config,
    program: impl Fn() + Send + Sync + 'static,
    schedule: &[u16],
) -> Execution {
    Explorer::new(config, program).replay(schedule)
}

/// Says that the scenario queues job number `job`.
///
/// Like the next four, this is for the scenario that drives a library. It
/// does nothing outside an exploration.
#[track_caller]
pub fn job_queued(job: usize) {
    note(Op::JobQueued { job }, Place::caller());
}

/// Says that job number `job` starts to run.
#[track_caller]
pub fn job_started(job: usize) {
    note(Op::JobStarted { job }, Place::caller());
}

/// Says that job number `job` has run to its end.
#[track_caller]
pub fn job_finished(job: usize) {
    note(Op::JobFinished { job }, Place::caller());
}

/// Says that job number `job` panics, and does so.
#[track_caller]
pub fn job_panics(job: usize) -> ! {
    note(Op::JobPanics { job }, Place::caller());
    panic!("job {job} panics");
}

/// Makes a step that is ordered against every step of every other thread,
/// such as the return of a pool's `drop`: what is not done by then is too late.
#[track_caller]
pub fn marker(name: &'static str) {
    note(Op::Marker { name }, Place::caller());
}

/// Remarks on something that is no step of the program: what is remarked on is found in
/// [`Execution::remarks`].
pub fn remark(what: &'static str) {
    if let Some(context) = engine::context() {
        context.with(|state| {
            // What is dropped because the run has ended says nothing about the program.
            if !state.tearing_down {
                state.remarks.insert(what);
            }
        });
    }
}

/// How many channels there are with a sender that lives.
pub(crate) fn channels() -> usize {
    engine::context().map_or(0, |context| context.with(|state| state.channels()))
}

/// A job on its way from the scenario to the thread that runs it.
pub struct Ticket {
    job: usize,
    started: AtomicBool,
}

impl Ticket {
    /// Queues job number `job`.
    #[track_caller]
    pub fn queue(job: usize) -> Ticket {
        job_queued(job);
        Ticket {
            job,
            started: AtomicBool::new(false),
        }
    }

    /// The job starts.
    #[track_caller]
    pub fn start(&self) {
        self.started.store(true, Ordering::Relaxed);
        job_started(self.job);
    }
}

impl Drop for Ticket {
    fn drop(&mut self) {
        if !*self.started.get_mut() {
            remark(driver::THROWN_AWAY);
        }
    }
}

fn note(op: Op, place: Place) {
    if let Some(context) = engine::context() {
        // While a thread is unwound there is nothing to note.
        let _ = context.step(op, place);
    }
}
