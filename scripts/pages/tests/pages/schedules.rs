//! What holds over every schedule of a listing's pool, with 2, 3 and 4 workers and 0, 1 and 2 jobs, and
//! what the book says of these numbers in sentences.

use explore::{side_by_side, words::words};
use interleave::explorer::report::{Ending, Finding, Report};
use listings::{catalogue, root};
use pages::schedules::{self, Pool, Then};
use std::{fs, sync::OnceLock};

/// The pools of each listing, each explored once for all tests.
pub fn all_pools() -> &'static [(String, Then, Vec<Pool>)] {
    static POOLS: OnceLock<Vec<(String, Then, Vec<Pool>)>> = OnceLock::new();
    POOLS.get_or_init(|| {
        let all = catalogue::all().unwrap_or_else(|error| panic!("{error}"));
        side_by_side::each(&schedules::explorable(&all), |(listing, then)| {
            let pools = schedules::pools(&listing.name, *then);
            (listing.name.clone(), *then, pools)
        })
    })
}

fn pools(name: &str) -> &'static [Pool] {
    let found = all_pools().iter().find(|(listing, _, _)| listing == name);
    &found.unwrap_or_else(|| panic!("{name} has no pool")).2
}

/// Before 20.23 nobody waits for the workers when a pool is dropped.
#[test]
fn listing_20_21() {
    let kept = works_while_it_is_kept("listing-20-21");
    assert!(kept.any(&Finding::JobsTogether));
    dropping_cuts_jobs_off("listing-20-21");
}

#[test]
fn listing_20_21_a_boxed_fnonce() {
    let kept = works_while_it_is_kept("listing-20-21-a-boxed-fnonce");
    assert!(kept.any(&Finding::JobsTogether));
    dropping_cuts_jobs_off("listing-20-21-a-boxed-fnonce");
}

/// The lock is held while a job runs, so no two ever run at once.
#[test]
fn listing_20_22() {
    let kept = works_while_it_is_kept("listing-20-22");
    assert!(!kept.any(&Finding::JobsTogether));
    dropping_cuts_jobs_off("listing-20-22");
}

#[test]
fn listing_20_23_b_take() {
    let pools = Pools::dropped("listing-20-23-b-take");
    pools.always(Ending::Deadlock);
    assert!(pools.any(&Finding::JobsTogether));
}

#[test]
fn listing_20_24() {
    let pools = Pools::dropped("listing-20-24");
    pools.always(Ending::Deadlock);
    assert!(pools.any(&Finding::JobsTogether));
}

#[test]
fn listing_20_25() {
    shuts_down_cleanly("listing-20-25");
}

#[test]
fn listing_20_26() {
    shuts_down_cleanly("listing-20-26");
}

/// One schedule in a few comes through; every other one ends in the deadlock.
#[test]
fn listing_20_26_single_loop() {
    let name = "listing-20-26-single-loop";
    let pools = Pools::dropped(name);
    for report in pools.reports.iter().copied() {
        assert!(report.unfinished.is_none(), "{}", words(report));
        assert!(report.ending(Ending::Normal) > 0, "{}", words(report));
        assert!(report.ending(Ending::Deadlock) > 0, "{}", words(report));
        let both = report.ending(Ending::Normal) + report.ending(Ending::Deadlock);
        assert_eq!(both, report.schedules, "{}", words(report));
    }
    assert!(pools.any(&Finding::JobsTogether));
    assert!(!pools.any(&Finding::JobLost));
}

/// The first worker to notice panics with the lock in its hand, the others panic on that, and the
/// `unwrap` of a `join` hands the panic on to `main`.
#[test]
fn listing_2021_20_23() {
    let name = "listing-2021-20-23";
    let pools = Pools::dropped(name);
    pools.always(Ending::MainPanics);
    assert!(!pools.any(&Finding::JobLost));
}

#[test]
fn listing_2021_20_24() {
    shuts_down_cleanly("listing-2021-20-24");
}

