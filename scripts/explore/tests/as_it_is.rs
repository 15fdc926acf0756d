//! A crate is explored as Cargo builds it: its features, its build script, its profile, its names.

#[path = "common/crates.rs"]
mod crates;

use crates::{build, program};
use interleave::explorer::report::{Ending, Report};
use std::fs;

/// What a crate's program prints and how it ends, in the one schedule that it has.
#[track_caller]
fn explored(name: &str, files: &[(&str, &str)]) -> Report {
    let built = build(name, files).unwrap_or_else(|refusal| panic!("{refusal}"));
    let report = built.program("").report();
    report.unwrap_or_else(|trouble| panic!("{trouble}"))
}

#[track_caller]
fn log(name: &str, files: &[(&str, &str)]) -> String {
    explored(name, files).first_log.unwrap_or_default()
}

/// A program whose only thread prints.
fn prints(what: &str) -> String {
    format!("fn main() {{\n    std::thread::spawn(|| println!({what})).join().unwrap();\n}}\n")
}

fn manifest(name: &str, more: &str) -> String {
    format!(
        "[package]\nname = \"{name}\"\nversion = \"1.2.3\"\nedition = \"2024\"\n{more}\n[workspace]\n"
    )
}

#[test]
fn default_features_are_on() {
    let main = prints(r#""{} {}", cfg!(feature = "fast"), cfg!(feature = "other")"#);
    let manifest = manifest(
        "features",
        "[features]\ndefault = [\"more\"]\nmore = [\"fast\"]\nfast = []\nother = []",
    );
    let files = [("Cargo.toml", &*manifest), ("src/main.rs", &*main)];
    assert_eq!(log("features", &files), "true false\n");
}

#[test]
fn a_build_script_has_its_say() {
    let main = prints(
        r#""{} {} {}", cfg!(found), env!("FOUND"), include!(concat!(env!("OUT_DIR"), "/n.rs"))"#,
    );
    let script = r#"fn main() {
    println!("cargo:rustc-cfg=found");
    println!("cargo:rustc-env=FOUND=with 'quotes'");
    let folder = std::env::var("OUT_DIR").unwrap();
    std::fs::write(std::path::Path::new(&folder).join("n.rs"), "42").unwrap();
    assert!(std::path::Path::new("src/main.rs").exists());
}
"#;
    let manifest = manifest("scripted", "");
    let files = [
        ("Cargo.toml", &*manifest),
        ("src/main.rs", &*main),
        ("build.rs", script),
    ];
    assert_eq!(log("scripted", &files), "true with 'quotes' 42\n");
    let files = [
        files[0],
        files[1],
        ("build.rs", "fn main() { panic!(\"no such tool\"); }"),
    ];
    let refusal = build("scripted", &files).unwrap_err().to_string();
    assert!(
        refusal.contains("doesn't compile, with or without"),
        "{refusal}"
    );
    assert!(refusal.contains("no such tool"), "{refusal}");
}

