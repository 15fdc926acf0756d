//! The state of a program: its threads and its objects, as plain values.

use super::Model;
use crate::program::{OBJECTS, SHARED};
use crate::seen::End;

#[derive(Clone, Hash)]
pub struct State {
    pub threads: Vec<Thread>,
    pub locks: [Lock; OBJECTS],
    pub rw_locks: [RwLock; OBJECTS],
    /// Who waits on each condition variable.
    pub waiters: [Vec<usize>; OBJECTS],
    pub atomics: [u64; OBJECTS],
    pub onces: [Once; OBJECTS],
    pub cells: [Once; OBJECTS],
    /// How many have arrived at each barrier, and how often it has opened.
    pub barriers: [(usize, usize); OBJECTS],
    pub channels: Vec<Channel>,
    /// Who holds the lock around each shared receiver.
    pub shared_locks: [Option<usize>; SHARED],
    pub shared: [Channel; SHARED],
    /// Who holds the output, and how often.
    pub output: Option<(usize, usize)>,
    pub connections: Vec<Connection>,
    pub log: String,
    pub end: Option<End>,
}

#[derive(Clone, Copy, Default, Hash)]
pub struct Lock {
    pub holder: Option<usize>,
    pub value: u64,
    pub poisoned: bool,
}

#[derive(Clone, Default, Hash)]
pub struct RwLock {
    pub writer: bool,
    pub readers: usize,
    /// The writers that keep new readers out until it has been free. Whether a
    /// waiting writer does so is up to `std`.
    pub waiting: Vec<usize>,
    pub value: u64,
    pub poisoned: bool,
}

#[derive(Clone, Copy, Default, Hash)]
pub struct Once {
    pub running: bool,
    pub done: bool,
    pub poisoned: bool,
    pub value: u64,
}

#[derive(Clone, Default, Hash)]
pub struct Channel {
    pub queue: Vec<u64>,
    /// How many messages were sent and taken.
    pub sent: usize,
    pub taken: usize,
    pub room: Option<usize>,
    pub senders: usize,
    pub receiver: bool,
}

#[derive(Clone, Default, Hash)]
pub struct Connection {
    pub bytes: Vec<u8>,
    pub taken: usize,
    pub writes: usize,
    pub hangs_up: bool,
    pub shut_for_reading: bool,
    pub shut_for_writing: bool,
}

#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Life {
    /// Nobody has spawned it.
    Unborn,
    /// It has not made its first step.
    New,
    Alive,
    Ended {
        panicked: bool,
    },
}

#[derive(Clone, Hash)]
pub struct Thread {
    pub life: Life,
    pub frames: Vec<Frame>,
    /// How far it is within an instruction of several steps.
    pub stage: Stage,
    pub last: u64,
    pub history: Vec<u64>,
    /// The message of the panic that unwinds it.
    pub panic: Option<&'static str>,
    pub token: bool,
    pub senders: Vec<bool>,
    pub shared_senders: Vec<bool>,
    pub receivers: Vec<bool>,
    /// The connection that it has a handle of.
    pub stream: Option<usize>,
    pub handles: Vec<bool>,
}

/// A block of code that a thread is in.
#[derive(Clone, Hash)]
pub struct Frame {
    pub block: usize,
    pub next: usize,
    pub guard: Guard,
}

/// What is to be done where a block is left, by its end or by a panic.
#[derive(Clone, PartialEq, Eq, Hash)]
pub enum Guard {
    /// All that the thread owns is dropped, and it ends.
    Thread,
    If,
    Lock(usize),
    Read(usize),
    Write(usize),
    Once(usize),
    Cell(usize),
    Output,
    Catch,
    Scope(Vec<usize>),
}

