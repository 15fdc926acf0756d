//! Judges a student's crate: does it compile, and does what an exercise asks for hold in every
//! schedule of its threads?
//!
//! It is behaviour that is judged. The crate may be written in any way, as long as its library
//! offers `ThreadPool::new(usize)`, `execute` and dropping the pool. It runs in processes of its
//! own, with bounds on time, memory and output, so whatever it does there is an answer.

mod documented;
mod draws;
mod folders;
mod judgement;
mod scenario;
mod tested;

use crate::{
    Error, Result, cargo,
    exercises::{Exercise, Goal},
};
pub use explore::wrap::Options;
use explore::{
    side_by_side, table,
    wrap::{self, Refusal, Trouble, Wrapped},
};
pub use folders::workspace;
use folders::{absolute, content, only};
use interleave::explorer::report::{Ending, Finding, Report, Tally};
use interleave::numbers::{count, separated};
use interleave::trace::{End, remarks::MAP_ORDER};
pub use judgement::{Check, Judgement, Ruling, Verdict};
use scenario::{PATIENCE, POOLS, SCHEDULES_OF_BUSY_ONES, STEPS, STEPS_OF_BUSY_ONES, Scenario};
use std::{
    collections::{BTreeMap, BTreeSet, VecDeque},
    fs,
    path::Path,
    sync::{Mutex, PoisonError, mpsc},
    thread,
};

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
    let waiting = Mutex::new((waiting, VecDeque::new()));
    // What is run for real may take long and need no processor, so it doesn't come last.
    let first = |place: usize| solutions[place].1.goals.contains(&Goal::Draws);
    let (done, judged) = mpsc::channel();
    let mut judgements = vec![None; solutions.len()];
    thread::scope(|scope| {
        // Half of them may wait: for Cargo, or for a program that is run for real and never ends.
        for _ in 0..(2 * side_by_side::processors()).min(solutions.len()) {
            let (waiting, done) = (&waiting, done.clone());
            scope.spawn(move || {
                while let Some((place, built)) = next(waiting, first) {
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

/// Those that may be judged: yet to be received, and received already.
type Waiting<T> = Mutex<(mpsc::Receiver<(usize, T)>, VecDeque<(usize, T)>)>;

/// The next to judge, once there is one, and of several one that is to be the `first`; none if
/// there will be no more.
fn next<T>(waiting: &Waiting<T>, first: impl Fn(usize) -> bool) -> Option<(usize, T)> {
    let mut waiting = waiting.lock().unwrap_or_else(PoisonError::into_inner);
    let (receiver, received) = &mut *waiting;
    if received.is_empty() {
        received.extend(receiver.recv());
    }
    received.extend(receiver.try_iter());
    let at = received.iter().position(|(place, _)| first(*place));
    received.remove(at.unwrap_or_default())
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
            let ruling = match self.has_an_answer(goal, &checks) {
                true => self
                    .look_at(goal)
                    .unwrap_or_else(|error| Ruling::Unjudged(error.to_string())),
                false => Ruling::Skipped,
            };
            self.brief |= !matches!(ruling, Ruling::Holds(_));
            checks.push(Check { goal, ruling });
        }
        Judgement { checks }
    }

    /// Whether there is any point in asking, after what was found.
    fn has_an_answer(&self, goal: Goal, found: &[Check]) -> bool {
        let ends_it = |check: &Check| match check.ruling {
            Ruling::Unjudged(_) => true,
            Ruling::Fails(_) => matches!(check.goal, Goal::Refused | Goal::Compiles),
            Ruling::Holds(_) | Ruling::Skipped => false,
        };
        // Of a drop that doesn't return, nobody can say what is so when it does.
        let never_returns = |check: &Check| {
            check.goal == Goal::DropReturns && matches!(check.ruling, Ruling::Fails(_))
        };
        let of_the_end = matches!(goal, Goal::NoJobLost | Goal::DropWaits);
        !(found.iter().any(ends_it)
            || of_the_end && found.iter().any(never_returns)
            || self.reports.values().any(std::result::Result::is_err))
    }
}

impl Judge<'_> {
    fn look_at(&mut self, goal: Goal) -> Result<Ruling> {
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
                    .or_else(|| broken_ending(report, Ending::Deadlock, "it ends in a deadlock"))
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

    fn refused(&self) -> Result<Ruling> {
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
                return Ok(Ruling::Holds(is(&codes)));
            };
            return Ok(Ruling::Fails(format!(
                "the error is to be about `{item}`, and it says: {text}"
            )));
        }
        let wanted: Vec<&str> = wanted.iter().map(String::as_str).collect();
        Ok(Ruling::Fails(match codes.as_slice() {
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

    fn never_sent(&self) -> Result<Ruling> {
        let (_, said) = self.compiler()?;
        let warning =
            |line: &&str| line.starts_with("warning: ") && line.contains("never construct");
        Ok(match said.lines().find(warning) {
            Some(line) => Ruling::Holds(line.to_string()),
            None => Ruling::Fails(
                "there is no such warning: is there no second kind of message yet, is it sent \
                 already, or is its type public?"
                    .to_string(),
            ),
        })
    }

    fn compiles(&self) -> Result<Ruling> {
        Ok(match &self.built {
            Some(Ok(wrapped)) => match wrapped.pool_found() {
                Ok(_) if wrapped.left_out().is_some() => {
                    let why = wrapped.left_out().map(Refusal::to_string);
                    let why = why.unwrap_or_default();
                    Ruling::Holds(format!("its pool is judged without its program: {why}"))
                }
                Ok(pool) if pool.is_the_chapters() => Ruling::Holds(String::new()),
                Ok(pool) => Ruling::Holds(format!("the pool is {pool}")),
                Err(why) if wrapped.offers_pool() => Ruling::Unjudged(why.to_string()),
                Err(why) => Ruling::Fails(why.to_string()),
            },
            Some(Err(Refusal::DoesNotCompile { text, .. })) => Ruling::Fails(beginning(text)),
            Some(Err(refusal)) => Ruling::Unjudged(refusal.to_string()),
            None => return Err(Error::new("nothing was built")),
        })
    }

    /// Holds if no scenario is broken.
    fn always(
        &mut self,
        scenarios: &[Scenario],
        broken: &dyn Fn(&Report) -> Option<Broken>,
    ) -> Result<Ruling> {
        self.each(scenarios, &|_, report| broken(report))
    }

    fn each(
        &mut self,
        scenarios: &[Scenario],
        broken: &dyn Fn(Scenario, &Report) -> Option<Broken>,
    ) -> Result<Ruling> {
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
                Err(none) => return Ok(none.ruling(scenario)),
            };
            schedules += report.schedules;
            finished &= report.unfinished.is_none();
            remarks.extend(&report.remarks);
            if let Some(broken) = broken(scenario, report) {
                return Ok(Ruling::Fails(self.explain(scenario, &broken)?));
            }
        }
        if schedules == 0 && !finished {
            return Ok(Ruling::Skipped);
        }
        let one_way = one_way(&remarks);
        Ok(Ruling::Holds(match finished {
            true if schedules == 1 => format!("in the only schedule{one_way}"),
            true => format!("in all {}{one_way}", count(schedules, "schedule")),
            false => format!(
                "in {}{one_way}; there are more, which were not tried",
                count(schedules, "schedule")
            ),
        }))
    }

    /// Holds if `seen` is true of one of the scenarios.
    fn once(&mut self, scenarios: &[Scenario], seen: &dyn Fn(&Report) -> bool) -> Result<Ruling> {
        let mut schedules = 0;
        let mut finished = true;
        let mut remarks = BTreeSet::new();
        for &scenario in scenarios {
            match self.report(scenario)? {
                Ok(report) if seen(report) => {
                    return Ok(Ruling::Holds(format!("with {}", scenario.words())));
                }
                Ok(report) => {
                    schedules += report.schedules;
                    finished &= report.unfinished.is_none();
                    remarks.extend(&report.remarks);
                }
                Err(none) => return Ok(none.ruling(scenario)),
            }
        }
        let one_way = one_way(&remarks);
        Ok(Ruling::Fails(match finished {
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
        let table = scenario
            .run(wrapped)
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
        let busy_before = self.busy;
        let entry = self.reports.entry(scenario);
        let report = entry.or_insert_with(|| {
            let run = scenario.run(wrapped);
            let run = match busy_before {
                true => run
                    .schedules(SCHEDULES_OF_BUSY_ONES)
                    .steps(STEPS_OF_BUSY_ONES)
                    .polls(scenario.polls_of_busy_ones()),
                false => run.schedules(scenario.schedules()).steps(STEPS),
            };
            let run = match scenario {
                // A job of the student's own may work for a while.
                Scenario::Program => run,
                _ => run.patience(PATIENCE),
            };
            run.seconds(scenario.seconds())
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
    fn ruling(&self, scenario: Scenario) -> Ruling {
        match self {
            NoReport::Fails(why) => Ruling::Fails(with(scenario, why)),
            NoReport::Unjudged(why) => Ruling::Unjudged(with(scenario, why)),
            NoReport::Differs(why) => Ruling::Unjudged(why.clone()),
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
    let tally = report.findings.iter().find(found)?;
    Some(Broken::by(tally, &in_schedules(tally, report, why)))
}

fn broken_ending(report: &Report, ending: Ending, words: &str) -> Option<Broken> {
    let found = |tally: &&Tally<Ending>| tally.what == ending && tally.schedules > 0;
    let tally = report.endings.iter().find(found)?;
    Some(Broken::by(tally, &in_schedules(tally, report, words)))
}

/// In how many of all schedules that is so.
fn in_schedules<T>(tally: &Tally<T>, report: &Report, what: &str) -> String {
    let (some, all) = (separated(tally.schedules), separated(report.schedules));
    match report.schedules {
        1 => format!("in the only schedule {what}"),
        _ => format!("in {some} of {all} schedules {what}"),
    }
}

/// In what way some schedule doesn't come to an end of its own.
fn hangs(report: &Report, so: &str) -> Option<Broken> {
    let exits = |tally: &&Tally<Ending>| matches!(tally.what, Ending::Exit(_));
    if let Some(tally) = report.endings.iter().find(exits) {
        return broken_ending(report, tally.what, "it ends the whole process");
    }
    [
        (Ending::Deadlock, format!("it ends in a deadlock: {so}")),
        (
            Ending::JoinsItself,
            format!("it ends with a thread that joins itself: {so}"),
        ),
        (
            Ending::WaitsForClient,
            "it waits for one more client".to_string(),
        ),
        (Ending::Livelock, format!("it goes round in circles: {so}")),
        (Ending::TooLong, format!("it has no end: {so}")),
        (Ending::Aborts, "it aborts the whole process".to_string()),
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
