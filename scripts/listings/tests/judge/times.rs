//! How long a judgement takes. Nothing is asserted here: the seconds are for people to read, on
//! their machine.
//!
//! ```console
//! $ cargo test -p listings --test judge times -- --ignored --nocapture
//! ```

use super::solutions::{self, Solution};
use explore::wrap;
use interleave::numbers::count;
use listings::{
    check::{self, Judgement, Ruling},
    exercises::Exercise,
};
use std::{
    fs,
    path::{Path, PathBuf},
    time::{Duration, Instant},
};

/// Each crate of the shapes that people write: its verdict, the reason, and how long it takes when
/// another one was judged before.
#[test]
#[ignore = "a table to read"]
fn times_of_each_crate() {
    let mut wild = solutions::all();
    wild.retain(|Solution { name, .. }| name.starts_with("wild-") || name.starts_with("shape-"));
    judge_alone(&wild[0]);
    let mut within = 0;
    println!("| crate | first goal that doesn't hold, and why | seconds |");
    println!("|---|---|--:|");
    for solution in &wild {
        let (judgement, took) = judge_alone(solution);
        within += usize::from(took <= Duration::from_secs(3));
        println!(
            "| {} | {} | {:.1} |",
            solution.name,
            reason(&judgement),
            took.as_secs_f64()
        );
    }
    println!(
        "\n{within} of {} within 3 seconds",
        count(wild.len(), "crate")
    );
}

/// In a class: three that can't be judged, two that hang, and one that floods.
const NOT_LIKE_THE_OTHERS: [&str; 6] = [
    "endless-loop-in-a-worker",
    "endless-printing",
    "needs-a-crate",
    "wild-cargo-refuses-it",
    "wild-continues-on-a-closed-channel",
    "wild-trusts-nobody",
];

/// A class of thirty, three times together and three times one after the other, in turn; each time
/// with other bytes in each crate, so that it is built anew.
#[test]
#[ignore = "a table to read"]
fn times_of_a_class() {
    let is_one_of_us = |name: &str| {
        let shape = name.starts_with("wild-") || name.starts_with("shape-");
        shape && !NOT_LIKE_THE_OTHERS.contains(&name)
    };
    let all = || solutions::all().into_iter();
    let others = all()
        .filter(|solution| is_one_of_us(&solution.name))
        .take(24);
    let special = all().filter(|solution| NOT_LIKE_THE_OTHERS.contains(&solution.name.as_str()));
    let class: Vec<Solution> = others.chain(special).collect();
    println!("{}", count(class.len(), "crate"));
    for round in 0..3 {
        let folders = anew(&class, &format!("together-{round}"));
        let all: Vec<(&Path, &Exercise)> = folders
            .iter()
            .map(PathBuf::as_path)
            .zip(class.iter().map(|solution| &solution.exercise))
            .collect();
        let began = Instant::now();
        check::judge_each(&all, &check::options(), &mut |_, _| ()).expect("there is an answer");
        let together = began.elapsed();

        let folders = anew(&class, &format!("alone-{round}"));
        let began = Instant::now();
        for (folder, solution) in folders.iter().zip(&class) {
            check::judge(folder, &solution.exercise, &check::options()).expect("an answer");
        }
        let alone = began.elapsed();
        println!(
            "together {:.1} s, one after the other {:.1} s: {:.2} of it",
            together.as_secs_f64(),
            alone.as_secs_f64(),
            together.as_secs_f64() / alone.as_secs_f64()
        );
    }
}

fn judge_alone(solution: &Solution) -> (Judgement, Duration) {
    let began = Instant::now();
    let judgement = check::judge(&solution.folder, &solution.exercise, &check::options());
    (
        judgement.expect("there is always an answer"),
        began.elapsed(),
    )
}

fn reason(judgement: &Judgement) -> String {
    let Some(check) = judgement.trouble() else {
        return "all of it holds".to_string();
    };
    let why = match &check.ruling {
        Ruling::Fails(why) => why.as_str(),
        Ruling::Unjudged(why) => &format!("can't be judged: {why}"),
        Ruling::Holds(_) | Ruling::Skipped => "",
    };
    let why = why
        .lines()
        .find(|line| !line.is_empty())
        .unwrap_or_default();
    format!("{}: {why}", check.goal.words()).replace('|', "\\|")
}

/// Copies of these crates, each with a line more than it had the last time.
fn anew(class: &[Solution], name: &str) -> Vec<PathBuf> {
    let now = format!("// {:?}\n", Instant::now());
    let copy = |solution: &Solution| {
        let folder = wrap::folder("times").join(name).join(&solution.name);
        copy_all(&solution.folder, &folder, &now);
        folder
    };
    class.iter().map(copy).collect()
}

fn copy_all(from: &Path, to: &Path, line: &str) {
    fs::create_dir_all(to).expect("it can be made");
    for entry in fs::read_dir(from).expect("it is there") {
        let path = entry.expect("it can be read").path();
        let to = to.join(path.file_name().expect("a name"));
        match path.is_dir() {
            true if path.ends_with("target") => {}
            true => copy_all(&path, &to, line),
            false => {
                let mut text = fs::read_to_string(&path).expect("it is a text");
                if path.extension().is_some_and(|extension| extension == "rs") {
                    text += line;
                }
                fs::write(to, text).expect("it can be written");
            }
        }
    }
}
