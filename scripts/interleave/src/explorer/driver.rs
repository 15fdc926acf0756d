//! The main function of a generated program: reads its arguments, explores,
//! prints what was found, as JSON (see [`crate::facts`]).

use crate::explorer::explain::{self, Calm};
use crate::explorer::graph::Graph;
use crate::explorer::judge;
use crate::explorer::logs::{Answer, Logs, Print};
use crate::explorer::report::{self, Ending, Example, Finding, Report, Tally};
use crate::explorer::{self, Client, Config, Explorer, Summary};
use crate::facts::Fact;
use crate::trace::Execution;
use std::collections::BTreeMap;
use std::env;
use std::fmt::Debug;
use std::fs;
use std::io::{self, Write};
use std::mem;
use std::process::{self, ExitCode};
use std::thread;
use std::time::{Duration, Instant};

/// The marker that a scenario passes as soon as the pool's drop has returned.
pub const DROPPED: &str = "the pool's drop has returned";

/// How the path of this file ends, wherever it is compiled: explorations are started here, so `main`
/// starts and ends here.
pub(crate) const FILE: &str = "interleave/src/explorer/driver.rs";

/// What a scenario asks of a pool.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Load {
    /// The pool's size.
    pub workers: usize,
    /// How many jobs it is given.
    pub jobs: usize,
    /// How many of them panic: the first ones.
    pub panics: usize,
}

/// What a generated program hands over.
#[derive(Clone, Copy)]
pub struct Program {
    /// The package's name.
    pub name: &'static str,
    /// Calls the program's `main`.
    pub main: Option<fn()>,
    /// Makes a pool, queues its jobs, and drops it.
    pub pool: Option<fn(Load)>,
    /// Makes a pool, queues its jobs, and waits for a client.
    pub keep: Option<fn(Load)>,
}

// Remarks: each is the code of a finding.

/// A job was dropped without having been run.
pub(crate) const THROWN_AWAY: &str = "job-thrown-away";

/// A pool has no size.
const EMPTY: &str = "pool-empty";

/// There is no channel with a sender.
const NO_CHANNEL: &str = "no-channel";

/// Looks at a pool, and waits for a client that never comes, as a server does that has nothing to
/// do.
pub fn keep<P>(pool: &P) {
    if mem::size_of_val(pool) == 0 {
        explorer::remark(EMPTY);
    }
    if explorer::channels() == 0 {
        explorer::remark(NO_CHANNEL);
    }
    let listener = crate::net::TcpListener::bind("127.0.0.1:7878");
    // There is no client in this scenario, so this does not return.
    let _ = listener.map(|listener| listener.accept());
}

/// What `main` may return, and what the process then does.
pub trait Ended {
    /// Ends the process if `main` has returned a failure.
    fn end(self);
}

impl Ended for () {
    fn end(self) {}
}

impl<T: Ended, E: Debug> Ended for Result<T, E> {
    fn end(self) {
        match self {
            Ok(value) => value.end(),
            Err(error) => {
                crate::eprintln!("Error: {error:?}");
                crate::process::exit(1);
            }
        }
    }
}

impl Ended for ExitCode {
    fn end(self) {
        // An exit code can't be asked for its number.
        if format!("{self:?}") != format!("{:?}", ExitCode::SUCCESS) {
            crate::process::exit(1);
        }
    }
}

/// Does what the process does when `main` has returned `value`.
pub fn end(value: impl Ended) {
    value.end();
}

const USAGE: &str = "\
usage: pool WORKERS JOBS [OPTIONS]      a pool alone: new, execute, drop
       keep WORKERS JOBS [OPTIONS]      a pool alone: new, execute, and no drop
       program [OPTIONS]                the whole program

  --panics N          the first N jobs panic
  --clients LIST      the program's clients, in the order in which they connect,
                      with commas between: a path such as / or /sleep, `silent`
                      (connects and says nothing), `hangup` (connects and leaves)
  --argument TEXT     one more argument for the program, as in env::args
  --schedules N       stop after so many schedules
  --steps N           give a schedule up after so many steps
  --seconds N         stop after so many seconds
  --contains FILE     is each log in the file possible? (form feeds between logs)
  --all-logs N        the first N logs in a fixed order
  --show              the shortest schedule to the gravest end, step by step
  --replay SCHEDULE   run one schedule only, such as 0x12,1x3,0, step by step
  --graph prints      all states as JSON, prints being steps of their own
  --graph no-prints   the same without them; with --contains and one log, only the
                      states on the way to that log
  --until-eof         end at once when the standard input ends: whoever started
                      this has gone
";

