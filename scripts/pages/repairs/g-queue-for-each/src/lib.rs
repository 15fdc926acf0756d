use std::{
    sync::{
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

pub struct ThreadPool {
    workers: Vec<Worker>,
    next: AtomicUsize,
}

type Job = Box<dyn FnOnce() + Send + 'static>;

enum Message {
    NewJob(Job),
    Terminate,
}

impl ThreadPool {
    /// Creates a pool of `size` threads.
    ///
    /// # Panics
    ///
    /// Panics if `size` is zero.
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);

        let mut workers = Vec::with_capacity(size);

        for id in 0..size {
            workers.push(Worker::new(id));
        }

        ThreadPool {
            workers,
            next: AtomicUsize::new(0),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        let job = Box::new(f);

        let next = self.next.fetch_add(1, Ordering::Relaxed) % self.workers.len();

        self.workers[next]
            .sender
            .send(Message::NewJob(job))
            .unwrap();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        for worker in &mut self.workers {
            println!("Shutting down worker {}", worker.id);

            worker.sender.send(Message::Terminate).unwrap();

            if let Some(thread) = worker.thread.take() {
                thread.join().unwrap();
            }
        }
    }
}

struct Worker {
    id: usize,
    sender: mpsc::Sender<Message>,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    fn new(id: usize) -> Worker {
        let (sender, receiver) = mpsc::channel();

        let thread = thread::spawn(move || {
            loop {
                let message = receiver.recv().unwrap();

                match message {
                    Message::NewJob(job) => {
                        println!("Worker {id} got a job; executing.");

                        job();
                    }
                    Message::Terminate => {
                        println!("Worker {id} was told to terminate.");

                        break;
                    }
                }
            }
        });

        Worker {
            id,
            sender,
            thread: Some(thread),
        }
    }
}
