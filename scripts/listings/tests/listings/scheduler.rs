//! The page on which the reader is the scheduler: its data is what the explorer finds, and what
//! its levels say of the listings is so.
//!
//! `INSTA_UPDATE=always` writes the data files anew.

mod json;

use crate::{expect::explored, real::LOG_2018};
use explore::wrap::Run;
use json::Value;
use listings::{catalogue, root};
use std::{
    collections::{BTreeMap, BTreeSet},
    env,
    fmt::Write,
    fs,
};

const FOLDER: &str = "book/src/scheduler";

/// Where the next line of the log can't come any more.
const OTHER_LOG: &str = "another log";

/// All scripts, styles and data of the page, in bytes.
const WEIGHT: u64 = 150_000;

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
    level.is_the_file("listing-20-26-single-loop");
}

#[test]
fn two_loops_are_never_stuck() {
    let level = Level::new("listing-20-25", |listing| explored(listing).pool(2, 1));
    level.always_ends("end normally");
    level.is_the_file("listing-20-25");
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
    level.is_the_file("listing-2021-20-24");
}

#[test]
fn while_let_never_runs_two_jobs_at_once() {
    let level = Level::new("listing-20-22", |listing| explored(listing).keep(2, 2));
    level.always_ends("wait for a client");
    let most = |level: &Level| level.states.iter().map(State::running).max();
    assert_eq!(most(&level), Some(1));
    level.is_the_file("listing-20-22");

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
    level.is_the_file("listing-2021-20-23");
}

