//! The shape of the repository: no stray folder, no drifting copy, no step that does more than it
//! says.

use crate::expect::{Outside, binary, ok, same};
use listings::{
    cargo,
    catalogue::{self, Listing},
    diff::difference,
    root,
    server::Server,
};
use std::{
    env, fs,
    net::TcpListener,
    path::{Path, PathBuf},
};

/// Which one that is stands in its `Cargo.toml`, so that no folder beside it can change it.
#[test]
fn every_listing_follows_one_that_is_there() {
    let listings = ok(catalogue::all());
    for listing in &listings[1..] {
        let follows = listing.follows.as_deref().unwrap_or_default();
        let place = |name: &str| listings.iter().position(|listing| listing.name == name);
        assert!(
            place(follows).is_some_and(|at| Some(at) < place(&listing.name)),
            "listings/{}/Cargo.toml: follows = \"{follows}\", and no listing before it is called that",
            listing.name
        );
    }
}

/// The names of the tests of one listing, wherever it has any, are its name.
#[test]
fn every_listing_has_its_tests() {
    let mut missing = String::new();
    for listing in ok(catalogue::all()) {
        let function = format!("fn {}() {{", listing.name.replace('-', "_"));
        let serves = listing.compiles() && listing.serves;
        for (needed, files, what) in [
            (
                true,
                &["listings/compiler.rs"][..],
                "what the compiler says of it",
            ),
            (
                serves,
                &["listings/serving.rs", "listings/shutdown.rs"],
                "what its clients get",
            ),
            (
                listing.drop.is_some(),
                &["pages/schedules.rs"],
                "what every schedule of it says",
            ),
        ] {
            if needed && !files.iter().any(|file| test_file(file).contains(&function)) {
                missing += &format!("\ntests/{}: `{function}`: {what}", files[0]);
            }
        }
    }
    assert!(
        missing.is_empty(),
        "tests that a listing must have:{missing}"
    );
}

/// The compiler's words are compared under one compiler only, so that they are there is looked at here;
/// and of all snapshots that none is left over.
#[test]
fn no_snapshot_is_missing_or_left_over() {
    let compiler: String = test_file("listings/compiler.rs")
        .split_whitespace()
        .collect();
    let silent = |name: &str| compiler.contains(&format!("compiles(\"{name}\",&[]);"));
    let missing: Vec<String> = ok(catalogue::all())
        .iter()
        .filter(|listing| !silent(&listing.name))
        .map(|listing| format!("{}.compiler.snap", listing.name))
        .filter(|file| !snapshots().join(file).is_file())
        .collect();
    assert!(
        missing.is_empty(),
        "snapshots that are not there: {missing:#?}"
    );

    let listings = ok(catalogue::all());
    let tests: String = files(&snapshots().with_file_name(""))
        .filter(|file| file.ends_with(".rs"))
        .map(|file| test_file(&format!("listings/{file}")))
        .collect();
    for file in files(&snapshots()) {
        let mut parts = file.split('.');
        let (name, kind) = (
            parts.next().unwrap_or_default(),
            parts.next().unwrap_or_default(),
        );
        let of_a_listing = listings.iter().any(|listing| listing.name == name);
        assert!(
            tests.contains(&format!(".{kind}\"")) && (of_a_listing || tests.contains(name)),
            "nothing makes the snapshot {file}"
        );
    }
}

/// The folder of the snapshots, beside the tests.
fn snapshots() -> PathBuf {
    root().join("scripts/listings/tests/listings/snapshots")
}

/// A file of tests, by the crate's or the target's folder in `tests`, which all have different names.
fn test_file(name: &str) -> String {
    let tests = match name.starts_with("pages/") {
        true => "scripts/pages/tests",
        false => "scripts/listings/tests",
    };
    fs::read_to_string(root().join(tests).join(name)).expect("the file is there")
}

fn files(folder: &Path) -> impl Iterator<Item = String> + use<> {
    let entries = fs::read_dir(folder).expect("the folder is there");
    entries.map(|entry| {
        let name = entry.expect("the folder can be read").file_name();
        name.to_string_lossy().into_owned()
    })
}

