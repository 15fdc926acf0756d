//! The reference numbers: pools of workers, their executions and deadlocks.

#[path = "common/pool.rs"]
mod pools;

use interleave::explorer::{self, Config, End};
use pools::Design;
use std::collections::BTreeSet;

/// Executions and deadlocks of a pool of `size` workers with `jobs` jobs. No
/// trace is run twice, and no run is for nothing.
fn count(design: Design, size: usize, jobs: usize) -> (usize, usize) {
    let mut deadlocks = 0;
    let mut traces = BTreeSet::new();
    let summary = explorer::explore(
        Config::default(),
        move || pools::scenario(design, size, jobs),
        &mut |execution| {
            traces.insert(execution.trace());
            match execution.end {
                End::Normal => {}
                End::Deadlock => deadlocks += 1,
                ref other => panic!("{other:?}"),
            }
        },
    );
    assert!(summary.complete, "{summary:?}");
    println!("{design:?} {size} {jobs}: {summary:?}");
    assert_eq!(
        (summary.executions, summary.redundant),
        (traces.len(), 0),
        "{design:?}, {size} workers, {jobs} jobs"
    );
    (summary.executions, deadlocks)
}

fn table(design: Design) -> Vec<Vec<(usize, usize)>> {
    let row = |size| (0..=2).map(|jobs| count(design, size, jobs)).collect();
    (2..=4).map(row).collect()
}

#[test]
fn single_loop() {
    assert_eq!(
        table(Design::SingleLoop),
        [
            [(2, 1), (4, 2), (8, 4)],
            [(6, 5), (18, 15), (54, 45)],
            [(15, 14), (60, 56), (240, 224)],
        ]
    );
}

#[test]
fn two_loops() {
    assert_eq!(
        table(Design::TwoLoops),
        [
            [(2, 0), (4, 0), (8, 0)],
            [(6, 0), (18, 0), (54, 0)],
            [(24, 0), (96, 0), (384, 0)],
        ]
    );
}

#[test]
fn closing_the_channel() {
    assert_eq!(
        table(Design::Closing),
        [
            [(2, 0), (4, 0), (8, 0)],
            [(6, 0), (18, 0), (54, 0)],
            [(24, 0), (96, 0), (384, 0)],
        ]
    );
}
