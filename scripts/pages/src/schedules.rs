//! What holds over every schedule of a pool, as tables: how many schedules there are for how many
//! workers and jobs, how they end, and how many logs they print.

use crate::{explored::explored, html, made::Part, places};
use explore::side_by_side;
use interleave::explorer::report::{Ending, Finding, Report};
use listings::catalogue::Listing;
use std::sync::OnceLock;

/// The columns for the ways to end; one in which nothing happens is left out.
const ENDINGS: [(Ending, &str); 5] = [
    (Ending::Normal, "end"),
    (Ending::CutsOff, "end and cut threads off"),
    (Ending::Deadlock, "deadlock"),
    (Ending::MainPanics, "<code>main</code> panics"),
    (Ending::WaitsForClient, "wait for a client"),
];

/// What becomes of a pool after its jobs were given.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Then {
    /// It is dropped.
    Dropped,
    /// It is kept, while `main` waits for a client.
    Kept,
}

/// A pool that was explored.
#[derive(Clone, Debug)]
pub struct Pool {
    /// How many workers it has.
    pub workers: usize,
    /// How many jobs it gets.
    pub jobs: usize,
    /// What the explorer found.
    pub report: Report,
}

/// The listings with a pool that works, and what is done with each: one that nobody waits for when
/// it is dropped is kept, too.
pub fn explorable(all: &[Listing]) -> Vec<(&Listing, Then)> {
    let mut explorable = Vec::new();
    for listing in all {
        match listing.drop.as_deref() {
            Some("cuts jobs off") => {
                explorable.extend([(listing, Then::Kept), (listing, Then::Dropped)]);
            }
            Some(_) => explorable.push((listing, Then::Dropped)),
            None => {}
        }
    }
    explorable
}

/// Explores the pools of a listing with 2, 3 and 4 workers and 0, 1 and 2 jobs.
///
/// Panics if that can't be done, or isn't finished.
pub fn pools(name: &str, then: Then) -> Vec<Pool> {
    let mut pools = Vec::new();
    for workers in 2..=4 {
        for jobs in 0..=2 {
            let run = match then {
                Then::Dropped => explored(name).pool(workers, jobs),
                Then::Kept => explored(name).keep(workers, jobs),
            };
            let report = run
                .report()
                .unwrap_or_else(|trouble| panic!("{name}: {trouble}"));
            assert!(report.unfinished.is_none(), "{report:?}");
            pools.push(Pool {
                workers,
                jobs,
                report,
            });
        }
    }
    pools
}

/// The table of a listing's pools.
pub fn part(listing: &Listing, then: Then, pools: &[Pool]) -> Part {
    let happens = |ending| pools.iter().any(|pool| pool.report.ending(ending) > 0);
    let endings: Vec<(Ending, &str)> = ENDINGS
        .into_iter()
        .filter(|(ending, _)| happens(*ending))
        .collect();
    let counted: usize = endings.iter().map(|(ending, _)| all(pools, *ending)).sum();
    let schedules: usize = pools.iter().map(|pool| pool.report.schedules).sum();
    assert_eq!(
        counted, schedules,
        "{}: a way to end has no column",
        listing.name
    );

    let mut columns = vec!["workers", "jobs", "schedules"];
    columns.extend(endings.iter().map(|(_, column)| column));
    columns.extend(["logs", "two jobs at once"]);
    let rows: Vec<Vec<String>> = pools
        .iter()
        .map(|pool| {
            let report = &pool.report;
            let numbers = [pool.workers, pool.jobs, report.schedules];
            let mut row: Vec<String> = numbers.map(html::number).to_vec();
            row.extend(
                endings
                    .iter()
                    .map(|(ending, _)| html::number(report.ending(*ending))),
            );
            row.push(report.logs.to_string());
            let together = report.finding(&Finding::JobsTogether) > 0;
            row.push(if together { "yes" } else { "no" }.to_string());
            row
        })
        .collect();
    let what = match then {
        Then::Dropped => "used and dropped",
        Then::Kept => "used and kept",
    };
    let link = places::link(listing);
    let cuts = match happens(Ending::CutsOff) {
        true => {
            " One schedule stands for every point at which the end of <code>main</code> cuts the \
             workers off."
        }
        false => "",
    };
    let more = more_logs(pools);
    let caption = format!("The pool of {link}, {what}. {more}{cuts}");
    let file = match (then, listing.drop.as_deref()) {
        (Then::Dropped, Some("cuts jobs off")) => "dropped.schedules.html",
        _ => "schedules.html",
    };
    let file = format!("{}.{file}", listing.name);
    Part::new(file, html::table("counts", &caption, &columns, 2, &rows))
}

