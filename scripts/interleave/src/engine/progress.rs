//! How many steps this process has made, for whoever watches that it goes on.

use ::std::sync::atomic::{AtomicU64, Ordering};

static STEPS: AtomicU64 = AtomicU64::new(0);

/// A step is made.
pub fn count() {
    STEPS.fetch_add(1, Ordering::Relaxed);
}

/// How many were made so far.
pub fn steps() -> u64 {
    STEPS.load(Ordering::Relaxed)
}
