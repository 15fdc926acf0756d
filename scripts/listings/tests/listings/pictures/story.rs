//! What there is to see in a schedule: who sends, takes, waits and ends, in order.

use std::collections::VecDeque;

/// A schedule, as far as a picture shows it.
pub struct Story {
    /// The names of the threads; the first one is `main`.
    pub threads: Vec<String>,
    pub scenes: Vec<Scene>,
}

pub struct Scene {
    pub thread: usize,
    pub what: What,
    /// The number that it has in the picture.
    pub number: Option<usize>,
}

/// What is sent and taken is `the job` or `a Terminate`.
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

struct Step {
    thread: usize,
    deed: String,
    /// Or is it what the thread waits for in the end?
    done: bool,
}

impl Step {
    fn is_of_the_lock(&self) -> bool {
        self.deed.ends_with("lock the lock")
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
    /// schedule's own order: the table's stays with a thread for as long as it can.
    pub fn new(table: &str, schedule: &[u16]) -> Story {
        let (threads, mut steps) = steps(table, schedule);
        // Who waits for a message has the lock, or waits for it: one wait is enough to see.
        steps.retain(|step| !step.is_of_the_lock());

        let mut scenes: Vec<Scene> = Vec::new();
        let mut numbers = 1..;
        let mut add = |thread, what, numbered: bool| {
            let number = numbered.then(|| numbers.next()).flatten();
            let scene = Scene {
                thread,
                what,
                number,
            };
            scenes.push(scene);
        };
        let mut queue = VecDeque::new();
        let mut next_sent = "a Terminate";
        for (index, step) in steps.iter().enumerate().filter(|(_, step)| step.done) {
            match step.deed.split(' ').next() {
                Some("queue") => next_sent = "the job",
                Some("send") => {
                    queue.push_back(next_sent);
                    add(step.thread, What::Sends(next_sent), true);
                    next_sent = "a Terminate";
                }
                Some("receive") => {
                    let taken = queue.pop_front().expect("a message in the queue");
                    let is_job = step.deed.starts_with("receive from the channel: job");
                    assert_eq!(taken == "the job", is_job, "{}", step.deed);
                    add(step.thread, What::Takes(taken), true);
                }
                Some("start") if step.deed != "start" => add(step.thread, What::RunsTheJob, false),
                Some("finish") => add(step.thread, What::FinishesTheJob, false),
                Some("join") => {
                    let whom = step.joins().unwrap_or_default().to_string();
                    add(step.thread, What::HasJoined(whom), true);
                }
                Some("end" | "return") => add(step.thread, What::Ends, false),
                _ => {}
            }

            // Before its next step it waits, if others go on and it can't.
            let rest = &steps[index + 1..];
            let Some(others) = rest.iter().position(|next| next.thread == step.thread) else {
                continue;
            };
            let next = &rest[others];
            if others > 0 || !next.done {
                if next.receives() {
                    add(step.thread, What::WaitsForMessage, !next.done);
                } else if let Some(whom) = next.joins() {
                    add(step.thread, What::WaitsForEndOf(whom.to_string()), true);
                }
            }
        }
        Story { threads, scenes }
    }

    /// What a scene shows, in words.
    pub fn words(&self, scene: &Scene) -> String {
        let who = &self.threads[scene.thread];
        match &scene.what {
            What::Sends(what) => format!("{who} sends {what}"),
            What::Takes(what) => format!("{who} takes {what}"),
            What::RunsTheJob => format!("{who} runs the job"),
            What::FinishesTheJob => format!("{who} is done with the job"),
            What::WaitsForMessage => format!("{who} waits for a message"),
            What::WaitsForEndOf(whom) => format!("{who} waits for {whom} to end"),
            What::HasJoined(whom) => format!("{who} has joined {whom}"),
            What::Ends => format!("{who} ends"),
        }
    }

    /// What happens at each number.
    pub fn facts(&self) -> Vec<String> {
        let numbered = self.scenes.iter().filter(|scene| scene.number.is_some());
        numbered.map(|scene| self.words(scene)).collect()
    }

    /// The last scene of each thread that never ends.
    pub fn for_ever(&self) -> Vec<&Scene> {
        let last = |thread| self.scenes.iter().rfind(|scene| scene.thread == thread);
        let last = (0..self.threads.len()).filter_map(last);
        last.filter(|scene| scene.what != What::Ends).collect()
    }
}

/// The threads and the steps in a table. A thread of the schedule is a number, `main` is 0, and so
/// the table, too, must begin with `main` and have the others in the order of their creation.
fn steps(table: &str, schedule: &[u16]) -> (Vec<String>, Vec<Step>) {
    let (rows, end) = table.split_once("\n\n").expect("rows and an end");
    let mut rows = rows.lines();
    let head = rows.next().expect("a head");
    let column = |name: &str| head.find(name).expect("the column");
    let (who_at, does_at, place_at) = (column("thread"), column("does"), column("at"));

    let mut threads: Vec<String> = Vec::new();
    let mut own: Vec<VecDeque<String>> = Vec::new();
    let mut current = 0;
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
            current = threads
                .iter()
                .position(|name| *name == who)
                .unwrap_or_else(|| {
                    threads.push(who);
                    own.push(VecDeque::new());
                    threads.len() - 1
                });
        }
        own[current].push_back(cell(does_at, place_at));
    }

    let mut steps: Vec<Step> = schedule
        .iter()
        .map(|&thread| {
            let thread = usize::from(thread);
            let deed = own[thread].pop_front().expect("a step in the table");
            Step {
                thread,
                deed,
                done: true,
            }
        })
        .collect();
    assert!(own.iter().all(VecDeque::is_empty), "steps are left");
    for line in end.lines() {
        let Some((who, deed)) = line.trim().split_once(" waits to ") else {
            continue;
        };
        let thread = threads.iter().position(|name| name == who);
        let deed = deed.split(" (").next().unwrap_or_default().to_string();
        steps.push(Step {
            thread: thread.expect("a thread"),
            deed,
            done: false,
        });
    }
    (threads, steps)
}
