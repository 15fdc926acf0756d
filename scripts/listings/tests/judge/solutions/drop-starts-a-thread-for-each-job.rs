// What is left in the queue when the pool is dropped is run by a thread for each job.
// exercise: pool
// verdict: no-more-than-workers fails: two jobs run at the same time
use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    workers: Vec<thread::JoinHandle<()>>,
    sender: Option<mpsc::Sender<Job>>,
    receiver: Arc<Mutex<mpsc::Receiver<Job>>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        let workers = (0..size)
            .map(|_| {
                let receiver = Arc::clone(&receiver);
                thread::spawn(move || {
                    loop {
                        let job = receiver.lock().unwrap().recv();
                        match job {
                            Ok(job) => job(),
                            Err(_) => break,
                        }
                    }
                })
            })
            .collect();

        ThreadPool {
            workers,
            sender: Some(sender),
            receiver,
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.sender.as_ref().unwrap().send(Box::new(f)).unwrap();
    }

    fn take(&self) -> Result<Job, mpsc::TryRecvError> {
        self.receiver.lock().unwrap().try_recv()
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        drop(self.sender.take());

        let mut threads: Vec<_> = self.workers.drain(..).collect();
        while let Ok(job) = self.take() {
            threads.push(thread::spawn(job));
        }
        for thread in threads {
            thread.join().unwrap();
        }
    }
}
