//! Wraps crates that know nothing of the explorer, builds them all with one
//! Cargo call, and runs them.
//!
//! For each crate its folder is copied and two packages are generated, with
//! `interleave` in the place of `std`. One is its library, the other its program, in which
//! `main.rs` has one more function at its end, which calls `main`; it is compiled
//! as a library, too, and a small binary beside it hands it to
//! [`interleave::explorer::driver`]. Where the pool is, one more module at the end of
//! the root file uses it. Nothing is written into the crate's own folder.
//!
//! ```no_run
//! use explore::wrap;
//! use std::path::Path;
//!
//! let folders = [Path::new("listings/listing-20-26")];
//! let built = wrap::build(&wrap::folder("listings"), &folders).unwrap();
//! let listing = built[0].as_ref().unwrap();
//! let report = listing.pool(4, 2).report().unwrap();
//! assert_eq!(report.schedules, 384);
//! ```

mod called;
mod cargo;
pub mod child;
mod escapes;
mod facades;
mod files;
mod manifest;
mod metadata;
mod pools;
mod scenario;
mod tokens;

use crate::guard;
pub use cargo::{binary, words};
pub use child::Limits;
use child::{Ran, Stopped};
use escapes::Counts;
use interleave::explorer::logs::Answer;
use interleave::explorer::report::{self, Report};
use interleave::facts::Fact;
use interleave::json::Json;
use interleave::trace::{Execution, short};
use manifest::{Crate, Host, Part, Reader};
pub use pools::Pool;
use scenario::Parts;
use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fmt::{self, Write as _};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command, ExitStatus};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;

/// Why a crate can't be explored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no crate in the folder, or none with something to run.
    NotACrate {
        /// The folder.
        folder: PathBuf,
        /// What is missing.
        why: String,
    },
    /// It uses other crates, whose use of `std` can't be seen.
    NeedsCrates {
        /// The crate.
        name: String,
        /// The crates that it uses, each with the file and the line where it does.
        others: Vec<(String, String)>,
    },
    /// It doesn't compile with the real `std` either.
    DoesNotCompile {
        /// The crate.
        name: String,
        /// What the compiler says.
        text: String,
    },
    /// It compiles, but it uses an item of `std` that the explorer doesn't cover.
    NotCovered {
        /// The crate.
        name: String,
        /// The item, as far as the compiler names it.
        item: String,
        /// The file in the crate and the line.
        place: String,
        /// What the compiler says.
        text: String,
    },
    /// It does something behind the explorer's back.
    Escapes {
        /// The crate.
        name: String,
        /// What stands in its source.
        item: String,
        /// The file in the crate and the line.
        place: String,
        /// Why that can't be followed.
        why: String,
    },
    /// It uses what wasn't allowed, for it could do anything to this machine.
    Unsafe {
        /// The crate.
        name: String,
        /// What it uses.
        item: String,
        /// The file in the crate and the line.
        place: String,
    },
    /// The compiler doesn't come to an end.
    TakesTooLong {
        /// The crate.
        name: String,
        /// How long it was waited for.
        time: Duration,
    },
    /// It has no such scenario: no `main`, or no pool.
    NoScenario {
        /// The crate.
        name: String,
        /// What is missing.
        why: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Refusal::NotACrate { folder, why } => {
                write!(f, "{} can't be explored: {why}.", folder.display())
            }
            Refusal::NeedsCrates { name, others } => {
                let uses: Vec<String> = others
                    .iter()
                    .map(|(other, place)| format!("`{other}` ({place})"))
                    .collect();
                write!(
                    f,
                    "{name} can't be explored: it uses {}, and only `std` can be replaced.",
                    uses.join(", ")
                )
            }
            Refusal::DoesNotCompile { name, text } => {
                write!(
                    f,
                    "{name} doesn't compile, with or without the explorer:\n{text}"
                )
            }
            Refusal::NotCovered {
                name, item, place, ..
            } => write!(
                f,
                "{name} can't be explored: it uses `{item}` ({place}), which the explorer doesn't cover."
            ),
            Refusal::Escapes {
                name,
                item,
                place,
                why,
            } => write!(
                f,
                "{name} can't be explored: it uses `{item}` ({place}), {why}."
            ),
            Refusal::Unsafe { name, item, place } => write!(
                f,
                "{name} is not run: it uses {item} ({place}), and with that it could do anything \
                 to this machine. With --allow-unsafe it is run all the same."
            ),
            Refusal::TakesTooLong { name, time } => write!(
                f,
                "{name} can't be explored: the compiler has not come to an end in {time:?}."
            ),
            Refusal::NoScenario { name, why } => write!(f, "{name} can't be explored: {why}."),
        }
    }
}

