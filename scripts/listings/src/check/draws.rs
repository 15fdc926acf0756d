//! Does the program of a crate draw one picture, whoever of how many workers draws its rows?
//!
//! This is the one thing that is seen by running the program itself: what it draws is the
//! student's own choice, and often far too much work to follow through every schedule.

use super::{
    folders::{absolute, content, only, workspace},
    judgement::Ruling,
    scenario::LIMITS,
};
use crate::{Error, Result, cargo};
use explore::{
    guard,
    wrap::child::{self, Limits, Stopped},
};
use std::{
    env,
    path::{Path, PathBuf},
    time::Duration,
};

/// How many rows make a picture, and how wide they are at the least.
const ROWS: usize = 10;
const WIDTH: usize = 20;

/// How long it may take: drawing is real work, and the machine may have other work to do.
const LONGEST: Duration = Duration::from_secs(30);

/// Builds the crate in `folder` and runs it with one worker and with three.
pub fn draws(folder: &Path) -> Result<Ruling> {
    let binary = match build(folder)? {
        Ok(binary) => binary,
        Err(why) => return Ok(Ruling::Fails(why)),
    };
    let mut outputs = Vec::new();
    for workers in ["1", "3"] {
        match output(&binary, workers)? {
            Ok(text) => outputs.push(text),
            Err(why) => {
                return Ok(Ruling::Fails(format!("with the argument {workers}: {why}")));
            }
        }
    }
    Ok(match shared(&outputs[0], &outputs[1]) {
        rows @ ROWS.. => Ruling::Holds(format!("{rows} rows, the same with 1 worker and with 3")),
        _ => Ruling::Fails(format!(
            "what is printed with the arguments 1 and 3 has no picture in common: at least {ROWS} \
             lines one below another, of {WIDTH} characters or more, in the same order"
        )),
    })
}

/// Where the binary is, or why there is none.
fn build(folder: &Path) -> Result<std::result::Result<PathBuf, String>> {
    let folder = absolute(folder)?;
    // In one target folder Cargo takes two crates of one name for each other.
    let target = workspace(std::slice::from_ref(&folder)).with_extension("run");
    let target = only(&target, &content(&folder)?);
    let mut command = cargo::command();
    command
        .args(["build", "--offline", "--bins", "--manifest-path"])
        .arg(folder.join("Cargo.toml"))
        .arg("--target-dir")
        .arg(target)
        .arg("--message-format=json-render-diagnostics");
    let output = cargo::run(&mut command)?;
    if !output.status.success() {
        return Ok(Err(String::from_utf8_lossy(&output.stderr).into_owned()));
    }
    let binaries = cargo::binaries(&String::from_utf8_lossy(&output.stdout));
    let found = binaries.into_values().next();
    Ok(found.ok_or_else(|| "there is no program: src/main.rs is missing".to_string()))
}

/// What the program prints with that argument, or why it doesn't come to a good end.
fn output(binary: &Path, workers: &str) -> Result<std::result::Result<String, String>> {
    let mut command = guard::command(binary);
    command.arg(workers).current_dir(env::temp_dir());
    let limits = Limits {
        time: LONGEST,
        ..LIMITS
    };
    let outcome = child::run(&mut command, limits)
        .map_err(|error| Error::new(format!("cannot run {}: {error}", binary.display())))?;
    let seconds = LONGEST.as_secs();
    Ok(match outcome.ended {
        Stopped::Itself(status) if status.success() => Ok(outcome.stdout),
        Stopped::Itself(status) => {
            let last = outcome.stderr.trim_end().lines().next_back();
            let last = last.map_or(String::new(), |line| format!(", saying: {line}"));
            Err(format!("it ends with {status}{last}"))
        }
        Stopped::Time => Err(format!("it doesn't end within {seconds} seconds")),
        Stopped::Output => Err("it prints without an end".to_string()),
        Stopped::Memory => Err("it takes more and more memory".to_string()),
    })
}

/// The number of rows of the largest picture that two outputs share.
fn shared(one: &str, other: &str) -> usize {
    let (one, other) = (drawn(one), drawn(other));
    let mut longest = 0;
    for from in 0..one.len() {
        for to in 0..other.len() {
            let pairs = one[from..].iter().zip(&other[to..]);
            let same = pairs.take_while(|(left, right)| left == right).count();
            let rows = &one[from..from + same];
            // One line again and again could be in any order.
            if same > longest && rows.iter().any(|row| *row != rows[0]) {
                longest = same;
            }
        }
    }
    longest
}

/// The lines that can be rows of a picture: not the library's own, and wide enough.
fn drawn(output: &str) -> Vec<&str> {
    output
        .lines()
        .filter(|line| !line.starts_with("Worker ") && !line.starts_with("Shutting down"))
        .filter(|line| line.chars().count() >= WIDTH)
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_is_rows_in_one_order() {
        let row = |letter: char| letter.to_string().repeat(WIDTH) + "\n";
        let rows: String = ('a'..='l').map(row).collect();
        let turned: String = ('a'..='l').rev().map(row).collect();
        let log = "Worker 0 got a job; executing.\n".repeat(12);
        assert_eq!(
            shared(&format!("{log}{rows}1 ms"), &format!("{rows}2 ms")),
            12
        );
        assert!(shared(&rows, &turned) < ROWS);
        assert!(shared(&log, &log) < ROWS);
        assert!(shared(&row('a').repeat(12), &row('a').repeat(12)) < ROWS);
    }
}
