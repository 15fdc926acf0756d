//! The command `cargo listings`, run as a reader runs it.

use std::{
    fs::{self, File},
    io::{BufRead, BufReader},
    path::PathBuf,
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, SystemTime},
};

fn listings(words: &str) -> Output {
    let words = words.split(' ').filter(|word| !word.is_empty());
    Command::new(env!("CARGO_BIN_EXE_listings"))
        .args(words)
        .output()
        .expect("the command can be started")
}

fn shown(words: &str) -> String {
    let output = listings(words);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

/// It ends with this code and says one sentence on standard error.
fn refuses(words: &str, code: i32, sentence: &str) {
    let output = listings(words);
    assert_eq!(output.status.code(), Some(code), "{words}");
    assert!(output.stdout.is_empty(), "{words}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said.trim_end(), format!("error: {sentence}"), "{words}");
}

#[test]
fn list_shows_every_listing() {
    let table = shown("");
    snapshot("list", &table);
    assert_eq!(table, shown("list"));
}

#[test]
fn help_shows_every_command_and_each_has_help_of_its_own() {
    let help = shown("help");
    assert_eq!(help, shown("--help"));
    snapshot("help", &help);
    for line in help.lines().filter(|line| line.starts_with("  ")) {
        let name = line.split_whitespace().next().expect("a name");
        let more = shown(&format!("help {name}"));
        assert_eq!(more, shown(&format!("{name} --help")));
        assert!(more.contains("\n  cargo listings"), "no example in: {more}");
    }
}

#[test]
fn diff_compares_with_the_listing_that_is_followed() {
    let diff = shown("diff 20-25");
    assert!(diff.contains("+            self.sender.send(Message::Terminate).unwrap();"));
    assert_eq!(diff, shown("diff 20.24 listing-20-25"));
    assert!(!diff.contains("\x1b["), "colours without a terminal");

    assert!(shown("diff 20-22 --stat").contains("1 file changed"));
    let words = shown("diff 20-26 --word");
    assert!(words.contains("{+listener.incoming().take(2)+}"), "{words}");
}

#[test]
fn diff_in_two_columns() {
    snapshot(
        "diff-side-by-side",
        &shown("diff 20-22 --side-by-side --width=140"),
    );
    let narrow = shown("diff 20-22 --side-by-side --width=60");
    assert!(
        narrow
            .lines()
            .skip(1)
            .all(|line| line.chars().count() <= 60),
        "{narrow}"
    );
}

#[test]
fn run_plays_the_clients_and_shows_the_log() {
    let seen = shown("run 20-26");
    for line in [
        "client 1 asks for /",
        "client 1 gets HTTP/1.1 200 OK",
        "client 2 gets HTTP/1.1 200 OK",
        "│ Listening on http://127.0.0.1:",
        "│ Shutting down worker 3",
    ] {
        assert!(seen.contains(line), "no `{line}` in:\n{seen}");
    }
    let seen = shown("run 2021-20-25 --clients /,/nowhere");
    assert!(
        seen.contains("client 2 gets HTTP/1.1 404 NOT FOUND"),
        "{seen}"
    );
}

/// A folder of its own, removed in the end.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let folder = std::env::temp_dir().join(format!("{name}-{}", std::process::id()));
        let _ = fs::remove_dir_all(&folder);
        Folder(folder)
    }

    fn text(&self) -> &str {
        self.0.to_str().expect("a path in UTF-8")
    }

    fn write(&self, file: &str, text: &str) {
        let path = self.0.join(file);
        fs::create_dir_all(path.parent().expect("a folder")).expect("it can be made");
        fs::write(path, text).expect("it can be written");
    }
}

impl Drop for Folder {
    fn drop(&mut self) {
        let _ = fs::remove_dir_all(&self.0);
    }
}

fn library(listing: &str) -> String {
    let path = listings::root()
        .join("listings")
        .join(listing)
        .join("src/lib.rs");
    fs::read_to_string(path).expect("the listing has a library")
}

