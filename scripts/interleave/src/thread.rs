//! `std::thread`: each thread is one of the explorer's.

mod handle;
mod scoped;

pub use handle::{Builder, Thread, ThreadId};
pub use scoped::{Scope, ScopedJoinHandle, scope};

use crate::engine::pool::usual_stack;
use crate::engine::thread::{Os, Task};
use crate::engine::{self, Context, Unwinding, context_for, local};
use crate::primitives::{park, pause, thread as lives};
use crate::trace::remarks::{PARK_AFTER_CHANNEL, PARK_AFTER_SCOPE};
use crate::trace::{Event, Op, Outcome, Place};
use ::std::any::Any;
use ::std::fmt;
use ::std::io;
use ::std::num::NonZeroUsize;
use ::std::rc::Rc;
use ::std::time::Duration;
use handle::{Packet, ask_finished, run};

pub use ::std::thread::{Result, panicking};

impl Builder {
    #[track_caller]
    pub fn spawn<F, T>(self, work: F) -> io::Result<JoinHandle<T>>
    where
        F: FnOnce() -> T + Send + 'static,
        T: Send + 'static,
    {
        Ok(spawn_named(self, work, Place::caller()))
    }

    #[track_caller]
    pub fn spawn_scoped<'scope, 'env, F, T>(
        self,
        scope: &'scope Scope<'scope, 'env>,
        work: F,
    ) -> io::Result<ScopedJoinHandle<'scope, T>>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let stack = self.stack.unwrap_or_else(usual_stack);
        Ok(scope.spawn_with(self.name, stack, work, Place::caller()))
    }
}

#[track_caller]
pub fn spawn<F, T>(work: F) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    spawn_named(Builder::new(), work, Place::caller())
}

fn spawn_named<F, T>(builder: Builder, work: F, place: Place) -> JoinHandle<T>
where
    F: FnOnce() -> T + Send + 'static,
    T: Send + 'static,
{
    let context = context_for("thread::spawn");
    let packet = Packet::new(&context, place);
    let result = packet.share();
    let task: Task = Box::new(move || run(work, &result, place));
    let stack = builder.stack.unwrap_or_else(usual_stack);
    let Builder { name, .. } = builder;
    let number = context.spawn(name.clone(), place, Os::NotStarted(task, stack));
    let number = number.unwrap_or(context.thread);
    JoinHandle {
        packet,
        thread: Thread::new(&context, number, name),
        nothing: nothing::<T>,
        epoch: context.epoch,
        joined: false,
    }
}

/// The result of a thread that returns nothing, for one that was cut off.
fn nothing<T: 'static>() -> Option<T> {
    let nothing: Box<dyn Any> = Box::new(());
    nothing.downcast().ok().map(|nothing| *nothing)
}

/// Owns the right to join a thread.
pub struct JoinHandle<T> {
    packet: Packet<T>,
    thread: Thread,
    nothing: fn() -> Option<T>,
    epoch: u64,
    joined: bool,
}

/// Whoever doesn't join a thread leaves its result to it, or drops that.
impl<T> Drop for JoinHandle<T> {
    fn drop(&mut self) {
        let own = |context: &Context| context.epoch == self.epoch && !self.joined;
        if let Some(context) = engine::context().filter(own) {
            self.packet.let_go(&context);
        }
    }
}

impl<T> JoinHandle<T> {
    pub fn thread(&self) -> &Thread {
        &self.thread
    }

    #[track_caller]
    pub fn join(mut self) -> Result<T> {
        self.joined = true;
        let child = self.thread.number();
        let joined = engine::step("thread::JoinHandle::join", |_| {
            Op::Thread(lives::Action::Join { child })
        });
        match (self.packet.take(), joined) {
            (Some(result), _) => result,
            (None, Ok(_)) => Err(Box::new("the thread left no result")),
            (None, Err(_)) => (self.nothing)().ok_or_else(|| Box::new(Unwinding) as _),
        }
    }

    #[track_caller]
    pub fn is_finished(&self) -> bool {
        ask_finished(self.thread.number())
    }
}

impl<T> fmt::Debug for JoinHandle<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("JoinHandle").finish_non_exhaustive()
    }
}

#[track_caller]
pub fn current() -> Thread {
    let context = context_for("thread::current");
    let name = context.with(|state| state.threads[context.thread].name.clone());
    Thread::new(&context, context.thread, name)
}

