//! What the explorer says of a program.

pub use interleave as std;

#[path = "interpreter.rs"]
mod interpreter;

use crate::program::{Client, Program};
use crate::seen::{End, Outcome, Outcomes, Recorder};
use ::std::collections::{BTreeMap, BTreeSet};
use ::std::sync::{Arc, Mutex};
use interleave::explorer::explain::FewestSwitches;
use interleave::explorer::logs::{Logs, Print};
use interleave::explorer::{self, Config, Execution, Explorer, Op, Stream, Summary, Then};
use interleave::primitives::output::Action;

mod hooks {
    use super::std;
    use crate::seen::Recorder;

    pub fn pause(_: &Recorder) {}

    pub fn listen(_: &Recorder) -> std::net::TcpListener {
        std::net::TcpListener::bind("127.0.0.1:0").unwrap()
    }

    pub fn print(_: &Recorder, text: &str) {
        std::print!("{text}");
    }

    pub fn lock_output(_: &Recorder) -> std::io::StdoutLock<'static> {
        std::io::stdout().lock()
    }

    pub fn marker() {
        std::explorer::marker("marker");
    }

    /// A step of its own, which a thread that is unwound because the run has
    /// ended doesn't get past.
    pub fn caught() {
        std::explorer::job_finished(0);
    }

    pub fn exit(_: &Recorder, _: usize) -> ! {
        std::process::exit(3)
    }
}

/// What an exploration has found.
pub struct Found {
    pub outcomes: Outcomes,
    /// The logs of each end, as they are read from the traces.
    pub logs: BTreeMap<End, BTreeSet<String>>,
    pub summary: Summary,
    /// The traces up to each point at which `main` may return.
    pub cuts: BTreeSet<u128>,
    /// How many traces were run more than once.
    pub twice: usize,
}

/// Explores `program`; `growing` as `cargo listings explore` does.
pub fn explore(program: &Arc<Program>, config: Config, growing: bool) -> Found {
    let recorder = Arc::new(Recorder::new());
    let mut explorer = explorer(program, config, &recorder);
    let (mut collected, summary) = if growing {
        explorer.explore_growing(Collected::default, &mut |seen, run| {
            seen.add(run, &recorder);
        })
    } else {
        let mut collected = Collected::default();
        let summary = explorer.explore(&mut |run| collected.add(run, &recorder));
        (collected, summary)
    };
    for schedule in ::std::mem::take(&mut collected.left) {
        let execution = explorer.replay(&schedule);
        collected.add_outcome(&execution, &recorder);
    }
    let language = |logs: Logs| logs.language().iter().collect::<BTreeSet<String>>();
    let outcomes = collected.outcomes.into_iter();
    let logs = collected.logs.into_iter();
    Found {
        outcomes: outcomes
            .map(|(seen, logs)| (seen, language(logs)))
            .collect(),
        logs: logs.map(|(end, logs)| (end, language(logs))).collect(),
        summary,
        cuts: collected.cuts,
        twice: collected.twice,
    }
}

/// One that runs `program`.
pub fn explorer(program: &Arc<Program>, config: Config, recorder: &Arc<Recorder>) -> Explorer {
    let (program, recorder) = (Arc::clone(program), Arc::clone(recorder));
    let keep = Mutex::new(None);
    crate::real::be_quiet();
    let config = Config {
        clients: program.clients.iter().map(client).collect(),
        ..config
    };
    Explorer::new(config, move || {
        recorder.begin(program.threads.len());
        interpreter::run(&program, &recorder, &keep);
    })
}

fn client(client: &Client) -> explorer::Client {
    explorer::Client {
        sends: (1..=client.sends as u8).collect(),
        then: match client.hangs_up {
            true => Then::HangsUp,
            false => Then::Waits,
        },
    }
}

#[derive(Default)]
struct Collected {
    outcomes: BTreeMap<Outcome, Logs>,
    logs: BTreeMap<End, Logs>,
    traces: BTreeSet<u128>,
    cuts: BTreeSet<u128>,
    /// One schedule up to each point at which `main` may return.
    left: Vec<Vec<u16>>,
    twice: usize,
}

impl Collected {
    fn add(&mut self, execution: &Execution, recorder: &Recorder) {
        self.twice += usize::from(!self.traces.insert(execution.trace()));
        let returned = execution.returned();
        let clock = returned.map(|at| &execution.events[at].clock[..]);
        let logs = self.logs.entry(end(&execution.end)).or_default();
        logs.add_cuts(&prints(execution), clock);
        match returned {
            Some(at) => self.add_cuts(execution, at),
            None => {
                self.cuts.insert(execution.trace());
                self.add_outcome(execution, recorder);
            }
        }
    }

    /// Notes every set of events that `main` may leave behind when it returns.
    fn add_cuts(&mut self, execution: &Execution, at: usize) {
        let events = &execution.events;
        let all = 0..events.len();
        let certain = all.filter(|&i| events[i].before(&events[at]));
        let mut left: Vec<BTreeSet<usize>> = vec![certain.collect()];
        let mut known: BTreeSet<BTreeSet<usize>> = left.iter().cloned().collect();
        while let Some(cut) = left.pop() {
            let mut schedule = execution.clone();
            schedule.events = cut.iter().map(|&i| events[i].clone()).collect();
            schedule.events.push(events[at].clone());
            if self.cuts.insert(schedule.trace()) {
                let first: Vec<usize> = cut.iter().copied().collect();
                let told = FewestSwitches::after(execution, &first);
                self.left.push(told.choices);
            }
            for (next, event) in events.iter().enumerate() {
                let needs = |i: usize| events[i].before(event);
                let is_next = next != at
                    && !events[at].before(event)
                    && !cut.contains(&next)
                    && (0..events.len()).all(|i| !needs(i) || cut.contains(&i));
                if is_next {
                    let mut more = cut.clone();
                    more.insert(next);
                    if known.insert(more.clone()) {
                        left.push(more);
                    }
                }
            }
        }
    }

    fn add_outcome(&mut self, execution: &Execution, recorder: &Recorder) {
        let outcome = Outcome {
            end: end(&execution.end),
            histories: recorder.record().histories.clone(),
        };
        let logs = self.outcomes.entry(outcome).or_default();
        logs.add(&prints(execution));
    }
}

fn prints(execution: &Execution) -> Vec<Print<'_>> {
    let mut prints = Vec::new();
    for event in &execution.events {
        if let Op::Output(Action::Print {
            stream: Stream::Stdout,
            text,
        }) = &event.op
        {
            prints.push(Print {
                thread: event.thread,
                text,
                clock: &event.clock,
            });
        }
    }
    prints
}

fn end(end: &explorer::End) -> End {
    match end {
        explorer::End::Normal => End::Normal,
        explorer::End::MainPanicked { message, .. } => End::Panicked(message.clone()),
        explorer::End::Exit { .. } => End::Exit,
        explorer::End::Deadlock | explorer::End::WaitsForClient => End::Stuck,
        other => panic!("no program has this end: {other:?}"),
    }
}
