//! What was found so far: facts that can be added up, whatever the order in which executions, and
//! parts of an exploration, come.

use crate::explorer::Config;
use crate::explorer::explain::{self, FewestSwitches};
use crate::explorer::judge;
use crate::explorer::logs::{Logs, Print};
use crate::explorer::report::{Ending, Example, Finding};
use crate::fact::{Fact, facts};
use crate::json::Json;
use crate::trace::{self, End, Event, Execution, ThreadState, remarks};
use std::collections::{BTreeMap, BTreeSet};
use std::mem;

/// Stands before a text of which only a part may have been printed.
pub const CUT: char = '\0';

/// What was found so far.
#[derive(Default)]
pub struct Found {
    /// How many executions there were, one for each trace.
    pub schedules: usize,
    /// The most threads in any of them.
    pub threads: usize,
    /// What surrounds the program: its clients, and whether logs are asked about.
    config: Config,
    /// Whether anything happened that the explorer controls.
    pub controlled: bool,
    /// Whether some execution left no log.
    pub without_log: bool,
    /// What was remarked on.
    pub remarks: BTreeSet<&'static str>,
    /// Whether in some execution several threads spawned others.
    pub several_spawn: bool,
    /// How they ended.
    pub endings: BTreeMap<Ending, Seen>,
    /// What happened in them.
    pub findings: BTreeMap<Finding, Seen>,
    /// What they printed.
    pub logs: Logs,
    /// What they printed, and behind [`CUT`] what a thread was about to print when it was cut off.
    pub cut: Logs,
}

/// How often something was seen, and the shortest schedule to it: fewest steps,
/// then fewest changes between threads, then the first in a fixed order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    /// How often.
    pub schedules: usize,
    /// How often another thread goes on in the shortest.
    pub changes: usize,
    /// The shortest, as threads chosen.
    pub choices: Vec<u16>,
    /// What it prints.
    pub log: String,
    /// It itself, where a replay might not end in the same way: where it was cut short, or did
    /// something else when it was repeated.
    pub execution: Option<Execution>,
}

facts!(struct Seen { schedules, changes, choices, log, execution });

impl Seen {
    /// The shortest schedule to it.
    pub fn example(&self) -> Example {
        Example {
            steps: self.choices.len(),
            replay: explain::replay_text(&self.choices),
            log: self.log.clone(),
        }
    }

    fn key(&self) -> (usize, usize, &[u16]) {
        (self.choices.len(), self.changes, &self.choices)
    }
}

impl Found {
    /// Nothing yet, of a program in these surroundings.
    pub fn new(config: &Config) -> Found {
        Found {
            config: config.clone(),
            ..Found::default()
        }
    }

    /// Adds one execution.
    pub fn add(&mut self, execution: &Execution) {
        self.schedules += 1;
        self.threads = self.threads.max(execution.threads.len());
        // An end of a kind of its own, such as a deadlock, is one before the first step, too.
        let tells = !matches!(execution.end, End::Normal);
        self.controlled |= tells || judge::has_controlled_steps(execution);
        self.remarks.extend(&execution.remarks);
        let mut parents = execution.threads.iter().filter_map(|thread| thread.parent);
        let first = parents.next();
        self.several_spawn |= parents.any(|parent| Some(parent) != first);
        let ending = match judge::ending(execution) {
            Ending::Normal if execution.cuts().cut_off(execution) => Ending::CutsOff,
            ending => ending,
        };
        if judge::leaves_a_log(ending) {
            let (prints, exact) = prints(execution);
            if !exact {
                self.remarks.insert(remarks::HALF_LINE);
            }
            self.logs.add_cuts(&prints, return_of_main(execution));
            if self.config.asks_logs {
                self.add_cut(execution, &prints);
            }
        } else {
            self.without_log = true;
        }
        let calm = FewestSwitches::new(execution);
        note(&mut self.endings, ending, execution, ending, &calm);
        if judge::answered(execution) < self.config.clients.len() {
            let unanswered = Finding::ClientUnanswered;
            note(&mut self.findings, unanswered, execution, ending, &calm);
        }
        for (finding, first) in judge::findings(execution) {
            // The same schedule, where none of its events has to come first.
            let apart = (!first.is_empty()).then(|| FewestSwitches::after(execution, &first));
            let told = apart.as_ref().unwrap_or(&calm);
            note(&mut self.findings, finding, execution, ending, told);
        }
    }