impl Error for Refusal {}

/// A folder named `name` for generated workspaces, under the target directory
/// that the calling test or program was itself built into; or under the
/// system's folder for temporary files, if it wasn't built by Cargo.
pub fn folder(name: &str) -> PathBuf {
    let program = env::current_exe().unwrap_or_default();
    let target = program
        .ancestors()
        .find(|folder| folder.join("CACHEDIR.TAG").is_file())
        .map_or(env::temp_dir(), Path::to_path_buf);
    target.join("interleave").join(name)
}

/// How a crate is built.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct Options {
    /// The pool, as it is named from the crate's root, where there are several.
    pub pool: Option<String>,
    /// The method that gives it a job, where there are several.
    pub give: Option<String>,
    /// Whether the crate may use `unsafe`. With that it can do whatever a program can.
    pub allow_unsafe: bool,
    /// How long nothing may come of the compiler before it is given up.
    pub patience: Duration,
    /// Whether the explorer is optimised in a debug build, too. Compiling it takes some five times
    /// as long then, once, and exploring half as long, so it is for whoever explores a lot.
    pub optimised: bool,
}

impl Default for Options {
    fn default() -> Options {
        Options {
            pool: None,
            give: None,
            allow_unsafe: true,
            patience: Duration::from_secs(120),
            optimised: false,
        }
    }
}

impl Options {
    /// The same for whoever explores a lot: the explorer is optimised.
    pub fn optimised(self) -> Options {
        Options {
            optimised: true,
            patience: Duration::from_secs(300),
            ..self
        }
    }
}

/// Builds every crate in `folders` for exploration, in one generated workspace
/// at `into`, with one Cargo call. The explorer is [optimised](Options::optimised). What holds the same to the byte is not built
/// again, whenever it was saved, and what doesn't is; workspaces beside each other
/// share what they have in common.
///
/// Gives for each folder, in the same order, what was built or why not. Fails
/// only if Cargo can't be run or the workspace can't be written.
pub fn build(
    into: &Path,
    folders: &[impl AsRef<Path> + Sync],
) -> io::Result<Vec<Result<Wrapped, Refusal>>> {
    let mut all: Vec<Option<Result<Wrapped, Refusal>>> = vec![None; folders.len()];
    let options = Options::default().optimised();
    build_each(into, folders, &options, &mut |place, built| {
        all[place] = Some(built);
    })?;
    let built = |each: Option<_>| each.expect("each crate was built");
    Ok(all.into_iter().map(built).collect())
}

/// Builds as [`build`] does, and gives each folder's place in the list with what was built, or why
/// not, as soon as that is known: one that keeps the compiler busy holds up no other.
pub fn build_each(
    into: &Path,
    folders: &[impl AsRef<Path> + Sync],
    options: &Options,
    each: &mut dyn FnMut(usize, Result<Wrapped, Refusal>),
) -> io::Result<()> {
    let mut places: BTreeMap<String, Vec<usize>> = BTreeMap::new();
    let mut crates: Vec<Crate> = Vec::new();
    let folder = std::path::absolute(into)?;
    let mut reader = Reader::new(&folder.join(AS_IT_IS));
    reader.ask_ahead(folders);
    for (place, folder) in folders.iter().enumerate() {
        let script = match options.allow_unsafe {
            true => None,
            false => build_script(folder.as_ref()),
        };
        match script.map_or_else(|| reader.read(folder.as_ref()), Err) {
            Ok(mut found) => {
                found.choose(options.pool.as_deref(), options.give.as_deref());
                places.entry(found.id()).or_default().push(place);
                crates.push(found);
            }
            Err(refusal) => each(place, Err(refusal)),
        }
    }
    crates.sort_by_key(Crate::id);
    crates.dedup();
    let workspace = Workspace {
        target: folder.parent().unwrap_or(&folder).join("cargo-target"),
        folder,
        crates,
        options: options.clone(),
    };
    workspace.build(&mut |found, built| {
        for &place in places.get(&found.id()).into_iter().flatten() {
            each(place, built.clone());
        }
    })
}

/// The refusal of a crate with a build script, which Cargo runs as it is.
fn build_script(folder: &Path) -> Option<Refusal> {
    let manifest = fs::read_to_string(folder.join("Cargo.toml")).unwrap_or_default();
    let key = |line: &str| line.split('=').next().map(str::trim) == Some("build");
    let named = manifest.lines().position(key);
    let place = match named {
        Some(line) => format!("Cargo.toml:{}", line + 1),
        None if folder.join("build.rs").is_file() => "build.rs".to_string(),
        None => return None,
    };
    let name = folder.file_name().unwrap_or_default();
    Some(Refusal::Unsafe {
        name: name.to_string_lossy().into_owned(),
        item: "a build script".to_string(),
        place,
    })
}

