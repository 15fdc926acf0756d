//! The steps that a thread can make from a state.

use super::Model;
use super::state::{Channel, Frame, Guard, Life, Stage, State};
use crate::program::{BARRIER, How, Ins, Stream};
use crate::seen::End;

/// Whether a step can be made; what it is else has been done to the state.
type Possible = bool;

impl<'a> Model<'a> {
    /// The states to which `thread` can go in one step.
    pub fn steps(&self, state: &State, thread: usize) -> Vec<State> {
        // Only the choice whom a notification wakes makes more than one.
        let ways = match self.next(state, thread) {
            Some(Ins::NotifyOne(at)) => state.waiters[*at].len().max(1),
            Some(Ins::WaitTimeout(_)) if state.threads[thread].stage == Stage::Woken => 2,
            _ => 1,
        };
        let mut all = Vec::new();
        for way in 0..ways {
            let mut next = state.clone();
            if self.step(&mut next, thread, way) {
                self.settle(&mut next, thread);
                all.push(next);
            }
        }
        all
    }

    /// The instruction that `thread` is at, if it is not at the end of a block.
    fn next(&self, state: &State, thread: usize) -> Option<&'a Ins> {
        let me = &state.threads[thread];
        let frame = me.frames.last()?;
        match me.life {
            Life::Alive if me.panic.is_none() => self.blocks[frame.block].get(frame.next),
            _ => None,
        }
    }

    fn step(&self, state: &mut State, thread: usize, way: usize) -> Possible {
        match state.threads[thread].life {
            Life::Unborn | Life::Ended { .. } => false,
            Life::New => {
                state.threads[thread].life = Life::Alive;
                true
            }
            Life::Alive => match self.next(state, thread) {
                Some(ins) => self.instruction(state, thread, ins, way),
                None => self.leave(state, thread),
            },
        }
    }

    /// Does all that nobody else can see, up to the next step.
    pub fn settle(&self, state: &mut State, thread: usize) {
        while state.end.is_none() && state.threads[thread].life == Life::Alive {
            let next = self.next(state, thread);
            let output_again = matches!(state.output, Some((holder, _)) if holder == thread);
            let nothing = next.is_some_and(|ins| self.does_nothing(state, thread, ins));
            let me = &mut state.threads[thread];
            match next {
                None => match me.frames.last() {
                    Some(Frame {
                        guard: Guard::If, ..
                    }) => {
                        me.frames.pop();
                    }
                    Some(Frame {
                        guard: Guard::Output,
                        ..
                    }) if matches!(state.output, Some((_, 2..))) => {
                        me.frames.pop();
                        state.output = state.output.map(|(holder, depth)| (holder, depth - 1));
                    }
                    _ => return,
                },
                Some(_) if me.stage != Stage::Begin => return,
                Some(Ins::If(body)) => {
                    let goes = me.last % 2 == 1;
                    self.go_on(state, thread);
                    if goes {
                        self.enter(state, thread, body, Guard::If);
                    }
                }
                Some(Ins::Catch(body)) => {
                    self.go_on(state, thread);
                    self.enter(state, thread, body, Guard::Catch);
                }
                Some(Ins::LockOutput(body)) if output_again => {
                    self.go_on(state, thread);
                    self.enter(state, thread, body, Guard::Output);
                    state.output = state.output.map(|(holder, depth)| (holder, depth + 1));
                }
                Some(Ins::Panic) => me.panic = Some("on purpose"),
                Some(Ins::Scope(..)) => me.stage = Stage::Spawning(0),
                Some(Ins::Send(at)) if !me.senders[*at] => {
                    me.note(2);
                    self.go_on(state, thread);
                }
                Some(Ins::SendShared(at)) if !me.shared_senders[*at] => {
                    me.note(2);
                    self.go_on(state, thread);
                }
                Some(_) if nothing => {
                    self.go_on(state, thread);
                }
                Some(Ins::CloneStream) if me.stream.is_none() => {
                    me.stream = Some(0);
                    self.go_on(state, thread);
                }
                Some(_) => return,
            }
        }
    }

    /// Whether an instruction has nothing to work on.
    fn does_nothing(&self, state: &State, thread: usize, ins: &Ins) -> bool {
        let me = &state.threads[thread];
        match ins {
            Ins::TrySend(at) => {
                let room = self.program.channels[*at].room;
                !me.senders[*at] || room.is_none() || room == Some(0)
            }
            Ins::Recv(at) | Ins::TryRecv(at) | Ins::RecvTimeout(at) | Ins::DropReceiver(at) => {
                !me.receivers[*at]
            }
            Ins::DropSender(at) => !me.senders[*at],
            Ins::Spawn(child) => state.threads[*child].life != Life::Unborn,
            Ins::Join(child) | Ins::IsFinished(child) | Ins::Unpark(child) => !me.handles[*child],
            Ins::ReadFrom(Stream::Own, _)
            | Ins::WriteTo(Stream::Own)
            | Ins::Shut(Stream::Own, _) => me.stream.is_none(),
            _ => false,
        }
    }

    /// The next instruction.
    fn go_on(&self, state: &mut State, thread: usize) -> Possible {
        let me = &mut state.threads[thread];
        me.stage = Stage::Begin;
        if let Some(frame) = me.frames.last_mut() {
            frame.next += 1;
        }
        true
    }

    fn enter(&self, state: &mut State, thread: usize, body: &[Ins], guard: Guard) {
        let frame = Frame {
            block: self.block(body),
            next: 0,
            guard,
        };
        state.threads[thread].frames.push(frame);
    }

    /// Notes a result and goes on.
    fn done(&self, state: &mut State, thread: usize, value: u64) -> Possible {
        state.threads[thread].note(value);
        self.go_on(state, thread)
    }

    /// Notes a result and goes on inside of the instruction.
    fn inside(
        &self,
        state: &mut State,
        thread: usize,
        value: u64,
        body: &[Ins],
        guard: Guard,
    ) -> Possible {
        self.done(state, thread, value);
        self.enter(state, thread, body, guard);
        true
    }

    /// Goes to another step of the same instruction.
    fn stage(&self, state: &mut State, thread: usize, stage: Stage) -> Possible {
        state.threads[thread].stage = stage;
        true
    }

    fn instruction(&self, state: &mut State, thread: usize, ins: &Ins, way: usize) -> Possible {
        match ins {
            Ins::Lock(..)
            | Ins::TryLock(..)
            | Ins::GiveUp(_)
            | Ins::IsPoisoned(_)
            | Ins::ClearPoison(_) => self.lock(state, thread, ins),
            Ins::Read(..)
            | Ins::TryRead(..)
            | Ins::Write(..)
            | Ins::TryWrite(..)
            | Ins::IsPoisonedRw(_)
            | Ins::ClearPoisonRw(_) => self.read_write(state, thread, ins),
            Ins::Send(_)
            | Ins::TrySend(_)
            | Ins::Recv(_)
            | Ins::TryRecv(_)
            | Ins::RecvTimeout(_)
            | Ins::DropSender(_)
            | Ins::DropReceiver(_) => self.channel(state, thread, ins),
            Ins::SendShared(at) => {
                state.shared[*at].put(message(state, thread));
                self.done(state, thread, 1)
            }
            Ins::LockAndRecv(at) => self.lock_and_receive(state, thread, *at),
            Ins::Wait(at) | Ins::WaitTimeout(at) | Ins::WaitWhile(at) => {
                self.wait(state, thread, ins, *at, way)
            }
            Ins::NotifyOne(at) => {
                if !state.waiters[*at].is_empty() {
                    state.waiters[*at].remove(way);
                }
                self.go_on(state, thread)
            }
            Ins::NotifyAll(at) => {
                state.waiters[*at].clear();
                self.go_on(state, thread)
            }
            Ins::Load(_) | Ins::LoadTwice(_) | Ins::Store(_) | Ins::Add(_) | Ins::Exchange(_) => {
                self.atomic(state, thread, ins)
            }
            Ins::CallOnce(..)
            | Ins::LookAtOnce(_)
            | Ins::CellGet(_)
            | Ins::CellSet(_)
            | Ins::CellInit(..) => self.once(state, thread, ins),
            Ins::Arrive(_)
            | Ins::Spawn(_)
            | Ins::Join(_)
            | Ins::IsFinished(_)
            | Ins::Scope(..)
            | Ins::Unpark(_)
            | Ins::UnparkMain
            | Ins::Park
            | Ins::ParkTimeout => self.thread(state, thread, ins),
            Ins::Accept
            | Ins::CloneStream
            | Ins::ReadFrom(..)
            | Ins::WriteTo(_)
            | Ins::Shut(..) => self.network(state, thread, ins),
            Ins::Print => self.print(state, thread, &format!("{thread} prints\n")),
            Ins::PrintLast => {
                let last = state.threads[thread].last;
                self.print(state, thread, &format!("{thread} has {last}\n"))
            }
            Ins::LockOutput(body) => {
                if state.output.is_some() {
                    return false;
                }
                state.output = Some((thread, 1));
                self.go_on(state, thread);
                self.enter(state, thread, body, Guard::Output);
                true
            }
            Ins::Marker => self.go_on(state, thread),
            Ins::Exit => {
                state.end = Some(End::Exit);
                true
            }
            Ins::If(_) | Ins::Catch(_) | Ins::Panic => unreachable!("{ins:?} is no step"),
        }
    }

    fn print(&self, state: &mut State, thread: usize, text: &str) -> Possible {
        if state.output.is_some_and(|(holder, _)| holder != thread) {
            return false;
        }
        state.log += text;
        self.go_on(state, thread)
    }

    fn lock(&self, state: &mut State, thread: usize, ins: &Ins) -> Possible {
        let stage = state.threads[thread].stage;
        match ins {
            Ins::Lock(at, body) | Ins::TryLock(at, body) => {
                let lock = &mut state.locks[*at];
                if lock.holder.is_some() {
                    return matches!(ins, Ins::TryLock(..)) && self.done(state, thread, 0);
                }
                lock.holder = Some(thread);
                lock.value += 1;
                let seen = lock.value * 2 + u64::from(lock.poisoned);
                self.inside(state, thread, seen, body, Guard::Lock(*at))
            }
            Ins::GiveUp(at) => {
                let lock = &mut state.locks[*at];
                let before = match stage {
                    Stage::Tried(before) => before,
                    Stage::Unlock => {
                        lock.holder = None;
                        return self.go_on(state, thread);
                    }
                    _ => 0,
                };
                if lock.holder.is_none() {
                    lock.holder = Some(thread);
                    state.threads[thread].note(before + 1);
                    return self.stage(state, thread, Stage::Unlock);
                }
                match before {
                    2 => self.done(state, thread, 0),
                    _ => self.stage(state, thread, Stage::Tried(before + 1)),
                }
            }
            Ins::IsPoisoned(at) => self.done(state, thread, state.locks[*at].poisoned.into()),
            Ins::ClearPoison(at) => {
                state.locks[*at].poisoned = false;
                self.go_on(state, thread)
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn read_write(&self, state: &mut State, thread: usize, ins: &Ins) -> Possible {
        match ins {
            Ins::Read(at, body) | Ins::TryRead(at, body) => {
                let lock = &mut state.rw_locks[*at];
                if lock.writer || !lock.waiting.is_empty() {
                    return matches!(ins, Ins::TryRead(..)) && self.done(state, thread, 100);
                }
                lock.readers += 1;
                let seen = lock.value * 2 + u64::from(lock.poisoned);
                self.inside(state, thread, seen, body, Guard::Read(*at))
            }
            Ins::Write(at, body) | Ins::TryWrite(at, body) => {
                let lock = &mut state.rw_locks[*at];
                if lock.writer || lock.readers > 0 {
                    if matches!(ins, Ins::TryWrite(..)) {
                        return self.done(state, thread, 100);
                    }
                    let waits = !lock.writer && !lock.waiting.contains(&thread);
                    if waits {
                        lock.waiting.push(thread);
                        lock.waiting.sort_unstable();
                    }
                    return waits;
                }
                lock.writer = true;
                lock.value += 1;
                let seen = lock.value * 2 + u64::from(lock.poisoned);
                self.inside(state, thread, seen, body, Guard::Write(*at))
            }
            Ins::IsPoisonedRw(at) => self.done(state, thread, state.rw_locks[*at].poisoned.into()),
            Ins::ClearPoisonRw(at) => {
                state.rw_locks[*at].poisoned = false;
                self.go_on(state, thread)
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn channel(&self, state: &mut State, thread: usize, ins: &Ins) -> Possible {
        let (stage, message) = (state.threads[thread].stage, message(state, thread));
        match ins {
            Ins::Send(at) => {
                let channel = &mut state.channels[*at];
                if let Stage::AwaitTaken { number } = stage {
                    let taken = channel.taken > number;
                    return (taken || !channel.receiver) && self.done(state, thread, taken.into());
                }
                if !channel.receiver {
                    return self.done(state, thread, 0);
                }
                if !channel.has_room() {
                    return false;
                }
                let number = channel.put(message);
                match channel.room {
                    Some(0) => self.stage(state, thread, Stage::AwaitTaken { number }),
                    _ => self.done(state, thread, 1),
                }
            }
            Ins::TrySend(at) => {
                let channel = &mut state.channels[*at];
                let seen = if !channel.receiver {
                    3
                } else if channel.has_room() {
                    channel.put(message);
                    0
                } else {
                    1
                };
                self.done(state, thread, seen)
            }
            Ins::Recv(at) => match receive(&mut state.channels[*at]) {
                Some(Ok(value)) => self.done(state, thread, value + 2),
                Some(Err(())) => self.done(state, thread, 1),
                None => false,
            },
            Ins::TryRecv(at) | Ins::RecvTimeout(at) => {
                let seen = match receive(&mut state.channels[*at]) {
                    Some(Ok(value)) => value + 4,
                    Some(Err(())) => 2,
                    None => 1,
                };
                self.done(state, thread, seen)
            }
            Ins::DropSender(at) => {
                state.threads[thread].senders[*at] = false;
                state.channels[*at].senders -= 1;
                self.go_on(state, thread)
            }
            Ins::DropReceiver(at) => {
                state.threads[thread].receivers[*at] = false;
                drop_receiver(&mut state.channels[*at]);
                self.go_on(state, thread)
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn lock_and_receive(&self, state: &mut State, thread: usize, at: usize) -> Possible {
        match state.threads[thread].stage {
            Stage::Receiving => {
                let seen = match receive(&mut state.shared[at]) {
                    Some(Ok(value)) => value + 2,
                    Some(Err(())) => 1,
                    None => return false,
                };
                state.threads[thread].note(seen);
                self.stage(state, thread, Stage::UnlockShared)
            }
            Stage::UnlockShared => {
                state.shared_locks[at] = None;
                self.go_on(state, thread)
            }
            _ if state.shared_locks[at].is_some() => false,
            _ => {
                state.shared_locks[at] = Some(thread);
                self.stage(state, thread, Stage::Receiving)
            }
        }
    }

    fn wait(&self, state: &mut State, thread: usize, ins: &Ins, at: usize, way: usize) -> Possible {
        let waits_longer = |value: u64| matches!(ins, Ins::WaitWhile(_)) && value < 2;
        let lock = &mut state.locks[at];
        match state.threads[thread].stage {
            Stage::Waiting => {
                lock.holder = None;
                state.waiters[at].push(thread);
                self.stage(state, thread, Stage::Woken)
            }
            Stage::Woken => {
                let waiting = state.waiters[at]
                    .iter()
                    .position(|&waiter| waiter == thread);
                let timed_out = match (waiting, way) {
                    (None, 0) => false,
                    (Some(waiting), 1) => {
                        state.waiters[at].remove(waiting);
                        true
                    }
                    _ => return false,
                };
                self.stage(state, thread, Stage::Relocking { timed_out })
            }
            Stage::Relocking { timed_out } => {
                if lock.holder.is_some() {
                    return false;
                }
                lock.holder = Some(thread);
                let (value, poisoned) = (lock.value, lock.poisoned);
                if waits_longer(value) && !poisoned {
                    return self.stage(state, thread, Stage::Waiting);
                }
                let seen = match ins {
                    Ins::WaitTimeout(_) => u64::from(timed_out),
                    _ => value,
                };
                state.threads[thread].note(seen * 2 + u64::from(poisoned));
                self.stage(state, thread, Stage::Unlock)
            }
            Stage::Unlock => {
                lock.holder = None;
                self.go_on(state, thread)
            }
            _ if lock.holder.is_some() => false,
            _ => {
                lock.holder = Some(thread);
                let (value, poisoned) = (lock.value, lock.poisoned);
                if matches!(ins, Ins::WaitWhile(_)) && !waits_longer(value) {
                    // Here the poison is not looked at again.
                    let _ = poisoned;
                    state.threads[thread].note(value * 2);
                    return self.stage(state, thread, Stage::Unlock);
                }
                self.stage(state, thread, Stage::Waiting)
            }
        }
    }

    fn atomic(&self, state: &mut State, thread: usize, ins: &Ins) -> Possible {
        let last = state.threads[thread].last;
        match ins {
            Ins::Load(at) => self.done(state, thread, state.atomics[*at]),
            Ins::LoadTwice(at) => match state.threads[thread].stage {
                Stage::Again { first } => {
                    self.done(state, thread, first * 100 + state.atomics[*at])
                }
                _ => {
                    let first = state.atomics[*at];
                    self.stage(state, thread, Stage::Again { first })
                }
            },
            Ins::Store(at) => {
                state.atomics[*at] = last % 5 + 1;
                self.go_on(state, thread)
            }
            Ins::Add(at) => {
                state.atomics[*at] += 1;
                self.done(state, thread, state.atomics[*at] - 1)
            }
            Ins::Exchange(at) => {
                let done = state.atomics[*at] == 0;
                if done {
                    state.atomics[*at] = 5;
                }
                self.done(state, thread, done.into())
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn once(&self, state: &mut State, thread: usize, ins: &Ins) -> Possible {
        let (stage, last) = (state.threads[thread].stage, state.threads[thread].last);
        match ins {
            Ins::CallOnce(at, body) => {
                let once = &mut state.onces[*at];
                if once.running {
                    return false;
                }
                if once.done {
                    return self.done(state, thread, 0);
                }
                once.running = true;
                let seen = 2 + u64::from(once.poisoned);
                self.inside(state, thread, seen, body, Guard::Once(*at))
            }
            Ins::LookAtOnce(at) => self.done(state, thread, state.onces[*at].done.into()),
            Ins::CellGet(at) => {
                let cell = &state.cells[*at];
                let seen = if cell.done { cell.value + 1 } else { 0 };
                self.done(state, thread, seen)
            }
            Ins::CellSet(at) => {
                let cell = &mut state.cells[*at];
                if stage == Stage::Filled {
                    (cell.running, cell.done) = (false, true);
                    return self.done(state, thread, 1);
                }
                if cell.running {
                    return false;
                }
                if cell.done {
                    return self.done(state, thread, 0);
                }
                cell.running = true;
                cell.value = last % 5;
                self.stage(state, thread, Stage::Filled)
            }
            Ins::CellInit(at, body) => {
                let cell = &mut state.cells[*at];
                if cell.running {
                    return false;
                }
                if cell.done {
                    return self.done(state, thread, state.cells[*at].value);
                }
                cell.running = true;
                self.go_on(state, thread);
                self.enter(state, thread, body, Guard::Cell(*at));
                true
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn thread(&self, state: &mut State, thread: usize, ins: &Ins) -> Possible {
        match ins {
            Ins::Arrive(at) => {
                let (arrived, rounds) = &mut state.barriers[*at];
                if let Stage::Passing { round } = state.threads[thread].stage {
                    return *rounds > round && self.done(state, thread, 0);
                }
                let round = *rounds;
                *arrived += 1;
                if *arrived < BARRIER {
                    return self.stage(state, thread, Stage::Passing { round });
                }
                (*arrived, *rounds) = (0, round + 1);
                self.done(state, thread, 1)
            }
            Ins::Spawn(child) => {
                state.threads[*child].life = Life::New;
                state.threads[thread].handles[*child] = true;
                self.go_on(state, thread)
            }
            Ins::Scope(children, body) => {
                let Stage::Spawning(nth) = state.threads[thread].stage else {
                    unreachable!("settled otherwise");
                };
                state.threads[children[nth]].life = Life::New;
                if nth + 1 < children.len() {
                    return self.stage(state, thread, Stage::Spawning(nth + 1));
                }
                self.go_on(state, thread);
                self.enter(state, thread, body, Guard::Scope(children.clone()));
                true
            }
            Ins::Join(child) => {
                let Life::Ended { panicked } = state.threads[*child].life else {
                    return false;
                };
                state.threads[thread].handles[*child] = false;
                self.done(state, thread, panicked.into())
            }
            Ins::IsFinished(child) => {
                self.done(state, thread, state.threads[*child].ended().into())
            }
            Ins::Unpark(target) => {
                state.threads[*target].token = true;
                self.go_on(state, thread)
            }
            Ins::UnparkMain => {
                state.threads[0].token = true;
                self.go_on(state, thread)
            }
            Ins::Park | Ins::ParkTimeout => {
                let token = state.threads[thread].token;
                state.threads[thread].token = false;
                (token || matches!(ins, Ins::ParkTimeout)) && self.go_on(state, thread)
            }
            other => unreachable!("{other:?}"),
        }
    }

    fn network(&self, state: &mut State, thread: usize, ins: &Ins) -> Possible {
        if matches!(ins, Ins::Accept | Ins::CloneStream) && state.threads[thread].stream.is_some() {
            // The handle from before is dropped first.
            state.threads[thread].stream = None;
            return true;
        }
        let number = match ins {
            Ins::ReadFrom(Stream::Own, _)
            | Ins::WriteTo(Stream::Own)
            | Ins::Shut(Stream::Own, _) => state.threads[thread].stream.unwrap_or(0),
            _ => 0,
        };
        match ins {
            Ins::Accept => match self.accept(state) {
                Some(number) => {
                    state.threads[thread].stream = Some(number);
                    self.done(state, thread, 1)
                }
                None => self.program.nonblocking && self.done(state, thread, 0),
            },
            Ins::ReadFrom(_, count) => {
                let connection = &mut state.connections[number];
                if !connection.readable() {
                    return self.program.reads_time_out && self.done(state, thread, 255);
                }
                let rest = match connection.shut_for_reading {
                    true => &[],
                    false => &connection.bytes[connection.taken..],
                };
                let got = rest.len().min(*count);
                let first = rest.first().copied().unwrap_or(0);
                connection.taken += got;
                self.done(state, thread, got as u64 * 16 + u64::from(first))
            }
            Ins::WriteTo(_) => {
                let connection = &mut state.connections[number];
                connection.writes += 1;
                let gone = connection.hangs_up && connection.writes > 1;
                let written = !connection.shut_for_writing && !gone;
                self.done(state, thread, written.into())
            }
            Ins::Shut(_, how) => {
                let connection = &mut state.connections[number];
                connection.shut_for_reading |= *how != How::Writing;
                connection.shut_for_writing |= *how != How::Reading;
                self.go_on(state, thread)
            }
            other => unreachable!("{other:?}"),
        }
    }

    /// Leaves a block: at its end, or because of a panic.
    fn leave(&self, state: &mut State, thread: usize) -> Possible {
        let me = &mut state.threads[thread];
        let unwinding = me.panic.is_some();
        let Some(frame) = me.frames.last() else {
            return false;
        };
        match frame.guard.clone() {
            Guard::Thread => return self.drop_and_end(state, thread),
            Guard::If => {}
            Guard::Lock(at) => {
                state.locks[at].holder = None;
                state.locks[at].poisoned |= unwinding;
            }
            Guard::Read(at) => {
                let lock = &mut state.rw_locks[at];
                lock.readers -= 1;
                if lock.readers == 0 {
                    lock.waiting.clear();
                }
            }
            Guard::Write(at) => {
                state.rw_locks[at].writer = false;
                state.rw_locks[at].poisoned |= unwinding;
            }
            Guard::Once(at) => {
                let once = &mut state.onces[at];
                (once.running, once.done) = (false, !unwinding);
                once.poisoned |= unwinding;
            }
            Guard::Cell(at) => {
                let cell = &mut state.cells[at];
                (cell.running, cell.done) = (false, !unwinding);
                cell.value = me.last % 5 + 5;
                if !unwinding {
                    me.note(cell.value);
                }
            }
            Guard::Output => state.output = None,
            Guard::Catch => {
                me.panic = None;
                me.note(unwinding.into());
            }
            Guard::Scope(children) => {
                let all = children.iter().all(|&child| state.threads[child].ended());
                if !all {
                    return false;
                }
                let panicked = children
                    .iter()
                    .any(|&child| state.threads[child].life == Life::Ended { panicked: true });
                if panicked && !unwinding {
                    state.threads[thread].panic = Some("a scoped thread panicked");
                }
            }
        }
        let me = &mut state.threads[thread];
        me.stage = Stage::Begin;
        me.frames.pop();
        true
    }

    /// Drops what the thread owns, one thing a step, and then ends.
    fn drop_and_end(&self, state: &mut State, thread: usize) -> Possible {
        let me = &mut state.threads[thread];
        me.stage = Stage::Begin;
        if let Some(at) = me.senders.iter().position(|&held| held) {
            me.senders[at] = false;
            state.channels[at].senders -= 1;
        } else if let Some(at) = me.shared_senders.iter().position(|&held| held) {
            me.shared_senders[at] = false;
            state.shared[at].senders -= 1;
        } else if let Some(at) = me.receivers.iter().position(|&held| held) {
            me.receivers[at] = false;
            drop_receiver(&mut state.channels[at]);
        } else if me.stream.is_some() {
            me.stream = None;
        } else {
            let panic = me.panic;
            me.life = Life::Ended {
                panicked: panic.is_some(),
            };
            if thread == 0 {
                state.end = Some(match panic {
                    Some(message) => End::Panicked(message.to_string()),
                    None => End::Normal,
                });
            }
        }
        true
    }
}

/// What a thread sends.
fn message(state: &State, thread: usize) -> u64 {
    state.threads[thread].last % 8 * 8 + thread as u64
}

/// A message, or that nobody sends any more, or neither.
fn receive(channel: &mut Channel) -> Option<Result<u64, ()>> {
    match channel.take() {
        Some(value) => Some(Ok(value)),
        None if channel.senders == 0 => Some(Err(())),
        None => None,
    }
}

fn drop_receiver(channel: &mut Channel) {
    channel.receiver = false;
    channel.queue.clear();
}
