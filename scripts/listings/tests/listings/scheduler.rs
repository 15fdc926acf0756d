//! The page on which the reader is the scheduler: its data is what the explorer finds, and what
//! its levels say of the listings is so.
//!
//! `INSTA_UPDATE=always` writes the data files anew.

mod json;

use crate::expect::explored;
use interleave::explorer::wrap::Run;
use json::Value;
use listings::{catalogue, root};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write,
    fs,
};

const FOLDER: &str = "book/src/scheduler";

/// All scripts, styles and data of the page, in bytes.
const WEIGHT: u64 = 150_000;

/// Lines that were once printed by four workers, without those of workers 1 and 2, who got no job;
/// worker 3 is worker 1 here.
const PRINTED: [&str; 9] = [
    "Worker 0 got a job; executing.",
    "Worker 1 got a job; executing.",
    "Shutting down.",
    "Sending terminate message to all workers.",
    "Shutting down all workers.",
    "Shutting down worker 0",
    "Worker 0 was told to terminate.",
    "Worker 1 was told to terminate.",
    "Shutting down worker 1",
];

#[test]
fn one_loop_may_deadlock_and_may_end() {
    let level = Level::new("listing-20-26-single-loop", |listing| {
        explored(listing).pool(2, 1)
    });
    let ends = level.ends();
    assert_eq!(
        ends.keys().copied().collect::<Vec<_>>(),
        ["deadlock", "end normally"]
    );
    level.is_the_file("listing-20-26-single-loop", &[]);
}

#[test]
fn two_loops_are_never_stuck() {
    let level = Level::new("listing-20-25", |listing| explored(listing).pool(2, 1));
    level.always_ends("end normally");
    level.is_the_file("listing-20-25", &[]);
}

/// The channel may be closed with the job still in it, and then the job is done all the same.
#[test]
fn a_closed_channel_hands_out_its_jobs() {
    let level = Level::new("listing-2021-20-24", |listing| explored(listing).pool(2, 1));
    level.always_ends("end normally");
    let early = level
        .steps()
        .filter(|step| step.does == "drop a sender of the channel")
        .filter(|step| !level.states[step.from].queue.is_empty());
    assert!(early.count() > 0);
    // Without the step that finishes the job no end can be reached.
    let reached = level.reached(|step| step.does != "finish job 0");
    assert!(
        reached
            .iter()
            .all(|&state| level.states[state].end.is_none())
    );
    level.is_the_file("listing-2021-20-24", &[]);
}

#[test]
fn while_let_never_runs_two_jobs_at_once() {
    let level = Level::new("listing-20-22", |listing| explored(listing).keep(2, 2));
    level.always_ends("wait for a client");
    let most = |level: &Level| level.states.iter().map(State::running).max();
    assert_eq!(most(&level), Some(1));
    level.is_the_file("listing-20-22", &[]);

    // Two jobs are enough to see it: the listing before runs them at once.
    let name = "listing-20-21-a-boxed-fnonce";
    let before = Level::new(name, |listing| explored(listing).keep(2, 2));
    assert_eq!(most(&before), Some(2));
}

/// Either worker may notice first that the channel is closed; the other one panics on the lock.
#[test]
fn either_worker_may_panic_first() {
    let level = Level::new("listing-2021-20-23", |listing| explored(listing).pool(2, 1));
    level.always_ends("main panics");
    let first = |step: &Step| step.does == "receive from the channel: the other side is gone";
    let threads: BTreeSet<usize> = level
        .steps()
        .filter(first)
        .map(|step| step.thread)
        .collect();
    assert_eq!(threads, BTreeSet::from([1, 2]));
    for step in level.steps().filter(first) {
        let after = level.reached_from(step.to, |_| true);
        let again = |step: &Step| after.contains(&step.from) && first(step);
        assert!(!level.steps().any(|step| again(&step)));
    }
    level.is_the_file("listing-2021-20-23", &[]);
}

#[test]
fn the_log_that_was_once_printed_can_be_printed_again() {
    let level = Level::new("listing-20-25", |listing| explored(listing).pool(2, 2));
    level.always_ends("end normally");
    let level = level.only(&PRINTED);
    assert!(level.ends().contains_key("end normally"));
    level.is_the_file("listing-20-25-log", &PRINTED);
}