/// A short text that stands for what the files of the crate in `folder` hold:
/// another one if a byte of them differs, the same one whenever they were saved.
///
/// Hidden files and the crate's own `target` don't count. Refuses a folder that
/// can't be read, or that holds thousands of files.
pub fn content(folder: &Path) -> io::Result<String> {
    files::content(folder)
}

/// A crate ready to be explored.
#[derive(Clone, Debug)]
pub struct Wrapped {
    name: String,
    binary: PathBuf,
    folder: PathBuf,
    main: bool,
    pool: Result<Pool, String>,
    offers_pool: bool,
    left_out: Option<Refusal>,
    /// What a report has to say that the explorer can't see.
    unseen: Option<String>,
}

impl Wrapped {
    fn new(
        found: &Crate,
        workspace: &Workspace,
        binary: &Path,
        parts: Parts,
        left_out: Option<Refusal>,
    ) -> Wrapped {
        let pool = match (&found.pools, found.pool()) {
            (_, Some((_, pool))) if parts.pool => Ok(pool.clone()),
            (_, Some((_, pool))) => Err(format!("{pool} can't be called as a pool is")),
            (Some((_, pools)), None) => {
                let pools: Vec<String> = pools.iter().map(Pool::to_string).collect();
                Err(format!(
                    "it has several pools: {}; say which one with --pool",
                    pools.join("; ")
                ))
            }
            (None, None) => Err(no_pool(&workspace.options)),
        };
        Wrapped {
            name: found.name.clone(),
            binary: binary.to_path_buf(),
            folder: workspace.folder.join(found.id()).join("copy"),
            main: found.main.is_some() && parts.main,
            pool,
            offers_pool: found.pools.is_some(),
            left_out,
            unseen: None,
        }
    }

    /// The package's name.
    pub fn name(&self) -> &str {
        &self.name
    }

    /// What its pool is taken to be, or why there is none.
    pub fn pool_found(&self) -> Result<&Pool, &str> {
        self.pool.as_ref().map_err(String::as_str)
    }

    /// Whether something in it looks like a pool, even if it can't be used as one or isn't the
    /// only one.
    pub fn offers_pool(&self) -> bool {
        self.offers_pool
    }

    /// Why only a part of the crate could be built, if so: its pool without its program, or its
    /// program without its pool.
    pub fn left_out(&self) -> Option<&Refusal> {
        self.left_out.as_ref()
    }

    /// The driver: a program that can also be run by hand; it explains its
    /// arguments when called without.
    pub fn binary(&self) -> &Path {
        &self.binary
    }

    /// The pool alone: `new(workers)`, `jobs` times `execute`, then drop.
    pub fn pool(&self, workers: usize, jobs: usize) -> Run<'_> {
        let arguments = ["pool".to_string(), workers.to_string(), jobs.to_string()];
        Run::new(self, arguments.to_vec())
    }

    /// A pool that is used and kept: `new(workers)`, `jobs` times `execute`, and then `main` waits
    /// for a client that never comes, as a server does that has nothing to do.
    pub fn keep(&self, workers: usize, jobs: usize) -> Run<'_> {
        let arguments = ["keep".to_string(), workers.to_string(), jobs.to_string()];
        Run::new(self, arguments.to_vec())
    }

    /// The whole program, with these clients, as [`interleave::explorer::driver`] reads them:
    /// `/,/sleep,silent,hangup`; none if empty.
    pub fn program(&self, clients: &str) -> Run<'_> {
        let mut arguments = vec!["program".to_string()];
        if !clients.is_empty() {
            arguments.extend(["--clients".to_string(), clients.to_string()]);
        }
        Run::new(self, arguments)
    }
}

/// What is said where there is no pool, or not the one that is asked for.
fn no_pool(options: &Options) -> String {
    let kind = match &options.pool {
        Some(name) => format!("no pool `{name}`"),
        None => "no pool".to_string(),
    };
    let method = match &options.give {
        Some(name) => format!("a method `{name}` that takes a closure"),
        None => "a method that takes a closure, such as `execute`".to_string(),
    };
    format!(
        "it has {kind}: no type with a function that takes a number of workers, such as \
         `new(usize)`, and {method}"
    )
}

/// An exploration, to be run in a process of its own.
#[derive(Clone, Debug)]
pub struct Run<'a> {
    wrapped: &'a Wrapped,
    arguments: Vec<String>,
    logs: Vec<String>,
    limits: Limits,
}

