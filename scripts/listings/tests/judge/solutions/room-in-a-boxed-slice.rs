// Room for the threads in a boxed slice, with a `None` in each place.
// exercise: 20-14
// verdict: holds
use std::thread;

pub struct ThreadPool {
    workers: Box<[Option<thread::JoinHandle<()>>]>,
}

impl ThreadPool {
    /// Creates a pool of `size` threads.
    ///
    /// # Panics
    ///
    /// Panics if `size` is zero.
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);

        ThreadPool {
            workers: (0..size).map(|_| None).collect(),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
    }
}