#[test]
fn listing_2021_20_25() {
    shuts_down_cleanly("listing-2021-20-25");
}

#[test]
fn listing_next_1_docs() {
    shuts_down_cleanly("listing-next-1-docs");
}

#[test]
fn listing_next_2_tests() {
    shuts_down_cleanly("listing-next-2-tests");
}

#[test]
fn listing_next_3_errors() {
    shuts_down_cleanly("listing-next-3-errors");
}

#[test]
fn listing_next_4_another_task() {
    shuts_down_cleanly("listing-next-4-another-task");
}

/// Every job is done, and then everybody waits: the pool for jobs, and `main` for a client.
fn works_while_it_is_kept(name: &str) -> Pools {
    let pools = Pools::kept(name);
    pools.always(Ending::WaitsForClient);
    assert!(!pools.any(&Finding::JobNeverRuns));
    pools
}

/// Dropping the pool returns while its workers live, and `main` cuts off what they do.
fn dropping_cuts_jobs_off(name: &str) {
    let pools = Pools::dropped(name);
    pools.always(Ending::CutsOff);
    for (i, report) in pools.reports.iter().copied().enumerate() {
        assert!(
            report.finding(&Finding::ThreadLeaked) > 0,
            "{}",
            words(report)
        );
        let lost = [Finding::JobLost, Finding::JobNeverRuns]
            .iter()
            .all(|finding| report.finding(finding) == report.schedules);
        // Every third pool has no job.
        assert_eq!(lost, i % 3 > 0, "{}", words(report));
    }
}

/// What the listing's `Cargo.toml` says of dropping the pool is so.
fn drops(name: &str, reports: &[&Report]) {
    let always = |ending| reports.iter().all(|report| report.always(ending));
    let never = |ending| reports.iter().all(|report| report.never(ending));
    let word = if always(Ending::Normal) {
        "returns"
    } else if always(Ending::Deadlock) {
        "hangs"
    } else if always(Ending::MainPanics) {
        "panics"
    } else if never(Ending::Deadlock) {
        "cuts jobs off"
    } else {
        "may hang"
    };
    let listing = catalogue::named(name).unwrap_or_else(|error| panic!("{error}"));
    assert_eq!(listing.drop.as_deref(), Some(word), "{name}");
}

/// Dropping the pool always returns, no job is lost, no thread is left, nobody panics; and the
/// jobs run side by side.
fn shuts_down_cleanly(name: &str) {
    let pools = Pools::dropped(name);
    pools.always(Ending::Normal);
    for finding in [
        Finding::JobLost,
        Finding::JobNeverRuns,
        Finding::ThreadLeaked,
    ] {
        assert!(!pools.any(&finding), "{name}: {finding}");
    }
    assert!(pools.any(&Finding::JobsTogether));
    for report in pools.reports.iter().copied() {
        let panic = |finding: &Finding| matches!(finding, Finding::Panic { .. });
        assert!(
            !report.findings.iter().any(|tally| panic(&tally.what)),
            "{report:?}"
        );
    }
}

/// The reports on the pools of one listing.
struct Pools {
    reports: Vec<&'static Report>,
}

impl Pools {
    /// Pools that are used and dropped. What the listing says of that must be so.
    fn dropped(name: &str) -> Pools {
        let pools = Pools::then(name, Then::Dropped);
        drops(name, &pools.reports);
        pools
    }

    /// Pools that are used and kept, while `main` waits for a client.
    fn kept(name: &str) -> Pools {
        Pools::then(name, Then::Kept)
    }

    fn then(name: &str, wanted: Then) -> Pools {
        let mut all = all_pools().iter();
        let found = all.find(|(listing, then, _)| listing == name && *then == wanted);
        let (_, _, pools) = found.unwrap_or_else(|| panic!("{name} has no pool {wanted:?}"));
        let reports = pools.iter().map(|pool| &pool.report).collect();
        Pools { reports }
    }