/// The log of four workers, as it was once printed: from where all of them wait for a job.
#[test]
fn the_log_that_was_once_printed_can_be_printed_again() {
    let whole = Level::along(LOG_2018, "listing-20-26", |listing| {
        explored(listing).pool(4, 2)
    });
    let mut level = whole.after(|threads| {
        let ready = |next: &str| next.starts_with("print `") || next == "take the lock";
        threads.iter().position(|thread| !ready(&thread.next))
    });
    assert!(level.states[0].printed.iter().all(Vec::is_empty));
    assert_eq!(level.states[0].queue, ["job 0", "job 1"]);
    level.scenario += ": all workers have started, and both jobs are in the queue";
    let ends = level.ends();
    assert_eq!(
        ends.keys().copied().collect::<Vec<_>>(),
        [OTHER_LOG, "end normally"]
    );
    for state in level.states.iter().filter(|state| state.end.is_some()) {
        let lines: usize = state.printed.iter().map(Vec::len).sum();
        let all = lines == LOG_2018.lines().count();
        assert_eq!(all, state.end.as_deref() == Some("end normally"));
    }
    level.is_the_file("listing-20-26-log");
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
    /// The only log that is followed.
    log: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
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
    /// What the page shows of it, and where it leads. A message is known by its words there.
    fn seen(&self) -> State {
        let mut seen = self.clone();
        seen.printed.clear();
        for (_, does) in seen.leads.iter_mut().flatten() {
            if let Some(place) = does.find(": message ") {
                does.truncate(place);
            }
        }
        seen
    }

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
        Level::along("", listing, run)
    }

    /// Only the states on the way to this log, if it isn't empty.
    fn along(log: &str, listing: &str, run: impl Fn(&str) -> Run<'static>) -> Level {
        let run = match log {
            "" => run(listing),
            _ => run(listing).contains(&[log]),
        };
        let text = match run.graph() {
            Ok(text) => text,
            Err(trouble) => panic!("{listing}: {trouble}"),
        };
        let graph = json::parse(&text);
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
        for state in &mut states {
            for (thread, lead) in state.threads.iter_mut().zip(&state.leads) {
                // Nobody has to wait before a print.
                if thread.next.starts_with("print `") && lead.is_none() {
                    thread.why = "the log has another line here".to_string();
                }
            }
            let stuck = state.leads.iter().all(Option::is_none);
            if stuck && state.end.is_none() {
                state.end = Some(OTHER_LOG.to_string());
            }
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
            log: log.lines().map(str::to_string).collect(),
            states: numbered_from(0, states),
        }
    }

    /// What is left after some steps, of the threads that are asked for.
    fn after(mut self, who: impl Fn(&[Thread]) -> Option<usize>) -> Level {
        let mut at = 0;
        while let Some(thread) = who(&self.states[at].threads) {
            let lead = self.states[at].leads[thread].as_ref();
            at = lead.expect("it can go on").0;
        }
        self.states = numbered_from(at, self.states);
        self
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

    /// The level with one state for all that look and go on alike.
    fn merged(&self) -> Level {
        let mut known: BTreeMap<State, usize> = BTreeMap::new();
        let mut merged: Vec<State> = Vec::new();
        let mut numbers: Vec<Option<usize>> = vec![None; self.states.len()];
        let mut todo = vec![0];
        while let Some(&number) = todo.last() {
            let mut state = self.states[number].seen();
            let unknown = |to: &usize| numbers[*to].is_none();
            let leads = state.leads.iter().flatten().map(|&(to, _)| to);
            let before: Vec<usize> = leads.filter(unknown).collect();
            if !before.is_empty() {
                todo.extend(before);
                continue;
            }
            todo.pop();
            for (to, _) in state.leads.iter_mut().flatten() {
                *to = numbers[*to].expect("it was looked at before");
            }
            numbers[number] = Some(*known.entry(state.clone()).or_insert_with(|| {
                merged.push(state);
                merged.len() - 1
            }));
        }
        let start = numbers[0].expect("all were looked at");
        let level = Level {
            listing: self.listing.clone(),
            scenario: self.scenario.clone(),
            threads: self.threads.clone(),
            log: self.log.clone(),
            states: numbered_from(start, merged),
        };
        level.is_like(self);
        level
    }

    /// The same steps lead through both, and all that is seen on the way is the same.
    fn is_like(&self, other: &Level) {
        let mut pairs = BTreeSet::from([(0, 0)]);
        let mut todo = vec![(0, 0)];
        while let Some((here, there)) = todo.pop() {
            let (here, there) = (self.states[here].seen(), other.states[there].seen());
            let bare = |state: &State| State {
                leads: Vec::new(),
                ..state.clone()
            };
            assert!(bare(&here) == bare(&there));
            for lead in here.leads.iter().zip(&there.leads) {
                match lead {
                    (None, None) => {}
                    (Some((to, does)), Some((other, words))) => {
                        assert_eq!(does, words);
                        if pairs.insert((*to, *other)) {
                            todo.push((*to, *other));
                        }
                    }
                    _ => panic!("a step leads on in one of them only"),
                }
            }
        }
    }

    /// The page's data on this level is what it should be.
    #[track_caller]
    fn is_the_file(&self, name: &str) {
        let path = root().join(FOLDER).join(format!("{name}.js"));
        let expected = self.script(name);
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

    /// The data as a script, which a page can load from a file too. Every state is a row of
    /// digits: what each thread is about to do (a row of `places`), the queue (of `queues`), and
    /// for each thread that can go on two digits, the distance to the row that it leads to; where
    /// none can, the end (of `texts`). A place is a line or 0, what comes next, why it can't or
    /// -1, what the thread then does or -1, and whether it holds the lock.
    fn script(&self, name: &str) -> String {
        let mut texts: Numbers<String> = Numbers::default();
        let mut places: Numbers<String> = Numbers::default();
        let mut queues: Numbers<String> = Numbers::default();
        let mut rows = String::new();
        let digits = digits();
        let digit = |number: usize| digits.get(number).expect("there are enough digits");
        for (number, state) in self.merged().states.iter().enumerate() {
            for (thread, lead) in state.leads.iter().enumerate() {
                let Thread { line, next, why } = &state.threads[thread];
                let next = texts.number(next);
                let mut or_none = |text: Option<&String>| match text {
                    Some(text) => texts.number(text).to_string(),
                    None => "-1".to_string(),
                };
                let why = or_none(Some(why).filter(|why| !why.is_empty()));
                let does = or_none(lead.as_ref().map(|(_, does)| does));
                let holds = usize::from(state.holder == Some(thread));
                let place = format!("[{line},{next},{why},{does},{holds}]");
                rows.push(*digit(places.number(&place)));
            }
            let messages = state.queue.iter().map(|text| texts.number(text));
            let messages: Vec<String> = messages.map(|number| number.to_string()).collect();
            let queue = queues.number(&format!("[{}]", messages.join(",")));
            rows.push(*digit(queue));
            for (to, _) in state.leads.iter().flatten() {
                let distance = to.checked_sub(number).expect("it leads on");
                rows.push(*digit(distance / digits.len()));
                rows.push(*digit(distance % digits.len()));
            }
            if let Some(end) = &state.end {
                rows.push(*digit(texts.number(end)));
            }
            rows.push('\n');
        }
        let quoted = |texts: &[String]| {
            let texts = texts.iter().map(|text| json::quoted(text));
            texts.collect::<Vec<_>>().join(",\n")
        };
        let lines = match self.log.as_slice() {
            [] => format!("[\n{}\n]", quoted(&source(&self.listing))),
            _ => {
                assert_eq!(source(&self.listing), source("listing-20-25"));
                "globalThis.schedules[\"listing-20-25\"].source".to_string()
            }
        };
        let mut script = String::from(
            "// Made by scripts/listings/tests/listings/scheduler.rs from what the explorer finds.\n",
        );
        let _ = write!(
            script,
            "(globalThis.schedules ??= {{}})[{}] = {{\nlisting: {},\nscenario: {},\n\
             threads: [{}],\nstates: {},\nsteps: {},\nsource: {lines},\nlog: [\n{}\n],\n\
             texts: [\n{}\n],\nplaces: [{}],\nqueues: [{}],\nrows: `\n{rows}`,\n}};\n",
            json::quoted(name),
            json::quoted(&self.listing),
            json::quoted(&self.scenario),
            quoted(&self.threads).replace('\n', ""),
            self.states.len(),
            self.steps().count(),
            quoted(&self.log),
            quoted(&texts.order),
            places.order.join(","),
            queues.order.join(","),
        );
        script
    }
}

/// The digits of a row: what can stand in a script as it is.
fn digits() -> Vec<char> {
    ('!'..='~')
        .filter(|digit| !matches!(digit, '$' | '\\' | '`'))
        .collect()
}

/// The states that can be reached, in the order in which they are.
fn numbered_from(start: usize, mut states: Vec<State>) -> Vec<State> {
    let mut numbers = BTreeMap::from([(start, 0)]);
    let mut order = vec![start];
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
    numbers: BTreeMap<T, usize>,
    order: Vec<T>,
}

impl<T: Ord + Clone> Numbers<T> {
    fn number(&mut self, thing: &T) -> usize {
        if let Some(&number) = self.numbers.get(thing) {
            return number;
        }
        let number = self.order.len();
        self.numbers.insert(thing.clone(), number);
        self.order.push(thing.clone());
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
