// Tests that all jobs are taken, but not that they are done.
// exercise: next-2-tests
// verdict: tested fails: all tests pass on a pool that is broken: workers take jobs and throw them away
use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};

pub struct ThreadPool {
    workers: Vec<Worker>,
    sender: Option<mpsc::Sender<Job>>,
}

type Job = Box<dyn FnOnce() + Send + 'static>;

impl ThreadPool {
    /// Creates a pool of `size` threads.
    ///
    /// # Panics
    ///
    /// Panics if `size` is zero.
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);

        let (sender, receiver) = mpsc::channel();
        let receiver = Arc::new(Mutex::new(receiver));

        let mut workers = Vec::with_capacity(size);

        for id in 0..size {
            workers.push(Worker::new(id, Arc::clone(&receiver)));
        }

        ThreadPool {
            workers,
            sender: Some(sender),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        let job = Box::new(f);

        self.sender.as_ref().unwrap().send(job).unwrap();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        drop(self.sender.take());

        for worker in &mut self.workers {
            println!("Shutting down worker {}", worker.id);

            if let Some(thread) = worker.thread.take() {
                thread.join().unwrap();
            }
        }
    }
}

struct Worker {
    id: usize,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    fn new(id: usize, receiver: Arc<Mutex<mpsc::Receiver<Job>>>) -> Worker {
        let thread = thread::spawn(move || {
            loop {
                let message = receiver.lock().unwrap().recv();

                match message {
                    Ok(job) => {
                        println!("Worker {id} got a job; executing.");

                        job();
                    }
                    Err(_) => {
                        println!("Worker {id} disconnected; shutting down.");

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
// file: tests/pool.rs
use std::sync::{Arc, Weak};
use tests_that_miss_a_broken_pool::ThreadPool;

#[test]
fn every_job_is_taken() {
    let job = Arc::new(());
    let taken: Vec<Weak<()>> = (0..4).map(|_| Arc::downgrade(&job)).collect();
    let pool = ThreadPool::new(2);

    for _ in 0..4 {
        let job = Arc::clone(&job);
        pool.execute(move || drop(job));
    }
    drop(job);
    drop(pool);

    assert!(taken.iter().all(|job| job.upgrade().is_none()));
}

#[test]
#[should_panic]
fn a_pool_without_workers_is_refused() {
    ThreadPool::new(0);
}
