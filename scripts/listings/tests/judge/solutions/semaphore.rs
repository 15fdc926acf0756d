// A semaphore of the student's own counts what is in the queue; a permit without a job is the end.
// exercise: pool
// slow: more schedules than every run of the tests can wait for
// verdict: holds
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

#[derive(Default)]
struct Semaphore {
    permits: Mutex<usize>,
    more: Condvar,
}

impl Semaphore {
    fn acquire(&self) {
        let mut permits = self.permits.lock().unwrap();
        while *permits == 0 {
            permits = self.more.wait(permits).unwrap();
        }
        *permits -= 1;
    }

    fn release(&self) {
        *self.permits.lock().unwrap() += 1;
        self.more.notify_one();
    }
}

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    queued: Arc<Semaphore>,
    jobs: Arc<Mutex<VecDeque<Job>>>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let queued = Arc::new(Semaphore::default());
        let jobs = Arc::new(Mutex::new(VecDeque::<Job>::new()));
        let mut threads = Vec::new();
        for _ in 0..size {
            let (queued, jobs) = (queued.clone(), jobs.clone());
            threads.push(thread::spawn(move || {
                loop {
                    queued.acquire();
                    let job = jobs.lock().unwrap().pop_front();
                    match job {
                        Some(job) => job(),
                        None => break,
                    }
                }
            }));
        }
        ThreadPool {
            queued,
            jobs,
            threads,
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.jobs.lock().unwrap().push_back(Box::new(f));
        self.queued.release();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        for _ in &self.threads {
            self.queued.release();
        }
        for thread in self.threads.drain(..) {
            thread.join().unwrap();
        }
    }
}
