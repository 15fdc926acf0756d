use std::{
    collections::VecDeque,
    sync::{Arc, Condvar, Mutex},
    thread,
};

pub struct ThreadPool {
    workers: Vec<Worker>,
    shared: Arc<Shared>,
}

type Job = Box<dyn FnOnce() + Send + 'static>;

struct Shared {
    queue: Mutex<Queue>,
    changed: Condvar,
}

struct Queue {
    jobs: VecDeque<Job>,
    closed: bool,
}

impl ThreadPool {
    /// Creates a pool of `size` threads.
    ///
    /// # Panics
    ///
    /// Panics if `size` is zero.
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);

        let shared = Arc::new(Shared {
            queue: Mutex::new(Queue {
                jobs: VecDeque::new(),
                closed: false,
            }),
            changed: Condvar::new(),
        });

        let mut workers = Vec::with_capacity(size);

        for id in 0..size {
            workers.push(Worker::new(id, Arc::clone(&shared)));
        }

        ThreadPool { workers, shared }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        let job = Box::new(f);

        self.shared.queue.lock().unwrap().jobs.push_back(job);
        self.shared.changed.notify_one();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.shared.queue.lock().unwrap().closed = true;
        self.shared.changed.notify_all();

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
    fn new(id: usize, shared: Arc<Shared>) -> Worker {
        let thread = thread::spawn(move || {
            loop {
                let mut queue = shared.queue.lock().unwrap();

                while queue.jobs.is_empty() && !queue.closed {
                    queue = shared.changed.wait(queue).unwrap();
                }

                let Some(job) = queue.jobs.pop_front() else {
                    break;
                };
                drop(queue);

                job();
            }
        });

        Worker {
            id,
            thread: Some(thread),
        }
    }
}
