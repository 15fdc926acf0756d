//! Small random programs, and how they run on the explorer's `std`.

use crate::random::Random;
use interleave as std;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, RwLock};
use std::thread::{self, JoinHandle, Thread};
use std::time::Duration;
use std::{explorer, process};

/// One instruction. Numbers name objects or threads.
#[derive(Clone, Debug)]
pub enum Ins {
    Lock(usize, Vec<Ins>),
    TryLock(usize, Vec<Ins>),
    IsPoisoned(usize),
    Read(usize, Vec<Ins>),
    TryRead(usize, Vec<Ins>),
    Write(usize, Vec<Ins>),
    TryWrite(usize, Vec<Ins>),
    Send(usize),
    TrySend(usize),
    Recv(usize),
    TryRecv(usize),
    RecvTimeout(usize),
    DropSender(usize),
    DropReceiver(usize),
    /// As the workers of a pool do.
    LockAndRecv(usize),
    Wait(usize, usize),
    WaitTimeout(usize, usize),
    NotifyOne(usize),
    NotifyAll(usize),
    Load(usize),
    Store(usize),
    Add(usize),
    Exchange(usize),
    CallOnce(usize, Vec<Ins>),
    LookAtOnce(usize),
    Arrive(usize),
    Spawn(usize),
    Join(usize),
    IsFinished(usize),
    Unpark(usize),
    UnparkMain,
    Park,
    ParkTimeout,
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

/// A program: the code of each thread, `main` first.
#[derive(Clone, Debug)]
pub struct Program {
    pub threads: Vec<Vec<Ins>>,
    /// Who owns each channel's receiver, and how much room it has.
    channels: Vec<(usize, Option<usize>)>,
}

const LOCKS: usize = 2;
const OTHERS: usize = 2;

/// What a kind of program is about.
#[derive(Clone, Copy, Debug)]
pub enum Topic {
    Locks,
    Channels,
    Condvars,
    Everything,
}

struct Writer<'a> {
    random: &'a mut Random,
    topic: Topic,
    threads: usize,
    channels: usize,
    left: usize,
}

impl Program {
    /// Makes up a program of about `size` instructions.
    pub fn random(random: &mut Random, size: usize, topic: Topic) -> Program {
        let threads = 2 + random.below(3);
        let channels = (0..2)
            .map(|_| {
                let room = [None, None, Some(0), Some(1), Some(2)][random.below(5)];
                (random.below(threads), room)
            })
            .collect::<Vec<_>>();
        let mut code: Vec<Vec<Ins>> = vec![Vec::new(); threads];
        let mut writer = Writer {
            random,
            topic,
            threads,
            channels: channels.len(),
            left: size,
        };
        // Each thread is spawned by an earlier one, most by `main`.
        for thread in 1..threads {
            let parent = if writer.random.chance(80) {
                0
            } else {
                writer.random.below(thread)
            };
            code[parent].push(Ins::Spawn(thread));
        }
        while writer.left > 0 {
            let thread = writer.random.below(threads);
            let ins = writer.instruction(thread, 0);
            let at = writer.random.below(code[thread].len() + 1);
            code[thread].insert(at, ins);
        }
        for thread in 1..threads {
            if writer.random.chance(70) {
                code[0].push(Ins::Join(thread));
            }
        }
        Program {
            threads: code,
            channels,
        }
    }

    fn uses(&self, thread: usize, asked: &dyn Fn(&Ins) -> bool) -> bool {
        any(&self.threads[thread], asked)
    }
}

/// Whether an instruction in `code` is one that `asked` means.
fn any(code: &[Ins], asked: &dyn Fn(&Ins) -> bool) -> bool {
    code.iter().any(|ins| {
        asked(ins)
            || match ins {
                Ins::Lock(_, body)
                | Ins::TryLock(_, body)
                | Ins::Read(_, body)
                | Ins::TryRead(_, body)
                | Ins::Write(_, body)
                | Ins::TryWrite(_, body)
                | Ins::CallOnce(_, body)
                | Ins::LockOutput(body)
                | Ins::If(body)
                | Ins::Catch(body) => any(body, asked),
                _ => false,
            }
    })
}

