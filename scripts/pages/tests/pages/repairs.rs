//! What the book says of the repairs of the single loop is so.

use interleave::explorer::report::{Ending, Report};
use listings::diff::difference;
use pages::{
    explored::explored,
    repairs::{self, BROKEN, SIZES},
};

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
    let mut verdicts = Vec::new();
    for repair in repairs::all().unwrap_or_else(|error| panic!("{error}")) {
        let reports = repairs::explore(&repair);
        let mends_nothing = ["B", "C", "J", "K"].contains(&repair.letter.as_str());
        let same = reports.each_ref().map(counts) == broken;
        assert_eq!(same, mends_nothing, "{}: {}", repair.letter, repair.title);
        verdicts.push(format!("{}: {}", repair.letter, repairs::verdict(reports)));
    }
    let expected = VERDICTS
        .iter()
        .map(|(letter, verdict)| format!("{letter}: {verdict}"));
    let mut expected: Vec<String> = expected.collect();
    expected.sort();
    verdicts.sort();
    let differs = difference(&expected.join("\n"), &verdicts.join("\n"));
    assert!(differs.is_empty(), "expected (-) and found (+):\n{differs}");
}
