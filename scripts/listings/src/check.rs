//! Judges a student's crate: does it compile, and does what an exercise asks for hold in every
//! schedule of its threads?
//!
//! It is behaviour that is judged. The crate may be written in any way, as long as its library
//! offers `ThreadPool::new(usize)`, `execute` and dropping the pool. It runs in processes of its
//! own, with bounds on time, memory and output, so whatever it does there is an answer.

mod documented;
mod draws;
mod tested;

use crate::{
    Error, Result, cargo,
    exercises::{Exercise, Goal},
};
pub use explore::wrap::Options;
use explore::{
    table,
    wrap::{self, Limits, Refusal, Run, Trouble, Wrapped},
};
use interleave::explorer::report::{Ending, Finding, Report, Tally};
use interleave::numbers::{count, separated};
use interleave::trace::{End, remarks::MAP_ORDER};
use std::{
    collections::{BTreeMap, BTreeSet},
    fs,
    hash::{DefaultHasher, Hash, Hasher},
    num::NonZero,
    path::{Path, PathBuf},
    sync::{Mutex, PoisonError, mpsc},
    thread,
    time::Duration,
};

/// The pools that are explored: workers and jobs, small ones first, so that what fails is shown on
/// the smallest that fails.
const POOLS: [(usize, usize); 8] = [
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
const SCHEDULES: usize = 5_000;

/// The same for a pool that is larger: it is looked into, and not through.
const SCHEDULES_OF_LARGE_ONES: usize = 1_500;

/// The same for a pool that is known to ask again and again while it waits: of that there is no end
/// of schedules, one more round of asking in each.
const SCHEDULES_OF_BUSY_ONES: usize = 100;
const STEPS_OF_BUSY_ONES: usize = 500;

/// How many steps a schedule may have before it counts as one without an end.
const STEPS: usize = 2_000;

/// How many seconds it may take all the same. What goes on for ever does so in the smallest pools,
/// which come first; where others follow many schedules, a machine that is busy may need its time.
const SECONDS: u64 = 8;
const SECONDS_OF_LARGE_ONES: u64 = 15;

/// What a process of the student's crate may use up.
const LIMITS: Limits = Limits {
    time: Duration::from_secs(SECONDS + 2),
    output: 16 << 20,
    memory: 1 << 30,
};

/// What came of one goal.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Outcome {
    /// It holds; the text says over how many schedules.
    Holds(String),
    /// It doesn't; the text says where and shows the shortest schedule that breaks it.
    Fails(String),
    /// It can't be judged; the text says what stands in the way.
    Unjudged(String),
    /// It was not looked at, because after what was found there is no point in asking.
    Skipped,
}

/// A goal and what came of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Check {
    /// What was asked.
    pub goal: Goal,
    /// What came of it.
    pub outcome: Outcome,
}

/// The judgement on one crate.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Judgement {
    /// Every goal of the exercise, in order.
    pub checks: Vec<Check>,
}

/// What a judgement comes to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// All of it holds.
    Holds,
    /// Something doesn't.
    Fails,
    /// Something can't be judged, and nothing is known to be wrong.
    Unjudged,
}

impl Judgement {
    /// What it comes to.
    pub fn verdict(&self) -> Verdict {
        match (self.holds(), self.failure()) {
            (true, _) => Verdict::Holds,
            (false, Some(_)) => Verdict::Fails,
            (false, None) => Verdict::Unjudged,
        }
    }

    /// The first goal that doesn't hold.
    pub fn trouble(&self) -> Option<&Check> {
        let holds = |check: &&Check| matches!(check.outcome, Outcome::Holds(_));
        self.checks.iter().find(|check| !holds(check))
    }

    /// Whether all of it holds.
    pub fn holds(&self) -> bool {
        let holds = |check: &Check| matches!(check.outcome, Outcome::Holds(_));
        self.checks.iter().all(holds)
    }

    /// The first that fails.
    pub fn failure(&self) -> Option<&Check> {
        let fails = |check: &&Check| matches!(check.outcome, Outcome::Fails(_));
        self.checks.iter().find(fails)
    }

