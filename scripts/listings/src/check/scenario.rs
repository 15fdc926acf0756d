//! What is explored of a crate, and how far.

use explore::wrap::{Limits, Run, Wrapped};
use interleave::numbers::count;
use std::time::Duration;

/// The pools that are explored: workers and jobs, small ones first, so that what fails is shown on
/// the smallest that fails.
pub const POOLS: [(usize, usize); 8] = [
    (1, 0),
    (1, 1),
    (2, 0),
    (2, 1),
    (2, 2),
    (2, 3),
    (3, 1),
    (3, 2),
];

/// How many schedules one exploration may follow before its answer is "not finished": enough to see
/// all of most small pools. A machine needs a second or two for them, and the answer is the same on
/// every machine.
pub const SCHEDULES: usize = 5_000;

/// The same for a pool that is larger: it is looked into, and not through.
pub const SCHEDULES_OF_LARGE_ONES: usize = 1_500;

/// How many steps a schedule may have before it counts as one without an end.
pub const STEPS: usize = 2_000;

/// Both for a pool that is known to ask again and again while it waits: of that there is no end of
/// schedules, one more round of asking in each.
pub const SCHEDULES_OF_BUSY_ONES: usize = 2_000;
pub const STEPS_OF_BUSY_ONES: usize = 500;

/// How often such a pool may ask in vain before the others have their turn. There is no number at
/// which nobody asks any more, so none is looked for. With one worker, or no job, a few times are
/// still followed to the end, and somebody who gives up after a few is seen; more workers would have
/// far more schedules, of which only the first would be followed.
const POLLS_OF_BUSY_ONES: usize = 4;
const POLLS_OF_LARGE_BUSY_ONES: usize = 1;

/// How many seconds it may take all the same. What goes on for ever does so in the smallest pools,
/// which come first; where others follow many schedules, a machine that is busy may need its time.
pub const SECONDS: u64 = 8;
pub const SECONDS_OF_LARGE_ONES: u64 = 15;

/// How many seconds a pool may work between two steps, where nothing takes time to speak of.
pub const PATIENCE: u64 = 3;

/// What a process of the student's crate may use up.
pub const LIMITS: Limits = Limits {
    time: Duration::from_secs(SECONDS + 2),
    output: 16 << 20,
    memory: 1 << 30,
};

/// A scenario: a pool with so many workers and jobs that is dropped, the same that is used and
/// kept, the same whose first job panics, or the whole program with two clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Scenario {
    Pool(usize, usize),
    Keep(usize, usize),
    Panicking(usize, usize),
    Program,
}

impl Scenario {
    pub fn words(self) -> String {
        match self {
            Scenario::Pool(workers, jobs) | Scenario::Keep(workers, jobs) => {
                format!("{} and {}", count(workers, "worker"), count(jobs, "job"))
            }
            Scenario::Panicking(workers, jobs) => format!(
                "{} and {}, of which the first panics",
                count(workers, "worker"),
                count(jobs, "job")
            ),
            Scenario::Program => "the whole program with 2 clients".to_string(),
        }
    }

    /// Whether it has few schedules: the smallest pools.
    pub fn is_tiny(self) -> bool {
        self.is_at_most(2, 1)
    }

    /// Whether it has so many schedules only that they are all followed, mostly.
    pub fn is_small(self) -> bool {
        self.is_at_most(2, 2)
    }

    pub fn is_at_most(self, most_workers: usize, most_jobs: usize) -> bool {
        match self {
            Scenario::Pool(workers, jobs)
            | Scenario::Keep(workers, jobs)
            | Scenario::Panicking(workers, jobs) => workers <= most_workers && jobs <= most_jobs,
            Scenario::Program => false,
        }
    }

    pub fn schedules(self) -> usize {
        match self {
            Scenario::Program => SCHEDULES,
            _ if self.is_small() => SCHEDULES,
            _ => SCHEDULES_OF_LARGE_ONES,
        }
    }

    /// How often a pool that waits busily may ask in vain.
    pub fn polls_of_busy_ones(self) -> usize {
        match self {
            Scenario::Pool(1, _) | Scenario::Pool(2, 0) => POLLS_OF_BUSY_ONES,
            _ => POLLS_OF_LARGE_BUSY_ONES,
        }
    }

    pub fn seconds(self) -> u64 {
        match self.is_tiny() {
            true => SECONDS,
            false => SECONDS_OF_LARGE_ONES,
        }
    }

    pub fn limits(self) -> Limits {
        Limits {
            time: Duration::from_secs(self.seconds() + 5),
            ..LIMITS
        }
    }

    pub fn workers(self) -> usize {
        match self {
            Scenario::Pool(workers, _)
            | Scenario::Keep(workers, _)
            | Scenario::Panicking(workers, _) => workers,
            Scenario::Program => 4,
        }
    }

    /// The options of `cargo listings explore` for it.
    pub fn options(self) -> String {
        match self {
            Scenario::Pool(workers, jobs) => format!("--workers {workers} --jobs {jobs}"),
            Scenario::Keep(workers, jobs) => format!("--workers {workers} --jobs {jobs} --keep"),
            Scenario::Panicking(workers, jobs) => {
                format!("--workers {workers} --jobs {jobs} --panics 1")
            }
            Scenario::Program => "--clients /,/".to_string(),
        }
    }

    /// The exploration of it.
    pub fn run(self, wrapped: &Wrapped) -> Run<'_> {
        match self {
            Scenario::Pool(workers, jobs) => wrapped.pool(workers, jobs),
            Scenario::Keep(workers, jobs) => wrapped.keep(workers, jobs),
            Scenario::Panicking(workers, jobs) => wrapped.pool(workers, jobs).panics(1),
            Scenario::Program => wrapped.program("/,/"),
        }
    }
}