impl<'a> Run<'a> {
    fn new(wrapped: &'a Wrapped, arguments: Vec<String>) -> Run<'a> {
        Run {
            wrapped,
            arguments,
            logs: Vec::new(),
            limits: Limits::default(),
        }
    }

    /// Passes one more argument to the driver, with its value.
    fn with(mut self, name: &str, value: impl ToString) -> Run<'a> {
        self.arguments.extend([name.to_string(), value.to_string()]);
        self
    }

    /// Lets the first `n` jobs of a pool panic.
    pub fn panics(self, n: usize) -> Run<'a> {
        self.with("--panics", n)
    }

    /// Asks whether each of these logs is possible; see [`Report::answers`].
    pub fn contains(mut self, logs: &[impl AsRef<str>]) -> Run<'a> {
        self.logs
            .extend(logs.iter().map(|log| log.as_ref().to_string()));
        self
    }

    /// Asks for the first `n` logs in the fixed order; see [`Report::all_logs`].
    pub fn all_logs(self, n: usize) -> Run<'a> {
        self.with("--all-logs", n)
    }

    /// Bounds the number of schedules.
    pub fn schedules(self, n: usize) -> Run<'a> {
        self.with("--schedules", n)
    }

    /// Bounds the number of steps of one schedule.
    pub fn steps(self, n: usize) -> Run<'a> {
        self.with("--steps", n)
    }

    /// Bounds the seconds; the report then says that it is not finished. The
    /// process itself is stopped some seconds later, whatever it does.
    pub fn seconds(mut self, n: u64) -> Run<'a> {
        self.limits.time = Duration::from_secs(n + 5);
        self.with("--seconds", n)
    }

    /// Lets so many processes share the work. What is reported is the same whatever the number,
    /// unless a bound ends it.
    pub fn processes(self, n: usize) -> Run<'a> {
        self.with("--processes", n)
    }

    /// Bounds what the process may use up.
    pub fn limits(mut self, limits: Limits) -> Run<'a> {
        self.limits = limits;
        self
    }

    /// Explores, and reports. The shortest schedule to the gravest end is among
    /// what it reports: see [`Report::shown`].
    pub fn report(mut self) -> Result<Report, Trouble> {
        self.arguments.push("--show".to_string());
        let unseen = self.wrapped.unseen.clone();
        let mut report: Report = read(&self.run()?)?;
        if let Some(note) = unseen {
            report.notes.push(note);
            report.logs.exact = false;
        }
        Ok(report)
    }

    /// Runs one schedule, given as [`interleave::explorer::explain::replay_text`] writes it.
    pub fn replay(self, schedule: &str) -> Result<Execution, Trouble> {
        read(&self.with("--replay", schedule).run()?)
    }

    /// The graph of all states, as JSON; see [`interleave::explorer::graph`]. After
    /// [`contains`](Run::contains) with one log, only of those on the way to it.
    pub fn graph(mut self) -> Result<String, Trouble> {
        self.arguments.push("--graph".to_string());
        self.run()
    }

    fn run(mut self) -> Result<String, Trouble> {
        let name = &self.wrapped.name;
        let missing = match (self.arguments[0].as_str(), &self.wrapped.left_out) {
            ("pool" | "keep", _) => self.wrapped.pool_found().err(),
            ("program", Some(refusal)) if !self.wrapped.main => {
                return Err(Trouble::Refused(refusal.clone()));
            }
            ("program", None) if !self.wrapped.main => Some("it has no program that is built"),
            _ => None,
        };
        if let Some(why) = missing {
            return Err(Trouble::Refused(Refusal::NoScenario {
                name: name.clone(),
                why: why.to_string(),
            }));
        }
        let io = |error: io::Error| Trouble::System(error.to_string());
        let questions = Questions::write(&self.logs).map_err(io)?;
        if let Some(Questions(path)) = &questions {
            self.arguments.push("--contains".to_string());
            self.arguments.push(path.display().to_string());
        }
        let mut command = Command::new(&self.wrapped.binary);
        command.args(&self.arguments).arg("--until-eof");
        // There is what the program reads, such as `hello.html`.
        command.current_dir(&self.wrapped.folder);
        let Ran {
            ended,
            stdout,
            stderr,
        } = child::run(&mut command, self.limits).map_err(io)?;
        match ended {
            Stopped::Itself(status) if status.success() => Ok(stdout),
            Stopped::Itself(status) if is_crash(status) => Err(Trouble::Crashed {
                status: status.to_string(),
                stderr,
            }),
            Stopped::Itself(status) if status.code() == Some(2) => Err(Trouble::Refuses {
                sentence: stderr.trim_end().to_string(),
            }),
            Stopped::Itself(status) => Err(Trouble::Failed {
                status: status.to_string(),
                stderr,
            }),
            Stopped::Time => Err(Trouble::Time(self.limits.time)),
            Stopped::Output => Err(Trouble::Output(self.limits.output)),
            Stopped::Memory => Err(Trouble::Memory(self.limits.memory)),
        }
    }
}

