//! What the servers answer: real binaries, real TCP clients.

use crate::expect::{HELLO, NOT_FOUND, get, ok, same, start};
use listings::{client::Client, server::Server};
use std::{net::SocketAddr, thread, time::Duration};

#[test]
fn listing_20_11() {
    let server = start("listing-20-11");
    answers_byte_for_byte(server.address());
    endures_rude_clients(server.address());
    has_room_for(20, &server);
}

#[test]
fn listing_20_12_c_execute() {
    hangs_up_without_an_answer("listing-20-12-c-execute");
}

#[test]
fn listing_20_13() {
    hangs_up_without_an_answer("listing-20-13");
}

#[test]
fn listing_20_14() {
    hangs_up_without_an_answer("listing-20-14");
}

#[test]
fn listing_20_15() {
    hangs_up_without_an_answer("listing-20-15");
}

#[test]
fn listing_20_16() {
    hangs_up_without_an_answer("listing-20-16");
}

#[test]
fn listing_20_18() {
    hangs_up_without_an_answer("listing-20-18");
}

#[test]
fn listing_20_19() {
    let mut server = start("listing-20-19");
    let waiting: Vec<Client> = (0..3)
        .map(|_| ok(Client::request(server.address(), "/")))
        .collect();
    // That no answer ever comes takes a proof over all schedules. Here it is given some time to
    // come, and there must be none when the process is ended.
    assert!(ok(server.still_runs(Duration::from_secs(1))), "it ended");
    for client in &waiting {
        assert!(!ok(client.has_news()), "a job was taken or dropped");
    }
    drop(server);
    for client in waiting {
        same("the answer", ok(client.answer()).as_str(), "");
    }
}

#[test]
fn listing_20_21() {
    serves_through_four_workers("listing-20-21");
}

#[test]
fn listing_20_21_a_boxed_fnonce() {
    serves_through_four_workers("listing-20-21-a-boxed-fnonce");
}

#[test]
fn listing_20_22() {
    let server = start("listing-20-22");
    answers_byte_for_byte(server.address());
    endures_rude_clients(server.address());
}

#[test]
fn listing_20_23_b_take() {
    serves_through_four_workers("listing-20-23-b-take");
}

#[test]
fn listing_20_24() {
    serves_through_four_workers("listing-20-24");
}

#[test]
fn listing_20_25() {
    serves_through_four_workers("listing-20-25");
}

#[test]
fn listing_20_26() {
    serves_two_whoever_they_are("listing-20-26");
}

#[test]
fn listing_2021_20_23() {
    serves_through_four_workers("listing-2021-20-23");
}

#[test]
fn listing_2021_20_24() {
    serves_through_four_workers("listing-2021-20-24");
}

#[test]
fn listing_2021_20_25() {
    serves_two_whoever_they_are("listing-2021-20-25");
}

/// `/sleep` takes five seconds, so every server sleeps at the same time.
#[test]
fn who_is_answered_while_another_request_sleeps() {
    let promised = [
        "listing-20-11",
        "listing-20-21",
        "listing-20-21-a-boxed-fnonce",
        "listing-20-23-b-take",
        "listing-20-24",
        "listing-20-25",
        "listing-20-26",
        "listing-20-26-single-loop",
        "listing-2021-20-23",
        "listing-2021-20-24",
        "listing-2021-20-25",
    ];
    thread::scope(|scope| {
        for name in promised {
            scope.spawn(move || answers_while_another_sleeps(name));
        }
        scope.spawn(|| answers_after_the_one_that_sleeps("listing-20-22"));
    });
}

fn answers_while_another_sleeps(name: &str) {
    // A machine so busy that five seconds pass in between proves nothing: then once more.
    for _ in 0..10 {
        let server = start(name);
        let sleeping = ok(Client::request(server.address(), "/sleep"));
        is_hello(&get(server.address(), "/"));
        let asleep = !ok(sleeping.has_news());
        is_hello(&ok(sleeping.answer()));
        if asleep {
            return;
        }
    }
    panic!("{name}: `/` was never answered before `/sleep`");
}

/// The answer to the first request is written before the second job begins, so it is there when
/// the second answer is.
fn answers_after_the_one_that_sleeps(name: &str) {
    let server = start(name);
    let sleeping = ok(Client::request(server.address(), "/sleep"));
    ok(server.wait_for(1, is_job));
    is_hello(&get(server.address(), "/"));
    assert!(
        ok(sleeping.has_news()),
        "{name}: the second job ran while the first one slept"
    );
    is_hello(&ok(sleeping.answer()));
}