    /// How many goals hold.
    pub fn points(&self) -> usize {
        let holds = |check: &&Check| matches!(check.outcome, Outcome::Holds(_));
        self.checks.iter().filter(holds).count()
    }

    /// The first that can't be judged, with what stands in the way.
    pub fn unjudged(&self) -> Option<(&Check, &str)> {
        self.checks.iter().find_map(|check| match &check.outcome {
            Outcome::Unjudged(why) => Some((check, why.as_str())),
            _ => None,
        })
    }
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

/// How a student's crate is built: what it can do to the machine that judges it stays bounded.
pub fn options() -> Options {
    Options {
        allow_unsafe: false,
        ..Options::default()
    }
}

/// Judges the crate in `folder` by the goals of an exercise.
///
/// Refuses a folder without a crate. What the crate does is never an error, but a judgement.
pub fn judge(folder: &Path, exercise: &Exercise, options: &Options) -> Result<Judgement> {
    let mut judgements = judge_each(&[(folder, exercise)], options, &mut |_, _| ())?;
    Ok(judgements.remove(0))
}

/// Judges several crates, which one call of Cargo builds together, on all processors.
///
/// Tells `each` of every judgement, with its place in the list, as soon as it is there: one that
/// hangs holds up no other. Gives all of them in the order of the list.
pub fn judge_each(
    solutions: &[(&Path, &Exercise)],
    options: &Options,
    each: &mut dyn FnMut(usize, &Judgement),
) -> Result<Vec<Judgement>> {
    let mut folders = Vec::new();
    let mut places = Vec::new();
    let (ready, waiting) = mpsc::channel();
    for (place, (folder, exercise)) in solutions.iter().enumerate() {
        if !folder.join("Cargo.toml").is_file() {
            return Err(Error::new(format!(
                "{} holds no crate: it has no Cargo.toml",
                folder.display()
            )));
        }
        if exercise.goals.contains(&Goal::Compiles) {
            folders.push(absolute(folder)?);
            places.push(place);
        } else {
            // Nobody has hung up.
            let _ = ready.send((place, None));
        }
    }
    let waiting = Mutex::new(waiting);
    let (done, judged) = mpsc::channel();
    let mut judgements = vec![None; solutions.len()];
    thread::scope(|scope| {
        let processors = thread::available_parallelism().map_or(2, NonZero::get);
        for _ in 0..processors.min(solutions.len()) {
            let (waiting, done) = (&waiting, done.clone());
            scope.spawn(move || {
                while let Some((place, built)) = next(waiting) {
                    let (folder, exercise) = solutions[place];
                    let judge = Judge::new(folder, exercise, built);
                    // Whoever wants to know is there to the end.
                    let _ = done.send((place, judge.judge()));
                }
            });
        }
        drop(done);
        let building = scope.spawn(move || {
            wrap::build_each(&workspace(&folders), &folders, options, &mut |at, built| {
                let _ = ready.send((places[at], Some(built)));
            })
        });
        for (place, judgement) in judged {
            each(place, &judgement);
            judgements[place] = Some(judgement);
        }
        match building.join() {
            Ok(built) => built.map_err(|error| Error::new(format!("cannot run Cargo: {error}"))),
            Err(panic) => std::panic::resume_unwind(panic),
        }
    })?;
    let all = judgements.into_iter().collect::<Option<Vec<Judgement>>>();
    all.ok_or_else(|| Error::new("not every crate was judged"))
}

/// The next crate to judge, once there is one; none if there will be no more.
fn next<T>(waiting: &Mutex<mpsc::Receiver<T>>) -> Option<T> {
    let waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    waiting.recv().ok()
}

/// The generated workspace for these crates: two checks at once don't share one.
pub fn workspace(folders: &[PathBuf]) -> PathBuf {
    let mut hasher = DefaultHasher::new();
    folders.hash(&mut hasher);
    wrap::folder(&format!("crates-{:016x}", hasher.finish()))
}

/// A scenario: a pool with so many workers and jobs that is dropped, the same that is used and
/// kept, the same whose first job panics, or the whole program with two clients.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Scenario {
    Pool(usize, usize),
    Keep(usize, usize),
    Panicking(usize, usize),
    Program,
}

