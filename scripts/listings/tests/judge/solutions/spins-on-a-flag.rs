// Workers spin on the queue and on an atomic flag, with `yield_now`; the flag is looked at first.
// exercise: pool
// slow: more schedules than every run of the tests can wait for
// verdict: waits-quietly fails: keeps a processor busy while it waits, at src/lib.rs:29
use std::collections::VecDeque;
use std::sync::atomic::{AtomicBool, Ordering::SeqCst};
use std::sync::{Arc, Mutex};
use std::thread;

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    jobs: Arc<Mutex<VecDeque<Job>>>,
    closing: Arc<AtomicBool>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let jobs = Arc::new(Mutex::new(VecDeque::<Job>::new()));
        let closing = Arc::new(AtomicBool::new(false));
        let threads = (0..size)
            .map(|_| {
                let jobs = Arc::clone(&jobs);
                let closing = Arc::clone(&closing);
                thread::spawn(move || {
                    loop {
                        let last_look = closing.load(SeqCst);
                        let job = jobs.lock().unwrap().pop_front();
                        if let Some(job) = job {
                            job();
                        } else if last_look {
                            return;
                        } else {
                            thread::yield_now();
                        }
                    }
                })
            })
            .collect();
        ThreadPool {
            jobs,
            closing,
            threads,
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.jobs.lock().unwrap().push_back(Box::new(f));
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.closing.store(true, SeqCst);
        while let Some(thread) = self.threads.pop() {
            thread.join().unwrap();
        }
    }
}
