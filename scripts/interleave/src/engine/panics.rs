//! Panics of program threads: noted, not printed, and never allowed to abort
//! the process that explores.

use super::{Unwinding, context};
use crate::trace::{Op, Place};
use ::std::any::Any;
use ::std::cell::{Cell, RefCell};
use ::std::collections::BTreeSet;
use ::std::panic::{self, PanicHookInfo, resume_unwind};
use ::std::sync::{Mutex, Once, PoisonError};

thread_local! {
    /// The last panic of this thread: its message and its place.
    static LAST: RefCell<Option<(String, Place)>> = const { RefCell::new(None) };
    /// What the thread died of.
    static DEATH: RefCell<Option<(String, Place)>> = const { RefCell::new(None) };
    /// The thread is unwinding: another panic would abort the process.
    static UNWINDING: Cell<bool> = const { Cell::new(false) };
    static IN_HOOK: Cell<bool> = const { Cell::new(false) };
}

/// Makes panics of program threads quiet. Other threads keep their hook.
pub fn install_hook() {
    static INSTALLED: Once = Once::new();
    INSTALLED.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if context().is_some() {
                note(info);
            } else {
                before(info);
            }
        }));
    });
}

fn note(info: &PanicHookInfo<'_>) {
    let message = text(info.payload());
    let place = match info.location() {
        Some(location) => Place {
            file: intern(location.file()),
            line: location.line(),
            column: location.column(),
        },
        None => Place::caller(),
    };
    let aborts =
        || context().is_some_and(|context| context.with(|state| state.config.panics_abort));
    if UNWINDING.get() || aborts() {
        abort(message, place);
    }
    UNWINDING.set(true);
    LAST.set(Some((message, place)));
}

/// Keeps the name of a source file for ever; there are only so many.
fn intern(file: &str) -> &'static str {
    static FILES: Mutex<BTreeSet<&'static str>> = Mutex::new(BTreeSet::new());
    let mut files = FILES.lock().unwrap_or_else(PoisonError::into_inner);
    if let Some(known) = files.get(file) {
        return known;
    }
    let kept: &'static str = Box::leak(file.to_string().into_boxed_str());
    files.insert(kept);
    kept
}

/// A panic while the stack is unwound by a panic. Rust would abort the
/// process; here the thread stops, and the run ends with that verdict.
fn abort(message: String, place: Place) -> ! {
    IN_HOOK.set(true);
    if let Some(context) = context() {
        context.with(|state| state.aborts = Some((message, place)));
        // This returns only when the run is over, and doesn't then.
        let _ = context.step(Op::ProcessExit { code: 134 }, place);
    }
    loop {
        ::std::thread::park();
    }
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
}
