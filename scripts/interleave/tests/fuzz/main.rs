//! Thousands of small random programs. The explorer must say of each what a
//! plain model of it says, no more and no less, and run each trace once; and
//! what the real threads of the real `std` do must be among that.
//!
//! A failing program is made smaller and printed with its seed.
//! `INTERLEAVE_SEED=17 cargo test --test fuzz` runs that one alone,
//! `INTERLEAVE_PROGRAMS=100000` more of them, and `INTERLEAVE_REAL=2000` lets so
//! many run on real threads. With `TEST_ALL=1` there are more of each, and in a
//! release build, which is faster, far more.

// The interpreter is compiled for the explorer's `std` and for the real one.
#![allow(clippy::duplicate_mod)]

mod explored;
mod model;
mod output;
mod program;
mod random;
mod real;
mod schedules;
mod seen;
mod shrink;

use explored::{Found, explore};
use interleave::explorer::Config;
use model::Model;
use program::{Program, Topic};
use random::Random;
use seen::{End, Outcomes, Record, Recorder};
use shrink::shrink;
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::sync::Arc;
use std::time::{Duration, Instant};

/// A poller is never held back.
const FREELY: usize = 1000;

/// The model gives up a program that has more states.
const STATES: usize = 1_500;

/// A program with more traces is left out: many small programs see more than a
/// few large ones.
const TRACES: usize = 150;

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

/// How many programs a test tries: in most runs, with `TEST_ALL`, and with that in a release build,
/// which is faster.
#[derive(Clone, Copy)]
struct Number {
    short: u64,
    long: u64,
    release: u64,
}

impl Number {
    fn of_this_run(self) -> u64 {
        match (env::var_os("TEST_ALL"), cfg!(debug_assertions)) {
            (None, _) => self.short,
            (Some(_), true) => self.long,
            (Some(_), false) => self.release,
        }
    }
}

/// How many programs are compared with the model, of each kind.
const COMPARED: Number = Number {
    short: 50,
    long: 150,
    release: 1_000,
};

/// How many programs are run in every schedule.
const IN_EVERY_SCHEDULE: Number = Number {
    short: 40,
    long: 100,
    release: 1_000,
};

/// How many programs run on real threads.
const REAL: Number = Number {
    short: 40,
    long: 100,
    release: 2_000,
};

/// The seeds of a test's programs.
fn seeds(programs: Number) -> std::ops::Range<u64> {
    match number("INTERLEAVE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..number("INTERLEAVE_PROGRAMS").unwrap_or(programs.of_this_run()),
    }
}

fn random_program(seed: u64, topic: Topic) -> Arc<Program> {
    let mut random = Random::new(seed);
    let size = 3 + random.below(8);
    Arc::new(Program::random(&mut random, size, topic))
}

fn config(polls: usize) -> Config {
    Config {
        polls,
        repeats: polls,
        executions: TRACES,
        ..Config::default()
    }
}

/// What the model says and the explorer doesn't, and the other way round.
fn difference(model: &Outcomes, found: &Found) -> String {
    let mut shown = String::new();
    let sides = [
        ("only the model", model, &found.outcomes),
        ("only the explorer", &found.outcomes, model),
    ];
    for (who, some, others) in sides {
        for (outcome, logs) in some {
            let known = others.get(outcome);
            if known.is_none() {
                shown += &format!("{who}: {outcome:?}\n");
            }
            for log in logs {
                if known.is_some_and(|known| !known.contains(log)) {
                    shown += &format!("{who}: {outcome:?} with the log {log:?}\n");
                }
            }
        }
    }
    shown
}

/// What the comparison of a program with the model has found.
enum Verdict {
    /// It has too many states or traces.
    TooLarge,
    Same(Found),
    Differ(String),
}

fn compare(program: &Arc<Program>) -> Verdict {
    let Some(truth) = Model::new(program).outcomes(STATES) else {
        return Verdict::TooLarge;
    };
    let found = explore(program, config(FREELY), false);
    let summary = &found.summary;
    if !summary.complete && summary.executions >= TRACES {
        return Verdict::TooLarge;
    }
    if !summary.complete || summary.held_back {
        return Verdict::Differ(format!("{summary:?}\n"));
    }
    if found.twice > 0 {
        return Verdict::Differ(format!("{} traces twice\n", found.twice));
    }
    if found.outcomes != truth {
        return Verdict::Differ(difference(&truth, &found));
    }
    let mut logs: BTreeMap<End, BTreeSet<String>> = BTreeMap::new();
    for (outcome, of_outcome) in &truth {
        let all = logs.entry(outcome.end.clone()).or_default();
        all.extend(of_outcome.iter().cloned());
    }
    if found.logs != logs {
        return Verdict::Differ(format!("logs {:?}, not {logs:?}\n", found.logs));
    }
    Verdict::Same(found)
}

