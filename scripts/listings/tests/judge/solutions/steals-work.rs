// A queue for each worker, jobs dealt in turn; whoever has nothing to do takes from the others.
// exercise: pool
// slow: more schedules than every run of the tests can wait for
// verdict: holds
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::thread;

type Job = Box<dyn FnOnce() + Send + 'static>;

struct Shared {
    queues: Vec<Mutex<VecDeque<Job>>>,
    closing: AtomicBool,
}

pub struct ThreadPool {
    shared: Arc<Shared>,
    threads: Vec<thread::JoinHandle<()>>,
    next: AtomicUsize,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let shared = Arc::new(Shared {
            queues: (0..size).map(|_| Mutex::default()).collect(),
            closing: AtomicBool::new(false),
        });
        let threads = (0..size)
            .map(|id| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || shared.work(id))
            })
            .collect();
        ThreadPool {
            shared,
            threads,
            next: AtomicUsize::new(0),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.threads.len();
        let mut queue = self.shared.queues[turn].lock().unwrap();
        queue.push_back(Box::new(f));
        drop(queue);
        self.threads[turn].thread().unpark();
    }
}

impl Shared {
    fn work(&self, id: usize) {
        loop {
            let closing = self.closing.load(Ordering::Acquire);
            let (before, after) = self.queues.split_at(id);
            let found = after
                .iter()
                .chain(before)
                .find_map(|queue| queue.lock().unwrap().pop_front());
            match found {
                Some(job) => job(),
                None if closing => return,
                None => thread::park(),
            }
        }
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::Release);
        for thread in self.threads.drain(..) {
            thread.thread().unpark();
            thread.join().unwrap();
        }
    }
}
