//! A lock that its holder may take again, as that of the standard output is.

use std::sync::{Condvar, Mutex};
use std::thread::{self, ThreadId};

#[derive(Default)]
pub struct Output {
    /// Who holds it, and how often.
    holder: Mutex<Option<(ThreadId, usize)>>,
    freed: Condvar,
}

/// While it lives, nobody else prints.
pub struct Lock<'a>(&'a Output);

impl Output {
    pub fn lock(&self) -> Lock<'_> {
        let me = thread::current().id();
        let mut holder = self.holder.lock().unwrap();
        while holder.is_some_and(|(other, _)| other != me) {
            holder = self.freed.wait(holder).unwrap();
        }
        let depth = holder.map_or(0, |(_, depth)| depth);
        *holder = Some((me, depth + 1));
        Lock(self)
    }
}

impl Drop for Lock<'_> {
    fn drop(&mut self) {
        let mut holder = self.0.holder.lock().unwrap();
        *holder = match *holder {
            Some((me, depth @ 2..)) => Some((me, depth - 1)),
            _ => None,
        };
        self.0.freed.notify_one();
    }
}
