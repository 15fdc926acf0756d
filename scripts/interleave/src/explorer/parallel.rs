//! One exploration in several processes.
//!
//! The search is a tree: at each step of a run there may be other choices, and behind each choice
//! lies a part of the search that knows nothing of the others but who sleeps there. Such parts are
//! handed to workers, which are this program once more. A worker explores its part, or so much of
//! it as a number of runs allows, and hands back what it found, what is left, and which choices its
//! races ask for at the steps before its part. (Simsa, Bryant, Gibson, Hickey: *Scalable Dynamic
//! Partial Order Reduction*, RV 2012, share a search in much the same way.)
//!
//! It doesn't matter who explores which part, or when. Of the choices at one step, each sleeps
//! behind those that were handed out later, whether or not it has been explored by then: all will
//! have been in the end. So every trace is run to its end once, and what is found is added up from
//! facts that don't depend on the order: numbers, the shortest of all schedules, sets of logs.

use crate::engine::Set;
use crate::engine::search::{Explored, Node, Subtree};
use crate::explorer::found::Found;
use crate::explorer::logs::Logs;
use crate::explorer::{Config, Explorer, Summary, pinned};
use crate::fact::{Fact, facts};
use crate::json::Json;
use crate::vocabulary::ThreadId;
use std::collections::BTreeMap;
use std::env;
use std::io::{self, BufRead, BufReader, Write};
use std::iter;
use std::process::{self, Child, ChildStdin, Stdio};
use std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use std::thread;
use std::time::{Duration, Instant};

/// How many runs one process makes before it asks for help.
const ALONE: usize = 100;

/// How many runs a worker makes of a part, where there are enough parts for all and where there
/// aren't.
const MANY: usize = 300;
const FEW: usize = 20;

/// The argument that makes a program a worker.
pub const WORKER: &str = "--worker";

/// Explores a program in so many processes; the others get this process's arguments and
/// [`WORKER`]. What is found is the same whatever the number, unless a bound ends it.
///
/// `None` if one process must do, from the beginning: a poller is held back, for loops that wait
/// are followed further and further, or a worker fails.
pub fn explore(
    explorer: &mut Explorer,
    config: &Config,
    processes: usize,
) -> Option<(Found, Summary)> {
    let mut found = Found::new(config);
    let started = Instant::now();
    let first = explorer
        .search
        .explore_subtree(Subtree::default(), ALONE, &mut |execution| {
            found.add(execution)
        });
    let mut summary = first.summary;
    if summary.held_back {
        return None;
    }
    if summary.stopped.is_some() || first.rest.is_empty() {
        summary.complete = summary.stopped.is_none();
        return Some((found, summary));
    }
    let left = config
        .time
        .map(|time| time.saturating_sub(started.elapsed()));
    let workers = Workers::start(processes).ok()?;
    let tree = Tree::new(first.rest);
    share(workers, tree, config, left, &mut found, &mut summary)?;
    Some((found, summary))
}

/// Has the workers explore the whole tree. `None` if that can't be done so: a worker fails, or a
/// poller is held back.
fn share(
    mut workers: Workers,
    mut tree: Tree,
    config: &Config,
    left: Option<Duration>,
    found: &mut Found,
    summary: &mut Summary,
) -> Option<()> {
    let deadline = left.map(|left| Instant::now() + left);
    let mut at_work: BTreeMap<usize, Vec<Choice>> = BTreeMap::new();
    loop {
        for worker in 0..workers.all.len() {
            if at_work.contains_key(&worker) {
                continue;
            }
            let Some((path, part)) = tree.take() else {
                break;
            };
            let runs = match tree.has_choices(2 * workers.all.len()) {
                true => MANY,
                false => FEW,
            };
            workers.send(worker, &Order { part, runs }.to_json())?;
            at_work.insert(worker, path);
        }
        if at_work.is_empty() {
            summary.complete = true;
            return Some(());
        }
        let Reply::Line(worker, line) = workers.next(deadline) else {
            if deadline.is_some_and(|deadline| Instant::now() >= deadline) {
                summary.stopped = config.time.map(Config::bound_in_time);
                return Some(());
            }
            return None;
        };
        let reply = Json::parse(&line).ok()?;
        let part = Explored::from_json(reply.get("explored")?)?;
        found.merge(reply.get("found")?)?;
        summary.executions += part.summary.executions;
        summary.redundant += part.summary.redundant;
        summary.steps += part.summary.steps;
        summary.parked = summary.parked.max(part.summary.parked);
        summary.given_up |= part.summary.given_up;
        if part.summary.held_back {
            return None;
        }
        if part.summary.stopped.is_some() {
            summary.stopped = part.summary.stopped;
            return Some(());
        }
        let path = at_work.remove(&worker)?;
        tree.add(&path, part);
        if summary.executions >= config.executions {
            summary.stopped = Some(config.bound_in_executions());
            return Some(());
        }
    }
}

