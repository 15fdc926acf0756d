// A manager thread holds a scope with the workers; drop waits for the manager, whose scope waits for
// them.
// exercise: pool
// verdict: holds
use std::sync::{Mutex, mpsc};
use std::thread;

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    manager: Option<thread::JoinHandle<()>>,
    sender: Option<mpsc::Sender<Job>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel::<Job>();
        let manager = thread::spawn(move || {
            let receiver = Mutex::new(receiver);
            thread::scope(|scope| {
                for _ in 0..size {
                    scope.spawn(|| {
                        loop {
                            let next = receiver.lock().unwrap().recv();
                            match next {
                                Ok(job) => job(),
                                Err(mpsc::RecvError) => break,
                            }
                        }
                    });
                }
            });
        });
        ThreadPool {
            manager: Some(manager),
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
        if let Some(manager) = self.manager.take() {
            manager.join().unwrap();
        }
    }
}
