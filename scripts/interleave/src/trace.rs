//! What one execution of the program looked like: its events, its threads,
//! its shared objects and how it ended.

mod key;

use crate::explorer::report::short;
use ::std::collections::{BTreeMap, BTreeSet};
use ::std::fmt;
use ::std::panic::Location;
use ::std::time::Duration;

/// A thread, by the order of creation within one execution; `main` is 0.
pub type ThreadId = usize;

/// A shared object, as an index into [`Execution::objects`].
pub type ObjectId = usize;

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

/// How a read-modify-write of an atomic is called in words.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Access {
    /// `load`
    Load,
    /// `store`
    Store,
    /// `swap`, `fetch_add` and the like
    Update,
    /// `compare_exchange` and the like
    CompareExchange,
}

/// An operation that a thread asks for. What came of it is an [`Outcome`].
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Op {
    /// Create a thread. Before it is done, its number is not known: it is then
    /// larger than any.
    Spawn { child: ThreadId },
    /// The first step of a new thread.
    Start,
    /// Wait until a thread has ended.
    Join { child: ThreadId },
    /// Ask whether a thread has ended.
    IsFinished { child: ThreadId },
    /// The last step of a thread other than `main`.
    Exit { panicked: bool },
    /// Wait for the thread's token.
    Park,
    /// Wait for the thread's token, not for ever.
    ParkTimeout,
    /// Hand a thread its token.
    Unpark { thread: ThreadId },
    /// `thread::yield_now`, `hint::spin_loop`.
    Yield,
    /// `thread::sleep`.
    Sleep { time: Duration },
    /// Take a lock.
    Lock { lock: ObjectId },
    /// Take a lock if it is free.
    TryLock { lock: ObjectId },
    /// Give a lock back.
    Unlock { lock: ObjectId },
    /// Ask whether a lock is poisoned.
    IsPoisoned { lock: ObjectId },
    /// Forget that a lock is poisoned.
    ClearPoison { lock: ObjectId },
    /// Take a read-write lock for reading.
    ReadLock { lock: ObjectId },
    /// Take a read-write lock for reading if that is possible.
    TryReadLock { lock: ObjectId },
    /// Give a read-write lock back that was taken for reading.
    ReadUnlock { lock: ObjectId },
    /// Take a read-write lock for writing.
    WriteLock { lock: ObjectId },
    /// Take a read-write lock for writing if it is free.
    TryWriteLock { lock: ObjectId },
    /// Give a read-write lock back that was taken for writing.
    WriteUnlock { lock: ObjectId },
    /// Put a message into a channel; wait for room if it is bounded.
    Send { channel: ObjectId },
    /// Put a message into a bounded channel if there is room.
    TrySend { channel: ObjectId },
    /// Wait until the message just sent over a channel without room was taken.
    AwaitTaken { channel: ObjectId },
    /// Wait for a message.
    Recv { channel: ObjectId },
    /// Take a message if there is one.
    TryRecv { channel: ObjectId },
    /// Wait for a message, not for ever.
    RecvTimeout { channel: ObjectId },
    /// Drop one of the channel's senders.
    SenderDropped { channel: ObjectId },
    /// Drop the channel's receiver, and with it what is still queued.
    ReceiverDropped { channel: ObjectId },
    /// Give a lock back and start to wait on a condition variable.
    Wait { condvar: ObjectId, lock: ObjectId },
    /// Wake up from a condition variable.
    Wake { condvar: ObjectId },
    /// Wake up from a condition variable, notified or not.
    WakeTimeout { condvar: ObjectId },
    /// Wake one waiting thread.
    NotifyOne { condvar: ObjectId },
    /// Wake all waiting threads.
    NotifyAll { condvar: ObjectId },
    /// Arrive at a barrier.
    Arrive { barrier: ObjectId },
    /// Go on once everybody has arrived at a barrier.
    Pass { barrier: ObjectId },
    /// Enter a `Once`; wait while another thread is in it.
    OnceEnter { once: ObjectId },
    /// Leave a `Once`; `done` unless its closure panicked or failed.
    OnceLeave { once: ObjectId, done: bool },
    /// Ask whether a `Once` is done.
    OnceLook { once: ObjectId },
    /// Use an atomic; the value written is part of [`Outcome::Value`].
    Atomic { atomic: ObjectId, access: Access },
    /// Listen on an address.
    Bind { listener: ObjectId },
    /// Wait for a client.
    Accept { listener: ObjectId },
    /// Take a client if one is there.
    TryAccept { listener: ObjectId },
    /// Read from a client.
    Read { connection: ObjectId },
    /// Read from a client, not for ever.
    ReadTimeout { connection: ObjectId },
    /// Write to a client.
    Write {
        connection: ObjectId,
        bytes: Vec<u8>,
    },
    /// Shut the writing side of a connection.
    Shutdown { connection: ObjectId },
    /// Drop one of the program's handles of a connection; with the last one
    /// the connection is closed.
    Close { connection: ObjectId },
    /// Print a text, which may have several lines or be part of one.
    Print { stream: Stream, text: String },
    /// Take the lock of an output stream.
    OutputLock { output: ObjectId },
    /// Give the lock of an output stream back.
    OutputUnlock { output: ObjectId },
    /// A scenario queues job number `job`.
    JobQueued { job: usize },
    /// Job number `job` starts to run.
    JobStarted { job: usize },
    /// Job number `job` has run to its end.
    JobFinished { job: usize },
    /// Job number `job` is about to panic.
    JobPanics { job: usize },
    /// A point that is ordered against every step of every other thread, such
    /// as the return of a pool's `drop`.
    Marker { name: &'static str },
    /// `main` returns, or ends by a panic: the process ends.
    MainReturn { panicked: bool },
    /// `process::exit` or `process::abort`.
    ProcessExit { code: i32 },
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

/// One step of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Who made it.
    pub thread: ThreadId,
    /// What was asked for.
    pub op: Op,
    /// What came of it.
    pub outcome: Outcome,
    /// Where in the program. A step that is made by a destructor, or from
    /// inside the real `std`, has the place of the thread's step before; giving
    /// a lock back has the place where it was taken.
    pub place: Place,
    /// The vector clock: entry `t` says how many events of thread `t` come
    /// before this one in every schedule of the same trace, this one included.
    /// Threads beyond its end count 0. Printing gives no order.
    pub clock: Vec<u32>,
}

impl Event {
    /// The number of this event among those of its thread, from 1.
    pub fn index(&self) -> u32 {
        self.clock.get(self.thread).copied().unwrap_or(0)
    }

    /// Whether this event comes before `other` in every schedule of the trace.
    /// An event does not come before itself.
    pub fn before(&self, other: &Event) -> bool {
        let seen = other.clock.get(self.thread).copied().unwrap_or(0);
        if self.thread == other.thread {
            self.index() < other.index()
        } else {
            self.index() <= seen
        }
    }
}

/// What a thread that can't go on waits for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct WaitsFor {
    /// The lock, channel, connection, …
    pub object: Option<ObjectId>,
    /// The thread that holds it, or that is to be joined.
    pub thread: Option<ThreadId>,
}

