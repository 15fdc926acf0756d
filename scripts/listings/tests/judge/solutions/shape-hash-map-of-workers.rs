// Its workers are in a `HashMap` and are dropped with it, before the channel closes.
// exercise: pool
// verdict: drop-returns fails: in a deadlock
use std::{
    collections::HashMap,
    sync::{Arc, Mutex, mpsc},
    thread,
};

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    _workers: HashMap<String, Worker>,
    sender: mpsc::Sender<Job>,
}

struct Worker(Option<thread::JoinHandle<()>>);

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        let mut workers = HashMap::with_capacity(size);
        for id in 0..size {
            let receiver = Arc::clone(&receiver);
            let worker = thread::spawn(move || {
                loop {
                    let job = receiver.lock().unwrap().recv();
                    match job {
                        Ok(job) => job(),
                        Err(_) => break,
                    }
                }
            });
            workers.insert(format!("worker {id}"), Worker(Some(worker)));
        }

        ThreadPool { _workers: workers, sender }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.sender.send(Box::new(f)).unwrap();
    }
}

impl Drop for Worker {
    fn drop(&mut self) {
        if let Some(thread) = self.0.take() {
            thread.join().unwrap();
        }
    }
}
