//! Program threads as OS threads, of which one runs at a time.

use super::baton::Baton;
use super::local;
use super::panics::{self, Unwinding};
use super::pool::Pool;
use super::printing;
use super::state::{Finish, State, Turn};
use super::thread::{Os, Task};
use crate::primitives::{Op, output, process, thread};
use crate::vocabulary::{End, Outcome, Place, Stream, ThreadId};
use ::std::cell::RefCell;
use ::std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use ::std::sync::atomic::{AtomicU64, Ordering};
use ::std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Numbers runs and explorations, so that objects can tell them apart.
static NEXT_NUMBER: AtomicU64 = AtomicU64::new(1);

/// A number that nobody else has.
pub fn fresh_number() -> u64 {
    NEXT_NUMBER.fetch_add(1, Ordering::Relaxed)
}

/// How many operations a thread may make while it is unwound at the end.
const MOST_CANCELLED: usize = 10_000;

/// The thread is being unwound at the end of a run and can't be thrown out of
/// where it is: the operation is to return something harmless.
#[derive(Clone, Copy, Debug)]
pub struct Cancelled;

/// What the threads of one exploration share.
pub struct Runtime {
    state: Mutex<State>,
    /// Passed when the search is to go on.
    pub(super) search: Baton,
    pub(super) pool: Pool,
}

thread_local! {
    static CONTEXT: RefCell<Option<Context>> = const { RefCell::new(None) };
}

/// Which program thread an OS thread is.
#[derive(Clone)]
pub struct Context {
    pub runtime: Arc<Runtime>,
    pub thread: ThreadId,
    pub epoch: u64,
    pub exploration: u64,
}

/// The context of the OS thread that calls, if it is a program thread.
pub fn context() -> Option<Context> {
    CONTEXT
        .try_with(|context| context.borrow().clone())
        .ok()
        .flatten()
}

/// The context, or a panic that says that `what` can't be used here.
#[track_caller]
pub fn context_for(what: &str) -> Context {
    match context() {
        Some(context) => context,
        None => panic!(
            "`std::{what}` was used outside an exploration; \
             run the program with `explorer::explore`"
        ),
    }
}

/// Makes a step of the calling thread. Panics outside an exploration.
#[track_caller]
pub fn step(what: &str, op: impl FnOnce(&Context) -> Op) -> Result<Outcome, Cancelled> {
    let place = Place::caller();
    let context = context_for(what);
    let op = op(&context);
    context.step(op, place)
}

impl Context {
    /// Announces `op` and makes it when it is its turn. Throws if the thread
    /// is to be unwound, or if that is impossible returns [`Cancelled`].
    pub fn step(&self, op: Op, place: Place) -> Result<Outcome, Cancelled> {
        panics::no_longer_panicking();
        self.hold_outputs();
        let mut state = self.runtime.lock();
        if !state.tearing_down {
            // Code of the real `std` that calls back has no place of the program.
            let place = if place.is_in_std() {
                state.threads[self.thread].place
            } else {
                place
            };
            state.threads[self.thread].pending = Some((op, place));
            state.pass_on(Some(self.thread));
            if state.turn != Turn::Thread(self.thread) {
                state = self.runtime.hand_over_and_wait(state, self.thread);
            }
            if !state.tearing_down {
                let outcome = state.perform(self.thread);
                if state.finish.is_none() {
                    return Ok(outcome);
                }
                // That was the last step of the run.
                state.turn = Turn::Nobody;
                state = self.runtime.hand_over_and_wait(state, self.thread);
            }
        }
        self.cancel(state)
    }

    /// Takes the locks of the streams to which the thread is printing, and prints what it has of
    /// each text: the step that comes is made by the text's own `Display`.
    fn hold_outputs(&self) {
        let Some((begun, _busy)) = printing::before_step() else {
            return;
        };
        for text in begun {
            if !text.held {
                self.lock_output(text.stream, text.place);
            }
            self.print(text.stream, text.text, text.place);
        }
    }

    /// Prints a text, if there is one.
    pub fn print(&self, stream: Stream, text: String, place: Place) {
        if !text.is_empty() {
            // What is printed while a thread is unwound was never printed.
            let _ = self.step(Op::Output(output::Action::Print { stream, text }), place);
        }
    }

