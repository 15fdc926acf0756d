//! Small random programs. What an instruction does is told three times: by the
//! [interpreter](super::interpreter) that runs on the explorer's `std` and on
//! the real one, and by the [model](super::model).

use crate::random::Random;

/// One instruction. Numbers name objects or threads.
#[derive(Clone, Debug)]
pub enum Ins {
    Lock(usize, Vec<Ins>),
    TryLock(usize, Vec<Ins>),
    /// Up to three attempts from one line.
    GiveUp(usize),
    IsPoisoned(usize),
    ClearPoison(usize),
    Read(usize, Vec<Ins>),
    TryRead(usize, Vec<Ins>),
    Write(usize, Vec<Ins>),
    TryWrite(usize, Vec<Ins>),
    IsPoisonedRw(usize),
    ClearPoisonRw(usize),
    Send(usize),
    TrySend(usize),
    Recv(usize),
    TryRecv(usize),
    RecvTimeout(usize),
    DropSender(usize),
    DropReceiver(usize),
    /// Over the channel whose receiver is shared under a lock.
    SendShared(usize),
    /// As the workers of a pool do.
    LockAndRecv(usize),
    /// On a condition variable, under the lock of the same number.
    Wait(usize),
    WaitTimeout(usize),
    /// While the lock was taken less than twice.
    WaitWhile(usize),
    NotifyOne(usize),
    NotifyAll(usize),
    Load(usize),
    /// A getter that is called twice from one line.
    LoadTwice(usize),
    Store(usize),
    Add(usize),
    Exchange(usize),
    CallOnce(usize, Vec<Ins>),
    LookAtOnce(usize),
    CellGet(usize),
    CellSet(usize),
    CellInit(usize, Vec<Ins>),
    Arrive(usize),
    Spawn(usize),
    Join(usize),
    IsFinished(usize),
    /// Runs threads and a body in a `thread::scope`.
    Scope(Vec<usize>, Vec<Ins>),
    Unpark(usize),
    UnparkMain,
    Park,
    ParkTimeout,
    Accept,
    /// Gets a handle of its own of the connection that all share.
    CloneStream,
    /// Reads so many bytes from a connection.
    ReadFrom(Stream, usize),
    WriteTo(Stream),
    Shut(Stream, How),
    Print,
    PrintLast,
    LockOutput(Vec<Ins>),
    /// Only if the last result was odd.
    If(Vec<Ins>),
    Catch(Vec<Ins>),
    Panic,
    Marker,
    Exit,
}

/// Which connection.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stream {
    /// The first client's, which `main` accepts before all else.
    Shared,
    /// The one that the thread has accepted, or its handle of the shared one.
    Own,
}

/// Which side of a connection is shut.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum How {
    Reading,
    Writing,
    Both,
}

/// A scripted client.
#[derive(Clone, Copy, Debug)]
pub struct Client {
    /// How many bytes it sends, each with its number, from 1.
    pub sends: usize,
    pub hangs_up: bool,
}

/// A channel: who owns the receiver, and how much room it has.
#[derive(Clone, Copy, Debug)]
pub struct Channel {
    pub owner: usize,
    pub room: Option<usize>,
}

/// A program: the code of each thread, `main` first.
#[derive(Clone, Debug)]
pub struct Program {
    pub threads: Vec<Vec<Ins>>,
    pub channels: Vec<Channel>,
    pub clients: Vec<Client>,
    /// Whether `accept` doesn't wait.
    pub nonblocking: bool,
    /// Whether a read waits for a short time only.
    pub reads_time_out: bool,
}

/// How many there are of each kind of object.
pub const OBJECTS: usize = 2;

/// How many threads a barrier waits for.
pub const BARRIER: usize = 2;

/// How many channels have their receivers shared under a lock.
pub const SHARED: usize = 2;

/// What a kind of program is about.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Topic {
    Locks,
    ReadWrite,
    Channels,
    Condvars,
    Onces,
    Atomics,
    Threads,
    Network,
    Everything,
}

