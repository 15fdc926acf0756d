//! The OS threads, which are used again from one execution to the next.

use ::std::panic::{AssertUnwindSafe, catch_unwind};
use ::std::sync::mpsc::{Sender, channel};
use ::std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use ::std::thread::{Builder, JoinHandle};

/// What an OS thread is to run.
type Work = Box<dyn FnOnce(Release) + Send>;

/// The OS threads that have nothing to do: their numbers and their stacks' sizes.
type Idle = Arc<Mutex<Vec<(usize, usize)>>>;

/// The bytes of stack that `main` has on most systems.
pub const MAIN_STACK: usize = 8 << 20;

/// The bytes of stack that another thread has if it doesn't ask for more.
pub fn usual_stack() -> usize {
    const USUAL: usize = 2 << 20;
    let own = ::std::env::var("RUST_MIN_STACK").ok();
    own.and_then(|bytes| bytes.parse().ok()).unwrap_or(USUAL)
}

/// What the explorer's own calls take of a stack, and more.
pub const EXTRA_STACK: usize = 256 << 10;

/// What an OS thread calls once it is as good as ready for the next task. It
/// must do so before it tells anybody that its task is done, so that the next
/// run finds it.
pub struct Release {
    idle: Idle,
    worker: usize,
    stack: usize,
}

impl Release {
    pub fn release(self) {
        lock(&self.idle).push((self.worker, self.stack));
    }
}

struct Worker {
    /// Without it, the worker ends.
    mailbox: Option<Sender<Work>>,
    handle: Option<JoinHandle<()>>,
}

/// A pool of OS threads, which grows as needed.
#[derive(Default)]
pub struct Pool {
    idle: Idle,
    workers: Mutex<Vec<Worker>>,
}

impl Pool {
    /// Runs `task` on an idle OS thread with so much stack or on a new one. Refuses if the
    /// system doesn't give another thread.
    pub fn run(
        &self,
        stack: usize,
        task: impl FnOnce(Release) + Send + 'static,
    ) -> Result<(), String> {
        let mut idle = lock(&self.idle);
        let found = idle.iter().rposition(|&(_, own)| own == stack);
        let found = found.map(|at| idle.remove(at));
        drop(idle);
        let mut workers = lock(&self.workers);
        let worker = match found {
            Some((worker, _)) => worker,
            None => {
                let new = self.hire(workers.len(), stack)?;
                workers.push(new);
                workers.len() - 1
            }
        };
        if let Some(mailbox) = &workers[worker].mailbox {
            // The other end is open until its sender is dropped here.
            let _ = mailbox.send(Box::new(task));
        }
        Ok(())
    }

    fn hire(&self, worker: usize, stack: usize) -> Result<Worker, String> {
        let (mailbox, inbox) = channel::<Work>();
        let idle = Arc::clone(&self.idle);
        let handle = Builder::new()
            .name("explored".to_string())
            .stack_size(stack.saturating_add(EXTRA_STACK))
            .spawn(move || {
                while let Ok(work) = inbox.recv() {
                    let release = Release {
                        idle: Arc::clone(&idle),
                        worker,
                        stack,
                    };
                    // The work catches its own panics; this is for bugs here.
                    let _ = catch_unwind(AssertUnwindSafe(|| work(release)));
                }
            })
            .map_err(|error| format!("The system gives no further thread: {error}."))?;
        Ok(Worker {
            mailbox: Some(mailbox),
            handle: Some(handle),
        })
    }
}

impl Pool {
    /// Ends and joins the threads that are idle; one that never released itself
    /// is left alone.
    pub fn close(&self) {
        let idle = ::std::mem::take(&mut *lock(&self.idle));
        let mut workers = lock(&self.workers);
        for worker in workers.iter_mut() {
            worker.mailbox = None;
        }
        for (worker, _) in idle {
            if let Some(handle) = workers[worker].handle.take() {
                let _ = handle.join();
            }
        }
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
