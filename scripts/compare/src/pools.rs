//! The pools, each behind the same two calls.

use crate::mute;

/// What a server needs of a pool.
pub trait Pool {
    /// The line that makes it.
    const MADE: &'static str;
    /// The line that gives it a job.
    const GIVEN: &'static str;

    /// A pool of so many threads.
    fn new(size: usize) -> Self;

    /// Gives it a job.
    fn execute(&self, job: impl FnOnce() + Send + 'static);
}

/// Implements [`Pool`] with the very lines that the table shows.
macro_rules! pool {
    (
        $name:ident, $kind:ty,
        |$size:ident| $make:expr, |$pool:ident, $job:ident| $give:expr
    ) => {
        #[doc = concat!("`", stringify!($kind), "`")]
        pub struct $name($kind);

        impl Pool for $name {
            const MADE: &'static str = stringify!($make);
            const GIVEN: &'static str = stringify!($give);

            fn new($size: usize) -> Self {
                $name($make)
            }

            fn execute(&self, $job: impl FnOnce() + Send + 'static) {
                let $pool = &self.0;
                $give;
            }
        }
    };
}

pool!(
    Ours,
    listing_2021_20_25::ThreadPool,
    |size| listing_2021_20_25::ThreadPool::new(size),
    |pool, job| pool.execute(job)
);
pool!(
    Mute,
    mute::ThreadPool,
    |size| mute::ThreadPool::new(size),
    |pool, job| pool.execute(job)
);
pool!(
    Threadpool,
    threadpool::ThreadPool,
    |size| threadpool::ThreadPool::new(size),
    |pool, job| pool.execute(job)
);
pool!(
    Rayon,
    rayon::ThreadPool,
    |size| rayon::ThreadPoolBuilder::new()
        .num_threads(size)
        .build()
        .unwrap(),
    |pool, job| pool.spawn(job)
);
pool!(
    Tokio,
    tokio::runtime::Runtime,
    |size| tokio::runtime::Builder::new_current_thread()
        .max_blocking_threads(size)
        .build()
        .unwrap(),
    |pool, job| pool.spawn_blocking(job)
);
pool!(
    Futures,
    futures::executor::ThreadPool,
    |size| futures::executor::ThreadPool::builder()
        .pool_size(size)
        .create()
        .unwrap(),
    |pool, job| pool.spawn_ok(async { job() })
);

/// The names of the pools; all but our own are those of the crates. There is also
/// `ours-mute`, which is asked for its speed only.
pub const NAMES: [&str; 5] = ["ours", "threadpool", "rayon", "tokio", "futures"];

/// Does something with the pool of that name, which is called `$pool`; None if there is
/// none.
macro_rules! with_pool {
    ($name:expr, $pool:ident => $body:expr) => {
        match $name {
            "ours" => {
                type $pool = $crate::pools::Ours;
                Some($body)
            }
            "ours-mute" => {
                type $pool = $crate::pools::Mute;
                Some($body)
            }
            "threadpool" => {
                type $pool = $crate::pools::Threadpool;
                Some($body)
            }
            "rayon" => {
                type $pool = $crate::pools::Rayon;
                Some($body)
            }
            "tokio" => {
                type $pool = $crate::pools::Tokio;
                Some($body)
            }
            "futures" => {
                type $pool = $crate::pools::Futures;
                Some($body)
            }
            _ => None,
        }
    };
}
pub(crate) use with_pool;
