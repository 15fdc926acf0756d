//! Why a crate doesn't compile with the explorer, by what the compiler says of it.

use super::manifest::Crate;
use super::refusal::Refusal;
use super::workspace::{AS_IT_IS, Workspace};
use super::{called, cargo};
use crate::guard;
use interleave::trace::short;
use std::env;
use std::io;

impl Workspace {
    /// Why a crate doesn't compile, given what was said of it.
    pub fn refusal(&self, found: &Crate, explored: cargo::Said) -> io::Result<Refusal> {
        let name = found.name.clone();
        let time = self.options.patience;
        if explored.late {
            return Ok(Refusal::TakesTooLong { name, time });
        }
        let text = explored.stderr.as_str();
        let others = needed(text, &found.others);
        if !others.is_empty() {
            return Ok(Refusal::NeedsCrates { name, others });
        }
        if let Some(text) = self.broken(found)? {
            return Ok(Refusal::DoesNotCompile { name, text });
        }
        if !explored.is_the_compilers() {
            return Err(io::Error::other(explored.stderr));
        }
        if let Some(place) = unsafe_at(text) {
            let item = "`unsafe`".to_string();
            return Ok(Refusal::Unsafe { name, item, place });
        }
        let (item, place) = uncovered(text);
        Ok(Refusal::NotCovered {
            name,
            item,
            place,
            text: explored.stderr,
        })
    }

    /// What the compiler says of a crate as it is, in its own folder and without the explorer, if
    /// it doesn't compile so either.
    fn broken(&self, found: &Crate) -> io::Result<Option<String>> {
        for part in found.parts() {
            let mut command = guard::command(env::var_os("CARGO").unwrap_or("cargo".into()));
            command
                .current_dir(&found.folder)
                .args(["check", "--offline", "--manifest-path"]);
            command.arg(&found.manifest).arg("--target-dir");
            command.arg(self.folder.join(AS_IT_IS).join(found.number()));
            match part.target.is_lib() {
                true => command.arg("--lib"),
                false => command.args(["--bin", &part.target.name]),
            };
            let output = called::quietly(&mut command, &found.root)?;
            let said = String::from_utf8_lossy(&output.stderr);
            // Cargo has other reasons, too, such as a crate that isn't there.
            if !output.status.success() && said.contains("could not compile") {
                return Ok(Some(called::errors(&said)));
            }
        }
        Ok(None)
    }
}

/// Those of `others` that the compiler misses, each with the place where it is first used.
fn needed(text: &str, others: &[String]) -> Vec<(String, String)> {
    let errors: Vec<&str> = text.split("\nerror").skip(1).collect();
    let uses = |other: &String| {
        let name = format!("`{}`", other.replace('-', "_"));
        let by_name = |error: &&&str| error.lines().next().is_some_and(|l| l.contains(&name));
        let error = errors.iter().find(by_name)?;
        Some((other.clone(), place(error)))
    };
    others.iter().filter_map(uses).collect()
}

/// Where the compiler found `unsafe`, if that is what it refuses.
fn unsafe_at(text: &str) -> Option<String> {
    let refused = |error: &&str| error.contains("unsafe-code") || error.contains("unsafe_code");
    let found = text.split("\nerror").skip(1).find(refused)?;
    Some(place(found))
}

/// The place in the crate that a compiler's message points to.
fn place(message: &str) -> String {
    let found = message
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("--> "));
    let Some(place) = found.map(short) else {
        return "somewhere".to_string();
    };
    let mut parts = place.split(':');
    let file = parts.next().unwrap_or_default();
    format!("{file}:{}", parts.next().unwrap_or_default())
}

/// The item that the compiler's first error is about, and where it is used.
fn uncovered(text: &str) -> (String, String) {
    let lines: Vec<&str> = text.lines().collect();
    let first = lines.iter().position(|line| line.starts_with("error"));
    let lines = &lines[first.unwrap_or(lines.len())..];
    let message = lines.first().copied().unwrap_or_default();
    let place = place(&lines.join("\n"));
    let quoted: Vec<&str> = message.split('`').skip(1).step_by(2).collect();
    let item = match quoted.as_slice() {
        [] => message.to_string(),
        [one] => one.to_string(),
        [name, owner, ..]
            if message.contains(" in module `")
                || message.contains(" in `")
                || message.contains(" found for ") =>
        {
            format!("{owner}::{name}")
        }
        [first, ..] => first.to_string(),
    };
    // A module is named without the crate that it is in.
    let in_module = item.contains("::") && item.starts_with(|c: char| c.is_lowercase());
    let item = match in_module && !item.starts_with("std::") {
        true => format!("std::{item}"),
        false => item,
    };
    (item, place)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_what_is_not_covered() {
        let cases = [
            ("error[E0432]: unresolved import `std::fs`", "std::fs"),
            (
                "error[E0433]: failed to resolve: could not find `fs` in `std`",
                "std::fs",
            ),
            (
                "error[E0433]: cannot find `Command` in `process`",
                "std::process::Command",
            ),
            (
                "error[E0425]: cannot find function `write` in module `fs`",
                "std::fs::write",
            ),
            (
                "error[E0599]: no method named `peek` found for struct `TcpStream` in the current scope",
                "TcpStream::peek",
            ),
        ];
        for (error, item) in cases {
            let text = format!("   Compiling x\n{error}\n  --> /a/b/src/main.rs:7:5\n");
            assert_eq!(
                uncovered(&text),
                (item.to_string(), "src/main.rs:7".to_string())
            );
        }
    }
}
