//! What the program that drives an exploration says about it: jobs, markers,
//! remarks.

use crate::engine;
use crate::primitives::{job, process};
use crate::trace::{Op, Place};
use ::std::sync::atomic::{AtomicBool, Ordering};

/// The marker that a scenario passes as soon as the pool's drop has returned.
pub const DROPPED: &str = "the pool's drop has returned";

/// How the path of the file ends in which `main` starts and ends, wherever it
/// is compiled.
pub(crate) const FILE: &str = "interleave/src/explorer/driver.rs";

/// The remark, and the code of the finding, that a job was dropped without having
/// been run.
const THROWN_AWAY: &str = "job-thrown-away";

/// Says that the scenario queues job number `job`.
///
/// Like the next four, this does nothing outside an exploration.
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

/// Makes a step that is independent of every step of every other thread, such as the return of a
/// pool's `drop`: what doesn't come before it in the order of the trace may be too late.
#[track_caller]
pub fn marker(name: &'static str) {
    note(
        Op::Process(process::Action::Marker { name }),
        Place::caller(),
    );
}

/// Remarks on something that is no step of the program: what is remarked on is found in
/// [`crate::trace::Execution::remarks`].
pub fn remark(what: &'static str) {
    if let Some(context) = engine::context() {
        context.remark(what);
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
            remark(THROWN_AWAY);
        }
    }
}

fn note(op: Op, place: Place) {
    if let Some(context) = engine::context() {
        // While a thread is unwound there is nothing to note.
        let _ = context.step(op, place);
    }
}
