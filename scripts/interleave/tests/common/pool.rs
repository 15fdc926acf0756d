//! Three pools that differ in how they are dropped, written against the
//! explorer's `std`.

use interleave as std;

use std::sync::mpsc::{self, Receiver, Sender};
use std::sync::{Arc, Mutex};
use std::thread;

/// How the pool shuts its workers down.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Design {
    /// Each worker gets a message and is joined at once.
    SingleLoop,
    /// All get a message, then all are joined.
    TwoLoops,
    /// The channel is closed, then all are joined.
    Closing,
}

type Job = Box<dyn FnOnce() + Send + 'static>;

enum Message {
    NewJob(Job),
    Terminate,
}

struct Worker {
    id: usize,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    fn new(id: usize, receiver: Arc<Mutex<Receiver<Message>>>) -> Worker {
        let thread = thread::spawn(move || {
            loop {
                let message = receiver.lock().unwrap().recv();

                match message {
                    Ok(Message::NewJob(job)) => {
                        std::println!("Worker {id} got a job; executing.");
                        job();
                    }
                    Ok(Message::Terminate) => {
                        std::println!("Worker {id} was told to terminate.");
                        break;
                    }
                    Err(_) => {
                        std::println!("Worker {id} disconnected; shutting down.");
                        break;
                    }
                }
            }
        });
        Worker {
            id,
            thread: Some(thread),
        }
    }
}

/// A pool of workers.
pub struct ThreadPool {
    workers: Vec<Worker>,
    sender: Option<Sender<Message>>,
    design: Design,
}

impl ThreadPool {
    pub fn new(size: usize, design: Design) -> ThreadPool {
        let (sender, receiver) = mpsc::channel();
        let receiver = Arc::new(Mutex::new(receiver));
        let mut workers = Vec::with_capacity(size);
        for id in 0..size {
            workers.push(Worker::new(id, Arc::clone(&receiver)));
        }
        ThreadPool {
            workers,
            sender: Some(sender),
            design,
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.send(Message::NewJob(Box::new(f)));
    }

    fn send(&self, message: Message) {
        self.sender.as_ref().unwrap().send(message).unwrap();
    }

    fn drop_with_messages(&mut self) {
        std::println!("Sending terminate message to all workers.");
        for _ in &self.workers {
            self.send(Message::Terminate);
        }
        std::println!("Shutting down all workers.");
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        match self.design {
            Design::SingleLoop => {}
            Design::TwoLoops => self.drop_with_messages(),
            Design::Closing => drop(self.sender.take()),
        }
        for at in 0..self.workers.len() {
            std::println!("Shutting down worker {}", self.workers[at].id);
            if self.design == Design::SingleLoop {
                self.send(Message::Terminate);
            }
            if let Some(thread) = self.workers[at].thread.take() {
                thread.join().unwrap();
            }
        }
    }
}

/// Queues empty jobs and drops the pool.
pub fn scenario(design: Design, size: usize, jobs: usize) {
    let pool = ThreadPool::new(size, design);
    for _ in 0..jobs {
        pool.execute(|| {});
    }
    std::println!("Shutting down.");
    drop(pool);
}