fn all(pools: &[Pool], ending: Ending) -> usize {
    pools.iter().map(|pool| pool.report.ending(ending)).sum()
}

/// Whether there are more logs than schedules: one schedule can print its lines in several orders,
/// and several schedules can print the same.
fn more_logs(pools: &[Pool]) -> String {
    let more = |pool: &&Pool| pool.report.logs.logs > pool.report.schedules as u128;
    let rows: Vec<&Pool> = pools.iter().filter(more).collect();
    match rows.len() {
        0 => "In no row are there more logs than schedules.".to_string(),
        all if all == pools.len() => "In every row there are more logs than schedules.".to_string(),
        some => format!(
            "In {some} of the {} rows there are more logs than schedules.",
            pools.len()
        ),
    }
}

/// The finished pools of both designs, and the one that catches panics, of 1 to 4 workers, when the
/// first job panics: each with the name of its listing. They are explored the first time that they
/// are asked for.
///
/// Panics if that can't be done, or isn't finished.
pub fn panicking_pools() -> &'static [(&'static str, Pool)] {
    static POOLS: OnceLock<Vec<(&str, Pool)>> = OnceLock::new();
    POOLS.get_or_init(|| {
        let names = [
            "listing-20-25",
            "listing-2021-20-24",
            "listing-next-3-errors",
        ];
        let sizes = (1..=4).flat_map(|workers| [(workers, 1), (workers, 2)]);
        let all: Vec<(&str, (usize, usize))> = names
            .into_iter()
            .flat_map(|name| sizes.clone().map(move |size| (name, size)))
            .collect();
        side_by_side::each(&all, |&(name, (workers, jobs))| {
            let run = explored(name).pool(workers, jobs).panics(1);
            let report = run
                .report()
                .unwrap_or_else(|trouble| panic!("{name}: {trouble}"));
            assert!(report.unfinished.is_none(), "{report:?}");
            let pool = Pool {
                workers,
                jobs,
                report,
            };
            (name, pool)
        })
    })
}

/// What becomes of the finished pools, and of the jobs after it, when the first job panics.
pub fn panicking(all: &[Listing]) -> Part {
    let rows: Vec<Vec<String>> = panicking_pools()
        .iter()
        .map(|(name, pool)| {
            let listing = all.iter().find(|listing| listing.name == *name);
            let listing = listing.expect("the listing is there");
            let report = &pool.report;
            let mut row = vec![places::link(listing)];
            let numbers = [
                pool.workers,
                pool.jobs,
                report.schedules,
                report.ending(Ending::Normal),
                report.ending(Ending::MainPanics),
                report.ending(Ending::Aborts),
                report.ending(Ending::Deadlock),
                report.finding(&Finding::JobUndone),
            ];
            row.extend(numbers.map(html::number));
            row
        })
        .collect();
    let columns = [
        "listing",
        "workers",
        "jobs",
        "schedules",
        "drop returns",
        "panics",
        "aborts",
        "hangs",
        "a job lost",
    ];
    let caption = "When the first job panics: how many schedules end how, and in how many of them \
                   another job is never done.";
    Part::new(
        "panicking-job.schedules.html",
        html::table("counts", caption, &columns, 3, &rows),
    )
}
