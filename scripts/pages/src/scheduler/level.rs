//! A level of the page: what the explorer's graph says of a scenario, as the page shows it.

use explore::wrap::Run;
use interleave::json::Json;
use std::collections::{BTreeMap, BTreeSet};

/// Where the next line of the log can't come any more.
pub const OTHER_LOG: &str = "another log";

/// The graph of one scenario.
pub struct Level {
    /// What is done with the pool.
    pub scenario: String,
    /// The names of the threads.
    pub threads: Vec<String>,
    /// The states; the first is the one at the start.
    pub states: Vec<State>,
    /// How many schedules the explorer counts, if the page says so.
    pub schedules: Option<usize>,
    /// The only log that is followed.
    pub log: Vec<String>,
    /// The lines of the library.
    pub source: Vec<String>,
}

/// Where all threads are, and what they share.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct State {
    /// Where each thread is.
    pub threads: Vec<Thread>,
    /// The messages, the first one at the front.
    pub queue: Vec<String>,
    /// Who holds the lock.
    pub holder: Option<usize>,
    /// What each thread has printed.
    pub printed: Vec<Vec<String>>,
    /// How it ends, where it ends.
    pub end: Option<String>,
    /// Where each thread leads.
    pub leads: Vec<Option<Lead>>,
}

/// Where a thread is.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Thread {
    /// The line of the library, or 0 outside of it.
    pub line: usize,
    /// What it does next.
    pub next: String,
    /// Why it can't, if it can't.
    pub why: String,
}

/// A step: what it does, what it prints, and where it leads.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Lead {
    /// The state that it leads to.
    pub to: usize,
    /// What it does.
    pub does: String,
    /// The lines that it prints.
    pub prints: Vec<String>,
}

/// A step, and where it begins.
pub struct Step<'a> {
    /// The state in which it begins.
    pub from: usize,
    /// The thread that takes it.
    pub thread: usize,
    /// The step itself.
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

    /// How many jobs run.
    pub fn running(&self) -> usize {
        let runs = |thread: &&Thread| thread.next.starts_with("finish job");
        self.threads.iter().filter(runs).count()
    }
}

impl Level {
    /// Every state of a run of a listing with these lines; with `prints`, each print is a step of
    /// its own. Only the states on the way to `log`, if it isn't empty.
    ///
    /// Panics, saying why, if it can't be explored.
    pub fn new(source: Vec<String>, log: &str, run: Run, prints: bool) -> Level {
        // A busy machine may need longer than the usual minute.
        let run = run.seconds(300);
        let run = match log {
            "" => run,
            _ => run.contains(&[log]),
        };
        let text = match run.graph() {
            Ok(text) => text,
            Err(trouble) => panic!("{trouble}"),
        };
        let graph = Json::parse(&text).unwrap_or_else(|error| panic!("the graph: {error}"));
        let mut states = states(&graph, &source);
        add_steps(&graph, &mut states);
        if !prints {
            fold_prints(&mut states);
        }
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
        let names = list(member(&graph, "threads")).iter();
        Level {
            scenario: word(member(&graph, "scenario")).to_string(),
            threads: names.map(|name| word(name).to_string()).collect(),
            log: log.lines().map(str::to_string).collect(),
            states: numbered_from(0, states),
            schedules: None,
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

    /// All steps.
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

    /// Every way ends like this.
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

/// What the graph is made of. The explorer wrote it, so anything else is a mistake in one of us.
fn member<'a>(object: &'a Json, name: &str) -> &'a Json {
    object
        .get(name)
        .unwrap_or_else(|| panic!("no {name} in {object}"))
}

fn list(value: &Json) -> &[Json] {
    value
        .as_list()
        .unwrap_or_else(|| panic!("no list: {value}"))
}

fn number(value: &Json) -> usize {
    let number = value.as_number().and_then(|number| number.try_into().ok());
    number.unwrap_or_else(|| panic!("no number: {value}"))
}

fn word(value: &Json) -> &str {
    value
        .as_text()
        .unwrap_or_else(|| panic!("no text: {value}"))
}

fn states(graph: &Json, source: &[String]) -> Vec<State> {
    let texts = list(member(graph, "texts"));
    let text = |value: &Json| word(&texts[number(value)]).to_string();
    let message = |value: &Json| match text(value) {
        sent if sent.starts_with("sent at src/lib.rs:") => {
            let line: usize = sent[19..].parse().expect("a line");
            assert!(source[line - 1].contains("send(Message::Terminate)"));
            "Terminate".to_string()
        }
        job => job,
    };
    let thread = |thread: &Json| Thread {
        line: thread.get("line").map_or(0, number),
        next: match (thread, thread.get("ended")) {
            (Json::Null, _) => "not created yet".to_string(),
            (_, Some(Json::Bool(true))) => "panicked".to_string(),
            (_, Some(_)) => "ended".to_string(),
            (_, None) => text(member(thread, "next")),
        },
        why: thread.get("why").map_or(String::new(), text),
    };
    let state = |state: &Json| {
        let threads: Vec<Thread> = list(member(state, "threads")).iter().map(thread).collect();
        let holds = list(member(state, "holds"));
        let queues = list(member(state, "queues"));
        assert!(holds.len() <= 1 && queues.len() <= 1);
        let messages = queues.iter().flat_map(|queue| list(&list(queue)[1]));
        let printed = list(member(state, "printed")).iter();
        State {
            queue: messages.map(message).collect(),
            holder: holds.first().map(|hold| {
                let holders = list(&list(hold)[1]);
                assert_eq!(holders.len(), 1);
                number(&holders[0])
            }),
            printed: printed
                .map(|lines| list(lines).iter().map(text).collect())
                .collect(),
            end: state.get("end").map(text),
            leads: vec![None; threads.len()],
            threads,
        }
    };
    list(member(graph, "states")).iter().map(state).collect()
}

fn add_steps(graph: &Json, states: &mut [State]) {
    let texts = list(member(graph, "texts"));
    for step in list(member(graph, "steps")) {
        let step = list(step);
        let (from, thread, to) = (number(&step[0]), number(&step[1]), number(&step[2]));
        let does = word(&texts[number(&step[3])]).to_string();
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

/// Lets each print go with the step before it. Nobody waits for a print, and none prints first.
fn fold_prints(states: &mut [State]) {
    let whole: Vec<State> = states.to_vec();
    let print = |at: usize, thread: usize| {
        let lead = whole[at].leads[thread].as_ref()?;
        lead.does.starts_with("print `").then_some(lead)
    };
    for state in states.iter_mut() {
        for (thread, lead) in state.leads.iter_mut().enumerate() {
            let Some(lead) = lead else { continue };
            while let Some(next) = print(lead.to, thread) {
                lead.prints.extend_from_slice(&next.prints);
                lead.to = next.to;
            }
        }
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
