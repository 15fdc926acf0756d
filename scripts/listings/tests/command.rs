//! The command `cargo listings`, run as a reader runs it.

use listings::diff::difference;
use std::{
    fs::{self, File},
    hash::{DefaultHasher, Hash, Hasher},
    io::{self, BufRead, BufReader, Write},
    net::{SocketAddr, TcpStream},
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::{Duration, Instant, SystemTime},
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

/// Fails with the lines in which two texts differ.
#[track_caller]
fn same(found: &str, expected: &str) {
    assert!(
        found == expected,
        "expected (-) and found (+):\n{}",
        difference(expected, found)
    );
}

#[test]
fn list_shows_every_listing() {
    let table = shown("");
    snapshot("list", &table);
    same(&shown("list"), &table);
}

#[test]
fn help_shows_every_command_and_each_has_help_of_its_own() {
    let help = shown("help");
    same(&shown("--help"), &help);
    snapshot("help", &help);
    for line in help.lines().filter(|line| line.starts_with("  ")) {
        let name = line.split_whitespace().next().expect("a name");
        let more = shown(&format!("help {name}"));
        same(&shown(&format!("{name} --help")), &more);
        assert!(more.contains("\n  cargo listings"), "no example in: {more}");
    }
}

#[test]
fn diff_compares_with_the_listing_that_is_followed() {
    let diff = shown("diff 20-25");
    assert!(diff.contains("+            self.sender.send(Message::Terminate).unwrap();"));
    same(&shown("diff 20.24 listing-20-25"), &diff);
    assert!(!diff.contains("\x1b["), "colours without a terminal");

    assert!(shown("diff 20-22 --stat").contains("1 file changed"));
    let words = shown("diff 20-26 --word");
    assert!(words.contains("{+listener.incoming().take(2)+}"), "{words}");
}

#[test]
fn diff_of_a_listing_and_itself_says_that_nothing_differs() {
    let words = "diff 20.26 listing-20-26";
    assert_eq!(shown(words), "listing-20-26 and itself: nothing differs.\n");
}

#[test]
fn numbers_of_other_editions_and_names_with_spaces_are_understood() {
    let ours = shown("diff 2021-20-24");
    same(&shown("diff 2021: 20.24"), &ours);
    let output = listings("diff 21-24");
    same(&String::from_utf8_lossy(&output.stdout), &ours);
    assert_eq!(
        String::from_utf8_lossy(&output.stderr),
        "note: 21-24 of the edition of 2024 online is 2021-20-24 here\n"
    );
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

/// In every run: the server listens before a client asks, a worker takes a job before that job's
/// client has its answer, and the exit status stands at the end.
#[test]
fn run_shows_what_happens_in_the_order_in_which_it_happens() {
    for _ in 0..20 {
        let seen = shown("run 20-26 --clients 2");
        let lines: Vec<&str> = seen.lines().collect();
        assert!(lines[1].contains("│ Listening on http://"), "{seen}");
        let last = lines.last().expect("it isn't empty");
        assert!(last.contains("│ (exit"), "{seen}");
        let count = |upto: usize, part: &str| {
            let lines = lines[..upto].iter();
            lines.filter(|line| line.contains(part)).count()
        };
        for client in 1..=2 {
            let at = |what: &str| {
                let wanted = format!("client {client} {what}");
                let found = lines.iter().position(|line| line.starts_with(&wanted));
                found.unwrap_or_else(|| panic!("no `{wanted}` in:\n{seen}"))
            };
            assert!(at("asks for /") < at("gets HTTP/1.1 200 OK"), "{seen}");
            let got = at("gets HTTP");
            let answers = count(got + 1, " gets HTTP");
            assert!(count(got, "got a job; executing.") >= answers, "{seen}");
        }
    }
}

/// A folder of its own outside the repository, removed in the end. The next run has the same one, so
/// what is built of the crates in it is there already.
struct Folder(PathBuf);

impl Folder {
    fn new(name: &str) -> Folder {
        let mut repository = DefaultHasher::new();
        listings::root().hash(&mut repository);
        let ours = format!("{name}-{:016x}", repository.finish());
        let folder = std::env::temp_dir().join(ours);
        let _ = fs::remove_dir_all(&folder);
        Folder(folder)
    }

    fn text(&self) -> &str {
        self.0.to_str().expect("a path in UTF-8")
    }

    /// Every file in it, in order, with what it holds; a link is not followed.
    fn files(&self) -> String {
        self.each_file().concat()
    }

    fn each_file(&self) -> Vec<String> {
        let mut found = Vec::new();
        let mut folders = vec![self.0.clone()];
        while let Some(folder) = folders.pop() {
            for entry in fs::read_dir(folder).expect("it can be read") {
                let entry = entry.expect("it can be read");
                let path = entry.path();
                let kind = entry.file_type().expect("it is there");
                let holds = match (kind.is_dir(), kind.is_symlink()) {
                    (true, _) => String::new(),
                    (_, true) => format!("{:?}", fs::read_link(&path)),
                    _ => String::from_utf8_lossy(&fs::read(&path).expect("a file")).into_owned(),
                };
                let name = path.strip_prefix(&self.0).expect("it is inside");
                found.push(format!("{}\n{holds}\n", name.display()));
                if kind.is_dir() {
                    folders.push(path);
                }
            }
        }
        found.sort();
        found
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
    source(listing, "src/lib.rs")
}

fn program(listing: &str) -> String {
    source(listing, "src/main.rs")
}

fn source(listing: &str, file: &str) -> String {
    let folder = listings::root().join("listings").join(listing);
    fs::read_to_string(folder.join(file)).expect("the listing has it")
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

/// A server says where it listens, and that is another address each time.
#[test]
fn explore_knows_a_log_from_any_address() {
    let folder = Folder::new("addresses");
    for (address, code) in [("127.0.0.1:40613", 0), ("nowhere", 1)] {
        folder.write("real.log", &format!("Listening on http://{address}\n"));
        let file = folder.0.join("real.log");
        let output = listings(&format!(
            "explore 20-26 --clients 0 --log {}",
            file.display()
        ));
        let said = String::from_utf8_lossy(&output.stdout);
        assert_eq!(output.status.code(), Some(code), "{said}");
    }
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

/// Be it that it has too many states, be it that nobody wants to wait for it.
#[test]
fn a_graph_that_is_too_large_says_so() {
    let output = listings("explore 20-25 --workers 4 --jobs 4 --graph --seconds 2");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(output.status.code(), Some(1), "{said}");
    assert!(output.stdout.is_empty());
    assert!(
        said.starts_with("error: The graph ")
            && said.ends_with(": take fewer workers, jobs or clients.\n"),
        "{said}"
    );
}

#[test]
fn explore_lets_the_first_jobs_panic() {
    let report = shown("explore 20-25 --jobs 2 --panics 1");
    snapshot("explore-panics", &report);
    let table = shown("explore 20-25 --jobs 2 --panics 1 --replay 0x13,1x8");
    assert!(table.contains("job 0 panics"), "{table}");
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
    let mine = folder.0.join("mine");
    let path = mine.to_str().expect("a path in UTF-8");
    let made = shown(&format!("practise 20.25 --into {path}"));
    assert!(
        made.starts_with("# Tell them, then wait for them\n"),
        "{made}"
    );
    assert!(
        made.ends_with(&format!("cargo listings check {path}\n")),
        "{made}"
    );
    let main = fs::read_to_string(mine.join("src/main.rs")).expect("a program");
    assert!(
        main.starts_with("use practice_20_25::ThreadPool;\n"),
        "{main}"
    );
    // Nothing has changed, so there is nothing to keep.
    let before = folder.files();
    assert!(!shown(&format!("practise 20-25 --again --into {path}")).contains("kept"));
    same(&folder.files(), &before);

    folder.write("mine/src/lib.rs", "// mine\n");
    folder.write("mine/.hints", "2\n");
    folder.write("mine/src/bin/other.rs", "// added\n");
    refuses(
        &format!("practise 20-25 --into {path}"),
        1,
        &format!(
            "{path} is there already; go on in it, or add --again to start over: what you changed \
             is then kept beside it"
        ),
    );
    let text = |file: &str| fs::read_to_string(folder.0.join(file)).unwrap_or_default();
    assert_eq!(text("mine/src/lib.rs"), "// mine\n");
    // Each time the next number: nothing that is kept is replaced.
    for number in 1..=2 {
        let seen = shown(&format!("practise 20-25 --again --into {path}"));
        let beside = format!("\nWhat was there before is kept in {path}.before-{number}: ");
        assert!(seen.contains(&beside), "{seen}");
        assert!(text("mine/src/lib.rs").contains("Terminate"));
        assert_eq!(text("mine/src/bin/other.rs"), "// added\n");
        assert!(!mine.join(".hints").exists());
        folder.write("mine/src/lib.rs", "// mine again\n");
    }
    assert_eq!(text("mine.before-1/src/lib.rs"), "// mine\n");
    assert_eq!(text("mine.before-1/.hints"), "2\n");
    assert_eq!(text("mine.before-2/src/lib.rs"), "// mine again\n");

    // Another exercise in the same folder: what is the old one's alone goes aside.
    shown(&format!("practise 20-12 --again --into {path}"));
    assert!(!mine.join("src/lib.rs").exists());
    assert_eq!(text("mine.before-3/src/lib.rs"), "// mine again\n");
    // And back, where a library of the student's own would be in the way.
    folder.write("mine/src/lib.rs", "// my own\n");
    let before = folder.files();
    refuses(
        &format!("practise 20-25 --again --into {path}"),
        1,
        &format!(
            "{path}/src/lib.rs is not from `practise` and would be replaced, so nothing was \
             touched; move it away, or name another folder with --into"
        ),
    );
    same(&folder.files(), &before);
}

/// A call of `practise`, with --again and without, in this directory; it is refused with this reason
/// and changes no file of the whole folder.
fn leaves_alone(all: &Folder, current: &Path, into: &str, why: &str) {
    for again in [Some("--again"), None] {
        let before = all.files();
        let output = Command::new(env!("CARGO_BIN_EXE_listings"))
            .current_dir(current)
            .args(["practise", "20-25", "--into", into])
            .args(again)
            .output()
            .expect("the command can be started");
        let said = String::from_utf8_lossy(&output.stderr);
        same(&all.files(), &before);
        assert_eq!(output.status.code(), Some(1), "{into}: {said}");
        if again.is_none() && said.contains("is there already") {
            continue;
        }
        assert!(said.starts_with("error: "), "{into}: {said}");
        assert!(said.contains(why), "{into}: {said}");
        assert!(said.contains("--into"), "no way out: {said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

#[test]
fn practise_touches_nothing_that_it_did_not_make() {
    let all = Folder::new("not-made");
    let elsewhere = std::env::temp_dir();
    let path = |name: &str| all.0.join(name).to_str().expect("UTF-8").to_string();
    let refused = |name: &str, why: &str| leaves_alone(&all, &elsewhere, &path(name), why);
    let practise = |name: &str| {
        shown(&format!("practise 20-25 --into {}", path(name)));
        all.write(&format!("{name}/src/lib.rs"), "// mine\n");
    };
    let record = |name: &str, line: &str| {
        practise(name);
        all.write(&format!("{name}/.practise"), &format!("TASK.md\n{line}\n"));
    };

    let not_made = "was not made by `practise`, so nothing in it was touched";
    all.write("thesis/thesis.tex", "ten years\n");
    all.write("thesis/src/lib.rs", "// of the thesis\n");
    refused("thesis", not_made);
    refused("thesis/", not_made);
    // A practise folder as they were before there was a record.
    practise("old");
    fs::remove_file(all.0.join("old/.practise")).expect("it is there");
    refused("old", not_made);
    fs::create_dir(all.0.join("empty")).expect("it can be made");
    refused("empty", not_made);
    all.write("file", "a file\n");
    refused("file", "is a file and no folder");

    practise("clone");
    all.write("clone/.git/HEAD", "ref: refs/heads/main\n");
    refused("clone", "holds a repository");
    practise("worktree");
    all.write("worktree/.git", "gitdir: elsewhere\n");
    refused("worktree", "holds a repository");
    refused("thesis/..", "is not called by its own name");
    // `nowhere/../thesis` is the thesis once `nowhere` is made.
    let again = format!("practise 20-25 --into {}", path("nowhere/../thesis"));
    let output = listings(&again);
    assert_eq!(output.status.code(), Some(1));
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(said.starts_with("error: cannot make "), "{said}");
    assert!(all.files().contains("src/lib.rs\n// of the thesis\n"));

    // The current directory, and what it is in.
    practise("here");
    all.write("here/deep/inside/file", "x\n");
    let here = all.0.join("here");
    for (current, into) in [
        (here.clone(), path("here")),
        (here.join("deep/inside"), path("here")),
        (here.join("deep"), "../../here".to_string()),
    ] {
        leaves_alone(&all, &current, &into, "holds the current directory");
    }
    for into in [".", "..", "../.."] {
        let why = match into {
            "." => "is not called by its own name",
            _ => "so nothing in it was touched",
        };
        leaves_alone(&all, &here, into, why);
    }
    all.write("home/.profile", "umask 022\n");
    all.write("home/papers/thesis.tex", "ten years\n");
    refused("home", not_made);

    // A record that says too much.
    for (i, line) in [
        "../thesis/thesis.tex",
        "../thesis",
        "/etc/hostname",
        "src/../../thesis/thesis.tex",
        "src",
        ".",
        "",
        "src/other.rs",
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("record-{i}");
        record(&name, line);
        let why = format!("has a .practise that names `{line}`, which `practise` never makes");
        refused(&name, &why);
    }
    let name = "record-of-bytes";
    practise(name);
    fs::write(all.0.join(name).join(".practise"), [0xff, 0xfe]).expect("it can be written");
    refused(name, "has a .practise that can't be read");

    // What was a file is a folder, and the other way round.
    practise("other-kind");
    fs::remove_file(all.0.join("other-kind/TASK.md")).expect("it is there");
    all.write("other-kind/TASK.md/notes", "mine\n");
    refused("other-kind", "is not what `practise` made there");
}

/// Links lead nowhere: neither a folder that is one nor one inside is followed.
#[cfg(unix)]
#[test]
fn practise_follows_no_link() {
    use std::os::unix::fs::symlink;

    let all = Folder::new("links");
    let elsewhere = std::env::temp_dir();
    let path = |name: &str| all.0.join(name).to_str().expect("UTF-8").to_string();
    let link = |to: &str, name: &str| symlink(all.0.join(to), all.0.join(name)).expect("a link");
    let practise = |name: &str| {
        shown(&format!("practise 20-25 --into {}", path(name)));
    };
    let refused = |name: &str, why: &str| leaves_alone(&all, &elsewhere, &path(name), why);
    all.write("thesis/lib.rs", "// of the thesis\n");
    all.write("thesis/src/lib.rs", "// of the thesis\n");
    link("thesis", "to-thesis");
    refused("to-thesis", "is a link");
    refused("to-thesis/", "was not made by `practise`");
    practise("made");
    all.write("made/src/lib.rs", "// mine\n");
    link("made", "to-made");
    refused("to-made", "is a link");
    link("nowhere", "to-nowhere");
    refused("to-nowhere", "is a link");

    let inside = "is not what `practise` made there, so nothing was touched";
    practise("file");
    fs::remove_file(all.0.join("file/src/lib.rs")).expect("it is there");
    link("thesis/lib.rs", "file/src/lib.rs");
    refused("file", inside);
    practise("folder");
    fs::remove_dir_all(all.0.join("folder/src")).expect("it is there");
    link("thesis/src", "folder/src");
    refused("folder", inside);
    practise("record");
    fs::rename(
        all.0.join("record/.practise"),
        all.0.join("thesis/.practise-of-record"),
    )
    .expect("it is there");
    link("thesis/.practise-of-record", "record/.practise");
    refused("record", "was not made by `practise`");

    // Where the next backup would be there is a link already.
    link("thesis", "made.before-1");
    let seen = shown(&format!("practise 20-25 --again --into {}", path("made")));
    assert!(seen.contains("made.before-2: src/lib.rs\n"), "{seen}");
    assert!(!all.files().contains("made.before-2/Cargo.toml"));
}

/// What a class is given has the exercise at its root, and no file in it is a solution, nor a listing
/// that comes later; `.ci/assignment` grades one.
#[test]
fn an_assignment_holds_the_exercise_and_no_solution() {
    let course = Folder::new("course");
    let names = "20-12 20-13 20-25 next-2-tests deadlock pool";
    let path = course.text();
    let made = shown(&format!("assignment {names} --into {path} --points 20"));
    assert!(
        made.contains("cargo listings check . --as 20-12 --points 20\n"),
        "{made}"
    );
    for name in names.split(' ') {
        let exercise = listings::exercises::named(name).expect("an exercise");
        let folder = Folder(course.0.join(name));
        let read = |file: &str| fs::read_to_string(folder.0.join(file)).expect("it is there");
        for (file, text) in exercise.files().expect("its files") {
            match file {
                "TASK.md" => assert!(read("README.md").starts_with(text.trim_end())),
                _ => assert_eq!(read(file), text),
            }
        }
        let workflow = read(".github/workflows/classroom.yml");
        let grading = format!("- run: cargo listings check . --as {name} --points 20\n");
        assert!(workflow.contains(&grading), "{workflow}");
        assert!(read(".devcontainer/devcontainer.json").contains("7878"));

        let solution = exercise.solution.expect("the listing that solves it");
        let lines = |listing: &str| -> Vec<String> {
            let folder = listings::root().join("listings").join(listing);
            let files =
                ["src/lib.rs", "src/main.rs", "tests/pool.rs"].map(|file| folder.join(file));
            let texts = files
                .iter()
                .filter_map(|file| fs::read_to_string(file).ok());
            let lines = texts.flat_map(|text| text.lines().map(String::from).collect::<Vec<_>>());
            lines
                .filter(|line| !line.contains("use listing_"))
                .collect()
        };
        let before = lines(&exercise.start.name);
        let mut added = lines(&solution.name);
        added.retain(|line| !before.contains(line));
        assert!(!added.is_empty(), "{name}");
        let solves = |file: &String| added.iter().all(|line| file.contains(line.as_str()));
        assert_eq!(folder.each_file().into_iter().find(solves), None, "{name}");
        let in_it = |listing: &str| folder.0.join(".listings/listings").join(listing);
        let sources: Vec<_> = fs::read_dir(in_it(""))
            .expect("the listings")
            .map(|entry| entry.expect("a listing").path())
            .filter(|listing| listing.join("src").exists())
            .collect();
        assert_eq!(sources, [in_it(&exercise.start.name)]);
    }
    // What is there stays as it is.
    course.write("pool/src/lib.rs", "// mine\n");
    let before = course.files();
    refuses(
        &format!("assignment pool --into {path}"),
        1,
        &format!("{path}/pool is there already; move it away, or name another folder with --into"),
    );
    same(&course.files(), &before);
}

#[test]
fn offline_makes_a_new_folder_outside_or_none() {
    let folder = Folder::new("stick");
    folder.write("thesis.tex", "ten years\n");
    let (path, before) = (folder.text(), folder.files());
    refuses(
        &format!("offline {path}"),
        1,
        &format!(
            "{path} is there already and was left as it is; name a new folder, such as a new one in it"
        ),
    );
    same(&folder.files(), &before);
    let inside = listings::root().join("target/stick");
    refuses(
        &format!("offline {}", inside.display()),
        1,
        &format!(
            "{} is inside the repository, which would then hold a copy of itself; name a folder outside",
            inside.display()
        ),
    );
    assert!(!inside.exists());
}

/// Hints are counted in a file, and one of that name may be somebody else's.
#[test]
fn check_leaves_a_file_of_hints_alone_that_is_not_its_own() {
    let folder = Folder::new("hints");
    let path = folder.text();
    shown(&format!("practise 20-12 --into {path}"));
    fs::write(folder.0.join(".hints"), "my notes\n").expect("it can be written");
    folder.write("src/main.rs", "fn main() {}\n");
    let judged = listings(&format!("check {path} --hint"));
    assert_eq!(judged.status.code(), Some(1));
    assert!(String::from_utf8_lossy(&judged.stdout).contains("\nHint 1 of "));
    let said = String::from_utf8_lossy(&judged.stderr);
    assert!(said.starts_with("note: hints are not counted: "), "{said}");
    folder.write(
        "src/main.rs",
        &program("listing-20-12").replace("listing_", "practice_"),
    );
    shown(&format!("check {path}"));
    assert_eq!(
        fs::read_to_string(folder.0.join(".hints")).expect("it is there"),
        "my notes\n"
    );
}

/// The folders that the reader of this repository practises in are not touched, so all that the list
/// says of them is which exercises there are, and one to go on with.
#[test]
fn practise_without_a_name_lists_the_exercises_and_what_is_next() {
    let list = shown("practise");
    let mut lines = list.lines();
    let count = lines.next().expect("a first line");
    let all = listings::exercises::all().expect("the exercises can be read");
    let of = format!(" of {} exercises are done.", all.len());
    assert!(count.ends_with(&of), "{count}");
    for line in [
        "20-25                 Tell them, then wait for them",
        "Part II: shutting down",
    ] {
        assert!(list.contains(line), "no `{line}` in:\n{list}");
    }
    let last = lines.next_back().expect("a last line");
    let ways = [
        "Next: cargo listings practise ",
        "Go on: cargo listings watch practice/",
        "That is all",
    ];
    assert!(ways.iter().any(|way| last.starts_with(way)), "{last}");
    refuses(
        "practise --again",
        2,
        "practise: --again goes with the name of an exercise; `cargo listings help practise` shows \
         an example",
    );
}

/// A student stands in the folder, or below it, and types the same command.
#[test]
fn the_command_works_inside_the_folder_too() {
    let folder = Folder::new("inside");
    shown(&format!("practise 20-12 --into {}", folder.text()));
    let list = |current: &Path| {
        let output = Command::new(env!("CARGO"))
            .current_dir(current)
            .args(["listings", "list"])
            .output()
            .expect("Cargo can be started");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(output.status.success(), "{said}");
        String::from_utf8_lossy(&output.stdout).into_owned()
    };
    for current in [folder.0.clone(), folder.0.join("src")] {
        same(&list(&current), &shown("list"));
    }
}

/// Practise, fail with a hint, mend, pass.
#[test]
fn a_lesson_from_the_deadlock_to_the_mended_pool() {
    let folder = Folder::new("lesson");
    let path = folder.text();
    shown(&format!("practise deadlock --into {path}"));

    let none = shown(&format!("hints {path}"));
    assert_eq!(
        none,
        format!("For the first one: cargo listings check {path} --hint\n")
    );
    for hint in 1..=3 {
        let judged = listings(&format!("check {path} --hint"));
        assert_eq!(judged.status.code(), Some(1));
        let said = String::from_utf8_lossy(&judged.stdout);
        for part in [
            "  NO   dropping the pool returns in every schedule\n",
            "in 1 of 2 schedules it ends in a deadlock: dropping the pool never returns",
            "Deadlock: nobody can go on.",
            &format!("\nHint {hint} of 3: "),
        ] {
            assert!(said.contains(part), "no `{part}` in:\n{said}");
        }
        // No hint leads to a solution.
        assert!(!said.contains("/listing-20-26"), "{said}");
        let again = shown(&format!("hints {path}"));
        assert_eq!(again.matches("\nHint ").count() + 1, hint, "{again}");
        assert_eq!(again.contains("--hint"), hint < 3, "{again}");
    }

    folder.write("src/lib.rs", &library("listing-20-25"));
    let judged = shown(&format!("check {path}"));
    assert!(judged.contains("\nAll of it holds.\n"), "{judged}");
    let all = listings::exercises::all().expect("the exercises can be read");
    let after = all.iter().skip_while(|each| each.name != "deadlock").nth(1);
    let next = &after.expect("`deadlock` is not the last").name;
    let next = format!("\nNext: cargo listings practise {next}\n");
    assert!(judged.contains(&next), "no `{next}` in:\n{judged}");
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

/// Whether a text is one JSON object or one XML element after its declaration, and nothing else.
fn is_one_document(format: &str, text: &str) -> bool {
    let mut depth = 0;
    let mut ends = Vec::new();
    let mut step = |by: i32, at: usize| {
        depth += by;
        if depth <= 0 {
            ends.push(at);
        }
    };
    if format == "json" {
        let mut in_string = false;
        let mut characters = text.char_indices();
        while let Some((at, character)) = characters.next() {
            match character {
                '\\' if in_string => drop(characters.next()),
                '"' => in_string = !in_string,
                _ if in_string => {}
                '{' | '[' => step(1, at),
                '}' | ']' => step(-1, at),
                _ => {}
            }
        }
        return text.starts_with('{') && ends == [text.len() - 2] && text.ends_with("}\n");
    }
    let Some(body) = text.strip_prefix("<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n") else {
        return false;
    };
    for (at, _) in body.match_indices('<') {
        let end = body[at..].find('>').map_or(body.len(), |end| at + end);
        match &body[at..end] {
            tag if tag.starts_with("</") => step(-1, at),
            tag if tag.ends_with('/') => {}
            _ => step(1, at),
        }
    }
    let end = match body.starts_with("<testsuites>") {
        true => "</testsuites>\n",
        false => "</testsuite>\n",
    };
    body.starts_with("<testsuite") && ends == [body.len() - end.len()] && body.ends_with(end)
}

/// Whatever comes of it, a program that reads the answer finds one document and nothing else.
#[test]
fn check_is_one_document_for_machines_whatever_comes_of_it() {
    let folder = Folder::new("documents");
    let path = folder.text();
    shown(&format!("practise 20-12 --into {path}"));
    folder.write("src/main.rs", "fn main() {}\n");
    let solved = Folder::new("documents-solved");
    let right = solved.text();
    shown(&format!("practise 20-12 --into {right}"));
    let main = program("listing-20-12").replace("listing_", "practice_");
    solved.write("src/main.rs", &main);

    for format in ["json", "junit"] {
        let ends_with = |words: &str, code: i32| {
            let output = listings(words);
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            let said = String::from_utf8_lossy(&output.stderr).into_owned();
            assert_eq!(output.status.code(), Some(code), "{words}: {text}{said}");
            assert!(is_one_document(format, &text), "{words}:\n{text}");
            // A wrong command is told to people, too.
            assert_eq!(said.starts_with("error: "), code == 2, "{words}: {said}");
            text
        };
        ends_with(&format!("check {right} --format {format} --hint"), 0);
        ends_with(&format!("check {path} --format={format}"), 1);
        let hint = ends_with(&format!("check {path} --hint --format {format}"), 1);
        let root = listings::root().display().to_string();
        let hint = hint.replace(path, "FOLDER").replace(&root, "ROOT");
        snapshot(&format!("check-hint.{format}"), &hint);
        let error = ends_with(&format!("check nothere --format {format}"), 2);
        snapshot(&format!("check-error.{format}"), &error);
        for words in [
            "check",
            "check nothere also",
            "check nothere --as no-exercise",
            "check nothere --loud",
            "check nothere --as",
            "check nothere --hint=2",
        ] {
            // The last option may lack its value.
            let words = words.replacen("check", &format!("check --format {format}"), 1);
            ends_with(&words, 2);
        }
    }
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

    for command in ["check", "watch"] {
        refuses(
            &format!("{command} nowhere"),
            2,
            "nowhere holds no crate: it has no Cargo.toml",
        );
    }
}

/// The library of a pool that is right, in which one text is replaced.
fn pool(old: &str, new: &str) -> String {
    let right = library("listing-2021-20-24");
    assert!(right.contains(old), "{right}");
    right.replace(old, new)
}

fn hand_in(class: &Folder, name: &str, library: &str) {
    class.write(
        &format!("{name}/Cargo.toml"),
        "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
    );
    class.write(&format!("{name}/src/lib.rs"), library);
}

/// Crates of one name, of which some are wrong, one doesn't compile, one hangs the explorer, one
/// floods it, and one can't be judged: each has its line, and the same one the next time.
#[test]
fn check_judges_a_class() {
    let class = Folder::new("class");
    let path = class.text();
    hand_in(&class, "anna", &pool("", ""));
    hand_in(&class, "ben", &pool("drop(self.sender.take());", ""));
    hand_in(
        &class,
        "carla",
        &pool(
            "Ok(job) => {",
            "Ok(job) => { loop { std::hint::black_box(()) }",
        ),
    );
    hand_in(&class, "dora", &pool("break;", "println!(\"again\");"));
    hand_in(
        &class,
        "emil",
        &pool(
            "pub struct ThreadPool {",
            "pub struct ThreadPool { a: Nothing,",
        ),
    );
    hand_in(
        &class,
        "flora",
        &pool("assert!(size > 0);", "let size = unsafe { size + 0 };"),
    );
    class.write("nobody/README.md", "I was ill.\n");

    let text = || {
        let judged = listings(&format!("check {path}"));
        assert_eq!(judged.status.code(), Some(1));
        String::from_utf8_lossy(&judged.stdout).replace(path, "CLASS")
    };
    let report = |format: &str| {
        let judged = listings(&format!("check {path} --format {format}"));
        assert_eq!(judged.status.code(), Some(1), "{format}");
        String::from_utf8_lossy(&judged.stdout).into_owned()
    };
    let table = text();
    snapshot("check-class", &table);
    snapshot("check-class.csv", &report("csv").replace(path, "CLASS"));

    let mut names = vec!["anna", "ben", "carla", "dora", "emil", "flora", "nobody"];
    if std::env::var_os("TEST_ALL").is_none() {
        let why = "skipped: to judge three times more what hangs; with TEST_ALL=1 it is judged";
        let _ = writeln!(io::stderr(), "{why}");
        fs::remove_dir_all(class.0.join("carla")).expect("it is there");
        names.retain(|name| *name != "carla");
    }
    let again = text();
    for name in &names {
        let row = |table: &str| {
            let found = table.lines().find(|line| line.starts_with(name));
            found.map(str::to_string)
        };
        assert!(row(&table).is_some(), "no {name} in {table}");
        assert_eq!(row(&table), row(&again));
    }
    for format in ["json", "junit"] {
        let said = report(format);
        for name in &names {
            assert!(said.contains(name), "no {name} in {said}");
        }
        assert!(is_one_document(format, &said), "{said}");
    }
    refuses(
        &format!("check {path} --hint"),
        2,
        "check: --hint is for one folder; `cargo listings help check` shows an example",
    );
    let right = format!("check {path}/anna {path}/anna");
    assert!(shown(&right).contains("\nOf 2, 2 hold, 0 don't, and 0 can't be judged.\n"));
}

/// What the compiler says is what it would say to the student: no path and no name of ours.
#[test]
fn errors_have_the_paths_that_the_student_knows() {
    let folder = Folder::new("paths");
    hand_in(
        &folder,
        "mine",
        &pool("thread::spawn(move ||", "thread::spawn(||"),
    );
    let judged = listings(&format!("check {}/mine", folder.text()));
    let said = String::from_utf8_lossy(&judged.stdout);
    for part in [
        "\n         --> src/lib.rs:",
        "error: could not compile `hello` (lib) due to 2 previous errors",
    ] {
        assert!(said.contains(part), "no `{part}` in:\n{said}");
    }
    for ours in ["interleave", "copy", "Compiling", "Checking"] {
        assert!(!said.contains(ours), "`{ours}` in:\n{said}");
    }
}

#[test]
fn a_pool_among_several_is_named() {
    let folder = Folder::new("several");
    let path = folder.text();
    let one = library("listing-2021-20-24");
    folder.write(
        "Cargo.toml",
        "[package]\nname = \"several\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n",
    );
    folder.write("src/lib.rs", "pub mod early;\npub mod late;\n");
    folder.write(
        "src/early.rs",
        &one.replace("drop(self.sender.take());", ""),
    );
    let late = one.replace(
        "    pub fn execute<F>",
        "    pub fn defer<F>(&self, f: F)\n    where\n        F: FnOnce() + Send + 'static,\n    \
         {\n        drop(f);\n    }\n\n    pub fn execute<F>",
    );
    folder.write("src/late.rs", &late);

    let unjudged = listings(&format!("check {path}"));
    assert_eq!(unjudged.status.code(), Some(3));
    let said = String::from_utf8_lossy(&unjudged.stdout);
    assert!(said.contains("; say which one with --pool"), "{said}");

    let early = listings(&format!("check {path} --pool early::ThreadPool"));
    assert_eq!(early.status.code(), Some(1));
    let late = shown(&format!("check {path} --pool late::ThreadPool"));
    assert!(
        late.contains("the pool is `late::ThreadPool::new(usize)` and `execute`"),
        "{late}"
    );
    let other = listings(&format!(
        "check {path} --pool late::ThreadPool --give defer"
    ));
    let said = String::from_utf8_lossy(&other.stdout);
    assert!(said.contains("and `defer`"), "{said}");
    assert!(
        said.contains("NO   when dropping the pool returns, every job is done"),
        "{said}"
    );
    let none = listings(&format!("check {path} --pool Threads"));
    let said = String::from_utf8_lossy(&none.stdout);
    assert!(said.contains("it has no pool `Threads`"), "{said}");
}

/// With `unsafe` a program could do anything to the machine that judges it.
#[test]
fn unsafe_code_runs_only_where_it_is_allowed() {
    let folder = Folder::new("unsafe");
    let path = folder.text();
    let library = pool(
        "assert!(size > 0);",
        "assert!(size > 0);\n        let size = unsafe { std::mem::transmute::<usize, usize>(size) };",
    );
    hand_in(&folder, "mine", &library);
    let judged = listings(&format!("check {path}/mine"));
    assert_eq!(judged.status.code(), Some(3));
    let said = String::from_utf8_lossy(&judged.stdout);
    let line = library.lines().position(|line| line.contains("unsafe"));
    let place = format!(
        "it uses `unsafe` (src/lib.rs:{})",
        line.expect("it is there") + 1
    );
    assert!(said.contains(&place), "no `{place}` in:\n{said}");
    shown(&format!("check {path}/mine --allow-unsafe"));
    refuses(
        &format!("explore {path}/mine"),
        1,
        &format!(
            "hello is not run: {place}, and with that it could do anything to this machine. \
             With --allow-unsafe it is run all the same."
        ),
    );
}

/// What is killed can't see to its children, so they see to it themselves.
#[test]
fn a_server_ends_with_the_command_that_is_killed() {
    let (watch, lines) = watched(&["run", "20-11", "--clients", "1"]);
    let listening = wait_for(&lines, "│ Listening on http://");
    let (_, address) = listening.split_once("http://").expect("an address");
    let address: SocketAddr = address.parse().expect("an address");
    wait_for(&lines, "client 1 gets HTTP/1.1 200 OK");
    assert!(TcpStream::connect(address).is_ok());
    drop(watch);
    until(|| match TcpStream::connect(address) {
        Ok(_) => Err(format!("{address} still listens")),
        Err(_) => Ok(()),
    });
}

/// The command lines of all processes, where the system tells: those that have a text in it.
#[cfg(unix)]
fn processes(with: &str) -> Vec<String> {
    let all: Vec<String> = match fs::read_dir("/proc") {
        Ok(entries) => entries
            .flatten()
            .map(|entry| fs::read(entry.path().join("cmdline")).unwrap_or_default())
            .map(|line| String::from_utf8_lossy(&line).replace('\0', " "))
            .collect(),
        Err(_) => {
            let output = Command::new("ps").args(["-A", "-o", "args="]).output();
            let output = output.expect("every Unix without /proc has ps");
            let text = String::from_utf8_lossy(&output.stdout).into_owned();
            text.lines().map(str::to_string).collect()
        }
    };
    all.into_iter().filter(|line| line.contains(with)).collect()
}

/// An exploration of an hour, and a solution that the compiler never ends with.
#[cfg(unix)]
#[test]
fn whatever_never_ends_ends_with_the_command_that_is_killed() {
    let name = format!("endless-{}", std::process::id());
    let folder = Folder::new("endless");
    folder.write(
        "Cargo.toml",
        &format!(
            "[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n"
        ),
    );
    let ends = |words: &str, library: &str, process: &str| {
        folder.write("src/lib.rs", library);
        let words: Vec<&str> = words.split(' ').collect();
        let (watch, _lines) = watched(&words);
        until(|| match processes(process).is_empty() {
            true => Err(format!("no process {process}")),
            false => Ok(()),
        });
        drop(watch);
        until(|| match processes(process) {
            left if left.is_empty() => Ok(()),
            left => Err(format!("still there: {left:?}")),
        });
    };
    let (path, pool) = (folder.text(), library("listing-20-25"));
    ends(
        &format!("explore {path} --workers 8 --jobs 8 --seconds 3600"),
        &pool,
        &format!("/{name}-"),
    );
    let constant = "#![allow(long_running_const_eval)]\npub const END: () = loop {};\n";
    ends(
        &format!("check {path}"),
        &format!("{constant}{pool}"),
        &format!("--crate-name {}", name.replace('-', "_")),
    );
}

/// Tries until it works, within bounds.
fn until(mut works: impl FnMut() -> Result<(), String>) {
    let started = Instant::now();
    while let Err(why) = works() {
        assert!(started.elapsed() < listings::PATIENCE, "{why}");
        thread::sleep(Duration::from_millis(20));
    }
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

/// Starts the command, and reads what it prints as it comes.
fn watched(words: &[&str]) -> (Watch, mpsc::Receiver<String>) {
    let mut child = Command::new(env!("CARGO_BIN_EXE_listings"))
        .args(words)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .expect("the command can be started");
    let output = child.stdout.take().expect("its output");
    let (sender, lines) = mpsc::channel();
    thread::spawn(move || {
        for line in BufReader::new(output).lines().map_while(|line| line.ok()) {
            let _ = sender.send(line);
        }
    });
    (Watch(child), lines)
}

/// Waits for a line that contains this, and gives it.
fn wait_for(lines: &mpsc::Receiver<String>, wanted: &str) -> String {
    let mut seen = String::new();
    loop {
        match lines.recv_timeout(listings::PATIENCE) {
            Ok(line) if line.contains(wanted) => return line,
            Ok(line) => seen += &format!("{line}\n"),
            Err(_) => panic!("no `{wanted}` in:\n{seen}"),
        }
    }
}

#[test]
fn watch_checks_again_when_a_file_is_saved() {
    let folder = Folder::new("watch");
    let path = folder.text();
    shown(&format!("practise deadlock --into {path}"));
    let (_watch, lines) = watched(&["watch", path]);
    wait_for(&lines, "Not yet.");
    wait_for(&lines, "Waiting for the next change");
    folder.write("src/lib.rs", &library("listing-20-25"));
    wait_for(&lines, "All of it holds.");
}

/// Enter does nothing before all of it holds, and leads to the next exercise then.
#[test]
fn watch_goes_on_to_the_next_exercise_when_asked() {
    let all = Folder::new("watch-on");
    let first = all.0.join("20-12");
    let path = first.to_str().expect("a path in UTF-8");
    shown(&format!("practise 20-12 --into {path}"));
    let (mut watch, lines) = watched(&["watch", path]);
    let mut keys = watch.0.stdin.take().expect("its input");
    let mut enter = || keys.write_all(b"\n").expect("it is read");
    wait_for(&lines, "Waiting for the next change");
    enter();
    let main = program("listing-20-12").replace("listing_", "practice_");
    all.write("20-12/src/main.rs", &main);
    wait_for(&lines, "Enter goes on to 20-12-a-struct; Ctrl-C ends this.");
    assert!(!all.0.join("20-12-a-struct").exists());
    assert!(first.join(".done").is_file());
    enter();
    wait_for(&lines, "checked as the exercise 20-12-a-struct");
    wait_for(&lines, "Waiting for the next change");
    assert!(all.0.join("20-12-a-struct/TASK.md").is_file());
}

#[test]
fn wrong_words_get_one_sentence_and_code_2() {
    refuses(
        "explore 20-25 --clients / --jobs 2",
        2,
        "explore: --clients is for the whole program; --workers, --jobs, --panics and --keep are \
         for a pool; `cargo listings help explore` shows an example",
    );
    refuses(
        "explore 20-26 --clients /,rude",
        2,
        "explore: --clients takes a number, or paths such as /sleep,/ and the words silent and \
         hangup, and not `/,rude`; `cargo listings help explore` shows an example",
    );
    refuses(
        "explore 20-25 --jobs 2 --panics 3",
        2,
        "explore: --panics takes a whole number from 0 to 2, and not `3`; \
         `cargo listings help explore` shows an example",
    );
    refuses(
        "explore 20-26 --replay abc",
        2,
        "explore: `abc` is not a schedule, which looks like `0x3,1,0x2`; \
         `cargo listings help explore` shows an example",
    );
    refuses(
        "explore 20-25 --replay 0x3,7",
        2,
        "explore: `0x3,7` is no schedule of this: step 4 can't be made by the thread that it \
         names; is it from other workers and jobs?; `cargo listings help explore` shows an example",
    );
    refuses(
        "check . --format xml",
        2,
        "check: --format takes text, json, junit or csv, and not `xml`; `cargo listings help \
         check` shows an example",
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
