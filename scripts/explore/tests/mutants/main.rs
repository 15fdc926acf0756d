//! Small wrong changes to a pool, and what the explorer says of each.
//!
//! A test that finds nothing wrong says little unless it finds what *is* wrong.
//! So here are three pools that are right (`messages.rs`, `closing.rs`,
//! `condvar.rs`), and many ways to break them by a line or two (`changes.rs`),
//! each with the verdict that it must get. Some changes look wrong and do no
//! harm; they must get away with it.

mod changes;

use changes::{MUTANTS, Mutant, Pool};
use explore::side_by_side;
use explore::table;
use explore::words::words;
use explore::wrap::{self, Refusal, Wrapped};
use interleave::explorer::logs::Answer;
use interleave::explorer::report::{Ending, Finding, Report};
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

impl Pool {
    fn source(self) -> &'static str {
        match self {
            Pool::Messages => include_str!("messages.rs"),
            Pool::Closing => include_str!("closing.rs"),
            Pool::Condvar => include_str!("condvar.rs"),
        }
    }
}

/// Writes the changed pool as a crate of its own.
fn write(mutant: &Mutant, root: &Path) -> PathBuf {
    let mut changed = mutant.pool.source().to_string();
    for (old, new) in mutant.changes {
        let found = changed.matches(old).count();
        assert_eq!(found, 1, "`{}` must find its place once", mutant.name);
        changed = changed.replace(old, new);
    }
    let pool = format!("{:?}", mutant.pool).to_lowercase();
    let name = format!("{pool}-{}", mutant.name.replace(' ', "-").to_lowercase());
    let name = name.replace(|c: char| !c.is_ascii_alphanumeric() && c != '-', "");
    let folder = root.join(&name);
    let manifest = format!("[package]\nname = \"{name}\"\nedition = \"2024\"\n\n[workspace]\n");
    for (path, content) in [("Cargo.toml", manifest), ("src/lib.rs", changed)] {
        let path = folder.join(path);
        // A file written anew looks changed to Cargo.
        if fs::read_to_string(&path).ok().as_ref() != Some(&content) {
            fs::create_dir_all(path.parent().unwrap()).unwrap();
            fs::write(path, content).unwrap();
        }
    }
    folder
}

/// What a report says, in as few lines as possible.
fn verdict(report: &Report, jobs: usize) -> Vec<String> {
    let of = |n: usize| match n {
        n if n == report.schedules => "always".to_string(),
        n => format!("{n} of {}", report.schedules),
    };
    let mut lines = Vec::new();
    if let Some(why) = &report.unfinished {
        lines.push(format!("not finished: {why}"));
    }
    for tally in &report.endings {
        lines.push(format!("{}: {}", of(tally.schedules), tally.what));
    }
    for tally in &report.findings {
        match (&tally.what, tally.schedules) {
            (Finding::JobsTogether, 0) if jobs > 1 => {
                lines.push("never: two jobs at once".to_string());
            }
            (Finding::JobsTogether, _) | (_, 0) => {}
            // It is found in a run of its own, beside the schedules that are counted.
            (what @ Finding::BusyWaits { .. }, _) => lines.push(what.to_string()),
            (what, n) => lines.push(format!("{}: {what}", of(n))),
        }
    }
    lines
}

/// All mutants, built once for all tests.
fn built() -> &'static [Result<Wrapped, Refusal>] {
    static BUILT: OnceLock<Vec<Result<Wrapped, Refusal>>> = OnceLock::new();
    BUILT.get_or_init(|| {
        let root = wrap::folder("mutants-source");
        let folders: Vec<PathBuf> = MUTANTS.iter().map(|mutant| write(mutant, &root)).collect();
        wrap::build(&wrap::folder("mutants"), &folders).unwrap()
    })
}

/// The mutant of that name.
fn named(name: &str) -> &'static Wrapped {
    let place = MUTANTS.iter().position(|mutant| mutant.name == name);
    built()[place.unwrap()].as_ref().unwrap()
}

