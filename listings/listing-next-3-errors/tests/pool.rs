//! What the pool promises, tested with nothing but what is public.
//!
//! No test sleeps: each waits for something to happen, and says so if it does not come.

use listing_next_3_errors::{PoolError, ThreadPool};
use std::{
    collections::HashSet,
    iter,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
        mpsc::{self, Receiver, Sender},
    },
    thread::{self, ThreadId},
    time::Duration,
};

/// How long to wait for what comes at once, unless the pool is broken.
const PATIENCE: Duration = Duration::from_secs(10);

#[test]
fn every_job_runs() {
    let (sender, receiver) = mpsc::channel();
    let pool = ThreadPool::build(4).unwrap();

    for number in 0..20 {
        let sender = sender.clone();
        pool.execute(move || sender.send(number).unwrap()).unwrap();
    }
    drop(sender);

    let mut done: Vec<i32> = all(&receiver).collect();
    done.sort();
    assert_eq!(done, (0..20).collect::<Vec<i32>>());
}

#[test]
fn jobs_still_in_the_queue_run_when_the_pool_is_dropped() {
    let (sender, receiver) = mpsc::channel();
    let (started, starts) = mpsc::channel();
    let pool = ThreadPool::build(1).unwrap();

    let gate = job_behind_a_gate(&pool, &started);
    started_on(&starts);
    for number in 0..100 {
        let sender = sender.clone();
        pool.execute(move || sender.send(number).unwrap()).unwrap();
    }
    drop(sender);

    drop(gate);
    drop(pool);

    assert_eq!(all(&receiver).count(), 100);
}

#[test]
fn as_many_jobs_run_at_once_as_there_are_workers() {
    let (started, starts) = mpsc::channel();
    let pool = ThreadPool::build(4).unwrap();

    let _gates: Vec<_> = (0..4).map(|_| job_behind_a_gate(&pool, &started)).collect();

    // No gate opens before all four have started.
    for _ in 0..4 {
        started_on(&starts);
    }
}

#[test]
fn never_more_jobs_run_at_once_than_there_are_workers() {
    let (started, starts) = mpsc::channel();
    let pool = ThreadPool::build(4).unwrap();

    let gates: Vec<_> = (0..4).map(|_| job_behind_a_gate(&pool, &started)).collect();
    let workers: HashSet<ThreadId> = (0..4).map(|_| started_on(&starts)).collect();

    // All four are busy: whoever took one of these now would be a fifth.
    for _ in 0..100 {
        let started = started.clone();
        pool.execute(move || started.send(thread::current().id()).unwrap())
            .unwrap();
    }
    drop(gates);

    for _ in 0..100 {
        let thread = started_on(&starts);
        assert!(workers.contains(&thread), "a fifth worker has run a job");
    }
}

#[test]
fn dropping_the_pool_waits_for_a_job_that_runs() {
    let (started, starts) = mpsc::channel();
    let (open, gate) = mpsc::channel::<()>();
    let done = Arc::new(AtomicBool::new(false));
    let pool = ThreadPool::build(1).unwrap();

    let job_done = Arc::clone(&done);
    pool.execute(move || {
        started.send(thread::current().id()).unwrap();
        let _ = gate.recv();
        job_done.store(true, Ordering::Relaxed);
    })
    .unwrap();
    started_on(&starts);

    // The job can't end before another thread lets it.
    let opener = thread::spawn(move || drop(open));
    drop(pool);

    assert!(done.load(Ordering::Relaxed), "drop returned before the job");
    opener.join().unwrap();
}

#[test]
fn a_pool_without_workers_is_refused() {
    assert!(matches!(ThreadPool::build(0), Err(PoolError::NoWorkers)));
}

#[test]
fn a_job_that_panics_costs_neither_its_worker_nor_the_jobs_after_it() {
    let (started, starts) = mpsc::channel();
    let pool = ThreadPool::build(1).unwrap();

    for _ in 0..10 {
        let started = started.clone();
        pool.execute(move || {
            started.send(thread::current().id()).unwrap();
            panic!("on purpose");
        })
        .unwrap();
    }

    let workers: HashSet<ThreadId> = (0..10).map(|_| started_on(&starts)).collect();
    assert_eq!(workers.len(), 1);
    drop(pool);
}

#[test]
fn a_job_may_drop_its_own_pool() {
    let (sender, receiver) = mpsc::channel();
    let pool = Arc::new(ThreadPool::build(2).unwrap());

    let last = Arc::clone(&pool);
    let (open, gate) = mpsc::channel::<()>();
    pool.execute(move || {
        let _ = gate.recv();
        drop(last);
        sender.send("dropped").unwrap();
    })
    .unwrap();
    drop(pool);
    drop(open);

    assert_eq!(receiver.recv_timeout(PATIENCE), Ok("dropped"));
}

/// Gives the pool a job that says where it starts, and ends when its gate is dropped.
fn job_behind_a_gate(pool: &ThreadPool, started: &Sender<ThreadId>) -> Sender<()> {
    let started = started.clone();
    let (open, gate) = mpsc::channel();
    pool.execute(move || {
        started.send(thread::current().id()).unwrap();
        let _ = gate.recv();
    })
    .unwrap();
    open
}

/// The thread on which the next job starts.
fn started_on(starts: &Receiver<ThreadId>) -> ThreadId {
    let thread = starts.recv_timeout(PATIENCE);
    thread.expect("one more job should have started")
}

/// Everything that is sent until all senders are gone.
fn all<T>(receiver: &Receiver<T>) -> impl Iterator<Item = T> {
    iter::from_fn(|| match receiver.recv_timeout(PATIENCE) {
        Ok(sent) => Some(sent),
        Err(mpsc::RecvTimeoutError::Disconnected) => None,
        Err(mpsc::RecvTimeoutError::Timeout) => panic!("a job should have ended"),
    })
}