/// What the listings do is told in words, too.
#[test]
fn numbers_in_the_prose_are_those_of_the_listings() {
    let main = read(&ok(catalogue::named("listing-20-26")), "src/main.rs");
    let number = |before: &str| {
        let (_, rest) = main.split_once(before).expect("the listing has it");
        let digits = rest.split(|c: char| !c.is_ascii_digit()).next();
        let words = [
            "none", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
        ];
        words[digits
            .and_then(|digits| digits.parse::<usize>().ok())
            .expect("a number")]
    };
    let (seconds, requests) = (number("from_secs("), number(".take("));
    // Neither is about what the listings do.
    let others = ["every four seconds", "fifty seconds", "forty seconds"];
    let mut told = 0;
    let mut texts = vec![root().join("README.md")];
    let book = root().join("book/src");
    texts.extend(files(&book).map(|file| book.join(file)));
    for path in texts
        .iter()
        .filter(|path| path.extension().is_some_and(|end| end == "md"))
    {
        let text = fs::read_to_string(path).expect("it can be read");
        let mut prose = text.split_whitespace().collect::<Vec<_>>().join(" ");
        for other in others {
            prose = prose.replace(other, "");
        }
        for (thing, number) in [("seconds", seconds), ("requests", requests)] {
            for word in [
                "one", "two", "three", "four", "five", "six", "seven", "eight", "nine",
            ] {
                let found = prose.matches(&format!(" {word} {thing}")).count();
                let place = path.display();
                assert!(
                    found == 0 || word == number,
                    "{place}: {word} {thing}, and not {number}"
                );
                told += found;
            }
        }
    }
    assert!(told > 5, "the words were not found");
}

#[test]
fn every_folder_holds_its_manifest_and_its_sources_and_nothing_else() {
    for listing in ok(catalogue::all()) {
        let name = &listing.name;
        same(name, read(&listing, "Cargo.toml"), listing.manifest());

        let mut files = Vec::new();
        for folder in [listing.folder(), listing.folder().join("src")] {
            for entry in fs::read_dir(folder).expect("the folder is there") {
                let file = entry.expect("the folder can be read").file_name();
                files.push(file.to_string_lossy().into_owned());
            }
        }
        files.sort();
        files.retain(|file| file != "lib.rs" && (file != "tests" || !listing.has_tests()));
        same(
            name,
            files,
            ["Cargo.toml", "main.rs", "src"].map(String::from).to_vec(),
        );
    }
}

#[test]
fn request_handling_is_the_same_to_the_byte() {
    let parts = |listing: &Listing| {
        let text = read(listing, "src/main.rs");
        let (head, rest) = text.split_once("\nfn main() {").expect("a main");
        let (body, handling) = rest
            .split_once("\nfn handle_connection")
            .expect("the request handling");
        let imports: String = head
            .lines()
            .filter(|line| !line.starts_with("use listing_"))
            .collect();
        let listens = body.lines().nth(1).unwrap_or_default().to_string();
        [imports, listens, handling.to_string()]
    };
    let listings = ok(catalogue::all());
    let first = parts(&listings[0]);
    // What becomes of a client that errs is what next-3 is about.
    let other = |listing: &&Listing| listing.name != "listing-next-3-errors";
    for listing in listings
        .iter()
        .filter(|listing| listing.serves)
        .filter(other)
    {
        same(&listing.name, &first, &parts(listing));
    }
}

#[test]
fn a_copy_of_the_folder_builds_alone() {
    let listing = ok(catalogue::named("listing-20-26"));
    let copy = Outside::new("a-copy-of-listing-20-26");
    fs::create_dir_all(copy.path().join("src")).expect("a folder can be made");
    for file in ["Cargo.toml", "src/main.rs", "src/lib.rs"] {
        fs::write(copy.path().join(file), read(&listing, file)).expect("a file can be written");
    }
    let output = ok(cargo::run(
        cargo::command().current_dir(copy.path()).args([
            "build",
            "--offline",
            "--target-dir",
            "target",
        ]),
    ));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    assert!(!said.contains("warning"), "{said}");
}

