//! The shape of the repository: no stray folder, no drifting copy, no step that does more than it
//! says.

use crate::expect::{Outside, binary, ok, same, skip, snapshot};
use listings::{
    cargo,
    catalogue::{self, Listing},
    diff, root,
    server::Server,
};
use std::{fs, net::TcpListener, process::Command};

/// The steps in reading order, each with the listing that it is compared with.
const STEPS: [(&str, &str); 27] = [
    ("listing-20-11", ""),
    ("listing-20-12", "listing-20-11"),
    ("listing-20-12-a-struct", "listing-20-12"),
    ("listing-20-12-b-new", "listing-20-12-a-struct"),
    ("listing-20-12-c-execute", "listing-20-12-b-new"),
    ("listing-20-13", "listing-20-12-c-execute"),
    ("listing-20-14", "listing-20-13"),
    ("listing-20-15", "listing-20-14"),
    ("listing-20-16", "listing-20-15"),
    ("listing-20-17", "listing-20-16"),
    ("listing-20-18", "listing-20-17"),
    ("listing-20-19", "listing-20-18"),
    ("listing-20-20", "listing-20-19"),
    ("listing-20-21", "listing-20-20"),
    ("listing-20-21-a-boxed-fnonce", "listing-20-21"),
    ("listing-20-22", "listing-20-21-a-boxed-fnonce"),
    ("listing-20-23", "listing-20-21-a-boxed-fnonce"),
    ("listing-20-23-a-option", "listing-20-23"),
    ("listing-20-23-b-take", "listing-20-23-a-option"),
    ("listing-20-24", "listing-20-23-b-take"),
    ("listing-20-25", "listing-20-24"),
    ("listing-20-26", "listing-20-25"),
    ("listing-20-26-single-loop", "listing-20-26"),
    ("listing-2021-20-23", "listing-20-23-b-take"),
    ("listing-2021-20-24", "listing-2021-20-23"),
    ("listing-2021-20-25", "listing-2021-20-24"),
    ("listing-next-4-another-task", "listing-2021-20-25"),
];

#[test]
fn every_folder_is_a_step_and_every_step_a_folder() {
    let listings = ok(catalogue::all());
    let found: Vec<(&str, &str)> = listings
        .iter()
        .map(|listing| {
            let follows = listing.follows.as_deref().unwrap_or_default();
            (listing.name.as_str(), follows)
        })
        .collect();
    same("the folders and the steps", found, STEPS.to_vec());
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
        files.retain(|file| file != "lib.rs");
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
    for listing in listings.iter().filter(|listing| listing.serves) {
        same(&listing.name, &first, &parts(listing));
    }
}

#[test]
fn each_step_changes_what_it_says_and_no_more() {
    if let Err(error) = Command::new("git").arg("--version").output() {
        return skip("the diffs between listings", &format!("git: {error}"));
    }
    for listing in ok(catalogue::all()) {
        if let Some(follows) = &listing.follows {
            let diff = ok(diff::sources(&ok(catalogue::named(follows)), &listing));
            snapshot(&format!("{}.diff", listing.name), &diff);
        }
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

/// The rows of the README's index, as the catalogue has them.
#[test]
fn the_readme_lists_every_listing() {
    let readme = fs::read_to_string(root().join("README.md")).expect("there is a README");
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
    assert!(
        readme.contains(&rows),
        "the README's index should be:\n{rows}"
    );
}

fn read(listing: &Listing, file: &str) -> String {
    let path = listing.folder().join(file);
    match fs::read_to_string(&path) {
        Ok(text) => text.replace("\r\n", "\n"),
        Err(error) => panic!("cannot read {}: {error}", path.display()),
    }
}
