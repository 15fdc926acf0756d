//! A question is asked in a process of its own: the answer may be that it ends, or that it hangs.

use std::{
    env, io,
    process::{Child, Command, ExitStatus, Stdio},
    thread,
    time::{Duration, Instant},
};

/// How long a question may take.
const PATIENCE: Duration = Duration::from_secs(60);

/// What came of a process.
pub struct Answer {
    /// What it printed.
    pub text: String,
    /// How it ended; None if it was ended by us, for its time was up.
    pub status: Option<ExitStatus>,
}

/// Runs this program again with these words. What it answers it prints on its standard error, for
/// our own pool prints its lines on the other; nobody wants to see what a panic prints, but it is
/// in the answer too.
pub fn ask(words: &[&str]) -> io::Result<Answer> {
    let mut child = Command::new(env::current_exe()?)
        .args(words)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .spawn()?;
    let Some(pipe) = child.stderr.take() else {
        return Err(io::Error::other("a child without a standard error"));
    };
    let reader = thread::spawn(move || io::read_to_string(pipe));
    let status = wait(&mut child, PATIENCE)?;
    let text = reader
        .join()
        .unwrap_or_else(|_| Err(io::Error::other("the reader panicked")))?;
    Ok(Answer { text, status })
}

/// Waits for a process; ends it when its time is up.
fn wait(child: &mut Child, bound: Duration) -> io::Result<Option<ExitStatus>> {
    let deadline = Instant::now() + bound;
    loop {
        if let Some(status) = child.try_wait()? {
            return Ok(Some(status));
        }
        if Instant::now() > deadline {
            // It may have ended by itself in this very moment.
            let _ = child.kill();
            child.wait()?;
            return Ok(None);
        }
        thread::sleep(Duration::from_millis(2));
    }
}

/// The value of a line `key: value` of an answer.
pub fn value<'a>(answer: &'a Answer, key: &str) -> Option<&'a str> {
    let line = |line: &'a str| line.strip_prefix(key)?.strip_prefix(": ");
    answer.text.lines().find_map(line)
}
