//! What becomes of a pool, and of the jobs after it, when the first job panics: over every
//! schedule, for pools of 1 to 4 workers.

use interleave::explorer::report::{Ending, Finding};
use pages::schedules::panicking_pools;

#[test]
fn when_the_first_job_panics() {
    for (name, pool) in panicking_pools() {
        let report = &pool.report;
        let lost = report.finding(&Finding::JobUndone);
        if *name == "listing-next-3-errors" {
            assert!(report.always(Ending::Normal), "{report:?}");
            assert_eq!(lost, 0, "{report:?}");
            continue;
        }
        let panics = report.ending(Ending::MainPanics) + report.ending(Ending::Aborts);
        assert_eq!(panics, report.schedules, "{report:?}");
        // What is given after it can get lost; alone it loses nothing but itself.
        assert_eq!(lost > 0, pool.jobs > 1, "{report:?}");
    }
}
