// A condition variable with `wait_while`; a queue of `Option<Job>`, in which `None` means the end.
// exercise: pool
// slow: more schedules than every run of the tests can wait for
// verdict: holds
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

type Job = Box<dyn FnOnce() + Send>;
type Queue = Arc<(Mutex<VecDeque<Option<Job>>>, Condvar)>;

pub struct ThreadPool {
    queue: Queue,
    threads: Vec<thread::JoinHandle<()>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        let queue: Queue = Arc::default();
        let mut threads = vec![];
        for _ in 0..size {
            let queue = Arc::clone(&queue);
            threads.push(thread::spawn(move || while run_one(&queue) {}));
        }
        ThreadPool { queue, threads }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.push(Some(Box::new(f)));
    }

    fn push(&self, job: Option<Job>) {
        let (jobs, not_empty) = &*self.queue;
        jobs.lock().unwrap().push_back(job);
        not_empty.notify_one();
    }
}

/// Takes one job and runs it; false at the end.
fn run_one(queue: &Queue) -> bool {
    let (jobs, not_empty) = &**queue;
    let guard = jobs.lock().unwrap();
    let mut guard = not_empty.wait_while(guard, |jobs| jobs.is_empty()).unwrap();
    let job = guard.pop_front().flatten();
    drop(guard);
    match job {
        Some(job) => job(),
        None => return false,
    }
    true
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        for _ in 0..self.threads.len() {
            self.push(None);
        }
        while let Some(thread) = self.threads.pop() {
            thread.join().expect("a worker panicked");
        }
    }
}
