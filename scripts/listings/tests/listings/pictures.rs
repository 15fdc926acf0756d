//! The pictures of threads over time in the book: each is drawn from a schedule that the explorer
//! replays on the listing itself.

mod drawing;
mod story;

use crate::expect::{explored, snapshot};
use drawing::svg;
use explore::table;
use interleave::explorer::explain::replay_choices;
use listings::root;
use std::fs;
use story::Story;

/// Worker 0 runs the job, and worker 1 has come to the queue.
const BUSY: &str = "0x3,1x2,2,0x2,1x4,2";

/// The order is the story's and not that of the explorer's table: a step that changes nothing for
/// the others may come earlier or later. To the explorer both are one schedule, which is why it
/// shows one table for both.
#[test]
fn listing_20_26_single_loop() {
    let name = "listing-20-26-single-loop";
    let shortest = explored(name).pool(2, 1).report().expect("a report");
    let schedule = format!("{BUSY},0x3,2x4,1x2");
    let table = replay(name, &schedule);
    assert_eq!(table, table::shown(&shortest));
    let story = Story::new(&table, &replay_choices(&schedule).expect("a schedule"));
    is_in_the_book(name, "One loop, two workers: a deadlock", &story);
}

/// It begins in the same way.
#[test]
fn listing_20_25() {
    let name = "listing-20-25";
    let schedule = format!("{BUSY},0x6,2x4,1x7,0x6");
    let table = replay(name, &schedule);
    let end = "\n\nmain has returned, and every thread has ended before.\n";
    assert!(table.ends_with(end), "{table}");
    let story = Story::new(&table, &replay_choices(&schedule).expect("a schedule"));
    is_in_the_book(name, "Two loops, two workers: everybody ends", &story);
}

fn replay(name: &str, schedule: &str) -> String {
    let execution = explored(name).pool(2, 1).replay(schedule);
    table::table(&execution.unwrap_or_else(|trouble| panic!("{name}: {trouble}")))
}

/// The chapter includes the picture, and below it the list has the picture's numbers with what
/// happens there, in bold.
#[track_caller]
fn is_in_the_book(name: &str, title: &str, story: &Story) {
    snapshot(&format!("{name}.svg"), &svg(name, title, story));

    let page = root().join("book/src/why-two-loops.md");
    let page = fs::read_to_string(page).expect("the page can be read");
    let page = page.replace("\r\n", "\n");
    let include = format!(
        "{{{{#include ../../scripts/listings/tests/listings/snapshots/{name}.svg.snap:4:}}}}"
    );
    let (_, after) = page.split_once(&include).expect("the page has the picture");
    let list: Vec<&str> = after
        .lines()
        .skip_while(|line| !line.starts_with("1. "))
        .take_while(|line| !line.is_empty())
        .filter(|line| !line.starts_with("   "))
        .collect();
    let facts = story.facts();
    assert_eq!(list.len(), facts.len(), "the list has other numbers");
    for (index, (line, fact)) in list.iter().zip(facts).enumerate() {
        let mut fact = fact
            .replace("main", "`main`")
            .replace("Terminate", "`Terminate`");
        if fact.starts_with("worker") {
            fact.replace_range(..1, "W");
        }
        let wanted = format!("{}. **{fact}", index + 1);
        assert!(line.starts_with(&wanted), "`{wanted}` and not\n{line}");
    }
}