    /// Takes the lock of an output stream. Its holder may take it again.
    pub fn lock_output(&self, stream: Stream, place: Place) {
        let output = self.with(|state| state.output_lock(stream));
        let again = self.with(|state| state.world.outputs.enter_again(stream, self.thread));
        if !again {
            let _ = self.step(Op::Output(output::Action::Lock { output }), place);
        }
    }

    /// Gives the lock of an output stream back.
    pub fn unlock_output(&self, stream: Stream) {
        let output = self.with(|state| state.output_lock(stream));
        let inner = self.with(|state| state.world.outputs.leave_inner(stream));
        if !inner {
            let place = self.place();
            let _ = self.step(Op::Output(output::Action::Unlock { output }), place);
        }
    }

    fn cancel(&self, mut state: MutexGuard<'_, State>) -> Result<Outcome, Cancelled> {
        state.threads[self.thread].cancelled += 1;
        let endless = state.threads[self.thread].cancelled > MOST_CANCELLED;
        if endless || panics::in_hook() {
            self.park_for_ever(state);
        }
        drop(state);
        if ::std::thread::panicking() {
            return Err(Cancelled);
        }
        panics::expect_no_panic();
        resume_unwind(Box::new(Unwinding))
    }

    /// The last resort for a thread that can't be unwound.
    pub fn park_for_ever(&self, mut state: MutexGuard<'_, State>) -> ! {
        state.threads[self.thread].os = Os::Parked;
        state.turn = Turn::Nobody;
        self.runtime.hand_over(state);
        loop {
            ::std::thread::park();
        }
    }

    /// Where the thread made its last step: the place of an operation that is
    /// called from inside the real `std`.
    pub fn place(&self) -> Place {
        self.with(|state| state.threads[self.thread].place)
    }

    /// Looks at the state or changes it, without making a step.
    pub fn with<T>(&self, look: impl FnOnce(&mut State) -> T) -> T {
        look(&mut self.runtime.lock())
    }

    /// Notes for the report what the program does that is no step.
    pub fn remark(&self, what: &'static str) {
        let mut state = self.runtime.lock();
        // What is dropped because the run has ended says nothing about the program.
        if !state.tearing_down {
            state.remarks.insert(what);
        }
    }

    /// Whether the run is over and its threads are being unwound.
    pub fn leaving(&self) -> bool {
        self.runtime.lock().tearing_down
    }

    /// Ends the run because the program uses what can't be explored.
    pub fn unsupported(&self, sentence: String) -> Cancelled {
        let mut state = self.runtime.lock();
        if !state.tearing_down {
            if state.finish.is_none() {
                state.finish = Some(Finish::End(End::Unsupported { sentence }));
            }
            state.turn = Turn::Nobody;
            state = self.runtime.hand_over_and_wait(state, self.thread);
        }
        match self.cancel(state) {
            Err(cancelled) => cancelled,
            Ok(_) => Cancelled,
        }
    }

    /// Spawns a thread. `None` if the caller is being unwound: then nothing
    /// begins any more.
    pub fn spawn(&self, name: Option<String>, place: Place, os: Os) -> Option<ThreadId> {
        self.with(|state| state.threads[self.thread].to_spawn = Some((name, os)));
        let _unused = Unused(self);
        let child = thread::NOT_YET;
        self.step(Op::Thread(thread::Action::Spawn { child }), place)
            .ok()?;
        Some(self.with(|state| state.threads[self.thread].last_child))
    }
}

/// Drops a closure that was not spawned after all, on the thread that it came
/// from and not under the lock of the state.
struct Unused<'a>(&'a Context);

impl Drop for Unused<'_> {
    fn drop(&mut self) {
        let context = self.0;
        let unused = context.with(|state| state.threads[context.thread].to_spawn.take());
        drop(unused);
    }
}

impl Runtime {
    pub fn new(state: State) -> Arc<Runtime> {
        Arc::new(Runtime {
            state: Mutex::new(state),
            search: Baton::default(),
            pool: Pool::default(),
        })
    }

