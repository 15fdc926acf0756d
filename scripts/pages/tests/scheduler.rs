//! The page on which the reader is the scheduler: its data is what the explorer finds, and what
//! its levels say of the listings is so.
//!
//! `INSTA_UPDATE=always` writes the data files anew.

use explore::{side_by_side, wrap::Run};
use listings::diff::difference;
use pages::{
    explored::explored,
    made,
    scheduler::{
        self,
        arrangements::{self, Explored},
        holds,
        level::{Level, OTHER_LOG, State, Step},
        script, source,
    },
};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    io::{Write, stderr},
};

/// As four workers once printed it.
const LOG_2018: &str = include_str!("../../listings/tests/listings/printed/listing-20-26.txt");

#[test]
fn one_loop_may_deadlock_and_may_end() {
    for (name, workers) in [("one-loop", 2), ("one-loop-3", 3)] {
        let listing = "listing-20-26-single-loop";
        let level = of(listing, explored(listing).pool(workers, 1), workers == 2);
        let ends: Vec<&str> = level.ends().into_keys().collect();
        assert_eq!(ends, ["deadlock", "end normally"]);
        is_the_file(name, listing, &level);

        // It may deadlock with a worker waiting that never had a job, and with worker 1.
        let busy = |step: &Step| step.thread == 1 && step.lead.does.starts_with("start job");
        let idle = level.reached_from(0, |step| !busy(step));
        let deadlock = |&&state: &&usize| level.states[state].end.as_deref() == Some("deadlock");
        assert!(idle.iter().any(|state| deadlock(&state)));
        let joins = |state: &&State| state.threads[0].next == "join worker 1";
        let stuck = level
            .states
            .iter()
            .filter(|state| state.end.as_deref() == Some("deadlock"));
        assert_eq!(stuck.filter(joins).count() > 0, workers == 3);
    }
}

#[test]
fn two_loops_are_never_stuck() {
    let listing = "listing-20-25";
    let run = explored(listing).pool(3, 2);
    let mut level = of(listing, run.clone(), false);
    level.always_ends("end normally");
    level.schedules = Some(schedules(run));
    assert_eq!(level.schedules, Some(54));
    is_the_file("two-loops", listing, &level);
}

/// A job panics, its worker is gone, and another job may be cut off with the rest of the program.
#[test]
fn a_panicking_job_can_cost_another_one() {
    let listing = "listing-20-25";
    let level = of(listing, explored(listing).pool(2, 2).panics(1), true);
    level.always_ends("main panics");
    let kept = level.reached_from(0, |step| step.lead.does != "finish job 1");
    assert!(kept.iter().any(|&state| level.states[state].end.is_some()));
    is_the_file("panicking-job", listing, &level);
}

/// The channel may be closed with the job still in it, and then the job is done all the same.
#[test]
fn a_closed_channel_hands_out_its_jobs() {
    let listing = "listing-2021-20-24";
    let level = of(listing, explored(listing).pool(2, 1), true);
    level.always_ends("end normally");
    let early = level
        .steps()
        .filter(|step| step.lead.does == "drop a sender of the channel")
        .filter(|step| !level.states[step.from].queue.is_empty());
    assert!(early.count() > 0);
    // Without the step that finishes the job no end can be reached.
    let reached = level.reached_from(0, |step| step.lead.does != "finish job 0");
    assert!(
        reached
            .iter()
            .all(|&state| level.states[state].end.is_none())
    );
    is_the_file("closed-channel", listing, &level);
}

#[test]
fn while_let_never_runs_two_jobs_at_once() {
    let listing = "listing-20-22";
    let run = explored(listing).keep(2, 2);
    let mut level = of(listing, run.clone(), true);
    level.schedules = Some(schedules(run));
    level.always_ends("wait for a client");
    let most = |level: &Level| level.states.iter().map(State::running).max();
    assert_eq!(most(&level), Some(1));
    is_the_file("while-let", listing, &level);

    // Two jobs are enough to see it: the listing before runs them at once.
    let listing = "listing-20-21-a-boxed-fnonce";
    let before = of(listing, explored(listing).keep(2, 2), true);
    assert_eq!(most(&before), Some(2));
}

/// Either worker may notice first that the channel is closed; the other one panics on the lock.
#[test]
fn either_worker_may_panic_first() {
    let listing = "listing-2021-20-23";
    let level = of(listing, explored(listing).pool(2, 1), true);
    level.always_ends("main panics");
    let first = |step: &Step| step.lead.does == "receive from the channel: the other side is gone";
    let threads: BTreeSet<usize> = level
        .steps()
        .filter(first)
        .map(|step| step.thread)
        .collect();
    assert_eq!(threads, BTreeSet::from([1, 2]));
    for step in level.steps().filter(first) {
        let after = level.reached_from(step.lead.to, |_| true);
        let again = |step: &Step| after.contains(&step.from) && first(step);
        assert!(!level.steps().any(|step| again(&step)));
    }
    is_the_file("closed-and-unwrapped", listing, &level);
}

/// The log of four workers, as it was once printed: from where all of them wait for a job.
#[test]
fn the_log_that_was_once_printed_can_be_printed_again() {
    let run = explored("listing-20-26").pool(4, 2);
    let whole = Level::new(source("listing-20-26"), LOG_2018, run, true);
    let mut level = whole.after(|threads| {
        let ready = |next: &str| next.starts_with("print `") || next == "take the lock";
        threads.iter().position(|thread| !ready(&thread.next))
    });
    assert!(level.states[0].printed.iter().all(Vec::is_empty));
    assert_eq!(level.states[0].queue, ["job 0", "job 1"]);
    level.scenario += ": all workers have started, and both jobs are in the queue";
    let ends: Vec<&str> = level.ends().into_keys().collect();
    assert_eq!(ends, [OTHER_LOG, "end normally"]);
    for state in level.states.iter().filter(|state| state.end.is_some()) {
        let lines: usize = state.printed.iter().map(Vec::len).sum();
        let all = lines == LOG_2018.lines().count();
        assert_eq!(all, state.end.as_deref() == Some("end normally"));
    }
    is_the_file("log", "listing-20-26", &level);
}

