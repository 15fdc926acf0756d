//! Crates of all kinds, wrapped and explored: what a student may bring along.

#[path = "common/crates.rs"]
mod crates;

use crates::{build, program, write};
use explore::table;
use explore::wrap::{self, Limits, Options, Refusal, Run, Trouble};
use interleave::explorer::logs::Answer;
use interleave::explorer::report::{Ending, Finding};
use std::fs;
use std::path::PathBuf;
use std::thread;
use std::time::{Duration, SystemTime};

/// How long something is waited for that must come, however busy the machine is.
const LONG: Duration = Duration::from_secs(120);

/// Two threads that print, and a channel.
const TWO: &str = r#"
use std::{sync::mpsc, thread};

fn main() {
    let (sender, receiver) = mpsc::channel();
    let other = sender.clone();
    thread::spawn(move || {
        println!("left");
        sender.send(1).unwrap();
    });
    thread::spawn(move || {
        println!("right");
        other.send(2).unwrap();
    });
    for number in receiver {
        println!("{number}");
    }
}
"#;

#[test]
fn a_program_of_one_file() {
    let two = program("two", TWO).unwrap();
    let report = two.program("").report().unwrap();
    assert_eq!(report.unfinished, None);
    // left, right, 1, 2: `left` before 1, `right` before 2, in any order else.
    assert_eq!(report.logs.to_string(), "6");
    assert_eq!(report.first_log.as_deref(), Some("left\n1\nright\n2\n"));

    let logs = [
        "right\nleft\n1\n2",
        "left\nright\n2\n1\n",
        "left\n2\nright\n1\n",
        "",
    ];
    let asked = two
        .program("")
        .contains(&logs)
        .all_logs(9)
        .report()
        .unwrap();
    assert_eq!(asked.answers[..2], [Answer::Possible, Answer::Possible]);
    assert_eq!(
        asked.answers[2].to_string(),
        "impossible from line 2 on: 2\n  possible there: 1\n  possible there: right"
    );
    assert_eq!(
        asked.answers[3].to_string(),
        "impossible: it ends before line 1\n  possible there: left\n  possible there: right"
    );
    assert_eq!(asked.all_logs.len(), 6);
    assert!(wrap::all_possible(two.program(""), &logs[..2]).is_ok());
    assert!(wrap::all_possible(two.program(""), &logs).is_err());
}

#[test]
fn a_schedule_can_be_replayed() {
    let two = program("two", TWO).unwrap();
    let report = two.program("").report().unwrap();
    let shortest = report.endings[0].example.as_ref().unwrap();
    let again = two.program("").replay(&shortest.replay).unwrap();
    assert_eq!(table::table(&again), table::shown(&report));
    assert!(two.program("").replay("nonsense").is_err());
}

#[test]
fn a_program_of_several_files() {
    let main = r#"//! A program with everything that makes copying it hard.

#![deny(missing_docs)]
#![allow(dead_code)]

mod deep;
mod side;

fn main() -> Result<(), String> {
    std::thread::spawn(|| println!("{}{}", deep::deeper::word(), several::word()))
        .join()
        .unwrap();
    side::fails()?;
    Ok(())
} // no newline follows"#;
    let several = build(
        "several",
        &[
            ("src/main.rs", main),
            (
                "src/lib.rs",
                "//! A library.\nmod side;\npub use side::word;\n",
            ),
            (
                "src/side.rs",
                "/// A word.\npub fn word() -> &'static str { include_str!(\"../word.txt\") }\npub fn fails() -> Result<(), String> { Err(\"no\".to_string()) }\n",
            ),
            ("src/deep/mod.rs", "pub mod deeper;\n"),
            (
                "src/deep/deeper.rs",
                "/// A word.\npub fn word() -> &'static str { \"hello \" }\n",
            ),
            ("word.txt", "world"),
        ],
    );
    let report = several.unwrap().program("").report().unwrap();
    assert_eq!(report.first_log.as_deref(), Some("hello world\n"));
    assert!(report.always(Ending::Exit(1)), "{report:?}");
}

