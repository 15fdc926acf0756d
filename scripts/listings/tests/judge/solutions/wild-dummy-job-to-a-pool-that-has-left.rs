// Raises a flag and wakes each worker with a job that does nothing: the last may find nobody left.
// exercise: pool
// verdict: no-panic fails: SendError
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicBool, Ordering},
        mpsc,
    },
    thread,
};

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    workers: Vec<Option<thread::JoinHandle<()>>>,
    leaving: Arc<AtomicBool>,
    sender: mpsc::Sender<Job>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        let leaving = Arc::new(AtomicBool::new(false));
        let workers = (0..size)
            .map(|_| {
                let receiver = Arc::clone(&receiver);
                let leaving = Arc::clone(&leaving);
                Some(thread::spawn(move || {
                    while !leaving.load(Ordering::SeqCst) {
                        let job = receiver.lock().unwrap().recv().unwrap();
                        job();
                    }
                }))
            })
            .collect();
        ThreadPool {
            workers,
            leaving,
            sender,
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.sender.send(Box::new(f)).unwrap();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.leaving.store(true, Ordering::SeqCst);
        for _ in &self.workers {
            self.sender.send(Box::new(|| {})).unwrap();
        }

        for worker in &mut self.workers {
            if let Some(worker) = worker.take() {
                worker.join().unwrap();
            }
        }
    }
}