/// The main function: never returns.
pub fn main(program: Program) -> ! {
    let arguments: Vec<String> = env::args().skip(1).collect();
    let outcome = Request::read(&program, &arguments)
        .map_err(|sentence| match arguments.is_empty() {
            true => USAGE.to_string(),
            false => sentence,
        })
        .and_then(Request::answer);
    let (text, code) = match &outcome {
        Ok(text) => (text, 0),
        Err(sentence) => (sentence, 2),
    };
    finish(text, code)
}

/// Prints a text, to the standard error if `code` isn't 0, and ends.
fn finish(text: &str, code: i32) -> ! {
    let text = format!("{}\n", text.trim_end_matches('\n'));
    // Whoever has closed the other end doesn't want to know.
    let _ = match code {
        0 => io::stdout().write_all(text.as_bytes()),
        _ => io::stderr().write_all(text.as_bytes()),
    };
    let _ = io::stdout().flush();
    process::exit(code)
}

/// Ends this process as soon as its standard input ends.
fn watch() {
    thread::spawn(|| {
        // An end by an error is an end, too.
        let _ = io::copy(&mut io::stdin().lock(), &mut io::sink());
        process::exit(1);
    });
}

/// What to run.
#[derive(Clone, Copy)]
enum Scenario {
    Pool(fn(Load), Load),
    Program(fn()),
}

impl Scenario {
    fn run(self) {
        match self {
            Scenario::Pool(pool, load) => pool(load),
            Scenario::Program(main) => main(),
        }
    }
}

/// The arguments, understood.
struct Request {
    name: &'static str,
    words: String,
    scenario: Scenario,
    has_pool: bool,
    config: Config,
    time: Option<Duration>,
    logs: Vec<String>,
    all_logs: usize,
    show: bool,
    replay: Option<Vec<u16>>,
    graph: Option<bool>,
}

impl Request {
    /// Refuses arguments that it doesn't understand, with a sentence.
    fn read(program: &Program, arguments: &[String]) -> Result<Request, String> {
        let mut rest = arguments.iter();
        let mut next = |what: &str| {
            rest.next()
                .map(String::as_str)
                .ok_or(format!("{what} is missing."))
        };
        let number = |text: &str| {
            text.parse::<usize>()
                .map_err(|_| format!("`{text}` is not a number."))
        };
        let (scenario, mut words) = match next("The scenario")? {
            kind @ ("pool" | "keep") => {
                let workers = number(next("The number of workers")?)?;
                let jobs = number(next("The number of jobs")?)?;
                let (run, then) = match kind {
                    "pool" => (program.pool, "then drop"),
                    _ => (program.keep, "never dropped"),
                };
                let run = run.ok_or(format!("{} has no pool.", program.name))?;
                let words = format!(
                    "a pool of {}, {}, {then}",
                    counted(workers, "worker"),
                    counted(jobs, "job")
                );
                let load = Load {
                    workers,
                    jobs,
                    panics: 0,
                };
                (Scenario::Pool(run, load), words)
            }
            "program" => {
                let main = program
                    .main
                    .ok_or(format!("{} has no program.", program.name))?;
                (Scenario::Program(main), "the whole program".to_string())
            }
            other => return Err(format!("`{other}` is not a scenario.")),
        };
        let mut request = Request {
            name: program.name,
            words: String::new(),
            scenario,
            has_pool: program.pool.is_some(),
            config: Config::default(),
            time: None,
            logs: Vec::new(),
            all_logs: 0,
            show: false,
            replay: None,
            graph: None,
        };
        request.config.args = vec![program.name.to_string()];
        while let Ok(option) = next("") {
            let mut value = || next(&format!("The value of {option}"));
            match option {
                "--panics" => {
                    let panics = number(value()?)?;
                    match &mut request.scenario {
                        Scenario::Pool(_, load) if panics <= load.jobs => load.panics = panics,
                        Scenario::Pool(_, load) => {
                            let jobs = counted(load.jobs, "job");
                            return Err(format!("There are {jobs}, and {panics} can't panic."));
                        }
                        Scenario::Program(_) => {
                            return Err("--panics is for a pool alone.".to_string());
                        }
                    }
                    words += &match panics {
                        0 => String::new(),
                        1 => ", and the first job panics".to_string(),
                        _ => format!(", and the first {panics} jobs panic"),
                    };
                }
                "--clients" => {
                    let list = value()?;
                    request.config.clients = clients(list)?;
                    words += &format!(", clients: {list}");
                }
                "--argument" => {
                    let argument = value()?.to_string();
                    words += &format!(", argument: {argument}");
                    request.config.args.push(argument);
                }
                "--schedules" => request.config.executions = number(value()?)?,
                "--steps" => request.config.steps = number(value()?)?,
                "--seconds" => {
                    request.time = Some(Duration::from_secs(number(value()?)? as u64));
                }
                "--contains" => {
                    let path = value()?;
                    let text = fs::read_to_string(path)
                        .map_err(|error| format!("{path} can't be read ({error})."))?;
                    request.logs.extend(report::split_logs(&text));
                }
                "--all-logs" => request.all_logs = number(value()?)?,
                "--show" => request.show = true,
                "--until-eof" => watch(),
                "--replay" => request.replay = Some(explain::replay_choices(value()?)?),
                "--graph" => {
                    request.graph = Some(match value()? {
                        "prints" => true,
                        "no-prints" => false,
                        other => return Err(format!("`{other}` is not a kind of graph.")),
                    });
                }
                other => return Err(format!("`{other}` is not an option.")),
            }
        }
        request.words = words;
        Ok(request)
    }

