//! The pool, its queue, the lock on the receiver, and the workers.

use super::svg::{boxed, drawn, words};
use crate::{explored::explored, sources, threads::stuck};
use interleave::primitives::{channel, mutex};
use interleave::trace::{Execution, Op};
use listings::catalogue::Listing;

/// Draws what `built` builds, in the state in which the pool of `runs`, the same with workers that
/// take jobs, comes to rest.
pub fn figure(built: &Listing, runs: &Listing) -> String {
    let library = sources::read(built, "src/lib.rs");
    for part in [
        "sender: mpsc::Sender<Job>",
        "Arc<Mutex<mpsc::Receiver<Job>>>",
    ] {
        assert!(library.contains(part), "{} has {part}", built.name);
    }
    let main = sources::read(built, "src/main.rs");
    let size = main
        .split("ThreadPool::new(")
        .nth(1)
        .and_then(|rest| rest.split(')').next());
    let size: usize = size
        .and_then(|size| size.parse().ok())
        .expect("the size of the pool");

    let report = explored(&runs.name)
        .keep(size, 0)
        .report()
        .expect("a report");
    let (holder, others) = at_rest(report.shown.as_ref().expect("an execution"), size);

    let center = |worker: usize| 46 + worker * 268 / (size - 1);
    let mut lines = vec![
        boxed("runs", 90, 4, 180, 46),
        words("name", 180, 22, "main: the pool"),
        words("code", 180, 40, "sender: Sender<Job>"),
        "<path class=\"arrow\" d=\"M180 50V71\"/><path class=\"tip\" d=\"M180 80l-5 -9h10z\"/>"
            .to_string(),
        words("soft", 248, 70, "execute sends a job"),
        boxed("letter", 70, 82, 220, 30),
        words("", 180, 101, "the queue: jobs, first in, first out"),
        "<path class=\"line\" d=\"M180 112V128\"/>".to_string(),
        boxed("letter", 90, 128, 180, 46),
        words("name", 180, 146, "the lock, and inside it"),
        words("code", 180, 164, "Mutex<Receiver<Job>>"),
    ];
    for worker in 0..size {
        let x = center(worker);
        let holds = worker == holder;
        let (class, word) = match holds {
            true => ("arrow", ["has the lock,", "waits for a job"]),
            false => ("line dashed", ["waits for", "the lock"]),
        };
        let from = 110 + worker * 140 / (size - 1);
        lines.push(format!(
            "<path class=\"{class}\" d=\"M{from} 174L{x} 222\"/>"
        ));
        lines.push(boxed(
            if holds { "runs" } else { "waits" },
            x - 42,
            222,
            84,
            56,
        ));
        lines.push(words("name", x, 239, &format!("worker {worker}")));
        lines.push(words("", x, 255, word[0]));
        lines.push(words("", x, 270, word[1]));
    }
    lines.push(words(
        "soft free",
        180,
        204,
        "each worker has a clone of the Arc",
    ));
    let description = format!(
        "From top to bottom: main owns the pool, and in it the sender. Jobs go through the sender into \
         a queue, first in, first out. At the other end of the queue is the receiver, inside a lock. \
         Each of the {size} workers has a clone of the Arc around the lock. Worker {holder} has the lock \
         and waits for a job, and {others} other workers wait for the lock."
    );
    drawn(
        "pool",
        "A pool, its queue, the lock on the receiver, and the workers",
        &description,
        284,
        &lines,
        "One queue for all workers, and one lock on its far end. Nobody has given a job yet.",
    )
}

/// Who holds the lock when nobody can go on, and how many others wait for it.
fn at_rest(execution: &Execution, size: usize) -> (usize, usize) {
    let waits = |want: fn(&Op) -> bool| -> Vec<usize> {
        (1..=size)
            .filter(|&thread| stuck(execution, thread).is_some_and(want))
            .collect()
    };
    let receives = waits(|op| matches!(op, Op::Channel(_, channel::Action::Recv)));
    let locks = waits(|op| matches!(op, Op::Mutex(_, mutex::Action::Lock)));
    assert_eq!(
        (receives.len(), locks.len()),
        (1, size - 1),
        "one has the lock"
    );
    let name = execution.thread_name(receives[0]);
    let number = name
        .rsplit(' ')
        .next()
        .and_then(|number| number.parse().ok());
    (number.expect("a worker's number"), locks.len())
}