/// Compares the explorer with the model, for programs of one kind.
fn against_model(topic: Topic) {
    let seeds = seeds(COMPARED);
    let all = seeds.end - seeds.start;
    let (mut compared, mut traces, mut redundant) = (0, 0, 0);
    for seed in seeds {
        let program = random_program(seed, topic);
        match compare(&program) {
            Verdict::TooLarge => {}
            Verdict::Same(found) => {
                compared += 1;
                traces += found.summary.executions;
                redundant += found.summary.redundant;
            }
            Verdict::Differ(difference) => {
                let differs = |program: &_| matches!(compare(program), Verdict::Differ(_));
                let smallest = shrink(&program, &differs);
                let Verdict::Differ(small) = compare(&smallest) else {
                    panic!("seed {seed} of {topic:?} differs now and then:\n{difference}");
                };
                panic!("seed {seed} of {topic:?}, made smaller:\n{small}{smallest:?}");
            }
        }
    }
    println!(
        "{topic:?}: {compared} of {all} programs compared: {traces} traces, {redundant} redundant \
         runs"
    );
    assert!(
        compared * 3 > all || all == 1,
        "most programs are too large for the model"
    );
}

macro_rules! topics {
    ($($name:ident: $topic:expr;)*) => {
        $(
            #[test]
            fn $name() {
                against_model($topic);
            }
        )*
    };
}

topics! {
    locks: Topic::Locks;
    read_write_locks: Topic::ReadWrite;
    channels: Topic::Channels;
    condvars: Topic::Condvars;
    onces: Topic::Onces;
    atomics: Topic::Atomics;
    threads: Topic::Threads;
    network: Topic::Network;
    everything: Topic::Everything;
}

/// A trace is what all its schedules have in common: there are as many as all
/// schedules together have, and each has a name of its own.
#[test]
fn every_schedule() {
    let (mut compared, mut traces) = (0, 0);
    let seeds = seeds(IN_EVERY_SCHEDULE);
    let all = seeds.end - seeds.start;
    for seed in seeds {
        let topic = TOPICS[seed as usize % TOPICS.len()];
        let program = Arc::new(Program::random(&mut Random::new(seed), 4, topic));
        let recorder = Arc::new(Recorder::new());
        let mut explorer = explored::explorer(&program, config(FREELY), &recorder);
        let Some(truth) = schedules::traces(&mut explorer, 400) else {
            continue;
        };
        let found = explore(&program, config(FREELY), false);
        assert!(
            found.cuts == truth,
            "seed {seed}: {} traces, cut off where they can be, of {} that all schedules have\n{program:?}",
            found.cuts.len(),
            truth.len()
        );
        compared += 1;
        traces += truth.len();
    }
    println!("{compared} of {all} programs compared: {traces} traces");
    assert!(compared * 3 > all, "most programs have too many schedules");
}

/// Where a poller is held back, something may be missing, and only then; never
/// is there too much. And where it is let go more and more often, nothing is
/// missing, or that is said.
#[test]
fn what_is_held_back() {
    let (mut held, mut lost, mut grown) = (0, 0, 0);
    for seed in seeds(COMPARED) {
        let topic = TOPICS[seed as usize % TOPICS.len()];
        let program = random_program(seed, topic);
        let Some(truth) = Model::new(&program).outcomes(STATES) else {
            continue;
        };
        let soon = explore(&program, config(1), false);
        if !soon.summary.complete {
            continue;
        }
        let missing = soon.outcomes != truth;
        let known = |(outcome, logs): (_, &BTreeSet<String>)| {
            truth.get(outcome).is_some_and(|all| logs.is_subset(all))
        };
        assert!(
            soon.outcomes.iter().all(known) && (soon.summary.held_back || !missing),
            "seed {seed}: {:?}\n{}{program:?}",
            soon.summary,
            difference(&truth, &soon)
        );
        held += usize::from(soon.summary.held_back);
        lost += usize::from(missing);
        if soon.summary.held_back {
            let all = explore(&program, config(1), true);
            assert!(
                all.outcomes == truth || all.summary.held_back || !all.summary.complete,
                "seed {seed}: {:?}\n{}{program:?}",
                all.summary,
                difference(&truth, &all)
            );
            grown += usize::from(all.outcomes == truth);
        }
    }
    println!(
        "{held} programs with a poller held back, {lost} lost by that, {grown} not in the end"
    );
    assert!(lost > 0, "no program shows what holding back loses");
}

