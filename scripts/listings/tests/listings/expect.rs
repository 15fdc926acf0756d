//! What the tests of the listings share.

use explore::wrap::{self, Run, Wrapped};
use insta::{assert_snapshot, with_settings};
use listings::{
    Result, cargo,
    catalogue::{self, Listing},
    client::Client,
    diff::difference,
    server::Server,
};
use std::{
    collections::BTreeMap,
    fmt::Debug,
    io::Write,
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::OnceLock,
};

/// The answer to `/` and to `/sleep`.
pub const HELLO: &str = "HTTP/1.1 200 OK\r
Content-Length: 176\r
Connection: close\r
\r
<!DOCTYPE html>
<html lang=\"en\">
  <head>
    <meta charset=\"utf-8\">
    <title>Hello!</title>
  </head>
  <body>
    <h1>Hello!</h1>
    <p>Hi from Rust</p>
  </body>
</html>
";

/// The answer to everything else.
pub const NOT_FOUND: &str = "HTTP/1.1 404 NOT FOUND\r
Content-Length: 193\r
Connection: close\r
\r
<!DOCTYPE html>
<html lang=\"en\">
  <head>
    <meta charset=\"utf-8\">
    <title>Not found</title>
  </head>
  <body>
    <h1>Oops!</h1>
    <p>There is no such page here.</p>
  </body>
</html>
";

/// Unwraps with the sentence for a person rather than with the value for a debugger.
#[track_caller]
pub fn ok<T>(result: Result<T>) -> T {
    match result {
        Ok(value) => value,
        Err(error) => panic!("{error}"),
    }
}

/// Compares with `snapshots/NAME.snap`, which the book includes.
#[track_caller]
pub fn snapshot(name: &str, text: &str) {
    with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        assert_snapshot!(name, text);
    });
}

/// Says on the real standard error why something is not checked: the harness would hide a print.
pub fn skip(what: &str, why: &str) {
    let _ = writeln!(std::io::stderr(), "skipped: {what}: {why}");
}

/// The binary of a listing. All are built by one call of Cargo, the first time one is asked for.
pub fn binary(name: &str) -> PathBuf {
    static BINARIES: OnceLock<BTreeMap<String, PathBuf>> = OnceLock::new();
    let binaries = BINARIES.get_or_init(|| ok(cargo::build(&[])));
    match binaries.get(name) {
        Some(path) => path.clone(),
        None => panic!("Cargo built no binary {name}"),
    }
}

/// A listing, ready to be run under every schedule. All are built by one call of Cargo.
pub fn explored(name: &str) -> &'static Wrapped {
    static WRAPPED: OnceLock<Vec<Wrapped>> = OnceLock::new();
    let all = WRAPPED.get_or_init(|| {
        let listings = ok(catalogue::all());
        let works = |listing: &&Listing| listing.compiles() && *listing.name >= *"listing-20-21";
        let folders: Vec<PathBuf> = listings.iter().filter(works).map(Listing::folder).collect();
        let built = wrap::build(&wrap::folder("listings"), &folders).expect("Cargo can be run");
        let ready = |built| match built {
            Ok(wrapped) => wrapped,
            Err(refusal) => panic!("{refusal}"),
        };
        built.into_iter().map(ready).collect()
    });
    let found = all.iter().find(|wrapped| wrapped.name() == name);
    found.unwrap_or_else(|| panic!("{name} was not built"))
}

/// The whole program of a listing, with two clients.
pub fn program(name: &str) -> Run<'static> {
    explored(name).program("/,/")
}

/// A real log as the explorer has it, whose server listens on the port of the book.
pub fn as_explored(log: &[String]) -> String {
    let line = |line: &String| match line.starts_with("Listening on ") {
        true => "Listening on http://127.0.0.1:7878\n".to_string(),
        false => format!("{line}\n"),
    };
    log.iter().map(line).collect()
}

/// Starts a listing on a free port.
pub fn start(name: &str) -> Server {
    ok(Server::start(&binary(name)))
}

/// The whole answer to a request for a path.
pub fn get(address: SocketAddr, path: &str) -> String {
    ok(ok(Client::request(address, path)).answer())
}

/// The listing is refused by the compiler with these errors and warnings and no others.
pub fn does_not_compile(name: &str, expected: &[&str]) {
    let listing = ok(catalogue::named(name));
    let verdict = ok(cargo::compile(&listing));
    assert!(!verdict.compiles, "{name} compiles");
    assert_eq!(verdict.diagnostics, expected, "{}", verdict.text);
    let mut codes: Vec<&str> = expected
        .iter()
        .filter(|diagnostic| diagnostic.starts_with('E'))
        .filter_map(|diagnostic| diagnostic.split(' ').next())
        .collect();
    codes.sort();
    assert_eq!(
        codes, listing.errors,
        "the codes in the listing's Cargo.toml"
    );
    word_for_word(name, &verdict.text);
}

/// The listing compiles with these warnings and no others.
pub fn compiles(name: &str, expected: &[&str]) {
    let listing = ok(catalogue::named(name));
    let verdict = ok(cargo::compile(&listing));
    assert!(
        verdict.compiles,
        "{name} does not compile:\n{}",
        verdict.text
    );
    assert_eq!(verdict.diagnostics, expected, "{}", verdict.text);
    if !expected.is_empty() {
        word_for_word(name, &verdict.text);
    }
}

fn word_for_word(name: &str, text: &str) {
    match ok(cargo::why_not_word_for_word()) {
        None => snapshot(&format!("{name}.compiler"), text),
        Some(why) => skip(&format!("the compiler's words on {name}"), &why),
    }
}

/// `assert_eq` that shows what differs, and not the rest.
#[track_caller]
pub fn same<T: PartialEq + Debug>(what: &str, left: T, right: T) {
    if left != right {
        let lines = |side: &T| format!("{side:#?}").replace("\\n", "\n");
        panic!("{what}:\n{}", difference(&lines(&left), &lines(&right)));
    }
}

/// A folder of its own outside the repository, removed in the end.
pub struct Outside(PathBuf);

impl Outside {
    pub fn new(name: &str) -> Outside {
        let name = format!("{name}-{}", std::process::id());
        let path = std::env::temp_dir().join(name);
        std::fs::create_dir_all(&path).expect("the folder for temporary files can be written");
        Outside(path)
    }

    pub fn path(&self) -> &Path {
        &self.0
    }
}

impl Drop for Outside {
    fn drop(&mut self) {
        let _ = std::fs::remove_dir_all(&self.0);
    }
}