#[test]
fn explore_shows_the_shortest_way_into_the_deadlock() {
    let report = shown("explore 20-26-single-loop");
    snapshot("explore", &report);
    let replay = report
        .lines()
        .find_map(|line| line.split_once(" --replay ").map(|(_, replay)| replay))
        .expect("a schedule to replay");
    let table = shown(&format!("explore 20-26-single-loop --replay {replay}"));
    for line in table.lines() {
        assert!(report.contains(line), "`{line}` is not in:\n{report}");
    }
}

#[test]
fn explore_knows_which_logs_can_occur() {
    let folder = Folder::new("logs");
    let ask = |log: &str| {
        folder.write("asked.log", log);
        let file = folder.0.join("asked.log");
        listings(&format!(
            "explore 20-25 --workers 2 --jobs 0 --log {}",
            file.display()
        ))
    };
    let first = "Shutting down.\nSending terminate message to all workers.\n\
                 Shutting down all workers.\nShutting down worker 0\n\
                 Worker 0 was told to terminate.\n";
    let rest = "Shutting down worker 1\nWorker 1 was told to terminate.\n";
    let possible = ask(&format!("{first}{rest}"));
    assert_eq!(possible.status.code(), Some(0));
    assert!(String::from_utf8_lossy(&possible.stdout).ends_with("\npossible\n"));

    let impossible = ask(&format!("{rest}{first}"));
    assert_eq!(impossible.status.code(), Some(1));
    let said = String::from_utf8_lossy(&impossible.stdout);
    assert!(
        said.contains("impossible from line 1 on: Shutting down worker 1\n"),
        "{said}"
    );
    assert!(said.contains("possible there: Shutting down.\n"), "{said}");
}

#[test]
fn explore_of_the_whole_program_and_of_a_pool_that_is_kept() {
    let report = shown("explore 2021-20-25 --clients /,/");
    assert!(report.contains("schedules: 384\n"), "{report}");
    let report = shown("explore 20-22 --jobs 2 --keep");
    assert!(
        report.contains("        0  two jobs run at once\n"),
        "{report}"
    );
    let logs = shown("explore 20-26-single-loop --jobs 0 --all-logs 5");
    assert!(logs.contains("\nLog 2:\n"), "{logs}");
    assert!(!logs.contains("\nLog 3:\n"), "{logs}");
}

#[test]
fn explore_names_what_it_does_not_cover() {
    let folder = Folder::new("uncovered");
    folder.write(
        "Cargo.toml",
        "[package]\nname = \"uncovered\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
    );
    folder.write(
        "src/main.rs",
        "use std::process::Command;\n\nfn main() {\n    let _ = Command::new(\"ls\").status();\n}\n",
    );
    let path = folder.text();
    refuses(
        &format!("explore {path} --clients /"),
        1,
        "uncovered can't be explored: it uses `std::process::Command` (src/main.rs:1), which the \
         explorer doesn't cover.",
    );
}

#[test]
fn practise_makes_a_folder_and_loses_nothing() {
    let folder = Folder::new("practise");
    let path = folder.text();
    let made = shown(&format!("practise 20.25 --into {path}"));
    assert!(
        made.starts_with("# Tell them, then wait for them\n"),
        "{made}"
    );
    assert!(
        made.ends_with(&format!("cargo listings check {path}\n")),
        "{made}"
    );
    let main = fs::read_to_string(folder.0.join("src/main.rs")).expect("a program");
    assert!(
        main.starts_with("use practice_20_25::ThreadPool;\n"),
        "{main}"
    );

    folder.write("src/lib.rs", "// mine\n");
    refuses(
        &format!("practise 20-25 --into {path}"),
        1,
        &format!(
            "{path} is there already; go on in it, or add --again to lose what is in it and \
             start over"
        ),
    );
    let library = || fs::read_to_string(folder.0.join("src/lib.rs")).expect("a library");
    assert_eq!(library(), "// mine\n");
    shown(&format!("practise 20-25 --again --into {path}"));
    assert!(library().contains("Terminate"));
}

