//! What becomes of a pool, and of the jobs after it, when the first job panics: over every
//! schedule, for pools of 1 to 4 workers.

use interleave::explorer::report::{Ending, Finding, Report};
use pages::explored::explored;

/// The finished pools of both designs, and the one that catches panics.
const POOLS: [&str; 3] = [
    "listing-20-25",
    "listing-2021-20-24",
    "listing-next-3-errors",
];

#[test]
fn when_the_first_job_panics() {
    for name in POOLS {
        let sizes = (1..=4).flat_map(|workers| [(workers, 1), (workers, 2)]);
        for (workers, jobs) in sizes {
            let report = panicking(name, workers, jobs);
            assert!(report.unfinished.is_none(), "{report:?}");
            let lost = report.finding(&Finding::JobUndone);
            if name == "listing-next-3-errors" {
                assert!(report.always(Ending::Normal), "{report:?}");
                assert_eq!(lost, 0, "{report:?}");
                continue;
            }
            let panics = report.ending(Ending::MainPanics) + report.ending(Ending::Aborts);
            assert_eq!(panics, report.schedules, "{report:?}");
            // What is given after it can get lost; alone it loses nothing but itself.
            assert_eq!(lost > 0, jobs > 1, "{report:?}");
        }
    }
}

fn panicking(name: &str, workers: usize, jobs: usize) -> Report {
    let run = explored(name).pool(workers, jobs).panics(1);
    run.report().expect("a report")
}
