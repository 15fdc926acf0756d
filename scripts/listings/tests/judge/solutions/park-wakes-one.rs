// Workers park; each job unparks one worker in turn, who may be busy while the others sleep: the
// job is done all the same, since a busy worker looks again. But the end unparks the first only.
// exercise: pool
// verdict: drop-returns fails: ends in a deadlock
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send + 'static>;

#[derive(Default)]
struct Shared {
    jobs: Mutex<VecDeque<Job>>,
    closing: AtomicBool,
}

pub struct ThreadPool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
    next: AtomicUsize,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let shared = Arc::new(Shared::default());
        let workers = (0..size)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || {
                    loop {
                        let closing = shared.closing.load(Ordering::Acquire);
                        let job = shared.jobs.lock().unwrap().pop_front();
                        match job {
                            Some(job) => job(),
                            None if closing => break,
                            None => thread::park(),
                        }
                    }
                })
            })
            .collect();
        ThreadPool {
            shared,
            workers,
            next: AtomicUsize::new(0),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.shared.jobs.lock().unwrap().push_back(Box::new(f));
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.workers.len();
        self.workers[turn].thread().unpark();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Release);
        self.workers[0].thread().unpark();
        for worker in self.workers.drain(..) {
            worker.join().unwrap();
        }
    }
}
