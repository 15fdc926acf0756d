// Looks at the flag without the lock that it waits with: the call may come in between.
// exercise: pool
// verdict: drop-returns fails: ends in a deadlock
use std::{
    collections::VecDeque,
    sync::{
        Arc, Condvar, Mutex,
        atomic::{AtomicBool, Ordering},
    },
    thread,
};

type Job = Box<dyn FnOnce() + Send + 'static>;

#[derive(Default)]
struct Shared {
    jobs: Mutex<VecDeque<Job>>,
    more: Condvar,
    closed: AtomicBool,
}

pub struct ThreadPool {
    workers: Vec<Option<thread::JoinHandle<()>>>,
    shared: Arc<Shared>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let shared = Arc::new(Shared::default());
        let workers = (0..size)
            .map(|_| {
                let shared = Arc::clone(&shared);
                Some(thread::spawn(move || work(&shared)))
            })
            .collect();
        ThreadPool { workers, shared }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.shared.jobs.lock().unwrap().push_back(Box::new(f));
        self.shared.more.notify_one();
    }
}

fn work(shared: &Shared) {
    let mut jobs = shared.jobs.lock().unwrap();
    loop {
        if let Some(job) = jobs.pop_front() {
            drop(jobs);
            job();
            jobs = shared.jobs.lock().unwrap();
        } else if shared.closed.load(Ordering::SeqCst) {
            return;
        } else {
            jobs = shared.more.wait(jobs).unwrap();
        }
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.shared.closed.store(true, Ordering::SeqCst);
        self.shared.more.notify_all();
        for worker in &mut self.workers {
            if let Some(worker) = worker.take() {
                worker.join().unwrap();
            }
        }
    }
}
