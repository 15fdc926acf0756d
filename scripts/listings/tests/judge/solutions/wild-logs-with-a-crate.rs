// Says what it does with the macros of another crate, which only print.
// exercise: pool
// verdict: holds
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
                                log::info!(target: "pool", "a job for {:?}", thread::current().id());
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
name = "wild-logs"
version = "0.1.0"
edition = "2021"

[workspace]

[dependencies]
env_logger = "0.11"
log = { version = "0.4", features = ["std"] }
// file: src/main.rs
use log::{debug, error};
use wild_logs::ThreadPool;

fn main() {
    env_logger::init();
    let pool = ThreadPool::new(2);
    pool.execute(|| debug!("a job"));
    error!("that was {}", 1 + 1);
}
