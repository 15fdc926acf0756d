//! What there is of a thread before it runs, while it does, and after: its builder,
//! its handle, its result.

use crate::engine::{self, Context, Unwinding, panics};
use crate::primitives::count::{Action, Count};
use crate::primitives::{Body, park, thread as lives};
use crate::trace::remarks;
use crate::trace::{Kind, ObjectId, Op, Outcome, Place, ThreadId as Number};
use ::std::fmt;
use ::std::hash::{Hash, Hasher};
use ::std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use ::std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// Creates threads that have a name.
#[derive(Debug, Default)]
pub struct Builder {
    pub(super) name: Option<String>,
    pub(super) stack: Option<usize>,
}

impl Builder {
    pub fn new() -> Builder {
        Builder::default()
    }

    pub fn name(mut self, name: String) -> Builder {
        self.name = Some(name);
        self
    }

    pub fn stack_size(mut self, size: usize) -> Builder {
        self.stack = Some(size);
        self
    }
}

/// Where a thread leaves its result for whoever joins it. It belongs to the thread and to its
/// handle, and who lets go of it last drops it.
pub(super) struct Packet<T> {
    result: Arc<Mutex<Option<::std::thread::Result<T>>>>,
    /// Its owners, if it makes a difference who drops it.
    owners: Option<ObjectId>,
}

impl<T> Packet<T> {
    /// An empty one, of a thread spawned at `place`.
    pub(super) fn new(context: &Context, place: Place) -> Packet<T> {
        let owners = ::std::mem::needs_drop::<T>().then(|| {
            let body = Body::Count(Count::new(2));
            context.with(|state| state.add_object(Kind::Result, Some(place), body))
        });
        Packet {
            result: Arc::default(),
            owners,
        }
    }

    /// The other owner's.
    pub(super) fn share(&self) -> Packet<T> {
        Packet {
            result: Arc::clone(&self.result),
            owners: self.owners,
        }
    }

    fn lock(&self) -> MutexGuard<'_, Option<::std::thread::Result<T>>> {
        self.result.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// What is in it, for whoever has joined the thread.
    pub(super) fn take(&self) -> Option<::std::thread::Result<T>> {
        self.lock().take()
    }

    /// Lets go of it, and drops what is in it if the other owner has let go before.
    pub(super) fn let_go(&self, context: &Context) {
        let Some(owners) = self.owners else {
            return;
        };
        let place = context.place();
        let last = context.step(Op::Count(owners, Action::Drop), place);
        if let Ok(Outcome::Disconnected) = last {
            let result = self.take();
            drop(result);
        }
    }
}

/// Runs a thread's closure and leaves what came of it.
pub(super) fn run<T>(work: impl FnOnce() -> T, packet: &Packet<T>, place: Place) {
    let result = catch_unwind(AssertUnwindSafe(work));
    if let Err(payload) = &result {
        if !panics::note_death(&**payload, place) {
            resume_unwind(Box::new(Unwinding));
        }
    }
    *packet.lock() = Some(result);
    if let Some(context) = engine::context() {
        packet.let_go(&context);
    }
}

#[track_caller]
pub(super) fn ask_finished(child: Number) -> bool {
    let asked = engine::step("thread::JoinHandle::is_finished", |_| {
        Op::Thread(lives::Action::IsFinished { child })
    });
    !matches!(asked, Ok(Outcome::Answer { yes: false }))
}

/// Identifies a thread within one execution.
#[derive(Clone, Copy, PartialEq, Eq)]
pub struct ThreadId {
    epoch: u64,
    number: Number,
}

/// The same one in each execution, for a map's order depends on it.
impl Hash for ThreadId {
    fn hash<H: Hasher>(&self, state: &mut H) {
        if let Some(context) = engine::context() {
            context.remark(remarks::THREAD_NUMBER);
        }
        self.number.hash(state);
    }
}

impl fmt::Debug for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let Some(context) = engine::context() {
            context.remark(remarks::THREAD_NUMBER);
        }
        write!(f, "ThreadId({})", self.number + 1)
    }
}

/// A handle to a thread.
#[derive(Clone)]
pub struct Thread {
    id: ThreadId,
    name: Option<Arc<str>>,
}

impl Thread {
    pub(super) fn new(context: &Context, number: Number, name: Option<String>) -> Thread {
        Thread {
            id: ThreadId {
                epoch: context.epoch,
                number,
            },
            name: name.map(Arc::from),
        }
    }

    /// The explorer's number of the thread.
    pub(super) fn number(&self) -> Number {
        self.id.number
    }

    pub fn id(&self) -> ThreadId {
        self.id
    }

    pub fn name(&self) -> Option<&str> {
        if self.id.number == 0 {
            return Some("main");
        }
        self.name.as_deref()
    }

    #[track_caller]
    pub fn unpark(&self) {
        let thread = self.id.number;
        // Nobody is left to be woken if this fails.
        let _ = engine::step("thread::Thread::unpark", |_| {
            Op::Park(park::Action::Unpark { thread })
        });
    }
}

impl fmt::Debug for Thread {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Thread")
            .field("id", &self.id())
            .field("name", &self.name())
            .finish_non_exhaustive()
    }
}
