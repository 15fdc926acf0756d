//! `std::hint`.

pub use ::std::hint::{assert_unchecked, black_box, unreachable_unchecked};

/// Lets others go first.
#[track_caller]
pub fn spin_loop() {
    crate::thread::yield_now();
}
