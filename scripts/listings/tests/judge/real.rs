//! The pools of the kinds that people write, run for real: without the explorer, with the `std` that
//! they were written for. What the judge says of each must be seen.
//!
//! Most of it is seen in any run, whatever the threads do. Where only some runs go wrong, a pause
//! stands where the judge's schedule needs one, and one run of several has to show it.

use explore::{guard, guard::Guarded, wrap};
use listings::cargo;
use std::{
    collections::BTreeMap,
    fs,
    io::{BufRead, BufReader, Read},
    path::{Path, PathBuf},
    process::Stdio,
    sync::{
        Mutex,
        mpsc::{self, Receiver, RecvTimeoutError},
    },
    thread,
    time::Duration,
};

/// What a real run has to show.
#[derive(Clone, Copy, Debug)]
enum Shows {
    /// Jobs meet, none is lost, nobody spins, and dropping the pool returns.
    Right,
    /// Dropping the pool doesn't return.
    Hangs,
    /// Dropping the pool returns, and jobs are not done.
    Loses,
    /// Two jobs don't meet on two workers.
    Serial,
    /// A thread panics with these words.
    Panics(&'static str),
    /// A thread runs all the time although there is nothing to do: the pool is idle, or waits in
    /// `drop` for its job.
    Spins(&'static str),
}

/// A pool, what it must show, and what is changed in its source: a pause put where it is needed.
struct Pool {
    name: &'static str,
    shows: Shows,
    pause: Option<(&'static str, &'static str)>,
    /// How it is named, made and given a job, where that isn't as in the chapter.
    called: [&'static str; 3],
}

const CHAPTERS: [&str; 3] = ["ThreadPool", "ThreadPool::new(size)", "pool.execute(job)"];

const fn pool(name: &'static str, shows: Shows) -> Pool {
    Pool {
        name,
        shows,
        pause: None,
        called: CHAPTERS,
    }
}

/// Not among them: `wild-logs-with-a-crate`, whose crate isn't there without a network;
/// `wild-does-not-compile` and `wild-cargo-refuses-it`, which have a test of their own below.
const POOLS: [Pool; 21] = [
    pool("shape-hash-map", Shows::Right),
    pool("wild-asks-without-a-pause", Shows::Spins("idle")),
    Pool {
        called: ["Threadpool", "Threadpool::new(size)", "pool.spawn(job)"],
        ..pool("wild-binary-of-its-own", Shows::Right)
    },
    pool("wild-continues-and-nobody-waits", Shows::Loses),
    pool("wild-continues-on-a-closed-channel", Shows::Hangs),
    pool("wild-dependencies-that-the-pool-does-not-use", Shows::Right),
    pool("wild-drop-spins-on-an-atomic", Shows::Spins("busy")),
    Pool {
        // The workers leave between the two.
        pause: Some((
            "self.leaving.store(true, Ordering::SeqCst);",
            "self.leaving.store(true, Ordering::SeqCst);\n        \
             thread::sleep(std::time::Duration::from_millis(300));",
        )),
        ..pool(
            "wild-dummy-job-to-a-pool-that-has-left",
            Shows::Panics("SendError"),
        )
    },
    pool("wild-guard-lives-too-long", Shows::Serial),
    pool("wild-joins-before-it-closes", Shows::Hangs),
    Pool {
        // The pool is closed between a look at the flag and the wait.
        pause: Some((
            "jobs = shared.more.wait(jobs).unwrap();",
            "thread::sleep(std::time::Duration::from_millis(300));\n            \
             jobs = shared.more.wait(jobs).unwrap();",
        )),
        ..pool("wild-lost-wake-up", Shows::Hangs)
    },
    pool("wild-page-from-disk", Shows::Right),
    pool("wild-stops-before-drop", Shows::Loses),
    pool("wild-tells-nobody", Shows::Hangs),
    Pool {
        called: [
            "ThreadPool",
            "ThreadPool::try_new(size.try_into().unwrap()).unwrap()",
            "assert!(pool.submit(Box::new(job)))",
        ],
        ..pool("wild-tries-to-make-one", Shows::Right)
    },
    // What it does with `unsafe` is harmless, which the judge can't know.
    pool("wild-trusts-nobody", Shows::Right),
    pool("wild-unwraps-at-the-end", Shows::Panics("RecvError")),
    pool("wild-waits-for-nobody", Shows::Loses),
    pool("single-loop-in-reverse", Shows::Hangs),
    pool("shape-hash-map-of-workers", Shows::Hangs),
    Pool {
        // The workers have asked three times before there is a job.
        pause: Some((
            "self.sender.send(Box::new(f)).unwrap();",
            "thread::sleep(std::time::Duration::from_millis(300));\n        \
             self.sender.send(Box::new(f)).unwrap();",
        )),
        ..pool("spins-and-gives-up", Shows::Loses)
    },
];

/// How often a right pool is run.
const RUNS: usize = 3;

/// In how many runs something that is up to chance must show.
const TRIES: u32 = 20;

/// How long something is waited for that must come, however busy the machine is.
const LONG: Duration = Duration::from_secs(120);

/// How long something is waited for that must not come.
const SHORT: Duration = Duration::from_secs(1);

#[test]
fn what_the_judge_says_of_a_pool_is_seen_in_real_runs() {
    let programs = build();
    let wrong = Mutex::new(Vec::new());
    let pools = Mutex::new(POOLS.iter());
    let next = || pools.lock().expect("nobody panics").next();
    let look = || {
        while let Some(Pool { name, shows, .. }) = next() {
            let shown = match programs.get(*name) {
                Some(program) => seen(program, *shows),
                None => Err("it was not built".to_string()),
            };
            if let Err(why) = shown {
                let why = format!("{name}: {shows:?} is not seen: {why}");
                wrong.lock().expect("nobody panics").push(why);
            }
        }
    };
    // Most of them wait.
    thread::scope(|scope| {
        for _ in 0..4 {
            scope.spawn(look);
        }
    });
    let wrong = wrong.into_inner().expect("nobody panics");
    assert!(wrong.is_empty(), "\n{}", wrong.join("\n"));
}

/// Writes a crate for each pool, and builds them.
fn build() -> BTreeMap<String, PathBuf> {
    let root = wrap::folder("real");
    let driver = include_str!("real/driver.rs");
    for Pool {
        name,
        pause,
        called: [kind, make, give],
        ..
    } in &POOLS
    {
        let mut source = library(name);
        if let Some((old, new)) = pause {
            assert_eq!(
                source.matches(old).count(),
                1,
                "{name} has no place to pause"
            );
            source = source.replace(old, new);
        }
        let krate = name.replace('-', "_");
        let main = format!(
            "use {krate}::{kind};\n\nfn make(size: usize) -> {kind} {{\n    {make}\n}}\n\n\
             fn give(pool: &mut {kind}, job: impl FnOnce() + Send + 'static) {{\n    {give};\n}}\n\n\
             {driver}"
        );
        let manifest =
            format!("[package]\nname = \"{name}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n");
        super::solutions::write(
            &root.join(name),
            &[
                ("Cargo.toml", manifest),
                ("src/lib.rs", source),
                ("src/main.rs", main),
            ],
        );
    }
    let members: Vec<&str> = POOLS.iter().map(|pool| pool.name).collect();
    let workspace = format!("[workspace]\nresolver = \"3\"\nmembers = {members:?}\n");
    super::solutions::write(&root, &[("Cargo.toml", workspace)]);

    let mut command = cargo::command();
    command.current_dir(&root).args([
        "build",
        "--offline",
        "--quiet",
        "--message-format=json-render-diagnostics",
    ]);
    let output = cargo::run(&mut command).expect("Cargo can be run");
    let said = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{said}");
    let messages = String::from_utf8_lossy(&output.stdout);
    messages.lines().filter_map(wrap::binary).collect()
}

/// The file of a solution that its pool is in.
fn library(name: &str) -> String {
    let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("tests/judge/solutions");
    let text = fs::read_to_string(folder.join(format!("{name}.rs"))).expect("it is there");
    let mut parts = text.split("\n// file: ");
    let first = parts.next().unwrap_or_default();
    match first.lines().any(|line| !line.starts_with("//")) {
        true => first.to_string(),
        // Nothing but a program: the first line of a part is its path.
        false => parts
            .filter_map(|part| part.split_once('\n'))
            .find(|(_, text)| text.contains("impl Drop"))
            .map(|(_, text)| text.to_string())
            .expect("it has a pool"),
    }
}

/// Runs a program until it shows what it has to; says what was seen instead.
fn seen(program: &Path, shows: Shows) -> Result<(), String> {
    match shows {
        Shows::Right => {
            for _ in 0..RUNS {
                Running::new(program, "drop", Duration::ZERO).says("dropped, 4 done")?;
                Running::new(program, "meet", LONG).says("met")?;
                Running::new(program, "lose", SHORT / 5).says("dropped, 2 done")?;
            }
            for what in ["idle", "busy"] {
                let running = Running::new(program, what, LONG);
                running.says("waiting")?;
                if running.runs_all_the_time(5_000) == Some(true) {
                    return Err(format!("{what}, a thread runs all the time"));
                }
            }
            Ok(())
        }
        // On a busy machine it may take another moment for the workers to be where they hang.
        Shows::Hangs => in_some_run(|tries| {
            let running = Running::new(program, "drop", SHORT / 10 * tries);
            running.says("dropping")?;
            running.hangs()
        }),
        Shows::Loses => {
            in_some_run(|_| Running::new(program, "lose", SHORT).says("dropped, 0 done"))
        }
        Shows::Serial => in_some_run(|_| Running::new(program, "meet", SHORT).says("apart")),
        Shows::Panics(words) => {
            in_some_run(|_| Running::new(program, "drop", Duration::ZERO).says(words))
        }
        Shows::Spins(what) => in_some_run(|_| {
            let running = Running::new(program, what, LONG);
            running.says("waiting")?;
            match running.runs_all_the_time(50) {
                Some(false) => Err("all its threads wait".to_string()),
                Some(true) | None => Ok(()),
            }
        }),
    }
}

fn in_some_run(mut run: impl FnMut(u32) -> Result<(), String>) -> Result<(), String> {
    let mut last = Ok(());
    for tries in 0..TRIES {
        last = run(tries);
        if last.is_ok() {
            break;
        }
    }
    last
}

/// A run, ended when it is dropped.
struct Running {
    process: Guarded,
    /// What it prints, and what is said of its panics.
    lines: Receiver<String>,
}

impl Running {
    fn new(program: &Path, what: &str, patience: Duration) -> Running {
        let mut command = guard::command(program);
        command.args([what, &patience.as_millis().to_string()]);
        command.stdout(Stdio::piped()).stderr(Stdio::piped());
        let mut process = Guarded::spawn(&mut command).expect("it can be started");
        let (sender, lines) = mpsc::channel();
        let stdout = process
            .child
            .stdout
            .take()
            .map(|pipe| Box::new(pipe) as Box<dyn Read + Send>);
        let stderr = process
            .child
            .stderr
            .take()
            .map(|pipe| Box::new(pipe) as Box<dyn Read + Send>);
        for pipe in [stdout, stderr].into_iter().flatten() {
            let sender = sender.clone();
            thread::spawn(move || {
                for line in BufReader::new(pipe).lines().map_while(Result::ok) {
                    // Nobody listens any more once the run is over.
                    let _ = sender.send(line);
                }
            });
        }
        Running { process, lines }
    }

    /// Reads until a line has these words; gives what was read instead.
    fn says(&self, words: &str) -> Result<(), String> {
        let mut read = Vec::new();
        loop {
            match self.lines.recv_timeout(LONG) {
                Ok(line) if line.contains(words) => return Ok(()),
                Ok(line) => read.push(line),
                Err(RecvTimeoutError::Disconnected) => {
                    return Err(format!("no `{words}`, and it ends after {read:?}"));
                }
                Err(RecvTimeoutError::Timeout) => {
                    return Err(format!("no `{words}`, and nothing more after {read:?}"));
                }
            }
        }
    }

    /// Whether nothing more comes of it for a while, and dropping the pool has not returned.
    fn hangs(&self) -> Result<(), String> {
        loop {
            match self.lines.recv_timeout(SHORT) {
                Err(RecvTimeoutError::Timeout) => return Ok(()),
                Err(RecvTimeoutError::Disconnected) => return Err("it ends".to_string()),
                Ok(line) if line.starts_with("dropped") => return Err(line),
                // A worker says what it does.
                Ok(_) => {}
            }
        }
    }

    /// Whether one of its threads runs whenever one looks, so many times. What waits in earnest is
    /// soon found waiting. Nobody can tell where the system doesn't say.
    fn runs_all_the_time(&self, looks: usize) -> Option<bool> {
        let tasks = format!("/proc/{}/task", self.process.child.id());
        for _ in 0..looks {
            let tasks = fs::read_dir(&tasks).ok()?;
            let runs = |task: fs::DirEntry| {
                let stat = fs::read_to_string(task.path().join("stat")).unwrap_or_default();
                // The name stands in brackets, and then the state.
                stat.rsplit(')')
                    .next()
                    .is_some_and(|rest| rest.starts_with(" R"))
            };
            if !tasks.flatten().any(runs) {
                return Some(false);
            }
            thread::sleep(Duration::from_millis(20));
        }
        Some(true)
    }
}

impl Drop for Running {
    fn drop(&mut self) {
        self.process.end();
    }
}

#[test]
fn what_cargo_or_the_compiler_refuses_is_refused_for_real() {
    for (name, words) in [
        ("wild-does-not-compile", "error[E0373]"),
        ("wild-cargo-refuses-it", "invalid character"),
    ] {
        let all = super::solutions::all();
        let found = all.iter().find(|solution| solution.name == name);
        let folder = &found.expect("it is among the solutions").folder;
        let mut command = cargo::command();
        command
            .current_dir(folder)
            .args(["check", "--offline", "--quiet"]);
        let output = cargo::run(&mut command).expect("Cargo can be run");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(
            !output.status.success() && said.contains(words),
            "{name}: {said}"
        );
    }
}
