//! What a reader can make of the blocks when it is their turn to write `drop`: each arrangement is
//! a crate, which is built and explored.

use super::{
    level::{Level, State},
    script::{FIRST, Tables, texts},
};
use crate::explored;
use explore::wrap::{self, Wrapped};
use interleave::explorer::report::{Ending, Finding, Report};
use interleave::json::quoted;
use std::{collections::BTreeMap, fmt::Write, fs, path::Path};

/// The pools that each arrangement is explored with: workers and jobs.
pub const POOLS: [(usize, usize); 2] = [(2, 1), (3, 1)];

/// The most blocks that an arrangement has, not counting the loops.
const MOST: usize = 3;

/// The arrangements, in blocks: `F(` and `R(` begin a loop over the workers, the first or the last
/// one first, and `)` ends it; `S` sends one `Terminate`, `N` as many as there are workers; `D`
/// drops the sender, `P` prints a line, and `J` joins the loop's worker. They are all that there
/// are within the limits that the page gives as its reasons, so that no order is missing that a
/// reader may try within them.
pub fn all() -> Vec<String> {
    let mut all = Vec::new();
    let mut beginnings = vec![String::new()];
    while let Some(code) = beginnings.pop() {
        let more = ["F(", "R(", ")", "S", "N", "D", "P", "J"];
        let goes_on = more.iter().filter(|block| may_follow(&code, block));
        beginnings.extend(goes_on.map(|block| format!("{code}{block}")));
        if !in_loop(&code) {
            all.push(code);
        }
    }
    all
}

fn in_loop(code: &str) -> bool {
    code.rfind('(') > code.rfind(')')
}

/// How many blocks this is, not counting the loops.
fn count(code: &str) -> usize {
    code.matches(['S', 'N', 'D', 'P', 'J']).count()
}

/// Whether a block may come next.
fn may_follow(code: &str, block: &str) -> bool {
    let has = |block: char| code.contains(block);
    let inside = in_loop(code);
    // What comes after the loop that joins.
    let after = code.find('J').and_then(|join| code[join..].split_once(')'));
    let room = match after {
        _ if count(code) == MOST => false,
        Some((_, after)) => count(after) == 0,
        None => true,
    };
    // The join needs room, too.
    let room = room && (has('J') || block == "J" || count(code) + 1 < MOST);
    match block {
        "F(" => !inside && count(code) < MOST && after.is_none_or(|(_, after)| after.is_empty()),
        "R(" => !inside && count(code) < MOST && !has('J'),
        ")" => {
            let (before, round) = code.rsplit_once('(').unwrap_or_default();
            let sends = before.ends_with('F')
                && round.contains('S')
                && count(round) == round.matches('S').count();
            inside && (round.contains('J') || sends)
        }
        "J" => room && inside && !has('J'),
        // The line is printed right before the join.
        _ if code.ends_with('P') => false,
        "P" => room && inside && !has('P') && !has('J'),
        "D" => room && !has('D'),
        "S" => room && !has('N'),
        "N" => room && !has('N') && !has('S'),
        other => panic!("there is no block {other}"),
    }
}

const SEND: &str = "self.sender.as_ref().unwrap().send(Message::Terminate).unwrap();";

/// The body of `drop`, line by line.
pub fn body(blocks: &str) -> Vec<String> {
    let mut lines = Vec::new();
    let mut depth = 2;
    if blocks.contains('N') {
        lines.push((depth, "let n = self.workers.len();".to_string()));
    }
    for (at, block) in blocks.char_indices() {
        let round = blocks[at..].split(')').next().unwrap_or_default();
        let used = round.contains(['J', 'P']);
        let code = match block {
            'F' if used => vec![(0, "for worker in &mut self.workers {")],
            'F' => vec![(0, "for _ in &self.workers {")],
            'R' => vec![(0, "for worker in self.workers.iter_mut().rev() {")],
            '(' => {
                depth += 1;
                vec![]
            }
            ')' => {
                depth -= 1;
                vec![(0, "}")]
            }
            'S' => vec![(0, SEND)],
            'N' => vec![(0, "for _ in 0..n {"), (1, SEND), (0, "}")],
            'D' => vec![(0, "drop(self.sender.take());")],
            'P' => vec![(0, "println!(\"Shutting down worker {}\", worker.id);")],
            'J' => vec![
                (0, "if let Some(thread) = worker.thread.take() {"),
                (1, "thread.join().unwrap();"),
                (0, "}"),
            ],
            other => panic!("there is no block {other}"),
        };
        lines.extend(
            code.iter()
                .map(|(more, text)| (depth + more, text.to_string())),
        );
    }
    let indented = |(depth, text): (usize, String)| format!("{}{text}", "    ".repeat(depth));
    lines.into_iter().map(indented).collect()
}

