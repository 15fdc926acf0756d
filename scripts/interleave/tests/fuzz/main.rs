//! Thousands of small random programs: the search must see what all schedules
//! together show, no more and no less, and each trace once.
//!
//! A failing seed is printed. `INTERLEAVE_SEED=17 cargo test --test fuzz` runs
//! that one alone, `INTERLEAVE_PROGRAMS=100000` more of them.

mod oracle;
mod program;
mod random;

use interleave::explorer::{Config, Explorer};
use oracle::{search, see, show_difference};
use program::{Program, Topic, run};
use random::Random;
use std::env;
use std::sync::{Arc, Mutex};

/// What is compared, for which programs.
#[derive(Clone, Copy, Debug)]
struct Fuzz {
    /// How many programs.
    programs: u64,
    topic: Topic,
    /// About how many instructions a program has.
    size: usize,
    /// Whether the oracle leaves out states that it has been in, by the name of
    /// the trace so far. Otherwise it runs every schedule there is, and shares
    /// nothing with the search but the program.
    prune: bool,
    /// The oracle gives up a program that needs more runs.
    runs: usize,
    /// As in [`Config`].
    polls: usize,
}

/// A poller is never held back.
const FREELY: usize = 1000;

#[derive(Default)]
struct Totals {
    compared: u64,
    executions: usize,
    redundant: usize,
    logs: usize,
}

fn number(name: &str) -> Option<u64> {
    env::var(name).ok()?.parse().ok()
}

impl Fuzz {
    fn run(self) {
        let seeds = match number("INTERLEAVE_SEED") {
            Some(seed) => seed..seed + 1,
            None => 0..number("INTERLEAVE_PROGRAMS").unwrap_or(self.programs),
        };
        let all = seeds.end - seeds.start;
        let mut totals = Totals::default();
        for seed in seeds {
            self.compare(seed, &mut totals);
        }
        println!(
            "{} of {all} programs compared: {} executions, {} redundant runs, {} logs",
            totals.compared, totals.executions, totals.redundant, totals.logs
        );
        assert!(
            totals.compared * 3 > all || all == 1,
            "most programs are too large for the oracle"
        );
    }

    fn compare(self, seed: u64, totals: &mut Totals) {
        let program = Program::random(&mut Random::new(seed), self.size, self.topic);
        let program = Arc::new(program);
        let own = Arc::clone(&program);
        let keep = Mutex::new(None);
        let config = Config {
            polls: self.polls,
            repeats: self.polls,
            executions: 20_000,
            ..Config::default()
        };
        let mut explorer = Explorer::new(config, move || run(&own, &keep));
        let Some(truth) = see(&mut explorer, self.prune, self.runs) else {
            return;
        };
        let (found, summary, twice) = search(&mut explorer);
        let lost = truth.traces.keys();
        let lost = lost
            .filter(|trace| !found.traces.contains_key(trace))
            .count();
        let extra = found.traces.keys();
        let extra = extra
            .filter(|trace| !truth.traces.contains_key(trace))
            .count();
        assert!(
            summary.complete && lost == 0 && extra == 0 && twice == 0,
            "seed {seed} of {self:?}: of {} traces {lost} lost, {extra} too many, {twice} \
             twice\n{summary:?}\nlost: {}\ntoo many: {}\n{program:?}",
            truth.traces.len(),
            show_difference(&mut explorer, &truth, &found),
            show_difference(&mut explorer, &found, &truth),
        );
        assert_eq!(
            found.traces, truth.traces,
            "seed {seed} of {self:?}: other verdicts\n{program:?}"
        );
        // The pruned oracle has not run the schedules that give all logs.
        assert!(
            self.prune || found.logs == truth.logs,
            "seed {seed} of {self:?}: logs\n{:#?}\nbut the schedules give\n{:#?}\n{program:?}",
            found.logs,
            truth.logs
        );
        totals.compared += 1;
        totals.executions += summary.executions;
        totals.redundant += summary.redundant;
        totals.logs += found.logs.len();
    }
}

/// Against every schedule of small programs.
fn all_schedules(topic: Topic, polls: usize) {
    let fuzz = Fuzz {
        programs: 250,
        topic,
        size: 6,
        prune: false,
        runs: 400,
        polls,
    };
    fuzz.run();
}

/// Against every state of larger programs.
fn all_states(topic: Topic, polls: usize) {
    let fuzz = Fuzz {
        programs: 60,
        topic,
        size: 12,
        prune: true,
        runs: 600,
        polls,
    };
    fuzz.run();
}

#[test]
fn all_schedules_of_locks() {
    all_schedules(Topic::Locks, FREELY);
}

#[test]
fn all_schedules_of_channels() {
    all_schedules(Topic::Channels, FREELY);
}

#[test]
fn all_schedules_of_condvars() {
    all_schedules(Topic::Condvars, FREELY);
}

#[test]
fn all_schedules_of_everything() {
    all_schedules(Topic::Everything, FREELY);
}

#[test]
fn all_schedules_with_pollers_held_back() {
    all_schedules(Topic::Everything, 1);
}

#[test]
fn all_states_of_locks() {
    all_states(Topic::Locks, FREELY);
}

#[test]
fn all_states_of_channels() {
    all_states(Topic::Channels, FREELY);
}

#[test]
fn all_states_of_condvars() {
    all_states(Topic::Condvars, FREELY);
}

#[test]
fn all_states_of_everything() {
    all_states(Topic::Everything, FREELY);
}

#[test]
fn all_states_with_pollers_held_back() {
    all_states(Topic::Everything, 1);
}
