//! The main function of a generated program: reads its arguments, explores,
//! prints what was found, as JSON (see [`crate::facts`]).

use crate::explorer::busy::{self, Busy};
use crate::explorer::explain::{self, FewestSwitches};
use crate::explorer::found::{CUT, Found, Seen};
use crate::explorer::graph::{self, Graph};
use crate::explorer::judge;
use crate::explorer::logs::{Answer, Language};
use crate::explorer::parallel;
pub use crate::explorer::patience::CODE as NO_STEP;
use crate::explorer::patience::Watch;
use crate::explorer::report::{self, Ending, Example, Finding, Report, Tally};
use crate::explorer::{Client, Config, Explorer, Summary, scenario};
use crate::facts::Fact;
use crate::numbers::count;
use crate::primitives::output;
use crate::process::{ExitCode, Termination};
use crate::shorten;
use crate::trace::remarks;
use crate::trace::{Execution, Op, ThreadState};
use std::collections::{BTreeMap, BTreeSet};
use std::env;
use std::fs;
use std::io::{self, Write};
use std::mem;
use std::process;
use std::thread;
use std::time::Duration;

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
    /// Whether a panic aborts the process.
    pub aborts: bool,
    /// Makes a pool, queues its jobs, and drops it.
    pub pool: Option<fn(Load)>,
    /// Makes a pool, queues its jobs, and waits for a client.
    pub keep: Option<fn(Load)>,
}

// Remarks: each is the code of a finding.

/// A pool has no size.
const EMPTY: &str = "pool-empty";

/// There is no channel with a sender.
const NO_CHANNEL: &str = "no-channel";

/// Looks at a pool, and waits for a client that never comes, as a server does that has nothing to
/// do.
pub fn keep<P>(pool: &P) {
    if mem::size_of_val(pool) == 0 {
        scenario::remark(EMPTY);
    }
    if scenario::channels() == 0 {
        scenario::remark(NO_CHANNEL);
    }
    let listener = crate::net::TcpListener::bind("127.0.0.1:7878");
    // There is no client in this scenario, so this does not return.
    let _ = listener.map(|listener| listener.accept());
}

/// Does what the process does when `main` has returned `value`.
pub fn end(value: impl Termination) {
    let code = value.report();
    if code != ExitCode::SUCCESS {
        crate::process::exit(code.number());
    }
}

const USAGE: &str = "\
usage: pool WORKERS JOBS [OPTIONS]      a pool alone: new, execute, drop
       keep WORKERS JOBS [OPTIONS]      a pool alone: new, execute, and no drop
       program [OPTIONS]                the whole program

  --panics N          the first N jobs panic
  --clients LIST      the program's clients, in the order in which they connect,
                      with commas between: a path such as / or /sleep, `silent`
                      (connects and says nothing), `hangup` (connects and leaves)
  --schedules N       stop after so many schedules
  --steps N           give a schedule up after so many steps
  --polls N           let a thread ask so often in vain before it is held back, and
                      not more often where that leaves schedules out
  --seconds N         stop after so many seconds
  --patience N        end with code 3 once N seconds of work make no step, where the
                      system tells how long a process has worked
  --processes N       let so many processes share the work
  --contains FILE     is each log in the file possible? (form feeds between logs)
  --all-logs N        the first N logs in a fixed order
  --show              the shortest schedule to the gravest end, step by step
  --replay SCHEDULE   run one schedule only, such as 0x12,1x3,0, step by step
  --graph             all states as JSON; with --contains and one log, only the
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

/// How many steps a program may go on by itself after the end of a schedule that is replayed.
const STEPS_AFTER_REPLAY: usize = 500;

