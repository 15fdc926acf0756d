//! Threads that poll: whoever was held back longest is let go first, and only
//! a program that can't end without that is one that doesn't end.

use interleave as std;

use ::std::collections::BTreeSet;
use std::explorer::{self, Config, End, Summary};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

/// The kinds of end of all schedules, with pollers held back after one round.
fn ends(program: impl Fn() + Send + Sync + 'static) -> (BTreeSet<String>, Summary) {
    let mut ends = BTreeSet::new();
    let config = Config {
        executions: 2_000,
        ..Config::default()
    };
    let summary = explorer::explore(config, program, &mut |execution| {
        ends.insert(match &execution.end {
            End::Livelock { .. } => "Livelock".to_string(),
            other => format!("{other:?}"),
        });
    });
    (ends, summary)
}

/// Waits for a flag as long as it takes.
fn wait_for(flag: &AtomicBool) {
    while !flag.load(Ordering::SeqCst) {
        thread::yield_now();
    }
}

/// `others` threads wait for what one does that looks in vain `rounds` times
/// for something else before: nobody else can help it.
fn slow_one(others: usize, rounds: usize) -> impl Fn() + Send + Sync {
    move || {
        let flag = Arc::new(AtomicBool::new(false));
        let never = Arc::new(AtomicBool::new(false));
        let mut threads = Vec::new();
        for _ in 0..others {
            let flag = Arc::clone(&flag);
            threads.push(thread::spawn(move || wait_for(&flag)));
        }
        let own = Arc::clone(&flag);
        threads.push(thread::spawn(move || {
            for _ in 0..rounds {
                never.load(Ordering::SeqCst);
            }
            own.store(true, Ordering::SeqCst);
        }));
        wait_for(&flag);
        for thread in threads {
            thread.join().unwrap();
        }
    }
}

#[test]
fn everybody_gets_a_turn() {
    for (others, rounds) in [(0, 5), (1, 5), (2, 3)] {
        let (ends, summary) = ends(slow_one(others, rounds));
        assert!(summary.held_back, "{summary:?}");
        assert_eq!(ends, BTreeSet::from(["Normal".to_string()]), "{others}");
    }
}

#[test]
fn two_that_wait_for_each_other_never_end() {
    let (ends, summary) = ends(|| {
        let flags = Arc::new([AtomicBool::new(false), AtomicBool::new(false)]);
        let own = Arc::clone(&flags);
        let other = thread::spawn(move || {
            wait_for(&own[0]);
            own[1].store(true, Ordering::SeqCst);
        });
        wait_for(&flags[1]);
        flags[0].store(true, Ordering::SeqCst);
        other.join().unwrap();
    });
    assert!(summary.complete, "{summary:?}");
    assert_eq!(ends, BTreeSet::from(["Livelock".to_string()]));
}

/// With more rounds there are no fewer schedules: where the bound is reached once, it is not
/// reached for every larger number of rounds again.
#[test]
fn a_bound_that_is_reached_is_not_reached_again_and_again() {
    const BOUND: usize = 20;
    let runs = ::std::sync::Arc::new(::std::sync::atomic::AtomicUsize::new(0));
    let counted = ::std::sync::Arc::clone(&runs);
    let config = Config {
        executions: BOUND,
        ..Config::default()
    };
    let mut explorer = explorer::Explorer::new(config, move || {
        counted.fetch_add(1, ::std::sync::atomic::Ordering::Relaxed);
        slow_one(3, 3)();
    });
    let (found, summary) = explorer.explore_growing(|| 0, &mut |found, _| *found += 1);
    assert_eq!(found, BOUND);
    assert!(summary.held_back && !summary.complete);
    // Until somebody is held back, once more until the bound is met, and then the search itself.
    let runs = runs.load(::std::sync::atomic::Ordering::Relaxed);
    assert!(runs < 3 * BOUND, "{runs} runs");
}
