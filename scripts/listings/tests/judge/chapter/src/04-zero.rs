pub struct ThreadPool;

impl ThreadPool {
    /// Makes a pool with `size` threads.
    ///
    /// # Panics
    ///
    /// It panics if `size` is zero.
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);

        ThreadPool
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
    }
}