/// How many schedules without an end are enough: each takes as many steps as a schedule may have.
const ENDLESS: usize = 10;

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
    grows: bool,
    patience: Option<Duration>,
    processes: usize,
    worker: bool,
    logs: Vec<String>,
    all_logs: usize,
    show: bool,
    replay: Option<Vec<u16>>,
    graph: bool,
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
                    count(workers, "worker"),
                    count(jobs, "job")
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
            grows: true,
            patience: None,
            processes: 1,
            worker: false,
            logs: Vec::new(),
            all_logs: 0,
            show: false,
            replay: None,
            graph: false,
        };
        request.config.args = vec![program.name.to_string()];
        let mut until_eof = false;
        request.config.panics_abort = program.aborts;
        while let Ok(option) = next("") {
            let mut value = || next(&format!("The value of {option}"));
            match option {
                "--panics" => {
                    let panics = number(value()?)?;
                    match &mut request.scenario {
                        Scenario::Pool(_, load) if panics <= load.jobs => load.panics = panics,
                        Scenario::Pool(_, load) => {
                            let jobs = count(load.jobs, "job");
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
                "--schedules" => request.config.executions = number(value()?)?,
                "--steps" => request.config.steps = number(value()?)?,
                "--polls" => {
                    request.config = request.config.with_polls(number(value()?)?);
                    request.grows = false;
                }
                "--seconds" => {
                    request.config.time = Some(Duration::from_secs(number(value()?)? as u64));
                }
                "--patience" => {
                    request.patience = Some(Duration::from_secs(number(value()?)? as u64));
                }
                "--contains" => {
                    let path = value()?;
                    let text = fs::read_to_string(path)
                        .map_err(|error| format!("{path} can't be read ({error})."))?;
                    request.logs.extend(report::split_logs(&text));
                    request.config.asks_logs = true;
                }
                "--all-logs" => request.all_logs = number(value()?)?,
                "--show" => request.show = true,
                "--processes" => request.processes = number(value()?)?,
                parallel::WORKER => request.worker = true,
                "--until-eof" => until_eof = true,
                "--replay" => request.replay = Some(explain::replay_choices(value()?)?),
                "--graph" => request.graph = true,
                other => return Err(format!("`{other}` is not an option.")),
            }
        }
        // A worker watches its standard input in any case.
        if until_eof && !request.worker {
            watch();
        }
        request.words = words;
        Ok(request)
    }

    fn answer(self) -> Result<String, String> {
        let scenario = self.scenario;
        if let Some(schedule) = &self.replay {
            // Whoever gives a schedule says himself how often a thread polls in vain.
            let config = Config {
                steps: self.config.steps.min(schedule.len() + STEPS_AFTER_REPLAY),
                ..self.config.with_polls(usize::MAX)
            };
            let mut execution = Explorer::new(config, move || scenario.run()).replay(schedule);
            shorten_prints(&mut execution);
            let named = explain::with_roles(&execution, self.has_pool);
            return Ok(named.to_json().to_string());
        }
        let mut explorer = Explorer::new(self.config.clone(), move || scenario.run());
        if self.graph {
            if self.logs.len() > 1 {
                return Err("A graph follows one log.".to_string());
            }
            let fresh = || {
                let graph = Graph::new(self.name, &self.words);
                match self.logs.first() {
                    Some(log) => graph.along(log),
                    None => graph,
                }
            };
            let (graph, summary) = explorer.explore_growing(fresh, &mut |graph, execution| {
                graph.add(&explain::with_roles(execution, self.has_pool));
                if graph.is_too_large() {
                    finish(&graph::too_large(), 2);
                }
            });
            return match unfinished(&summary) {
                Some(why) => Err(format!(
                    "The graph is not finished ({why}): take fewer workers, jobs or clients."
                )),
                None => graph.json(),
            };
        }
        if self.worker {
            parallel::work(&mut explorer, &self.config);
        }
        let alone = |explorer: &mut Explorer| {
            let _watch = self.patience.map(Watch::start);
            let fresh = || Found::new(&self.config);
            let add = &mut |found: &mut Found, execution: &Execution| {
                found.add(execution);
                let endless = found.endings.get(&Ending::TooLong);
                if endless.is_some_and(|seen| seen.schedules >= ENDLESS) {
                    self.give_up(mem::take(found));
                }
            };
            if self.grows {
                return explorer.explore_growing(fresh, add);
            }
            let mut found = fresh();
            let summary = explorer.explore(&mut |execution| add(&mut found, execution));
            (found, summary)
        };
        let (mut found, mut summary) = match self.processes {
            0 | 1 => alone(&mut explorer),
            processes => parallel::explore(&mut explorer, &self.config, processes)
                .unwrap_or_else(|| alone(&mut explorer)),
        };
        if found.remarks.contains(remarks::THREAD_NUMBER) && found.several_spawn {
            let config = Config {
                ordered_spawns: true,
                ..self.config.clone()
            };
            explorer = Explorer::new(config, move || scenario.run());
            (found, summary) = alone(&mut explorer);
        }
        if !found.controlled {
            return Err(format!(
                "{} did nothing that the explorer controls: there is nothing to explore.",
                self.name
            ));
        }
        self.look_for_busy_ones(&mut found);
        let report = self.report(found, unfinished(&summary), &mut explorer);
        Ok(report.to_json().to_string())
    }

    /// Reports what was found up to so many schedules without an end.
    fn give_up(&self, mut found: Found) -> ! {
        let scenario = self.scenario;
        let mut explorer = Explorer::new(self.config.clone(), move || scenario.run());
        self.look_for_busy_ones(&mut found);
        let why = format!("the bound of {ENDLESS} schedules without an end");
        let report = self.report(found, Some(why), &mut explorer);
        finish(&report.to_json().to_string(), 0)
    }

    /// Looks for a thread that keeps a processor busy while it waits, and says of schedules without
    /// an end whether they have one once every thread has its turn.
    fn look_for_busy_ones(&self, found: &mut Found) {
        let fatal = [Ending::Unsupported, Ending::Diverged];
        if fatal
            .iter()
            .any(|ending| found.endings.contains_key(ending))
        {
            return;
        }
        let scenario = self.scenario;
        if let Some(seen) = found.endings.remove(&Ending::TooLong) {
            let fair = busy::fairly(&self.config, move || scenario.run());
            let ending = match judge::ending(&fair) {
                Ending::TooLong => Ending::TooLong,
                _ => Ending::Unfair,
            };
            found.endings.insert(ending, seen);
        }
        if let Some(Busy { place, execution }) = busy::look(&self.config, move || scenario.run()) {
            let told = FewestSwitches::of_all(&execution);
            let seen = Seen {
                // The one that is shown: in how many others it does so is not counted.
                schedules: 1,
                changes: told.changes,
                log: told.stdout(&execution),
                choices: told.choices,
                execution: Some(execution),
            };
            let place = place.to_string();
            found.findings.insert(Finding::BusyWaits { place }, seen);
        }
    }

    fn report(&self, found: Found, unfinished: Option<String>, explorer: &mut Explorer) -> Report {
        let mut endings: Vec<(Ending, Seen)> = found.endings.into_iter().collect();
        endings.sort_by_key(|(ending, _)| (ending.rank(), *ending));
        let gravest = endings.first().filter(|_| self.show);
        let shown = gravest.map(|(_, seen)| match &seen.execution {
            Some(execution) => explain::with_roles(execution, self.has_pool),
            None => explain::with_roles(&explorer.replay(&seen.choices), self.has_pool),
        });
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
        let mut remarks = BTreeSet::new();
        for (remark, note) in NOTES {
            if found.remarks.contains(remark) {
                notes.push(note.to_string());
                remarks.insert(remark);
            }
        }
        let all_seen = unfinished.is_none() && notes.is_empty();
        let language = found.logs.language();
        let cut = found.cut.language();
        let mut logs = language.count();
        logs.exact &= all_seen;
        let mut report = Report {
            program: self.name.to_string(),
            scenario: self.words.clone(),
            schedules: found.schedules,
            threads: found.threads,
            unfinished,
            notes,
            remarks,
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
                    Answer::Impossible { .. } if ends_in_a_part(&cut, log) => Answer::Possible,
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
        };
        if shorten_texts(&mut report) {
            let what = "texts of the program that are too long are shortened";
            report.notes.push(what.to_string());
        }
        report
    }
}

/// The most bytes of what the program prints that are reported in all: logs, and the prints of the
/// schedule that is shown.
const MOST_TEXT: usize = 256 << 10;

/// Bounds what a report has of the program's own texts. Says whether there was too much of them.
fn shorten_texts(report: &mut Report) -> bool {
    let examples = report
        .endings
        .iter_mut()
        .filter_map(|tally| tally.example.as_mut());
    let logs = examples.map(|example| &mut example.log);
    let logs = logs
        .chain(&mut report.first_log)
        .chain(&mut report.all_logs);
    let answers = report.answers.iter_mut().flat_map(|answer| match answer {
        Answer::Possible => Vec::new(),
        Answer::Impossible {
            found, possible, ..
        } => found.iter_mut().chain(possible).collect(),
    });
    let in_logs = shorten::all(logs.chain(answers), MOST_TEXT);
    let in_shown = report.shown.as_mut().is_some_and(shorten_prints);
    in_logs || in_shown
}

/// The same for an execution.
fn shorten_prints(execution: &mut Execution) -> bool {
    let events = execution.events.iter_mut().map(|event| &mut event.op);
    let pending = execution
        .threads
        .iter_mut()
        .filter_map(|thread| match &mut thread.state {
            ThreadState::Pending { op, .. } => Some(op),
            _ => None,
        });
    let prints = events.chain(pending).filter_map(|op| match op {
        Op::Output(output::Action::Print { text, .. }) => Some(text),
        _ => None,
    });
    shorten::all(prints, MOST_TEXT)
}

/// Whether a log ends in a part of a line, as it may when a thread is cut off while it prints.
fn ends_in_a_part(cut: &Language, log: &str) -> bool {
    let log = log.replace("\r\n", "\n");
    let log = log.strip_suffix('\n').unwrap_or(&log);
    let (whole, part) = log.split_at(log.rfind('\n').map_or(0, |newline| newline + 1));
    !part.is_empty() && cut.may_go_on(whole, &format!("{CUT}{part}"))
}

/// What is to be said where an execution has one of these remarks: the schedules seen are not all.
const NOTES: [(&str, &str); 6] = [
    (
        remarks::HALF_LINE,
        "where the process is aborted or hangs, the last half line is lost, and here threads print \
         beside each other: not all logs of that are among these",
    ),
    (
        remarks::CLOCK,
        "the program asks how much time has passed; here time passes only where a thread sleeps or \
         waits, and what it does at other times is not among these schedules",
    ),
    (
        remarks::PARK_AFTER_CHANNEL,
        "a thread parks that has waited at a channel before, and a channel of `std` may use up an \
         `unpark`, or leave one behind; here it does neither",
    ),
    (
        remarks::STOPS_READING,
        "the program reads from a client after it has shut the connection for reading; here there \
         is nothing any more, and on some systems what had arrived by then can still be read",
    ),
    (
        remarks::MAP_ORDER,
        "the program goes through a `HashMap` or a `HashSet`, whose order is up to chance; here it is \
         one of many, and what the program does in another is not among these schedules",
    ),
    (
        remarks::PARK_AFTER_SCOPE,
        "a `park` after a `thread::scope` may return at once, for the scope's last thread unparks \
         the one that waits; only schedules in which it waits are among these",
    ),
];

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
    if summary.held_back {
        let rounds = count(summary.rounds, "round");
        return Some(format!(
            "loops that wait were followed for {rounds} with nothing changed"
        ));
    }
    summary.given_up.then(|| {
        "threads that don't end were given up some time after `main` had returned".to_string()
    })
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
