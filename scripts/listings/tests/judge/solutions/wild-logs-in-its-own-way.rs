// Asks the other crate for more than its macros.
// exercise: pool
// verdict: compiles unjudged: it uses `log` (src/lib.rs:
use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    workers: Vec<Option<thread::JoinHandle<()>>>,
    sender: Option<mpsc::Sender<Job>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        let workers = (0..size)
            .map(|_| {
                let receiver = Arc::clone(&receiver);
                Some(thread::spawn(move || {
                    loop {
                        let job = receiver.lock().unwrap().recv();
                        match job {
                            Ok(job) => {
                                log::log!(log::Level::Info, "a job");
                                job()
                            }
                            Err(_) => break,
                        }
                    }
                }))
            })
            .collect();
        ThreadPool {
            workers,
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

        for worker in &mut self.workers {
            if let Some(worker) = worker.take() {
                worker.join().unwrap();
            }
        }
    }
}
// file: Cargo.toml
[package]
name = "wild-logs-more"
version = "0.1.0"
edition = "2021"

[workspace]

[dependencies]
log = { version = "0.4", features = ["std"] }
