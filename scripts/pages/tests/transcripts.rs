//! What a reader's second terminal shows.

use listings::{Result, cargo, client::Client, server::Server};
use pages::made::{self, Part};
use std::{
    io::{self, Write},
    process::Command,
};

/// Unwraps with the sentence for a person.
#[track_caller]
fn ok<T>(result: Result<T>) -> T {
    result.unwrap_or_else(|error| panic!("{error}"))
}

/// A server that closes the connection and says nothing.
#[test]
fn what_curl_says_of_no_answer() {
    let name = "listing-20-12-c-execute";
    let binaries = ok(cargo::build(&[name]));
    let server = ok(Server::start(&binaries[name]));
    assert_eq!(ok(ok(Client::request(server.address(), "/")).answer()), "");

    let address = format!("http://{}/", server.address());
    let output = match Command::new("curl")
        .args(["--silent", "--show-error", &address])
        .output()
    {
        Ok(output) => output,
        Err(error) => {
            // The harness would hide a print.
            let _ = writeln!(io::stderr(), "skipped: what curl says: {error}");
            return;
        }
    };
    assert!(output.stdout.is_empty());
    let said = String::from_utf8_lossy(&output.stderr);
    let text = format!("$ curl http://127.0.0.1:7878/\n{}\n", said.trim_end());
    made::compare(&[Part::new("empty-reply.curl.txt", text)], |file| {
        file == "empty-reply.curl.txt"
    });
}
