//! One exploration shared by several processes finds what one process finds.

use explore::wrap::{self, Wrapped};
use interleave::explorer::report::Report;
use std::path::{Path, PathBuf};

fn built(name: &str) -> Wrapped {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).join("../..");
    let folder: PathBuf = root.join("listings").join(name);
    let mut built = wrap::build(&wrap::folder(&format!("processes-{name}")), &[folder])
        .expect("Cargo can be run");
    built.remove(0).expect("the listing is covered")
}

/// Each is large enough to be shared, and has another kind of end.
#[test]
fn the_report_is_the_same_whatever_the_number() {
    for (name, workers, jobs) in [
        ("listing-20-25", 4, 2),
        ("listing-20-26-single-loop", 4, 2),
        ("listing-2021-20-23", 4, 2),
    ] {
        let pool = built(name);
        let report = |processes: usize| -> Report {
            let run = pool.pool(workers, jobs).all_logs(3);
            let run = run.contains(&["Shutting down.\n"]).processes(processes);
            run.report()
                .unwrap_or_else(|trouble| panic!("{name}: {trouble}"))
        };
        let alone = report(1);
        assert!(alone.unfinished.is_none(), "{name}: {alone:?}");
        assert!(alone.schedules > 150, "{name}: {}", alone.schedules);
        for processes in [2, 3] {
            assert_eq!(report(processes), alone, "{name}, {processes} processes");
        }
    }
}

#[test]
fn a_bound_ends_them_all() {
    let report = built("listing-20-25")
        .pool(4, 2)
        .processes(2)
        .schedules(320)
        .report()
        .expect("there is a report");
    let why = report.unfinished.expect("there are more");
    assert!(why.contains("the bound of 320 schedules"), "{why}");
    assert!(report.schedules >= 320, "{}", report.schedules);
}
