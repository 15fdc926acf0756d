//! How the servers that take two requests end, or don't.

use crate::expect::{HELLO, as_explored, binary, get, ok, program, same, snapshot, start};
use crate::serving::is_job;
use explore::wrap;
use listings::{
    client::Client,
    server::{Ended, Server},
};
use std::time::Duration;

#[test]
fn listing_20_26() {
    let ended = serves_two_and_ends("listing-20-26");
    each_worker_ends_before_the_next_is_joined(&ended.log, "was told to terminate.");
    snapshot("listing-20-26.shutdown", &what_every_run_shares(&ended.log));
}

#[test]
fn listing_2021_20_25() {
    let ended = serves_two_and_ends("listing-2021-20-25");
    each_worker_ends_before_the_next_is_joined(&ended.log, "disconnected; shutting down.");
    snapshot(
        "listing-2021-20-25.shutdown",
        &what_every_run_shares(&ended.log),
    );
}

#[test]
fn listing_next_3_errors() {
    let ended = serves_two_and_ends("listing-next-3-errors");
    each_worker_ends_before_the_next_is_joined(&ended.log, "disconnected; shutting down.");
    let shared = what_every_run_shares(&ended.log);
    snapshot("listing-next-3-errors.shutdown", &shared);
}

/// Two clients are answered, the process ends well, and the third finds nobody; but the port is
/// free, and the next run gets it.
fn serves_two_and_ends(name: &str) -> Ended {
    let mut address = "127.0.0.1:0".to_string();
    let mut last = None;
    for _ in 0..2 {
        let server = ok(Server::start_at(&binary(name), &address));
        address = server.address().to_string();
        for _ in 0..2 {
            same("the answer", get(server.address(), "/").as_str(), HELLO);
        }
        let listened_at = server.address();
        let ended = ok(server.wait());
        assert!(ended.status.success(), "{ended:?}");
        assert_eq!(ended.errors, "", "{ended:?}");
        assert!(Client::connect(listened_at).is_err(), "a third was taken");
        if let Err(impossible) = wrap::all_possible(program(name), &[as_explored(&ended.log)]) {
            panic!("{name}: {impossible}");
        }
        last = Some(ended);
    }
    last.expect("there was a last run")
}

/// The second design and the first agree in this: worker 1 is joined only once worker 0 has ended.
fn each_worker_ends_before_the_next_is_joined(log: &[String], farewell: &str) {
    let position = |line: String| log.iter().position(|other| *other == line);
    for id in 0..3 {
        let ends = position(format!("Worker {id} {farewell}"));
        let next = position(format!("Shutting down worker {}", id + 1));
        assert!(ends.is_some() && ends < next, "{log:#?}");
    }
}

/// The log without what the scheduler decides: the lines of `main` in their order, what each
/// worker says beside its jobs, and how many jobs there were, whoever got them.
///
/// Fails if a worker gets a job after it said farewell.
pub fn what_every_run_shares(log: &[String]) -> String {
    let mut text = lines_of_main(log);
    for id in 0..4 {
        let worker = format!("Worker {id} ");
        let lines: Vec<&String> = log
            .iter()
            .filter(|line| line.starts_with(&worker))
            .collect();
        let jobs = lines.iter().take_while(|line| is_job(line)).count();
        text += &format!("worker {id}, after its jobs:\n");
        for line in &lines[jobs..] {
            assert!(!is_job(line), "{log:#?}");
            text += &format!("    {line}\n");
        }
    }
    let jobs = log.iter().filter(|line| is_job(line)).count();
    text + &of_any_worker("Worker … got a job; executing.", jobs)
}

/// A line that any worker may print, and how often it was printed.
pub fn of_any_worker(line: &str, count: usize) -> String {
    let times = match count {
        1 => "once".to_string(),
        _ => format!("{count} times"),
    };
    format!("any worker, {times}:\n    {line}\n")
}

fn lines_of_main(log: &[String]) -> String {
    let mut text = String::from("main:\n");
    for line in log.iter().filter(|line| !line.starts_with("Worker ")) {
        let line = match line.rsplit_once(':') {
            Some((listening, _port)) => format!("{listening}:PORT"),
            None => line.clone(),
        };
        text += &format!("    {line}\n");
    }
    text
}

/// The case that the book describes: worker 0 is busy, so the one `Terminate` that was sent goes
/// to another worker, and the `join` of worker 0 waits for ever.
///
/// Which worker gets a request can't be chosen from outside. Two clients that don't send their
/// request yet keep two workers busy; if worker 0 is one of them the deadlock is certain, and if
/// not there is another try.
#[test]
fn listing_20_26_single_loop() {
    for _ in 0..200 {
        let mut server = start("listing-20-26-single-loop");
        let clients: Vec<Client> = (0..2)
            .map(|_| ok(Client::connect(server.address())))
            .collect();
        let log = ok(server.wait_for(2, is_job));
        if !log.contains(&"Worker 0 got a job; executing.".to_string()) {
            continue;
        }

        ok(server.wait_for(1, |line| line == "Shutting down worker 0"));
        ok(server.wait_for(1, |line| line.ends_with("was told to terminate.")));
        for mut client in clients {
            client.ask("/");
            same("the answer", ok(client.answer()).as_str(), HELLO);
        }
        // Nothing is left that could wake anybody. It gets some time to prove us wrong.
        assert!(
            ok(server.still_runs(Duration::from_secs(2))),
            "it ended:\n{:#?}",
            server.log()
        );
        snapshot("listing-20-26-single-loop.hang", &hung(&server.log()));
        return;
    }
    panic!("worker 0 got neither request in 200 runs");
}

/// The same of the hang, where the scheduler decides also who is told to terminate.
///
/// Fails if that is worker 0.
fn hung(log: &[String]) -> String {
    let mut text = lines_of_main(log);
    let told = log
        .iter()
        .filter(|line| line.ends_with("was told to terminate."));
    assert!(
        told.clone().all(|line| !line.starts_with("Worker 0 ")),
        "{log:#?}"
    );
    let jobs = log.iter().filter(|line| is_job(line)).count();
    text += &of_any_worker("Worker … got a job; executing.", jobs);
    text + &of_any_worker("Worker … was told to terminate.", told.count())
}