#[test]
fn copies_of_one_crate_live_side_by_side() {
    let lib = |word: &str| {
        format!(
            "use std::thread;\npub fn go() {{ thread::spawn(|| println!(\"{word}\")).join().unwrap(); }}\n"
        )
    };
    let main = "fn main() { homework::go(); }\n";
    let folders = ["ann/homework", "bob/homework"].map(|name| {
        let lib = lib(name);
        write(name, &[("src/lib.rs", lib.as_str()), ("src/main.rs", main)])
    });
    let into = wrap::folder("wrapping-copies");
    // Two threads at once, as two tests may do.
    let both = || {
        let built = wrap::build(&into, &folders).unwrap();
        built
            .into_iter()
            .map(|wrapped| {
                let report = wrapped.unwrap().program("").report().unwrap();
                report.first_log.unwrap()
            })
            .collect::<Vec<String>>()
    };
    thread::scope(|scope| {
        let other = scope.spawn(both);
        assert_eq!(both(), ["ann/homework\n", "bob/homework\n"]);
        assert_eq!(other.join().unwrap(), ["ann/homework\n", "bob/homework\n"]);
    });
}

/// Every file was last saved long ago, as after unpacking an archive.
#[test]
fn what_counts_is_what_the_files_hold_and_not_when_they_were_saved() {
    let files = [
        (
            "Cargo.toml",
            "[package]\nname = \"unpacked\"\nversion = \"1.0.0\"\nedition = \"2024\"\n",
        ),
        (
            "src/lib.rs",
            "mod deep;\npub fn words() -> [&'static str; 2] { [deep::WORD, include_str!(\"../word.txt\")] }\n",
        ),
        ("src/deep/mod.rs", "pub const WORD: &str = \"module\";\n"),
        ("word.txt", "included"),
        (
            "src/main.rs",
            "mod side;\nfn main() {\n    let word = std::thread::spawn(|| side::WORD).join().unwrap();\n    \
             println!(\"{word} {:?} {}\", unpacked::words(), env!(\"CARGO_PKG_VERSION\"));\n}\n",
        ),
        ("src/side.rs", "pub const WORD: &str = \"beside\";\n"),
    ];
    let built = |changed: &str, old: &str, new: &str| {
        let texts = files.map(|(path, text)| {
            let text = if path == changed {
                text.replace(old, new)
            } else {
                text.to_string()
            };
            (path, text)
        });
        let texts: Vec<(&str, &str)> = texts.iter().map(|(path, text)| (*path, &**text)).collect();
        let folder = write("unpacked", &texts);
        for (path, _) in texts {
            let file = fs::File::options().write(true).open(folder.join(path));
            let long_ago = SystemTime::UNIX_EPOCH + Duration::from_secs(1_000_000_000);
            file.unwrap().set_modified(long_ago).unwrap();
        }
        wrap::build(&wrap::folder("wrapping-unpacked"), &[folder])
            .unwrap()
            .remove(0)
    };
    let log = |changed: &str, old: &str, new: &str| {
        let program = built(changed, old, new).unwrap();
        program.program("").report().unwrap().first_log.unwrap()
    };
    let as_it_is = "beside [\"module\", \"included\"] 1.0.0\n";
    assert_eq!(log("", "", ""), as_it_is);
    for (changed, old, new) in [
        ("src/deep/mod.rs", "module", "MODULE"),
        ("word.txt", "included", "INCLUDED"),
        ("src/side.rs", "beside", "BESIDE"),
        ("Cargo.toml", "1.0.0", "2.0.0"),
    ] {
        assert_eq!(
            log(changed, old, new),
            as_it_is.replace(old, new),
            "{changed}"
        );
    }
    assert_eq!(log("", "", ""), as_it_is);

    let refusal = built("src/deep/mod.rs", "&str", "&String").unwrap_err();
    assert!(
        matches!(refusal, Refusal::DoesNotCompile { .. }),
        "{refusal}"
    );
    assert_eq!(log("", "", ""), as_it_is);
}

#[test]
fn what_is_not_covered_is_named() {
    let main =
        "use std::net::UdpSocket;\nfn main() { UdpSocket::bind(\"127.0.0.1:0\").unwrap(); }\n";
    let refusal = program("datagrams", main).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "datagrams can't be explored: it uses `std::net::UdpSocket` (src/main.rs:1), \
         which the explorer doesn't cover."
    );
    let main = "fn main() {\n    std::process::Command::new(\"ls\").status().unwrap();\n}\n";
    let refusal = program("commands", main).unwrap_err();
    assert_eq!(
        refusal.to_string(),
        "commands can't be explored: it uses `std::process::Command` (src/main.rs:2), \
         which the explorer doesn't cover."
    );
}

