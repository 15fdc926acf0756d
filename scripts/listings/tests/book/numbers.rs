//! What the story counts is what there is.

use crate::page::{MADE, read};
use listings::root;
use std::fs;

#[track_caller]
fn says(page: &str, words: &str) {
    let text = read(&format!("book/src/{page}.md"));
    let text: Vec<&str> = text.split_whitespace().collect();
    assert!(
        text.join(" ").contains(words),
        "{page}.md should say: {words}"
    );
}

fn word(number: usize) -> &'static str {
    [
        "none", "one", "two", "three", "four", "five", "six", "seven",
    ][number]
}

#[test]
fn one_loop_has_fewer_lines() {
    let lines = |name: &str| read(&format!("listings/{name}/src/lib.rs")).lines().count();
    let fewer = lines("listing-20-26") - lines("listing-20-26-single-loop");
    says("why-two-loops", &format!("{} fewer lines", word(fewer)));
}

#[test]
fn the_steps_of_a_chapter() {
    let steps = read("book/src/workers.md").matches("\n## 20.").count();
    let words = format!("the knot that the next {} steps untie", word(steps));
    says("workers", &words);
}

#[test]
fn the_tests_of_the_pool() {
    let tests = read("listings/listing-next-2-tests/tests/pool.rs")
        .matches("#[test]")
        .count();
    says(
        "what-next",
        &format!("There are {} such tests.", word(tests)),
    );
    says(
        "what-next",
        &format!("Which of the {} fail for the pool of 20.22?", word(tests)),
    );
}

/// How large the pools are that were looked at.
#[test]
fn every_table_has_the_pools_that_the_book_names() {
    let mut tables = 0;
    for entry in fs::read_dir(root().join(MADE)).expect("the folder can be read") {
        let name = entry.expect("the folder can be read").file_name();
        let name = name.to_string_lossy();
        if !name.starts_with("listing-") || !name.ends_with(".schedules.html") {
            continue;
        }
        let table = read(&format!("{MADE}/{name}"));
        let sizes = (2..=4).flat_map(|workers| (0..=2).map(move |jobs| (workers, jobs)));
        for (workers, jobs) in sizes {
            let row = format!("<tr><th scope=\"row\">{workers}</th><th scope=\"row\">{jobs}</th>");
            assert_eq!(table.matches(&row).count(), 1, "{name}: {row}");
        }
        assert_eq!(table.matches("<tr>").count(), 10, "{name}");
        tables += 1;
    }
    assert!(tables > 10, "{tables} tables");
    says(
        "how-we-know",
        "it runs up to four workers with up to two jobs",
    );
    says(
        "who-holds-the-lock",
        "a pool of two to four workers that is given up to two jobs",
    );
}

/// The evidence calls two pairs of tables the same.
#[test]
fn without_the_trait_the_tables_are_the_same() {
    let rows = |table: &str| {
        let text = read(&format!("{MADE}/{table}"));
        let (_, rows) = text.split_once("<tbody>").expect("a table has a body");
        rows.to_string()
    };
    for kind in ["schedules.html", "dropped.schedules.html"] {
        let [with, without] = ["listing-20-21", "listing-20-21-a-boxed-fnonce"]
            .map(|name| rows(&format!("{name}.{kind}")));
        assert_eq!(with, without, "{kind}");
    }
    says("evidence", "To the last number, the tables of 20.21");
}
