// One channel per worker, jobs dealt in turn with an atomic counter. Dropping one worker's sender
// and joining that worker in the same loop is right here: each sender reaches one worker only.
// exercise: pool
// verdict: holds
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Sender};
use std::thread::{self, JoinHandle};

type Job = Box<dyn FnOnce() + Send + 'static>;

struct Worker {
    sender: Sender<Job>,
    thread: JoinHandle<()>,
}

pub struct ThreadPool {
    workers: Vec<Worker>,
    next: AtomicUsize,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let workers = (0..size)
            .map(|_| {
                let (sender, receiver) = mpsc::channel::<Job>();
                let thread = thread::spawn(move || {
                    for job in receiver {
                        job();
                    }
                });
                Worker { sender, thread }
            })
            .collect();
        ThreadPool {
            workers,
            next: AtomicUsize::new(0),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        let turn = self.next.fetch_add(1, Ordering::Relaxed) % self.workers.len();
        self.workers[turn].sender.send(Box::new(f)).unwrap();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        for Worker { sender, thread } in self.workers.drain(..) {
            drop(sender);
            thread.join().unwrap();
        }
    }
}
