//! Runs a program. This file is compiled twice: with the explorer's `std`, and
//! with the real one. What the two do differently is in their `hooks`.

use super::{hooks, std};
use crate::program::{BARRIER, How, Ins, OBJECTS, Program, SHARED, Stream};
use crate::seen::Recorder;
use std::io::{Read, Write};
use std::net::{Shutdown, TcpListener, TcpStream};
use std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::mpsc::{self, Receiver, Sender, SyncSender};
use std::sync::{Arc, Barrier, Condvar, Mutex, Once, OnceLock, PoisonError, RwLock, TryLockError};
use std::thread::{self, JoinHandle, Thread};
use std::time::Duration;

/// How long something waits that doesn't wait for ever.
const TIME: Duration = Duration::from_millis(5);

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

    fn send(&self, value: u64) -> bool {
        match self {
            AnySender::Free(sender) => sender.send(value).is_ok(),
            AnySender::Bounded(sender) => sender.send(value).is_ok(),
        }
    }
}

/// What belongs to one thread, in the order in which it is dropped.
struct Own {
    me: usize,
    senders: Vec<Option<AnySender>>,
    shared_senders: Vec<Option<Sender<u64>>>,
    receivers: Vec<Option<Receiver<u64>>>,
    stream: Option<TcpStream>,
    handles: Vec<Option<JoinHandle<()>>>,
    last: u64,
    recorder: Arc<Recorder>,
}

impl Own {
    /// What it sends: who it is, and something of what it knows.
    fn message(&self) -> u64 {
        self.last % 8 * 8 + self.me as u64
    }

    /// The result of an instruction.
    fn note(&mut self, value: u64) {
        self.last = value;
        self.recorder.note(self.me, value);
    }
}

/// What all threads share.
pub struct World {
    program: Arc<Program>,
    recorder: Arc<Recorder>,
    locks: Vec<Mutex<u64>>,
    rw_locks: Vec<RwLock<u64>>,
    condvars: Vec<Condvar>,
    atomics: Vec<AtomicU64>,
    onces: Vec<Once>,
    cells: Vec<OnceLock<u64>>,
    barriers: Vec<Barrier>,
    /// Receivers that are shared under a lock.
    shared: Vec<Mutex<Option<Receiver<u64>>>>,
    server: Option<(TcpListener, TcpStream)>,
    own: ::std::sync::Mutex<Vec<Option<Own>>>,
    main: Thread,
}

/// Runs `program` as `main`. The world is kept so that nobody drops it during
/// the execution: who is last to do so is not for the explorer to see.
pub fn run(
    program: &Arc<Program>,
    recorder: &Arc<Recorder>,
    keep: &::std::sync::Mutex<Option<Arc<World>>>,
) {
    let count = program.threads.len();
    let mut owns: Vec<Own> = (0..count)
        .map(|me| Own {
            me,
            senders: Vec::new(),
            shared_senders: Vec::new(),
            receivers: Vec::new(),
            stream: None,
            handles: (0..count).map(|_| None).collect(),
            last: 0,
            recorder: Arc::clone(recorder),
        })
        .collect();
    for at in 0..program.channels.len() {
        hand_out_channel(program, at, &mut owns);
    }
    let shared = (0..SHARED).map(|at| hand_out_shared_channel(program, at, &mut owns));
    let shared = shared.collect();
    let server = program.serves().then(|| {
        let listener = hooks::listen(recorder);
        let (stream, _) = listener.accept().unwrap();
        listener.set_nonblocking(program.nonblocking).unwrap();
        stream
            .set_read_timeout(program.reads_time_out.then_some(TIME))
            .unwrap();
        (listener, stream)
    });
    let mut owns: Vec<Option<Own>> = owns.into_iter().map(Some).collect();
    let mut main = owns[0].take().unwrap();
    let world = Arc::new(World {
        program: Arc::clone(program),
        recorder: Arc::clone(recorder),
        locks: (0..OBJECTS).map(|_| Mutex::new(0)).collect(),
        rw_locks: (0..OBJECTS).map(|_| RwLock::new(0)).collect(),
        condvars: (0..OBJECTS).map(|_| Condvar::new()).collect(),
        atomics: (0..OBJECTS).map(|_| AtomicU64::new(0)).collect(),
        onces: (0..OBJECTS).map(|_| Once::new()).collect(),
        cells: (0..OBJECTS).map(|_| OnceLock::new()).collect(),
        barriers: (0..OBJECTS).map(|_| Barrier::new(BARRIER)).collect(),
        shared,
        server,
        own: ::std::sync::Mutex::new(owns),
        main: thread::current(),
    });
    let before = keep.lock().unwrap().replace(Arc::clone(&world));
    drop(before);
    world.run(&mut main, &program.threads[0]);
}