    fn answer(self) -> Result<String, String> {
        let scenario = self.scenario;
        let mut explorer = Explorer::new(self.config.clone(), move || scenario.run());
        if let Some(schedule) = &self.replay {
            let execution = explorer.replay(schedule);
            let named = explain::with_roles(&execution, self.has_pool);
            return Ok(named.to_json().to_string());
        }
        if let Some(prints) = self.graph {
            if self.logs.len() > 1 {
                return Err("A graph follows one log.".to_string());
            }
            let fresh = || {
                let graph = Graph::new(self.name, &self.words, prints);
                match self.logs.first() {
                    Some(log) => graph.along(log),
                    None => graph,
                }
            };
            let (graph, summary) = explorer.explore_growing(fresh, &mut |graph, execution| {
                graph.add(&explain::with_roles(execution, self.has_pool));
            });
            return match unfinished(&summary) {
                Some(why) => Err(format!("The graph is not finished: {why}.")),
                None => graph.json(),
            };
        }
        let started = Instant::now();
        let fresh = || Found {
            clients: self.config.clients.len(),
            ..Found::default()
        };
        let (found, summary) = explorer.explore_growing(fresh, &mut |found, execution| {
            found.add(execution);
            if let Some(time) = self.time.filter(|&time| started.elapsed() >= time) {
                let why = format!(
                    "the bound of {}",
                    counted(time.as_secs() as usize, "second")
                );
                let found = mem::take(found);
                let report = self.report(found, Some(why));
                finish(&report.to_json().to_string(), 0);
            }
        });
        // A program that panics before it has done anything has said something, too.
        if !found.controlled && !found.endings.contains_key(&Ending::MainPanics) {
            return Err(format!(
                "{} did nothing that the explorer controls: there is nothing to explore.",
                self.name
            ));
        }
        let report = self.report(found, unfinished(&summary));
        Ok(report.to_json().to_string())
    }

    fn report(&self, found: Found, unfinished: Option<String>) -> Report {
        let mut endings: Vec<(Ending, Seen)> = found.endings.into_iter().collect();
        endings.sort_by_key(|(ending, _)| (ending.rank(), *ending));
        let gravest = endings.first().filter(|_| self.show);
        let shown = gravest.map(|(_, seen)| explain::with_roles(&seen.execution, self.has_pool));
        let asked = match self.scenario {
            Scenario::Pool(..) => vec![
                Finding::JobsTogether,
                Finding::JobNeverRuns,
                Finding::JobLost,
                Finding::JobUndone,
                Finding::ThreadLeaked,
            ],
            Scenario::Program(_) => vec![Finding::ClientsTogether, Finding::ClientUnanswered],
        };
        let mut findings: BTreeMap<Finding, Option<Seen>> =
            asked.into_iter().map(|finding| (finding, None)).collect();
        for (finding, seen) in found.findings {
            findings.insert(finding, Some(seen));
        }
        // Where no job panics, a job that is undone is lost, or never runs, or the program doesn't
        // end: that is said already.
        if !matches!(self.scenario, Scenario::Pool(_, load) if load.panics > 0) {
            findings.remove(&Finding::JobUndone);
        }
        let mut notes = Vec::new();
        if found.without_log {
            notes
                .push("what is printed by schedules without end is not among the logs".to_string());
        }
        let language = found.logs.language();
        let mut logs = language.count();
        logs.exact &= unfinished.is_none() && !found.without_log;
        Report {
            program: self.name.to_string(),
            scenario: self.words.clone(),
            schedules: found.schedules,
            threads: found.threads,
            unfinished,
            notes,
            endings: endings
                .into_iter()
                .map(|(ending, seen)| Tally {
                    what: ending,
                    schedules: seen.schedules,
                    example: Some(seen.example()),
                })
                .collect(),
            findings: findings
                .into_iter()
                .map(|(finding, seen)| Tally {
                    what: finding,
                    schedules: seen.as_ref().map_or(0, |seen| seen.schedules),
                    example: seen.map(|seen| Example {
                        log: String::new(),
                        ..seen.example()
                    }),
                })
                .collect(),
            logs,
            first_log: language.first(),
            all_logs: language.iter().take(self.all_logs).collect(),
            answers: self
                .logs
                .iter()
                .map(|log| match language.contains(log) {
                    Answer::Impossible {
                        line,
                        found,
                        possible,
                        may_end,
                        ..
                    } => Answer::Impossible {
                        certain: logs.exact,
                        line,
                        found,
                        possible,
                        may_end,
                    },
                    possible => possible,
                })
                .collect(),
            shown,
        }
    }
}

