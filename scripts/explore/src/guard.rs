//! Children that end when their parent does, however that ends.
//!
//! Nobody can act on being killed, and `std` ties no process to another. But what a process holds
//! is closed with it, so a child that reads from a pipe of its parent's sees the end of that pipe.
//! An explored program watches it by itself (`--until-eof`). Any other program gets a guard: a process
//! of our own binary that starts it, watches the pipe, and ends it in time.
//!
//! What the guarded program has started in its turn, as Cargo starts compilers, ends with it on
//! Unix, where it is all one process group. On Windows only the program itself is ended; Cargo sees
//! to its compilers there.

use std::env;
use std::ffi::{OsStr, OsString};
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Child, ChildStdin, Command, ExitStatus, Output, Stdio};
use std::sync::OnceLock;
use std::sync::mpsc::{self, RecvTimeoutError};
use std::thread;
use std::time::Duration;

/// The first argument of a program that is called to be a guard.
pub const ARGUMENT: &str = "--guard";

/// How long a guard waits between two looks at its child.
const PAUSE: Duration = Duration::from_millis(5);

/// The program that is the guard, once there is one.
static GUARD: OnceLock<PathBuf> = OnceLock::new();

/// From now on every [`command`] has a guard: this program, called once more. Its main function has
/// to hand over to [`main`] if its first argument is [`ARGUMENT`].
///
/// Where the system doesn't tell the program's own path, there is no guard.
pub fn enable() {
    if let Ok(path) = env::current_exe() {
        let _ = GUARD.set(path);
    }
}

/// A command that runs `program`, with a guard if that is [enabled](enable).
///
/// It is to be started by [`Guarded::spawn`] or [`output`], which leave it no standard input.
pub fn command(program: impl AsRef<OsStr>) -> Command {
    let Some(guard) = GUARD.get() else {
        return Command::new(program);
    };
    let mut command = Command::new(guard);
    command.arg(ARGUMENT).arg(program);
    // Ctrl-C ends us, and what ends us must not end the guard.
    in_its_own_group(&mut command);
    command
}

/// A running [`command`].
pub struct Guarded {
    /// The process: the guard, if there is one.
    pub child: Child,
    lifeline: Option<ChildStdin>,
}

impl Guarded {
    /// Starts a command. Refuses one that can't be started.
    pub fn spawn(command: &mut Command) -> io::Result<Guarded> {
        let guarded = GUARD
            .get()
            .is_some_and(|guard| command.get_program() == guard);
        let mut child = command
            .stdin(if guarded {
                Stdio::piped()
            } else {
                Stdio::null()
            })
            .spawn()?;
        let lifeline = child.stdin.take();
        Ok(Guarded { child, lifeline })
    }

    /// Ends it, if it hasn't ended already, and waits until it has.
    pub fn end(&mut self) {
        if self.lifeline.take().is_none() {
            // This fails only if it has ended.
            let _ = self.child.kill();
        }
        let _ = self.child.wait();
    }
}

/// Runs a command to its end, and gives what it printed. Refuses one that can't be started.
pub fn output(command: &mut Command) -> io::Result<Output> {
    command.stdout(Stdio::piped()).stderr(Stdio::piped());
    let Guarded { child, lifeline } = Guarded::spawn(command)?;
    let output = child.wait_with_output();
    drop(lifeline);
    output
}

/// The guard's main function: runs a program with its arguments and ends as it does, or ends it as
/// soon as the standard input ends.
pub fn main(mut arguments: impl Iterator<Item = OsString>) -> ! {
    let Some(program) = arguments.next() else {
        eprintln!("error: {ARGUMENT} needs a program");
        process::exit(2);
    };
    let mut command = Command::new(&program);
    command.args(arguments).stdin(Stdio::null());
    in_its_own_group(&mut command);
    let mut child = match command.spawn() {
        Ok(child) => child,
        Err(error) => {
            eprintln!(
                "error: cannot run {}: {error}",
                Path::new(&program).display()
            );
            process::exit(127);
        }
    };
    let (sender, end) = mpsc::channel::<()>();
    thread::spawn(move || {
        read_to_the_end();
        drop(sender);
    });
    loop {
        if let Ok(Some(status)) = child.try_wait() {
            process::exit(code(status));
        }
        if let Err(RecvTimeoutError::Disconnected) = end.recv_timeout(PAUSE) {
            end_group(&mut child);
            process::exit(1);
        }
    }
}

fn read_to_the_end() {
    // An end by an error is an end, too.
    let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
}

/// Makes the command's process the first of a process group of its own, where there are such.
fn in_its_own_group(command: &mut Command) {
    #[cfg(unix)]
    std::os::unix::process::CommandExt::process_group(command, 0);
    #[cfg(not(unix))]
    let _ = command;
}

/// Ends a child and, on Unix, its whole process group.
fn end_group(child: &mut Child) {
    if cfg!(unix) {
        // `std` has no call for it, and every shell has (POSIX, `kill`).
        let _ = Command::new("sh")
            .args(["-c", r#"kill -s KILL -- "-$0""#, &child.id().to_string()])
            .stderr(Stdio::null())
            .status();
    }
    // Both fail only if it has ended already.
    let _ = child.kill();
    let _ = child.wait();
}

/// The exit code that tells of a status, as shells give it.
fn code(status: ExitStatus) -> i32 {
    #[cfg(unix)]
    if let Some(signal) = std::os::unix::process::ExitStatusExt::signal(&status) {
        return 128 + signal;
    }
    status.code().unwrap_or(1)
}