impl Scenario {
    fn words(self) -> String {
        let count = |number, what| match number {
            1 => format!("1 {what}"),
            _ => format!("{number} {what}s"),
        };
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
    fn is_tiny(self) -> bool {
        self.is_at_most(2, 1)
    }

    /// Whether it has so many schedules only that they are all followed, mostly.
    fn is_small(self) -> bool {
        self.is_at_most(2, 2)
    }

    fn is_at_most(self, most_workers: usize, most_jobs: usize) -> bool {
        match self {
            Scenario::Pool(workers, jobs)
            | Scenario::Keep(workers, jobs)
            | Scenario::Panicking(workers, jobs) => workers <= most_workers && jobs <= most_jobs,
            Scenario::Program => false,
        }
    }

    fn schedules(self) -> usize {
        match self {
            Scenario::Program => SCHEDULES,
            _ if self.is_small() => SCHEDULES,
            _ => SCHEDULES_OF_LARGE_ONES,
        }
    }

    fn seconds(self) -> u64 {
        match self.is_tiny() {
            true => SECONDS,
            false => SECONDS_OF_LARGE_ONES,
        }
    }

    fn limits(self) -> Limits {
        Limits {
            time: Duration::from_secs(self.seconds() + 5),
            ..LIMITS
        }
    }

    fn workers(self) -> usize {
        match self {
            Scenario::Pool(workers, _)
            | Scenario::Keep(workers, _)
            | Scenario::Panicking(workers, _) => workers,
            Scenario::Program => 4,
        }
    }

    /// The options of `cargo listings explore` for it.
    fn options(self) -> String {
        match self {
            Scenario::Pool(workers, jobs) => format!("--workers {workers} --jobs {jobs}"),
            Scenario::Keep(workers, jobs) => format!("--workers {workers} --jobs {jobs} --keep"),
            Scenario::Panicking(workers, jobs) => {
                format!("--workers {workers} --jobs {jobs} --panics 1")
            }
            Scenario::Program => "--clients /,/".to_string(),
        }
    }
}

struct Judge<'a> {
    folder: &'a Path,
    exercise: &'a Exercise,
    built: Option<std::result::Result<Wrapped, Refusal>>,
    reports: BTreeMap<Scenario, std::result::Result<Report, NoReport>>,
    /// Whether something was found already: what comes then is told without its schedule.
    brief: bool,
    /// Whether a thread was seen that keeps a processor busy while it waits.
    busy: bool,
}

impl<'a> Judge<'a> {
    fn new(
        folder: &'a Path,
        exercise: &'a Exercise,
        built: Option<std::result::Result<Wrapped, Refusal>>,
    ) -> Judge<'a> {
        Judge {
            folder,
            exercise,
            built,
            reports: BTreeMap::new(),
            brief: false,
            busy: false,
        }
    }

    /// Looks at one goal after the other. After one that fails the others are still asked, for each
    /// counts; but not where there is nothing to ask of, and not twice of what uses up all that it
    /// may.
    fn judge(mut self) -> Judgement {
        let mut checks: Vec<Check> = Vec::new();
        for &goal in self.exercise.goals {
            let outcome = match self.has_an_answer(goal, &checks) {
                true => self
                    .look_at(goal)
                    .unwrap_or_else(|error| Outcome::Unjudged(error.to_string())),
                false => Outcome::Skipped,
            };
            self.brief |= !matches!(outcome, Outcome::Holds(_));
            checks.push(Check { goal, outcome });
        }
        Judgement { checks }
    }

    /// Whether there is any point in asking, after what was found.
    fn has_an_answer(&self, goal: Goal, found: &[Check]) -> bool {
        let ends_it = |check: &Check| match check.outcome {
            Outcome::Unjudged(_) => true,
            Outcome::Fails(_) => matches!(check.goal, Goal::Refused | Goal::Compiles),
            Outcome::Holds(_) | Outcome::Skipped => false,
        };
        // Of a drop that doesn't return, nobody can say what is so when it does.
        let never_returns = |check: &Check| {
            check.goal == Goal::DropReturns && matches!(check.outcome, Outcome::Fails(_))
        };
        let of_the_end = matches!(goal, Goal::NoJobLost | Goal::DropWaits);
        !(found.iter().any(ends_it)
            || of_the_end && found.iter().any(never_returns)
            || self.reports.values().any(std::result::Result::is_err))
    }
}

