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

pub mod child;
mod files;
mod manifest;
mod pools;
mod scenario;
mod tokens;

use crate::guard;
pub use child::Limits;
use child::{Ended, Outcome};
use interleave::explorer::logs::Answer;
use interleave::explorer::report::{self, Report};
use interleave::facts::Fact;
use interleave::json::Json;
use interleave::trace::Execution;
use manifest::{Crate, Host};
pub use pools::Pool;
use scenario::Parts;
use std::collections::BTreeMap;
use std::env;
use std::error::Error;
use std::fmt::{self, Write as _};
use std::fs;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{self, Command};
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

/// Builds every crate in `folders` for exploration, in one generated workspace
/// at `into`, with one Cargo call. What holds the same to the byte is not built
/// again, whenever it was saved, and what doesn't is; workspaces beside each other
/// share what they have in common.
///
/// Gives for each folder, in the same order, what was built or why not. Fails
/// only if Cargo can't be run or the workspace can't be written.
pub fn build(
    into: &Path,
    folders: &[impl AsRef<Path>],
) -> io::Result<Vec<Result<Wrapped, Refusal>>> {
    let crates: Vec<Result<Crate, Refusal>> =
        folders.iter().map(|f| Crate::read(f.as_ref())).collect();
    let mut found: Vec<Crate> = crates.iter().flatten().cloned().collect();
    found.sort_by_key(Crate::id);
    found.dedup();
    let folder = std::path::absolute(into)?;
    let workspace = Workspace {
        target: folder.parent().unwrap_or(&folder).join("cargo-target"),
        folder,
        crates: found,
    };
    let mut built = workspace.build()?;
    let result = |read: Result<Crate, Refusal>| {
        let id = read?.id();
        built.get_mut(&id).cloned().expect("each crate was built")
    };
    Ok(crates.into_iter().map(result).collect())
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
                Err(format!("it has several pools: {}", pools.join("; ")))
            }
            (None, None) => Err(
                "it has no pool: no type with a function that takes a number of workers, such as \
                 `new(usize)`, and a method that takes a closure, such as `execute`"
                    .to_string(),
            ),
        };
        Wrapped {
            name: found.name.clone(),
            binary: binary.to_path_buf(),
            folder: workspace.folder.join(found.id()).join("copy"),
            main: found.main.is_some() && parts.main,
            pool,
            offers_pool: found.pools.is_some(),
            left_out,
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

    /// Gives the program one more argument, as found in `env::args`.
    pub fn argument(self, argument: &str) -> Run<'a> {
        self.with("--argument", argument)
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

    /// Bounds what the process may use up.
    pub fn limits(mut self, limits: Limits) -> Run<'a> {
        self.limits = limits;
        self
    }

    /// Explores, and reports. The shortest schedule to the gravest end is among
    /// what it reports: see [`Report::shown`].
    pub fn report(mut self) -> Result<Report, Trouble> {
        self.arguments.push("--show".to_string());
        read(&self.run()?)
    }

    /// Runs one schedule, given as [`interleave::explorer::explain::replay_text`] writes it.
    pub fn replay(self, schedule: &str) -> Result<Execution, Trouble> {
        read(&self.with("--replay", schedule).run()?)
    }

    /// The graph of all states, as JSON; see [`interleave::explorer::graph`]. After
    /// [`contains`](Run::contains) with one log, only of those on the way to it.
    pub fn graph(self, prints: bool) -> Result<String, Trouble> {
        let words = if prints { "prints" } else { "no-prints" };
        self.with("--graph", words).run()
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
        let Outcome {
            ended,
            stdout,
            stderr,
        } = child::run(&mut command, self.limits).map_err(io)?;
        match ended {
            Ended::Itself(status) if status.success() => Ok(stdout),
            Ended::Itself(status) => Err(Trouble::Failed {
                status: status.to_string(),
                stderr,
            }),
            Ended::Time => Err(Trouble::Time(self.limits.time)),
            Ended::Output => Err(Trouble::Output(self.limits.output)),
            Ended::Memory => Err(Trouble::Memory(self.limits.memory)),
        }
    }
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
}

/// What one Cargo call has built, and what it said.
struct Built {
    success: bool,
    binaries: BTreeMap<String, PathBuf>,
    stderr: String,
}

impl Built {
    /// What the compiler said. Refuses an error that is Cargo's own.
    fn compiler(self) -> io::Result<String> {
        match self.stderr.contains("could not compile") {
            true => Ok(self.stderr),
            false => Err(io::Error::other(self.stderr)),
        }
    }
}

