//! `thread::scope`. Its threads may borrow, so each has an OS thread of its
//! own that the real scope joins; the explorer decides when it runs.

use super::handle::{Packet, Thread, ask_finished, run};
use crate::engine::pool::{EXTRA_STACK, usual_stack};
use crate::engine::thread::Os;
use crate::engine::{self, Context, Unwinding, context_for, fresh_number, panics, run_thread};
use crate::primitives::thread::Action;
use crate::trace::{Op, Place};
use ::std::fmt;
use ::std::marker::PhantomData;
use ::std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};

/// A scope in which threads may borrow.
#[derive(Debug)]
pub struct Scope<'scope, 'env: 'scope> {
    real: &'scope ::std::thread::Scope<'scope, 'env>,
    number: u64,
}

#[track_caller]
pub fn scope<'env, F, T>(work: F) -> T
where
    F: for<'scope> FnOnce(&'scope Scope<'scope, 'env>) -> T,
{
    let place = Place::caller();
    let context = context_for("thread::scope");
    ::std::thread::scope(|real| {
        let number = fresh_number();
        // The reference must live as long as the real scope's does. Only a
        // leak gives that without unsafe code: two words for each scope.
        let scope = Box::leak(Box::new(Scope { real, number }));
        let result = catch_unwind(AssertUnwindSafe(|| work(scope)));
        let result = match result {
            Err(payload) if payload.is::<Unwinding>() => resume_unwind(payload),
            other => other,
        };
        let panic = panics::pause();
        let unhandled = join_all(&context, number, place);
        match result {
            Err(payload) => panics::resume(panic, payload),
            Ok(_) if unhandled => panics::raise("a scoped thread panicked", place),
            Ok(result) => result,
        }
    })
}

/// Joins the threads of a scope that nobody has joined. Says whether one of
/// them died by a panic.
fn join_all(context: &Context, scope: u64, place: Place) -> bool {
    let left: Vec<usize> = context.with(|state| {
        let threads = state.threads.iter().enumerate();
        threads
            .filter(|(_, info)| info.scope == Some(scope) && !info.joined)
            .map(|(thread, _)| thread)
            .collect()
    });
    context.with(|state| state.threads[context.thread].left_scope = true);
    let mut unhandled = false;
    for child in left {
        let _ = context.step(Op::Thread(Action::Join { child }), place);
        unhandled |= context.with(|state| state.threads[child].panic.is_some());
    }
    unhandled
}

impl<'scope> Scope<'scope, '_> {
    #[track_caller]
    pub fn spawn<F, T>(&'scope self, work: F) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        self.spawn_with(None, usual_stack(), work, Place::caller())
    }

    pub(super) fn spawn_with<F, T>(
        &'scope self,
        name: Option<String>,
        stack: usize,
        work: F,
        place: Place,
    ) -> ScopedJoinHandle<'scope, T>
    where
        F: FnOnce() -> T + Send + 'scope,
        T: Send + 'scope,
    {
        let context = context_for("thread::Scope::spawn");
        let packet = Packet::new(&context, place);
        let result = packet.share();
        let spawned = context.spawn(name.clone(), place, Os::Alive);
        if let Some(number) = spawned {
            context.with(|state| state.threads[number].scope = Some(self.number));
            let own = Context {
                thread: number,
                ..context.clone()
            };
            let real = ::std::thread::Builder::new().stack_size(stack.saturating_add(EXTRA_STACK));
            let started = real.spawn_scoped(self.real, move || {
                run_thread(own, || run(work, &result, place), || {});
            });
            if let Err(error) = started {
                context.with(|state| state.threads[number].os = Os::Gone);
                context.unsupported(format!("The system gives no further thread: {error}."));
            }
        }
        let number = spawned.unwrap_or(context.thread);
        ScopedJoinHandle {
            packet,
            thread: Thread::new(&context, number, name),
            scope: PhantomData,
            joined: false,
        }
    }
}

/// Owns the right to join a scoped thread.
pub struct ScopedJoinHandle<'scope, T> {
    packet: Packet<T>,
    thread: Thread,
    scope: PhantomData<&'scope ()>,
    joined: bool,
}

impl<T> Drop for ScopedJoinHandle<'_, T> {
    fn drop(&mut self) {
        if let Some(context) = engine::context().filter(|_| !self.joined) {
            self.packet.let_go(&context);
        }
    }
}

impl<T> ScopedJoinHandle<'_, T> {
    pub fn thread(&self) -> &Thread {
        &self.thread
    }

    #[track_caller]
    pub fn join(mut self) -> ::std::thread::Result<T> {
        self.joined = true;
        let child = self.thread.number();
        let joined = engine::step("thread::ScopedJoinHandle::join", |context| {
            context.with(|state| state.threads[child].joined = true);
            Op::Thread(Action::Join { child })
        });
        match (self.packet.take(), joined) {
            (Some(result), _) => result,
            (None, Ok(_)) => Err(Box::new("the thread left no result")),
            (None, Err(_)) => Err(Box::new(Unwinding)),
        }
    }

    #[track_caller]
    pub fn is_finished(&self) -> bool {
        ask_finished(self.thread.number())
    }
}

impl<T> fmt::Debug for ScopedJoinHandle<'_, T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ScopedJoinHandle").finish_non_exhaustive()
    }
}
