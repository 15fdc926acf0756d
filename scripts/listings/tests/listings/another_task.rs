//! The listing that draws: one picture, whoever draws its rows.

use crate::{
    expect::{binary, ok, same, snapshot},
    serving::is_job,
};
use listings::{
    catalogue,
    server::{Ended, Server},
};
use std::fs;

const NAME: &str = "listing-next-4-another-task";

#[test]
fn listing_next_4_another_task() {
    let drawn = [1, 2, 3, 25].map(|workers| {
        let ended = draws(&workers.to_string());
        assert!(ended.status.success(), "{ended:?}");
        assert_eq!(ended.errors, "", "{ended:?}");
        every_row_is_a_job(&ended.log, workers);
        let (picture, times) = what_stays_on_the_screen(&ended.log);
        same("the times", times, times_of(workers));
        picture
    });
    for picture in &drawn {
        same("the picture", picture, &drawn[0]);
        assert!(picture.lines().all(|row| row.len() <= 80), "{picture}");
    }
    let command = format!("$ cargo run -p {NAME} -- 3");
    let shown = format!("{command}\n{}{}", drawn[2], times_of(3));
    snapshot(&format!("{NAME}.picture"), &shown);
}

/// One job a row, in each of the pools; and no worker but those that there are.
fn every_row_is_a_job(log: &[String], workers: usize) {
    let pools: Vec<&[String]> = log
        .split(|line| line.starts_with("Workers: "))
        .skip(1)
        .collect();
    same("the pools", pools.len(), times_of(workers).lines().count());
    for pool in pools {
        same(
            "the jobs",
            pool.iter().filter(|line| is_job(line)).count(),
            25,
        );
    }
    let stranger = format!("Worker {} ", workers.max(2));
    assert!(
        !log.iter().any(|line| line.starts_with(&stranger)),
        "{log:#?}"
    );
}

/// The picture and the lines below, with an ellipsis where the clock had a word.
fn what_stays_on_the_screen(log: &[String]) -> (String, String) {
    let mut parts = log.splitn(2, |line| line.is_empty());
    let (_, shown) = (parts.next(), parts.next().unwrap_or_default());
    let (times, rows): (Vec<&String>, Vec<&String>) =
        shown.iter().partition(|line| line.starts_with("workers: "));
    let rows = rows.into_iter().map(|row| format!("{}\n", row.trim_end()));
    let times = times.into_iter().map(|line| {
        let (workers, time) = line.split_once("   time: ").unwrap_or((line, ""));
        let (ms, faster) = time.split_once(" ms   times as fast: ").unwrap_or_default();
        let is_number = |text: &str| text.trim().parse::<f64>().is_ok();
        assert!(is_number(ms) && is_number(faster), "{line}");
        format!("{workers}   time: … ms   times as fast: …\n")
    });
    (rows.collect(), times.collect())
}

fn times_of(workers: usize) -> String {
    let mut all = vec![1, 2, workers];
    all.sort();
    all.dedup();
    let line = |workers| format!("workers: {workers:2}   time: … ms   times as fast: …\n");
    all.into_iter().map(line).collect()
}

#[test]
fn a_number_of_workers_that_cannot_be_gets_one_sentence_and_the_way_out() {
    for given in ["0", "26", "-1", "many", "", "1.5", "99999999999999999999"] {
        let ended = draws(given);
        assert_eq!(ended.status.code(), Some(1), "{ended:?}");
        assert_eq!(ended.log, [""; 0], "{ended:?}");
        let sentence = "is not a number of workers: \
                        add one from 1 to 25 to the command, such as `-- 3`.\n";
        assert_eq!(ended.errors, format!("`{given}` {sentence}"), "{ended:?}");
    }
}

/// That is the point of it: the pool doesn't know what it does.
#[test]
fn the_library_is_that_of_the_server_to_the_byte() {
    let library = |name| {
        let path = ok(catalogue::named(name)).folder().join("src/lib.rs");
        fs::read(path).expect("there is a library")
    };
    assert!(library(NAME) == library("listing-2021-20-25"));
}

fn draws(argument: &str) -> Ended {
    ok(Server::refused(&binary(NAME), argument))
}