impl Judge<'_> {
    fn look_at(&mut self, goal: Goal) -> Result<Outcome> {
        let pools = POOLS.map(|(workers, jobs)| Scenario::Pool(workers, jobs));
        let kept =
            [(1, 1), (2, 1), (2, 2), (3, 2)].map(|(workers, jobs)| Scenario::Keep(workers, jobs));
        let panicking = [(1, 2), (2, 1), (2, 2)];
        let panicking = panicking.map(|(workers, jobs)| Scenario::Panicking(workers, jobs));
        let kept_idle = [Scenario::Keep(2, 0), Scenario::Keep(3, 0)];
        match goal {
            Goal::Refused => self.refused(),
            Goal::Compiles => self.compiles(),
            Goal::RefusesZero => self.always(&[Scenario::Pool(0, 0)], &|report| {
                let returns = |tally: &&Tally<Ending>| tally.what != Ending::MainPanics;
                let found = report.endings.iter().find(returns)?;
                Some(Broken::by(found, "`ThreadPool::new(0)` does not panic"))
            }),
            Goal::StartsThreads => self.each(&kept_idle, &|scenario, report| {
                let wanted = scenario.workers();
                let started = report.threads - 1; // `main` is no worker
                (started != wanted).then(|| Broken {
                    why: format!("`ThreadPool::new({wanted})` starts {started} threads"),
                    replay: None,
                })
            }),
            Goal::HoldsSomething => self.always(&kept_idle, &|report| {
                let why = "a `ThreadPool` takes no space, so there is nothing in it";
                broken_by(report, &Finding::PoolEmpty, why)
            }),
            Goal::HasChannel => self.always(&kept_idle, &|report| {
                let why = "there is no channel with a sender while the pool lives";
                broken_by(report, &Finding::NoChannel, why)
            }),
            Goal::KeepsJobs => self.always(&kept, &|report| {
                let why = "a job is dropped and was never run";
                broken_by(report, &Finding::JobThrownAway, why)
            }),
            Goal::RunsJobs => self.always(&kept, &|report| {
                let why = "a job is never done";
                broken_by(report, &Finding::JobNeverRuns, why)
                    .or_else(|| broken_ending(report, Ending::Deadlock, "end in a deadlock"))
            }),
            Goal::OneByOne => self.always(&kept, &|report| {
                broken_by(
                    report,
                    &Finding::JobsTogether,
                    "two jobs run at the same time",
                )
            }),
            // A drop may start threads of its own for what is left in the queue.
            Goal::NoMoreThanWorkers => {
                let pools = [Scenario::Keep(1, 2), Scenario::Pool(1, 2)];
                self.always(&pools, &|report| {
                    let why = "two jobs run at the same time";
                    broken_by(report, &Finding::JobsTogether, why)
                })
            }
            // With more workers than jobs, a worker that never works would not be noticed.
            Goal::SideBySide => self.once(&[Scenario::Keep(2, 2)], &|report| {
                report.finding(&Finding::JobsTogether) > 0
            }),
            Goal::CanDeadlock => self.once(&pools, &|report| report.ending(Ending::Deadlock) > 0),
            Goal::DropReturns => self.always(&pools, &|report| {
                hangs(report, "dropping the pool never returns")
            }),
            Goal::DropWaits => self.always(&pools, &|report| {
                let why = "a thread of the pool is still there when the drop returns";
                broken_by(report, &Finding::ThreadLeaked, why)
            }),
            Goal::NoJobLost => self.always(&pools, &|report| {
                let why = "the drop returns, and a job is not done";
                broken_by(report, &Finding::JobLost, why)
                    .or_else(|| broken_by(report, &Finding::JobNeverRuns, why))
            }),
            Goal::NoPanic => self.always(&pools, &panics),
            // A worker waits for a job while the pool lives, and a drop for the workers.
            Goal::WaitsQuietly => {
                let mut both = pools.to_vec();
                both.push(Scenario::Keep(1, 1));
                self.always(&both, &|report| {
                    let found = busy(report)?;
                    Some(Broken::by(found, &found.what.to_string()))
                })
            }
            Goal::ServesTwo => self.always(&[Scenario::Program], &|report| {
                let unanswered = &Finding::ClientUnanswered;
                hangs(report, "the program never ends")
                    .or_else(|| panics(report))
                    .or_else(|| broken_by(report, unanswered, "a client gets no answer"))
            }),
            Goal::NeverSent => self.never_sent(),
            Goal::Documented => documented::documented(self.folder),
            Goal::Tested => tested::tested(self.folder),
            Goal::SurvivesPanics => self.always(&panicking, &|report| {
                let why = "a job that does not panic is lost";
                broken_by(report, &Finding::JobUndone, why)
                    .or_else(|| hangs(report, "dropping the pool never returns"))
                    .or_else(|| panics(report))
            }),
            Goal::Draws => draws::draws(self.folder),
        }
    }

    /// What the compiler says of the crate as it is; it warns of unused code whatever the crate
    /// allows.
    fn compiler(&self) -> Result<(bool, String)> {
        let folder = absolute(self.folder)?;
        // In one target folder Cargo takes two crates of one name for each other.
        let target = workspace(std::slice::from_ref(&folder)).with_extension("check");
        let target = only(&target, &content(&folder)?);
        let manifest = folder.join("Cargo.toml");
        let text = fs::read_to_string(&manifest).unwrap_or_default();
        let mut command = cargo::command();
        command
            .args(["check", "--offline", "--manifest-path"])
            .arg(manifest)
            .arg("--target-dir")
            .arg(target);
        // A copy of a listing that doesn't compile has a gate, and it is to be judged open.
        if text.lines().any(|line| line.starts_with(cargo::GATE)) {
            command.args(["--features", cargo::GATE]);
        }
        command
            .env_remove("CARGO_ENCODED_RUSTFLAGS")
            .env("RUSTFLAGS", "--force-warn dead_code");
        let output = cargo::run(&mut command)?;
        let said = wrap::words(&String::from_utf8_lossy(&output.stderr), &folder);
        Ok((output.status.success(), said))
    }

    fn refused(&self) -> Result<Outcome> {
        let (compiles, said) = self.compiler()?;
        let mut codes: Vec<&str> = Vec::new();
        let mut other = None;
        for line in said.lines() {
            let Some((code, text)) = line.strip_prefix("error[").and_then(|l| l.split_once(']'))
            else {
                continue;
            };
            codes.push(code);
            let about = |item: &str| text.contains(&format!("`{item}`"));
            if self.exercise.missing.is_some_and(|item| !about(item)) {
                other = Some(text.trim_start_matches(": "));
            }
        }
        codes.sort();
        codes.dedup();
        let solution = self.exercise.solution.as_ref();
        let wanted = &solution.map_or(Vec::new(), |listing| listing.errors.clone());
        let is = |codes: &[&str]| format!("`{}`", codes.join("`, `"));
        if codes == *wanted {
            let (Some(text), Some(item)) = (other, self.exercise.missing) else {
                return Ok(Outcome::Holds(is(&codes)));
            };
            return Ok(Outcome::Fails(format!(
                "the error is to be about `{item}`, and it says: {text}"
            )));
        }
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        Ok(Outcome::Fails(match codes.as_slice() {
            [] if compiles => {
                format!("it compiles, and the error {} was to come", is(&wanted))
            }
            [] => beginning(&said),
            codes => format!(
                "the error is {} and not {}:\n\n{}",
                is(codes),
                is(&wanted),
                beginning(&said)
            ),
        }))
    }

    fn never_sent(&self) -> Result<Outcome> {
        let (_, said) = self.compiler()?;
        let warning =
            |line: &&str| line.starts_with("warning: ") && line.contains("never construct");
        Ok(match said.lines().find(warning) {
            Some(line) => Outcome::Holds(line.to_string()),
            None => Outcome::Fails(
                "there is no such warning: is there no second kind of message yet, is it sent \
                 already, or is its type public?"
                    .to_string(),
            ),
        })
    }

    fn compiles(&self) -> Result<Outcome> {
        Ok(match &self.built {
            Some(Ok(wrapped)) => match wrapped.pool_found() {
                Ok(_) if wrapped.left_out().is_some() => {
                    let why = wrapped.left_out().map(Refusal::to_string);
                    let why = why.unwrap_or_default();
                    Outcome::Holds(format!("its pool is judged without its program: {why}"))
                }
                Ok(pool) if pool.is_the_chapters() => Outcome::Holds(String::new()),
                Ok(pool) => Outcome::Holds(format!("the pool is {pool}")),
                Err(why) if wrapped.offers_pool() => Outcome::Unjudged(why.to_string()),
                Err(why) => Outcome::Fails(why.to_string()),
            },
            Some(Err(Refusal::DoesNotCompile { text, .. })) => Outcome::Fails(beginning(text)),
            Some(Err(refusal)) => Outcome::Unjudged(refusal.to_string()),
            None => return Err(Error::new("nothing was built")),
        })
    }

    /// Holds if no scenario is broken.
    fn always(
        &mut self,
        scenarios: &[Scenario],
        broken: &dyn Fn(&Report) -> Option<Broken>,
    ) -> Result<Outcome> {
        self.each(scenarios, &|_, report| broken(report))
    }

    fn each(
        &mut self,
        scenarios: &[Scenario],
        broken: &dyn Fn(Scenario, &Report) -> Option<Broken>,
    ) -> Result<Outcome> {
        let mut schedules = 0;
        let mut finished = true;
        let mut remarks = BTreeSet::new();
        for &scenario in scenarios {
            // What counts after a failure is seen in the small pools, too.
            if self.brief && !scenario.is_small() && !self.reports.contains_key(&scenario) {
                finished = false;
                continue;
            }
            let report = match self.report(scenario)? {
                Ok(report) => report,
                Err(none) => return Ok(none.outcome(scenario)),
            };
            schedules += report.schedules;
            finished &= report.unfinished.is_none();
            remarks.extend(&report.remarks);
            if let Some(broken) = broken(scenario, report) {
                return Ok(Outcome::Fails(self.explain(scenario, &broken)?));
            }
        }
        if schedules == 0 && !finished {
            return Ok(Outcome::Skipped);
        }
        let one_way = one_way(&remarks);
        Ok(Outcome::Holds(match finished {
            true if schedules == 1 => format!("in the only schedule{one_way}"),
            true => format!("in all {}{one_way}", count(schedules, "schedule")),
            false => format!(
                "in {}{one_way}; there are more, which were not tried",
                count(schedules, "schedule")
            ),
        }))
    }

    /// Holds if `seen` is true of one of the scenarios.
    fn once(&mut self, scenarios: &[Scenario], seen: &dyn Fn(&Report) -> bool) -> Result<Outcome> {
        let mut schedules = 0;
        let mut finished = true;
        let mut remarks = BTreeSet::new();
        for &scenario in scenarios {
            match self.report(scenario)? {
                Ok(report) if seen(report) => {
                    return Ok(Outcome::Holds(format!("with {}", scenario.words())));
                }
                Ok(report) => {
                    schedules += report.schedules;
                    finished &= report.unfinished.is_none();
                    remarks.extend(&report.remarks);
                }
                Err(none) => return Ok(none.outcome(scenario)),
            }
        }
        let one_way = one_way(&remarks);
        Ok(Outcome::Fails(match finished {
            true => format!("in none of {}{one_way}", count(schedules, "schedule")),
            false => format!(
                "in none of {}{one_way}; there are more, which were not tried",
                count(schedules, "schedule")
            ),
        }))
    }

    /// Where it is broken, with the shortest schedule that shows it.
    fn explain(&self, scenario: Scenario, broken: &Broken) -> Result<String> {
        let (words, why) = (scenario.words(), &broken.why);
        let (Some(replay), Some(Ok(wrapped)), false) = (&broken.replay, &self.built, self.brief)
        else {
            return Ok(format!("with {words}: {why}"));
        };
        let table = run(wrapped, scenario)
            .limits(scenario.limits())
            .replay(replay)
            .map_or_else(
                |trouble| trouble.to_string(),
                |shown| table::glance(&shown, WIDTH),
            );
        let folder = self.folder.display();
        let options = scenario.options();
        Ok(format!(
            "with {words}: {why}. The shortest way there:\n\n{}\n\n\
             To see more: cargo listings explore {folder} {options}",
            table.trim_end()
        ))
    }

    fn report(&mut self, scenario: Scenario) -> Result<std::result::Result<&Report, &NoReport>> {
        let Some(Ok(wrapped)) = &self.built else {
            return Err(Error::new(
                "the exercise doesn't ask first whether it compiles",
            ));
        };
        let (schedules, steps) = match self.busy {
            true => (SCHEDULES_OF_BUSY_ONES, STEPS_OF_BUSY_ONES),
            false => (scenario.schedules(), STEPS),
        };
        let entry = self.reports.entry(scenario);
        let report = entry.or_insert_with(|| {
            run(wrapped, scenario)
                .schedules(schedules)
                .steps(steps)
                .seconds(scenario.seconds())
                .limits(scenario.limits())
                .report()
                .map_err(|trouble| match trouble {
                    Trouble::Time(_) => NoReport::Fails(
                        "it goes on for ever between two steps, or it takes too many steps to \
                         follow them all"
                            .to_string(),
                    ),
                    Trouble::Refused(refusal) => NoReport::Unjudged(refusal.to_string()),
                    trouble => NoReport::Fails(trouble.to_string()),
                })
                .and_then(judgeable)
        });
        self.busy |= report.as_ref().is_ok_and(|report| busy(report).is_some());
        Ok(report.as_ref())
    }
}