/// Where a thread is at the end of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ThreadState {
    /// It ran to its end.
    Finished,
    /// It ended by a panic.
    Panicked { message: String, place: Place },
    /// It is about to do `op`.
    Pending {
        op: Op,
        place: Place,
        /// Whether it could go on. At the end of the process such a thread is
        /// cut off between two steps, another is cut off while it waits.
        enabled: bool,
        /// What it waits for, if it can't go on.
        waits_for: Option<WaitsFor>,
    },
}

/// One thread of an execution.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ThreadInfo {
    /// The name that `thread::Builder` gave it.
    pub name: Option<String>,
    /// Who spawned it; `None` for `main`.
    pub parent: Option<ThreadId>,
    /// The numbers of the spawns that lead to it: `[]` is `main`, `[1]` is the
    /// second thread that `main` spawned, `[1, 0]` the first that that one did.
    /// Unlike its number it is the same in all schedules.
    pub path: Vec<usize>,
    /// Where it was spawned; for `main`, where the exploration was started.
    pub spawned_at: Place,
    /// Where it is at the end of the execution.
    pub state: ThreadState,
}

/// How an execution ended.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum End {
    /// `main` returned. Threads that were still alive are cut off: they are
    /// those in [`ThreadState::Pending`].
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

/// One execution of the program: one schedule, which stands for all schedules
/// of its trace.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Execution {
    /// The steps in the order in which they were made.
    pub events: Vec<Event>,
    /// All threads; `main` is the first.
    pub threads: Vec<ThreadInfo>,
    /// All shared objects.
    pub objects: Vec<Object>,
    /// How it ended.
    pub end: End,
    /// The thread chosen at each step: the schedule, which can be replayed.
    pub choices: Vec<u16>,
    /// What was written to each client that was accepted.
    pub answers: BTreeMap<usize, Vec<u8>>,
    /// What the scenario remarked on, see [`crate::explorer::remark`].
    pub remarks: BTreeSet<&'static str>,
}