/// Why an exploration has not seen every schedule.
fn unfinished(summary: &Summary) -> Option<String> {
    let why = || {
        summary
            .stopped
            .clone()
            .unwrap_or("it was stopped".to_string())
    };
    if !summary.complete {
        return Some(why());
    }
    summary.held_back.then(|| {
        format!(
            "loops that wait were followed for {} with nothing changed",
            counted(summary.rounds, "round")
        )
    })
}

/// `1 worker`, `2 workers`.
fn counted(n: usize, thing: &str) -> String {
    let s = if n == 1 { "" } else { "s" };
    format!("{n} {thing}{s}")
}

/// The clients that a list asks for.
fn clients(list: &str) -> Result<Vec<Client>, String> {
    list.split(',')
        .map(str::trim)
        .filter(|client| !client.is_empty())
        .map(client)
        .collect()
}

/// The client that a word stands for: a path, `silent` or `hangup`. Refuses any other word.
pub fn client(word: &str) -> Result<Client, String> {
    match word {
        "silent" => Ok(Client::silent()),
        "hangup" => Ok(Client::hangs_up()),
        path if path.starts_with('/') => Ok(Client::get(path)),
        other => Err(format!(
            "`{other}` is not a client: a path such as `/`, or `silent`, or `hangup`."
        )),
    }
}

/// What was found so far.
#[derive(Default)]
struct Found {
    schedules: usize,
    threads: usize,
    /// How many clients there are to be served.
    clients: usize,
    controlled: bool,
    without_log: bool,
    endings: BTreeMap<Ending, Seen>,
    findings: BTreeMap<Finding, Seen>,
    logs: Logs,
}

/// How often something was seen, and the shortest schedule to it: fewest steps,
/// then fewest changes between threads, then the first in a fixed order.
struct Seen {
    schedules: usize,
    execution: Execution,
    calm: Calm,
}

impl Seen {
    fn example(&self) -> Example {
        Example {
            steps: self.calm.order.len(),
            replay: explain::replay_text(&self.calm.choices),
            log: self.calm.stdout(&self.execution),
        }
    }
}

impl Found {
    fn add(&mut self, execution: &Execution) {
        self.schedules += 1;
        self.threads = self.threads.max(execution.threads.len());
        self.controlled |= judge::has_controlled_steps(execution);
        let ending = judge::ending(execution);
        if judge::leaves_a_log(ending) {
            let prints: Vec<Print> = execution
                .events
                .iter()
                .filter_map(|event| {
                    Some(Print {
                        thread: event.thread,
                        text: event.printed()?,
                        clock: &event.clock,
                    })
                })
                .collect();
            self.logs.add(&prints);
        } else {
            self.without_log = true;
        }
        let calm = Calm::new(execution);
        note(&mut self.endings, ending, execution, &calm);
        let mut findings = judge::findings(execution);
        if execution.answers.len() < self.clients {
            // One that was never accepted has no answer either.
            findings.insert(Finding::ClientUnanswered);
        }
        for finding in findings {
            note(&mut self.findings, finding, execution, &calm);
        }
    }
}

/// Counts one more execution for `what`, and keeps it if it is the shortest.
fn note<T: Ord>(all: &mut BTreeMap<T, Seen>, what: T, execution: &Execution, calm: &Calm) {
    let seen = all.entry(what).or_insert_with(|| Seen {
        schedules: 0,
        execution: execution.clone(),
        calm: calm.clone(),
    });
    seen.schedules += 1;
    if calm.key() < seen.calm.key() {
        seen.execution = execution.clone();
        seen.calm = calm.clone();
    }
}