/// The place where a thread keeps a processor busy while it waits.
fn busy(report: &Report) -> Option<&Tally<Finding>> {
    let busy = |tally: &&Tally<Finding>| matches!(tally.what, Finding::BusyWaits { .. });
    report.findings.iter().find(busy)
}

/// What is up to chance and was followed one way only, as the end of a sentence about schedules.
fn one_way(remarks: &BTreeSet<&'static str>) -> &'static str {
    match remarks.contains(MAP_ORDER) {
        true => ", with its `HashMap` or `HashSet` in one order of many",
        false => "",
    }
}

/// How wide the table of a schedule may be: it is indented.
const WIDTH: usize = 72;

/// The most lines of what the compiler says that are shown.
const LINES: usize = 60;

/// What the compiler says first; it may have much to say.
fn beginning(text: &str) -> String {
    let mut lines: Vec<&str> = text.lines().collect();
    if lines.len() <= LINES {
        return text.to_string();
    }
    let more = lines.split_off(LINES - 1).len();
    format!(
        "{}\n… and {more} lines more, which `cargo build` shows",
        lines.join("\n")
    )
}

/// What the files of a crate hold; see [`wrap::content`].
fn content(folder: &Path) -> Result<String> {
    wrap::content(folder)
        .map_err(|error| Error::new(format!("cannot read {}: {error}", folder.display())))
}

/// The folder of this name in `target`. It stays, and what was built from other content goes: Cargo
/// would ask only whether the files are older.
fn only(target: &Path, name: &str) -> PathBuf {
    for entry in fs::read_dir(target).into_iter().flatten().flatten() {
        if entry.file_name() != name {
            // What can't be removed does no harm.
            let _ = fs::remove_dir_all(entry.path());
        }
    }
    target.join(name)
}

fn run(wrapped: &Wrapped, scenario: Scenario) -> Run<'_> {
    match scenario {
        Scenario::Pool(workers, jobs) => wrapped.pool(workers, jobs),
        Scenario::Keep(workers, jobs) => wrapped.keep(workers, jobs),
        Scenario::Panicking(workers, jobs) => wrapped.pool(workers, jobs).panics(1),
        Scenario::Program => wrapped.program("/,/"),
    }
}