/// Those of which something is known from the book.
const KNOWN: [&str; 9] = [
    "F(SJ)", "F(S)F(J)", "NR(J)", "DF(J)", "F(DJ)", "F(SPJ)", "R(SJ)", "F(SSJ)", "F(NJ)",
];

/// Each arrangement of the blocks that can be made on the page is a crate. To build them all takes
/// long, so most runs explore some of them, and see that the page has the rest.
#[test]
fn every_arrangement_is_explored() {
    let all = arrangements::all();
    assert_eq!(all.len(), 204);
    let everything = made::updates() || env::var_os("TEST_ALL").is_some();
    let blocks: Vec<String> = match everything {
        true => all.clone(),
        false => {
            let some = (all.iter().enumerate())
                .filter(|(number, blocks)| number % 8 == 0 || KNOWN.contains(&blocks.as_str()))
                .map(|(_, blocks)| blocks.clone());
            some.collect()
        }
    };
    if !everything {
        let _ = writeln!(
            stderr(),
            "skipped: {} of {} arrangements, which take long; with TEST_ALL=1 none is",
            all.len() - blocks.len(),
            all.len()
        );
    }
    let wrapped = arrangements::build(&blocks);
    let pairs: Vec<_> = blocks.iter().zip(&wrapped).collect();
    let explored = side_by_side::each(&pairs, |(blocks, wrapped)| {
        ((*blocks).clone(), arrangements::explore(blocks, wrapped))
    });
    let explored: BTreeMap<String, Explored> = explored.into_iter().collect();
    assert_eq!(explored.len(), blocks.len());
    let verdict = |blocks: &str, pool: usize| &explored[blocks].totals[pool];
    let right: Vec<&str> = explored
        .iter()
        .filter(|(_, explored)| explored.losing.is_none())
        .map(|(blocks, _)| blocks.as_str())
        .collect();
    // Neither does it matter who is joined first, nor is anything lost by a printed line.
    let right_ones = [
        "DF(J)",
        "F(DJ)",
        "F(S)DF(J)",
        "F(S)F(DJ)",
        "F(S)F(J)",
        "F(S)F(J)D",
        "F(S)F(JD)",
        "NDF(J)",
        "NF(DJ)",
        "NF(J)",
        "NF(J)D",
        "NF(JD)",
        "SDF(J)",
        "SF(DJ)",
    ];
    let backwards = |blocks: &str| {
        let (before, round) = blocks.rsplit_once('F').expect("each of them joins");
        [format!("{before}F{round}"), format!("{before}R{round}")]
    };
    let printing = |blocks: String| [blocks.replace('J', "PJ"), blocks];
    let known = |blocks: &String| explored.contains_key(blocks);
    let expected: BTreeSet<String> = right_ones
        .into_iter()
        .flat_map(backwards)
        .flat_map(printing)
        .filter(known)
        .collect();
    let expected: Vec<String> = expected.into_iter().collect();
    let differs = difference(&expected.join("\n"), &right.join("\n"));
    assert!(
        differs.is_empty(),
        "expected (-) and found (+) of those that come to a good end:\n{differs}"
    );
    // The one loop, and closing the channel, have the schedules of the listings.
    assert_eq!(
        (verdict("F(SJ)", 0).schedules, verdict("F(SJ)", 0).deadlocks),
        (4, 2)
    );
    assert_eq!(
        (verdict("F(SJ)", 1).schedules, verdict("F(SJ)", 1).deadlocks),
        (18, 15)
    );
    for right in ["F(S)F(J)", "NR(J)", "DF(J)", "F(DJ)"] {
        assert!(
            verdict(right, 0).is_right() && verdict(right, 1).is_right(),
            "{right}"
        );
    }
    // The repairs of "Why two loops" that repair nothing.
    assert!(verdict("F(SPJ)", 0).deadlocks > 0);
    assert!(verdict("R(SJ)", 0).deadlocks > 0);
    assert!(verdict("F(SSJ)", 0).deadlocks == 0 && verdict("F(SSJ)", 0).panics > 0);
    assert!(verdict("F(SSJ)", 1).deadlocks > 0);
    assert!(verdict("F(NJ)", 1).deadlocks == 0 && verdict("F(NJ)", 1).panics > 0);
    if everything {
        holds("programmer.js", &arrangements::script(&explored));
        return;
    }
    let script = scheduler::read("programmer.js");
    for (blocks, explored) in &explored {
        let verdict = arrangements::verdict(blocks, explored);
        assert!(
            script.contains(&format!("\n{verdict}")),
            "programmer.js doesn't have this:\n{verdict}"
        );
    }
    let has = |blocks: &&String| script.contains(&format!("\n\"{blocks}\": {{"));
    assert_eq!(all.iter().filter(has).count(), all.len());
}

fn schedules(run: Run) -> usize {
    match run.seconds(300).report() {
        Ok(report) => report.schedules,
        Err(trouble) => panic!("{trouble}"),
    }
}

fn of(listing: &str, run: Run, prints: bool) -> Level {
    Level::new(source(listing), "", run, prints)
}

/// The page's data on this level is what it should be.
#[track_caller]
fn is_the_file(name: &str, listing: &str, level: &Level) {
    holds(&format!("{name}.js"), &script::level(name, listing, level));
}