/// Each kind of program.
const TOPICS: [Topic; 9] = [
    Topic::Locks,
    Topic::ReadWrite,
    Topic::Channels,
    Topic::Condvars,
    Topic::Onces,
    Topic::Atomics,
    Topic::Threads,
    Topic::Network,
    Topic::Everything,
];

/// How often a program runs on real threads.
const RUNS: u64 = 4;

/// How many programs do so at once.
const TOGETHER: usize = 20;

/// A run that may hang is given up after this time: it proves nothing.
const PATIENCE: Duration = Duration::from_millis(300);

/// A run that can't hang has this much time. If it is not over then, it hangs.
const DEADLINE: Duration = Duration::from_secs(60);

/// Whether the explorer has foreseen what a real run has done. Only of the
/// thread that has ended the process is known what it had seen by then.
fn foreseen(outcomes: &Outcomes, run: &Record) -> bool {
    let Some((end, thread)) = &run.end else {
        return false;
    };
    outcomes.iter().any(|(outcome, logs)| {
        outcome.end == *end
            && outcome.histories[*thread] == run.histories[*thread]
            && logs.contains(&run.log)
    })
}

/// Programs with what the explorer has foreseen for them.
fn settled_programs(seeds: &mut impl Iterator<Item = u64>) -> Vec<(u64, Arc<Program>, Outcomes)> {
    let programs = seeds.filter_map(|seed| {
        let program = random_program(seed, TOPICS[seed as usize % TOPICS.len()]);
        if !real::is_settled(&program) {
            return None;
        }
        let found = explore(&program, config(FREELY), false);
        let complete = found.summary.complete;
        complete.then_some((seed, program, found.outcomes))
    });
    programs.take(TOGETHER).collect()
}

#[test]
fn real_threads() {
    if !cfg!(target_os = "linux") {
        eprintln!("skipped: what std leaves open was looked at for Linux only");
        return;
    }
    let wanted = number("INTERLEAVE_REAL").unwrap_or(REAL.of_this_run()) as usize;
    let mut seeds = match number("INTERLEAVE_SEED") {
        Some(seed) => seed..seed + 1,
        None => 0..u64::MAX,
    };
    let (mut programs, mut runs, mut hung) = (0, 0, 0);
    while programs < wanted {
        let batch = settled_programs(&mut seeds);
        if batch.is_empty() {
            break;
        }
        let begun = Instant::now();
        let mut running = Vec::new();
        for (seed, program, _) in &batch {
            let runs = (0..RUNS).map(|run| real::start(program, Random::new(seed * RUNS + run)));
            running.push(runs.collect::<Vec<_>>());
        }
        for ((seed, program, outcomes), all) in batch.iter().zip(running) {
            programs += 1;
            let may_hang = outcomes.keys().any(|outcome| outcome.end == End::Stuck);
            let time = if may_hang { PATIENCE } else { DEADLINE };
            for run in all {
                runs += 1;
                let Some(record) = run.outcome(begun + time) else {
                    hung += 1;
                    assert!(
                        may_hang,
                        "seed {seed}: real threads hang with {:?} and {:?}, foreseen are\n\
                         {outcomes:#?}\n{program:?}",
                        run.so_far().histories,
                        run.so_far().log
                    );
                    continue;
                };
                assert!(
                    foreseen(outcomes, &record),
                    "seed {seed}: real threads end by {:?} with {:?} and {:?}, foreseen are\n\
                     {outcomes:#?}\n{program:?}",
                    record.end,
                    record.histories,
                    record.log
                );
            }
        }
    }
    println!("{programs} programs, {runs} runs on real threads, {hung} of them hang");
}
