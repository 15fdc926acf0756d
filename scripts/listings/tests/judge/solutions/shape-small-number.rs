// The number of workers is a `u8`, and a job comes in its box.
// exercise: pool
// verdict: holds
use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct Workers {
    workers: Vec<thread::JoinHandle<()>>,
    sender: Option<mpsc::Sender<Job>>,
}

impl Workers {
    pub fn with_threads(size: u8) -> Result<Self, String> {
        if size == 0 {
            return Err("no workers".to_string());
        }
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

        Ok(Workers { workers, sender: Some(sender) })
    }

    pub fn spawn(&self, job: Job) {
        self.sender.as_ref().unwrap().send(job).unwrap();
    }
}

impl Drop for Workers {
    fn drop(&mut self) {
        drop(self.sender.take());

        for worker in self.workers.drain(..) {
            worker.join().unwrap();
        }
    }
}
