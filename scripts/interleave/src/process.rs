//! `std::process`: the end of the explored process is the end of the execution.

use crate::engine::{Context, context, drop_locals};
use crate::primitives::process::Action;
use crate::trace::{Op, Place};
use ::std::convert::Infallible;
use ::std::fmt::Debug;

pub use ::std::process::id;

/// What `main` may return to say how the process ends.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct ExitCode(u8);

impl ExitCode {
    pub const SUCCESS: ExitCode = ExitCode(0);
    pub const FAILURE: ExitCode = ExitCode(1);

    /// The number, which a program can't ask for.
    pub(crate) fn number(self) -> i32 {
        self.0.into()
    }
}

impl From<u8> for ExitCode {
    fn from(code: u8) -> ExitCode {
        ExitCode(code)
    }
}

/// What `main` may return.
pub trait Termination {
    fn report(self) -> ExitCode;
}

impl Termination for () {
    fn report(self) -> ExitCode {
        ExitCode::SUCCESS
    }
}

impl Termination for ExitCode {
    fn report(self) -> ExitCode {
        self
    }
}

impl Termination for Infallible {
    fn report(self) -> ExitCode {
        match self {}
    }
}

impl<T: Termination, E: Debug> Termination for Result<T, E> {
    fn report(self) -> ExitCode {
        match self {
            Ok(value) => value.report(),
            Err(error) => {
                crate::eprintln!("Error: {error:?}");
                ExitCode::FAILURE
            }
        }
    }
}

/// What a process has for an exit code after an abort on most systems.
pub(crate) const ABORTED: i32 = 134;

/// Ends the execution: all other threads are cut off where they are.
#[track_caller]
pub fn exit(code: i32) -> ! {
    let place = Place::caller();
    match context() {
        Some(context) => {
            // Of the thread that calls, and of no other, as the C library does on most systems.
            drop_locals();
            end(&context, code, place)
        }
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
