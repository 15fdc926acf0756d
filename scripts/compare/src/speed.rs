//! How many jobs a pool does in a second.

use crate::{
    child::{self, value},
    pools::Pool,
};
use std::{
    io,
    sync::{
        Arc,
        atomic::{AtomicUsize, Ordering::SeqCst},
    },
    thread,
    time::{Duration, Instant},
};

/// The two kinds of jobs, and how many of them are given.
pub const KINDS: [(&str, usize); 2] = [("empty", 200_000), ("10us", 20_000)];

/// The child's side: prints how many jobs there were in a second.
pub fn show<P: Pool>(kind: &str, workers: usize) {
    let (kind, count) = KINDS
        .into_iter()
        .find(|(name, _)| *name == kind)
        .unwrap_or(KINDS[0]);
    let pool = P::new(workers);
    let done = Arc::new(AtomicUsize::new(0));
    let main = thread::current();
    let start = Instant::now();
    for _ in 0..count {
        let (done, main) = (Arc::clone(&done), main.clone());
        pool.execute(move || {
            if kind == "10us" {
                work(Duration::from_micros(10));
            }
            if done.fetch_add(1, SeqCst) + 1 == count {
                main.unpark();
            }
        });
    }
    while done.load(SeqCst) < count {
        thread::park();
    }
    let rate = count as f64 / start.elapsed().as_secs_f64();
    eprintln!("rate: {rate}");
}

fn work(time: Duration) {
    let start = Instant::now();
    while start.elapsed() < time {
        std::hint::spin_loop();
    }
}

/// The jobs in a second of each of these pools: the best of seven runs, in which they take
/// turns. Whatever else the machine does can only make a run slower.
pub fn of(names: &[&str], kind: &str, workers: usize) -> io::Result<Vec<f64>> {
    let mut best = vec![0.0_f64; names.len()];
    for _ in 0..7 {
        for (name, best) in names.iter().zip(&mut best) {
            let answer = child::ask(&["speed", name, kind, &workers.to_string()])?;
            let rate = value(&answer, "rate").and_then(|rate| rate.parse().ok());
            *best = best.max(rate.ok_or_else(|| io::Error::other(answer.text))?);
        }
    }
    Ok(best)
}
