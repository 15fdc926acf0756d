//! One call of Cargo. What it has built is told as soon as it is there, and
//! neither a compiler that never ends nor one that never stops talking holds up
//! whoever waits for it.

use crate::guard::{self, Guarded};
use std::env;
use std::io::{self, BufRead, BufReader};
use std::path::{MAIN_SEPARATOR, Path, PathBuf};
use std::process::{Command, Stdio};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// How much of what Cargo says is kept.
const KEPT: usize = 1 << 20;

/// What Cargo says while it waits for another Cargo.
const BLOCKING: &str = "Blocking waiting for file lock";

/// What has come of a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Said {
    /// Whether all of it worked.
    pub success: bool,
    /// Whether it was ended because nothing more came of it.
    pub late: bool,
    /// What Cargo and the compiler said.
    pub stderr: String,
}

impl Said {
    /// Whether the compiler refused something; if not, an error is Cargo's own.
    pub fn is_the_compilers(&self) -> bool {
        self.stderr.contains("could not compile")
    }
}

/// The variables by which whoever calls asks something of his own code.
pub const FLAGS: [&str; 4] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "RUSTC_WORKSPACE_WRAPPER",
];

/// Cargo, offline, to do something in a folder.
pub fn command(what: &str, folder: &Path, target: &Path) -> Command {
    let mut command = guard::command(env::var_os("CARGO").unwrap_or("cargo".into()));
    command
        .current_dir(folder)
        .args([what, "--offline", "--keep-going"])
        .arg("--message-format=json-render-diagnostics")
        .arg("--target-dir")
        .arg(target)
        .env("CARGO_TERM_COLOR", "never")
        .env("CARGO_TERM_PROGRESS_WHEN", "never")
        .env_remove("CARGO_BUILD_TARGET");
    // What is asked of the caller's own code, such as no warnings, isn't
    // asked of the code that it explores.
    for name in FLAGS {
        command.env_remove(name);
    }
    if !cfg!(debug_assertions) {
        command.arg("--release");
    }
    command
}

/// Runs a command that gives Cargo's messages in JSON. Tells `built` of each binary, with its name,
/// as soon as it is there. Ends the command once nothing has come for as long as `patience`.
///
/// Refuses a command that can't be started.
pub fn call(
    command: &mut Command,
    patience: Duration,
    built: &mut dyn FnMut(&str, PathBuf),
) -> io::Result<Said> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let mut cargo = Guarded::spawn(command)?;
    let (sender, messages) = mpsc::channel();
    let stdout = cargo.child.stdout.take();
    thread::spawn(move || {
        for line in stdout
            .into_iter()
            .flat_map(|pipe| BufReader::new(pipe).lines())
        {
            let Ok(line) = line else { break };
            if sender.send(line).is_err() {
                break;
            }
        }
    });
    let stderr = cargo.child.stderr.take();
    let blocked = Arc::new(AtomicBool::new(false));
    let blocks = Arc::clone(&blocked);
    let said = thread::spawn(move || {
        let mut text = String::new();
        let lines = stderr.into_iter().map(BufReader::new);
        for line in lines.flat_map(|pipe| pipe.split(b'\n')) {
            // A pipe that breaks has ended.
            let Ok(line) = line else { break };
            let line = String::from_utf8_lossy(&line);
            blocks.store(line.contains(BLOCKING), Ordering::Relaxed);
            // What comes beyond the bound is read and let go.
            if text.len() < KEPT {
                text.push_str(&line);
                text.push('\n');
            }
        }
        text
    });
    let late = loop {
        match messages.recv_timeout(patience) {
            Ok(message) => {
                if let Some((name, path)) = binary(&message) {
                    built(&name, path);
                }
            }
            Err(RecvTimeoutError::Disconnected) => break false,
            // Another Cargo builds in the same folder, and that one is watched by somebody else.
            Err(RecvTimeoutError::Timeout) if blocked.load(Ordering::Relaxed) => {}
            Err(RecvTimeoutError::Timeout) => break true,
        }
    };
    if late {
        cargo.end();
    }
    let success = cargo.child.wait()?.success() && !late;
    let stderr = said.join().unwrap_or_default();
    Ok(Said {
        success,
        late,
        stderr,
    })
}

/// What Cargo said of the crate in a folder, without its progress and without the folder.
pub fn words(said: &str, folder: &Path) -> String {
    let progress = [
        "Checking ",
        "Compiling ",
        "Finished ",
        "Locking ",
        "Updating ",
    ];
    let is_progress = |line: &&str| {
        let line = line.trim_start();
        progress.iter().any(|verb| line.starts_with(verb))
    };
    let folder = format!("{}{}", folder.display(), MAIN_SEPARATOR);
    let lines = said.lines().filter(|line| !is_progress(line));
    let lines = lines.map(|line| line.replace(&folder, "") + "\n");
    lines.collect()
}

/// The binary that one of Cargo's messages in JSON tells of, and its name.
pub fn binary(message: &str) -> Option<(String, PathBuf)> {
    let (_, rest) = message.split_once(r#""executable":""#)?;
    let text = rest.split('"').next().unwrap_or(rest);
    let path = PathBuf::from(text.replace(r"\\", r"\"));
    let name = path.file_stem()?.to_string_lossy().into_owned();
    Some((name, path))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn binaries_are_found_in_messages() {
        let message = r#"{"reason":"compiler-artifact","executable":"/a/b/hello-1","fresh":true}"#;
        assert_eq!(
            binary(message),
            Some(("hello-1".to_string(), PathBuf::from("/a/b/hello-1")))
        );
        assert_eq!(binary(r#"{"executable":null}"#), None);
    }
}
