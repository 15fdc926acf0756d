//! How Cargo calls the compiler for a crate as it is: with which cfgs, environment and checks.
//!
//! Cargo itself says so when it is asked to be verbose. Profiles, build scripts, `.cargo` and what
//! is inherited from a workspace are in it, and nothing has to be read a second time.

use super::child::{self, Limits, Ran, Stopped};
use super::metadata::{Package, Target};
use crate::guard;
use std::env;
use std::fs;
use std::io;
use std::path::{Path, PathBuf};

/// What of a call of the compiler makes a difference to the program.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Called {
    /// The cfgs, but for features: `name` or `name="value"`.
    pub cfgs: Vec<String>,
    /// The variables that `env!` reads, and their values.
    pub variables: Vec<(String, String)>,
    /// Whether a panic aborts the process.
    pub aborts: bool,
    /// Whether `debug_assert!` is compiled, if it is said.
    pub debug_assertions: Option<bool>,
    /// Whether arithmetic is checked for overflow, if it is said.
    pub overflow_checks: Option<bool>,
    /// The native libraries that it links.
    pub libraries: Vec<String>,
}

/// Why Cargo doesn't say how it calls the compiler.
pub enum Silent {
    /// Something that is compiled first doesn't compile.
    DoesNotCompile(String),
    /// Cargo has another reason, such as a crate that isn't there.
    Cargo(String),
}

/// What settings a file may hold that change how the compiler is called.
const SETTINGS: [&str; 5] = [
    "flags",
    "panic",
    "overflow-checks",
    "debug-assertions",
    "rustc",
];

/// The setting that makes a difference to a program only if it asks for its environment.
const ENVIRONMENT: &str = "[env";

/// The functions of `std::env` by which it does.
const READERS: [&str; 4] = ["var", "vars", "var_os", "vars_os"];

/// Whether it may matter how the compiler is called for the crate in `folder`.
pub fn matters(folder: &Path, root: &Path, sources: &[(PathBuf, String)]) -> bool {
    let uses = |what: fn(&str) -> bool| sources.iter().any(|(_, text)| what(text));
    let has_settings = |path: &Path| {
        let text = fs::read_to_string(path).unwrap_or_default();
        SETTINGS.iter().any(|setting| text.contains(setting))
            || (text.contains(ENVIRONMENT) && uses(reads_environment))
    };
    let configs = folder
        .ancestors()
        .flat_map(|folder| ["config.toml", "config"].map(|name| folder.join(".cargo").join(name)));
    uses(|text| text.contains("env!"))
        || has_settings(&root.join("Cargo.toml"))
        || configs.into_iter().any(|path| has_settings(&path))
}

/// Whether a program may ask for the variables of its environment when it runs.
fn reads_environment(source: &str) -> bool {
    let part_of_a_name = |char: char| char.is_alphanumeric() || char == '_';
    let mut names = source.split(|char| !part_of_a_name(char));
    source.contains("env") && names.any(|name| READERS.contains(&name))
}

/// Asks Cargo how it calls the compiler for one target of the package `name`.
///
/// What is compiled for that goes to `into`. The crate's folder stays as it was.
pub fn ask(package: &Package, target: &Target, into: &Path) -> io::Result<Result<Called, Silent>> {
    let mut command = guard::command(env::var_os("CARGO").unwrap_or("cargo".into()));
    // Settings are looked for from here on upwards.
    command.current_dir(package.folder());
    command
        .args(["rustc", "-vv", "--offline", "--manifest-path"])
        .arg(package.manifest());
    command.arg("--target-dir").arg(into);
    match target.is_lib() {
        true => command.arg("--lib"),
        false => command.args(["--bin", &target.name]),
    };
    command.args(["--", "--print", "cfg"]);
    let output = quietly(&mut command, &package.root)?;
    let said = String::from_utf8_lossy(&output.stderr).into_owned();
    if !output.status.success() {
        return Ok(Err(
            match said.contains("could not compile") || said.contains("failed to run custom build")
            {
                true => Silent::DoesNotCompile(errors(&said)),
                false => Silent::Cargo(said),
            },
        ));
    }
    let mut calls = said
        .lines()
        .filter_map(|line| line.trim().strip_prefix("Running `")?.strip_suffix('`'));
    // The last call is the one for the target itself.
    Ok(Ok(calls.next_back().map(read).unwrap_or_default()))
}

/// Runs a Cargo command that has nothing to do with the caller's own settings, and leaves no
/// `Cargo.lock` where there was none.
pub fn quietly(
    command: &mut std::process::Command,
    root: &Path,
) -> io::Result<std::process::Output> {
    let lock = root.join("Cargo.lock");
    let had_lock = lock.exists();
    command
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never");
    for name in super::cargo::FLAGS {
        command.env_remove(name);
    }
    let ran = child::run(command, Limits::default());
    if !had_lock {
        // It is only there if Cargo came so far.
        let _ = fs::remove_file(lock);
    }
    let Ran {
        ended,
        stdout,
        stderr,
    } = ran?;
    let Stopped::Itself(status) = ended else {
        return Err(io::Error::other("the compiler doesn't come to an end"));
    };
    Ok(std::process::Output {
        status,
        stdout: stdout.into_bytes(),
        stderr: stderr.into_bytes(),
    })
}