/// Why there is no report on a scenario.
enum NoReport {
    /// The program uses up what it may.
    Fails(String),
    /// It can't be explored.
    Unjudged(String),
    /// It can't be explored, and in which scenario that shows is a matter of luck.
    Differs(String),
}

impl NoReport {
    fn outcome(&self, scenario: Scenario) -> Outcome {
        match self {
            NoReport::Fails(why) => Outcome::Fails(with(scenario, why)),
            NoReport::Unjudged(why) => Outcome::Unjudged(with(scenario, why)),
            NoReport::Differs(why) => Outcome::Unjudged(why.clone()),
        }
    }
}

/// Refuses a report on a program that does what can't be explored, with the reason.
fn judgeable(report: Report) -> std::result::Result<Report, NoReport> {
    if report.ending(Ending::Diverged) > 0 {
        return Err(NoReport::Differs(
            "it behaves differently when the same schedule is repeated, as code does that \
             depends on addresses, on random numbers or on the time"
                .to_string(),
        ));
    }
    // It is the gravest end, so it is shown.
    match &report.shown {
        Some(shown) => match &shown.end {
            End::Unsupported { sentence } => Err(NoReport::Unjudged(sentence.clone())),
            _ => Ok(report),
        },
        None => Ok(report),
    }
}

/// What is wrong, and the schedule that shows it, to be replayed.
struct Broken {
    why: String,
    replay: Option<String>,
}