/// Practise, fail with a hint, mend, pass.
#[test]
fn a_lesson_from_the_deadlock_to_the_mended_pool() {
    let folder = Folder::new("lesson");
    let path = folder.text();
    shown(&format!("practise deadlock --into {path}"));

    for hint in 1..=3 {
        let judged = listings(&format!("check {path} --hint"));
        assert_eq!(judged.status.code(), Some(1));
        let said = String::from_utf8_lossy(&judged.stdout);
        for part in [
            "  NO   dropping the pool returns in every schedule\n",
            "1 of 2 schedules end in a deadlock: dropping the pool never returns",
            "Deadlock: nobody can go on.",
            &format!("\nHint {hint} of 3: "),
        ] {
            assert!(said.contains(part), "no `{part}` in:\n{said}");
        }
    }

    folder.write("src/lib.rs", &library("listing-20-25"));
    let judged = shown(&format!("check {path}"));
    assert!(judged.contains("\nAll of it holds.\n"), "{judged}");
    assert!(
        judged.contains("\nNext: cargo listings practise panic\n"),
        "{judged}"
    );
}

#[test]
fn check_reports_to_machines_too() {
    let folder = Folder::new("machines");
    let path = folder.text();
    shown(&format!("practise serial --into {path}"));
    let report = |format: &str| {
        let judged = listings(&format!("check {path} --format {format}"));
        assert_eq!(judged.status.code(), Some(1));
        String::from_utf8_lossy(&judged.stdout).replace(path, "FOLDER")
    };
    snapshot("check.json", &report("json"));
    snapshot("check.junit", &report("junit"));
}

/// A crate with any other name and no exercise is taken for a whole pool, and one that doesn't
/// compile is told so in the compiler's words.
#[test]
fn check_takes_any_crate() {
    let folder = Folder::new("any");
    let path = folder.text();
    folder.write(
        "Cargo.toml",
        "[package]\nname = \"homework\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
    );
    folder.write("src/lib.rs", &library("listing-2021-20-24"));
    let judged = shown(&format!("check {path}"));
    assert!(judged.contains("checked as the exercise pool"), "{judged}");

    folder.write("src/lib.rs", "pub struct ThreadPool\n\nimpl ThreadPool {\n");
    let judged = listings(&format!("check {path}"));
    assert_eq!(judged.status.code(), Some(1));
    let said = String::from_utf8_lossy(&judged.stdout);
    assert!(said.contains("  NO   it compiles\n       "), "{said}");
    assert!(said.contains("error: "), "{said}");

    refuses(
        "check nowhere",
        1,
        "nowhere holds no crate: it has no Cargo.toml",
    );
}