/// What Cargo said, without the calls that it made.
pub fn errors(said: &str) -> String {
    let lines = said.lines().skip_while(|line| !line.starts_with("error"));
    let lines: Vec<&str> = lines
        .filter(|line| !line.trim().starts_with("Running `"))
        .collect();
    lines.join("\n")
}

/// Reads a call as Cargo prints it.
fn read(call: &str) -> Called {
    let words = words(call);
    let program = words
        .iter()
        .position(|word| !word.contains('='))
        .unwrap_or(words.len());
    let (variables, rest) = words.split_at(program);
    let mut called = Called::default();
    for variable in variables {
        if let Some((name, value)) = variable.split_once('=') {
            called.variables.push((name.to_string(), value.to_string()));
        }
    }
    called.variables.retain(|(name, _)| !is_for_cargo(name));
    for (at, word) in rest.iter().enumerate() {
        let next = rest.get(at + 1).map(String::as_str).unwrap_or_default();
        match word.as_str() {
            "--cfg" if !next.starts_with("feature=") => called.cfgs.push(next.to_string()),
            "-l" => called.libraries.push(next.to_string()),
            "-C" => called.codegen(next),
            word if word.starts_with("-C") => called.codegen(&word[2..]),
            _ => {}
        }
    }
    called
}

impl Called {
    fn codegen(&mut self, setting: &str) {
        let on = |value: &str| matches!(value, "on" | "yes" | "y" | "true" | "");
        let (name, value) = setting.split_once('=').unwrap_or((setting, ""));
        match name.replace('_', "-").as_str() {
            "panic" => self.aborts = value == "abort",
            "debug-assertions" => self.debug_assertions = Some(on(value)),
            "overflow-checks" => self.overflow_checks = Some(on(value)),
            _ => {}
        }
    }
}

/// A variable that is there for Cargo's or the linker's sake.
fn is_for_cargo(name: &str) -> bool {
    matches!(
        name,
        "CARGO" | "CARGO_PRIMARY_PACKAGE" | "CARGO_MANIFEST_PATH" | "PATH" | "LD_LIBRARY_PATH"
    ) || name.starts_with("DYLD_")
}

/// The words of a command line: what stands between spaces, or between quotes.
fn words(line: &str) -> Vec<String> {
    let mut words = Vec::new();
    let mut word = String::new();
    let mut begun = false;
    let mut chars = line.chars();
    while let Some(char) = chars.next() {
        match char {
            '\'' | '"' => {
                begun = true;
                word.extend(chars.by_ref().take_while(|inner| *inner != char));
            }
            // Outside of quotes only a quote is escaped so; on Windows it stands between folders.
            '\\' if !cfg!(windows) => word.extend(chars.next()),
            ' ' if begun => {
                words.push(std::mem::take(&mut word));
                begun = false;
            }
            ' ' => {}
            _ => {
                begun = true;
                word.push(char);
            }
        }
    }
    if begun {
        words.push(word);
    }
    // Windows has no other way to set variables: `set NAME=value&& …`.
    words.retain(|word| !(cfg!(windows) && word == "set"));
    for word in &mut words {
        if let Some(value) = word.strip_suffix("&&").filter(|_| cfg!(windows)) {
            *word = value.to_string();
        }
    }
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_environment_matters_to_those_who_read_it() {
        assert!(reads_environment("use std::env::{self, var};"));
        assert!(reads_environment("std::env::vars().count()"));
        assert!(!reads_environment("let n = std::env::args().count();"));
        assert!(!reads_environment("let var = 1; // nothing of the kind"));
    }

    #[cfg(not(windows))]
    #[test]
    fn reads_a_call() {
        let call = r#"CARGO=/c CARGO_PKG_NAME=x EMPTY='' TWO='it'\''s = "two"' /bin/rustc --crate-name x a.rs -C panic=abort --check-cfg 'cfg(a)' --cfg 'feature="f"' --cfg found --cfg 'key="v"' -l z -Coverflow-checks=off"#;
        let called = read(call);
        let own = |name: &str, value: &str| (name.to_string(), value.to_string());
        assert_eq!(
            called.variables,
            [
                own("CARGO_PKG_NAME", "x"),
                own("EMPTY", ""),
                own("TWO", "it's = \"two\"")
            ]
        );
        assert_eq!(called.cfgs, ["found", "key=\"v\""]);
        assert_eq!(called.libraries, ["z"]);
        assert!(called.aborts);
        assert_eq!(called.overflow_checks, Some(false));
        assert_eq!(called.debug_assertions, None);
    }
}