/// A step within an instruction of several steps.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub enum Stage {
    /// The first.
    Begin,
    /// It gives a lock back, and goes on with the next instruction.
    Unlock,
    UnlockShared,
    /// It has a lock and begins to wait on the condition variable.
    Waiting,
    Woken,
    Relocking {
        timed_out: bool,
    },
    /// Until its message is taken.
    AwaitTaken {
        number: usize,
    },
    /// It has the lock of a shared receiver.
    Receiving,
    /// The second load.
    Again {
        first: u64,
    },
    /// So many attempts were in vain.
    Tried(u64),
    /// It has arrived at a barrier that has opened so often.
    Passing {
        round: usize,
    },
    /// It leaves the gate of a cell that it has filled.
    Filled,
    /// It spawns the thread of this number in a scope.
    Spawning(usize),
}

impl Model<'_> {
    /// The state when `main` begins with its code.
    pub fn first(&self) -> State {
        let program = self.program;
        let count = program.threads.len();
        let threads = (0..count).map(|me| Thread {
            life: Life::Unborn,
            frames: vec![Frame {
                block: self.block(&program.threads[me]),
                next: 0,
                guard: Guard::Thread,
            }],
            stage: Stage::Begin,
            last: 0,
            history: Vec::new(),
            panic: None,
            token: false,
            senders: (0..program.channels.len())
                .map(|at| program.sends(me, at))
                .collect(),
            shared_senders: (0..SHARED)
                .map(|at| program.receives_shared(at) && program.sends_shared(me, at))
                .collect(),
            receivers: (0..program.channels.len())
                .map(|at| program.channels[at].owner == me && program.receives(at))
                .collect(),
            stream: None,
            handles: vec![false; count],
        });
        let threads: Vec<Thread> = threads.collect();
        let channels = (0..program.channels.len()).map(|at| Channel {
            room: program.channels[at].room,
            senders: threads.iter().filter(|thread| thread.senders[at]).count(),
            receiver: program.receives(at),
            ..Channel::default()
        });
        let shared = |at: usize| Channel {
            senders: threads
                .iter()
                .filter(|thread| thread.shared_senders[at])
                .count(),
            receiver: true,
            ..Channel::default()
        };
        let mut state = State {
            channels: channels.collect(),
            shared: std::array::from_fn(shared),
            threads,
            locks: Default::default(),
            rw_locks: Default::default(),
            waiters: Default::default(),
            atomics: Default::default(),
            onces: Default::default(),
            cells: Default::default(),
            barriers: Default::default(),
            shared_locks: Default::default(),
            output: None,
            connections: Vec::new(),
            log: String::new(),
            end: None,
        };
        if program.serves() {
            self.accept(&mut state);
        }
        state.threads[0].life = Life::Alive;
        self.settle(&mut state, 0);
        state
    }

    /// Takes the next client, if there is one.
    pub fn accept(&self, state: &mut State) -> Option<usize> {
        let number = state.connections.len();
        let client = self.program.clients.get(number)?;
        state.connections.push(Connection {
            bytes: (1..=client.sends as u8).collect(),
            hangs_up: client.hangs_up,
            ..Connection::default()
        });
        Some(number)
    }
}

impl Thread {
    pub fn note(&mut self, value: u64) {
        self.last = value;
        self.history.push(value);
    }

    pub fn ended(&self) -> bool {
        matches!(self.life, Life::Ended { .. })
    }
}

impl Channel {
    pub fn has_room(&self) -> bool {
        match self.room {
            None | Some(0) => true,
            Some(room) => self.queue.len() < room,
        }
    }

    pub fn put(&mut self, value: u64) -> usize {
        self.queue.push(value);
        self.sent += 1;
        self.sent - 1
    }

    pub fn take(&mut self) -> Option<u64> {
        if self.queue.is_empty() {
            return None;
        }
        self.taken += 1;
        Some(self.queue.remove(0))
    }
}

impl Connection {
    /// Whether a read gives bytes or the end at once.
    pub fn readable(&self) -> bool {
        self.shut_for_reading
            || self.shut_for_writing
            || self.hangs_up
            || self.taken < self.bytes.len()
    }
}
