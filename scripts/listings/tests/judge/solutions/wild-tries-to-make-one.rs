// `try_new` takes a `NonZeroUsize` and gives a `Result`; `submit` takes a box, and says whether that worked.
// exercise: pool
// verdict: holds
use std::{
    io,
    num::NonZeroUsize,
    sync::{Arc, Mutex, mpsc},
    thread,
};

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    workers: Vec<Option<thread::JoinHandle<()>>>,
    sender: Option<mpsc::Sender<Job>>,
}

impl ThreadPool {
    pub fn try_new(size: NonZeroUsize) -> io::Result<ThreadPool> {
        let (sender, receiver) = mpsc::channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        let workers = (0..size.get())
            .map(|_| {
                let receiver = Arc::clone(&receiver);
                Some(thread::spawn(move || {
                    loop {
                        let job = receiver.lock().unwrap().recv();
                        match job {
                            Ok(job) => job(),
                            Err(_) => break,
                        }
                    }
                }))
            })
            .collect();
        Ok(ThreadPool {
            workers,
            sender: Some(sender),
        })
    }

    pub fn submit(&mut self, job: Box<dyn FnOnce() + Send>) -> bool {
        match &self.sender {
            Some(sender) => sender.send(job).is_ok(),
            None => false,
        }
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