/// Whether a driver has ended so by no will of its own: it says 0 to 2.
fn is_crash(status: ExitStatus) -> bool {
    !matches!(status.code(), Some(0..=2))
}

/// Reads the facts that a child has written.
fn read<T: Fact>(text: &str) -> Result<T, Trouble> {
    let json = Json::parse(text).map_err(|why| Trouble::Unreadable { why })?;
    T::from_json(&json).ok_or_else(|| Trouble::Unreadable {
        why: "something else than what was asked for".to_string(),
    })
}

/// A file with the logs that are asked for, removed in the end.
struct Questions(PathBuf);

impl Questions {
    fn write(logs: &[String]) -> io::Result<Option<Questions>> {
        static COUNT: AtomicUsize = AtomicUsize::new(0);
        if logs.is_empty() {
            return Ok(None);
        }
        let number = COUNT.fetch_add(1, Ordering::Relaxed);
        let name = format!("interleave-{}-{number}.logs", process::id());
        let path = env::temp_dir().join(name);
        fs::write(&path, report::join_logs(logs))?;
        Ok(Some(Questions(path)))
    }
}

impl Drop for Questions {
    fn drop(&mut self) {
        // A file that can't be removed does no harm.
        let _ = fs::remove_file(&self.0);
    }
}

/// Why there is no report.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The crate has no such scenario.
    Refused(Refusal),
    /// The time was up: the program works without end between two steps, or
    /// there are too many schedules.
    Time(Duration),
    /// It printed more than so many bytes.
    Output(usize),
    /// It held more than so many bytes.
    Memory(u64),
    /// The program crashed, and took the process that explores it along.
    Crashed {
        /// The process's exit status.
        status: String,
        /// What was said about it.
        stderr: String,
    },
    /// The driver can't do what it was asked.
    Refuses {
        /// Why.
        sentence: String,
    },
    /// The driver failed.
    Failed {
        /// Its exit status.
        status: String,
        /// What it said.
        stderr: String,
    },
    /// What the driver reports can't be read.
    Unreadable {
        /// Why not.
        why: String,
    },
    /// The process could not be run.
    System(String),
}

impl fmt::Display for Trouble {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Trouble::Refused(refusal) => write!(f, "{refusal}"),
            Trouble::Time(time) => write!(
                f,
                "stopped after {time:?}: the program works without end between two steps, \
                 or it has too many schedules"
            ),
            Trouble::Output(bytes) => {
                let mebibytes = bytes >> 20;
                write!(f, "stopped: it prints more and more, past {mebibytes} MiB")
            }
            Trouble::Memory(bytes) => {
                let mebibytes = bytes >> 20;
                write!(
                    f,
                    "stopped: it takes more and more memory, past {mebibytes} MiB"
                )
            }
            Trouble::Crashed { status, stderr } => {
                let why = match stderr.contains("overflowed its stack") {
                    true => {
                        "a thread overflows its stack, as it would without the explorer; \
                             `thread::Builder::stack_size` gives it more"
                    }
                    false => {
                        "the explorer has no `unsafe` code, so this is the program's own doing"
                    }
                };
                write!(f, "the program crashes ({status}): {why}")?;
                match stderr.trim() {
                    "" => Ok(()),
                    said => write!(f, "\n{said}"),
                }
            }
            Trouble::Refuses { sentence } => f.write_str(sentence),
            Trouble::Failed { status, stderr } => {
                write!(f, "the explorer failed ({status}):\n{stderr}")
            }
            Trouble::Unreadable { why } => write!(f, "the report can't be read: {why}"),
            Trouble::System(error) => write!(f, "the explorer could not be run: {error}"),
        }
    }
}

impl Error for Trouble {}

/// One log's answer, or the trouble: what most tests ask for.
///
/// Checks that all of `logs` are possible in `run`; gives the report, or a text
/// that names the first log that is impossible, and why.
pub fn all_possible(run: Run, logs: &[impl AsRef<str>]) -> Result<Report, String> {
    let report = run
        .contains(logs)
        .report()
        .map_err(|trouble| trouble.to_string())?;
    for (log, answer) in logs.iter().zip(&report.answers) {
        if *answer != Answer::Possible {
            return Err(format!("{answer}\nthe whole log:\n{}", log.as_ref()));
        }
    }
    Ok(report)
}

/// The generated workspace.
struct Workspace {
    folder: PathBuf,
    /// Where Cargo puts what it builds.
    target: PathBuf,
    crates: Vec<Crate>,
    options: Options,
}