#[test]
fn what_does_not_compile_anyway_is_said() {
    let refusal = program("broken", "fn main() { nothing(); }\n").unwrap_err();
    let Refusal::DoesNotCompile { text, .. } = refusal else {
        panic!("{refusal}");
    };
    assert!(text.contains("error[E0425]"), "{text}");
}

#[test]
fn other_crates_are_refused() {
    let manifest =
        "[package]\nname = \"needy\"\nedition = \"2024\"\n\n[dependencies]\nrand = \"1\"\n";
    let folder = wrap::folder("wrapping-source").join("needy");
    fs::create_dir_all(&folder).unwrap();
    fs::write(folder.join("Cargo.toml"), manifest).unwrap();
    fs::create_dir_all(folder.join("src")).unwrap();
    fs::write(
        folder.join("src/main.rs"),
        "fn main() {\n    rand::random::<u8>();\n}\n",
    )
    .unwrap();
    let refusal = wrap::build(&wrap::folder("wrapping-needy"), &[folder]).unwrap();
    assert_eq!(
        refusal[0].as_ref().unwrap_err().to_string(),
        "needy can't be explored: it uses `rand` (src/main.rs:2), and only `std` can be replaced."
    );
}

#[test]
fn a_pool_of_another_shape_leaves_the_program() {
    let lib = "pub struct ThreadPool;\nimpl ThreadPool {\n    \
               pub fn new(_: usize) -> Result<ThreadPool, String> { Ok(ThreadPool) }\n    \
               pub fn execute(&self) { std::thread::spawn(|| {}).join().unwrap(); }\n}\n";
    let main = "fn main() { shape::ThreadPool::new(1).unwrap().execute(); }\n";
    // The second time, Cargo must not take what was built for a crate without a pool for this one.
    for _ in 0..2 {
        let shape = build("shape", &[("src/lib.rs", lib), ("src/main.rs", main)]).unwrap();
        assert!(shape.program("").report().unwrap().always(Ending::Normal));
        let trouble = shape.pool(1, 1).report().unwrap_err();
        assert!(matches!(
            trouble,
            Trouble::Refused(Refusal::NoScenario { .. })
        ));
    }
}

/// A run that is stopped soon.
fn short(run: Run) -> Run {
    run.limits(Limits {
        time: Duration::from_secs(2),
        output: 1 << 20,
        memory: 500 << 20,
    })
}

#[test]
fn a_program_without_end_takes_nobody_down() {
    let main = "use std::thread;\nfn main() { thread::spawn(|| loop { std::hint::black_box(0); }).join().unwrap(); }\n";
    let busy = program("busy", main).unwrap();
    let trouble = short(busy.program("")).report();
    assert_eq!(trouble.unwrap_err(), Trouble::Time(Duration::from_secs(2)));
    if cfg!(target_os = "linux") {
        // Elsewhere the system doesn't tell how long a process has worked.
        let trouble = busy.program("").patience(1).report();
        assert_eq!(trouble.unwrap_err(), Trouble::Time(Duration::from_secs(1)));
    }

    let main =
        "fn main() { std::thread::spawn(|| loop { println!(\"more\"); }).join().unwrap(); }\n";
    let report = program("chatty", main)
        .unwrap()
        .program("")
        .report()
        .unwrap();
    assert!(report.always(Ending::TooLong), "{report:?}");
    assert!(!report.logs.exact);
}

#[test]
fn a_greedy_program_takes_nobody_down() {
    // It holds 320 MB in the end, and no more: nobody's machine is to suffer where nobody watches.
    let main = r#"
use std::thread;

fn main() {
    let greedy = thread::spawn(|| {
        let all: Vec<_> = (0..20).map(|_| vec![1u8; 1 << 24]).collect();
        loop {
            std::hint::black_box(&all);
        }
    });
    greedy.join().unwrap();
}
"#;
    if !cfg!(target_os = "linux") {
        eprintln!("skipped: only Linux tells what a child of a child holds");
        return;
    }
    let limits = Limits {
        time: Duration::from_secs(25),
        memory: 200 << 20,
        ..Limits::default()
    };
    let greedy = program("greedy", main).unwrap();
    let trouble = greedy.program("").limits(limits).report().unwrap_err();
    assert_eq!(trouble, Trouble::Memory(200 << 20));
}

