//! What can be asked for, with a name for a machine and words for a student.

/// What a solution is asked for. All of it is behaviour: names and style are the student's own.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Goal {
    /// The compiler refuses it, with the errors of the listing that solves it and no others.
    Refused,
    /// It compiles.
    Compiles,
    /// `ThreadPool::new(0)` panics.
    RefusesZero,
    /// A `ThreadPool` has something in it.
    HoldsSomething,
    /// `ThreadPool::new(n)` starts `n` threads.
    StartsThreads,
    /// There is a channel, and the pool holds the sending end of it.
    HasChannel,
    /// What is given to `execute` is not thrown away, even if nobody runs it yet.
    KeepsJobs,
    /// Every job that is given is done while the pool lives.
    RunsJobs,
    /// Two jobs can run at the same time.
    SideBySide,
    /// Never more jobs run at the same time than there are workers.
    NoMoreThanWorkers,
    /// Two jobs never run at the same time.
    OneByOne,
    /// When dropping the pool returns, no thread of it is left.
    DropWaits,
    /// Dropping the pool returns in every schedule.
    DropReturns,
    /// In some schedule dropping the pool waits for ever.
    CanDeadlock,
    /// No thread panics.
    NoPanic,
    /// Every job that was given before the drop is done when the drop returns.
    NoJobLost,
    /// No thread keeps a processor busy while it waits.
    WaitsQuietly,
    /// The whole program answers two clients and ends.
    ServesTwo,
    /// The compiler warns of a kind of message that nobody ever makes.
    NeverSent,
    /// Every public item of the library is documented, and its examples run.
    Documented,
    /// The tests pass, and fail with each of several broken pools.
    Tested,
    /// A job that panics costs neither its worker nor the jobs after it, and dropping the pool
    /// returns.
    SurvivesPanics,
    /// The program draws the same picture with one worker and with three, and ends.
    Draws,
}

impl Goal {
    /// A short name for a machine to read.
    pub fn key(self) -> &'static str {
        match self {
            Goal::Refused => "refused",
            Goal::Compiles => "compiles",
            Goal::RefusesZero => "refuses-zero",
            Goal::HoldsSomething => "holds-something",
            Goal::StartsThreads => "starts-threads",
            Goal::HasChannel => "has-channel",
            Goal::KeepsJobs => "keeps-jobs",
            Goal::RunsJobs => "runs-jobs",
            Goal::SideBySide => "side-by-side",
            Goal::NoMoreThanWorkers => "no-more-than-workers",
            Goal::OneByOne => "one-by-one",
            Goal::DropWaits => "drop-waits",
            Goal::DropReturns => "drop-returns",
            Goal::CanDeadlock => "can-deadlock",
            Goal::NoPanic => "no-panic",
            Goal::NoJobLost => "no-job-lost",
            Goal::WaitsQuietly => "waits-quietly",
            Goal::ServesTwo => "serves-two",
            Goal::NeverSent => "never-sent",
            Goal::Documented => "documented",
            Goal::Tested => "tested",
            Goal::SurvivesPanics => "survives-panics",
            Goal::Draws => "draws",
        }
    }

    /// What is asked, in a student's words.
    pub fn words(self) -> &'static str {
        match self {
            Goal::Refused => "the compiler refuses it, with the error that this step is about",
            Goal::Compiles => "it compiles",
            Goal::RefusesZero => "`ThreadPool::new(0)` panics",
            Goal::HoldsSomething => "a `ThreadPool` has something in it",
            Goal::StartsThreads => "`ThreadPool::new(n)` starts n threads",
            Goal::HasChannel => "there is a channel, and its sending end is kept",
            Goal::KeepsJobs => "a job that is given is not thrown away",
            Goal::RunsJobs => "every job that is given is done",
            Goal::SideBySide => "two jobs can run at the same time",
            Goal::NoMoreThanWorkers => "never more jobs at the same time than workers",
            Goal::OneByOne => "two jobs never run at the same time",
            Goal::DropWaits => "when dropping the pool returns, all its threads have ended",
            Goal::DropReturns => "dropping the pool returns in every schedule",
            Goal::CanDeadlock => "in some schedule dropping the pool waits for ever",
            Goal::NoPanic => "no thread panics",
            Goal::NoJobLost => "when dropping the pool returns, every job is done",
            Goal::WaitsQuietly => "no thread keeps a processor busy while it waits",
            Goal::ServesTwo => "the program answers two clients and ends",
            Goal::NeverSent => "the compiler warns of a message that is never constructed",
            Goal::Documented => "every public item is documented, and the examples run",
            Goal::Tested => "the tests pass, and notice when the pool is broken",
            Goal::SurvivesPanics => "a job that panics costs neither its worker nor another job",
            Goal::Draws => "the program draws one picture, whatever the number of workers",
        }
    }
}
