//! What the book shows of the explorer's words on whole programs and their logs. What holds over every
//! schedule of the pools is with the tables of the book, in `scripts/pages`.

use crate::expect::{explored, program, snapshot};
use explore::words::words;
use interleave::explorer::report::{Ending, Finding};

/// The first log of a pool at work, for the book: while worker 0 sleeps, another one serves.
#[test]
fn listing_20_21() {
    let run = explored("listing-20-21").program("/sleep,/,/").all_logs(64);
    let logs = run.report().expect("a report").all_logs;
    let got = |worker| format!("Worker {worker} got a job; executing.\n");
    let wanted = [got(0), got(1), got(1)].concat();
    let log = logs.iter().find(|log| log.ends_with(&wanted));
    snapshot("listing-20-21.log", log.expect("a log with two workers"));
}

#[test]
fn listing_20_26() {
    ends_by_itself("listing-20-26");
}

#[test]
fn listing_20_26_single_loop() {
    let name = "listing-20-26-single-loop";
    let report = program(name).report().expect("a report");
    assert!(report.ending(Ending::Deadlock) > 0, "{}", words(&report));
    snapshot(&format!("{name}.program"), &words(&report));
}

#[test]
fn listing_2021_20_23() {
    let name = "listing-2021-20-23";
    let report = explored(name).pool(2, 1).report().expect("a report");
    snapshot(&format!("{name}.panics"), &words(&report));
}

#[test]
fn listing_2021_20_25() {
    ends_by_itself("listing-2021-20-25");
}

#[test]
fn listing_next_3_errors() {
    ends_by_itself("listing-next-3-errors");
}

/// The whole program with two clients ends normally in every schedule, with both answered.
fn ends_by_itself(name: &str) {
    let report = program(name).report().expect("a report");
    assert!(report.always(Ending::Normal), "{}", words(&report));
    assert_eq!(
        report.finding(&Finding::ClientUnanswered),
        0,
        "{}",
        words(&report)
    );
    snapshot(&format!("{name}.program"), &words(&report));
    // The log that the book shows.
    let log = report.first_log.unwrap_or_default();
    snapshot(&format!("{name}.log"), &log);
}
