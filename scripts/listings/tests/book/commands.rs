//! Every command that the book shows can be given.

use crate::page::{listings, ok, pages};
use listings::{catalogue::Listing, exercises, names};
use std::process::Command;

#[test]
fn every_command_exists() {
    let listings = listings();
    let mut commands = 0;
    for page in pages() {
        let mut shown: Vec<String> = page.inline_code();
        for block in page.blocks() {
            if block.language == "console" {
                let lines = block.lines.iter();
                shown.extend(lines.filter_map(|line| Some(line.strip_prefix("$ ")?.to_string())));
            }
        }
        for command in shown {
            let words: Vec<&str> = command.split(' ').collect();
            let verdict = match words[..] {
                ["cargo", "listings"] | ["cargo", "test"] => Ok(()),
                ["cargo", "test", name] => test(name),
                ["cargo", "doc", "-p", name, "--open"] => run(&listings, name, &[]),
                ["cargo", "test", "-p", name, ref rest @ ..] => of_own_tests(&listings, name, rest),
                ["cargo", "listings", name, ref rest @ ..] => of_listings(&listings, name, rest),
                ["cargo", "run", "-p", name, ref rest @ ..] => run(&listings, name, rest),
                [
                    "cargo",
                    "run",
                    "--release",
                    "--manifest-path",
                    "scripts/compare/Cargo.toml",
                    ref rest @ ..,
                ] => compare(rest),
                ["mdbook", "build" | "serve", "book"] => Ok(()),
                [
                    "curl",
                    "http://127.0.0.1:7878/"
                    | "http://127.0.0.1:7878/sleep"
                    | "http://127.0.0.1:7878/panic",
                ] => Ok(()),
                ["curl"] => Ok(()),
                ["cargo" | "mdbook" | "curl" | "git" | "bash", ..] => {
                    Err("this test doesn't know it".to_string())
                }
                _ => continue,
            };
            if let Err(why) = verdict {
                panic!("book/src/{}: `{command}`: {why}", page.file);
            }
            commands += 1;
        }
    }
    assert!(commands > listings.len(), "the commands were not found");
}

fn run(listings: &[Listing], name: &str, rest: &[&str]) -> Result<(), String> {
    let found = listings.iter().find(|listing| listing.name == name);
    let Some(listing) = found else {
        return Err("there is no such listing".to_string());
    };
    match (listing.compiles(), rest) {
        (true, []) | (false, ["--features", "does-not-compile"]) => Ok(()),
        (true, ["--", "127.0.0.1:0"]) if listing.serves => Ok(()),
        (false, _) => Err("it needs `--features does-not-compile`".to_string()),
        (true, ["--", number]) if !listing.serves && number.parse::<usize>().is_ok() => Ok(()),
        (true, _) if !listing.serves => Err("it takes a number at most".to_string()),
        (true, _) => Err("it takes an address at most".to_string()),
    }
}

/// A listing whose examples or own tests are run.
fn of_own_tests(listings: &[Listing], name: &str, rest: &[&str]) -> Result<(), String> {
    let found = listings.iter().find(|listing| listing.name == name);
    match (found, rest) {
        (Some(_), ["--doc"]) => Ok(()),
        (Some(listing), []) if listing.has_tests() => Ok(()),
        _ => Err("there is no such listing with tests".to_string()),
    }
}

/// The comparison stands outside the workspace and has tests of its own.
fn compare(rest: &[&str]) -> Result<(), String> {
    let pools = include_str!("../../../compare/src/pools.rs");
    match rest {
        [] => Ok(()),
        ["--", "serve", name, "127.0.0.1:0"] if pools.contains(&format!("\"{name}\"")) => Ok(()),
        _ => Err("the comparison takes no such words".to_string()),
    }
}

/// The tests of a listing are functions that are named for it.
fn test(name: &str) -> Result<(), String> {
    let shutdown = include_str!("../listings/shutdown.rs");
    let found = shutdown.contains(&format!("fn {name}()"));
    found
        .then_some(())
        .ok_or("there is no such test".to_string())
}

fn of_listings(listings: &[Listing], name: &str, rest: &[&str]) -> Result<(), String> {
    for word in rest {
        let is_value = word.parse::<usize>().is_ok() || matches!(*word, "json" | "junit");
        if word.starts_with("--") || is_value {
            continue;
        }
        let known = match (name, word.strip_prefix("practice/")) {
            ("practise", None) => is_exercise(word),
            ("check", Some(exercise)) => is_exercise(exercise),
            // The reader's own, beside the repository.
            ("check" | "offline", None) => word.starts_with("../"),
            ("assignment", None) => is_exercise(word) || word.starts_with("../"),
            ("diff" | "run" | "explore", None) => names::resolve(listings, word).is_ok(),
            _ => false,
        };
        if !known {
            return Err(format!("{word} is no listing, exercise or folder"));
        }
    }
    let output = Command::new(env!("CARGO_BIN_EXE_listings"))
        .args(["help", name])
        .output()
        .map_err(|error| error.to_string())?;
    if !output.status.success() {
        return Err(format!("there is no command {name}"));
    }
    let help = String::from_utf8_lossy(&output.stdout);
    for option in rest.iter().filter(|word| word.starts_with("--")) {
        if !help.contains(option) {
            return Err(format!("its help doesn't name {option}"));
        }
    }
    Ok(())
}

fn is_exercise(name: &str) -> bool {
    ok(exercises::all())
        .iter()
        .any(|exercise| exercise.name == name)
}
