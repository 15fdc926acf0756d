//! Pools that break a promise, each made of a good one by changing a line or two: what a test of the
//! pool must notice.

use crate::{Error, Result};

/// A promise, and a change that breaks it.
pub struct Broken {
    /// The test of `listing-next-2-tests` that must fail.
    pub test: &'static str,
    /// What is wrong with this pool.
    pub what: &'static str,
    /// What to replace in the library, and by what.
    changes: &'static [(&'static str, &'static str)],
}

/// One broken pool for each test of `listing-next-2-tests`.
pub const BROKEN: [Broken; 6] = [
    Broken {
        test: "every_job_runs",
        what: "Workers take jobs and throw them away",
        changes: &[("job();", "drop(job);")],
    },
    Broken {
        test: "jobs_still_in_the_queue_run_when_the_pool_is_dropped",
        what: "Workers leave as soon as the pool is dropped, whatever is in the queue",
        changes: &[
            (
                "pub struct ThreadPool",
                "static DROPPED: std::sync::atomic::AtomicBool = \
                 std::sync::atomic::AtomicBool::new(false);\n\npub struct ThreadPool",
            ),
            (
                "drop(self.sender.take());",
                "DROPPED.store(true, std::sync::atomic::Ordering::SeqCst);\n        \
                 drop(self.sender.take());",
            ),
            (
                "Ok(job) => {",
                "Ok(_) if DROPPED.load(std::sync::atomic::Ordering::SeqCst) => break,\n                    \
                 Ok(job) => {",
            ),
        ],
    },
    Broken {
        test: "as_many_jobs_run_at_once_as_there_are_workers",
        what: "The lock is held while a job runs, as in 20.22",
        changes: &[
            ("let message = receiver.lock().unwrap().recv();", ""),
            ("match message {", "match receiver.lock().unwrap().recv() {"),
        ],
    },
    Broken {
        test: "never_more_jobs_run_at_once_than_there_are_workers",
        what: "There is one worker too many",
        changes: &[("0..size", "0..=size")],
    },
    Broken {
        test: "dropping_the_pool_waits_for_a_job_that_runs",
        what: "Dropping the pool joins nobody",
        changes: &[("thread.join().unwrap();", "drop(thread);")],
    },
    Broken {
        test: "a_pool_without_workers_is_refused",
        what: "A size of zero is taken",
        changes: &[("assert!(size > 0);", "")],
    },
];

impl Broken {
    /// The library with the change. Refuses one in which there is nothing to change.
    pub fn library(&self, good: &str) -> Result<String> {
        let mut text = good.replace("\r\n", "\n");
        for (old, new) in self.changes {
            if text.matches(old).count() != 1 {
                let test = self.test;
                return Err(Error::new(format!(
                    "no pool can be broken for {test}: `{old}` must be in the library once"
                )));
            }
            text = text.replace(old, new);
        }
        Ok(text)
    }
}
