// `drop` looks at a counter until every worker has left.
// exercise: pool
// verdict: waits-quietly fails: keeps a processor busy while it waits
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    workers: Vec<thread::JoinHandle<()>>,
    alive: Arc<AtomicUsize>,
    sender: Option<mpsc::Sender<Job>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        let alive = Arc::new(AtomicUsize::new(size));
        let workers = (0..size)
            .map(|_| {
                let receiver = Arc::clone(&receiver);
                let alive = Arc::clone(&alive);
                thread::spawn(move || {
                    loop {
                        let job = receiver.lock().unwrap().recv();
                        match job {
                            Ok(job) => job(),
                            Err(_) => break,
                        }
                    }
                    alive.fetch_sub(1, Ordering::SeqCst);
                })
            })
            .collect();
        ThreadPool {
            workers,
            alive,
            sender: Some(sender),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.sender.as_ref().unwrap().send(Box::new(f)).unwrap();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        drop(self.sender.take());

        while self.alive.load(Ordering::SeqCst) > 0 {}
        for worker in self.workers.drain(..) {
            worker.join().unwrap();
        }
    }
}