impl Writer<'_> {
    fn body(&mut self, thread: usize, depth: usize) -> Vec<Ins> {
        let mut body = Vec::new();
        while self.left > 0 && body.len() < 2 && self.random.chance(60) {
            let ins = self.instruction(thread, depth + 1);
            body.push(ins);
        }
        body
    }

    fn instruction(&mut self, thread: usize, depth: usize) -> Ins {
        self.left = self.left.saturating_sub(1);
        let deep = depth < 2;
        let lock = self.random.below(LOCKS);
        let other = self.random.below(OTHERS);
        let channel = self.random.below(self.channels);
        let pick = match self.topic {
            Topic::Locks => [0, 0, 0, 1, 2, 3, 4, 5, 6, 30, 31, 33, 36][self.random.below(13)],
            Topic::Channels => {
                [7, 7, 7, 8, 9, 9, 10, 11, 12, 13, 14, 14, 30, 31, 33, 36][self.random.below(16)]
            }
            Topic::Condvars => {
                [0, 15, 15, 16, 17, 17, 18, 19, 20, 30, 31, 33][self.random.below(12)]
            }
            Topic::Everything => self.random.below(40),
        };
        match pick {
            0 if deep => Ins::Lock(lock, self.body(thread, depth)),
            1 if deep => Ins::TryLock(lock, self.body(thread, depth)),
            2 => Ins::IsPoisoned(lock),
            3 if deep => Ins::Read(other, self.body(thread, depth)),
            4 if deep => Ins::TryRead(other, self.body(thread, depth)),
            5 if deep => Ins::Write(other, self.body(thread, depth)),
            6 if deep => Ins::TryWrite(other, self.body(thread, depth)),
            7 => Ins::Send(channel),
            8 => Ins::TrySend(channel),
            9 => Ins::Recv(channel),
            10 => Ins::TryRecv(channel),
            11 => Ins::RecvTimeout(channel),
            12 => Ins::DropSender(channel),
            13 => Ins::DropReceiver(channel),
            14 => Ins::LockAndRecv(channel),
            15 => Ins::Wait(other, lock),
            16 => Ins::WaitTimeout(other, lock),
            17 => Ins::NotifyOne(other),
            18 => Ins::NotifyAll(other),
            19 => Ins::Load(other),
            20 => Ins::Store(other),
            21 => Ins::Add(other),
            22 => Ins::Exchange(other),
            23 if deep => Ins::CallOnce(other, self.body(thread, depth)),
            24 => Ins::LookAtOnce(other),
            25 => Ins::Arrive(other),
            26 => Ins::IsFinished(self.random.below(self.threads)),
            27 => Ins::Unpark(self.random.below(self.threads)),
            28 => Ins::UnparkMain,
            29 if self.random.chance(50) => Ins::Park,
            29 => Ins::ParkTimeout,
            30 => Ins::Print,
            31 => Ins::PrintLast,
            32 if deep => Ins::LockOutput(self.body(thread, depth)),
            33 | 34 if deep => Ins::If(self.body(thread, depth)),
            35 if deep => Ins::Catch(self.body(thread, depth)),
            36 if self.random.chance(30) => Ins::Panic,
            37 if self.random.chance(30) => Ins::Marker,
            38 if self.random.chance(30) => Ins::Exit,
            39 => Ins::Join(self.random.below(self.threads)),
            _ => Ins::PrintLast,
        }
    }
}

enum AnySender {
    Free(Sender<u64>),
    Bounded(SyncSender<u64>),
}

impl AnySender {
    fn duplicate(&self) -> AnySender {
        match self {
            AnySender::Free(sender) => AnySender::Free(sender.clone()),
            AnySender::Bounded(sender) => AnySender::Bounded(sender.clone()),
        }
    }
}

/// What belongs to one thread.
struct Own {
    me: usize,
    senders: Vec<Option<AnySender>>,
    receivers: Vec<Option<Receiver<u64>>>,
    handles: Vec<Option<JoinHandle<()>>>,
    last: u64,
}

