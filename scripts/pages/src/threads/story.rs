//! What there is to see in a schedule: who sends, takes, waits and ends, in order.

use interleave::primitives::{channel, job, mutex, process, thread};
use interleave::{
    explorer::explain::{job_sent, sent_at},
    trace::{Event, Execution, Op, ThreadId, ThreadState},
};

/// A schedule, and its scenes as far as a picture shows it.
pub struct Story {
    /// Every step, and where everybody is in the end.
    pub execution: Execution,
    /// The names of the threads; the first one is `main`.
    pub threads: Vec<String>,
    pub scenes: Vec<Scene>,
    /// If it ends in a deadlock: who waits for whom, round the circle.
    pub circle: Vec<Waits>,
}

pub struct Scene {
    pub thread: usize,
    pub what: What,
    /// The number that it has in the picture.
    pub number: Option<usize>,
    /// The event in which it happens, or after which the waiting begins.
    pub event: usize,
}

/// What is sent and taken is `job 0` or `a Terminate`.
#[derive(Clone, PartialEq, Eq)]
pub enum What {
    Sends(&'static str),
    Takes(&'static str),
    RunsTheJob,
    FinishesTheJob,
    WaitsForMessage,
    WaitsForEndOf(ThreadId),
    HasJoined(ThreadId),
    Ends,
}

/// A thread in a circle, and what it waits for the next one to do.
pub struct Waits {
    pub who: String,
    pub why: String,
}

impl Story {
    /// Reads an execution whose threads have names.
    pub fn new(execution: Execution) -> Story {
        let threads = (0..execution.threads.len())
            .map(|thread| execution.thread_name(thread))
            .collect();
        let scenes = scenes(&execution);
        let circle = circle(&execution);
        Story {
            execution,
            threads,
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
            What::WaitsForEndOf(whom) => format!("{who} waits for {} to end", self.threads[*whom]),
            What::HasJoined(whom) => format!("{who} has joined {}", self.threads[*whom]),
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

/// What a thread would do next and can't, if it never goes on.
pub fn stuck(execution: &Execution, thread: ThreadId) -> Option<&Op> {
    match &execution.threads[thread].state {
        ThreadState::Pending {
            op, enabled: false, ..
        } => Some(op),
        _ => None,
    }
}

fn scenes(execution: &Execution) -> Vec<Scene> {
    // Who waits for a message has the lock, or waits for it: one wait is enough to see.
    let of_the_lock = |event: &Event| {
        matches!(
            event.op,
            Op::Mutex(_, mutex::Action::Lock) | Op::Mutex(_, mutex::Action::Unlock)
        )
    };
    let seen: Vec<(usize, &Event)> = execution
        .events
        .iter()
        .enumerate()
        .filter(|(_, event)| !of_the_lock(event))
        .collect();
    let mut scenes: Vec<Scene> = Vec::new();
    let mut numbers = 1..;
    let mut add = |thread, event, what, numbered: bool| {
        let number = numbered.then(|| numbers.next()).flatten();
        scenes.push(Scene {
            thread,
            what,
            number,
            event,
        });
    };
    for (index, &(at, event)) in seen.iter().enumerate() {
        let who = event.thread;
        match event.op {
            Op::Channel(_, channel::Action::Send) => {
                add(who, at, What::Sends(message(execution, at)), true)
            }
            Op::Channel(_, channel::Action::Recv) => {
                let sent = sent_at(execution, event).expect("a message was taken");
                add(who, at, What::Takes(message(execution, sent)), true);
            }
            Op::Job(job::Action::Started { .. }) => add(who, at, What::RunsTheJob, false),
            Op::Job(job::Action::Finished { .. }) => add(who, at, What::FinishesTheJob, false),
            Op::Thread(thread::Action::Join { child }) => {
                add(who, at, What::HasJoined(child), true)
            }
            Op::Thread(thread::Action::Exit { .. })
            | Op::Process(process::Action::MainReturn { .. }) => add(who, at, What::Ends, false),
            _ => {}
        }

        // Before its next step it waits, if others go on and it can't.
        let rest = &seen[index + 1..];
        let others = rest.iter().position(|(_, next)| next.thread == who);
        let (next, for_ever) = match others {
            Some(others) => (&rest[others].1.op, false),
            None => match stuck(execution, who) {
                Some(op) => (op, true),
                None => continue,
            },
        };
        if others == Some(0) {
            continue;
        }
        match next {
            Op::Channel(_, channel::Action::Recv) => {
                let came_back = event.op != Op::Thread(thread::Action::Start);
                add(who, at, What::WaitsForMessage, for_ever && came_back);
            }
            Op::Thread(thread::Action::Join { child }) => {
                add(who, at, What::WaitsForEndOf(*child), true)
            }
            _ => {}
        }
    }
    scenes
}

/// What an event sends.
fn message(execution: &Execution, send: usize) -> &'static str {
    match job_sent(execution, send) {
        Some(0) => "job 0",
        Some(_) => panic!("one job is drawn"),
        None => "a Terminate",
    }
}

/// Who waits for whom, from `main` on, back to `main`.
fn circle(execution: &Execution) -> Vec<Waits> {
    let mut circle = Vec::new();
    let mut thread = 0;
    while let Some(op) = stuck(execution, thread) {
        let (next, why) = match op {
            Op::Thread(thread::Action::Join { child }) => {
                let whom = execution.thread_name(*child);
                (*child, format!("join: waits for {whom} to end"))
            }
            Op::Channel(channel, channel::Action::Recv) => {
                let sends =
                    |event: &&Event| event.op == Op::Channel(*channel, channel::Action::Send);
                let mut senders: Vec<ThreadId> = execution
                    .events
                    .iter()
                    .filter(sends)
                    .map(|event| event.thread)
                    .collect();
                senders.dedup();
                let [sender] = senders[..] else {
                    panic!("one thread sends");
                };
                let whom = execution.thread_name(sender);
                (
                    sender,
                    format!("recv: waits for a message, and only {whom} sends"),
                )
            }
            _ => panic!("this wait isn’t drawn: {op:?}"),
        };
        circle.push(Waits {
            who: execution.thread_name(thread),
            why,
        });
        thread = next;
        if thread == 0 {
            return circle;
        }
    }
    assert!(circle.is_empty(), "the waiting goes round");
    circle
}
