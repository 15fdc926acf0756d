//! What there is to see in a schedule: who sends, takes, waits and ends, in order.

use std::collections::VecDeque;

/// A schedule: all its steps, and as scenes as far as a picture shows it.
pub struct Story {
    /// The names of the threads; the first one is `main`.
    pub threads: Vec<String>,
    /// Every step, and at the end what those wait for that never go on.
    pub steps: Vec<Step>,
    pub scenes: Vec<Scene>,
    /// If it ends in a deadlock: who waits for whom, round the circle.
    pub circle: Vec<Waits>,
}

pub struct Scene {
    pub thread: usize,
    pub what: What,
    /// The number that it has in the picture.
    pub number: Option<usize>,
    /// The step in which it happens, or after which the waiting begins.
    pub step: usize,
}

/// What is sent and taken is `job 0` or `a Terminate`.
#[derive(Clone, PartialEq, Eq)]
pub enum What {
    Sends(&'static str),
    Takes(&'static str),
    RunsTheJob,
    FinishesTheJob,
    WaitsForMessage,
    WaitsForEndOf(String),
    HasJoined(String),
    Ends,
}

/// A thread in a circle, and what it waits for the next one to do.
pub struct Waits {
    pub who: String,
    pub why: String,
}

pub struct Step {
    pub thread: usize,
    /// What is done, in the explorer's words.
    pub deed: String,
    /// The file and line.
    pub place: String,
    /// Or is it what the thread waits for in the end?
    pub done: bool,
}

impl Step {
    fn is_of_the_lock(&self) -> bool {
        self.deed == "take the lock" || self.deed == "release the lock"
    }

    fn receives(&self) -> bool {
        self.deed.starts_with("receive from the channel")
    }

    fn joins(&self) -> Option<&str> {
        self.deed.strip_prefix("join ")
    }
}

impl Story {
    /// Reads the table that the explorer makes of a schedule, and puts the steps into the
    /// schedule's own order.
    pub fn new(table: &str, schedule: &[u16]) -> Story {
        let (threads, steps) = steps(table, schedule);
        let scenes = scenes(&steps);
        let circle = circle(&threads, &steps);
        Story {
            threads,
            steps,
            scenes,
            circle,
        }
    }

    /// What a scene shows, in words.
    pub fn words(&self, scene: &Scene) -> String {
        let who = &self.threads[scene.thread];
        match &scene.what {
            What::Sends(what) => format!("{who} sends {what}"),
            What::Takes(what) => format!("{who} takes {what}"),
            What::RunsTheJob => format!("{who} runs job 0"),
            What::FinishesTheJob => format!("{who} is done with job 0"),
            What::WaitsForMessage => format!("{who} waits for a message"),
            What::WaitsForEndOf(whom) => format!("{who} waits for {whom} to end"),
            What::HasJoined(whom) => format!("{who} has joined {whom}"),
            What::Ends => format!("{who} ends"),
        }
    }

    /// Whether this is the last scene of a thread that never goes on.
    pub fn is_for_ever(&self, scene: &Scene) -> bool {
        let last = self
            .scenes
            .iter()
            .rfind(|other| other.thread == scene.thread);
        !self.circle.is_empty()
            && scene.what != What::Ends
            && last.is_some_and(|last| std::ptr::eq(last, scene))
    }
}

fn scenes(steps: &[Step]) -> Vec<Scene> {
    // Who waits for a message has the lock, or waits for it: one wait is enough to see.
    let seen: Vec<(usize, &Step)> = steps
        .iter()
        .enumerate()
        .filter(|(_, step)| !step.is_of_the_lock())
        .collect();
    let mut scenes: Vec<Scene> = Vec::new();
    let mut numbers = 1..;
    let mut add = |thread, step, what, numbered: bool| {
        let number = numbered.then(|| numbers.next()).flatten();
        scenes.push(Scene {
            thread,
            what,
            number,
            step,
        });
    };
    let mut queue = VecDeque::new();
    for (index, &(at, step)) in seen.iter().enumerate().filter(|(_, (_, step))| step.done) {
        let who = step.thread;
        match step.deed.split(' ').next() {
            Some("send") => {
                let sent = match step.deed.ends_with(": job 0") {
                    true => "job 0",
                    false => "a Terminate",
                };
                queue.push_back(sent);
                add(who, at, What::Sends(sent), true);
            }
            Some("receive") => {
                let taken = queue.pop_front().expect("a message in the queue");
                let is_job = step.deed.starts_with("receive from the channel: job");
                assert_eq!(taken == "job 0", is_job, "{}", step.deed);
                add(who, at, What::Takes(taken), true);
            }
            Some("start") if step.deed != "start" => add(who, at, What::RunsTheJob, false),
            Some("finish") => add(who, at, What::FinishesTheJob, false),
            Some("join") => {
                let whom = step.joins().unwrap_or_default().to_string();
                add(who, at, What::HasJoined(whom), true);
            }
            Some("end" | "return") => add(who, at, What::Ends, false),
            _ => {}
        }

        // Before its next step it waits, if others go on and it can't.
        let rest = &seen[index + 1..];
        let Some(others) = rest.iter().position(|(_, next)| next.thread == who) else {
            continue;
        };
        let next = rest[others].1;
        if others > 0 || !next.done {
            if next.receives() {
                let came_back = step.deed != "start";
                add(who, at, What::WaitsForMessage, !next.done && came_back);
            } else if let Some(whom) = next.joins() {
                add(who, at, What::WaitsForEndOf(whom.to_string()), true);
            }
        }
    }
    scenes
}

/// Who waits for whom, from `main` on, back to `main`.
fn circle(threads: &[String], steps: &[Step]) -> Vec<Waits> {
    let stuck = |who: usize| steps.iter().find(|step| !step.done && step.thread == who);
    let senders: Vec<usize> = (0..threads.len())
        .filter(|&who| {
            let mut own = steps.iter().filter(|step| step.thread == who);
            own.any(|step| step.deed.starts_with("send "))
        })
        .collect();
    let mut circle = Vec::new();
    let mut who = 0;
    while let Some(step) = stuck(who) {
        let (next, why) = if let Some(whom) = step.joins() {
            let next = threads.iter().position(|name| name == whom);
            (
                next.expect("a thread"),
                format!("join: waits for {whom} to end"),
            )
        } else {
            assert!(step.receives(), "{}", step.deed);
            let [sender] = senders[..] else {
                panic!("one thread sends");
            };
            let whom = &threads[sender];
            (
                sender,
                format!("recv: waits for a message, and only {whom} sends"),
            )
        };
        let who_waits = threads[who].clone();
        circle.push(Waits {
            who: who_waits,
            why,
        });
        who = next;
        if who == 0 {
            return circle;
        }
    }
    assert!(circle.is_empty(), "the waiting goes round");
    circle
}

/// The threads and the steps in a table. A thread of the schedule is a number, `main` is 0, and so
/// the table, too, must begin with `main` and have the others in the order of their creation.
fn steps(table: &str, schedule: &[u16]) -> (Vec<String>, Vec<Step>) {
    let (rows, end) = table.split_once("\n\n").expect("rows and an end");
    let mut rows = rows.lines();
    let head = rows.next().expect("a head");
    let column = |name: &str| head.find(name).expect("the column");
    let (who_at, does_at, place_at) = (column("thread"), column("does"), column(" at") + 1);

    let mut threads = vec!["main".to_string()];
    let mut rest: Vec<(String, String, String)> = Vec::new();
    let mut current = String::new();
    for row in rows {
        let cell = |from: usize, to: usize| {
            let text = row.get(from..to.min(row.len())).unwrap_or_default();
            text.trim().to_string()
        };
        let number = cell(0, who_at);
        assert!(
            number.parse::<usize>().is_ok(),
            "a row for each step: {row}"
        );
        let who = cell(who_at, does_at);
        if !who.is_empty() {
            current = who;
        }
        let deed = cell(does_at, place_at);
        if let Some(child) = deed.strip_prefix("spawn ") {
            threads.push(child.to_string());
        }
        rest.push((current.clone(), deed, cell(place_at, row.len())));
    }
    let named = |name: &str| threads.iter().position(|thread| thread == name);
    let mut own: Vec<VecDeque<(String, String)>> = vec![VecDeque::new(); threads.len()];
    for (who, deed, place) in rest {
        own[named(&who).expect("a thread")].push_back((deed, place));
    }

    let mut steps: Vec<Step> = schedule
        .iter()
        .map(|&thread| {
            let thread = usize::from(thread);
            let (deed, place) = own[thread].pop_front().expect("a step in the table");
            Step {
                thread,
                deed,
                place,
                done: true,
            }
        })
        .collect();
    assert!(own.iter().all(VecDeque::is_empty), "steps are left");
    for line in end.lines() {
        let Some((who, deed)) = line.trim().split_once(" waits to ") else {
            continue;
        };
        let (deed, place) = deed.split_once(" (").unwrap_or((deed, ""));
        steps.push(Step {
            thread: named(who).expect("a thread"),
            deed: deed.split(',').next().unwrap_or_default().to_string(),
            place: place.split(')').next().unwrap_or_default().to_string(),
            done: false,
        });
    }
    (threads, steps)
}