    fn always(&self, ending: Ending) {
        for report in &self.reports {
            assert!(report.always(ending), "{}", words(report));
        }
    }

    fn any(&self, finding: &Finding) -> bool {
        self.reports
            .iter()
            .any(|report| report.finding(finding) > 0)
    }
}

/// "Counting by hand" says how the numbers come about.
#[test]
fn the_explorer_counts_what_the_book_counts_by_hand() {
    let one_loop = pools("listing-20-26-single-loop");
    for (two, one) in pools("listing-20-25").iter().zip(one_loop) {
        let size = (two.workers, two.jobs);
        assert_eq!(size, (one.workers, one.jobs));
        let orders = two.workers.pow(u32::try_from(two.jobs).expect("a few"));
        let leaving: usize = (1..=two.workers).product();
        assert_eq!(two.report.schedules, orders * leaving, "{size:?}");
        assert!(two.report.always(Ending::Normal), "{size:?}");
        let fewer = one.report.schedules < two.report.schedules;
        assert_eq!(fewer, two.workers > 3, "{size:?}");
        // They leave in the order of their numbers, whoever did the jobs.
        assert_eq!(one.report.ending(Ending::Normal), orders, "{size:?}");
        // In each round, with one fewer left: who may take the wrong message, times who may be next.
        let wrong: usize = (1..one.workers).map(|others| others * others).sum();
        assert_eq!(
            one.report.ending(Ending::Deadlock),
            orders * wrong,
            "{size:?}"
        );
    }
    let page = fs::read_to_string(root().join("book/src/why-two-loops.md"));
    let page = page
        .expect("the page can be read")
        .replace(['\n', '\r'], " ");
    for sum in [
        "3 × 2 × 1 = 6 schedules",
        "4 × 3 × 2 × 1 = 24 for the leaving",
        "16 × 24 = 384",
        "2 × 2 + 1 = 5",
    ] {
        assert!(page.contains(sum), "why-two-loops.md should say: {sum}");
    }
}

/// Where the book says that two tables are the same, they are.
#[test]
fn tables_that_are_called_the_same_are_the_same() {
    let counts = |name: &str| -> Vec<[u128; 7]> {
        let row = |pool: &Pool| {
            let report = &pool.report;
            let ends = [Ending::Normal, Ending::Deadlock, Ending::WaitsForClient];
            let [normal, deadlock, waits] = ends.map(|ending| report.ending(ending) as u128);
            let schedules = report.schedules as u128;
            let size = [pool.workers, pool.jobs].map(|number| number as u128);
            [
                size[0],
                size[1],
                schedules,
                normal,
                deadlock,
                waits,
                report.logs.logs,
            ]
        };
        pools(name).iter().map(row).collect()
    };
    let together = |name: &str| -> Vec<bool> {
        let together = |pool: &Pool| pool.report.finding(&Finding::JobsTogether) > 0;
        pools(name).iter().map(together).collect()
    };
    for (one, other) in [
        ("listing-20-21", "listing-20-21-a-boxed-fnonce"),
        ("listing-20-23-b-take", "listing-20-24"),
        ("listing-20-25", "listing-20-26"),
        ("listing-2021-20-24", "listing-2021-20-25"),
        ("listing-2021-20-25", "listing-next-1-docs"),
        ("listing-next-1-docs", "listing-next-2-tests"),
        ("listing-2021-20-25", "listing-next-4-another-task"),
    ] {
        assert_eq!(counts(one), counts(other), "{one}, {other}");
        assert_eq!(together(one), together(other), "{one}, {other}");
    }
    // All that differs in 20.22 is that no two jobs ever run at once.
    let (before, dead_end) = ("listing-20-21-a-boxed-fnonce", "listing-20-22");
    assert_eq!(counts(before), counts(dead_end));
    assert!(together(before).contains(&true) && !together(dead_end).contains(&true));
}