/// What all threads share.
pub struct World {
    program: Arc<Program>,
    locks: Vec<Mutex<u64>>,
    rw_locks: Vec<RwLock<u64>>,
    condvars: Vec<Condvar>,
    atomics: Vec<AtomicU64>,
    onces: Vec<Once>,
    barriers: Vec<Barrier>,
    /// Receivers that are shared under a lock, with a sender to each.
    shared: Vec<Mutex<Option<Receiver<u64>>>>,
    own: ::std::sync::Mutex<Vec<Option<Own>>>,
    main: Thread,
}

/// Runs `program` as `main`. The world is given back so that nobody drops it
/// during the execution: who is last to do so is not for the explorer to see.
pub fn run(program: &Arc<Program>, keep: &::std::sync::Mutex<Option<Arc<World>>>) {
    let count = program.threads.len();
    let mut owns: Vec<Own> = (0..count)
        .map(|me| Own {
            me,
            senders: Vec::new(),
            receivers: Vec::new(),
            handles: (0..count).map(|_| None).collect(),
            last: 0,
        })
        .collect();
    for (at, &(owner, room)) in program.channels.iter().enumerate() {
        let sends = |ins: &Ins| matches!(ins, Ins::Send(used) | Ins::TrySend(used) if *used == at);
        let receives = |ins: &Ins| {
            matches!(ins, Ins::Recv(used) | Ins::TryRecv(used) | Ins::RecvTimeout(used)
                | Ins::DropReceiver(used) if *used == at)
        };
        let used =
            (0..count).any(|thread| program.uses(thread, &sends)) || program.uses(owner, &receives);
        let (sender, receiver) = match room {
            _ if !used => (None, None),
            None => {
                let (sender, receiver) = mpsc::channel();
                (Some(AnySender::Free(sender)), Some(receiver))
            }
            Some(room) => {
                let (sender, receiver) = mpsc::sync_channel(room);
                (Some(AnySender::Bounded(sender)), Some(receiver))
            }
        };
        for own in &mut owns {
            let sender = sender.as_ref().filter(|_| program.uses(own.me, &sends));
            own.senders.push(sender.map(AnySender::duplicate));
            own.receivers.push(None);
        }
        if program.uses(owner, &receives) {
            owns[owner].receivers[at] = receiver;
        }
    }
    let mut shared = Vec::new();
    for at in 0..program.channels.len() {
        let sends = |ins: &Ins| matches!(ins, Ins::Send(used) if *used == at);
        let receives = |ins: &Ins| matches!(ins, Ins::LockAndRecv(used) if *used == at);
        let used = (0..count).any(|thread| program.uses(thread, &receives));
        let (sender, receiver) = used.then(mpsc::channel).unzip();
        for own in &mut owns {
            let sender: Option<&Sender<u64>> = sender.as_ref();
            let sender = sender.filter(|_| program.uses(own.me, &sends)).cloned();
            own.senders.push(sender.map(AnySender::Free));
        }
        shared.push(Mutex::new(receiver));
    }
    let mut owns: Vec<Option<Own>> = owns.into_iter().map(Some).collect();
    let mut main = owns[0].take().unwrap();
    let world = Arc::new(World {
        program: Arc::clone(program),
        locks: (0..LOCKS).map(|_| Mutex::new(0)).collect(),
        rw_locks: (0..OTHERS).map(|_| RwLock::new(0)).collect(),
        condvars: (0..OTHERS).map(|_| Condvar::new()).collect(),
        atomics: (0..OTHERS).map(|_| AtomicU64::new(0)).collect(),
        onces: (0..OTHERS).map(|_| Once::new()).collect(),
        barriers: (0..OTHERS).map(|at| Barrier::new(at + 1)).collect(),
        shared,
        own: ::std::sync::Mutex::new(owns),
        main: thread::current(),
    });
    let before = keep.lock().unwrap().replace(Arc::clone(&world));
    drop(before);
    world.run(&mut main, &program.threads[0]);
}

