//! What the book says of the repairs of the single loop is so.

use interleave::explorer::report::{Ending, Report};
use pages::{
    explored::explored,
    repairs::{self, BROKEN, SIZES},
};
use std::collections::BTreeMap;

const VERDICTS: &[(&str, &str)] = &[
    ("A", "works"),
    ("B", "may deadlock"),
    ("C", "may deadlock"),
    ("D", "may deadlock, may panic"),
    ("E", "may panic"),
    ("F", "may panic"),
    ("F2", "works"),
    ("G", "works"),
    (
        "H",
        "works, as far as a loop that asks again and again can be followed",
    ),
    ("I", "always deadlocks"),
    ("J", "may deadlock"),
    ("K", "may deadlock"),
];

fn counts(report: &Report) -> [usize; 3] {
    [
        report.schedules,
        report.ending(Ending::Normal),
        report.ending(Ending::Deadlock),
    ]
}

#[test]
fn each_repair_does_what_the_book_says_and_some_change_nothing() {
    let broken = SIZES.map(|(workers, jobs)| {
        let report = explored(BROKEN).pool(workers, jobs).report();
        counts(&report.unwrap_or_else(|trouble| panic!("{trouble}")))
    });
    let mut verdicts = BTreeMap::new();
    for repair in repairs::all().unwrap_or_else(|error| panic!("{error}")) {
        let reports = repairs::explore(&repair);
        let mends_nothing = ["B", "C", "J", "K"].contains(&repair.letter.as_str());
        let same = reports.each_ref().map(counts) == broken;
        assert_eq!(same, mends_nothing, "{}: {}", repair.letter, repair.title);
        verdicts.insert(repair.letter, repairs::verdict(reports));
    }
    let expected: BTreeMap<String, &str> = VERDICTS
        .iter()
        .map(|&(letter, verdict)| (letter.to_string(), verdict))
        .collect();
    assert_eq!(verdicts, expected);
}
