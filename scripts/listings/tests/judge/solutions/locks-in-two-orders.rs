// Counts what is queued under a second lock: `execute` takes the two in one order and the workers in
// the other.
// exercise: pool
// verdict: drop-returns fails: ends in a deadlock
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send + 'static>;

struct State {
    jobs: VecDeque<Job>,
    closing: bool,
}

struct Shared {
    state: Mutex<State>,
    changed: Condvar,
    waiting: Mutex<usize>,
}

pub struct ThreadPool {
    shared: Arc<Shared>,
    workers: Vec<JoinHandle<()>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let shared = Arc::new(Shared {
            state: Mutex::new(State {
                jobs: VecDeque::new(),
                closing: false,
            }),
            changed: Condvar::new(),
            waiting: Mutex::new(0),
        });
        let workers = (0..size)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || work(&shared))
            })
            .collect();
        ThreadPool { shared, workers }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        let mut waiting = self.shared.waiting.lock().unwrap();
        self.shared
            .state
            .lock()
            .unwrap()
            .jobs
            .push_back(Box::new(f));
        *waiting += 1;
        self.shared.changed.notify_one();
    }
}

fn work(shared: &Shared) {
    let mut state = shared.state.lock().unwrap();
    loop {
        if let Some(job) = state.jobs.pop_front() {
            *shared.waiting.lock().unwrap() -= 1;
            drop(state);
            job();
            state = shared.state.lock().unwrap();
        } else if state.closing {
            break;
        } else {
            state = shared.changed.wait(state).unwrap();
        }
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.shared.state.lock().unwrap().closing = true;
        self.shared.changed.notify_all();
        for worker in self.workers.drain(..) {
            worker.join().unwrap();
        }
    }
}
