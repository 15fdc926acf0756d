//! A pool of threads: jobs go into one queue, and each worker takes one when it is free.
//!
//! # Examples
//!
//! ```
//! use listing_next_1_docs::ThreadPool;
//! use std::sync::mpsc;
//!
//! let (sender, receiver) = mpsc::channel();
//! let pool = ThreadPool::new(4);
//!
//! for number in 1..=3 {
//!     let sender = sender.clone();
//!     pool.execute(move || sender.send(number * number).unwrap());
//! }
//! drop(sender);
//!
//! assert_eq!(receiver.iter().sum::<i32>(), 1 + 4 + 9);
//! ```

use std::{
    sync::{Arc, Mutex, mpsc},
    thread,
};

/// A fixed number of threads, the workers, that run the jobs they are given.
///
/// # Dropping
///
/// Dropping the pool waits: every job that was given is done, also those still in the
/// queue, and then every worker ends. So it never returns if a job never ends. A pool must
/// not be dropped by one of its own jobs, which would wait for itself.
///
/// # Panics
///
/// A job that panics takes its worker with it; the jobs after it are left to the others.
/// Dropping the pool then panics, too.
///
/// # Examples
///
/// ```
/// use listing_next_1_docs::ThreadPool;
/// use std::sync::{
///     Arc,
///     atomic::{AtomicUsize, Ordering},
/// };
///
/// let done = Arc::new(AtomicUsize::new(0));
/// let pool = ThreadPool::new(2);
///
/// for _ in 0..10 {
///     let done = Arc::clone(&done);
///     pool.execute(move || {
///         done.fetch_add(1, Ordering::Relaxed);
///     });
/// }
/// drop(pool);
///
/// assert_eq!(done.load(Ordering::Relaxed), 10);
/// ```
pub struct ThreadPool {
    workers: Vec<Worker>,
    sender: Option<mpsc::Sender<Job>>,
}

type Job = Box<dyn FnOnce() + Send + 'static>;

impl ThreadPool {
    /// Creates a pool of `size` threads, which wait for jobs.
    ///
    /// # Panics
    ///
    /// Panics if `size` is zero, or if the system refuses a thread.
    ///
    /// # Examples
    ///
    /// ```
    /// use listing_next_1_docs::ThreadPool;
    ///
    /// let pool = ThreadPool::new(4);
    /// ```
    ///
    /// A pool without threads would never run a job:
    ///
    /// ```should_panic
    /// use listing_next_1_docs::ThreadPool;
    ///
    /// let pool = ThreadPool::new(0);
    /// ```
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

    /// Puts the job `f` at the end of the queue and returns at once; the next worker that
    /// is free runs it.
    ///
    /// The job may run on any thread and for as long as it likes, so it has to be [`Send`]
    /// and to own what it uses: that is what `'static` and the word `move` are for.
    ///
    /// # Panics
    ///
    /// Panics if there is no worker left, because each has run a job that panicked.
    ///
    /// # Examples
    ///
    /// ```
    /// use listing_next_1_docs::ThreadPool;
    /// use std::sync::mpsc;
    ///
    /// let (sender, receiver) = mpsc::channel();
    /// let pool = ThreadPool::new(1);
    ///
    /// pool.execute(move || sender.send("done by a worker").unwrap());
    ///
    /// assert_eq!(receiver.recv(), Ok("done by a worker"));
    /// ```
    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        let job = Box::new(f);

        self.sender.as_ref().unwrap().send(job).unwrap();
    }
}

impl Drop for ThreadPool {
    /// Waits until every job is done and every worker has ended.
    ///
    /// # Panics
    ///
    /// Panics if a job has panicked.
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
