//! `cargo listings diff`: what changed between two listings.

use super::{
    arguments::{self, Arguments},
    ending::{Done, Exit, Usage, print},
};
use listings::{
    Error, diff,
    terminal::{self, Style, fit, styled},
};

pub const HELP: &str = "\
Shows what changed between two listings, or between a listing and the one it follows.

  cargo listings diff 20-25               against the listing that 20-25 follows
  cargo listings diff 20-24 20-25         between these two
  cargo listings diff 20-25 --stat        how much changed in which file
  cargo listings diff 20-25 --word        the changed words within their lines
  cargo listings diff 20-25 --side-by-side [--width 120]
                                          old on the left, new on the right; this is what a
                                          terminal of 160 columns or more gets anyway

It is Git that compares, with your pager. What is no part of a lesson is left out: the line that names
the listing's own library, and the one that switches a library off that does not compile.
";

/// From here on there is room for two columns of code.
const WIDE: usize = 160;

pub fn run(arguments: &Arguments) -> Done {
    let words = arguments.words(1..=2, "one listing or two")?;
    let last = arguments::listing(&words[words.len() - 1])?;
    let first = match (words, &last.follows) {
        ([first, _], _) => arguments::listing(first)?,
        (_, Some(follows)) => arguments::listing(follows)?,
        (_, None) => {
            let name = &last.name;
            return Err(arguments.wrong(&format!("{name} is the first and follows none: name two")));
        }
    };

    if first.name == last.name {
        let name = &last.name;
        return print(&format!("{name} and itself: nothing differs.\n"));
    }

    let width = arguments.number("--width", 40..=1000)?;
    let unified = ["--stat", "--word"]
        .iter()
        .any(|option| arguments.has(option));
    let terminal = terminal::width();
    let wide = !unified && terminal.is_some_and(|columns| columns >= WIDE);
    if arguments.has("--side-by-side") || width.is_some() || wide {
        if unified {
            return Err(arguments.wrong("--stat and --word don't go with two columns"));
        }
        let width = width.or(terminal).unwrap_or(WIDE);
        let diff = diff::sources(&first, &last)?;
        return print(&side_by_side(&diff, width, terminal::colours()));
    }

    for mut git in diff::commands(&first, &last) {
        if arguments.has("--stat") {
            git.arg("--stat");
        }
        if arguments.has("--word") {
            git.arg("--word-diff");
        }
        let status = git
            .status()
            .map_err(|error| Error::new(format!("cannot run git ({error}): install Git first")))?;
        if !matches!(status.code(), Some(0 | 1)) {
            return Err(Usage::Failed(Error::new("git could not compare the two")));
        }
    }
    Ok(Exit::Holds)
}

/// A unified diff in two columns: what was on the left, what is on the right.
fn side_by_side(diff: &str, width: usize, colours: bool) -> String {
    let half = (width.saturating_sub(3) / 2).max(10);
    let mut text = String::new();
    let mut old: Vec<&str> = Vec::new();
    let mut new: Vec<&str> = Vec::new();
    for line in diff.lines().chain([""]) {
        if let Some(removed) = line.strip_prefix('-').filter(|_| !line.starts_with("--- ")) {
            old.push(removed);
            continue;
        }
        if let Some(added) = line.strip_prefix('+').filter(|_| !line.starts_with("+++ ")) {
            new.push(added);
            continue;
        }
        for row in 0..old.len().max(new.len()) {
            let left = old
                .get(row)
                .map_or(String::new(), |line| format!("-{line}"));
            let right = new
                .get(row)
                .map_or(String::new(), |line| format!("+{line}"));
            let left = styled(&fit(&left, half), Style::Red, colours);
            let right = styled(fit(&right, half).trim_end(), Style::Green, colours);
            text += format!("{left} │ {right}").trim_end();
            text += "\n";
        }
        old.clear();
        new.clear();

        if let Some(file) = line.strip_prefix("+++ ") {
            // `--- old` came just before it
            let name = file.split_once('/').map_or(file, |(_, name)| name);
            text += &format!("{}\n", styled(name, Style::Bold, colours));
        } else if let Some(hunk) = line.strip_prefix("@@ ") {
            let lines = hunk.split(" @@").next().unwrap_or(hunk);
            text += &format!("{}\n", styled(&format!("@@ {lines}"), Style::Dim, colours));
        } else if let Some(same) = line.strip_prefix(' ') {
            let left = fit(&format!(" {same}"), half);
            let right = fit(&format!(" {same}"), half);
            text += &format!("{left} │ {}\n", right.trim_end());
        }
    }
    text
}
