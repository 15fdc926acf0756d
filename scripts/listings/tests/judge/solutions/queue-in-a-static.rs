// The queue is a static, which the explorer can't put back to what it was.
// exercise: pool
// verdict: drop-returns unjudged: 
use std::collections::VecDeque;
use std::sync::{Condvar, Mutex};
use std::thread;

type Job = Box<dyn FnOnce() + Send + 'static>;

struct Queue {
    jobs: VecDeque<Job>,
    open: bool,
}

static QUEUE: Mutex<Queue> = Mutex::new(Queue {
    jobs: VecDeque::new(),
    open: false,
});
static CHANGED: Condvar = Condvar::new();

pub struct ThreadPool {
    threads: Vec<thread::JoinHandle<()>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        QUEUE.lock().unwrap().open = true;
        ThreadPool {
            threads: (0..size).map(|_| thread::spawn(work)).collect(),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        QUEUE.lock().unwrap().jobs.push_back(Box::new(f));
        CHANGED.notify_one();
    }
}

fn work() {
    loop {
        let queue = QUEUE.lock().unwrap();
        let mut queue = CHANGED
            .wait_while(queue, |queue| queue.jobs.is_empty() && queue.open)
            .unwrap();
        match queue.jobs.pop_front() {
            Some(job) => {
                drop(queue);
                job();
            }
            None => return,
        }
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        QUEUE.lock().unwrap().open = false;
        CHANGED.notify_all();
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
    }
}
