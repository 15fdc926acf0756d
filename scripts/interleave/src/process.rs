//! `std::process`: the end of the explored process is the end of the execution.

use crate::engine::{Context, context};
use crate::primitives::process::Action;
use crate::trace::{Op, Place};

pub use ::std::process::{ExitCode, Termination, id};

/// What a process has for an exit code after an abort on most systems.
pub(crate) const ABORTED: i32 = 134;

/// Ends the execution: all other threads are cut off where they are.
#[track_caller]
pub fn exit(code: i32) -> ! {
    match context() {
        Some(context) => end(&context, code, Place::caller()),
        None => ::std::process::exit(code),
    }
}

/// Ends the execution.
#[track_caller]
pub fn abort() -> ! {
    let place = Place::caller();
    match context() {
        Some(context) => {
            context.with(|state| {
                state.world.process.aborts = Some(("process::abort".to_string(), place))
            });
            end(&context, ABORTED, place)
        }
        None => ::std::process::abort(),
    }
}

fn end(context: &Context, code: i32, place: Place) -> ! {
    // The thread is unwound by this, or it is already and can't go on.
    let _ = context.step(Op::Process(Action::Exit { code }), place);
    context.park_for_ever(context.runtime.lock())
}
