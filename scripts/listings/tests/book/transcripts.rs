//! What a reader's second terminal shows.

use crate::page::{ok, read};
use insta::{assert_snapshot, with_settings};
use listings::{cargo, client::Client, server::Server};
use std::process::Command;

#[test]
fn what_curl_prints() {
    let binaries = ok(cargo::build(&["listing-20-11"]));
    let server = ok(Server::start(&binaries["listing-20-11"]));
    for (name, path) in [("hello.curl", "/"), ("not-found.curl", "/no-such-page")] {
        let answer = ok(ok(Client::request(server.address(), path)).answer());
        let (_, page) = answer.split_once("\r\n\r\n").expect("a head and a body");
        with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
            assert_snapshot!(name, format!("$ curl http://127.0.0.1:7878{path}\n{page}"));
        });
    }
}

/// A client that is hung up on says one of two things, and the book names both.
#[test]
fn what_curl_says_of_no_answer() {
    let said = [
        "curl: (52) Empty reply from server",
        "curl: (56) Recv failure: Connection reset by peer",
    ];
    let page = read("book/src/interface.md");
    for line in said {
        assert!(page.contains(&format!("`{line}`")), "{line}");
    }
    let binaries = ok(cargo::build(&["listing-20-12-c-execute"]));
    let server = ok(Server::start(&binaries["listing-20-12-c-execute"]));
    let address = format!("http://{}/", server.address());
    let curl = Command::new("curl")
        .args(["--silent", "--show-error", "--max-time", "20", &address])
        .env("LC_ALL", "C")
        .output();
    let Ok(curl) = curl else {
        eprintln!("skipped: there is no curl");
        return;
    };
    let line = String::from_utf8_lossy(&curl.stderr);
    assert!(said.contains(&line.trim_end()), "{line}");
}
