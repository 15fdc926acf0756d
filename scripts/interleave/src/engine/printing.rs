//! What a thread has begun to print. The real `println!` holds the stream while it makes its text,
//! and whatever a `Display` does then, it does with the stream held.

use crate::vocabulary::{Place, Stream};
use ::std::cell::{Cell, RefCell};

/// A text that is being made.
#[derive(Debug)]
pub struct Begun {
    pub stream: Stream,
    /// What of it has not been printed yet.
    pub text: String,
    /// Whether the stream's lock was taken, because a step was made meanwhile.
    pub held: bool,
    pub place: Place,
}

thread_local! {
    static BEGUN: RefCell<Vec<Begun>> = const { RefCell::new(Vec::new()) };
    static BUSY: Cell<bool> = const { Cell::new(false) };
}

/// A text for a stream begins.
pub fn begin(stream: Stream, place: Place) {
    BEGUN.with_borrow_mut(|all| {
        all.push(Begun {
            stream,
            text: String::new(),
            held: false,
            place,
        });
    });
}

/// More of the text that began last.
pub fn add(text: &str) {
    BEGUN.with_borrow_mut(|all| {
        if let Some(begun) = all.last_mut() {
            begun.text.push_str(text);
        }
    });
}

/// The text that began last has come to its end.
pub fn end() -> Option<Begun> {
    BEGUN.with_borrow_mut(Vec::pop)
}

/// A new program thread begins on this OS thread.
pub fn clear() {
    BEGUN.with_borrow_mut(Vec::clear);
    BUSY.set(false);
}

/// While this lives, [`before_step`] gives nothing.
pub struct Quiet(());

impl Drop for Quiet {
    fn drop(&mut self) {
        BUSY.set(false);
    }
}

/// What has to be held and printed before the thread makes a step: for each text that has begun,
/// the outermost first, what of it is there by now, and whether its stream is held already.
pub fn before_step() -> Option<(Vec<Begun>, Quiet)> {
    if BUSY.get() || BEGUN.with_borrow(Vec::is_empty) {
        return None;
    }
    BUSY.set(true);
    let now = BEGUN.with_borrow_mut(|all| {
        let now = all.iter_mut().map(|begun| Begun {
            stream: begun.stream,
            text: ::std::mem::take(&mut begun.text),
            held: ::std::mem::replace(&mut begun.held, true),
            place: begun.place,
        });
        now.collect()
    });
    Some((now, Quiet(())))
}