/// Who is told what has come of a crate.
type Told<'a> = dyn FnMut(&Crate, Result<Wrapped, Refusal>) + 'a;

/// The folder in a generated workspace for what is compiled of crates as they are.
const AS_IT_IS: &str = "as-it-is";

impl Workspace {
    /// Builds everything, and tells of each crate as soon as it can.
    fn build(&self, each: &mut Told) -> io::Result<()> {
        if self.crates.is_empty() {
            return Ok(());
        }
        let everything = Parts {
            main: true,
            pool: true,
        };
        self.write(everything)?;
        let packages = self.crates.iter().map(|found| (self.package(found), found));
        let mut missing: BTreeMap<String, &Crate> = packages.collect();
        let said = self.cargo(None, &mut |name, binary| {
            if let Some(found) = missing.remove(name) {
                each(
                    found,
                    Ok(Wrapped::new(found, self, &binary, everything, None)),
                );
            }
        })?;
        let all = missing.len() == self.crates.len();
        if all && self.crates.len() > 1 && !said.late && !said.is_the_compilers() {
            // Cargo refuses them all because of one.
            for found in &self.crates {
                self.alone("single", found).build(each)?;
            }
            return Ok(());
        }
        for found in missing.into_values() {
            let built = match &found.needs.counts {
                Some(counts) => self.uncounted(found, counts)?,
                None => self.part(found)?,
            };
            each(found, built);
        }
        Ok(())
    }

    /// Builds a crate with the real `Arc`, for it can't be built with the explorer's own. Refuses
    /// it if it asks an `Arc` for its number.
    fn uncounted(&self, found: &Crate, counts: &Counts) -> io::Result<Result<Wrapped, Refusal>> {
        let mut alone = self.alone("real-arc", found);
        for found in &mut alone.crates {
            found.needs.counts = None;
        }
        let mut built = None;
        alone.build(&mut |_, result| built = Some(result))?;
        let built = built.expect("the only crate was built");
        Ok(built.and_then(|wrapped| match counts.asks {
            true => Err(Refusal::Escapes {
                name: found.name.clone(),
                item: counts.item.clone(),
                place: counts.place.clone(),
                why: escapes::UNCOUNTED.to_string(),
            }),
            false => Ok(Wrapped {
                unseen: Some(format!("{} ({})", escapes::UNSEEN_DROP, counts.place)),
                ..wrapped
            }),
        }))
    }

    /// Builds what can be built of a crate that can't be built whole: its pool, or its program.
    fn part(&self, found: &Crate) -> io::Result<Result<Wrapped, Refusal>> {
        let mut built = None;
        let said = self.cargo(Some(&self.package(found)), &mut |_, binary| {
            built = Some(binary);
        })?;
        let everything = Parts {
            main: true,
            pool: true,
        };
        if let Some(binary) = built {
            // Alone it had the time that it needs.
            return Ok(Ok(Wrapped::new(found, self, &binary, everything, None)));
        }
        let refusal = self.refusal(found, said)?;
        let pool = Parts {
            main: false,
            pool: true,
        };
        let main = Parts {
            main: true,
            pool: false,
        };
        let whole = matches!(
            refusal,
            Refusal::DoesNotCompile { .. } | Refusal::TakesTooLong { .. }
        );
        if found.pool().is_none() || whole {
            return Ok(Err(refusal));
        }
        for (name, parts) in [("pool-alone", pool), ("no-pool", main)] {
            let alone = self.alone(name, found);
            alone.write(parts)?;
            let mut built = None;
            alone.cargo(None, &mut |_, binary| built = Some(binary))?;
            if let Some(binary) = built {
                return Ok(Ok(Wrapped::new(
                    found,
                    &alone,
                    &binary,
                    parts,
                    Some(refusal),
                )));
            }
        }
        Ok(Err(refusal))
    }

    /// The name of a crate's package here.
    ///
    /// No other workspace has it. Cargo tells packages apart by name and by their path inside the
    /// workspace, and would take one that is built in the same target directory for another.
    fn package(&self, found: &Crate) -> String {
        format!("{}-{}", found.id(), manifest::number(&self.folder))
    }

    /// A workspace for one crate, inside this one.
    fn alone(&self, why: &str, found: &Crate) -> Workspace {
        Workspace {
            folder: self.folder.join(why).join(found.id()),
            target: self.target.clone(),
            crates: vec![found.clone()],
            options: self.options.clone(),
        }
    }

