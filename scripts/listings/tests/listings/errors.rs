//! What clients and the system can do to `listing-next-3-errors`, and to the listings before it.

use crate::{
    expect::{HELLO, as_explored, binary, explored, get, ok, same, snapshot, start},
    shutdown::{of_any_worker, what_every_run_shares},
};
use explore::{words::words, wrap};
use interleave::explorer::report::Ending;
use listings::{
    client::Client,
    server::{Ended, Server},
};
use std::time::Duration;

const NAME: &str = "listing-next-3-errors";

/// The client loses its connection, the next one is served, and the shutdown is complete.
#[test]
fn a_client_that_makes_a_job_panic_is_reported_and_the_server_serves_on() {
    let server = start(NAME);
    same("the answer", get(server.address(), "/panic").as_str(), "");
    same("the answer", get(server.address(), "/").as_str(), HELLO);
    let ended = ok(server.wait());
    assert!(ended.status.success(), "{ended:?}");

    let panicked = |line: &&String| line.ends_with(": the job panicked; going on.");
    let count = ended.log.iter().filter(panicked).count();
    let shared: Vec<String> = ended
        .log
        .iter()
        .filter(|line| !panicked(line))
        .cloned()
        .collect();
    let mut text = what_every_run_shares(&shared);
    text += &of_any_worker("Worker …: the job panicked; going on.", count);
    text += &format!("standard error:\n{}", said_by_the_panic(&ended));
    snapshot(&format!("{NAME}.panic"), &text);

    let log = as_explored(&ended.log);
    let run = explored(NAME).program("/panic,/");
    match wrap::all_possible(run, &[log]) {
        Ok(report) => assert!(report.always(Ending::Normal), "{}", words(&report)),
        Err(impossible) => panic!("{impossible}"),
    }
}

/// What the panic itself says, without the number of the worker, that of the thread, and the line;
/// and without the backtrace that whoever runs the test may have asked for.
fn said_by_the_panic(ended: &Ended) -> String {
    let mut text = String::new();
    let lines = ended.errors.lines();
    let lines = lines.take_while(|line| *line != "stack backtrace:");
    for line in lines.filter(|line| !line.is_empty()) {
        if line.starts_with("thread 'worker ") {
            text += "    thread 'worker …' panicked at …\n";
        } else if !line.starts_with("note: ") {
            text += &format!("    {line}\n");
        }
    }
    text
}

/// The others wait for a silent client as long as it likes.
#[test]
fn a_silent_client_is_given_up() {
    let server = start(NAME);
    let silent = ok(Client::connect(server.address()));
    same("the answer", get(server.address(), "/").as_str(), HELLO);
    let ended = ok(server.wait());
    assert!(ended.status.success(), "{ended:?}");
    drop(silent);

    let mut server = start("listing-2021-20-25");
    let silent = ok(Client::connect(server.address()));
    same("the answer", get(server.address(), "/").as_str(), HELLO);
    // That it never ends takes a proof over all schedules, which is below. Here it gets some time.
    assert!(ok(server.still_runs(Duration::from_secs(1))), "it ended");
    drop(silent);
    let ended = ok(server.wait());
    assert!(ended.status.success(), "{ended:?}");
}

#[test]
fn in_every_schedule_a_silent_client_is_given_up() {
    let report = |name| {
        explored(name)
            .program("silent,/")
            .report()
            .expect("a report")
    };
    let before = report("listing-2021-20-25");
    assert_eq!(before.ending(Ending::Normal), 0, "{before:?}");
    assert!(before.unfinished.is_none(), "{before:?}");
    let now = report(NAME);
    assert!(now.always(Ending::Normal), "{now:?}");
}

/// There are descriptors for one client at a time. The second can't be accepted before the first,
/// who says nothing, is given up.
#[cfg(unix)]
#[test]
fn a_client_that_cannot_be_accepted_is_reported_and_the_server_serves_on() {
    let (server, clients) = short_of_descriptors(NAME);
    for client in clients {
        assert!(
            ok(client.answer()).starts_with("HTTP/1.1 "),
            "it was not served"
        );
    }
    let ended = ok(server.wait());
    assert!(ended.status.success(), "{ended:?}");
    let report =
        |line: &str| line.starts_with("Cannot accept a client (") && line.ends_with("); going on.");
    assert!(ended.errors.lines().count() > 0, "{ended:?}");
    assert!(ended.errors.lines().all(report), "{ended:?}");

    let (server, clients) = short_of_descriptors("listing-2021-20-25");
    // `main` panics, and on its way out it drops the pool, which waits for the silent client.
    ok(server.wait_for(1, |line| line == "Shutting down worker 0"));
    drop(clients);
    let ended = ok(server.wait());
    assert_eq!(ended.status.code(), Some(101), "{ended:?}");
    assert!(ended.errors.contains("thread 'main'"), "{ended:?}");
}

/// A server that may open two descriptors, one of them for listening, with a client that says
/// nothing and one that asks.
#[cfg(unix)]
fn short_of_descriptors(name: &str) -> (Server, [Client; 2]) {
    // What this process has inherited may take up numbers: the first two after the standard ones
    // are to be free. A shell that closes a number keeps a copy for a moment, so the limit comes
    // after it.
    let script = "exec 3>&- 4>&-; ulimit -n 5; exec \"$0\" \"$1\"";
    let binary = binary(name);
    let mut command = std::process::Command::new("sh");
    command.args(["-c", script]).arg(&binary);
    let server = ok(Server::start_by(command, &binary));
    let silent = ok(Client::connect(server.address()));
    ok(server.wait_for(1, crate::serving::is_job));
    let asks = ok(Client::request(server.address(), "/"));
    (server, [silent, asks])
}

/// Nobody reads what it prints: `println!` would panic, first of all in `main`.
#[cfg(unix)]
#[test]
fn it_serves_on_when_nobody_reads_its_log() {
    use std::io::{BufRead, BufReader};
    use std::process::{Command, Stdio};

    let mut child = Command::new(binary(NAME))
        .arg("127.0.0.1:0")
        .stdout(Stdio::piped())
        .stderr(Stdio::null())
        .spawn()
        .expect("it can be started");
    let mut line = String::new();
    let mut stdout = BufReader::new(child.stdout.take().expect("it is piped"));
    stdout
        .read_line(&mut line)
        .expect("it says where it listens");
    drop(stdout);
    let address = line.trim_end().trim_start_matches("Listening on http://");
    let address = address.parse().expect("an address");
    for _ in 0..2 {
        same("the answer", get(address, "/").as_str(), HELLO);
    }
    let ended = child.wait().expect("it ends");
    assert!(ended.success(), "{ended}");
}