#[test]
fn the_page_is_light() {
    let files = fs::read_dir(root().join(FOLDER)).expect("the folder can be read");
    let sizes = files.map(|file| {
        let file = file.expect("the folder can be read");
        file.metadata().expect("the file can be read").len()
    });
    let weight: u64 = sizes.sum();
    assert!(weight < WEIGHT, "{weight} bytes");
}

/// The graph of one scenario.
struct Level {
    listing: String,
    scenario: String,
    threads: Vec<String>,
    states: Vec<State>,
}

#[derive(Clone)]
struct State {
    threads: Vec<Thread>,
    queue: Vec<String>,
    holder: Option<usize>,
    printed: Vec<Vec<String>>,
    end: Option<String>,
    /// Where each thread leads, and what it does on the way.
    leads: Vec<Option<(usize, String)>>,
}

impl State {
    fn running(&self) -> usize {
        let runs = |thread: &&Thread| thread.next.starts_with("finish job");
        self.threads.iter().filter(runs).count()
    }
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
struct Thread {
    line: usize,
    next: String,
    why: String,
}

struct Step {
    from: usize,
    thread: usize,
    to: usize,
    does: String,
}

impl Level {
    fn new(listing: &str, run: impl Fn(&str) -> Run<'static>) -> Level {
        let text = match run(listing).graph(true) {
            Ok(text) => text,
            Err(trouble) => panic!("{listing}: {trouble}"),
        };
        let graph = json::parse(&text);
        assert_eq!(graph["prints"], Value::Bool(true));
        let source = source(listing);
        let texts = &graph["texts"];
        let word = |value: &Value| texts[value.number()].text().to_string();
        let mut states: Vec<State> = graph["states"]
            .list()
            .iter()
            .map(|state| {
                let threads = state["threads"].list().iter().map(|thread| Thread {
                    line: thread.get("line").map_or(0, Value::number),
                    next: match (thread, thread.get("ended")) {
                        (Value::Null, _) => "not created yet".to_string(),
                        (_, Some(Value::Bool(true))) => "panicked".to_string(),
                        (_, Some(_)) => "ended".to_string(),
                        (_, None) => word(&thread["next"]),
                    },
                    why: thread.get("why").map_or(String::new(), &word),
                });
                let holds = state["holds"].list();
                let queues = state["queues"].list();
                assert!(holds.len() <= 1 && queues.len() <= 1);
                let message = |value: &Value| match word(value) {
                    sent if sent.starts_with("sent at src/lib.rs:") => {
                        let line: usize = sent[19..].parse().expect("a line");
                        assert!(source[line - 1].contains("send(Message::Terminate)"));
                        "Terminate".to_string()
                    }
                    job => job,
                };
                State {
                    threads: threads.collect(),
                    queue: queues
                        .iter()
                        .flat_map(|queue| queue[1].list().iter().map(message))
                        .collect(),
                    holder: holds.first().map(|hold| {
                        assert_eq!(hold[1].list().len(), 1);
                        hold[1][0].number()
                    }),
                    printed: state["printed"]
                        .list()
                        .iter()
                        .map(|lines| lines.list().iter().map(&word).collect())
                        .collect(),
                    end: state.get("end").map(&word),
                    leads: vec![None; state["threads"].list().len()],
                }
            })
            .collect();
        for step in graph["steps"].list() {
            let (from, thread, to) = (step[0].number(), step[1].number(), step[2].number());
            let does = word(&step[3]);
            // The page makes the log of the steps.
            let mut printed = states[from].printed.clone();
            if let Some(line) = does.strip_prefix("print `") {
                let line = line.strip_suffix('`').expect("the whole line");
                printed[thread].push(line.to_string());
            }
            assert_eq!(printed, states[to].printed);
            let lead = &mut states[from].leads[thread];
            let drops = |does: &str| does == "drop the receiver of the channel";
            match lead {
                None => *lead = Some((to, does)),
                // The last owner of the receiver drops it as it ends, and the graph doesn't tell
                // who is the last. Here that is whoever has nothing else to do.
                Some((_, other)) if drops(other) => *lead = Some((to, does)),
                Some(_) => assert!(drops(&does), "a thread has one way to go"),
            }
        }
        for state in &states {
            let stuck = state.leads.iter().all(Option::is_none);
            assert_eq!(stuck, state.end.is_some());
        }
        Level {
            listing: listing.to_string(),
            scenario: graph["scenario"].text().to_string(),
            threads: graph["threads"]
                .list()
                .iter()
                .map(|name| name.text().to_string())
                .collect(),
            states: numbered_anew(states),
        }
    }