impl World {
    fn run(self: &Arc<World>, own: &mut Own, code: &[Ins]) {
        for ins in code {
            self.step(own, ins);
        }
    }

    fn step(self: &Arc<World>, own: &mut Own, ins: &Ins) {
        match ins {
            Ins::Lock(at, body) => {
                let guard = self.locks[*at].lock();
                own.last = u64::from(guard.is_err());
                let mut guard = guard.unwrap_or_else(|error| error.into_inner());
                *guard += 1;
                own.last += *guard * 2;
                self.run(own, body);
            }
            Ins::TryLock(at, body) => match self.locks[*at].try_lock() {
                Ok(mut guard) => {
                    *guard += 1;
                    own.last = 1;
                    self.run(own, body);
                }
                Err(_) => own.last = 0,
            },
            Ins::IsPoisoned(at) => own.last = self.locks[*at].is_poisoned().into(),
            Ins::Read(at, body) => {
                let guard = self.rw_locks[*at].read();
                own.last = guard.as_ref().map_or(7, |guard| **guard);
                self.run(own, body);
            }
            Ins::TryRead(at, body) => match self.rw_locks[*at].try_read() {
                Ok(guard) => {
                    own.last = 1 + *guard;
                    self.run(own, body);
                }
                Err(_) => own.last = 0,
            },
            Ins::Write(at, body) => {
                let mut guard = match self.rw_locks[*at].write() {
                    Ok(guard) => guard,
                    Err(error) => error.into_inner(),
                };
                *guard += 1;
                self.run(own, body);
            }
            Ins::TryWrite(at, body) => match self.rw_locks[*at].try_write() {
                Ok(mut guard) => {
                    *guard += 1;
                    own.last = 1;
                    self.run(own, body);
                }
                Err(_) => own.last = 0,
            },
            Ins::Send(_)
            | Ins::TrySend(_)
            | Ins::Recv(_)
            | Ins::TryRecv(_)
            | Ins::RecvTimeout(_)
            | Ins::DropSender(_)
            | Ins::DropReceiver(_)
            | Ins::LockAndRecv(_) => self.channel_step(own, ins),
            Ins::Wait(at, lock) => {
                if let Ok(guard) = self.locks[*lock].lock() {
                    let guard = self.condvars[*at].wait(guard);
                    own.last = guard.map_or(0, |guard| *guard);
                }
            }
            Ins::WaitTimeout(at, lock) => {
                if let Ok(guard) = self.locks[*lock].lock() {
                    let time = Duration::from_millis(5);
                    let woken = self.condvars[*at].wait_timeout(guard, time);
                    own.last = woken.map_or(9, |(_, result)| result.timed_out().into());
                }
            }
            Ins::NotifyOne(at) => self.condvars[*at].notify_one(),
            Ins::NotifyAll(at) => self.condvars[*at].notify_all(),
            Ins::Load(at) => own.last = self.atomics[*at].load(Ordering::SeqCst),
            Ins::Store(at) => self.atomics[*at].store(own.last + 1, Ordering::SeqCst),
            Ins::Add(at) => own.last = self.atomics[*at].fetch_add(1, Ordering::SeqCst),
            Ins::Exchange(at) => {
                let done =
                    self.atomics[*at].compare_exchange(0, 5, Ordering::SeqCst, Ordering::SeqCst);
                own.last = done.is_ok().into();
            }
            Ins::CallOnce(at, body) => {
                own.last = 0;
                self.onces[*at].call_once_force(|_| {
                    own.last = 1;
                    self.run(own, body);
                });
            }
            Ins::LookAtOnce(at) => own.last = self.onces[*at].is_completed().into(),
            Ins::Arrive(at) => own.last = self.barriers[*at].wait().is_leader().into(),
            Ins::Print => std::println!("thread {} prints", own.me),
            Ins::PrintLast => std::println!("thread {} has {}", own.me, own.last),
            Ins::LockOutput(body) => {
                let lock = std::io::stdout().lock();
                self.run(own, body);
                drop(lock);
            }
            Ins::If(body) => {
                if own.last % 2 == 1 {
                    self.run(own, body);
                }
            }
            Ins::Catch(body) => {
                let caught = std::panic::catch_unwind(std::panic::AssertUnwindSafe(|| {
                    self.run(own, body);
                }));
                own.last = caught.is_err().into();
            }
            Ins::Panic => panic!("thread {} panics", own.me),
            Ins::Marker => explorer::marker("marker"),
            Ins::Exit => process::exit(3),
            _ => self.thread_step(own, ins),
        }
    }

