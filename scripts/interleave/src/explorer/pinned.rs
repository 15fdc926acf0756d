//! Keeps an exploration on one processor.
//!
//! Only one thread of an explored program goes on at a time, and each step may hand over to another.
//! Where there is an idle processor, the system wakes that thread there, and to wake a processor
//! takes longer than the step itself. On one processor a hand-over is a change of threads and
//! nothing else.
//!
//! `std` can't ask the system for it. On Linux `taskset` does, a tool of util-linux; where it is
//! missing, the exploration goes on wherever the system lets it.

use std::ffi::OsStr;
use std::fs;
use std::process::{self, Command, Stdio};
use std::sync::OnceLock;

/// A command that runs `program` on one processor, where that can be asked for. Commands with
/// another `number` have another processor, as long as there are as many.
pub fn command(program: impl AsRef<OsStr>, number: usize) -> Command {
    let processors = processors();
    if processors.len() < 2 {
        return Command::new(program);
    }
    // Of those who explore on one machine not everybody is to begin with the same one.
    let first = process::id() as usize;
    let processor = processors[(first + number) % processors.len()];
    let mut command = taskset(processor);
    command.arg(program);
    command
}

/// The processors of which one can be asked for; none where that can't be done.
fn processors() -> &'static [usize] {
    static PROCESSORS: OnceLock<Vec<usize>> = OnceLock::new();
    PROCESSORS.get_or_init(|| {
        // There is such a file on Linux only.
        let status = fs::read_to_string("/proc/self/status").unwrap_or_default();
        let allowed = status
            .lines()
            .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
        let processors = allowed.and_then(numbers).unwrap_or_default();
        match processors.first() {
            Some(&first) if can_be_asked_for(first) => processors,
            _ => Vec::new(),
        }
    })
}

fn taskset(processor: usize) -> Command {
    let mut command = Command::new("taskset");
    command.args(["-c", &processor.to_string()]);
    command
}

/// Whether `taskset` is there and may do what it is for.
fn can_be_asked_for(processor: usize) -> bool {
    let tried = taskset(processor)
        .arg("true")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    tried.is_ok_and(|status| status.success())
}

/// The numbers in a list as the kernel writes it: `0-3,8`.
fn numbers(list: &str) -> Option<Vec<usize>> {
    let mut all = Vec::new();
    for range in list.trim().split(',') {
        let (first, last) = range.split_once('-').unwrap_or((range, range));
        all.extend(first.parse::<usize>().ok()?..=last.parse().ok()?);
    }
    Some(all)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_the_kernels_lists() {
        assert_eq!(numbers("\t0-2,5\n"), Some(vec![0, 1, 2, 5]));
        assert_eq!(numbers("7"), Some(vec![7]));
        assert_eq!(numbers(""), None);
    }

    #[test]
    fn a_process_gets_one_of_the_processors() {
        if processors().len() < 2 {
            eprintln!("skipped: no processor can be asked for");
            return;
        }
        let allowed = |number| {
            let mut command = command("cat", number);
            let output = command.arg("/proc/self/status").output().expect("it runs");
            let status = String::from_utf8_lossy(&output.stdout).into_owned();
            let list = status
                .lines()
                .find_map(|line| line.strip_prefix("Cpus_allowed_list:"));
            numbers(list.expect("the kernel tells")).expect("a list")
        };
        let (one, other) = (allowed(0), allowed(1));
        assert_eq!((one.len(), other.len()), (1, 1));
        assert_ne!(one, other);
    }
}