struct Writer<'a> {
    random: &'a mut Random,
    topic: Topic,
    threads: usize,
    left: usize,
}

impl Program {
    /// Makes up a program of about `size` instructions.
    pub fn random(random: &mut Random, size: usize, topic: Topic) -> Program {
        let threads = 2 + random.below(3);
        let channel = |random: &mut Random| Channel {
            room: [None, None, Some(0), Some(1), Some(2)][random.below(5)],
            owner: random.below(threads),
        };
        let channels = vec![channel(random), channel(random)];
        let client = |random: &mut Random| Client {
            sends: random.below(4),
            hangs_up: random.chance(30),
        };
        let clients = (0..1 + random.below(3)).map(|_| client(random)).collect();
        let nonblocking = random.chance(40);
        let reads_time_out = random.chance(40);
        let mut writer = Writer {
            random,
            topic,
            threads,
            left: size,
        };
        let mut code = writer.spawns();
        while writer.left > 0 {
            let thread = writer.random.below(threads);
            let ins = writer.instruction(0);
            // Mostly when the other threads are there.
            let spawn = |ins: &Ins| matches!(ins, Ins::Spawn(_) | Ins::Scope(..));
            let spawned = code[thread].iter().rposition(spawn).map_or(0, |at| at + 1);
            let first = if writer.random.chance(80) { spawned } else { 0 };
            let at = first + writer.random.below(code[thread].len() + 1 - first);
            code[thread].insert(at, ins);
        }
        for thread in 1..threads {
            if writer.random.chance(70) {
                code[0].push(Ins::Join(thread));
            }
        }
        // What a thread has seen in the end is in the log, too.
        for code in &mut code {
            if writer.random.chance(40) {
                code.push(Ins::PrintLast);
            }
        }
        Program {
            threads: code,
            channels,
            clients,
            nonblocking,
            reads_time_out,
        }
    }

    /// Whether `thread` has an instruction that `asked` means.
    pub fn uses(&self, thread: usize, asked: &dyn Fn(&Ins) -> bool) -> bool {
        any(&self.threads[thread], asked)
    }

    /// Whether any thread has.
    pub fn has(&self, asked: &dyn Fn(&Ins) -> bool) -> bool {
        (0..self.threads.len()).any(|thread| self.uses(thread, asked))
    }

    /// Whether `thread` sends over a channel.
    pub fn sends(&self, thread: usize, channel: usize) -> bool {
        self.uses(
            thread,
            &|ins| matches!(ins, Ins::Send(at) | Ins::TrySend(at) if *at == channel),
        )
    }

    /// Whether the owner of a channel's receiver uses it, and so gets it.
    pub fn receives(&self, channel: usize) -> bool {
        let asked = |ins: &Ins| {
            matches!(ins, Ins::Recv(at) | Ins::TryRecv(at)
            | Ins::RecvTimeout(at) | Ins::DropReceiver(at) if *at == channel)
        };
        self.uses(self.channels[channel].owner, &asked)
    }

    /// Whether `thread` sends over a channel whose receiver is shared.
    pub fn sends_shared(&self, thread: usize, channel: usize) -> bool {
        let asked = |ins: &Ins| matches!(ins, Ins::SendShared(at) if *at == channel);
        self.uses(thread, &asked)
    }

    /// Whether somebody receives from it.
    pub fn receives_shared(&self, channel: usize) -> bool {
        self.has(&|ins| matches!(ins, Ins::LockAndRecv(at) if *at == channel))
    }

    /// Whether it is a server.
    pub fn serves(&self) -> bool {
        let asked = |ins: &Ins| {
            matches!(
                ins,
                Ins::Accept
                    | Ins::CloneStream
                    | Ins::ReadFrom(..)
                    | Ins::WriteTo(_)
                    | Ins::Shut(..)
            )
        };
        self.has(&asked)
    }
}

