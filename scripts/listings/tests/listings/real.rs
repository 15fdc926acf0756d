//! Real runs are the other judge of the explorer: whatever a real binary prints, on a machine that
//! is busy, must be among the logs that the explorer finds possible.

use crate::expect::{HELLO, as_explored, ok, program, same, start};
use explore::wrap;
use listings::client::Client;
use std::thread;

/// Each listing is run so often, a few at the same time.
const RUNS: usize = 12;
const AT_ONCE: usize = 4;

/// Two clients at the same time, up to the end of the program or to the second answer.
fn log_of_a_run(name: &str, ends: bool) -> String {
    let server = start(name);
    let clients: Vec<Client> = (0..2)
        .map(|_| ok(Client::request(server.address(), "/")))
        .collect();
    for client in clients {
        same("the answer", ok(client.answer()).as_str(), HELLO);
    }
    if ends {
        let ended = ok(server.wait());
        assert!(ended.status.success(), "{ended:?}");
        return as_explored(&ended.log);
    }
    as_explored(&ok(server.wait_for(2, crate::serving::is_job)))
}

fn every_log_is_possible(name: &str, ends: bool) {
    let mut logs = Vec::new();
    for _ in 0..RUNS / AT_ONCE {
        thread::scope(|scope| {
            let runs: Vec<_> = (0..AT_ONCE)
                .map(|_| scope.spawn(|| log_of_a_run(name, ends)))
                .collect();
            logs.extend(runs.into_iter().map(|run| run.join().expect("the run")));
        });
    }
    if let Err(impossible) = wrap::all_possible(program(name), &logs) {
        panic!("{name}: {impossible}");
    }
}

#[test]
fn listing_20_21() {
    every_log_is_possible("listing-20-21", false);
}

#[test]
fn listing_20_21_a_boxed_fnonce() {
    every_log_is_possible("listing-20-21-a-boxed-fnonce", false);
}

#[test]
fn listing_20_22() {
    every_log_is_possible("listing-20-22", false);
}

#[test]
fn listing_20_23_b_take() {
    every_log_is_possible("listing-20-23-b-take", false);
}

#[test]
fn listing_20_24() {
    every_log_is_possible("listing-20-24", false);
}

#[test]
fn listing_20_25() {
    every_log_is_possible("listing-20-25", false);
}

#[test]
fn listing_20_26() {
    every_log_is_possible("listing-20-26", true);
}

#[test]
fn listing_2021_20_23() {
    every_log_is_possible("listing-2021-20-23", false);
}

#[test]
fn listing_2021_20_24() {
    every_log_is_possible("listing-2021-20-24", false);
}

#[test]
fn listing_2021_20_25() {
    every_log_is_possible("listing-2021-20-25", true);
}

/// The logs that were once printed for the finished servers, from real runs long ago.
#[test]
fn the_logs_once_printed_are_possible() {
    for (name, log) in [
        ("listing-20-26", LOG_2018),
        ("listing-2021-20-25", LOG_2021),
    ] {
        let log = format!("Listening on http://127.0.0.1:7878\n{log}");
        if let Err(impossible) = wrap::all_possible(program(name), &[log]) {
            panic!("{name}: {impossible}");
        }
    }
}

/// Two lines that no schedule can swap: a worker's farewell, and the line that comes after its
/// `join`.
#[test]
fn the_logs_once_printed_are_impossible_with_two_lines_swapped() {
    let swapped = |log: &str, first: &str, second: &str| {
        assert!(log.contains(first) && log.contains(second));
        let log = log
            .replace(first, "\0")
            .replace(second, first)
            .replace('\0', second);
        format!("Listening on http://127.0.0.1:7878\n{log}")
    };
    for (name, log) in [
        (
            "listing-20-26",
            swapped(
                LOG_2018,
                "Worker 0 was told to terminate.",
                "Shutting down worker 1",
            ),
        ),
        (
            "listing-2021-20-25",
            swapped(
                LOG_2021,
                "Worker 0 disconnected; shutting down.",
                "Shutting down worker 1",
            ),
        ),
        (
            "listing-2021-20-25",
            swapped(LOG_2021, "Shutting down.\n", "Shutting down worker 0\n"),
        ),
    ] {
        let answer = wrap::all_possible(program(name), &[log]);
        assert!(answer.is_err(), "{name}: {answer:?}");
    }
}

/// As four workers once printed it.
const LOG_2018: &str = include_str!("printed/listing-20-26.txt");

const LOG_2021: &str = "\
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
