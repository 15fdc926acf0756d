// Threads are started when they are needed: a job that finds no idle worker starts one, as long as
// there are fewer than `size`.
// exercise: pool
// verdict: holds
use std::collections::VecDeque;
use std::sync::{Arc, Condvar, Mutex};
use std::thread;

type Job = Box<dyn FnOnce() + Send + 'static>;

#[derive(Default)]
struct Inner {
    jobs: VecDeque<Job>,
    idle: usize,
    closed: bool,
    threads: Vec<thread::JoinHandle<()>>,
}

pub struct ThreadPool {
    size: usize,
    shared: Arc<(Mutex<Inner>, Condvar)>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        ThreadPool {
            size,
            shared: Arc::default(),
        }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        let (inner, changed) = &*self.shared;
        let mut inner = inner.lock().unwrap();
        inner.jobs.push_back(Box::new(f));
        if inner.jobs.len() > inner.idle && inner.threads.len() < self.size {
            let shared = Arc::clone(&self.shared);
            inner.threads.push(thread::spawn(move || work(&shared)));
        } else {
            changed.notify_one();
        }
    }
}

fn work((inner, changed): &(Mutex<Inner>, Condvar)) {
    let mut guard = inner.lock().unwrap();
    loop {
        while let Some(job) = guard.jobs.pop_front() {
            drop(guard);
            job();
            guard = inner.lock().unwrap();
        }
        if guard.closed {
            return;
        }
        guard.idle += 1;
        guard = changed.wait(guard).unwrap();
        guard.idle -= 1;
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        let (inner, changed) = &*self.shared;
        let mut inner = inner.lock().unwrap();
        inner.closed = true;
        let threads = std::mem::take(&mut inner.threads);
        drop(inner);
        changed.notify_all();
        for thread in threads {
            thread.join().unwrap();
        }
    }
}
