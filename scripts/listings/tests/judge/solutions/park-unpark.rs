// Workers park; whoever brings a job or the end unparks them. A worker looks at the flag before it
// looks into the queue, so no job is left behind.
// exercise: pool
// slow: more schedules than every run of the tests can wait for
// verdict: holds
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send + 'static>;

struct Shared {
    jobs: Mutex<VecDeque<Job>>,
    closing: AtomicBool,
}

pub struct ThreadPool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let shared = Arc::new(Shared {
            jobs: Mutex::new(VecDeque::new()),
            closing: AtomicBool::new(false),
        });
        let workers = (0..size)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || shared.work())
            })
            .collect();
        ThreadPool { shared, workers }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.shared.jobs.lock().unwrap().push_back(Box::new(f));
        self.wake_all();
    }

    fn wake_all(&self) {
        for worker in &self.workers {
            worker.thread().unpark();
        }
    }
}

impl Shared {
    fn work(&self) {
        loop {
            let closing = self.closing.load(Ordering::SeqCst);
            let job = self.jobs.lock().unwrap().pop_front();
            match job {
                Some(job) => job(),
                None if closing => return,
                None => thread::park(),
            }
        }
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.shared.closing.store(true, Ordering::SeqCst);
        self.wake_all();
        for worker in self.workers.drain(..) {
            worker.join().unwrap();
        }
    }
}
