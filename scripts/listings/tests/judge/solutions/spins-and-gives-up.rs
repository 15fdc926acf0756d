// A worker that asks three times in vain goes home, whatever comes then; and `drop` looks at a counter
// until every worker has left.
// exercise: pool
// verdict: no-job-lost fails: a job is not done
use std::{
    sync::{
        Arc, Mutex,
        atomic::{AtomicUsize, Ordering},
        mpsc,
    },
    thread,
};

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    alive: Arc<AtomicUsize>,
    sender: mpsc::Sender<Job>,
    _receiver: Arc<Mutex<mpsc::Receiver<Job>>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (sender, receiver) = mpsc::channel::<Job>();
        let receiver = Arc::new(Mutex::new(receiver));
        let alive = Arc::new(AtomicUsize::new(size));
        for _ in 0..size {
            let receiver = Arc::clone(&receiver);
            let alive = Arc::clone(&alive);
            thread::spawn(move || {
                let mut missed = 0;
                while missed < 3 {
                    let job = receiver.lock().unwrap().try_recv();
                    match job {
                        Ok(job) => job(),
                        Err(_) => missed += 1,
                    }
                }
                alive.fetch_sub(1, Ordering::SeqCst);
            });
        }
        ThreadPool {
            alive,
            sender,
            _receiver: receiver,
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
        while self.alive.load(Ordering::SeqCst) > 0 {}
    }
}
