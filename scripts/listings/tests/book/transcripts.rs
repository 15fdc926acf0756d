//! What a reader's second terminal shows.

use crate::page::ok;
use insta::{assert_snapshot, with_settings};
use listings::{cargo, client::Client, server::Server};

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
