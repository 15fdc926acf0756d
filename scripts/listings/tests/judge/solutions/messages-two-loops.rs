// The chapter's own way with names of the student's own: all messages first, then the joins.
// exercise: 20-25
// verdict: holds
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex};
use std::thread::{self, JoinHandle};

enum Order {
    Work(Box<dyn FnOnce() + Send>),
    GoHome,
}

pub struct ThreadPool {
    desk: Sender<Order>,
    crew: Vec<Option<JoinHandle<()>>>,
}

impl ThreadPool {
    pub fn new(size: usize) -> Self {
        assert!(size > 0);
        let (desk, orders) = channel();
        let orders = Arc::new(Mutex::new(orders));
        let crew = (0..size)
            .map(|_| {
                let orders = Arc::clone(&orders);
                Some(thread::spawn(move || work(&orders)))
            })
            .collect();
        Self { desk, crew }
    }

    pub fn execute(&self, job: impl FnOnce() + Send + 'static) {
        self.desk.send(Order::Work(Box::new(job))).unwrap();
    }
}

fn work(orders: &Mutex<Receiver<Order>>) {
    loop {
        let order = orders.lock().unwrap().recv().unwrap();
        match order {
            Order::Work(job) => job(),
            Order::GoHome => return,
        }
    }
}

impl Drop for ThreadPool {
    fn drop(&mut self) {
        self.crew
            .iter()
            .for_each(|_| self.desk.send(Order::GoHome).unwrap());
        for member in self.crew.iter_mut().filter_map(Option::take) {
            member.join().unwrap();
        }
    }
}