#[test]
fn settings_of_cargo_count() {
    let main = prints(r#""{} {:?}", cfg!(flagged), option_env!("OF_THE_FOLDER")"#);
    let settings = "[build]\nrustflags = [\"--cfg\", \"flagged\"]\n[env]\nOF_THE_FOLDER = \"1\"\n";
    let manifest = manifest("settings", "");
    let files = [
        ("Cargo.toml", &*manifest),
        ("src/main.rs", &*main),
        (".cargo/config.toml", settings),
    ];
    assert_eq!(log("settings", &files), "true Some(\"1\")\n");
}

#[test]
fn a_panic_aborts_where_the_profile_says_so() {
    let main = "fn main() {\n    let thread = std::thread::spawn(|| panic!(\"no\"));\n    \
                println!(\"{}\", thread.join().is_err());\n}\n";
    let manifest = manifest("aborting", "[profile.dev]\npanic = \"abort\"");
    let files = [("Cargo.toml", &*manifest), ("src/main.rs", main)];
    let report = explored("aborting", &files);
    assert!(report.always(Ending::Aborts), "{report:?}");
    assert_eq!(report.first_log.as_deref(), Some(""));
}

#[test]
fn overflow_is_checked_as_the_profile_says() {
    let main = "fn main() {\n    std::thread::spawn(|| {\n        \
                let one = std::env::args().count() as u8;\n        println!(\"{}\", 255 + one);\n    \
                }).join().unwrap();\n}\n";
    let lenient = manifest("wrapping", "[profile.dev]\noverflow-checks = false");
    let files = [("Cargo.toml", &*lenient), ("src/main.rs", main)];
    assert_eq!(log("wrapping", &files), "0\n");
    let strict = manifest("wrapping", "");
    let files = [("Cargo.toml", &*strict), ("src/main.rs", main)];
    assert!(explored("wrapping", &files).always(Ending::MainPanics));
}

#[test]
fn the_program_that_cargo_runs_is_explored() {
    let (one, two) = (prints("\"one\""), prints("\"two\""));
    let programs = [("src/bin/one.rs", &*one), ("src/bin/two.rs", &*two)];
    let says = manifest("several-bins", "default-run = \"two\"");
    let files = [("Cargo.toml", &*says), programs[0], programs[1]];
    assert_eq!(log("several-bins", &files), "two\n");
    let silent = manifest("several-bins", "");
    let files = [("Cargo.toml", &*silent), programs[0], programs[1]];
    let refusal = build("several-bins", &files).unwrap_err().to_string();
    assert!(
        refusal.ends_with(
            "it has several programs: one, two; `default-run` in its Cargo.toml says which one is meant."
        ),
        "{refusal}"
    );
}

#[test]
fn names_are_those_of_the_crate() {
    let main = prints(
        r#""{} {} {} {} {}", env!("CARGO_PKG_NAME"), env!("CARGO_PKG_VERSION"), module_path!(), env!("CARGO_BIN_NAME"), own_name::path()"#,
    );
    let lib = "pub fn path() -> &'static str { module_path!() }\n";
    let manifest = manifest("own-name", "");
    let files = [
        ("Cargo.toml", &*manifest),
        ("src/main.rs", &*main),
        ("src/lib.rs", lib),
    ];
    assert_eq!(
        log("own-name", &files),
        "own-name 1.2.3 own_name own-name own_name\n"
    );
}

#[test]
fn files_beside_the_manifest_are_found() {
    let main = prints(
        r#""{}", std::fs::read_to_string(concat!(env!("CARGO_MANIFEST_DIR"), "/word.txt")).unwrap()"#,
    );
    let manifest = manifest("beside", "");
    let files = [
        ("Cargo.toml", &*manifest),
        ("src/main.rs", &*main),
        ("word.txt", "word"),
    ];
    assert_eq!(log("beside", &files), "word\n");
}

#[test]
fn main_may_return_what_it_likes() {
    let joins = "std::thread::spawn(|| println!(\"t\")).join().unwrap();";
    let code = format!(
        "use std::process::ExitCode;\nfn main() -> ExitCode {{ {joins} ExitCode::from(3) }}\n"
    );
    let report = program("exit-code", &code)
        .unwrap()
        .program("")
        .report()
        .unwrap();
    assert!(report.always(Ending::Exit(3)), "{report:?}");
    let never = format!("fn main() -> ! {{ {joins} std::process::exit(4) }}\n");
    let report = program("never", &never)
        .unwrap()
        .program("")
        .report()
        .unwrap();
    assert!(report.always(Ending::Exit(4)), "{report:?}");
    let own = format!(
        "use std::process::{{ExitCode, Termination}};\nstruct Five;\nimpl Termination for Five {{\n    \
         fn report(self) -> ExitCode {{ 5.into() }}\n}}\nfn main() -> Result<Five, String> {{ {joins} Ok(Five) }}\n"
    );
    let report = program("termination", &own)
        .unwrap()
        .program("")
        .report()
        .unwrap();
    assert!(report.always(Ending::Exit(5)), "{report:?}");
}

#[test]
fn what_is_inherited_from_a_workspace_counts() {
    // `async` is a name in the edition 2015.
    let main = "fn main() {\n    let work = async { 1 };\n    drop(work);\n    \
                std::thread::spawn(|| println!(\"{}\", env!(\"CARGO_PKG_VERSION\"))).join().unwrap();\n}\n";
    let member = "[package]\nname = \"inheriting\"\nversion.workspace = true\n\
                  edition = { workspace = true }\n";
    let root = "[workspace]\nmembers = [\"inheriting\"]\n[workspace.package]\nversion = \"7.0.0\"\n\
                edition = \"2021\"\n";
    crates::write("inherited", &[("Cargo.toml", root)]);
    let files = [("Cargo.toml", member), ("src/main.rs", main)];
    assert_eq!(log("inherited/inheriting", &files), "7.0.0\n");
}

#[test]
fn crates_for_other_systems_are_not_missed() {
    let main = prints("\"t\"");
    let manifest = manifest(
        "elsewhere",
        "[target.'cfg(target_os = \"none\")'.dependencies]\nnowhere = \"1\"\n\
         [target.'cfg(not(target_os = \"none\"))'.dependencies]\nhere-too = \"1\"",
    );
    let files = [("Cargo.toml", &*manifest), ("src/main.rs", &*main)];
    assert_eq!(log("elsewhere", &files), "t\n");
    let uses = prints("\"{}\", here_too::word()");
    let files = [("Cargo.toml", &*manifest), ("src/main.rs", &*uses)];
    assert_eq!(
        build("elsewhere", &files).unwrap_err().to_string(),
        "elsewhere can't be explored: it uses `here-too` (src/main.rs:2), and only `std` can be replaced."
    );
}

#[test]
fn letters_may_be_decomposed() {
    let main = prints("\"t\"");
    let manifest = manifest(
        "accents",
        "[[bin]]\nname = \"accents\"\npath = \"src/e\u{301}te\u{301}.rs\"",
    );
    let files = [
        ("Cargo.toml", &*manifest),
        ("src/e\u{301}te\u{301}.rs", &*main),
    ];
    assert_eq!(log("accents", &files), "t\n");
}

#[test]
fn a_program_whose_first_operation_blocks_is_a_deadlock() {
    let main = "fn main() {\n    std::thread::park();\n}\n";
    let report = program("parked", main)
        .unwrap()
        .program("")
        .report()
        .unwrap();
    assert!(report.always(Ending::Deadlock), "{report:?}");
}

#[test]
fn only_what_cargo_itself_cannot_compile_does_not_compile() {
    // What the explorer's wrapper can't compile, and Cargo can.
    let main = "fn main() {\n    std::thread::spawn(|| std::process::Command::new(\"ls\")).join().unwrap();\n}\n";
    let refusal = program("compiles", main).unwrap_err().to_string();
    assert_eq!(
        refusal,
        "compiles can't be explored: it uses `std::process::Command` (src/main.rs:2), which the explorer doesn't cover."
    );
    let folder = crates::write("compiles", &[("src/main.rs", main)]);
    let lock = fs::exists(folder.join("Cargo.lock")).unwrap();
    assert!(!lock, "Cargo.lock was left in the crate's own folder");
}