/// What a program without end has printed is no log of it, however often it prints that.
#[test]
fn a_livelock_leaves_no_log() {
    let main = r#"
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::thread;

fn main() {
    println!("begins");
    let never = Arc::new(AtomicBool::new(false));
    let own = Arc::clone(&never);
    let other = thread::spawn(move || while !own.load(Ordering::SeqCst) {});
    while !never.load(Ordering::SeqCst) {}
    other.join().unwrap();
}
"#;
    let spins = program("spins", main).unwrap();
    let report = spins.program("").contains(&["begins\n"]).report().unwrap();
    let endings: Vec<_> = report.endings.iter().map(|tally| tally.what).collect();
    assert_eq!(endings, [Ending::Livelock]);
    assert_eq!((report.logs.logs, report.logs.exact), (0, false));
    assert_eq!(report.first_log, None);
    assert!(
        matches!(
            report.answers[..],
            [Answer::Impossible { certain: false, .. }]
        ),
        "{:?}",
        report.answers
    );
    assert_eq!(
        report.notes,
        ["what is printed by schedules without end is not among the logs"]
    );
}

#[test]
fn nothing_to_explore_is_an_error() {
    let sum = program("sum", "fn main() { let _ = 1 + 1; }\n").unwrap();
    let trouble = sum.program("").report().unwrap_err();
    assert_eq!(
        trouble.to_string().lines().last(),
        Some("sum did nothing that the explorer controls: there is nothing to explore.")
    );
}

#[test]
fn bounds_are_said() {
    let main = "use std::thread;\nfn main() {\n    let lock = std::sync::Arc::new(std::sync::Mutex::new(0));\n    \
                let all: Vec<_> = (0..4).map(|_| { let lock = lock.clone(); thread::spawn(move || { for _ in 0..3 { *lock.lock().unwrap() += 1; } }) }).collect();\n    \
                for one in all { one.join().unwrap(); }\n}\n";
    let many = program("many", main).unwrap();
    let report = many.program("").schedules(50).report().unwrap();
    assert_eq!(report.schedules, 50);
    assert!(report.unfinished.is_some());
    assert!(!report.always(Ending::Normal));
    let report = many.program("").seconds(1).report().unwrap();
    assert_eq!(report.unfinished.as_deref(), Some("the bound of 1 second"));
}

#[test]
fn who_is_served_and_who_waits() {
    let main = r#"
use std::io::{Read, Write};
use std::net::TcpListener;

fn main() {
    let listener = TcpListener::bind("127.0.0.1:7878").unwrap();
    for stream in listener.incoming().take(2) {
        let mut stream = stream.unwrap();
        let mut bytes = [0; 100];
        let n = stream.read(&mut bytes).unwrap();
        stream.write_all(&bytes[..n]).unwrap();
        println!("{n} bytes");
    }
}
"#;
    let echo = program("echo", main).unwrap();
    let served = echo.program("/,hangup").report().unwrap();
    assert!(served.always(Ending::Normal), "{served:?}");
    assert_eq!(served.finding(&Finding::ClientsTogether), 0);
    assert!(
        echo.program("/")
            .report()
            .unwrap()
            .always(Ending::WaitsForClient)
    );
    assert!(
        echo.program("silent,/")
            .report()
            .unwrap()
            .always(Ending::WaitsForClient)
    );
    assert!(echo.program("nobody").report().is_err());
}