const BEFORE: &str = "\
use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};

pub struct ThreadPool {
    workers: Vec<Worker>,
    sender: Option<mpsc::Sender<Message>>,
}

type Job = Box<dyn FnOnce() + Send + 'static>;

enum Message {
    NewJob(Job),
    Terminate,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        let (sender, receiver) = mpsc::channel();
        let receiver = Arc::new(Mutex::new(receiver));

        let mut workers = Vec::with_capacity(size);

        for id in 0..size {
            workers.push(Worker::new(id, Arc::clone(&receiver)));
        }

        ThreadPool {
            workers,
            sender: Some(sender),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        let job = Message::NewJob(Box::new(f));

        self.sender.as_ref().unwrap().send(job).unwrap();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
";

const AFTER: &str = "    }
}

struct Worker {
    id: usize,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    fn new(id: usize, receiver: Arc<Mutex<mpsc::Receiver<Message>>>) -> Worker {
        let thread = thread::spawn(move || {
            loop {
                let message = receiver.lock().unwrap().recv();

                match message {
                    Ok(Message::NewJob(job)) => job(),
                    Ok(Message::Terminate) | Err(_) => break,
                }
            }
        });

        Worker {
            id,
            thread: Some(thread),
        }
    }
}
";

/// The whole library with this arrangement.
pub fn library(blocks: &str) -> String {
    let body: String = body(blocks)
        .iter()
        .map(|line| format!("{line}\n"))
        .collect();
    format!("#![allow(dead_code, unused)]\n{BEFORE}{body}{AFTER}")
}

/// Writes each arrangement as a crate of its own and builds all of them with one call of Cargo.
pub fn build(blocks: &[String]) -> Vec<Wrapped> {
    let sources = wrap::folder("arrangement-sources");
    let folders: Vec<_> = blocks
        .iter()
        .enumerate()
        .map(|(number, blocks)| {
            let folder = sources.join(format!("drop-{number}"));
            let manifest = format!(
                "[package]\nname = \"drop-{number}\"\nversion = \"0.1.0\"\nedition = \"2024\"\n\n[workspace]\n"
            );
            write(&folder.join("Cargo.toml"), &manifest);
            write(&folder.join("src/lib.rs"), &library(blocks));
            folder
        })
        .collect();
    explored::build("arrangements", &folders)
}

/// Writes what isn't there already, so that Cargo doesn't build it again.
fn write(path: &Path, text: &str) {
    if fs::read_to_string(path).is_ok_and(|found| found == text) {
        return;
    }
    let folder = path.parent().expect("a file is in a folder");
    fs::create_dir_all(folder).expect("the folder can be written");
    fs::write(path, text).expect("the file can be written");
}

/// What the explorer finds with one pool.
pub struct Totals {
    /// How many schedules there are.
    pub schedules: usize,
    /// How many of them are a deadlock.
    pub deadlocks: usize,
    /// In how many of them main panics.
    pub panics: usize,
    /// In how many of them a job isn't done when the pool's drop returns, or in the end.
    pub lost: usize,
    /// In how many of them a worker is still there when the pool's drop returns.
    pub early: usize,
}

impl Totals {
    fn of(report: &Report) -> Totals {
        assert_eq!(report.unfinished, None);
        Totals {
            schedules: report.schedules,
            deadlocks: report.ending(Ending::Deadlock),
            panics: report.ending(Ending::MainPanics),
            lost: report
                .finding(&Finding::JobUndone)
                .max(report.finding(&Finding::JobLost)),
            early: report.finding(&Finding::ThreadLeaked),
        }
    }