    fn steps(&self) -> impl Iterator<Item = Step> + '_ {
        self.states.iter().enumerate().flat_map(|(from, state)| {
            let leads = state.leads.iter().enumerate();
            leads.filter_map(move |(thread, lead)| {
                let (to, does) = lead.clone()?;
                Some(Step {
                    from,
                    thread,
                    to,
                    does,
                })
            })
        })
    }

    fn reached(&self, may: impl Fn(&Step) -> bool) -> BTreeSet<usize> {
        self.reached_from(0, may)
    }

    fn reached_from(&self, start: usize, may: impl Fn(&Step) -> bool) -> BTreeSet<usize> {
        let mut leads: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for step in self.steps().filter(may) {
            leads.entry(step.from).or_default().push(step.to);
        }
        let mut reached = BTreeSet::from([start]);
        let mut todo = vec![start];
        while let Some(state) = todo.pop() {
            for &to in leads.get(&state).into_iter().flatten() {
                if reached.insert(to) {
                    todo.push(to);
                }
            }
        }
        reached
    }

    /// How many states there are of each end, all of which can be reached.
    fn ends(&self) -> BTreeMap<&str, usize> {
        let mut ends = BTreeMap::new();
        for state in self.reached(|_| true) {
            if let Some(end) = &self.states[state].end {
                *ends.entry(end.as_str()).or_default() += 1;
            }
        }
        ends
    }

    fn always_ends(&self, end: &str) {
        assert_eq!(self.ends().into_keys().collect::<Vec<_>>(), [end]);
    }

    /// The states on the way to this log. A thread that would print another line than the next one
    /// waits.
    fn only(&self, log: &[&str]) -> Level {
        let mut states = self.states.clone();
        for state in &mut states {
            let so_far: usize = state.printed.iter().map(Vec::len).sum();
            let next = log.get(so_far).map(|line| format!("print `{line}`"));
            for (thread, lead) in state.threads.iter_mut().zip(&mut state.leads) {
                let other = |(_, does): &mut (usize, String)| {
                    does.starts_with("print `") && Some(&*does) != next.as_ref()
                };
                if lead.as_mut().is_some_and(other) {
                    *lead = None;
                    thread.why = "the log has another line here".to_string();
                }
            }
            if state.end.is_none() && state.leads.iter().all(Option::is_none) {
                state.end = Some("another log".to_string());
            }
        }
        Level {
            listing: self.listing.clone(),
            scenario: self.scenario.clone(),
            threads: self.threads.clone(),
            states: numbered_anew(states),
        }
    }

    /// The page's data on this level is what it should be.
    #[track_caller]
    fn is_the_file(&self, name: &str, log: &[&str]) {
        let path = root().join(FOLDER).join(format!("{name}.js"));
        let expected = self.script(name, log);
        if env::var("INSTA_UPDATE").is_ok_and(|update| update == "always") {
            fs::write(&path, &expected).expect("the file can be written");
        }
        let file = fs::read_to_string(&path).unwrap_or_default();
        assert!(
            file.replace("\r\n", "\n") == expected,
            "{FOLDER}/{name}.js is not what the explorer says; \
             `INSTA_UPDATE=always cargo test` writes it anew"
        );
    }

