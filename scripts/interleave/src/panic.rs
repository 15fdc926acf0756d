//! `std::panic`. The hook is the explorer's, so that can't be set.

use crate::engine::{Unwinding, panics};

pub use ::std::panic::{
    AssertUnwindSafe, Location, PanicHookInfo, RefUnwindSafe, UnwindSafe, panic_any, resume_unwind,
};

/// Catches the program's own panics.
pub fn catch_unwind<F: FnOnce() -> R + UnwindSafe, R>(work: F) -> crate::thread::Result<R> {
    let outside = panics::enter();
    let caught = ::std::panic::catch_unwind(work);
    match caught {
        // The end of the execution is not the program's to catch.
        Err(payload) if payload.is::<Unwinding>() => resume_unwind(payload),
        other => {
            panics::leave(outside);
            other
        }
    }
}