/// A worker's main function: explores the parts that its standard input asks for, and ends when
/// that ends.
pub fn work(explorer: &mut Explorer, config: &Config) -> ! {
    let (sender, orders) = mpsc::channel();
    thread::spawn(move || {
        for line in io::stdin().lock().lines().map_while(Result::ok) {
            if sender.send(line).is_err() {
                break;
            }
        }
        // Whoever has asked has gone, whatever is being done here.
        process::exit(0);
    });
    let mut found = Found::new(config);
    // The logs are left to the one who asked.
    found.logs = Logs::with_limit(0);
    found.cut = Logs::with_limit(0);
    for line in orders {
        let order = Json::parse(&line).ok();
        let Some(Order { part, runs }) = order.and_then(|json| Order::from_json(&json)) else {
            break;
        };
        let explored = explorer
            .search
            .explore_subtree(part, runs, &mut |execution| found.add(execution));
        let reply = Json::object([
            ("explored", explored.to_json()),
            ("found", found.take_json()),
        ]);
        let mut stdout = io::stdout().lock();
        if writeln!(stdout, "{reply}")
            .and_then(|()| stdout.flush())
            .is_err()
        {
            break;
        }
    }
    process::exit(1)
}

/// What a worker is asked to explore.
struct Order {
    part: Subtree,
    runs: usize,
}

facts!(struct Order { part, runs });
facts!(struct Subtree { path, asleep });
facts!(struct Explored { summary, wanted, rest });
facts!(struct Summary {
    executions, redundant, steps, complete, stopped, held_back, given_up, rounds, parked,
});

impl Fact for Set {
    fn to_json(&self) -> Json {
        self.bits().to_json()
    }

    fn from_json(json: &Json) -> Option<Set> {
        u128::from_json(json).map(Set::of_bits)
    }
}

/// A list, for there are many of them.
impl Fact for Node {
    fn to_json(&self) -> Json {
        let sets = [self.able, self.asleep, self.tried, self.wanted];
        let mut list: Vec<Json> = sets.iter().map(Fact::to_json).collect();
        list.extend([self.chosen.to_json(), self.frozen.to_json()]);
        Json::List(list)
    }

    fn from_json(json: &Json) -> Option<Node> {
        let [able, asleep, tried, wanted, chosen, frozen] = json.as_list()? else {
            return None;
        };
        Some(Node {
            able: Set::from_json(able)?,
            asleep: Set::from_json(asleep)?,
            tried: Set::from_json(tried)?,
            wanted: Set::from_json(wanted)?,
            chosen: usize::from_json(chosen)?,
            frozen: bool::from_json(frozen)?,
        })
    }
}

/// What is left of a search: the steps at which there is, or may still come to be, something to
/// choose.
struct Tree {
    /// Each step, and the choice that leads to it.
    steps: Vec<(Node, Option<Choice>)>,
    /// Those at which there may be something to choose, the next one last.
    open: Vec<usize>,
}

/// A thread, chosen at a step.
#[derive(Clone, Copy)]
struct Choice {
    step: usize,
    thread: ThreadId,
}

impl Tree {
    fn new(nodes: Vec<Node>) -> Tree {
        let mut tree = Tree {
            steps: Vec::new(),
            open: Vec::new(),
        };
        tree.append(None, nodes);
        tree
    }

