//! `cargo listings explore`: every schedule of a listing, or of any crate.

use super::{
    arguments::{self, Arguments},
    ending::{Done, Exit, Usage, print},
    solution::options,
};
use explore::{
    side_by_side, table, words,
    wrap::{self, Run, Wrapped},
};
use interleave::explorer::{driver, explain, logs::Answer, report::Report};
use interleave::trace::End;
use listings::{Error, cargo, check};
use std::{
    fs,
    io::{IsTerminal, Read, Write, stderr, stdin},
    net::SocketAddr,
    path::{Path, PathBuf},
    sync::mpsc,
    thread,
    time::Duration,
};

pub const HELP: &str = "\
Runs a listing, or the crate in a folder, once for every schedule of its threads that can be told
apart, and says how they end, with the shortest schedule to the gravest end as a table.

  cargo listings explore 20-26-single-loop      a pool of 2 workers with 1 job, which is dropped
  cargo listings explore 20-25 --workers 4 --jobs 2
  cargo listings explore 20-21 --jobs 2 --keep  a pool that is used and never dropped
  cargo listings explore 20-25 --jobs 2 --panics 1
                                                the first job panics: what becomes of the rest?
  cargo listings explore 20-26 --clients 2      the whole program with two clients
  cargo listings explore 20-26 --clients /sleep,silent,hangup
                                                or with these: one that asks, one that says nothing,
                                                one that hangs up
  cargo listings explore practice/20-25         a crate of your own

  --log FILE      can this log occur? If not, at which line does it stop being possible?
                  (- reads standard input)
  --all-logs N    the first N logs in a fixed order
  --replay TEXT   one schedule only, as a table: 0x8,1x7 is 8 steps of thread 0, then 7 of thread 1
  --graph         all states and the steps between them, as JSON
  --seconds N     give up after so long (60; 20 for a graph), and say so
  --pool PATH     the pool, where the crate has several
  --give METHOD   the method that gives it a job, where it has several
  --allow-unsafe  run a crate that uses `unsafe`, too: it could do anything to this machine
";

pub fn run(arguments: &Arguments) -> Done {
    let named = arguments.words(1..=1, "one listing, or the folder of a crate")?;
    let folder = folder(&named[0])?;
    let workers = arguments.number("--workers", 1..=32)?;
    let jobs = arguments.number("--jobs", 0..=32)?;
    let panics = arguments.number("--panics", 0..=jobs.unwrap_or(1))?;
    let clients = clients(arguments)?;
    let of_a_pool = ["--workers", "--jobs", "--panics", "--keep"];
    if clients.is_some() && of_a_pool.iter().any(|option| arguments.has(option)) {
        return Err(arguments.wrong(
            "--clients is for the whole program; --workers, --jobs, --panics and --keep are for a pool",
        ));
    }
    let log = arguments.value("--log").map(read_log).transpose()?;
    let replay = arguments.value("--replay");
    if let Some(Err(why)) = replay.map(explain::replay_choices) {
        return Err(arguments.wrong(&why));
    }

    let mut built = None;
    let folders = [&folder];
    wrap::build_each(
        &check::workspace(std::slice::from_ref(&folder)),
        &folders,
        &options(arguments),
        &mut |_, wrapped| built = Some(wrapped),
    )
    .map_err(|error| Error::new(format!("cannot run Cargo: {error}")))?;
    let wrapped: Wrapped = match built {
        Some(Ok(wrapped)) => wrapped,
        Some(Err(refusal)) => return Err(Usage::Failed(Error::new(refusal.to_string()))),
        None => return Err(Usage::Failed(Error::new("nothing was built"))),
    };
    let (workers, jobs) = (workers.unwrap_or(2), jobs.unwrap_or(1));
    let run = match clients {
        Some(clients) => wrapped.program(&clients),
        None if arguments.has("--keep") => wrapped.keep(workers, jobs),
        None => wrapped.pool(workers, jobs),
    };
    let patience = if arguments.has("--graph") { 20 } else { 60 };
    let seconds = arguments.number("--seconds", 1..=3600)?.unwrap_or(patience);
    let run = match panics {
        Some(panics) => run.panics(panics),
        None => run,
    }
    .seconds(seconds);

    if let Some(schedule) = replay {
        let shown = text(run.replay(schedule))?;
        return match &shown.end {
            End::Diverged { step, .. } => Err(arguments.wrong(&format!(
                "`{schedule}` is no schedule of this: step {} can't be made by the thread that it \
                 names; is it from other workers and jobs?",
                step + 1
            ))),
            _ => print(&table::fitted(&shown, words::WIDTH)),
        };
    }
    if arguments.has("--graph") {
        return print(&text(run.graph())?);
    }
    if let Some(log) = log {
        let log = as_if_at(&log, &text(run.clone().replay(""))?.stdout());
        return asked(&text(with_progress(run.contains(&[log])))?);
    }
    let run = run.processes(side_by_side::processors());
    let run = match arguments.number("--all-logs", 1..=1_000_000)? {
        Some(number) => run.all_logs(number),
        None => run,
    };
    let report = text(with_progress(run))?;
    print(&words::words(&report))
}

