// No workers at all: a thread for each job, and drop joins them. That is no pool, since nothing bounds
// the number of threads.
// exercise: pool
// verdict: no-more-than-workers fails: two jobs run at the same time
use std::sync::Mutex;
use std::thread::{self, JoinHandle};

pub struct ThreadPool {
    threads: Mutex<Vec<JoinHandle<()>>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        ThreadPool {
            threads: Mutex::new(Vec::with_capacity(size)),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.threads.lock().unwrap().push(thread::spawn(f));
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        for thread in self.threads.lock().unwrap().drain(..) {
            thread.join().unwrap();
        }
    }
}
