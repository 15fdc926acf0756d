//! The panic hook: panics of program threads are noted, not printed, and never
//! allowed to abort the process that explores.

use super::panics;
use super::runtime::context;
use crate::primitives::{Op, process};
use crate::shorten;
use crate::vocabulary::Place;
use ::std::collections::BTreeSet;
use ::std::panic::{self, PanicHookInfo};
use ::std::sync::{Mutex, Once, PoisonError};

/// Makes panics of program threads quiet. Other threads keep their hook.
pub fn install() {
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
    let message = shorten::text(panics::text(info.payload()), shorten::MESSAGE);
    let place = match info.location() {
        Some(location) => Place {
            file: intern(location.file()),
            line: location.line(),
            column: location.column(),
        },
        None => Place::caller(),
    };
    let aborts = context().is_some_and(|context| context.with(|state| state.config.panics_abort));
    if let Some((message, place)) = panics::note_panic(message, place, aborts) {
        abort(message, place);
    }
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
    if let Some(context) = context() {
        context.with(|state| state.world.process.aborts = Some((message, place)));
        // This returns only when the run is over, and doesn't then.
        let _ = context.step(Op::Process(process::Action::Exit { code: 134 }), place);
    }
    loop {
        ::std::thread::park();
    }
}
