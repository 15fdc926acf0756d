// Jobs come through one channel and the end through another. A worker looks whether the end has come
// and then waits for a job: whoever waits already does not hear of the end.
// exercise: pool
// verdict: drop-returns fails: ends in a deadlock
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

type Job = Box<dyn FnOnce() + Send + 'static>;

pub struct ThreadPool {
    jobs: mpsc::Sender<Job>,
    end: mpsc::Sender<()>,
    workers: Vec<Option<thread::JoinHandle<()>>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> ThreadPool {
        assert!(size > 0);
        let (jobs, more_jobs) = mpsc::channel::<Job>();
        let (end, ended) = mpsc::channel();
        let both = Arc::new((Mutex::new(more_jobs), Mutex::new(ended)));
        let workers = (0..size)
            .map(|_| {
                let both = Arc::clone(&both);
                Some(thread::spawn(move || {
                    let (more_jobs, ended) = &*both;
                    while ended.lock().unwrap().try_recv().is_err() {
                        let job = more_jobs.lock().unwrap().recv().unwrap();
                        job();
                    }
                }))
            })
            .collect();
        ThreadPool { jobs, end, workers }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.jobs.send(Box::new(f)).unwrap();
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        for _ in &self.workers {
            self.end.send(()).unwrap();
        }
        for worker in &mut self.workers {
            worker.take().unwrap().join().unwrap();
        }
    }
}
