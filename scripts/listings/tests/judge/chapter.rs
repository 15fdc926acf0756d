//! The crate of somebody who types in the Rust book's own chapter, with a `main.rs` that reads its
//! pages from disk: each step of its library, in the text of 2021 and in that of 2024, and the single
//! loop that looks as good. Nothing of it was written for a judge.

use super::solutions::{self, Verdict, shown};
use explore::wrap;
use listings::{
    check,
    exercises::{self, Exercise},
};
use std::{
    fmt::Write,
    fs,
    path::{Path, PathBuf},
};

/// Each step of the library with its verdict, by what is asked of any pool. One that begins with a
/// year is in the text of that year only.
const STEPS: [(&str, &str); 21] = [
    (
        "01-struct",
        "compiles fails: no function or associated item named `new`",
    ),
    ("02-new", "compiles fails: no method named `execute`"),
    ("03-execute", "no-job-lost fails: a job is not done"),
    ("04-zero", "no-job-lost fails: a job is not done"),
    ("05-threads", "no-job-lost fails: a job is not done"),
    ("06-workers", "no-job-lost fails: a job is not done"),
    ("07-channel", "no-job-lost fails: a job is not done"),
    (
        "08-receiver-moved",
        "compiles fails: use of moved value: `receiver`",
    ),
    ("09-receiver-shared", "no-job-lost fails: a job is not done"),
    ("10-jobs-sent", "no-panic fails: SendError"),
    ("11-jobs-run", "no-panic fails: RecvError"),
    ("12-while-let", "no-job-lost fails: a job is not done"),
    (
        "13-join-moves",
        "compiles fails: cannot move out of `worker.thread`",
    ),
    ("2021-14-join", "drop-returns fails: in a deadlock"),
    ("2021-15-close", "no-panic fails: RecvError"),
    ("2021-16-final", "holds"),
    ("2021-single-loop", "drop-returns fails: in a deadlock"),
    ("2024-14-join", "drop-returns fails: in a deadlock"),
    ("2024-15-close", "no-panic fails: RecvError"),
    ("2024-16-final", "holds"),
    ("2024-single-loop", "drop-returns fails: in a deadlock"),
];

const TEXTS: [&str; 2] = ["2021", "2024"];

#[test]
fn each_step_of_the_chapter_gets_its_verdict() {
    let pool = exercises::named("pool").expect("an exercise");
    let whole = exercises::named("2021-20-25").expect("an exercise");
    let mut judged: Vec<(String, PathBuf, &Exercise, &str)> = Vec::new();
    for text in TEXTS {
        for (step, verdict) in STEPS {
            let of_another = TEXTS
                .iter()
                .any(|year| *year != text && step.starts_with(year));
            if of_another {
                continue;
            }
            let is_last = step.ends_with("final");
            judged.push((
                format!("{text}, {step}"),
                typed(text, step, false),
                &pool,
                verdict,
            ));
            if is_last {
                let folder = typed(text, step, true);
                judged.push((format!("{text}, the end"), folder.clone(), &pool, verdict));
                // All of the program, and what it answers.
                judged.push((format!("{text}, the server"), folder, &whole, verdict));
            }
        }
    }
    let asked: Vec<(&Path, &Exercise)> = judged
        .iter()
        .map(|(_, folder, exercise, _)| (folder.as_path(), *exercise))
        .collect();
    let judgements = check::judge_each(&asked, &check::options(), &mut |_, _| ())
        .expect("there is always an answer");
    let mut wrong = String::new();
    for ((name, _, _, verdict), judgement) in judged.iter().zip(&judgements) {
        let verdict = Verdict::read(verdict).expect("a verdict");
        if let Some(how) = verdict.differs(judgement) {
            let _ = writeln!(wrong, "{name}\n{how}");
        }
        if name.ends_with("server") {
            assert!(shown(judgement).contains("serves-two holds"), "{name}");
        }
    }
    assert!(wrong.is_empty(), "\n{wrong}");
}

/// The crate `hello` as it is at this step; with `ends`, its program takes two requests and ends.
fn typed(text: &str, step: &str, ends: bool) -> PathBuf {
    let ours = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge/chapter");
    let read = |file: &str| fs::read_to_string(ours.join(file)).expect("it is there");
    let mut main = read(&format!("{text}-main.rs"));
    if !ends {
        main = main
            .replace(".incoming().take(2)", ".incoming()")
            .replace("\n    println!(\"Shutting down.\");\n", "");
        assert!(!main.contains("take(2)") && !main.contains("Shutting down."));
    }
    let folder = wrap::folder("chapter").join(format!("{text}-{step}-{ends}/hello"));
    solutions::write(
        &folder,
        &[
            (
                "Cargo.toml",
                format!(
                    "[package]\nname = \"hello\"\nversion = \"0.1.0\"\nedition = \"{text}\"\n\n\
                     [dependencies]\n"
                ),
            ),
            ("hello.html", read("hello.html")),
            ("404.html", read("404.html")),
            ("src/lib.rs", read(&format!("src/{step}.rs"))),
            ("src/main.rs", main),
        ],
    );
    folder
}