    /// Whether nothing goes wrong.
    pub fn is_right(&self) -> bool {
        self.deadlocks + self.panics + self.lost + self.early == 0
    }
}

/// An arrangement, explored.
pub struct Explored {
    /// With each of the [`POOLS`].
    pub totals: Vec<Totals>,
    /// The shortest schedule that goes wrong, with the fewest workers.
    pub losing: Option<Losing>,
}

/// A schedule that goes wrong.
pub struct Losing {
    /// How many workers the pool has.
    pub workers: usize,
    /// The states that it passes.
    pub states: Vec<State>,
    /// The threads that take the steps.
    pub way: Vec<usize>,
}

/// Explores an arrangement that was built.
///
/// Panics, saying why, if it can't be explored.
pub fn explore(blocks: &str, wrapped: &Wrapped) -> Explored {
    let totals: Vec<Totals> = POOLS
        .iter()
        .map(
            |&(workers, jobs)| match wrapped.pool(workers, jobs).seconds(300).report() {
                Ok(report) => Totals::of(&report),
                Err(trouble) => panic!("{blocks}: {trouble}"),
            },
        )
        .collect();
    let wrong = totals.iter().position(|verdict| !verdict.is_right());
    let losing = wrong.map(|pool| {
        let (workers, jobs) = POOLS[pool];
        let source = library(blocks).lines().map(str::to_string).collect();
        let level = Level::new(source, "", wrapped.pool(workers, jobs), true);
        let ends = ["deadlock", "main panics", "end and cut threads off"];
        let found = ends.iter().find_map(|&end| level.shortest(end));
        let (states, way) = found.expect("the graph has what the report has");
        Losing {
            workers,
            states,
            way,
        }
    });
    Explored { totals, losing }
}

/// What the script says of one arrangement, but for the states of its losing schedule, which are
/// numbers in a table of all.
pub fn verdict(blocks: &str, explored: &Explored) -> String {
    let totals = explored.totals.iter().map(|verdict| {
        let Totals {
            schedules,
            deadlocks,
            panics,
            lost,
            early,
        } = verdict;
        format!("[{schedules},{deadlocks},{panics},{lost},{early}]")
    });
    let totals: Vec<String> = totals.collect();
    let mut row = format!(
        "{}: {{ \"drop\": [{}], \"totals\": [{}]",
        quoted(blocks),
        texts(&body(blocks), ", "),
        totals.join(",")
    );
    if let Some(losing) = &explored.losing {
        let way: Vec<String> = losing.way.iter().map(usize::to_string).collect();
        let _ = write!(
            row,
            ", \"workers\": {}, \"way\": [{}]",
            losing.workers,
            way.join(",")
        );
    }
    row
}

/// The script with all arrangements. The lines of `drop` stand between those `before` and those
/// `after`; `pools` are numbers of workers and jobs, and each verdict has the numbers of schedules,
/// deadlocks, panics of main, schedules that lose a job, and schedules in which drop returns too early.
/// A losing schedule has the states as those of a level, and the threads that take the steps.
pub fn script(arrangements: &BTreeMap<String, Explored>) -> String {
    let mut tables = Tables::default();
    let mut rows = Vec::new();
    for (blocks, explored) in arrangements {
        let mut row = verdict(blocks, explored);
        if let Some(losing) = &explored.losing {
            let states = tables.states(&losing.states);
            let _ = write!(row, ", \"states\": [\n{states}\n]");
        }
        rows.push(row + " }");
    }
    let lines = |text: &str| {
        let lines: Vec<String> = text.lines().map(str::to_string).collect();
        texts(&lines, ",\n")
    };
    let pools = POOLS.map(|(workers, jobs)| format!("[{workers},{jobs}]"));
    format!(
        "{FIRST}(globalThis.schedules ??= {{}})[\"programmer\"] = {{\n\"pools\": [{}],\n\
         \"before\": [\n{}\n],\n\"after\": [\n{}\n],\n{},\n\"arrangements\": {{\n{}\n}}\n}};\n",
        pools.join(","),
        lines(BEFORE),
        lines(AFTER),
        tables.json(),
        rows.join(",\n"),
    )
}
