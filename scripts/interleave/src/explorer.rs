//! The explorer itself: what the one who explores a program uses. Everything
//! else in this crate is what the program under test uses, or what travels.

pub mod busy;
pub mod driver;
pub mod explain;
pub mod found;
pub mod graph;
pub mod judge;
pub mod logs;
pub mod parallel;
mod patience;
pub mod pinned;
pub mod report;
mod scenario;

use crate::engine::search::Search;
use ::std::sync::Arc;

pub use crate::config::{Client, Config, Then};
pub use crate::engine::search::Summary;
pub use crate::trace::{
    End, Event, Execution, Kind, Object, ObjectId, Op, Outcome, Place, Position, Snapshot, Stream,
    ThreadId, ThreadInfo, ThreadState, WaitsFor,
};
pub use scenario::{
    DROPPED, QueuedJob, job_finished, job_panics, job_queued, job_started, marker, remark,
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