    /// Whether there are at least so many steps with something to choose.
    fn has_choices(&self, steps: usize) -> bool {
        let open = self.open.iter().rev();
        let choices = open.filter(|&&step| self.steps[step].0.next_choice().is_some());
        choices.take(steps).count() == steps
    }

    /// Adds steps one behind the other.
    fn append(&mut self, mut before: Option<Choice>, nodes: Vec<Node>) {
        for node in nodes {
            let step = self.steps.len();
            let thread = node.chosen;
            self.steps.push((node, before));
            self.open.push(step);
            before = Some(Choice { step, thread });
        }
    }

    /// A part that nobody has explored, and the choices that lead to it.
    fn take(&mut self) -> Option<(Vec<Choice>, Subtree)> {
        loop {
            let &step = self.open.last()?;
            let Some(thread) = self.steps[step].0.next_choice() else {
                self.open.pop();
                continue;
            };
            let asleep = self.steps[step].0.choose(thread);
            let last = Choice { step, thread };
            let mut choices: Vec<Choice> =
                iter::successors(Some(last), |choice| self.steps[choice.step].1).collect();
            choices.reverse();
            // Other choices may have been made there since.
            let path = choices.iter().map(|choice| Node {
                chosen: choice.thread,
                ..self.steps[choice.step].0.clone()
            });
            let path = path.collect();
            return Some((choices, Subtree { path, asleep }));
        }
    }

    /// Adds what has become of a part behind these choices.
    fn add(&mut self, path: &[Choice], part: Explored) {
        for (number, wanted) in part.wanted {
            let step = path[number].step;
            let node = &mut self.steps[step].0;
            node.wanted = node.wanted.union(wanted);
            self.open.push(step);
        }
        self.append(path.last().copied(), part.rest);
    }
}

/// The workers, which end with this value.
struct Workers {
    all: Vec<(Child, Option<ChildStdin>)>,
    replies: Receiver<Reply>,
}

/// What comes from the workers.
enum Reply {
    /// A worker's number, and what it says.
    Line(usize, String),
    /// A worker has ended, or the time is up.
    Nothing,
}

impl Workers {
    fn start(count: usize) -> io::Result<Workers> {
        let (sender, replies) = mpsc::channel();
        let mut workers = Workers {
            all: Vec::new(),
            replies,
        };
        for worker in 0..count {
            let mut child = pinned::command(env::current_exe()?, worker)
                .args(env::args_os().skip(1))
                .arg(WORKER)
                .stdin(Stdio::piped())
                .stdout(Stdio::piped())
                .spawn()?;
            let (stdin, stdout) = (child.stdin.take(), child.stdout.take());
            workers.all.push((child, stdin));
            let sender = sender.clone();
            thread::spawn(move || {
                let lines = stdout.map(|stdout| BufReader::new(stdout).lines());
                for line in lines.into_iter().flatten().map_while(Result::ok) {
                    if sender.send(Reply::Line(worker, line)).is_err() {
                        return;
                    }
                }
                let _ = sender.send(Reply::Nothing);
            });
        }
        Ok(workers)
    }

    /// Asks a worker for something; `None` if it has ended.
    fn send(&mut self, worker: usize, order: &Json) -> Option<()> {
        let stdin = self.all[worker].1.as_mut()?;
        writeln!(stdin, "{order}").ok()?;
        stdin.flush().ok()
    }

    /// What comes next, before the deadline.
    fn next(&self, deadline: Option<Instant>) -> Reply {
        let Some(deadline) = deadline else {
            return self.replies.recv().unwrap_or(Reply::Nothing);
        };
        let left = deadline.saturating_duration_since(Instant::now());
        match self.replies.recv_timeout(left) {
            Ok(answer) => answer,
            Err(RecvTimeoutError::Timeout | RecvTimeoutError::Disconnected) => Reply::Nothing,
        }
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        for (child, stdin) in &mut self.all {
            drop(stdin.take());
            // This fails only if it has ended.
            let _ = child.kill();
            let _ = child.wait();
        }
    }
}
