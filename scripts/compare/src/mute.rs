//! Our library to the byte, but that what it prints goes nowhere: printing a line takes longer than
//! a job that does nothing.

macro_rules! println {
    ($($arguments:tt)*) => {
        let _ = format_args!($($arguments)*);
    };
}

#[path = "../../../listings/listing-2021-20-25/src/lib.rs"]
mod library;

pub use library::ThreadPool;
