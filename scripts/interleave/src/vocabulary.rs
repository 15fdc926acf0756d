//! The facts that everything else speaks of: places, threads, objects, what
//! comes of an operation, and how an execution ends. Knows no other module.

use ::std::fmt;
use ::std::panic::Location;

/// A thread, by the order of creation within one execution; `main` is 0.
pub type ThreadId = usize;

/// A shared object, as an index into the execution's objects.
pub type ObjectId = usize;

/// An event, as an index into the execution's events.
pub type EventId = usize;

/// A place in the source of the program under test.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Place {
    /// The file, as the compiler was given it.
    pub file: &'static str,
    /// The line, counted from 1.
    pub line: u32,
    /// The column, counted from 1.
    pub column: u32,
}

impl Place {
    /// The place that called the function which calls this one.
    #[track_caller]
    pub const fn caller() -> Place {
        let location = Location::caller();
        Place {
            file: location.file(),
            line: location.line(),
            column: location.column(),
        }
    }

    /// Whether this is a place in the real standard library.
    pub fn is_in_std(&self) -> bool {
        let file = self.file;
        file.starts_with("/rustc/")
            || file.contains("/rustlib/src/rust/library/")
            || file.contains("\\rustlib\\src\\rust\\library\\")
    }
}

/// The file inside the crate and the line.
impl fmt::Display for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}", short(self.file), self.line)
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}:{}:{}", self.file, self.line, self.column)
    }
}

/// A file as it is shown: the path inside the crate. What is before the last
/// `src` differs from machine to machine.
pub fn short(file: &str) -> String {
    let file = file.replace('\\', "/");
    // A module may be somewhere else than the file that declares it.
    let file = file.rsplit("/../").next().unwrap_or(&file).to_string();
    match file.rfind("/src/") {
        Some(at) => file[at + 1..].to_string(),
        None if file.starts_with("src/") => file,
        None => file.rsplit('/').next().unwrap_or(&file).to_string(),
    }
}

/// What a shared object is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Kind {
    /// A `Mutex`.
    Lock,
    /// An `RwLock`.
    RwLock,
    /// A `Condvar`.
    Condvar,
    /// An `mpsc` channel.
    Channel,
    /// A `Barrier`.
    Barrier,
    /// A `Once`, `OnceLock` or `LazyLock`.
    Once,
    /// An atomic.
    Atomic,
    /// An `Arc`.
    Arc,
    /// What a thread leaves behind.
    Result,
    /// A `TcpListener`.
    Listener,
    /// The connection of one client.
    Connection,
    /// The lock of the standard output or of the standard error.
    Output,
}

impl Kind {
    /// The word for it in a sentence.
    pub fn word(self) -> &'static str {
        match self {
            Kind::Lock => "lock",
            Kind::RwLock => "read-write lock",
            Kind::Condvar => "condition variable",
            Kind::Channel => "channel",
            Kind::Barrier => "barrier",
            Kind::Once => "once",
            Kind::Atomic => "atomic",
            Kind::Arc => "Arc",
            Kind::Result => "result",
            Kind::Listener => "listener",
            Kind::Connection => "connection",
            Kind::Output => "output",
        }
    }
}

/// A shared object that an execution met.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Object {
    /// What it is.
    pub kind: Kind,
    /// Its number among those of its kind, from 1, in the order in which the
    /// execution met them. A connection is numbered as its client is.
    pub number: usize,
    /// Where it was created, where that is known.
    pub created: Option<Place>,
}

/// The stream that a text was printed to.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Stream {
    /// The standard output.
    Stdout,
    /// The standard error.
    Stderr,
}

/// What came of an operation.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Outcome {
    /// It did what it was asked to do.
    Done,
    /// It sent or took this message: they are numbered from 0 in each channel
    /// in the order of sending.
    Message { number: usize },
    /// Nothing was there.
    Empty,
    /// There was no room.
    Full,
    /// The other side is gone; or, when a sender or a handle of a connection is
    /// dropped, it was the last.
    Disconnected,
    /// The time was over.
    TimedOut,
    /// It was not possible at this moment.
    Refused,
    /// It took a lock that a panic has poisoned.
    Poisoned,
    /// The answer to a question.
    Answer { yes: bool },
    /// The value of an atomic before and after.
    Value { before: u64, after: u64 },
    /// The client that was accepted, numbered from 0.
    Client { number: usize },
    /// So many bytes were read, messages discarded, threads woken.
    Count { count: usize },
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// `main` returned. Threads that were still alive are cut off: they are
    /// those with a step still before them.
    Normal,
    /// `main` ended by a panic, and with it the process.
    MainPanicked { message: String, place: Place },
    /// `process::exit` was called.
    Exit { thread: ThreadId, code: i32 },
    /// A thread panicked while a panic was already unwinding its stack, or
    /// `process::abort` was called: the whole process is aborted.
    Aborted {
        thread: ThreadId,
        message: String,
        place: Place,
    },
    /// Nobody can go on, and somebody waits for another thread.
    Deadlock,
    /// A thread joins itself. That panics on some systems and hangs on others.
    JoinsItself { thread: ThreadId, place: Place },
    /// Nobody can go on before a client connects or sends something.
    WaitsForClient,
    /// Only threads that poll are left, and nothing changed while each of them
    /// polled again so many times.
    Livelock { rounds: usize },
    /// The bound on the number of steps was reached.
    TooLong { steps: usize },
    /// A replayed program did something else than the time before: it depends
    /// on something that the explorer doesn't control, such as a `static`.
    Diverged {
        step: usize,
        place: Place,
        expected: String,
        met: String,
    },
    /// The program uses something that can't be explored; the sentence names it.
    Unsupported { sentence: String },
    /// The one who steers the execution stopped it.
    Stopped,
}

#[cfg(test)]
mod tests {
    use super::short;

    #[test]
    fn places_are_shown_as_in_the_crate() {
        assert_eq!(short("/home/me/x/src/lib.rs:7"), "src/lib.rs:7");
        assert_eq!(short(r"copy\src\net\a.rs"), "src/net/a.rs");
        assert_eq!(short("x/program/scenario.rs"), "scenario.rs");
        assert_eq!(
            short("x/copy/src/../../pool/scenario.rs:9"),
            "scenario.rs:9"
        );
    }
}