/// Nobody asks a program's own log to speak, so it is silent, and nothing of it is worked out.
#[test]
fn what_only_logs_is_stood_in_for() {
    let manifest = "[package]\nname = \"logs\"\nedition = \"2021\"\n\n\
                    [dependencies]\nenv_logger = \"0.11\"\nlog = \"0.4\"\n";
    let main = "#[macro_use]\nextern crate log;\n\nfn count() -> usize {\n    \
                println!(\"counted\");\n    1\n}\n\nfn main() {\n    env_logger::init();\n    \
                trace!(\"{}\", count());\n    debug!(\"a\");\n    info!(target: \"b\", \"{}\", 1);\n    \
                warn!(\"{a}\", a = count());\n    log::error!(\"c\");\n    println!(\"said\");\n}\n";
    let logs = build("logs", &[("Cargo.toml", manifest), ("src/main.rs", main)]).unwrap();
    let report = logs.program("").report().unwrap();
    assert_eq!(report.first_log.as_deref(), Some("said\n"));
    assert!(
        report.notes[0].contains("the crate `log`"),
        "{:?}",
        report.notes
    );
    assert!(!report.logs.exact);

    // Its other names are not there.
    let main = "fn main() {\n    log::set_max_level(log::LevelFilter::Off);\n}\n";
    let more = build(
        "logs-more",
        &[("Cargo.toml", manifest), ("src/main.rs", main)],
    );
    let refusal = more.unwrap_err().to_string();
    assert!(
        refusal.contains("it uses `log` (src/main.rs:2), and only `std`"),
        "{refusal}"
    );
}

/// Cargo runs it as it is, with nothing of ours in between.
#[test]
fn a_build_script_runs_only_where_it_is_allowed() {
    let refused = |name: &str, files: &[(&str, &str)]| {
        let folder = write(name, files);
        let options = Options {
            allow_unsafe: false,
            ..Options::default()
        };
        let mut built = None;
        let into = wrap::folder(&format!("wrapping-{name}"));
        wrap::build_each(&into, &[folder], &options, &mut |_, found| {
            built = Some(found)
        })
        .unwrap();
        built.unwrap().unwrap_err().to_string()
    };
    let touches = "fn main() {\n    std::fs::write(\"was-run\", \"\").unwrap();\n}\n";
    let said = refused(
        "has-build-script",
        &[("src/main.rs", "fn main() {}\n"), ("build.rs", touches)],
    );
    assert_eq!(
        said,
        "has-build-script is not run: it uses a build script (build.rs), and with that it could do \
         anything to this machine. With --allow-unsafe it is run all the same."
    );
    let manifest = "[package]\nname = \"names-one\"\nedition = \"2024\"\nbuild = \"make.rs\"\n";
    let files = [
        ("Cargo.toml", manifest),
        ("src/main.rs", "fn main() {}\n"),
        ("make.rs", touches),
    ];
    let said = refused("names-one", &files);
    assert!(
        said.contains("it uses a build script (Cargo.toml:4)"),
        "{said}"
    );
    for name in ["has-build-script", "names-one"] {
        let folder = wrap::folder("wrapping-source").join(name);
        assert!(
            !folder.join("was-run").exists(),
            "the script of {name} was run"
        );
    }
}

/// Who keeps the compiler busy without end is given up, and nobody else waits for that.
#[test]
fn a_crate_that_never_finishes_compiling_is_given_up() {
    let good = write(
        "patience-good",
        &[("src/main.rs", "fn main() {\n    println!(\"good\");\n}\n")],
    );
    let endless = write(
        "patience-endless",
        &[(
            "src/main.rs",
            "#![allow(long_running_const_eval)]\nconst NEVER: () = loop {};\n\
             fn main() {\n    println!(\"{:?}\", NEVER);\n}\n",
        )],
    );
    let into = wrap::folder("wrapping-patience");
    let build = |folders: &[&PathBuf], patience| {
        let options = Options {
            patience,
            ..Options::default()
        };
        let mut came = Vec::new();
        wrap::build_each(&into, folders, &options, &mut |at, built| {
            came.push((at, built.map(|_| ())));
        })
        .unwrap();
        came.sort_by_key(|(at, _)| *at);
        came
    };
    assert_eq!(build(&[&good], LONG), [(0, Ok(()))]);
    // What is built already takes no time, or next to none: a busy machine may need more of it.
    let mut patience = Duration::from_secs(1);
    let refusal = loop {
        match build(&[&endless, &good], patience).as_slice() {
            [(0, Err(refusal)), (1, Ok(()))] => break refusal.to_string(),
            [(0, Err(_)), (1, Err(Refusal::TakesTooLong { .. }))] if patience < LONG => {
                patience *= 2;
            }
            came => panic!("{came:?}"),
        }
    };
    assert_eq!(
        refusal,
        format!(
            "patience-endless can't be explored: the compiler has not come to an end in \
             {patience:?}."
        )
    );
}