/// Takes virtual time: any other thread may run meanwhile.
#[track_caller]
pub fn sleep(time: Duration) {
    let _ = engine::step("thread::sleep", |_| {
        Op::Pause(pause::Action::Sleep { time })
    });
}

#[track_caller]
pub fn yield_now() {
    let _ = engine::step("thread::yield_now", |_| Op::Pause(pause::Action::Yield));
}

#[track_caller]
pub fn park() {
    if let Some(context) = engine::context() {
        let me = context.thread;
        let (scope, channel) = context.with(|state| {
            let own = |event: &&Event| event.thread == me;
            let mut own = state.events.iter().filter(own);
            let channel = own.any(|event| event.op.may_wait_at_a_channel());
            (state.threads[me].left_scope, channel)
        });
        if scope {
            context.remark(PARK_AFTER_SCOPE);
        }
        if channel {
            context.remark(PARK_AFTER_CHANNEL);
        }
    }
    let _ = engine::step("thread::park", |_| Op::Park(park::Action::Park));
}

/// Wakes up at once if nobody has unparked the thread before.
#[track_caller]
pub fn park_timeout(time: Duration) {
    let parked = engine::step("thread::park_timeout", |_| {
        Op::Park(park::Action::ParkTimeout)
    });
    if let (Ok(Outcome::TimedOut), Some(context)) = (parked, engine::context()) {
        context.with(|state| state.pass_time(context.thread, time));
    }
}

/// Always 2, so that a program does the same on every machine.
pub fn available_parallelism() -> io::Result<NonZeroUsize> {
    NonZeroUsize::new(2).ok_or_else(|| io::ErrorKind::Unsupported.into())
}

/// A thread-local, which lives as long as the explored thread.
pub struct LocalKey<T: 'static> {
    init: fn() -> T,
}

/// A thread-local was used after it was dropped.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct AccessError;

impl fmt::Display for AccessError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("already destroyed")
    }
}

impl ::std::error::Error for AccessError {}

impl<T: 'static> LocalKey<T> {
    /// For [`crate::thread_local!`].
    #[doc(hidden)]
    pub const fn new(init: fn() -> T) -> LocalKey<T> {
        LocalKey { init }
    }

    fn value(&'static self) -> ::std::result::Result<Rc<T>, AccessError> {
        let key: *const LocalKey<T> = self;
        local::get(key as usize, self.init).ok_or(AccessError)
    }

    #[track_caller]
    pub fn with<R>(&'static self, look: impl FnOnce(&T) -> R) -> R {
        match self.value() {
            Ok(value) => look(&value),
            Err(AccessError) => panic!("a thread-local was used after it was dropped"),
        }
    }

    pub fn try_with<R>(
        &'static self,
        look: impl FnOnce(&T) -> R,
    ) -> ::std::result::Result<R, AccessError> {
        self.value().map(|value| look(&value))
    }
}

impl<T: 'static> LocalKey<::std::cell::Cell<T>> {
    #[track_caller]
    pub fn set(&'static self, value: T) {
        self.with(|cell| cell.set(value));
    }

    #[track_caller]
    pub fn get(&'static self) -> T
    where
        T: Copy,
    {
        self.with(::std::cell::Cell::get)
    }

    #[track_caller]
    pub fn take(&'static self) -> T
    where
        T: Default,
    {
        self.with(::std::cell::Cell::take)
    }

    #[track_caller]
    pub fn replace(&'static self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}

impl<T: 'static> LocalKey<::std::cell::RefCell<T>> {
    #[track_caller]
    pub fn with_borrow<R>(&'static self, look: impl FnOnce(&T) -> R) -> R {
        self.with(|cell| look(&cell.borrow()))
    }

    #[track_caller]
    pub fn with_borrow_mut<R>(&'static self, change: impl FnOnce(&mut T) -> R) -> R {
        self.with(|cell| change(&mut cell.borrow_mut()))
    }

    #[track_caller]
    pub fn set(&'static self, value: T) {
        self.with(|cell| *cell.borrow_mut() = value);
    }

    #[track_caller]
    pub fn take(&'static self) -> T
    where
        T: Default,
    {
        self.with(::std::cell::RefCell::take)
    }

    #[track_caller]
    pub fn replace(&'static self, value: T) -> T {
        self.with(|cell| cell.replace(value))
    }
}