    /// Why a crate doesn't compile, given what was said of it.
    fn refusal(&self, found: &Crate, explored: cargo::Said) -> io::Result<Refusal> {
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

    /// Writes the packages, in which this crate takes the place of `std`.
    fn write(&self, parts: Parts) -> io::Result<()> {
        let mut members = String::new();
        let mut profiles = PROFILES.to_string();
        if self.options.optimised {
            profiles += OPTIMISED;
        }
        for found in &self.crates {
            members += &self.write_crate(found, parts)?;
            for (part, package) in [(&found.lib, "library"), (&found.main, "program")] {
                if let Some(part) = part {
                    profiles += &checks(&format!("{}-{package}", self.package(found)), part);
                }
            }
        }
        let text = format!("[workspace]\nresolver = \"2\"\nmembers = [\n{members}]\n\n{profiles}");
        files::write(&self.folder.join("Cargo.toml"), text.as_bytes())
    }

    /// Writes a crate's packages; gives their lines in the list of members.
    fn write_crate(&self, found: &Crate, parts: Parts) -> io::Result<String> {
        let id = found.id();
        let package = self.package(found);
        let folder = self.folder.join(&id);
        let host = parts.host(found);
        let inside = |part: &Part| {
            let root = &part.target.root;
            root.strip_prefix(&found.folder)
                .unwrap_or(root)
                .to_path_buf()
        };
        let lib = found.lib.as_ref();
        let main = found.main.as_ref().filter(|_| parts.compiles_main(found));
        let (lib_root, main_root) = (lib.map(inside), main.map(inside));

        files::copy(&found.folder, &folder.join("copy"), &|file, mut content| {
            let is_main = main_root.as_deref() == Some(file);
            let is_lib = lib_root.as_deref() == Some(file);
            if is_main {
                content.extend_from_slice(scenario::entry(&content).as_bytes());
            }
            if is_main && host == Some(Host::Program) || is_lib && host == Some(Host::Library) {
                content.extend_from_slice(scenario::pool_module(file).as_bytes());
            }
            content
        })?;
        if host.is_some() {
            let text = scenario::pool(found);
            files::write(&folder.join(scenario::POOL_FILE), text.as_bytes())?;
        }

        let here = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("interleave");
        let here = text_in_toml(&here.to_string_lossy());
        let explorer =
            |name: &str| format!("{name} = {{ package = \"interleave\", path = {here} }}\n");
        let mut members = String::new();
        let mut facade = |name: &str, own: &str, source: &str| -> io::Result<String> {
            let package = format!("{package}-{name}");
            let text = format!(
                "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [lib]\npath = \"lib.rs\"\ntest = false\ndoctest = false\n\n\
                 [dependencies]\n{}",
                explorer(own)
            );
            files::write(&folder.join(name).join("Cargo.toml"), text.as_bytes())?;
            files::write(&folder.join(name).join("lib.rs"), source.as_bytes())?;
            let _ = writeln!(members, "  \"{id}/{name}\",");
            Ok(format!(
                "{name} = {{ package = \"{package}\", path = \"../{name}\" }}\n"
            ))
        };
        let mut std = "[dependencies]\n".to_string();
        std += &match found.needs.counts {
            Some(_) => facade("std", "interleave", facades::COUNTING_STD)?,
            None => explorer("std"),
        };
        if found.needs.core {
            std += &facade("core", "std", facades::CORE)?;
        }
        let lints = match self.options.allow_unsafe {
            true => "",
            false => "\n[lints.rust]\nunsafe_code = \"forbid\"\n",
        };
        let (mut all, mut for_main) = (std.clone(), std.clone());
        for (part, root, name) in [(lib, lib_root, "library"), (main, main_root, "program")] {
            let (Some(part), Some(root)) = (part, root) else {
                continue;
            };
            let own = folder.join(name);
            let package = format!("{package}-{name}");
            let script = script(&part.called, &folder.join("copy"));
            let text = self.head(found, &package, part, script.is_some())
                + &format!(
                    "[lib]\nname = {:?}\npath = {}\ntest = false\ndoctest = false\n\n",
                    part.target.crate_name(),
                    text_in_toml(&Path::new("../copy").join(&root).to_string_lossy())
                )
                + if name == "library" { &std } else { &for_main }
                + lints;
            files::write(&own.join("Cargo.toml"), text.as_bytes())?;
            if let Some(script) = script {
                files::write(&own.join("build.rs"), script.as_bytes())?;
            }
            let _ = writeln!(members, "  \"{id}/{name}\",");
            let _ = writeln!(
                all,
                "the_{name} = {{ package = {package:?}, path = \"../{name}\" }}"
            );
            let _ = writeln!(for_main, "{package} = {{ path = \"../{name}\" }}");
        }
        let text = format!(
            "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
             autobins = false\n\n[[bin]]\nname = \"{package}\"\npath = \"scenario.rs\"\n\
             test = false\n\n{all}"
        );
        files::write(&folder.join("scenario/Cargo.toml"), text.as_bytes())?;
        let source = scenario::program(found, parts);
        files::write(&folder.join("scenario/scenario.rs"), source.as_bytes())?;
        let _ = writeln!(members, "  \"{id}/scenario\",");
        Ok(members)
    }

    /// The beginning of a package's `Cargo.toml`.
    fn head(&self, found: &Crate, name: &str, part: &Part, script: bool) -> String {
        // Cargo builds anew what was saved since the last time. A crate that was unpacked, or
        // put in the place of another, may hold something else and be older. The compiler is
        // told the names of all features, so with another name Cargo calls it again.
        let content = (format!("content-{}", found.content), Vec::new());
        let features = found
            .features
            .iter()
            .chain([&content])
            .map(|(feature, on)| {
                // Another crate's features can't be turned on, for it is left out.
                let known = |one: &&String| found.features.iter().any(|(own, _)| own == *one);
                let on: Vec<&String> = on.iter().filter(known).collect();
                format!("{} = {on:?}\n", text_in_toml(feature))
            });
        format!(
            "[package]\nname = \"{name}\"\nversion = \"{}\"\nedition = \"{}\"\n\
             autobins = false\nautoexamples = false\nautotests = false\n\
             autobenches = false\nbuild = {}\n\n[features]\n{}\n",
            found.version,
            part.target.edition,
            if script { "\"build.rs\"" } else { "false" },
            features.collect::<String>()
        )
    }

    /// Builds everything or one package, and tells of each binary.
    fn cargo(
        &self,
        package: Option<&str>,
        built: &mut dyn FnMut(&str, PathBuf),
    ) -> io::Result<cargo::Said> {
        let mut command = command("build", &self.folder, &self.target);
        match package {
            Some(package) => command.args(["-p", package]),
            None => command.arg("--workspace"),
        };
        command.arg("--bins");
        cargo::call(&mut command, self.options.patience, built)
    }
}

/// Cargo, offline, to do something in a folder.
fn command(what: &str, folder: &Path, target: &Path) -> Command {
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

/// How the generated workspace is built: as the caller was. The explored code checks in both what
/// a debug build checks.
const PROFILES: &str = "\
[profile.dev]
debug = false
incremental = false

[profile.release]
debug-assertions = true
overflow-checks = true
";

/// What a debug build has besides if the explorer is optimised.
const OPTIMISED: &str = "
[profile.dev.package.interleave]
opt-level = 1
";

/// The variables by which whoever calls asks something of his own code.
const FLAGS: [&str; 4] = [
    "RUSTFLAGS",
    "CARGO_ENCODED_RUSTFLAGS",
    "CARGO_BUILD_RUSTFLAGS",
    "RUSTC_WORKSPACE_WRAPPER",
];

/// The lines of a profile for a package that is compiled with other checks than usual.
fn checks(package: &str, part: &Part) -> String {
    let debug_assertions = part.called.debug_assertions.unwrap_or(true);
    let overflow_checks = part.called.overflow_checks.unwrap_or(debug_assertions);
    if debug_assertions && overflow_checks {
        return String::new();
    }
    ["dev", "release"]
        .map(|profile| {
            format!(
                "\n[profile.{profile}.package.{package}]\n\
                 debug-assertions = {debug_assertions}\noverflow-checks = {overflow_checks}\n"
            )
        })
        .concat()
}

/// A build script that has a crate compiled as Cargo has it compiled, but in the folder of its
/// copy. None where there is nothing to say.
fn script(called: &called::Called, copy: &Path) -> Option<String> {
    let mut lines = vec!["rerun-if-changed=build.rs".to_string()];
    lines.extend(called.cfgs.iter().map(|cfg| format!("rustc-cfg={cfg}")));
    for (name, value) in &called.variables {
        let value = match name.as_str() {
            "CARGO_MANIFEST_DIR" => copy.to_string_lossy(),
            _ => value.into(),
        };
        lines.push(format!("rustc-env={name}={value}"));
    }
    if lines.len() == 1 {
        return None;
    }
    let prints: String = lines
        .iter()
        .map(|line| format!("    println!(\"cargo:{{}}\", {line:?});\n"))
        .collect();
    Some(format!("fn main() {{\n{prints}}}\n"))
}

/// A text as a value in a `Cargo.toml`.
fn text_in_toml(text: &str) -> String {
    let escaped = |char: char| match char {
        '"' | '\\' => format!("\\{char}"),
        char if char.is_control() => format!("\\u{:04x}", u32::from(char)),
        char => char.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
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
