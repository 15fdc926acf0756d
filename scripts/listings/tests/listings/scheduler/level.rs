//! A level of the page: what the explorer's graph says of a scenario, as the page shows it.

use super::json::{self, Value};
use interleave::explorer::wrap::Run;
use std::collections::{BTreeMap, BTreeSet};

/// Where the next line of the log can't come any more.
pub const OTHER_LOG: &str = "another log";

/// The graph of one scenario.
pub struct Level {
    pub scenario: String,
    pub threads: Vec<String>,
    pub states: Vec<State>,
    /// How many schedules the explorer counts.
    pub schedules: usize,
    /// The only log that is followed.
    pub log: Vec<String>,
    pub source: Vec<String>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    pub threads: Vec<Thread>,
    pub queue: Vec<String>,
    pub holder: Option<usize>,
    pub printed: Vec<Vec<String>>,
    pub end: Option<String>,
    /// Where each thread leads.
    pub leads: Vec<Option<Lead>>,
}

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Thread {
    pub line: usize,
    pub next: String,
    pub why: String,
}

/// A step: what it does, what it prints, and where it leads.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lead {
    pub to: usize,
    pub does: String,
    pub prints: Vec<String>,
}

/// A step, and where it begins.
pub struct Step<'a> {
    pub from: usize,
    pub thread: usize,
    pub lead: &'a Lead,
}

impl State {
    /// What the page shows of it, and where it leads. A message is known by its words there.
    fn seen(&self) -> State {
        let mut seen = self.clone();
        seen.printed.clear();
        for lead in seen.leads.iter_mut().flatten() {
            if let Some(place) = lead.does.find(": message ") {
                lead.does.truncate(place);
            }
        }
        seen
    }

    pub fn running(&self) -> usize {
        let runs = |thread: &&Thread| thread.next.starts_with("finish job");
        self.threads.iter().filter(runs).count()
    }
}

impl Level {
    /// Every state of a run of a listing with these lines; with `prints`, each print is a step of
    /// its own. Only the states on the way to `log`, if it isn't empty.
    pub fn new(source: Vec<String>, log: &str, run: Run, prints: bool) -> Level {
        let run = match log {
            "" => run,
            _ => run.contains(&[log]),
        };
        let schedules = match run.clone().report() {
            Ok(report) => report.schedules,
            Err(trouble) => panic!("{trouble}"),
        };
        let text = match run.graph(prints) {
            Ok(text) => text,
            Err(trouble) => panic!("{trouble}"),
        };
        let graph = json::parse(&text);
        let mut states = states(&graph, &source);
        add_steps(&graph, &mut states);
        for state in &mut states {
            for (thread, lead) in state.threads.iter_mut().zip(&state.leads) {
                // Nobody has to wait before a print.
                let waits = thread.next.starts_with("print `") && lead.is_none();
                if waits && !log.is_empty() {
                    thread.why = "the log has another line here".to_string();
                }
            }
            let stuck = state.leads.iter().all(Option::is_none);
            if stuck && state.end.is_none() {
                state.end = Some(OTHER_LOG.to_string());
            }
            assert_eq!(stuck, state.end.is_some());
        }
        let names = graph["threads"].list().iter();
        Level {
            scenario: graph["scenario"].text().to_string(),
            threads: names.map(|name| name.text().to_string()).collect(),
            log: log.lines().map(str::to_string).collect(),
            states: numbered_from(0, states),
            schedules,
            source,
        }
    }

    /// What is left after some steps, of the threads that are asked for.
    pub fn after(mut self, who: impl Fn(&[Thread]) -> Option<usize>) -> Level {
        let mut at = 0;
        while let Some(thread) = who(&self.states[at].threads) {
            let lead = self.states[at].leads[thread].as_ref();
            at = lead.expect("it can go on").to;
        }
        self.states = numbered_from(at, self.states);
        self
    }