    /// Adds what is printed where a thread is cut off while it prints: that may be a part of it.
    fn add_cut(&mut self, execution: &Execution, prints: &[Print]) {
        if judge::loses_half_line(&execution.end) {
            return;
        }
        if let Some(end) = return_of_main(execution) {
            let apart = |(_, print): &(usize, &Print)| {
                let at = |clock: &[u32]| clock.get(print.thread).copied().unwrap_or(0);
                at(print.clock) > at(end)
            };
            for (i, print) in prints.iter().enumerate().filter(apart) {
                let marked = format!("{CUT}{}", print.text);
                let mut clock = print.clock.to_vec();
                trace::join(&mut clock, end);
                let mut prints = prints.to_vec();
                prints[i].text = &marked;
                prints[i].clock = &clock;
                self.cut.add_cuts(&prints, Some(end));
            }
        }
        for (thread, info) in execution.threads.iter().enumerate() {
            let ThreadState::Pending {
                op, enabled: true, ..
            } = &info.state
            else {
                continue;
            };
            if let Some(text) = judge::printed(op) {
                let marked = format!("{CUT}{text}");
                let mut prints = prints.to_vec();
                // It comes after all that was printed.
                let clock = vec![u32::MAX; execution.threads.len()];
                prints.push(Print {
                    thread,
                    text: &marked,
                    clock: &clock,
                });
                self.cut.add(&prints);
            }
        }
    }

    /// Adds what was found in another part of the same exploration. Refuses what isn't that.
    pub fn merge(&mut self, part: &Json) -> Option<()> {
        self.schedules += usize::from_json(part.get("schedules")?)?;
        self.threads = self.threads.max(usize::from_json(part.get("threads")?)?);
        self.controlled |= bool::from_json(part.get("controlled")?)?;
        self.without_log |= bool::from_json(part.get("without_log")?)?;
        let remarks: BTreeSet<&'static str> = Fact::from_json(part.get("remarks")?)?;
        self.remarks.extend(remarks);
        self.several_spawn |= bool::from_json(part.get("several_spawn")?)?;
        merge(&mut self.endings, Fact::from_json(part.get("endings")?)?);
        merge(&mut self.findings, Fact::from_json(part.get("findings")?)?);
        self.logs.merge(part.get("logs")?)?;
        self.cut.merge(part.get("cut")?)
    }

    /// What [`Found::merge`] takes, of what was found since the last time by one who leaves the
    /// logs to whoever merges ([`Logs::with_limit`]).
    pub fn take_json(&mut self) -> Json {
        let mut logs = mem::take(&mut self.logs);
        let mut cut = mem::take(&mut self.cut);
        let before = mem::replace(self, Found::new(&self.config));
        let json = Json::object([
            ("schedules", before.schedules.to_json()),
            ("threads", before.threads.to_json()),
            ("controlled", before.controlled.to_json()),
            ("without_log", before.without_log.to_json()),
            ("remarks", before.remarks.to_json()),
            ("several_spawn", before.several_spawn.to_json()),
            ("endings", before.endings.to_json()),
            ("findings", before.findings.to_json()),
            ("logs", logs.take_json()),
            ("cut", cut.take_json()),
        ]);
        self.logs = logs;
        self.cut = cut;
        json
    }
}

/// The clock of the return of `main`, if it came to that.
fn return_of_main(execution: &Execution) -> Option<&[u32]> {
    let returned = execution.returned()?;
    Some(&execution.events[returned].clock)
}

/// What an execution prints, and whether that is so in every order of its trace.
fn prints(execution: &Execution) -> (Vec<Print<'_>>, bool) {
    let events = execution.events.iter();
    let mut printed: Vec<(&Event, &str)> = events
        .filter_map(|event| Some((event, event.printed()?)))
        .collect();
    let mut lost = Vec::new();
    while judge::loses_half_line(&execution.end) {
        let Some((event, text)) = printed.last_mut() else {
            break;
        };
        match text.rfind('\n') {
            Some(newline) if newline + 1 == text.len() => break,
            Some(newline) => {
                lost.push(*event);
                *text = &text[..=newline];
                break;
            }
            None => {
                lost.push(*event);
                printed.pop();
            }
        }
    }
    let last = |lost: &&Event| {
        let others = printed.iter().filter(|(event, _)| event != lost);
        others.clone().all(|(event, _)| event.before(lost))
    };
    let exact = lost.iter().all(last);
    let prints = printed.into_iter().map(|(event, text)| Print {
        thread: event.thread,
        text,
        clock: &event.clock,
    });
    (prints.collect(), exact)
}

/// Counts one more execution for `what`, and keeps it if it is the shortest.
fn note<T: Ord>(
    all: &mut BTreeMap<T, Seen>,
    what: T,
    execution: &Execution,
    ending: Ending,
    calm: &FewestSwitches,
) {
    let seen = || {
        let again = judge::leaves_a_log(ending);
        Seen {
            schedules: 0,
            changes: calm.changes,
            choices: calm.choices.clone(),
            log: calm.stdout(execution),
            execution: (!again).then(|| execution.clone()),
        }
    };
    let best = all.entry(what).or_insert_with(seen);
    if calm.key() < best.key() {
        let schedules = best.schedules;
        *best = Seen {
            schedules,
            ..seen()
        };
    }
    best.schedules += 1;
}

fn merge<T: Ord>(all: &mut BTreeMap<T, Seen>, part: BTreeMap<T, Seen>) {
    for (what, mut seen) in part {
        if let Some(known) = all.remove(&what) {
            let schedules = known.schedules + seen.schedules;
            if known.key() <= seen.key() {
                seen = known;
            }
            seen.schedules = schedules;
        }
        all.insert(what, seen);
    }
}