/// The instructions inside of one.
pub fn body(ins: &Ins) -> Option<&[Ins]> {
    match ins {
        Ins::Lock(_, body)
        | Ins::TryLock(_, body)
        | Ins::Read(_, body)
        | Ins::TryRead(_, body)
        | Ins::Write(_, body)
        | Ins::TryWrite(_, body)
        | Ins::CallOnce(_, body)
        | Ins::CellInit(_, body)
        | Ins::Scope(_, body)
        | Ins::LockOutput(body)
        | Ins::If(body)
        | Ins::Catch(body) => Some(body),
        _ => None,
    }
}

/// The same, to be changed.
pub fn body_mut(ins: &mut Ins) -> Option<&mut Vec<Ins>> {
    match ins {
        Ins::Lock(_, body)
        | Ins::TryLock(_, body)
        | Ins::Read(_, body)
        | Ins::TryRead(_, body)
        | Ins::Write(_, body)
        | Ins::TryWrite(_, body)
        | Ins::CallOnce(_, body)
        | Ins::CellInit(_, body)
        | Ins::Scope(_, body)
        | Ins::LockOutput(body)
        | Ins::If(body)
        | Ins::Catch(body) => Some(body),
        _ => None,
    }
}

fn any(code: &[Ins], asked: &dyn Fn(&Ins) -> bool) -> bool {
    code.iter()
        .any(|ins| asked(ins) || body(ins).is_some_and(|body| any(body, asked)))
}