#[test]
fn every_change_gets_its_verdict() {
    let pairs: Vec<_> = MUTANTS.iter().zip(built()).collect();
    let said = side_by_side::each(&pairs, |(mutant, built)| {
        let (workers, jobs) = mutant.size;
        match built {
            Ok(wrapped) => match wrapped.pool(workers, jobs).report() {
                Ok(report) => verdict(&report, jobs),
                Err(trouble) => vec![trouble.to_string()],
            },
            Err(refusal) => vec![refusal.to_string()],
        }
    });
    let mut wrong = String::new();
    for (mutant, said) in MUTANTS.iter().zip(said) {
        if said != mutant.verdict {
            let said: String = said
                .iter()
                .map(|line| format!("            {line:?},\n"))
                .collect();
            wrong += &format!(
                "{:?}, {}:\n    must be {:#?}\n    but is\n{said}\n",
                mutant.pool, mutant.name, mutant.verdict
            );
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The numbers that an earlier trial found by running every schedule: how many
/// there are, how many of them end in a deadlock, and how many logs they leave.
#[test]
fn the_reference_tables_come_out() {
    let mut table = String::new();
    for name in [
        "one loop sends and joins",
        "nothing is wrong with messages",
        "nothing is wrong with closing",
    ] {
        let wrapped = named(name);
        table += &format!("{name}\n  workers  jobs  schedules  deadlocks     logs\n");
        for workers in 2..=4 {
            for jobs in 0..=2 {
                let report = wrapped.pool(workers, jobs).report().unwrap();
                assert_eq!(report.unfinished, None);
                table += &format!(
                    "{workers:>9}{jobs:>6}{:>11}{:>11}{:>9}\n",
                    report.schedules,
                    report.ending(Ending::Deadlock),
                    report.logs.to_string()
                );
            }
        }
    }
    insta::assert_snapshot!(table);
}

/// The shortest schedule to the deadlock of the single loop, to be acted out.
#[test]
fn the_deadlock_is_explained() {
    let report = named("one loop sends and joins")
        .pool(2, 1)
        .report()
        .unwrap();
    insta::assert_snapshot!(words(&report));
    let shown = table::shown(&report);
    assert!(shown.lines().all(|line| line.chars().count() <= 100));
    let deadlock = &report.endings[0];
    assert_eq!(deadlock.what, Ending::Deadlock);
    let replay = &deadlock.example.as_ref().unwrap().replay;
    let again = named("one loop sends and joins").pool(2, 1).replay(replay);
    assert_eq!(table::table(&again.unwrap()), shown);
}

/// Logs of real runs, four workers and two jobs.
#[test]
fn logs_that_were_once_printed_are_possible() {
    let messages = "\
Worker 0 got a job; executing.
Worker 3 got a job; executing.
Shutting down.
Sending terminate message to all workers.
Shutting down all workers.
Shutting down worker 0
Worker 1 was told to terminate.
Worker 2 was told to terminate.
Worker 0 was told to terminate.
Worker 3 was told to terminate.
Shutting down worker 1
Shutting down worker 2
Shutting down worker 3
";
    let closing = "\
Worker 0 got a job; executing.
Shutting down.
Shutting down worker 0
Worker 3 got a job; executing.
Worker 1 disconnected; shutting down.
Worker 2 disconnected; shutting down.
Worker 3 disconnected; shutting down.
Worker 0 disconnected; shutting down.
Shutting down worker 1
Shutting down worker 2
Shutting down worker 3
";
    for (name, log, line) in [
        ("nothing is wrong with messages", messages, 9),
        ("nothing is wrong with closing", closing, 8),
    ] {
        let run = named(name).pool(4, 2);
        wrap::all_possible(run.clone(), &[log]).unwrap();
        // Worker 1 must not be joined before worker 0 has ended: where its farewell stands, that
        // line comes too early, whatever follows.
        let mut swapped: Vec<&str> = log.lines().collect();
        let next = swapped.iter().position(|l| *l == "Shutting down worker 1");
        swapped.swap(line - 1, next.unwrap());
        let report = run.contains(&[swapped.join("\n")]).report().unwrap();
        let Answer::Impossible { line: at, .. } = report.answers[0] else {
            panic!("{}", swapped.join("\n"));
        };
        assert_eq!(at, line, "{name}");
    }
}