    /// The data as a script, which a page can load from a file too. Every state is a row: what
    /// each thread is about to do (a row of `places`), the queue (of `queues`), the thread that
    /// holds the lock or -1, the end (of `texts`) or -1; and for each thread that can go on the
    /// distance to the state that it leads to. A place is a line or 0, what comes next, why it
    /// can't or -1, and what the thread then does or -1.
    fn script(&self, name: &str, log: &[&str]) -> String {
        let mut texts: Numbers<String> = Numbers::default();
        let mut places: Numbers<String> = Numbers::default();
        let mut queues: Numbers<String> = Numbers::default();
        let mut rows = Vec::new();
        for (number, state) in self.states.iter().enumerate() {
            let mut row = Vec::new();
            for (thread, lead) in state.threads.iter().zip(&state.leads) {
                let next = texts.number(thread.next.clone());
                let why = if thread.why.is_empty() {
                    -1
                } else {
                    texts.number(thread.why.clone())
                };
                let does = match lead {
                    Some((_, does)) => texts.number(does.clone()),
                    None => -1,
                };
                row.push(places.number(format!("[{},{next},{why},{does}]", thread.line)));
            }
            let messages = state.queue.iter().map(|text| texts.number(text.clone()));
            let messages: Vec<String> = messages.map(|number| number.to_string()).collect();
            row.push(queues.number(format!("[{}]", messages.join(","))));
            row.push(state.holder.map_or(-1, |thread| thread as i64));
            row.push(
                state
                    .end
                    .as_ref()
                    .map_or(-1, |end| texts.number(end.clone())),
            );
            let leads = state.leads.iter().flatten();
            row.extend(leads.map(|(to, _)| *to as i64 - number as i64));
            let row: Vec<String> = row.iter().map(i64::to_string).collect();
            rows.push(format!("[{}]", row.join(",")));
        }
        let quoted = |texts: &[String]| {
            let texts = texts.iter().map(|text| json::quoted(text));
            texts.collect::<Vec<_>>().join(",\n")
        };
        let owned: Vec<String> = log.iter().map(|line| line.to_string()).collect();
        let mut script = String::from(
            "// Made by scripts/listings/tests/listings/scheduler.rs from what the explorer finds.\n",
        );
        let _ = write!(
            script,
            "(globalThis.schedules ??= {{}})[{}] = {{\nlisting: {},\nscenario: {},\n\
             threads: [{}],\nsource: [\n{}\n],\nlog: [\n{}\n],\ntexts: [\n{}\n],\n\
             places: [{}],\nqueues: [{}],\nstates: [\n{}\n],\n}};\n",
            json::quoted(name),
            json::quoted(&self.listing),
            json::quoted(&self.scenario),
            quoted(&self.threads).replace('\n', ""),
            quoted(&source(&self.listing)),
            quoted(&owned),
            quoted(&texts.order),
            places.order.join(","),
            queues.order.join(","),
            rows.join(",\n"),
        );
        script
    }
}

/// The states that can be reached, in the order in which they are.
fn numbered_anew(mut states: Vec<State>) -> Vec<State> {
    let mut numbers = BTreeMap::from([(0, 0)]);
    let mut order = vec![0];
    let mut read = 0;
    while let Some(&number) = order.get(read) {
        for (to, _) in states[number].leads.iter_mut().flatten() {
            *to = *numbers.entry(*to).or_insert_with(|| {
                order.push(*to);
                order.len() - 1
            });
        }
        read += 1;
    }
    order.iter().map(|&number| states[number].clone()).collect()
}

/// Things, numbered as they are met.
#[derive(Default)]
struct Numbers<T> {
    numbers: BTreeMap<T, i64>,
    order: Vec<T>,
}

impl<T: Ord + Clone> Numbers<T> {
    fn number(&mut self, thing: T) -> i64 {
        if let Some(&number) = self.numbers.get(&thing) {
            return number;
        }
        let number = self.order.len() as i64;
        self.numbers.insert(thing.clone(), number);
        self.order.push(thing);
        number
    }
}

/// The lines of a listing's library.
fn source(name: &str) -> Vec<String> {
    let found = catalogue::named(name);
    let Ok(listing) = found else {
        panic!("there is no {name}");
    };
    let text = fs::read_to_string(listing.folder().join("src/lib.rs"));
    let text = text.expect("the file can be read");
    text.lines().map(str::to_string).collect()
}
