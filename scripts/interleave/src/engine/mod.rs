//! The engine: runs the program, one thread at a time, and decides which is
//! next. Knows of operations only what their rules say.

mod baton;
mod hook;
pub mod local;
mod owners;
pub mod panics;
mod plan;
mod polling;
pub mod pool;
pub mod printing;
pub mod progress;
mod runtime;
pub mod search;
mod set;
mod state;
mod tag;
pub mod thread;

pub use panics::Unwinding;
pub use runtime::{
    Cancelled, Context, context, context_for, drop_locals, fresh_number, run_thread, step,
};
pub use set::Set;
pub use tag::Tag;