/// Gives each thread that sends over a channel a sender of its own.
fn hand_out_channel(program: &Program, at: usize, owns: &mut [Own]) {
    let channel = program.channels[at];
    let used = program.receives(at) || owns.iter().any(|own| program.sends(own.me, at));
    let (sender, receiver) = match channel.room {
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
    for own in &mut *owns {
        let sender = sender.as_ref().filter(|_| program.sends(own.me, at));
        own.senders.push(sender.map(AnySender::duplicate));
        own.receivers.push(None);
    }
    if program.receives(at) {
        owns[channel.owner].receivers[at] = receiver;
    }
}

fn hand_out_shared_channel(
    program: &Program,
    at: usize,
    owns: &mut [Own],
) -> Mutex<Option<Receiver<u64>>> {
    let (sender, receiver) = program.receives_shared(at).then(mpsc::channel).unzip();
    for own in owns {
        let sender: Option<&Sender<u64>> = sender.as_ref();
        let sender = sender.filter(|_| program.sends_shared(own.me, at));
        own.shared_senders.push(sender.cloned());
    }
    Mutex::new(receiver)
}

/// The getter that is called twice.
fn get(atomic: &AtomicU64) -> u64 {
    atomic.load(Ordering::SeqCst)
}

impl World {
    fn run_thread(self: &Arc<World>, mut own: Own) {
        let code = &self.program.threads[own.me];
        self.run(&mut own, code);
    }

    fn run(self: &Arc<World>, own: &mut Own, code: &[Ins]) {
        for ins in code {
            hooks::pause(&self.recorder);
            self.step(own, ins);
        }
    }

    fn step(self: &Arc<World>, own: &mut Own, ins: &Ins) {
        match ins {
            Ins::Lock(..)
            | Ins::TryLock(..)
            | Ins::GiveUp(_)
            | Ins::IsPoisoned(_)
            | Ins::ClearPoison(_) => self.lock_step(own, ins),
            Ins::Read(..)
            | Ins::TryRead(..)
            | Ins::Write(..)
            | Ins::TryWrite(..)
            | Ins::IsPoisonedRw(_)
            | Ins::ClearPoisonRw(_) => self.read_write_step(own, ins),
            Ins::Send(_)
            | Ins::TrySend(_)
            | Ins::Recv(_)
            | Ins::TryRecv(_)
            | Ins::RecvTimeout(_)
            | Ins::DropSender(_)
            | Ins::DropReceiver(_)
            | Ins::SendShared(_)
            | Ins::LockAndRecv(_) => self.channel_step(own, ins),
            Ins::Wait(_)
            | Ins::WaitTimeout(_)
            | Ins::WaitWhile(_)
            | Ins::NotifyOne(_)
            | Ins::NotifyAll(_) => self.condvar_step(own, ins),
            Ins::Load(_) | Ins::LoadTwice(_) | Ins::Store(_) | Ins::Add(_) | Ins::Exchange(_) => {
                self.atomic_step(own, ins)
            }
            Ins::CallOnce(..)
            | Ins::LookAtOnce(_)
            | Ins::CellGet(_)
            | Ins::CellSet(_)
            | Ins::CellInit(..) => self.once_step(own, ins),
            Ins::Arrive(_)
            | Ins::Spawn(_)
            | Ins::Join(_)
            | Ins::IsFinished(_)
            | Ins::Scope(..)
            | Ins::Unpark(_)
            | Ins::UnparkMain
            | Ins::Park
            | Ins::ParkTimeout => self.thread_step(own, ins),
            Ins::Accept
            | Ins::CloneStream
            | Ins::ReadFrom(..)
            | Ins::WriteTo(_)
            | Ins::Shut(..) => self.network_step(own, ins),
            Ins::Print
            | Ins::PrintLast
            | Ins::LockOutput(_)
            | Ins::If(_)
            | Ins::Catch(_)
            | Ins::Panic
            | Ins::Marker
            | Ins::Exit => self.other_step(own, ins),
        }
    }

    fn lock_step(self: &Arc<World>, own: &mut Own, ins: &Ins) {
        match ins {
            Ins::Lock(at, body) => {
                let taken = self.locks[*at].lock();
                let poisoned = taken.is_err();
                let mut guard = taken.unwrap_or_else(PoisonError::into_inner);
                *guard += 1;
                own.note(*guard * 2 + u64::from(poisoned));
                self.run(own, body);
            }
            Ins::TryLock(at, body) => {
                let (mut guard, poisoned) = match self.locks[*at].try_lock() {
                    Ok(guard) => (guard, false),
                    Err(TryLockError::Poisoned(error)) => (error.into_inner(), true),
                    Err(TryLockError::WouldBlock) => return own.note(0),
                };
                *guard += 1;
                own.note(*guard * 2 + u64::from(poisoned));
                self.run(own, body);
            }
            Ins::GiveUp(at) => {
                for tries in 1..=3 {
                    match self.locks[*at].try_lock() {
                        Err(TryLockError::WouldBlock) => {}
                        _taken => return own.note(tries),
                    }
                }
                own.note(0);
            }
            Ins::IsPoisoned(at) => own.note(self.locks[*at].is_poisoned().into()),
            Ins::ClearPoison(at) => self.locks[*at].clear_poison(),
            other => unreachable!("{other:?}"),
        }
    }

    fn read_write_step(self: &Arc<World>, own: &mut Own, ins: &Ins) {
        match ins {
            Ins::Read(at, body) => {
                let taken = self.rw_locks[*at].read();
                let poisoned = taken.is_err();
                let guard = taken.unwrap_or_else(PoisonError::into_inner);
                own.note(*guard * 2 + u64::from(poisoned));
                self.run(own, body);
            }
            Ins::TryRead(at, body) => {
                let (guard, poisoned) = match self.rw_locks[*at].try_read() {
                    Ok(guard) => (guard, false),
                    Err(TryLockError::Poisoned(error)) => (error.into_inner(), true),
                    Err(TryLockError::WouldBlock) => return own.note(100),
                };
                own.note(*guard * 2 + u64::from(poisoned));
                self.run(own, body);
            }
            Ins::Write(at, body) => {
                let taken = self.rw_locks[*at].write();
                let poisoned = taken.is_err();
                let mut guard = taken.unwrap_or_else(PoisonError::into_inner);
                *guard += 1;
                own.note(*guard * 2 + u64::from(poisoned));
                self.run(own, body);
            }
            Ins::TryWrite(at, body) => {
                let (mut guard, poisoned) = match self.rw_locks[*at].try_write() {
                    Ok(guard) => (guard, false),
                    Err(TryLockError::Poisoned(error)) => (error.into_inner(), true),
                    Err(TryLockError::WouldBlock) => return own.note(100),
                };
                *guard += 1;
                own.note(*guard * 2 + u64::from(poisoned));
                self.run(own, body);
            }
            Ins::IsPoisonedRw(at) => own.note(self.rw_locks[*at].is_poisoned().into()),
            Ins::ClearPoisonRw(at) => self.rw_locks[*at].clear_poison(),
            other => unreachable!("{other:?}"),
        }
    }

    fn channel_step(&self, own: &mut Own, ins: &Ins) {
        match ins {
            Ins::Send(at) => {
                let sent = match &own.senders[*at] {
                    Some(sender) => u64::from(sender.send(own.message())),
                    None => 2,
                };
                own.note(sent);
            }
            Ins::TrySend(at) => {
                // Whether somebody waits in `recv` is not for `try_send` to see.
                let with_room = self.program.channels[*at].room != Some(0);
                if let Some(AnySender::Bounded(sender)) =
                    own.senders[*at].as_ref().filter(|_| with_room)
                {
                    let sent = match sender.try_send(own.message()) {
                        Ok(()) => 0,
                        Err(mpsc::TrySendError::Full(_)) => 1,
                        Err(mpsc::TrySendError::Disconnected(_)) => 3,
                    };
                    own.note(sent);
                }
            }
            Ins::Recv(at) => {
                if let Some(receiver) = &own.receivers[*at] {
                    let got = receiver.recv().map_or(1, |value| value + 2);
                    own.note(got);
                }
            }
            Ins::TryRecv(at) => {
                if let Some(receiver) = &own.receivers[*at] {
                    let got = match receiver.try_recv() {
                        Ok(value) => value + 4,
                        Err(mpsc::TryRecvError::Empty) => 1,
                        Err(mpsc::TryRecvError::Disconnected) => 2,
                    };
                    own.note(got);
                }
            }
            Ins::RecvTimeout(at) => {
                if let Some(receiver) = &own.receivers[*at] {
                    let got = match receiver.recv_timeout(TIME) {
                        Ok(value) => value + 4,
                        Err(mpsc::RecvTimeoutError::Timeout) => 1,
                        Err(mpsc::RecvTimeoutError::Disconnected) => 2,
                    };
                    own.note(got);
                }
            }
            Ins::DropSender(at) => own.senders[*at] = None,
            Ins::DropReceiver(at) => own.receivers[*at] = None,
            Ins::SendShared(at) => {
                let sent = match &own.shared_senders[*at] {
                    Some(sender) => u64::from(sender.send(own.message()).is_ok()),
                    None => 2,
                };
                own.note(sent);
            }
            Ins::LockAndRecv(at) => {
                let receiver = self.shared[*at].lock().unwrap();
                let got = receiver
                    .as_ref()
                    .map_or(3, |receiver| receiver.recv().map_or(1, |value| value + 2));
                own.note(got);
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn condvar_step(&self, own: &mut Own, ins: &Ins) {
        let lock = |at: usize| {
            let taken = self.locks[at].lock();
            taken.unwrap_or_else(PoisonError::into_inner)
        };
        match ins {
            Ins::Wait(at) => {
                let woken = self.condvars[*at].wait(lock(*at));
                let poisoned = woken.is_err();
                let guard = woken.unwrap_or_else(PoisonError::into_inner);
                own.note(*guard * 2 + u64::from(poisoned));
            }
            Ins::WaitTimeout(at) => {
                let woken = self.condvars[*at].wait_timeout(lock(*at), TIME);
                let poisoned = woken.is_err();
                let (_guard, result) = woken.unwrap_or_else(PoisonError::into_inner);
                own.note(u64::from(result.timed_out()) * 2 + u64::from(poisoned));
            }
            Ins::WaitWhile(at) => {
                let woken = self.condvars[*at].wait_while(lock(*at), |value| *value < 2);
                let poisoned = woken.is_err();
                let guard = woken.unwrap_or_else(PoisonError::into_inner);
                own.note(*guard * 2 + u64::from(poisoned));
            }
            Ins::NotifyOne(at) => self.condvars[*at].notify_one(),
            Ins::NotifyAll(at) => self.condvars[*at].notify_all(),
            other => unreachable!("{other:?}"),
        }
    }

    fn atomic_step(&self, own: &mut Own, ins: &Ins) {
        match ins {
            Ins::Load(at) => own.note(self.atomics[*at].load(Ordering::SeqCst)),
            Ins::LoadTwice(at) => {
                let atomic = &self.atomics[*at];
                #[rustfmt::skip]
                let (one, other) = (get(atomic), get(atomic));
                own.note(one * 100 + other);
            }
            Ins::Store(at) => self.atomics[*at].store(own.last % 5 + 1, Ordering::SeqCst),
            Ins::Add(at) => own.note(self.atomics[*at].fetch_add(1, Ordering::SeqCst)),
            Ins::Exchange(at) => {
                let order = Ordering::SeqCst;
                let done = self.atomics[*at].compare_exchange(0, 5, order, order);
                own.note(done.is_ok().into());
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn once_step(self: &Arc<World>, own: &mut Own, ins: &Ins) {
        match ins {
            Ins::CallOnce(at, body) => {
                let mut ran = false;
                self.onces[*at].call_once_force(|state| {
                    ran = true;
                    own.note(2 + u64::from(state.is_poisoned()));
                    self.run(own, body);
                });
                if !ran {
                    own.note(0);
                }
            }
            Ins::LookAtOnce(at) => own.note(self.onces[*at].is_completed().into()),
            Ins::CellGet(at) => {
                let value = self.cells[*at].get().map_or(0, |value| value + 1);
                own.note(value);
            }
            Ins::CellSet(at) => {
                let done = self.cells[*at].set(own.last % 5).is_ok();
                own.note(done.into());
            }
            Ins::CellInit(at, body) => {
                let value = *self.cells[*at].get_or_init(|| {
                    self.run(own, body);
                    own.last % 5 + 5
                });
                own.note(value);
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn thread_step(self: &Arc<World>, own: &mut Own, ins: &Ins) {
        match ins {
            Ins::Arrive(at) => own.note(self.barriers[*at].wait().is_leader().into()),
            Ins::Spawn(child) => {
                let Some(theirs) = self.take(*child) else {
                    return;
                };
                let world = Arc::clone(self);
                own.handles[*child] = Some(thread::spawn(move || world.run_thread(theirs)));
            }
            Ins::Scope(children, body) => thread::scope(|scope| {
                for child in children {
                    if let Some(theirs) = self.take(*child) {
                        scope.spawn(move || self.run_thread(theirs));
                    }
                }
                self.run(own, body);
            }),
            Ins::Join(child) => {
                if let Some(handle) = own.handles[*child].take() {
                    own.note(handle.join().is_err().into());
                }
            }
            Ins::IsFinished(child) => {
                if let Some(handle) = &own.handles[*child] {
                    let finished = handle.is_finished();
                    own.note(finished.into());
                }
            }
            Ins::Unpark(child) => {
                if let Some(handle) = &own.handles[*child] {
                    handle.thread().unpark();
                }
            }
            Ins::UnparkMain => self.main.unpark(),
            Ins::Park => thread::park(),
            Ins::ParkTimeout => thread::park_timeout(TIME),
            other => unreachable!("{other:?}"),
        }
    }

    /// What a thread that is about to be spawned owns.
    fn take(&self, child: usize) -> Option<Own> {
        self.own.lock().unwrap()[child].take()
    }

    fn network_step(&self, own: &mut Own, ins: &Ins) {
        let (listener, shared) = self.server.as_ref().unwrap();
        let time = self.program.reads_time_out.then_some(TIME);
        match ins {
            Ins::Accept => {
                own.stream = None;
                match listener.accept() {
                    Ok((stream, _)) => {
                        stream.set_read_timeout(time).unwrap();
                        own.note(1);
                        own.stream = Some(stream);
                    }
                    Err(_) => own.note(0),
                }
            }
            Ins::CloneStream => {
                own.stream = None;
                own.stream = Some(shared.try_clone().unwrap());
            }
            Ins::ReadFrom(which, count) => {
                let mut buffer = [0; 4];
                let mut stream = match which {
                    Stream::Shared => shared,
                    Stream::Own => match &own.stream {
                        Some(stream) => stream,
                        None => return,
                    },
                };
                let seen = match stream.read(&mut buffer[..*count]) {
                    Ok(count) => count as u64 * 16 + u64::from(buffer[0]),
                    Err(_) => 255,
                };
                own.note(seen);
            }
            Ins::WriteTo(which) => {
                let mut stream = match which {
                    Stream::Shared => shared,
                    Stream::Own => match &own.stream {
                        Some(stream) => stream,
                        None => return,
                    },
                };
                let written = stream.write_all(b"x").is_ok();
                own.note(written.into());
            }
            Ins::Shut(which, how) => {
                let stream = match which {
                    Stream::Shared => shared,
                    Stream::Own => match &own.stream {
                        Some(stream) => stream,
                        None => return,
                    },
                };
                let how = match how {
                    How::Reading => Shutdown::Read,
                    How::Writing => Shutdown::Write,
                    How::Both => Shutdown::Both,
                };
                // Nothing is left to shut where the other side is gone.
                let _ = stream.shutdown(how);
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn other_step(self: &Arc<World>, own: &mut Own, ins: &Ins) {
        match ins {
            Ins::Print => hooks::print(&self.recorder, &format!("{} prints\n", own.me)),
            Ins::PrintLast => {
                let text = format!("{} has {}\n", own.me, own.last);
                hooks::print(&self.recorder, &text);
            }
            Ins::LockOutput(body) => {
                let _lock = hooks::lock_output(&self.recorder);
                self.run(own, body);
            }
            Ins::If(body) => {
                if own.last % 2 == 1 {
                    self.run(own, body);
                }
            }
            Ins::Catch(body) => {
                let caught = catch_unwind(AssertUnwindSafe(|| self.run(own, body)));
                let panicked = caught.is_err();
                match caught {
                    // Only a panic of the program's own ends here.
                    Err(payload) if !payload.is::<&str>() && !payload.is::<String>() => {
                        resume_unwind(payload)
                    }
                    _ => hooks::caught(),
                }
                own.note(panicked.into());
            }
            Ins::Panic => panic!("on purpose"),
            Ins::Marker => hooks::marker(),
            Ins::Exit => hooks::exit(&self.recorder, own.me),
            other => unreachable!("{other:?}"),
        }
    }
}