impl Broken {
    fn by<T>(tally: &Tally<T>, why: &str) -> Broken {
        Broken {
            why: why.to_string(),
            replay: tally.example.as_ref().map(|example| example.replay.clone()),
        }
    }
}

fn broken_by(report: &Report, finding: &Finding, why: &str) -> Option<Broken> {
    let found = |tally: &&Tally<Finding>| tally.what == *finding && tally.schedules > 0;
    report.findings.iter().find(found).map(|tally| {
        let (count, all) = (separated(tally.schedules), separated(report.schedules));
        Broken::by(tally, &format!("in {count} of {all} schedules {why}"))
    })
}

fn broken_ending(report: &Report, ending: Ending, words: &str) -> Option<Broken> {
    let found = |tally: &&Tally<Ending>| tally.what == ending && tally.schedules > 0;
    report.endings.iter().find(found).map(|tally| {
        let (count, all) = (separated(tally.schedules), separated(report.schedules));
        Broken::by(tally, &format!("{count} of {all} schedules {words}"))
    })
}

/// In what way some schedule doesn't come to an end of its own.
fn hangs(report: &Report, so: &str) -> Option<Broken> {
    let exits = |tally: &&Tally<Ending>| matches!(tally.what, Ending::Exit(_));
    if let Some(tally) = report.endings.iter().find(exits) {
        return broken_ending(report, tally.what, "end the whole process");
    }
    [
        (Ending::Deadlock, format!("end in a deadlock: {so}")),
        (
            Ending::JoinsItself,
            format!("end with a thread that joins itself: {so}"),
        ),
        (
            Ending::WaitsForClient,
            "wait for one more client".to_string(),
        ),
        (Ending::Livelock, format!("go round in circles: {so}")),
        (Ending::TooLong, format!("have no end: {so}")),
        (Ending::Aborts, "abort the whole process".to_string()),
    ]
    .into_iter()
    .find_map(|(ending, words)| broken_ending(report, ending, &words))
}

fn panics(report: &Report) -> Option<Broken> {
    // The shortest schedule first, and the cause before what comes of it.
    let kind = |tally: &&Tally<Finding>| match tally.what {
        Finding::Panic { .. } => Some(0),
        Finding::PanicInTurn { .. } => Some(1),
        _ => None,
    };
    let steps = |tally: &Tally<Finding>| tally.example.as_ref().map_or(usize::MAX, |e| e.steps);
    let panics = report.findings.iter().filter(|tally| kind(tally).is_some());
    let tally = panics.min_by_key(|tally| (kind(tally), steps(tally)))?;
    broken_by(report, &tally.what, &tally.what.to_string())
}

fn with(scenario: Scenario, trouble: &str) -> String {
    format!("with {}: {trouble}", scenario.words())
}

fn absolute(path: &Path) -> Result<PathBuf> {
    std::path::absolute(path)
        .map_err(|error| Error::new(format!("cannot use {}: {error}", path.display())))
}
