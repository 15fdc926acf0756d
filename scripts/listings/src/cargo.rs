//! Cargo, run on a listing, and what it says, made the same on every machine.

use crate::{Error, Result, catalogue::Listing, root};
use explore::{guard, wrap};
use std::{
    collections::BTreeMap,
    env,
    path::{Path, PathBuf},
    process::{Command, Output},
};

/// The compiler whose exact wording the snapshots hold.
pub const PINNED: &str = "1.95.0";

/// The feature that lets Cargo try to compile a step that doesn't.
pub const GATE: &str = "does-not-compile";

/// A `cargo` command that runs at the root of the workspace.
///
/// It is the Cargo that runs us, where one does, and the one on the path otherwise.
pub fn command() -> Command {
    let mut command = guard::command(env::var_os("CARGO").unwrap_or("cargo".into()));
    command
        .current_dir(root())
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never");
    command
}

/// Runs a command to its end. Refuses a program that can't be started.
pub fn run(command: &mut Command) -> Result<Output> {
    guard::output(command).map_err(|error| {
        let program = Path::new(command.get_program()).display();
        Error::new(format!("cannot run {program}: {error}"))
    })
}

/// Builds the binaries of these packages, or of every package that compiles if there are none,
/// and returns where each one is.
///
/// Refuses what doesn't compile, with Cargo's own words.
pub fn build(packages: &[&str]) -> Result<BTreeMap<String, PathBuf>> {
    let mut cargo = command();
    cargo.args([
        "build",
        "--bins",
        "--message-format=json-render-diagnostics",
    ]);
    if packages.is_empty() {
        cargo.arg("--workspace");
    }
    for package in packages {
        cargo.args(["-p", package]);
    }
    let output = run(&mut cargo)?;
    if !output.status.success() {
        let said = String::from_utf8_lossy(&output.stderr);
        return Err(Error::new(format!("cargo build failed:\n{said}")));
    }

    Ok(binaries(&String::from_utf8_lossy(&output.stdout)))
}

/// Where the binaries are of which Cargo's messages in JSON speak, by their names.
pub fn binaries(messages: &str) -> BTreeMap<String, PathBuf> {
    messages.lines().filter_map(wrap::binary).collect()
}

/// What the compiler says of a listing.
pub struct Compiled {
    /// Whether it compiles.
    pub compiles: bool,
    /// The command and what it prints, without what changes from run to run.
    pub text: String,
    /// Every error and warning: `E0382 src/lib.rs:26` or `warning src/lib.rs:4`,
    /// in the order of their places.
    pub diagnostics: Vec<String>,
}

/// Compiles a listing, with its gate open if it is a step that doesn't compile.
pub fn compile(listing: &Listing) -> Result<Compiled> {
    let name = &listing.name;
    let gate = if listing.compiles() {
        String::new()
    } else {
        format!(" --features {GATE}")
    };
    // `cargo run` would go on to start the server, so the two differ in the word only.
    let output = run(command().args(format!("build -p {name}{gate}").split(' ')))?;
    let verb = if listing.compiles() { "build" } else { "run" };
    let said = normalise(&String::from_utf8_lossy(&output.stderr));
    Ok(Compiled {
        compiles: output.status.success(),
        diagnostics: diagnostics(&said, name),
        text: format!("$ cargo {verb} -p {name}{gate}\n{said}"),
    })
}

/// Takes out of Cargo's words what changes from run to run and from machine to machine: progress,
/// times, the hash in the path of the standard library, back slashes in paths.
fn normalise(said: &str) -> String {
    let progress = [
        "Compiling ",
        "Finished ",
        "Blocking ",
        "Locking ",
        "Updating ",
    ];
    let mut text = String::new();
    for line in said.lines() {
        if progress
            .iter()
            .any(|verb| line.trim_start().starts_with(verb))
        {
            continue;
        }
        let mut line = line.to_string();
        if line.trim_start().starts_with("--> ") {
            line = line.replace('\\', "/");
            if let Some((before, after)) = line.split_once("/rustc/") {
                let rest = after.split_once('/').map_or(after, |(_hash, rest)| rest);
                line = format!("{before}/rustc/HASH/{rest}");
            }
        }
        text += line.trim_end();
        text += "\n";
    }
    text
}

fn diagnostics(said: &str, name: &str) -> Vec<String> {
    let mut found = Vec::new();
    let mut kind = None;
    for line in said.lines() {
        if let Some(rest) = line.strip_prefix("error[") {
            kind = rest.split(']').next();
        } else if line.starts_with("warning: ") {
            kind = Some("warning");
        } else if let (Some(label), Some(place)) = (kind, line.trim_start().strip_prefix("--> ")) {
            // file:line:column, of which the column is the compiler's affair
            let place = place
                .rsplit_once(':')
                .map_or(place, |(place, _column)| place);
            let place = place.trim_start_matches(&format!("listings/{name}/"));
            let (file, line) = place.rsplit_once(':').unwrap_or((place, ""));
            let line: usize = line.parse().unwrap_or_default();
            found.push((file.to_string(), line, label.to_string()));
            kind = None;
        }
    }
    found.sort();
    let text = |(file, line, label)| format!("{label} {file}:{line}");
    found.into_iter().map(text).collect()
}

/// Why the compiler's exact words can't be compared here, if they can't.
pub fn why_not_word_for_word() -> Result<Option<String>> {
    let rustc = |argument: &str| -> Result<String> {
        let program = env::var_os("RUSTC").unwrap_or("rustc".into());
        let output = run(Command::new(program).args(argument.split(' ')))?;
        Ok(String::from_utf8_lossy(&output.stdout).trim().to_string())
    };
    let version = rustc("--version")?;
    if version.split(' ').nth(1) != Some(PINNED) {
        return Ok(Some(format!("this is {version}, and they are {PINNED}'s")));
    }
    let sources = Path::new(&rustc("--print sysroot")?).join("lib/rustlib/src/rust/library");
    if sources.exists() {
        let why = "the component rust-src is installed, with which notes quote the library";
        return Ok(Some(why.to_string()));
    }
    Ok(None)
}

#[cfg(test)]
mod tests {
    use super::*;

    const SAID: &str = "   Compiling listing-20-17 v0.1.0 (/home/somebody/listings/listing-20-17)
warning: unused variable: `f`
  --> listings\\listing-20-17\\src\\lib.rs:32:30
   |
error[E0382]: use of moved value: `receiver`
  --> listings/listing-20-17/src/lib.rs:26:42
   |
note: the method is here
  --> /rustc/59807616e/library/std/src/thread.rs:149:16
warning: `listing-20-17` (lib) generated 1 warning
error: could not compile `listing-20-17` (lib) due to 1 previous error
";

    #[test]
    fn what_varies_is_taken_out() {
        let text = normalise(SAID);
        assert!(text.starts_with("warning: unused"));
        assert!(text.contains("  --> listings/listing-20-17/src/lib.rs:32:30\n"));
        assert!(text.contains("  --> /rustc/HASH/library/std/src/thread.rs:149:16\n"));
    }

    #[test]
    fn each_diagnostic_has_its_code_and_its_place() {
        assert_eq!(
            diagnostics(&normalise(SAID), "listing-20-17"),
            ["E0382 src/lib.rs:26", "warning src/lib.rs:32"]
        );
    }
}