impl Execution {
    /// What was printed to the standard output, in this schedule.
    pub fn stdout(&self) -> String {
        let mut all = String::new();
        for event in &self.events {
            if let Op::Print {
                stream: Stream::Stdout,
                text,
            } = &event.op
            {
                all.push_str(text);
            }
        }
        all
    }

    /// The name of a thread in a sentence: `main`, the name it was given, or
    /// `thread 3`.
    pub fn thread_name(&self, thread: ThreadId) -> String {
        match self.threads.get(thread).and_then(|info| info.name.as_ref()) {
            _ if thread == 0 => "main".to_string(),
            Some(name) => name.clone(),
            None => format!("thread {thread}"),
        }
    }

    /// The name of an object in a sentence: `the lock` if there is only one,
    /// else `lock 2`.
    pub fn object_name(&self, object: ObjectId) -> String {
        let Some(found) = self.objects.get(object) else {
            return "something".to_string();
        };
        let word = found.kind.word();
        if found.kind == Kind::Connection {
            return format!("the connection of client {}", found.number);
        }
        if found.kind == Kind::Output {
            return "the lock of the output".to_string();
        }
        let alike = self.objects.iter().filter(|o| o.kind == found.kind).count();
        if alike == 1 {
            format!("the {word}")
        } else {
            format!("{word} {}", found.number)
        }
    }

