//! What there is to beat: two other explorers on the same pools, as measured elsewhere.

use crate::case::{Case, DESIGNS, Measured};
use interleave::numbers::separated;

/// A pool, and what came of it in ninety seconds in `loom` 0.7.2 and in `shuttle` 0.9.9, which was
/// asked for every schedule.
struct Elsewhere {
    case: Case,
    loom: &'static str,
    shuttle: &'static str,
}

/// They are not run here: both need other source code, with their own types in it.
const ELSEWHERE: [Elsewhere; 3] = [
    Elsewhere {
        case: Case {
            design: 1,
            workers: 3,
            jobs: 2,
        },
        loom: "> 1,314,224, not finished",
        shuttle: "> 8,097,232, not finished",
    },
    Elsewhere {
        case: Case {
            design: 1,
            workers: 4,
            jobs: 2,
        },
        loom: "not finished",
        shuttle: "not finished",
    },
    Elsewhere {
        case: Case {
            design: 2,
            workers: 3,
            jobs: 2,
        },
        loom: "1: a deadlock that isn't",
        shuttle: "not finished",
    },
];

/// Prints what was measured there beside what `measured` has of the same pools.
pub fn print(measured: &[(Case, Measured)]) {
    println!(
        "\nOther explorers on the same pools, as measured elsewhere on another day and not by this \
         run:\nexecutions in 90 seconds.\n\n{:10} {:>4} {:>7}  {:25}  {:25}  here, in this run",
        "design", "jobs", "workers", "loom 0.7.2", "shuttle 0.9.9, exhaustive"
    );
    for Elsewhere {
        case,
        loom,
        shuttle,
    } in &ELSEWHERE
    {
        let here = measured.iter().find(|(other, _)| other == case);
        let here = here.map_or("not measured".to_string(), |(_, measured)| {
            let seconds = measured.time.as_secs_f64();
            match measured.stopped {
                None => format!("{} in {seconds:.3} s", separated(measured.executions)),
                Some(_) => format!(
                    "> {}, not finished in {seconds:.0} s",
                    separated(measured.executions)
                ),
            }
        });
        let design = format!("{:?}", DESIGNS[case.design]);
        let Case { workers, jobs, .. } = case;
        println!("{design:10} {jobs:>4} {workers:>7}  {loom:25}  {shuttle:25}  {here}");
    }
}
