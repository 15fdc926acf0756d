//! The panics of program threads: what each thread knows of its own.

use crate::vocabulary::Place;
use ::std::any::Any;
use ::std::cell::{Cell, RefCell};
use ::std::panic::resume_unwind;

thread_local! {
    /// The last panic of this thread: its message and its place.
    static LAST: RefCell<Option<(String, Place)>> = const { RefCell::new(None) };
    /// What the thread died of.
    static DEATH: RefCell<Option<(String, Place)>> = const { RefCell::new(None) };
    /// The thread is unwinding: another panic would abort the process.
    static UNWINDING: Cell<bool> = const { Cell::new(false) };
    /// The thread drops its thread-locals, which must not panic.
    static DROPS_LOCALS: Cell<bool> = const { Cell::new(false) };
    static IN_HOOK: Cell<bool> = const { Cell::new(false) };
}

/// The payload that unwinds a thread at the end of a run.
pub struct Unwinding;

/// The calling thread panics. Gives the panic back if it ends the process: it is the second one,
/// or the program is built so.
pub fn note_panic(message: String, place: Place, aborts: bool) -> Option<(String, Place)> {
    if aborts || UNWINDING.get() || DROPS_LOCALS.get() {
        IN_HOOK.set(true);
        return Some((message, place));
    }
    UNWINDING.set(true);
    LAST.set(Some((message, place)));
    None
}

/// The message of a panic.
pub fn text(payload: &(dyn Any + Send)) -> String {
    if let Some(text) = payload.downcast_ref::<&str>() {
        (*text).to_string()
    } else if let Some(text) = payload.downcast_ref::<String>() {
        text.clone()
    } else {
        "a value that is not a text".to_string()
    }
}

/// Notes that the program's closure has ended by a panic with this payload.
/// `false` if it was only unwound at the end of the run.
pub fn note_death(payload: &(dyn Any + Send), place: Place) -> bool {
    if payload.is::<Unwinding>() {
        return false;
    }
    let known = LAST.take();
    let death = known.unwrap_or_else(|| (text(payload), place));
    DEATH.set(Some(death));
    UNWINDING.set(false);
    true
}

/// What the calling thread died of, if it did by a panic.
pub fn cause_of_death() -> Option<(String, Place)> {
    DEATH.take()
}

/// The thread runs again, so an earlier panic has been caught.
pub fn no_longer_panicking() {
    if UNWINDING.get() && !::std::thread::panicking() {
        UNWINDING.set(false);
        LAST.set(None);
    }
}

/// What was so before something that catches panics of its own.
pub struct Outside {
    unwinding: bool,
    drops_locals: bool,
    last: Option<(String, Place)>,
}

/// From here on a panic is caught, whatever is going on around.
pub fn enter() -> Outside {
    Outside {
        unwinding: UNWINDING.replace(false),
        drops_locals: DROPS_LOCALS.replace(false),
        last: LAST.take(),
    }
}

/// What was going on around goes on.
pub fn leave(outside: Outside) {
    UNWINDING.set(outside.unwinding);
    DROPS_LOCALS.set(outside.drops_locals);
    LAST.set(outside.last);
}

/// Whether the thread drops its thread-locals from now on. Gives whether it did before.
pub fn drop_locals(now: bool) -> bool {
    DROPS_LOCALS.replace(now)
}

/// The thread is about to be unwound: a panic now would abort the process.
pub fn expect_no_panic() {
    UNWINDING.set(true);
}

/// Keeps the panic that was just caught while something else is done.
pub fn pause() -> Option<(String, Place)> {
    UNWINDING.set(false);
    LAST.take()
}

/// Goes on with a panic that was caught.
pub fn resume(panic: Option<(String, Place)>, payload: Box<dyn Any + Send>) -> ! {
    UNWINDING.set(true);
    LAST.set(panic);
    resume_unwind(payload)
}

/// Panics as if the program had done so at `place`.
pub fn raise(message: &str, place: Place) -> ! {
    let message = message.to_string();
    resume(Some((message.clone(), place)), Box::new(message))
}

pub fn in_hook() -> bool {
    IN_HOOK.get()
}

/// A new program thread begins on this OS thread.
pub fn begin_thread() {
    LAST.set(None);
    DEATH.set(None);
    UNWINDING.set(false);
    DROPS_LOCALS.set(false);
}
