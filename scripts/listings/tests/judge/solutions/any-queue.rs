// Generic where it need not be: any queue that implements a trait will do.
// exercise: pool
// verdict: holds
use std::sync::{Arc, Mutex, mpsc};
use std::thread;

/// What waits in a queue.
pub type Task = Box<dyn FnOnce() + Send + 'static>;

/// Where tasks wait.
pub trait Queue: Send + Sync + 'static {
    /// Adds a task.
    fn put(&self, task: Task);
    /// Takes the next one; `None` when there will be no more.
    fn take(&self) -> Option<Task>;
    /// Says that there will be no more.
    fn close(&self);
}

/// A queue made of a channel.
pub struct Channel {
    sender: Mutex<Option<mpsc::Sender<Task>>>,
    receiver: Mutex<mpsc::Receiver<Task>>,
}

impl Default for Channel {
    fn default() -> Self {
        let (sender, receiver) = mpsc::channel();
        Channel {
            sender: Mutex::new(Some(sender)),
            receiver: Mutex::new(receiver),
        }
    }
}

impl Queue for Channel {
    fn put(&self, task: Task) {
        if let Some(sender) = self.sender.lock().unwrap().as_ref() {
            sender.send(task).unwrap();
        }
    }

    fn take(&self) -> Option<Task> {
        self.receiver.lock().unwrap().recv().ok()
    }

    fn close(&self) {
        self.sender.lock().unwrap().take();
    }
}

pub struct ThreadPool<Q: Queue = Channel> {
    queue: Arc<Q>,
    threads: Vec<thread::JoinHandle<()>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> Self {
        Self::with_queue(size, Channel::default())
    }
}

impl<Q: Queue> ThreadPool<Q> {
    pub fn with_queue(size: usize, queue: Q) -> Self {
        assert_ne!(size, 0);
        let queue = Arc::new(queue);
        let thread = |_| {
            let queue = Arc::clone(&queue);
            thread::spawn(move || std::iter::from_fn(|| queue.take()).for_each(|task| task()))
        };
        let threads = (0..size).map(thread).collect();
        ThreadPool { queue, threads }
    }

    pub fn execute<F>(&self, f: F)
    where
        F: FnOnce() + Send + 'static,
    {
        self.queue.put(Box::new(f));
    }
}

impl<Q: Queue> Drop for ThreadPool<Q> {
    fn drop(&mut self) {
        self.queue.close();
        self.threads
            .drain(..)
            .for_each(|thread| thread.join().unwrap());
    }
}