impl Workspace {
    /// Builds everything; gives the result for each crate's id.
    fn build(&self) -> io::Result<BTreeMap<String, Result<Wrapped, Refusal>>> {
        if self.crates.is_empty() {
            return Ok(BTreeMap::new());
        }
        let everything = Parts {
            main: true,
            pool: true,
        };
        self.write(true, everything)?;
        let built = self.cargo("build", None)?;
        let mut all = BTreeMap::new();
        for found in &self.crates {
            let result = match built.binaries.get(&self.package(found)) {
                Some(binary) => Ok(Wrapped::new(found, self, binary, everything, None)),
                None => self.part(found)?,
            };
            all.insert(found.id(), result);
        }
        Ok(all)
    }

    /// Builds what can be built of a crate that can't be built whole: its pool, or its program.
    fn part(&self, found: &Crate) -> io::Result<Result<Wrapped, Refusal>> {
        let refusal = self.refusal(found)?;
        let pool = Parts {
            main: false,
            pool: true,
        };
        let main = Parts {
            main: true,
            pool: false,
        };
        if found.pool().is_none() || matches!(refusal, Refusal::DoesNotCompile { .. }) {
            return Ok(Err(refusal));
        }
        for (name, parts) in [("pool-alone", pool), ("no-pool", main)] {
            let alone = self.alone(name, found);
            alone.write(true, parts)?;
            let built = alone.cargo("build", None)?;
            if let Some(binary) = built.binaries.get(&alone.package(found)) {
                return Ok(Ok(Wrapped::new(
                    found,
                    &alone,
                    binary,
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
        }
    }

    /// Why a crate doesn't compile.
    fn refusal(&self, found: &Crate) -> io::Result<Refusal> {
        let name = found.name.clone();
        let explored = self.cargo("build", Some(&self.package(found)))?;
        let text = explored.compiler()?;
        let others = needed(&text, &found.others);
        if !others.is_empty() {
            return Ok(Refusal::NeedsCrates { name, others });
        }
        let alone = self.alone("plain", found);
        let program = Parts {
            main: true,
            pool: false,
        };
        alone.write(false, program)?;
        let plain = alone.cargo("check", None)?;
        if !plain.success {
            let text = plain.compiler()?;
            return Ok(Refusal::DoesNotCompile { name, text });
        }
        let (item, place) = uncovered(&text);
        Ok(Refusal::NotCovered {
            name,
            item,
            place,
            text,
        })
    }

    /// Writes the packages; with `explored`, `interleave` takes the place of `std`.
    fn write(&self, explored: bool, parts: Parts) -> io::Result<()> {
        let mut members = String::new();
        for found in &self.crates {
            members += &self.write_crate(found, explored, parts)?;
        }
        let text = format!("[workspace]\nresolver = \"2\"\nmembers = [\n{members}]\n\n{PROFILES}");
        files::write(&self.folder.join("Cargo.toml"), text.as_bytes())
    }

    /// Writes a crate's packages; gives their lines in the list of members.
    fn write_crate(&self, found: &Crate, explored: bool, parts: Parts) -> io::Result<String> {
        let id = found.id();
        let package = self.package(found);
        let folder = self.folder.join(&id);
        let host = parts.host(found).filter(|_| explored);
        let inside = |root: &Path| {
            let root = root.strip_prefix(&found.folder).unwrap_or(root);
            root.to_path_buf()
        };
        let main = found.main.as_deref().map(inside);
        let main = main.filter(|_| parts.compiles_main(found));
        let lib = found.lib.as_ref().map(|(name, root)| (name, inside(root)));

        files::copy(&found.folder, &folder.join("copy"), &|file, mut content| {
            let is_main = main.as_deref() == Some(file);
            let is_lib = lib.as_ref().is_some_and(|(_, root)| root == file);
            if is_main {
                content.extend_from_slice(scenario::entry(explored).as_bytes());
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

        let mut members = String::new();
        let mut dependencies = "[dependencies]\n".to_string();
        if explored {
            let here = path(&Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("interleave"));
            let _ = writeln!(
                dependencies,
                "std = {{ package = \"interleave\", path = {here} }}"
            );
        }
        let compiled = |name: &str, root: &Path| {
            let root = path(&Path::new("../copy").join(root));
            format!("[lib]\nname = \"{name}\"\npath = {root}\ntest = false\ndoctest = false\n\n")
        };
        if let Some((name, root)) = &lib {
            let head = self.head(found, &format!("{package}-library"));
            let text = head + &compiled(name, root) + &dependencies;
            files::write(&folder.join("library/Cargo.toml"), text.as_bytes())?;
            let _ = writeln!(members, "  \"{id}/library\",");
            let _ = writeln!(
                dependencies,
                "{package}-library = {{ path = \"../library\" }}"
            );
        }
        let mut text = self.head(found, &package);
        if let Some(root) = &main {
            text += &compiled(&format!("program_{}", found.number()), root);
        }
        if explored {
            let _ = writeln!(
                text,
                "[[bin]]\nname = \"{package}\"\npath = \"scenario.rs\"\ntest = false\n"
            );
            let source = scenario::program(found, parts);
            files::write(&folder.join("program/scenario.rs"), source.as_bytes())?;
        }
        text += &dependencies;
        if explored || main.is_some() {
            files::write(&folder.join("program/Cargo.toml"), text.as_bytes())?;
            let _ = writeln!(members, "  \"{id}/program\",");
        }
        Ok(members)
    }

    /// The beginning of a package's `Cargo.toml`.
    fn head(&self, found: &Crate, name: &str) -> String {
        // Cargo builds anew what was saved since the last time. A crate that was unpacked, or
        // put in the place of another, may hold something else and be older. The compiler is
        // told the names of all features, so with another name Cargo calls it again.
        let content = format!("content-{}", found.content);
        let features: String = found
            .features
            .iter()
            .chain([&content])
            .map(|feature| format!("{feature} = []\n"))
            .collect();
        format!(
            "[package]\nname = \"{name}\"\nversion = \"{}\"\nedition = \"{}\"\n\
             autobins = false\nautoexamples = false\nautotests = false\n\
             autobenches = false\nbuild = false\n\n[features]\n{features}\n",
            found.version, found.edition
        )
    }

    /// Calls Cargo, offline, on everything or on one package.
    fn cargo(&self, what: &str, package: Option<&str>) -> io::Result<Built> {
        let mut command = guard::command(env::var_os("CARGO").unwrap_or("cargo".into()));
        command
            .current_dir(&self.folder)
            .args([what, "--offline", "--keep-going"])
            .arg("--message-format=json-render-diagnostics")
            .arg("--target-dir")
            .arg(&self.target)
            .env("CARGO_TERM_COLOR", "never")
            .env("CARGO_TERM_PROGRESS_WHEN", "never")
            .env_remove("CARGO_BUILD_TARGET");
        // What is asked of the caller's own code, such as no warnings, isn't
        // asked of the code that it explores.
        for name in [
            "RUSTFLAGS",
            "CARGO_ENCODED_RUSTFLAGS",
            "CARGO_BUILD_RUSTFLAGS",
        ] {
            command.env_remove(name);
        }
        command.env_remove("RUSTC_WORKSPACE_WRAPPER");
        match package {
            Some(package) => command.args(["-p", package]),
            None => command.arg("--workspace"),
        };
        if what == "build" {
            command.arg("--bins");
        }
        if !cfg!(debug_assertions) {
            command.arg("--release");
        }
        let output = guard::output(&mut command).map_err(|error| {
            let program = Path::new(command.get_program()).display();
            io::Error::new(error.kind(), format!("cannot run {program}: {error}"))
        })?;
        Ok(Built {
            success: output.status.success(),
            binaries: binaries(&String::from_utf8_lossy(&output.stdout)),
            stderr: String::from_utf8_lossy(&output.stderr).into_owned(),
        })
    }
}

/// How the generated workspace is built: as the caller was. Optimising the
/// explorer takes longer than the small explorations of a debug build's tests
/// save. The explored code checks in both what a debug build checks.
const PROFILES: &str = "\
[profile.dev]
debug = false
incremental = false

[profile.release]
debug-assertions = true
overflow-checks = true
";

/// The binaries in Cargo's messages, by name.
fn binaries(messages: &str) -> BTreeMap<String, PathBuf> {
    let executable = |line: &str| {
        let (_, rest) = line.split_once(r#""executable":""#)?;
        let text = rest.split('"').next().unwrap_or(rest);
        let path = PathBuf::from(text.replace(r"\\", r"\"));
        let name = path.file_stem()?.to_string_lossy().into_owned();
        Some((name, path))
    };
    messages.lines().filter_map(executable).collect()
}

/// A path as a value in a `Cargo.toml`.
fn path(path: &Path) -> String {
    let text = path.display().to_string();
    if cfg!(windows) {
        return format!("'{text}'");
    }
    format!("{text:?}")
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

/// The place in the crate that a compiler's message points to.
fn place(message: &str) -> String {
    let found = message
        .lines()
        .find_map(|line| line.trim_start().strip_prefix("--> "));
    let Some(place) = found.map(report::short) else {
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
