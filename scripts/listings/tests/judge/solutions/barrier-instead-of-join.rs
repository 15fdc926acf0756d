// Meets the workers at a barrier and takes that for a join: a worker is past the barrier and not yet
// at its end.
// exercise: pool
// verdict: drop-waits fails: still there when the drop returns
use std::{
    sync::{
        Arc, Barrier, Mutex,
        mpsc::{self, Receiver, Sender},
    },
    thread,
};

pub struct ThreadPool {
    workers: Vec<Worker>,
    sender: Sender<Message>,
    end: Arc<Barrier>,
}

type Job = Box<dyn FnOnce() + Send + 'static>;

enum Message {
    NewJob(Job),
    Terminate,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel();
        let receiver = Arc::new(Mutex::new(receiver));
        let end = Arc::new(Barrier::new(size + 1));
        let workers = (0..size)
            .map(|id| Worker::new(id, Arc::clone(&receiver), Arc::clone(&end)))
            .collect();
        ThreadPool {
            workers,
            sender,
            end,
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.sender.send(Message::NewJob(Box::new(f))).unwrap();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        for worker in &self.workers {
            println!("Shutting down worker {}", worker.id);
            self.sender.send(Message::Terminate).unwrap();
        }
        self.end.wait();
        self.workers
            .iter_mut()
            .for_each(|worker| drop(worker.thread.take()));
    }
}

struct Worker {
    id: usize,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    fn new(id: usize, receiver: Arc<Mutex<Receiver<Message>>>, end: Arc<Barrier>) -> Worker {
        let thread = thread::spawn(move || {
            loop {
                let message = receiver.lock().unwrap().recv().unwrap();
                match message {
                    Message::NewJob(job) => {
                        println!("Worker {id} got a job; executing.");
                        job();
                    }
                    Message::Terminate => {
                        println!("Worker {id} was told to terminate.");
                        end.wait();
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