impl Writer<'_> {
    /// Each thread is spawned by an earlier one, most by `main`, and some of
    /// them in a scope.
    fn spawns(&mut self) -> Vec<Vec<Ins>> {
        let mut code: Vec<Vec<Ins>> = vec![Vec::new(); self.threads];
        let scoped = match self.topic {
            Topic::Threads => 50,
            Topic::Everything => 20,
            _ => 0,
        };
        for thread in 1..self.threads {
            let parent = if self.random.chance(80) {
                0
            } else {
                self.random.below(thread)
            };
            if !self.random.chance(scoped) {
                code[parent].push(Ins::Spawn(thread));
                continue;
            }
            match code[parent].last_mut() {
                Some(Ins::Scope(children, _)) => children.push(thread),
                _ => {
                    let body = self.body(0);
                    code[parent].push(Ins::Scope(vec![thread], body));
                }
            }
        }
        code
    }

    fn body(&mut self, depth: usize) -> Vec<Ins> {
        let mut body = Vec::new();
        while self.left > 0 && body.len() < 3 && self.random.chance(65) {
            let ins = self.instruction(depth + 1);
            body.push(ins);
        }
        body
    }

    fn instruction(&mut self, depth: usize) -> Ins {
        self.left = self.left.saturating_sub(1);
        let topic = match self.topic {
            Topic::Everything => {
                use Topic::*;
                [
                    Locks, ReadWrite, Channels, Condvars, Onces, Atomics, Threads, Network,
                ][self.random.below(8)]
            }
            topic => topic,
        };
        if self.random.chance(30) {
            return self.anywhere(depth);
        }
        // Mostly the same one, so that threads meet.
        let at = if self.random.chance(75) {
            0
        } else {
            self.random.below(OBJECTS)
        };
        match topic {
            Topic::Locks => self.lock(at, depth),
            Topic::ReadWrite => self.read_write(at, depth),
            Topic::Channels => self.channel(at),
            Topic::Condvars => self.condvar(at, depth),
            Topic::Onces => self.once(at, depth),
            Topic::Atomics => self.atomic(at),
            Topic::Threads => self.thread(at),
            Topic::Network => self.network(),
            Topic::Everything => Ins::PrintLast,
        }
    }

    fn anywhere(&mut self, depth: usize) -> Ins {
        let deep = depth < 2;
        match self.random.below(20) {
            0..2 => Ins::Print,
            2..6 => Ins::PrintLast,
            6..9 if deep => Ins::If(self.body(depth)),
            9..12 if deep => Ins::Catch(self.body(depth)),
            12..16 if depth > 0 => Ins::Panic,
            16 => Ins::Panic,
            17..19 if deep => Ins::LockOutput(self.body(depth)),
            19 if self.random.chance(30) => Ins::Exit,
            19 if self.random.chance(30) => Ins::Marker,
            _ => Ins::PrintLast,
        }
    }

    fn lock(&mut self, at: usize, depth: usize) -> Ins {
        let deep = depth < 2;
        match self.random.below(8) {
            0..3 if deep => Ins::Lock(at, self.body(depth)),
            3..5 if deep => Ins::TryLock(at, self.body(depth)),
            5 => Ins::IsPoisoned(at),
            6 => Ins::ClearPoison(at),
            _ => Ins::GiveUp(at),
        }
    }

    fn read_write(&mut self, at: usize, depth: usize) -> Ins {
        let deep = depth < 2;
        match self.random.below(8) {
            0..2 if deep => Ins::Read(at, self.body(depth)),
            2 if deep => Ins::TryRead(at, self.body(depth)),
            3..5 if deep => Ins::Write(at, self.body(depth)),
            5 if deep => Ins::TryWrite(at, self.body(depth)),
            6 => Ins::IsPoisonedRw(at),
            _ => Ins::ClearPoisonRw(at),
        }
    }

    fn channel(&mut self, at: usize) -> Ins {
        match self.random.below(14) {
            0..3 => Ins::Send(at),
            3 => Ins::TrySend(at),
            4..6 => Ins::Recv(at),
            6 => Ins::TryRecv(at),
            7 => Ins::RecvTimeout(at),
            8 => Ins::DropSender(at),
            9 => Ins::DropReceiver(at),
            10..12 => Ins::SendShared(at),
            _ => Ins::LockAndRecv(at),
        }
    }

    fn condvar(&mut self, at: usize, depth: usize) -> Ins {
        match self.random.below(9) {
            0..2 => Ins::Wait(at),
            2 => Ins::WaitTimeout(at),
            3 => Ins::WaitWhile(at),
            4..6 => Ins::NotifyOne(at),
            6 => Ins::NotifyAll(at),
            _ if depth < 2 => Ins::Lock(at, self.body(depth)),
            _ => Ins::NotifyAll(at),
        }
    }

    fn once(&mut self, at: usize, depth: usize) -> Ins {
        let deep = depth < 2;
        match self.random.below(7) {
            0..2 if deep => Ins::CallOnce(at, self.body(depth)),
            2 => Ins::LookAtOnce(at),
            3 => Ins::CellGet(at),
            4 => Ins::CellSet(at),
            5 if deep => Ins::CellInit(at, self.body(depth)),
            _ => Ins::CellGet(at),
        }
    }

    fn atomic(&mut self, at: usize) -> Ins {
        match self.random.below(6) {
            0 => Ins::Load(at),
            1 => Ins::LoadTwice(at),
            2 => Ins::Store(at),
            3 => Ins::Exchange(at),
            _ => Ins::Add(at),
        }
    }

    fn thread(&mut self, at: usize) -> Ins {
        let other = self.random.below(self.threads);
        match self.random.below(16) {
            0..2 => Ins::Arrive(at),
            2..4 => Ins::IsFinished(other),
            4 => Ins::Join(other),
            5..7 => Ins::Unpark(other),
            7..9 => Ins::UnparkMain,
            9 => Ins::Park,
            10..12 => Ins::ParkTimeout,
            12 => Ins::Load(at),
            _ => Ins::Add(at),
        }
    }

    fn network(&mut self) -> Ins {
        let stream = [Stream::Shared, Stream::Own][self.random.below(2)];
        match self.random.below(9) {
            0..2 => Ins::Accept,
            2 => Ins::CloneStream,
            3..5 => Ins::ReadFrom(stream, 1 + self.random.below(3)),
            5..8 => Ins::WriteTo(stream),
            _ => {
                let how = [How::Reading, How::Writing, How::Both][self.random.below(3)];
                Ins::Shut(stream, how)
            }
        }
    }
}