/// The clients of the whole program: `--clients` is how many, or what each one does.
fn clients(arguments: &Arguments) -> Result<Option<String>, Usage> {
    let Some(given) = arguments.value("--clients") else {
        return Ok(None);
    };
    if let Ok(count @ 0..=100) = given.parse::<usize>() {
        return Ok(Some(vec!["/"; count].join(",")));
    }
    if given.split(',').all(|word| driver::client(word).is_ok()) {
        return Ok(Some(given.to_string()));
    }
    Err(arguments.wrong(&format!(
        "--clients takes a number, or paths such as /sleep,/ and the words silent and hangup, and not `{given}`"
    )))
}

/// The folder of a listing, or the folder that these words name.
fn folder(name: &str) -> Result<PathBuf, Usage> {
    let path = Path::new(name);
    if path.join("Cargo.toml").is_file() {
        return Ok(path.to_path_buf());
    }
    let listing = arguments::listing(name)?;
    if !listing.compiles() {
        let (name, gate) = (&listing.name, cargo::GATE);
        return Err(Usage::Failed(Error::new(format!(
            "{name} does not compile, and that is its lesson: \
             `cargo run -p {name} --features {gate}` shows the error"
        ))));
    }
    Ok(listing.folder())
}

/// The log of a server that listened at any address, as if it had listened where the explored one
/// does, whose log is `explored`.
fn as_if_at(log: &str, explored: &str) -> String {
    match (address(log), address(explored)) {
        (Some(real), Some(explored)) => log.replace(real, explored),
        _ => log.to_string(),
    }
}

/// The first address with a port in a log.
fn address(log: &str) -> Option<&str> {
    let apart = |c: char| !(c.is_ascii_alphanumeric() || ".:[]".contains(c));
    let mut words = log.split(apart).map(|word| word.trim_matches(['.', ':']));
    words.find(|word| word.parse::<SocketAddr>().is_ok())
}

fn read_log(file: &str) -> Result<String, Usage> {
    let mut log = String::new();
    let read = if file == "-" {
        stdin().read_to_string(&mut log).map(|_| ())
    } else {
        fs::read_to_string(file).map(|text| log = text)
    };
    read.map_err(|error| Error::new(format!("cannot read the log {file}: {error}")))?;
    Ok(log.replace("\r\n", "\n"))
}

/// Explores; after a second it says on standard error that it is still at it.
fn with_progress(run: Run<'_>) -> Result<Report, wrap::Trouble> {
    let (done, waiting) = mpsc::channel::<()>();
    let progress = thread::spawn(move || {
        let mut seconds = 0;
        let terminal = stderr().is_terminal();
        while let Err(mpsc::RecvTimeoutError::Timeout) =
            waiting.recv_timeout(Duration::from_secs(1))
        {
            seconds += 1;
            if terminal {
                let _ = write!(stderr(), "\rexploring for {seconds} s …");
            } else if seconds == 1 {
                let _ = writeln!(stderr(), "exploring …");
            }
        }
        if terminal && seconds > 0 {
            let _ = write!(stderr(), "\r\x1b[K");
        }
    });
    let report = run.report();
    drop(done);
    let _ = progress.join();
    report
}

fn text<T>(result: Result<T, wrap::Trouble>) -> Result<T, Usage> {
    result.map_err(|trouble| Usage::Failed(Error::new(trouble.to_string())))
}

/// The answer to `--log`.
fn asked(report: &Report) -> Done {
    let Some(answer) = report.answers.first() else {
        return Err(Usage::Failed(Error::new(
            "there is no answer about the log",
        )));
    };
    let text = format!("{}: {}\n{answer}\n", report.program, report.scenario);
    print(&text)?;
    match answer {
        Answer::Possible => Ok(Exit::Holds),
        Answer::Impossible { .. } => Ok(Exit::DoesNotHold),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_log_is_moved_to_the_address_of_the_explored_one() {
        let explored = "Listening on http://127.0.0.1:7878\nShutting down.\n";
        for real in ["127.0.0.1:40613", "[::1]:8080", "127.0.0.1:7878"] {
            let log = explored.replace("127.0.0.1:7878", real);
            assert_eq!(as_if_at(&log, explored), explored);
        }
        let silent = "Worker 0 got a job; executing.\n";
        assert_eq!(as_if_at(silent, explored), silent);
    }
}