/// Two hand-ins, unpacked one after the other into one folder. All of their files were saved at the
/// same time, long ago.
#[test]
fn a_verdict_is_on_what_the_files_hold_and_not_on_when_they_were_saved() {
    let folder = Folder::new("unpacked");
    let path = folder.text();
    let unpack = |exercise: &str, library: &str| {
        let manifest = format!(
            "[package]\nname = \"practice-{exercise}\"\nedition = \"2024\"\n\n[workspace]\n"
        );
        for (file, text) in [("Cargo.toml", manifest.as_str()), ("src/lib.rs", library)] {
            folder.write(file, text);
            let file = File::options().write(true).open(folder.0.join(file));
            let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
            let dated = file.and_then(|file| file.set_modified(long_ago));
            dated.expect("a file's time can be set");
        }
    };
    let said = |words: &str| {
        let output = listings(&format!("{words} {path}"));
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    let right = library("listing-2021-20-24");
    let wrong = library("listing-20-26-single-loop");
    for (library, holds) in [(&right, true), (&wrong, false), (&right, true)] {
        unpack("pool", library);
        let report = said("explore");
        assert_eq!(!report.contains("  deadlock\n"), holds, "{report}");
        let judged = said("check");
        assert_eq!(judged.contains("\nAll of it holds.\n"), holds, "{judged}");
    }

    // Here it is the compiler alone that is asked.
    let never_sent = library("listing-20-24");
    let sent = library("listing-20-25");
    for (library, holds) in [(&never_sent, true), (&sent, false), (&never_sent, true)] {
        unpack("20-24", library);
        let judged = said("check");
        let warns = "  yes  the compiler warns of a message that is never constructed\n";
        assert_eq!(judged.contains(warns), holds, "{judged}");
    }
}

/// A child that is ended with the test.
struct Watch(Child);

impl Drop for Watch {
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}

#[test]
fn watch_checks_again_when_a_file_is_saved() {
    let folder = Folder::new("watch");
    let path = folder.text();
    shown(&format!("practise deadlock --into {path}"));
    let mut child = Command::new(env!("CARGO_BIN_EXE_listings"))
        .args(["watch", path])
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command can be started");
    let output = child.stdout.take().expect("its output");
    let _watch = Watch(child);
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(|line| line.ok()) {
            let _ = sender.send(line);
        }
    });
    let wait_for = |wanted: &str| {
        let mut seen = String::new();
        loop {
            match lines.recv_timeout(listings::PATIENCE) {
                Ok(line) if line.starts_with(wanted) => return,
                Ok(line) => seen += &format!("{line}\n"),
                Err(_) => panic!("no `{wanted}` in:\n{seen}"),
            }
        }
    };
    wait_for("Not yet.");
    wait_for("Waiting for the next change");
    folder.write("src/lib.rs", &library("listing-20-25"));
    wait_for("All of it holds.");
}

#[test]
fn wrong_words_get_one_sentence_and_code_2() {
    refuses(
        "explore 20-25 --clients / --jobs 2",
        2,
        "explore: --clients is for the whole program; --workers, --jobs and --keep are for a pool; \
         `cargo listings help explore` shows an example",
    );
    refuses(
        "explore 20-26 --clients /,rude",
        2,
        "explore: --clients takes a number, or paths such as /sleep,/ and the words silent and \
         hangup, and not `/,rude`; `cargo listings help explore` shows an example",
    );
    refuses(
        "explore 20-26 --replay abc",
        2,
        "explore: `abc` is not a schedule, which looks like `0x3,1,0x2`; \
         `cargo listings help explore` shows an example",
    );
    refuses(
        "check . --format xml",
        2,
        "check: --format takes text, json or junit, and not `xml`; `cargo listings help check` \
         shows an example",
    );
    refuses(
        "dif 20-25",
        2,
        "there is no command `dif`; the nearest is `diff`, and `cargo listings help` shows all",
    );
    refuses(
        "diff 20-99",
        2,
        "there is no listing 20-99; the nearest are 20-19, 20-11, 20-12",
    );
    let more = |command| format!("; `cargo listings help {command}` shows an example");
    refuses(
        "diff",
        2,
        &format!("diff: it takes one listing or two{}", more("diff")),
    );
    refuses(
        "diff 20-11",
        2,
        &format!(
            "diff: listing-20-11 is the first and follows none: name two{}",
            more("diff")
        ),
    );
    refuses(
        "list --all",
        2,
        &format!("list: there is no option --all{}", more("list")),
    );
    refuses(
        "run 20-26 --clients many",
        2,
        &format!(
            "run: --clients takes a whole number from 0 to 100, and not `many`{}",
            more("run")
        ),
    );
    refuses(
        "run 20-17",
        1,
        "listing-20-17 does not compile, and that is its lesson: \
         `cargo run -p listing-20-17 --features does-not-compile` shows the error",
    );
}