pub fn is_job(line: &str) -> bool {
    line.ends_with(" got a job; executing.")
}

fn jobs(log: &[String]) -> usize {
    log.iter().filter(|line| is_job(line)).count()
}

#[track_caller]
fn is_hello(answer: &str) {
    same("the answer", answer, HELLO);
}

#[track_caller]
fn is_not_found(answer: &str) {
    same("the answer", answer, NOT_FOUND);
}

fn answers_byte_for_byte(address: SocketAddr) {
    is_hello(&get(address, "/"));
    is_not_found(&get(address, "/favicon.ico"));
}

/// Clients that don't keep to the protocol, or not to the end.
const RUDE: [fn(SocketAddr); 10] = [
    |address| {
        // connects and hangs up
        ok(Client::connect(address));
    },
    |address| {
        // connects, sends nothing and waits for an answer
        let mut client = ok(Client::connect(address));
        client.stop_sending();
        is_not_found(&ok(client.answer()));
    },
    |address| {
        // bytes that are no UTF-8
        let mut client = ok(Client::connect(address));
        client.send(b"\xff\xfe\x00\x80\r\n\r\n");
        is_not_found(&ok(client.answer()));
    },
    |address| {
        // another protocol
        let mut client = ok(Client::connect(address));
        client.send(b"EHLO example.org\r\n\r\n");
        is_not_found(&ok(client.answer()));
    },
    |address| {
        // a line as long as the server reads, and no end of it
        let mut client = ok(Client::connect(address));
        client.send(&[b'a'; 64 * 1024]);
        is_not_found(&ok(client.answer()));
    },
    |address| {
        // a line that is far too long: the rest of it is read, too, so that the answer arrives
        let mut client = ok(Client::connect(address));
        client.send(&vec![b'a'; 1 << 20]);
        is_not_found(&ok(client.answer()));
    },
    |address| {
        // a body that nobody asked for
        let mut client = ok(Client::connect(address));
        client.send(b"POST / HTTP/1.1\r\nContent-Length: 1048576\r\n\r\n");
        client.send(&vec![b'a'; 1 << 20]);
        is_not_found(&ok(client.answer()));
    },
    |address| {
        // headers that are long, and come later than the first line
        let mut client = ok(Client::connect(address));
        client.send(b"GET / HTTP/1.1\r\n");
        assert!(!ok(client.has_news()), "an answer to half a request");
        client.send(format!("X-Long: {}\r\n\r\n", "a".repeat(60_000)).as_bytes());
        is_hello(&ok(client.answer()));
    },
    |address| {
        // an older version, and bare line feeds
        let mut client = ok(Client::connect(address));
        client.send(b"GET / HTTP/1.0\n\n");
        is_hello(&ok(client.answer()));
    },
    |address| {
        // asks and doesn't wait
        ok(Client::request(address, "/"));
    },
];

fn endures_rude_clients(address: SocketAddr) {
    for rude in RUDE {
        // more often than there are workers to lose
        for _ in 0..5 {
            rude(address);
        }
        is_hello(&get(address, "/"));
    }
}

/// One request is answered while others hold that many threads less one: they say nothing.
fn has_room_for(threads: usize, server: &Server) {
    let silent: Vec<Client> = (1..threads)
        .map(|_| ok(Client::connect(server.address())))
        .collect();
    is_hello(&get(server.address(), "/"));
    for mut client in silent {
        assert!(!ok(client.has_news()), "an answer to nobody's question");
        client.ask("/");
        is_hello(&ok(client.answer()));
    }
}

fn serves_through_four_workers(name: &str) {
    let server = start(name);
    answers_byte_for_byte(server.address());
    endures_rude_clients(server.address());
    has_room_for(4, &server);

    // Every connection was one job, and all four workers had some.
    for id in 0..4 {
        let line = format!("Worker {id} got a job; executing.");
        let log = ok(server.wait_for(1, |other| other == line));
        assert_eq!(jobs(&log), log.len() - 1, "{log:#?}");
    }
}

fn serves_two_whoever_they_are(name: &str) {
    for rude in RUDE {
        let server = start(name);
        rude(server.address());
        is_hello(&get(server.address(), "/"));
        let ended = ok(server.wait());
        assert!(ended.status.success(), "{ended:?}");
        assert_eq!(jobs(&ended.log), 2, "{ended:?}");
    }
}

fn hangs_up_without_an_answer(name: &str) {
    let mut server = start(name);
    for _ in 0..5 {
        same("the answer", get(server.address(), "/").as_str(), "");
    }
    assert!(ok(server.still_runs(Duration::ZERO)), "it ended");
}
