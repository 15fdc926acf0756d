//! The examples of `listing-next-1-docs` and the tests of `listing-next-2-tests` pass, and each of
//! those tests fails where the pool breaks the promise that it tests.

use crate::expect::{ok, snapshot};
use explore::{
    side_by_side,
    wrap::{
        self,
        child::{self, Limits, Stopped},
    },
};
use listings::{
    broken::{BROKEN, Broken},
    cargo, catalogue, root,
};
use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

#[test]
fn the_examples_of_the_documentation_run() {
    let said = passes(&["test", "-p", "listing-next-1-docs", "--doc"]);
    assert!(
        said.contains("test result: ok. 5 passed; 0 failed"),
        "{said}"
    );
}

#[test]
fn every_public_item_is_documented() {
    for name in [
        "listing-next-1-docs",
        "listing-next-2-tests",
        "listing-next-3-errors",
    ] {
        let package = format!("-p={name}");
        let checks = [
            "rustdoc",
            "--lib",
            &package,
            "--",
            "-D",
            "missing_docs",
            "-D",
            "warnings",
        ];
        passes(&checks);
    }
}

#[test]
fn the_tests_of_the_pool_pass() {
    let said = passes(&["test", "-p", "listing-next-2-tests", "--test", "pool"]);
    assert!(
        said.contains("test result: ok. 6 passed; 0 failed"),
        "{said}"
    );
}

#[track_caller]
fn passes(arguments: &[&str]) -> String {
    let output = ok(cargo::run(cargo::command().args(arguments)));
    let said = String::from_utf8_lossy(&output.stdout).into_owned();
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}{errors}");
    said
}

/// Each test against the one pool that breaks its promise.
#[test]
fn each_test_of_the_pool_fails_where_the_pool_is_broken() {
    let listing = ok(catalogue::named("listing-next-2-tests"));
    let read = |file| fs::read_to_string(listing.folder().join(file)).expect("the file is there");
    let (library, tests) = (read("src/lib.rs"), read(catalogue::TESTS));
    let written = tests.matches("#[test]").count();
    assert_eq!(written, BROKEN.len(), "each test has its broken pool");

    let shown = |broken: &Broken| {
        let binary = tests_of(broken.test, broken.what, &ok(broken.library(&library)));
        // A worker too many is found if it is quick enough to get a job, which a scheduler need
        // not grant it the first time.
        let outcome = (0..500)
            .map(|_| run(&binary, broken.test))
            .find(|(_, passed)| !passed);
        let Some((said, _)) = outcome else {
            panic!("{}: its test passed 500 times", broken.what);
        };
        format!("{}:\n{}\n", broken.what, how_it_fails(&said))
    };
    // A test that fails may wait in vain, so they wait side by side.
    let shown = side_by_side::each_on(BROKEN.len(), &BROKEN, shown);
    snapshot("listing-next-2-tests.broken", shown.concat().trim_end());
}

/// The tests of the pool, built in a folder of this name beside another library, such as a broken one.
fn tests_of(name: &str, what: &str, library: &str) -> PathBuf {
    let copy = wrap::folder("broken-pools").join(name);
    let listing = ok(catalogue::named("listing-next-2-tests"));
    let read = |file| fs::read_to_string(listing.folder().join(file)).expect("the file is there");
    let write = |file: &str, text: &str| {
        let path = copy.join(file);
        // Cargo takes a new file for a changed one.
        if fs::read_to_string(&path).is_ok_and(|old| old == text) {
            return;
        }
        let folder = path.parent().expect("it is in a folder");
        fs::create_dir_all(folder).expect("a folder can be made");
        fs::write(path, text).expect("a file can be written");
    };
    write(
        "Cargo.toml",
        &format!("{}\n[workspace]\n", read("Cargo.toml")),
    );
    write("src/lib.rs", library);
    write("tests/pool.rs", &read(catalogue::TESTS));

    let mut build = cargo::command();
    build
        .current_dir(&copy)
        .args(["test", "--offline", "--no-run", "--test", "pool"])
        .args(["--message-format", "json", "--target-dir", "target"]);
    let built = ok(cargo::run(&mut build));
    let messages = String::from_utf8_lossy(&built.stdout);
    let binary = cargo::binaries(&messages).into_values().next();
    binary.unwrap_or_else(|| panic!("{what}: {}", String::from_utf8_lossy(&built.stderr)))
}

/// What one of the tests prints, and whether it passes.
fn run(binary: &Path, test: &str) -> (String, bool) {
    let mut run = Command::new(binary);
    run.args(["--exact", test])
        .current_dir(root())
        .env("RUST_BACKTRACE", "0");
    let outcome = child::run(&mut run, Limits::default()).expect("a program can be run");
    match outcome.ended {
        Stopped::Itself(status) => (outcome.stdout, status.success()),
        _ => panic!("{test}: {outcome:?}"),
    }
}

/// The book asks which of the tests fail for the pool of 20.22, and answers.
#[test]
fn the_pool_of_20_22_fails_two_tests_and_may_fail_a_third() {
    let listing = ok(catalogue::named("listing-20-22"));
    let library = fs::read_to_string(listing.folder().join("src/lib.rs"));
    let binary = tests_of(
        "listing-20-22",
        "20.22",
        &library.expect("the file is there"),
    );
    // Those that fail wait in vain, so they wait side by side.
    let tests = [
        ("every_job_runs", true),
        ("jobs_still_in_the_queue_run_when_the_pool_is_dropped", true),
        ("as_many_jobs_run_at_once_as_there_are_workers", false),
        ("never_more_jobs_run_at_once_than_there_are_workers", false),
        ("a_pool_without_workers_is_refused", true),
    ];
    side_by_side::each_on(tests.len(), &tests, |&(test, wanted)| {
        let (said, passed) = run(&binary, test);
        assert_eq!(passed, wanted, "{test}: {said}");
    });
    let waits = "dropping_the_pool_waits_for_a_job_that_runs";
    assert!((0..500).any(|_| !run(&binary, waits).1), "{waits}");
}

/// The lines of a failing test that are the same on every machine: the panic, and the result.
fn how_it_fails(stdout: &str) -> String {
    let mut text = String::new();
    let noise = |line: &&str| {
        line.is_empty()
            || line.starts_with("Worker ")
            || line.starts_with("Shutting down")
            || line.starts_with("note: run with")
    };
    let report = stdout.lines().skip_while(|line| !line.starts_with("---- "));
    let report = report.skip(1).take_while(|line| *line != "failures:");
    for line in report.filter(|line| !noise(line)) {
        // The system's number of the thread, which newer compilers print.
        let line = match (line.split_once("' ("), line.split_once(") panicked at ")) {
            (Some((name, _)), Some((_, place))) => format!("{name}' panicked at {place}"),
            _ => line.to_string(),
        };
        text += &format!("    {line}\n");
    }
    assert!(!text.is_empty(), "{stdout}");
    text
}
