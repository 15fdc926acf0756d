// The handles are in the shared state, whose own drop joins them. When a worker is the last to hold
// it, that worker would have to join itself, and the pool's drop waits for nobody.
// exercise: pool
// slow: more schedules than every run of the tests can wait for
// verdict: no-job-lost fails: the drop returns, and a job is not done
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
    workers: Mutex<Vec<JoinHandle<()>>>,
}

pub struct ThreadPool {
    shared: Arc<Shared>,
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
            workers: Mutex::new(Vec::new()),
        });
        let workers: Vec<_> = (0..size)
            .map(|_| {
                let shared = Arc::clone(&shared);
                thread::spawn(move || work(&shared))
            })
            .collect();
        shared.workers.lock().unwrap().extend(workers);
        ThreadPool { shared }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.shared
            .state
            .lock()
            .unwrap()
            .jobs
            .push_back(Box::new(f));
        self.shared.changed.notify_one();
    }
}

fn work(shared: &Shared) {
    let mut state = shared.state.lock().unwrap();
    loop {
        if let Some(job) = state.jobs.pop_front() {
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
    }
}

impl Drop for Shared {
    fn drop(&mut self) {
        for worker in self.workers.get_mut().unwrap().drain(..) {
            worker.join().unwrap();
        }
    }
}
