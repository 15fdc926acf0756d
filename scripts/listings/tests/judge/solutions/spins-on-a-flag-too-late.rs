// Workers spin on the queue and on an atomic flag; the flag is looked at last, which is too late.
// exercise: pool
// slow: more schedules than every run of the tests can wait for
// verdict: no-job-lost fails: a job is not done
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
                        let job = jobs.lock().unwrap().pop_front();
                        if let Some(job) = job {
                            job();
                        } else if closing.load(SeqCst) {
                            return;
                        } else {
                            std::hint::spin_loop();
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