    pub fn steps(&self) -> impl Iterator<Item = Step<'_>> {
        self.states.iter().enumerate().flat_map(|(from, state)| {
            let leads = state.leads.iter().enumerate();
            leads.filter_map(move |(thread, lead)| {
                let lead = lead.as_ref()?;
                Some(Step { from, thread, lead })
            })
        })
    }

    /// The states that can be reached from `start` by steps that are let through.
    pub fn reached_from(&self, start: usize, may: impl Fn(&Step) -> bool) -> BTreeSet<usize> {
        let mut leads: BTreeMap<usize, Vec<usize>> = BTreeMap::new();
        for step in self.steps().filter(may) {
            leads.entry(step.from).or_default().push(step.lead.to);
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
    pub fn ends(&self) -> BTreeMap<&str, usize> {
        let mut ends = BTreeMap::new();
        for state in self.reached_from(0, |_| true) {
            if let Some(end) = &self.states[state].end {
                *ends.entry(end.as_str()).or_default() += 1;
            }
        }
        ends
    }

    #[track_caller]
    pub fn always_ends(&self, end: &str) {
        assert_eq!(self.ends().into_keys().collect::<Vec<_>>(), [end]);
    }

    /// The states on a shortest way to this end, earlier threads first, and the threads that take
    /// the steps. Every lead of a state is there, and leads to the next one.
    pub fn shortest(&self, end: &str) -> Option<(Vec<State>, Vec<usize>)> {
        let mut came: BTreeMap<usize, (usize, usize)> = BTreeMap::new();
        let mut order = vec![0];
        let mut read = 0;
        while let Some(&state) = order.get(read) {
            if self.states[state].end.as_deref() == Some(end) {
                return Some(self.way(state, &came));
            }
            for (thread, lead) in self.states[state].leads.iter().enumerate() {
                let Some(Lead { to, .. }) = lead else {
                    continue;
                };
                came.entry(*to).or_insert_with(|| {
                    order.push(*to);
                    (state, thread)
                });
            }
            read += 1;
        }
        None
    }

    fn way(&self, end: usize, came: &BTreeMap<usize, (usize, usize)>) -> (Vec<State>, Vec<usize>) {
        let mut numbers = vec![end];
        let mut threads = Vec::new();
        while let Some(&(from, thread)) = came.get(&numbers[numbers.len() - 1]) {
            numbers.push(from);
            threads.push(thread);
        }
        numbers.reverse();
        threads.reverse();
        let state = |(place, &number): (usize, &usize)| {
            let mut state = self.states[number].seen();
            for lead in state.leads.iter_mut().flatten() {
                lead.to = place + 1;
            }
            state
        };
        let states = numbers.iter().enumerate().map(state);
        (states.collect(), threads)
    }

    /// The states with one for all that look and go on alike.
    pub fn merged(&self) -> Vec<State> {
        let mut known: BTreeMap<State, usize> = BTreeMap::new();
        let mut merged: Vec<State> = Vec::new();
        let mut numbers: Vec<Option<usize>> = vec![None; self.states.len()];
        let mut todo = vec![0];
        while let Some(&number) = todo.last() {
            let mut state = self.states[number].seen();
            let leads = state.leads.iter().flatten().map(|lead| lead.to);
            let before: Vec<usize> = leads.filter(|&to| numbers[to].is_none()).collect();
            if !before.is_empty() {
                todo.extend(before);
                continue;
            }
            todo.pop();
            for lead in state.leads.iter_mut().flatten() {
                lead.to = numbers[lead.to].expect("it was looked at before");
            }
            numbers[number] = Some(*known.entry(state.clone()).or_insert_with(|| {
                merged.push(state);
                merged.len() - 1
            }));
        }
        let start = numbers[0].expect("all were looked at");
        let merged = numbered_from(start, merged);
        alike(&merged, &self.states);
        merged
    }
}

fn states(graph: &Value, source: &[String]) -> Vec<State> {
    let texts = &graph["texts"];
    let word = |value: &Value| texts[value.number()].text().to_string();
    let message = |value: &Value| match word(value) {
        sent if sent.starts_with("sent at src/lib.rs:") => {
            let line: usize = sent[19..].parse().expect("a line");
            assert!(source[line - 1].contains("send(Message::Terminate)"));
            "Terminate".to_string()
        }
        job => job,
    };
    let state = |state: &Value| {
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
        let threads: Vec<Thread> = threads.collect();
        let holds = state["holds"].list();
        let queues = state["queues"].list();
        assert!(holds.len() <= 1 && queues.len() <= 1);
        let printed = state["printed"].list().iter();
        State {
            queue: queues
                .iter()
                .flat_map(|queue| queue[1].list().iter().map(message))
                .collect(),
            holder: holds.first().map(|hold| {
                assert_eq!(hold[1].list().len(), 1);
                hold[1][0].number()
            }),
            printed: printed
                .map(|lines| lines.list().iter().map(&word).collect())
                .collect(),
            end: state.get("end").map(&word),
            leads: vec![None; threads.len()],
            threads,
        }
    };
    graph["states"].list().iter().map(state).collect()
}

fn add_steps(graph: &Value, states: &mut [State]) {
    let texts = &graph["texts"];
    for step in graph["steps"].list() {
        let (from, thread, to) = (step[0].number(), step[1].number(), step[2].number());
        let does = texts[step[3].number()].text().to_string();
        // The page makes the log of the steps: nobody else prints meanwhile.
        let before = &states[from].printed;
        let after = &states[to].printed;
        for (other, (before, after)) in before.iter().zip(after).enumerate() {
            assert!(other == thread || before == after);
        }
        let prints = after[thread][before[thread].len()..].to_vec();
        let lead = &mut states[from].leads[thread];
        let drops = |does: &str| does == "drop the receiver of the channel";
        // The last owner of the receiver drops it as it ends, and the graph doesn't tell who is the
        // last. Here that is whoever has nothing else to do.
        match lead {
            Some(other) if drops(&other.does) => {}
            Some(_) if drops(&does) => continue,
            Some(_) => panic!("a thread has one way to go"),
            None => {}
        }
        *lead = Some(Lead { to, does, prints });
    }
}

/// The states that can be reached, in the order in which they are.
fn numbered_from(start: usize, mut states: Vec<State>) -> Vec<State> {
    let mut numbers = BTreeMap::from([(start, 0)]);
    let mut order = vec![start];
    let mut read = 0;
    while let Some(&number) = order.get(read) {
        for lead in states[number].leads.iter_mut().flatten() {
            lead.to = *numbers.entry(lead.to).or_insert_with(|| {
                order.push(lead.to);
                order.len() - 1
            });
        }
        read += 1;
    }
    order.iter().map(|&number| states[number].clone()).collect()
}

/// The same steps lead through both, and all that is seen on the way is the same.
fn alike(some: &[State], others: &[State]) {
    let mut pairs = BTreeSet::from([(0, 0)]);
    let mut todo = vec![(0, 0)];
    while let Some((here, there)) = todo.pop() {
        let (here, there) = (some[here].seen(), others[there].seen());
        let bare = |state: &State| State {
            leads: Vec::new(),
            ..state.clone()
        };
        assert!(bare(&here) == bare(&there));
        for lead in here.leads.iter().zip(&there.leads) {
            match lead {
                (None, None) => {}
                (Some(one), Some(other)) => {
                    assert_eq!((&one.does, &one.prints), (&other.does, &other.prints));
                    if pairs.insert((one.to, other.to)) {
                        todo.push((one.to, other.to));
                    }
                }
                _ => panic!("a step leads on in one of them only"),
            }
        }
    }
}
