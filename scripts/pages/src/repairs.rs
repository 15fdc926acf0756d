//! The repairs of the single loop that come to mind, each a crate in `scripts/pages/repairs`, and
//! what the explorer finds in them.
//!
//! Their folders are in the order of the book. A title, `description` in the `Cargo.toml`, begins
//! with the letter that the book gives to it.

use crate::{change, explored, html, made::Part};
use explore::side_by_side;
use interleave::explorer::report::{Ending, Finding, Report};
use listings::{Error, Result, catalogue, root};
use std::{fs, path::PathBuf, sync::OnceLock};

/// Where they are, from the root.
pub const FOLDER: &str = "scripts/pages/repairs";

/// What they are to mend.
pub const BROKEN: &str = "listing-20-26-single-loop";

/// How many workers and jobs the pools have.
pub const SIZES: [(usize, usize); 4] = [(2, 0), (2, 1), (3, 0), (3, 1)];

/// A repair, or what was taken for one.
pub struct Repair {
    /// The name of its package and folder.
    pub name: String,
    /// `A`, `B` and so on.
    pub letter: String,
    /// What it does, in words.
    pub title: String,
}

/// All of them. Refuses a `Cargo.toml` without a title.
pub fn all() -> Result<Vec<Repair>> {
    let unreadable = |error| Error::new(format!("cannot read {FOLDER}: {error}"));
    let mut names = Vec::new();
    for entry in fs::read_dir(root().join(FOLDER)).map_err(unreadable)? {
        let name = entry.map_err(unreadable)?.file_name();
        names.push(name.to_string_lossy().into_owned());
    }
    names.sort();
    names.into_iter().map(read).collect()
}

fn read(name: String) -> Result<Repair> {
    let path = root().join(FOLDER).join(&name).join("Cargo.toml");
    let text = listings::read(&path)?;
    let description = text
        .lines()
        .find_map(|line| line.strip_prefix("description = "));
    let title = description.and_then(|quoted| quoted.trim_matches('"').split_once(": "));
    let (letter, title) = title.ok_or_else(|| {
        Error::new(format!(
            "{} needs a description such as `A: what it does`",
            path.display()
        ))
    })?;
    Ok(Repair {
        letter: letter.to_string(),
        title: title.to_string(),
        name,
    })
}

/// What the explorer finds in a repair with so many workers and jobs, for all [`SIZES`]. All repairs
/// are explored the first time that one is asked for.
///
/// A loop that polls can be followed only so far; any other pool is explored to the end.
pub fn explore(repair: &Repair) -> &'static [Report; 4] {
    static EXPLORED: OnceLock<Vec<(String, [Report; 4])>> = OnceLock::new();
    let explored = EXPLORED.get_or_init(|| {
        let all = all().unwrap_or_else(|error| panic!("{error}"));
        let folders: Vec<PathBuf> = all
            .iter()
            .map(|repair| root().join(FOLDER).join(&repair.name))
            .collect();
        side_by_side::each(&explored::build("repairs", &folders), |wrapped| {
            let reports = SIZES.map(|(workers, jobs)| {
                let report = wrapped.pool(workers, jobs).report();
                report.unwrap_or_else(|trouble| panic!("{}: {trouble}", wrapped.name()))
            });
            (wrapped.name().to_string(), reports)
        })
    });
    let found = explored.iter().find(|(name, _)| *name == repair.name);
    &found.expect("all were explored").1
}

/// The table of all repairs, and of each one what changes in the single loop.
pub fn parts() -> Result<Vec<Part>> {
    let broken = catalogue::named(BROKEN)?;
    let mut rows = Vec::new();
    let mut parts = Vec::new();
    for repair in all()? {
        let reports = explore(&repair);
        let mut row = vec![
            format!("{}: {}", repair.letter, html::inline(&repair.title)),
            verdict(reports).to_string(),
        ];
        row.extend(reports.iter().map(endings));
        rows.push(row);
        let change = change::of_library(&broken, &format!("{FOLDER}/{}", repair.name))?;
        let letter = repair.letter.to_lowercase();
        parts.push(Part::new(format!("repair-{letter}.change.html"), change));
    }
    let sizes = SIZES
        .map(|(workers, jobs)| format!("{workers} workers, {}", html::count(jobs, "job", "jobs")));
    let mut columns = vec!["repair", "over every schedule"];
    columns.extend(sizes.iter().map(String::as_str));
    let caption = "Repairs of the single loop: how many schedules of each pool end how";
    let table = html::table("repairs", caption, &columns, 1, &rows);
    parts.push(Part::new("repairs.html", table));
    Ok(parts)
}

/// What can happen at worst.
pub fn verdict(reports: &[Report]) -> &'static str {
    let any = |ending| reports.iter().any(|report| report.ending(ending) > 0);
    let all = |ending| {
        reports
            .iter()
            .all(|report| report.ending(ending) == report.schedules)
    };
    let lost = |report: &Report| report.finding(&Finding::JobUndone) > 0;
    if all(Ending::Normal) && !reports.iter().any(lost) {
        match reports.iter().all(|report| report.unfinished.is_none()) {
            true => "works",
            false => "works, as far as a loop that asks again and again can be followed",
        }
    } else if all(Ending::Deadlock) {
        "always deadlocks"
    } else if any(Ending::Deadlock) && any(Ending::MainPanics) {
        "may deadlock, may panic"
    } else if any(Ending::Deadlock) {
        "may deadlock"
    } else if any(Ending::MainPanics) {
        "may panic"
    } else {
        "does something else"
    }
}

/// How the schedules of one pool end.
fn endings(report: &Report) -> String {
    let ways = [
        (Ending::Normal, "end", "end"),
        (Ending::Deadlock, "deadlock", "deadlocks"),
        (Ending::MainPanics, "panic", "panics"),
    ];
    let counted: usize = ways
        .iter()
        .map(|(ending, _, _)| report.ending(*ending))
        .sum();
    assert_eq!(counted, report.schedules, "another way to end: {report:?}");
    if report.unfinished.is_some() {
        // How far it was followed is the explorer's business.
        assert!(
            report.ending(Ending::Normal) == report.schedules,
            "{report:?}"
        );
        return "every one followed ends".to_string();
    }
    let lost = report.finding(&Finding::JobUndone);
    assert_eq!(lost, 0, "a job is lost, which has no column: {report:?}");
    let some: Vec<String> = ways
        .iter()
        .filter(|(ending, _, _)| report.ending(*ending) > 0)
        .map(|(ending, one, many)| html::count(report.ending(*ending), one, many))
        .collect();
    some.join(", ")
}
