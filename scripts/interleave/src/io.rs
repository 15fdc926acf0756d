//! `std::io`, in which the standard output and error are the explorer's.

use crate::engine::context;
use crate::primitives::output::Action;
use crate::trace::{Op, Place, Stream};
use ::std::fmt::{self, Arguments};
use ::std::marker::PhantomData;

pub use ::std::io::{
    BufRead, BufReader, BufWriter, Bytes, Chain, Cursor, Empty, Error, ErrorKind, IntoInnerError,
    IoSlice, IoSliceMut, IsTerminal, LineWriter, Lines, Read, Repeat, Result, Seek, SeekFrom, Sink,
    Split, Take, Write, copy, empty, read_to_string, repeat, sink,
};

/// `std::io::prelude`
pub mod prelude {
    pub use ::std::io::{BufRead, Read, Seek, Write};
}

/// For [`crate::print!`].
#[doc(hidden)]
#[track_caller]
pub fn _print(text: Arguments<'_>) {
    print(Stream::Stdout, fmt::format(text), Place::caller());
}

/// For [`crate::println!`].
#[doc(hidden)]
#[track_caller]
pub fn _println(text: Arguments<'_>) {
    print(Stream::Stdout, line(text), Place::caller());
}

/// For [`crate::eprint!`].
#[doc(hidden)]
#[track_caller]
pub fn _eprint(text: Arguments<'_>) {
    print(Stream::Stderr, fmt::format(text), Place::caller());
}

/// For [`crate::eprintln!`].
#[doc(hidden)]
#[track_caller]
pub fn _eprintln(text: Arguments<'_>) {
    print(Stream::Stderr, line(text), Place::caller());
}

fn line(text: Arguments<'_>) -> String {
    let mut line = fmt::format(text);
    line.push('\n');
    line
}

fn print(stream: Stream, text: String, place: Place) {
    match context() {
        Some(context) => {
            // What is printed while a thread is unwound was never printed.
            let _ = context.step(Op::Output(Action::Print { stream, text }), place);
        }
        None if stream == Stream::Stdout => ::std::print!("{text}"),
        None => ::std::eprint!("{text}"),
    }
}

macro_rules! output {
    ($name:ident, $locked:ident, $get:ident, $stream:expr, $what:literal) => {
        #[doc = concat!("The ", $what, ".")]
        #[derive(Clone, Copy, Debug, Default)]
        pub struct $name(());

        #[doc = concat!("The ", $what, ", which nobody else can print to meanwhile.")]
        #[derive(Debug)]
        pub struct $locked<'a> {
            held: PhantomData<&'a ()>,
        }

        #[doc = concat!("The ", $what, ".")]
        #[must_use]
        pub fn $get() -> $name {
            $name(())
        }

        impl $name {
            #[track_caller]
            pub fn lock(&self) -> $locked<'static> {
                lock_output($stream, Place::caller());
                $locked { held: PhantomData }
            }

            /// Never: the output is the explorer's.
            #[must_use]
            pub fn is_terminal(&self) -> bool {
                false
            }
        }

        impl Drop for $locked<'_> {
            fn drop(&mut self) {
                unlock_output($stream);
            }
        }

        output!(writes, $name, $stream);
        output!(writes, &$name, $stream);
        output!(writes, $locked<'_>, $stream);
    };
    (writes, $type:ty, $stream:expr) => {
        impl Write for $type {
            #[track_caller]
            fn write(&mut self, bytes: &[u8]) -> Result<usize> {
                let text = String::from_utf8_lossy(bytes).into_owned();
                print($stream, text, Place::caller());
                Ok(bytes.len())
            }

            #[track_caller]
            fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
                let text = String::from_utf8_lossy(bytes).into_owned();
                print($stream, text, Place::caller());
                Ok(())
            }

            /// In one piece, as the real one does by its lock.
            #[track_caller]
            fn write_fmt(&mut self, text: Arguments<'_>) -> Result<()> {
                print($stream, fmt::format(text), Place::caller());
                Ok(())
            }

            fn flush(&mut self) -> Result<()> {
                Ok(())
            }
        }
    };
}

output!(
    Stdout,
    StdoutLock,
    stdout,
    Stream::Stdout,
    "standard output"
);
output!(Stderr, StderrLock, stderr, Stream::Stderr, "standard error");

/// Takes the lock of an output stream. Its holder may take it again.
fn lock_output(stream: Stream, place: Place) {
    let Some(context) = context() else {
        return;
    };
    let output = context.with(|state| state.output_lock(stream));
    let thread = context.thread;
    let again = context.with(|state| state.world.outputs.enter_again(stream, thread));
    if !again {
        let _ = context.step(Op::Output(Action::Lock { output }), place);
    }
}

fn unlock_output(stream: Stream) {
    let Some(context) = context() else {
        return;
    };
    let output = context.with(|state| state.output_lock(stream));
    let (again, place) = context.with(|state| {
        let place = state.threads[context.thread].place;
        (state.world.outputs.leave_inner(stream), place)
    });
    if !again {
        let _ = context.step(Op::Output(Action::Unlock { output }), place);
    }
}