#[test]
fn nothing_comes_from_a_registry() {
    let home = Outside::new("an-empty-home-of-cargo");
    for words in [
        "build --package listing-20-26",
        "metadata --format-version 1",
    ] {
        let mut cargo = cargo::command();
        cargo
            .args(words.split(' '))
            .args(["--locked", "--offline"])
            .env("CARGO_HOME", home.path());
        let output = ok(cargo::run(&mut cargo));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "cargo {words}: {said}");
    }
}

#[test]
fn a_closed_gate_tells_the_reader_how_to_open_it() {
    for listing in ok(catalogue::all()) {
        if listing.compiles() {
            continue;
        }
        let output = ok(cargo::run(cargo::command().args([
            "run",
            "-p",
            &listing.name,
        ])));
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(!output.status.success(), "{said}");
        assert!(
            said.contains("--features=\"does-not-compile\""),
            "{}: {said}",
            listing.name
        );
    }
}

#[test]
fn an_address_that_cannot_be_used_gets_one_sentence_and_the_way_out() {
    let listener = TcpListener::bind("127.0.0.1:0").expect("some port is free");
    let taken = listener
        .local_addr()
        .expect("it has an address")
        .to_string();
    for listing in ok(catalogue::all()) {
        if !listing.compiles() || !listing.serves {
            continue;
        }
        for address in [taken.as_str(), "nowhere", "127.0.0.1:99999"] {
            let ended = ok(Server::refused(&binary(&listing.name), address));
            assert_eq!(ended.status.code(), Some(1), "{ended:?}");
            assert_eq!(ended.log, [""; 0], "{ended:?}");
            let said = ended.errors.trim_end();
            assert!(
                said.starts_with(&format!("Cannot listen on {address} (")),
                "{said}"
            );
            assert!(
                said.ends_with("such as `-- 127.0.0.1:0` for any free port."),
                "{said}"
            );
            assert_eq!(said.lines().count(), 1, "{said}");
        }
    }
}

#[test]
fn without_an_argument_the_address_is_the_books() {
    let text = read(&ok(catalogue::named("listing-20-11")), "src/main.rs");
    assert!(text.contains(r#".unwrap_or("127.0.0.1:7878".to_string());"#));
}

/// The head of the README's index.
const INDEX: &str = "| listing | what changes | what you see |\n|---|---|---|\n";

/// The rows of the README's index, as the catalogue has them.
#[test]
fn the_readme_lists_every_listing() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
    let readme = readme.replace("\r\n", "\n");
    let mut rows = String::new();
    for listing in ok(catalogue::all()) {
        let Listing {
            name, title, sees, ..
        } = &listing;
        let number = listing.number();
        let does_not = match listing.errors.join(", ") {
            codes if codes.is_empty() => String::new(),
            codes => format!("**does not compile**, {codes}: "),
        };
        rows += &format!("| [{number}](listings/{name}) | {title} | {does_not}{sees} |\n");
    }
    let (head, rest) = readme.split_once(INDEX).expect("the README has an index");
    let (index, rest) = rest
        .split_once("\n\n")
        .expect("something follows the index");
    let index = format!("{index}\n");
    if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") && index != rows {
        let text = format!("{head}{INDEX}{rows}\n{rest}");
        return fs::write(root().join("README.md"), text).expect("the README can be written");
    }
    assert!(
        index == rows,
        "the README's index (`INSTA_UPDATE=always cargo test` writes it):\n{}",
        difference(&index, &rows)
    );
}

fn read(listing: &Listing, file: &str) -> String {
    let path = listing.folder().join(file);
    match fs::read_to_string(&path) {
        Ok(text) => text.replace("\r\n", "\n"),
        Err(error) => panic!("cannot read {}: {error}", path.display()),
    }
}