    pub fn lock(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Lets the one go on whose turn it is, which is not the caller.
    pub(super) fn hand_over(self: &Arc<Runtime>, mut state: MutexGuard<'_, State>) {
        let Turn::Thread(thread) = state.turn else {
            drop(state);
            self.search.pass();
            return;
        };
        match ::std::mem::replace(&mut state.threads[thread].os, Os::Alive) {
            Os::NotStarted(task, stack) => {
                let context = Context {
                    runtime: Arc::clone(self),
                    thread,
                    epoch: state.epoch,
                    exploration: state.exploration,
                };
                drop(state);
                self.launch(context, task, stack);
            }
            other => {
                state.threads[thread].os = other;
                let baton = Arc::clone(&state.threads[thread].baton);
                drop(state);
                baton.pass();
            }
        }
    }

    /// Lets the one go on whose turn it is, and waits until it is the caller's again.
    fn hand_over_and_wait<'a>(
        self: &'a Arc<Runtime>,
        state: MutexGuard<'a, State>,
        caller: ThreadId,
    ) -> MutexGuard<'a, State> {
        let baton = Arc::clone(&state.threads[caller].baton);
        self.hand_over(state);
        loop {
            // It may be from a turn that came before anybody waited for it.
            baton.wait();
            let state = self.lock();
            if state.turn == Turn::Thread(caller) {
                return state;
            }
        }
    }

    /// Waits for a thread's first turn, which it may have already.
    fn wait_for_first_turn(&self, thread: ThreadId) -> MutexGuard<'_, State> {
        loop {
            let state = self.lock();
            if state.turn == Turn::Thread(thread) {
                return state;
            }
            let baton = Arc::clone(&state.threads[thread].baton);
            drop(state);
            baton.wait();
        }
    }

    /// Gives a program thread its OS thread, or ends the run where there is none.
    fn launch(self: &Arc<Runtime>, context: Context, task: Task, stack: usize) {
        let thread = context.thread;
        let launched = self.pool.run(stack, move |release| {
            run_thread(context, task, || release.release());
        });
        if let Err(sentence) = launched {
            let mut state = self.lock();
            state.threads[thread].os = Os::Gone;
            state.finish = Some(Finish::End(End::Unsupported { sentence }));
            state.turn = Turn::Nobody;
            self.hand_over(state);
        }
    }
}

/// Runs a program thread from its first step to its last on the OS thread that
/// calls. `ready` is called shortly before the end is announced.
pub fn run_thread(context: Context, task: impl FnOnce(), ready: impl FnOnce()) {
    CONTEXT.with(|current| *current.borrow_mut() = Some(context.clone()));
    panics::begin_thread();
    printing::clear();
    let runtime = &context.runtime;
    let me = context.thread;
    {
        let mut state = runtime.wait_for_first_turn(me);
        if !state.tearing_down {
            state.perform(me);
            if state.finish.is_some() {
                state.turn = Turn::Nobody;
                let _state = runtime.hand_over_and_wait(state, me);
            }
        }
    }
    // At the end of a run only what the closure owns is dropped.
    let leaving = context.leaving();
    let _ = catch_unwind(AssertUnwindSafe(|| {
        if leaving {
            drop(task);
        } else {
            task();
        }
    }));
    drop_locals();
    make_last_step(&context);
    CONTEXT.with(|current| *current.borrow_mut() = None);
    ready();
    let mut state = runtime.lock();
    state.threads[me].os = Os::Gone;
    if state.tearing_down {
        state.turn = Turn::Nobody;
    } else {
        state.pass_on(Some(me));
    }
    runtime.hand_over(state);
}

/// Drops the thread-locals of the calling thread. One that panics then aborts the process.
pub fn drop_locals() {
    if panics::drop_locals(true) {
        return;
    }
    // At the end of a run each is thrown out of its first step.
    while catch_unwind(AssertUnwindSafe(local::drop_all)).is_err() {}
    panics::drop_locals(false);
}

/// Makes the last step of a thread.
fn make_last_step(context: &Context) {
    let runtime = &context.runtime;
    let me = context.thread;
    let mut state = runtime.lock();
    if state.tearing_down {
        return;
    }
    let panic = panics::cause_of_death();
    let panicked = panic.is_some();
    let place = state.threads[me].place;
    let op = if me == 0 {
        Op::Process(process::Action::MainReturn { panicked })
    } else {
        Op::Thread(thread::Action::Exit { panicked })
    };
    state.threads[me].panic = panic;
    state.threads[me].pending = Some((op, place));
    state.pass_on(Some(me));
    if state.turn != Turn::Thread(me) {
        state = runtime.hand_over_and_wait(state, me);
    }
    if !state.tearing_down {
        state.perform(me);
    }
}
