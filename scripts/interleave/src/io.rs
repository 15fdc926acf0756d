//! `std::io`, in which the standard output and error are the explorer's.

use crate::engine::{Context, context, printing};
use crate::trace::{Place, Stream};
use ::std::fmt::{self, Arguments, Write as _};
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
    print_or_panic(Stream::Stdout, text, "", Place::caller());
}

/// For [`crate::println!`].
#[doc(hidden)]
#[track_caller]
pub fn _println(text: Arguments<'_>) {
    print_or_panic(Stream::Stdout, text, "\n", Place::caller());
}

/// For [`crate::eprint!`].
#[doc(hidden)]
#[track_caller]
pub fn _eprint(text: Arguments<'_>) {
    print_or_panic(Stream::Stderr, text, "", Place::caller());
}

/// For [`crate::eprintln!`].
#[doc(hidden)]
#[track_caller]
pub fn _eprintln(text: Arguments<'_>) {
    print_or_panic(Stream::Stderr, text, "\n", Place::caller());
}

fn print_or_panic(stream: Stream, text: Arguments<'_>, end: &str, place: Place) {
    if print(stream, text, end, place).is_err() {
        panic!(
            "failed printing to {}: formatter error",
            match stream {
                Stream::Stdout => "stdout",
                Stream::Stderr => "stderr",
            }
        );
    }
}

/// Prints a text in one piece, as the real one does by its lock. Where something is done while the
/// text is made, the lock is taken.
fn print(stream: Stream, text: Arguments<'_>, end: &str, place: Place) -> fmt::Result {
    let Some(context) = context() else {
        match stream {
            Stream::Stdout => ::std::print!("{text}{end}"),
            Stream::Stderr => ::std::eprint!("{text}{end}"),
        }
        return Ok(());
    };
    printing::begin(stream, place);
    let mut printer = Printer { context: &context };
    printer.write_fmt(text)?;
    printer.write_str(end)
}

/// A text that is being made. It is printed in the end, even if that is by a panic.
struct Printer<'a> {
    context: &'a Context,
}

impl fmt::Write for Printer<'_> {
    fn write_str(&mut self, text: &str) -> fmt::Result {
        printing::add(text);
        Ok(())
    }
}

impl Drop for Printer<'_> {
    fn drop(&mut self) {
        if let Some(text) = printing::end() {
            self.context.print(text.stream, text.text, text.place);
            if text.held {
                self.context.unlock_output(text.stream);
            }
        }
    }
}

/// Prints bytes. A character whose end is missing waits for it.
fn write(stream: Stream, bytes: &[u8], place: Place) {
    let Some(context) = context() else {
        let _ = match stream {
            Stream::Stdout => ::std::io::stdout().write_all(bytes),
            Stream::Stderr => ::std::io::stderr().write_all(bytes),
        };
        return;
    };
    let text = context.with(|state| {
        let unprinted = &mut state.threads[context.thread].unprinted[stream as usize];
        unprinted.extend_from_slice(bytes);
        let whole = match ::std::str::from_utf8(unprinted) {
            Err(error) if error.error_len().is_none() => error.valid_up_to(),
            _ => unprinted.len(),
        };
        let rest = unprinted.split_off(whole);
        let whole = ::std::mem::replace(unprinted, rest);
        String::from_utf8_lossy(&whole).into_owned()
    });
    context.print(stream, text, place);
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
                if let Some(context) = context() {
                    context.lock_output($stream, Place::caller());
                }
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
                if let Some(context) = context() {
                    context.unlock_output($stream);
                }
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
                write($stream, bytes, Place::caller());
                Ok(bytes.len())
            }

            #[track_caller]
            fn write_all(&mut self, bytes: &[u8]) -> Result<()> {
                write($stream, bytes, Place::caller());
                Ok(())
            }

            #[track_caller]
            fn write_fmt(&mut self, text: Arguments<'_>) -> Result<()> {
                print($stream, text, "", Place::caller())
                    .map_err(|_| Error::other("formatter error"))
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
