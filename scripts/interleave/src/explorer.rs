//! The explorer itself: what the one who explores a program uses. Everything
//! else in this crate is what the program under test uses, or what travels.

pub mod driver;
pub mod explain;
pub mod graph;
pub mod judge;
pub mod logs;
pub mod report;

use crate::engine;
use crate::engine::search::Search;
use crate::primitives::{job, process};
use ::std::sync::Arc;
use ::std::sync::atomic::{AtomicBool, Ordering};

pub use crate::config::{Client, Config, Then};
pub use crate::engine::search::Summary;
pub use crate::trace::{
    End, Event, Execution, Kind, Object, ObjectId, Op, Outcome, Place, Position, Snapshot, Stream,
    ThreadId, ThreadInfo, ThreadState, WaitsFor,
};

/// Runs one program under many schedules, and keeps its OS threads from
/// one run to the next.
pub struct Explorer {
    search: Search,
}

impl Explorer {
    /// Takes the program as a closure that is called once per execution.
    #[track_caller]
    pub fn new(config: Config, program: impl Fn() + Send + Sync + 'static) -> Explorer {
        Explorer {
            search: Search::new(config, Arc::new(program), Place::caller()),
        }
    }

    /// Runs the program once for each trace and gives each execution to `each`.
    pub fn explore(&mut self, each: &mut dyn FnMut(&Execution)) -> Summary {
        self.search.explore(each)
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
            .search
            .explore_until_held(&mut |execution| each(&mut seen, execution));
        if let Some(summary) = first {
            return (seen, summary);
        }
        self.search.grow();
        let mut seen = fresh();
        let summary = self
            .search
            .explore(&mut |execution| each(&mut seen, execution));
        (seen, summary)
    }

    /// Runs the program once under `schedule`, which names the thread of each
    /// step as [`Execution::choices`] does; where it ends, the explorer's usual
    /// order goes on. A schedule that the program can't follow gives
    /// [`End::Diverged`].
    pub fn replay(&mut self, schedule: &[u16]) -> Execution {
        self.search.replay(schedule)
    }

    /// Runs the program once; `choose` picks the thread of each step among
    /// those that are enabled, or ends the run with `None`.
    pub fn steer(&mut self, choose: &mut dyn FnMut(&Snapshot) -> Option<ThreadId>) -> Execution {
        self.search.steer(&[], choose)
    }

    /// As [`Explorer::steer`], but follows `schedule` before it asks `choose`.
    pub fn steer_after(
        &mut self,
        schedule: &[u16],
        choose: &mut dyn FnMut(&Snapshot) -> Option<ThreadId>,
    ) -> Execution {
        self.search.steer(schedule, choose)
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
    note(Op::Job(job::Action::Queued { job }), Place::caller());
}

/// Says that job number `job` starts to run.
#[track_caller]
pub fn job_started(job: usize) {
    note(Op::Job(job::Action::Started { job }), Place::caller());
}

/// Says that job number `job` has run to its end.
#[track_caller]
pub fn job_finished(job: usize) {
    note(Op::Job(job::Action::Finished { job }), Place::caller());
}

/// Says that job number `job` panics, and does so.
#[track_caller]
pub fn job_panics(job: usize) -> ! {
    note(Op::Job(job::Action::Panics { job }), Place::caller());
    panic!("job {job} panics");
}

/// Makes a step that is ordered against every step of every other thread,
/// such as the return of a pool's `drop`: what is not done by then is too late.
#[track_caller]
pub fn marker(name: &'static str) {
    note(
        Op::Process(process::Action::Marker { name }),
        Place::caller(),
    );
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
    engine::context().map_or(0, |context| context.with(|state| state.world.channels()))
}

/// A job on its way from the scenario to the thread that runs it.
pub struct QueuedJob {
    job: usize,
    started: AtomicBool,
}

impl QueuedJob {
    /// Queues job number `job`.
    #[track_caller]
    pub fn queue(job: usize) -> QueuedJob {
        job_queued(job);
        QueuedJob {
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

impl Drop for QueuedJob {
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