    fn channel_step(&self, own: &mut Own, ins: &Ins) {
        let time = Duration::from_millis(5);
        match ins {
            Ins::Send(at) => {
                let at = at + (own.last as usize % 2) * self.shared.len();
                own.last = match &own.senders[at] {
                    Some(AnySender::Free(sender)) => sender.send(own.last).is_ok().into(),
                    Some(AnySender::Bounded(sender)) => sender.send(own.last).is_ok().into(),
                    None => 2,
                };
            }
            Ins::TrySend(at) => {
                if let Some(AnySender::Bounded(sender)) = &own.senders[*at] {
                    if self.program.channels[*at].1 != Some(0) {
                        own.last = match sender.try_send(own.last) {
                            Ok(()) => 0,
                            Err(mpsc::TrySendError::Full(_)) => 1,
                            Err(mpsc::TrySendError::Disconnected(_)) => 3,
                        };
                    }
                }
            }
            Ins::Recv(at) => {
                if let Some(receiver) = &own.receivers[*at] {
                    own.last = receiver.recv().map_or(1, |value| value + 2);
                }
            }
            Ins::TryRecv(at) => {
                if let Some(receiver) = &own.receivers[*at] {
                    own.last = match receiver.try_recv() {
                        Ok(value) => value + 4,
                        Err(mpsc::TryRecvError::Empty) => 1,
                        Err(mpsc::TryRecvError::Disconnected) => 2,
                    };
                }
            }
            Ins::RecvTimeout(at) => {
                if let Some(receiver) = &own.receivers[*at] {
                    own.last = match receiver.recv_timeout(time) {
                        Ok(value) => value + 4,
                        Err(mpsc::RecvTimeoutError::Timeout) => 1,
                        Err(mpsc::RecvTimeoutError::Disconnected) => 2,
                    };
                }
            }
            Ins::DropSender(at) => own.senders[*at] = None,
            Ins::DropReceiver(at) => own.receivers[*at] = None,
            Ins::LockAndRecv(at) => {
                let receiver = self.shared[*at].lock();
                own.last = match receiver.as_ref().map(|receiver| receiver.as_ref()) {
                    Ok(Some(receiver)) => receiver.recv().map_or(1, |value| value + 2),
                    _ => 3,
                };
            }
            _ => {}
        }
    }

    fn thread_step(self: &Arc<World>, own: &mut Own, ins: &Ins) {
        match ins {
            Ins::Spawn(child) => {
                let Some(mut theirs) = self.own.lock().unwrap()[*child].take() else {
                    return;
                };
                let world = Arc::clone(self);
                let child = *child;
                own.handles[child] = Some(thread::spawn(move || {
                    let program = Arc::clone(&world.program);
                    world.run(&mut theirs, &program.threads[child]);
                }));
            }
            Ins::Join(child) => {
                if let Some(handle) = own.handles[*child].take() {
                    own.last = handle.join().is_err().into();
                }
            }
            Ins::IsFinished(child) => {
                if let Some(handle) = &own.handles[*child] {
                    own.last = handle.is_finished().into();
                }
            }
            Ins::Unpark(child) => {
                if let Some(handle) = &own.handles[*child] {
                    handle.thread().unpark();
                }
            }
            Ins::UnparkMain => self.main.unpark(),
            Ins::Park => thread::park(),
            Ins::ParkTimeout => thread::park_timeout(Duration::from_millis(5)),
            _ => {}
        }
    }
}
