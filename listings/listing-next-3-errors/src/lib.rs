//! A pool of threads: jobs go into one queue, and each worker takes one when it is free.
//!
//! # Examples
//!
//! ```
//! use listing_next_3_errors::{PoolError, ThreadPool};
//! use std::sync::mpsc;
//!
//! # fn main() -> Result<(), PoolError> {
//! let (sender, receiver) = mpsc::channel();
//! let pool = ThreadPool::build(4)?;
//!
//! for number in 1..=3 {
//!     let sender = sender.clone();
//!     pool.execute(move || sender.send(number * number).unwrap())?;
//! }
//! drop(sender);
//!
//! assert_eq!(receiver.iter().sum::<i32>(), 1 + 4 + 9);
//! # Ok(())
//! # }
//! ```

use std::{
    error::Error,
    fmt,
    io::{self, Write},
    panic::{self, AssertUnwindSafe},
    sync::{Arc, Mutex, PoisonError, mpsc},
    thread,
};

/// A fixed number of threads, the workers, that run the jobs they are given.
///
/// # Dropping
///
/// Dropping the pool waits: every job that was given is done, also those still in the
/// queue, and then every worker ends. So it never returns if a job never ends. Where a job
/// of its own drops the pool, the worker that runs the job is not waited for.
///
/// # Jobs that panic
///
/// A job that panics ends there, and is reported. Its worker goes on with the next job.
///
/// # Examples
///
/// ```
/// use listing_next_3_errors::{PoolError, ThreadPool};
/// use std::sync::mpsc;
///
/// # fn main() -> Result<(), PoolError> {
/// let (sender, receiver) = mpsc::channel();
/// let pool = ThreadPool::build(1)?;
///
/// pool.execute(|| panic!("this job is lost"))?;
/// pool.execute(move || sender.send("and this one is not").unwrap())?;
/// drop(pool);
///
/// assert_eq!(receiver.recv(), Ok("and this one is not"));
/// # Ok(())
/// # }
/// ```
pub struct ThreadPool {
    workers: Vec<Worker>,
    sender: Option<mpsc::Sender<Job>>,
}

type Job = Box<dyn FnOnce() + Send + 'static>;

/// Why a pool can't be made, or can't take a job.
#[derive(Debug)]
pub enum PoolError {
    /// A pool of no workers would never run a job.
    NoWorkers,
    /// The system refuses a thread.
    NoThread(io::Error),
    /// There is nobody left to run a job.
    Closed,
}

impl fmt::Display for PoolError {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            PoolError::NoWorkers => write!(f, "a pool needs one worker at least"),
            PoolError::NoThread(error) => write!(f, "no thread from the system ({error})"),
            PoolError::Closed => write!(f, "the pool has no worker left"),
        }
    }
}

impl Error for PoolError {}

impl ThreadPool {
    /// Creates a pool of `size` threads, which wait for jobs.
    ///
    /// # Errors
    ///
    /// Refuses a `size` of zero. If the system refuses a thread, those already there end.
    ///
    /// # Examples
    ///
    /// ```
    /// use listing_next_3_errors::{PoolError, ThreadPool};
    ///
    /// assert!(ThreadPool::build(4).is_ok());
    /// assert!(matches!(ThreadPool::build(0), Err(PoolError::NoWorkers)));
    /// ```
    pub fn build(size: usize) -> Result<ThreadPool, PoolError> {
        if size == 0 {
            return Err(PoolError::NoWorkers);
        }

        let (sender, receiver) = mpsc::channel();
        let receiver = Arc::new(Mutex::new(receiver));

        let mut pool = ThreadPool {
            workers: Vec::new(),
            sender: Some(sender),
        };

        for id in 0..size {
            let worker = Worker::build(id, Arc::clone(&receiver));
            pool.workers.push(worker.map_err(PoolError::NoThread)?);
        }

        Ok(pool)
    }

    /// Puts the job `f` at the end of the queue and returns at once; the next worker that
    /// is free runs it.
    ///
    /// The job may run on any thread and for as long as it likes, so it has to be [`Send`]
    /// and to own what it uses: that is what `'static` and the word `move` are for.
    ///
    /// # Errors
    ///
    /// Refuses a job if there is no worker left to run it.
    ///
    /// # Examples
    ///
    /// ```
    /// use listing_next_3_errors::{PoolError, ThreadPool};
    /// use std::sync::mpsc;
    ///
    /// # fn main() -> Result<(), PoolError> {
    /// let (sender, receiver) = mpsc::channel();
    /// let pool = ThreadPool::build(1)?;
    ///
    /// pool.execute(move || sender.send("done by a worker").unwrap())?;
    ///
    /// assert_eq!(receiver.recv(), Ok("done by a worker"));
    /// # Ok(())
    /// # }
    /// ```
    pub fn execute<F>(&self, f: F) -> Result<(), PoolError>
    where
        F: FnOnce() + Send + 'static,
    {
        let job = Box::new(f);

        match &self.sender {
            Some(sender) => sender.send(job).map_err(|_| PoolError::Closed),
            None => Err(PoolError::Closed),
        }
    }
}

impl Drop for ThreadPool {
    /// Waits until every job is done and every worker has ended.
    fn drop(&mut self) {
        drop(self.sender.take());

        for worker in &mut self.workers {
            say(&format!("Shutting down worker {}", worker.id));

            if let Some(thread) = worker.thread.take() {
                // A job that drops its own pool can't wait for itself.
                if thread.thread().id() == thread::current().id() {
                    continue;
                }
                if thread.join().is_err() {
                    say(&format!("Worker {} has panicked.", worker.id));
                }
            }
        }
    }
}

struct Worker {
    id: usize,
    thread: Option<thread::JoinHandle<()>>,
}

impl Worker {
    fn build(id: usize, receiver: Arc<Mutex<mpsc::Receiver<Job>>>) -> io::Result<Worker> {
        let name = format!("worker {id}");
        let thread = thread::Builder::new().name(name).spawn(move || {
            loop {
                // Whoever panicked with the lock in hand, the queue behind it is whole.
                let queue = receiver.lock().unwrap_or_else(PoisonError::into_inner);
                let message = queue.recv();
                drop(queue);

                match message {
                    Ok(job) => {
                        say(&format!("Worker {id} got a job; executing."));

                        if panic::catch_unwind(AssertUnwindSafe(job)).is_err() {
                            say(&format!("Worker {id}: the job panicked; going on."));
                        }
                    }
                    Err(_) => {
                        say(&format!("Worker {id} disconnected; shutting down."));

                        break;
                    }
                }
            }
        })?;

        Ok(Worker {
            id,
            thread: Some(thread),
        })
    }
}

/// Prints a line. `println!` panics where nobody reads what it prints.
fn say(line: &str) {
    let _ = io::stdout().write_all(format!("{line}\n").as_bytes());
}
