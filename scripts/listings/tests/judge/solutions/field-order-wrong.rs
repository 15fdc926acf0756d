// No `Drop` for the pool at all: its fields are dropped in the order in which they are declared, the
// workers first. Each joins its thread, and the sender is still there.
// exercise: pool
// verdict: drop-returns fails: ends in a deadlock
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    _workers: Vec<Worker>,
    sender: mpsc::Sender<Job>,
}

struct Worker(Option<thread::JoinHandle<()>>);

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            thread.join().unwrap();
        }
    }
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        let worker = |_| {
            let receiver = Arc::clone(&receiver);
            Worker(Some(thread::spawn(move || {
                loop {
                    let job = receiver.lock().unwrap().recv();
                    if let Ok(job) = job {
                        job();
                    } else {
                        break;
                    }
                }
            })))
        };
        ThreadPool {
            sender,
            _workers: (0..size).map(worker).collect(),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.sender.send(Box::new(f)).unwrap();
    }
}