    /// An operation in plain words, as what a thread wants to do or waits for:
    /// `take the lock`, `receive from the channel`.
    pub fn wish(&self, op: &Op) -> String {
        let name = |object: &ObjectId| self.object_name(*object);
        let who = |thread: &ThreadId| self.thread_name(*thread);
        match op {
            Op::Spawn { child } if *child >= self.threads.len() => "spawn a thread".to_string(),
            Op::Spawn { child } => format!("spawn {}", who(child)),
            Op::Start => "start".to_string(),
            Op::Join { child } => format!("join {}", who(child)),
            Op::IsFinished { child } => format!("ask whether {} is finished", who(child)),
            Op::Exit { panicked: false } => "end".to_string(),
            Op::Exit { panicked: true } => "end by a panic".to_string(),
            Op::Park => "park".to_string(),
            Op::ParkTimeout => "park with a time-out".to_string(),
            Op::Unpark { thread } => format!("unpark {}", who(thread)),
            Op::Yield => "yield".to_string(),
            Op::Sleep { time } => format!("sleep {time:?}"),
            Op::Lock { lock } => format!("take {}", name(lock)),
            Op::TryLock { lock } => format!("try to take {}", name(lock)),
            Op::Unlock { lock } => format!("release {}", name(lock)),
            Op::IsPoisoned { lock } => format!("ask whether {} is poisoned", name(lock)),
            Op::ClearPoison { lock } => format!("clear the poison of {}", name(lock)),
            Op::ReadLock { lock } => format!("take {} for reading", name(lock)),
            Op::TryReadLock { lock } => format!("try to take {} for reading", name(lock)),
            Op::ReadUnlock { lock } => format!("release {} after reading", name(lock)),
            Op::WriteLock { lock } => format!("take {} for writing", name(lock)),
            Op::TryWriteLock { lock } => format!("try to take {} for writing", name(lock)),
            Op::WriteUnlock { lock } => format!("release {} after writing", name(lock)),
            Op::Send { channel } => format!("send to {}", name(channel)),
            Op::TrySend { channel } => format!("try to send to {}", name(channel)),
            Op::AwaitTaken { channel } => {
                format!("wait until {} has handed the message over", name(channel))
            }
            Op::Recv { channel } => format!("receive from {}", name(channel)),
            Op::TryRecv { channel } => format!("try to receive from {}", name(channel)),
            Op::RecvTimeout { channel } => {
                format!("receive from {} with a time-out", name(channel))
            }
            Op::SenderDropped { channel } => format!("drop a sender of {}", name(channel)),
            Op::ReceiverDropped { channel } => format!("drop the receiver of {}", name(channel)),
            Op::Wait { condvar, lock } => {
                format!("release {} and wait on {}", name(lock), name(condvar))
            }
            Op::Wake { condvar } => format!("be woken by {}", name(condvar)),
            Op::WakeTimeout { condvar } => {
                format!("be woken by {} or by the time-out", name(condvar))
            }
            Op::NotifyOne { condvar } => format!("notify one thread of {}", name(condvar)),
            Op::NotifyAll { condvar } => format!("notify all threads of {}", name(condvar)),
            Op::Arrive { barrier } => format!("arrive at {}", name(barrier)),
            Op::Pass { barrier } => format!("pass {}", name(barrier)),
            Op::OnceEnter { once } => format!("enter {}", name(once)),
            Op::OnceLeave { once, .. } => format!("leave {}", name(once)),
            Op::OnceLook { once } => format!("ask whether {} is done", name(once)),
            Op::Atomic { atomic, access } => {
                let verb = match access {
                    Access::Load => "load",
                    Access::Store => "store to",
                    Access::Update => "update",
                    Access::CompareExchange => "compare and exchange",
                };
                format!("{verb} {}", name(atomic))
            }
            Op::Bind { .. } => "listen".to_string(),
            Op::Accept { .. } => "accept a client".to_string(),
            Op::TryAccept { .. } => "accept a client if one is there".to_string(),
            Op::Read { connection } => format!("read from {}", name(connection)),
            Op::ReadTimeout { connection } => {
                format!("read from {} with a time-out", name(connection))
            }
            Op::Write { connection, .. } => format!("write to {}", name(connection)),
            Op::Shutdown { connection } => format!("shut {} down", name(connection)),
            Op::Close { connection } => format!("close {}", name(connection)),
            Op::Print { text, .. } => format!("print `{}`", text.trim_end_matches('\n')),
            Op::OutputLock { output } => format!("take {}", name(output)),
            Op::OutputUnlock { output } => format!("release {}", name(output)),
            Op::JobQueued { job } => format!("give job {job} to the pool"),
            Op::JobStarted { job } => format!("start job {job}"),
            Op::JobFinished { job } => format!("finish job {job}"),
            Op::JobPanics { job } => format!("job {job} panics"),
            Op::Marker { name } => (*name).to_string(),
            Op::MainReturn { panicked: false } => "return from main".to_string(),
            Op::MainReturn { panicked: true } => "leave main by a panic".to_string(),
            Op::ProcessExit { code } => format!("exit the process with code {code}"),
        }
    }

    /// An event in plain words, with what came of it:
    /// `receive from the channel: message 0`.
    pub fn deed(&self, event: &Event) -> String {
        let wish = self.wish(&event.op);
        let came = match &event.outcome {
            Outcome::Done => return wish,
            Outcome::Message { number } => format!("message {number}"),
            Outcome::Empty => "nothing there".to_string(),
            Outcome::Full => "no room".to_string(),
            Outcome::Disconnected => match event.op {
                Op::SenderDropped { .. } | Op::Close { .. } => "the last one".to_string(),
                _ => "the other side is gone".to_string(),
            },
            Outcome::TimedOut => "time-out".to_string(),
            Outcome::Refused => "not now".to_string(),
            Outcome::Poisoned => "poisoned".to_string(),
            Outcome::Answer { yes: true } => "yes".to_string(),
            Outcome::Answer { yes: false } => "no".to_string(),
            Outcome::Value { before, after } if before == after => format!("{before}"),
            Outcome::Value { before, after } => format!("{before} becomes {after}"),
            Outcome::Client { number } => format!("client {}", number + 1),
            Outcome::Count { count } => format!("{count}"),
        };
        format!("{wish}: {came}")
    }

    /// The threads that the end of the process cut off.
    pub fn cut_off(&self) -> Vec<ThreadId> {
        let ended = matches!(
            self.end,
            End::Normal | End::MainPanicked { .. } | End::Exit { .. } | End::Aborted { .. }
        );
        (0..self.threads.len())
            .filter(|&t| ended && matches!(self.threads[t].state, ThreadState::Pending { .. }))
            .collect()
    }
}
