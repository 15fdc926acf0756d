//! `std::panic`. The hook is the explorer's, so that can't be set.

use crate::engine::{Unwinding, panics};

pub use ::std::panic::{
    AssertUnwindSafe, Location, PanicHookInfo, RefUnwindSafe, UnwindSafe, panic_any, resume_unwind,
};

/// Catches the program's own panics.
pub fn catch_unwind<F: FnOnce() -> R + UnwindSafe, R>(work: F) -> crate::thread::Result<R> {
    match ::std::panic::catch_unwind(work) {
        // The end of the execution is not the program's to catch.
        Err(payload) if payload.is::<Unwinding>() => resume_unwind(payload),
        Err(payload) => {
            panics::no_longer_panicking();
            Err(payload)
        }
        Ok(result) => Ok(result),
    }
}
