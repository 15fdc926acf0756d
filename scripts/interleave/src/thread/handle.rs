//! What there is of a thread before it runs, while it does, and after: its builder,
//! its handle, its result.

use crate::engine::{self, Context, Unwinding, panics};
use crate::primitives::{park, thread as lives};
use crate::trace::{Op, Outcome, Place, ThreadId as Number};
use ::std::fmt;
use ::std::panic::{AssertUnwindSafe, catch_unwind, resume_unwind};
use ::std::sync::{Arc, Mutex, PoisonError};

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

/// Where a thread leaves its result for whoever joins it.
pub(super) type Packet<T> = Arc<Mutex<Option<::std::thread::Result<T>>>>;

pub(super) fn take<T>(packet: &Packet<T>) -> Option<::std::thread::Result<T>> {
    packet.lock().unwrap_or_else(PoisonError::into_inner).take()
}

/// Runs a thread's closure and leaves what came of it.
pub(super) fn run<T>(work: impl FnOnce() -> T, packet: &Packet<T>, place: Place) {
    let result = catch_unwind(AssertUnwindSafe(work));
    if let Err(payload) = &result {
        if !panics::note_death(&**payload, place) {
            resume_unwind(Box::new(Unwinding));
        }
    }
    *packet.lock().unwrap_or_else(PoisonError::into_inner) = Some(result);
}

#[track_caller]
pub(super) fn ask_finished(child: Number) -> bool {
    let asked = engine::step("thread::JoinHandle::is_finished", |_| {
        Op::Thread(lives::Action::IsFinished { child })
    });
    !matches!(asked, Ok(Outcome::Answer { yes: false }))
}

/// Identifies a thread within one execution.
#[derive(Clone, Copy, PartialEq, Eq, Hash)]
pub struct ThreadId {
    epoch: u64,
    number: Number,
}

impl fmt::Debug for ThreadId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
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
