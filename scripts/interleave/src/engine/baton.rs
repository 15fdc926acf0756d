//! How one OS thread lets another go on: the other waits, and holds no lock while it does.

use ::std::sync::{Condvar, Mutex, MutexGuard, PoisonError};
use ::std::time::Duration;

/// What one OS thread waits for, and any other can pass to it.
///
/// It is passed after the lock of the state has been released: whoever is woken wants that lock at
/// once, and would be put to sleep again by a waker that still holds it.
#[derive(Default)]
pub struct Baton {
    passed: Mutex<bool>,
    woken: Condvar,
}

impl Baton {
    /// Lets the one that waits go on, or the next one to wait.
    pub fn pass(&self) {
        *self.passed() = true;
        self.woken.notify_one();
    }

    /// Waits until it is passed.
    pub fn wait(&self) {
        let mut passed = self
            .woken
            .wait_while(self.passed(), |passed| !*passed)
            .unwrap_or_else(PoisonError::into_inner);
        *passed = false;
    }

    /// Waits until it is passed, but no longer than that.
    pub fn wait_timeout(&self, longest: Duration) {
        let (mut passed, _) = self
            .woken
            .wait_timeout_while(self.passed(), longest, |passed| !*passed)
            .unwrap_or_else(PoisonError::into_inner);
        *passed = false;
    }

    fn passed(&self) -> MutexGuard<'_, bool> {
        self.passed.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
