//! `std::sync::Once`, `OnceLock` and `LazyLock`. One that is a `static` is
//! fresh in each execution.

use crate::engine::{Cancelled, Context, Tag, context, context_for};
use crate::primitives::Body;
use crate::primitives::once::{Action, Once as Rules};
use crate::trace::{Kind, ObjectId, Op, Outcome, Place};
use ::std::fmt;
use ::std::ops::Deref;
use ::std::sync as real;
use ::std::sync::PoisonError;

/// What all three have in common: one thread enters, the others wait.
#[derive(Debug)]
struct Gate {
    created: Place,
    tag: Tag,
    /// The run in which a closure panicked.
    poisoned: real::Mutex<u64>,
}

/// What a thread found at the gate.
enum Entered {
    /// It is the one that runs the closure.
    First(ObjectId),
    /// It has been done.
    Done,
    /// The thread is being unwound: it does as it likes.
    Cancelled,
}

/// Leaves the gate even if the closure panics.
struct Leave<'a> {
    gate: &'a Gate,
    context: &'a Context,
    once: ObjectId,
    place: Place,
    done: bool,
}

impl Drop for Leave<'_> {
    fn drop(&mut self) {
        if !self.done {
            *self.gate.poison() = self.context.epoch;
        }
        let (once, done) = (self.once, self.done);
        let _ = self
            .context
            .step(Op::Once(once, Action::Leave { done }), self.place);
    }
}

impl Gate {
    const fn new(created: Place) -> Gate {
        Gate {
            created,
            tag: Tag::new(),
            poisoned: real::Mutex::new(0),
        }
    }

    fn object(&self, context: &Context) -> ObjectId {
        let body = || Body::Once(Rules::default());
        self.tag
            .object(context, Kind::Once, Some(self.created), body)
    }

    fn enter(&self, context: &Context, place: Place) -> Entered {
        let once = self.object(context);
        match context.step(Op::Once(once, Action::Enter), place) {
            Ok(Outcome::Answer { yes: true }) => Entered::First(once),
            Ok(_) => Entered::Done,
            Err(Cancelled) => Entered::Cancelled,
        }
    }

    /// Runs `work`, after which the gate is open.
    fn run<T>(
        &self,
        context: &Context,
        once: ObjectId,
        place: Place,
        work: impl FnOnce() -> T,
    ) -> T {
        let mut leave = Leave {
            gate: self,
            context,
            once,
            place,
            done: false,
        };
        let result = work();
        leave.done = true;
        result
    }

    fn look(&self, place: Place) -> bool {
        let Some(context) = context() else {
            return true;
        };
        let once = self.object(&context);
        let seen = context.step(Op::Once(once, Action::Look), place);
        !matches!(seen, Ok(Outcome::Answer { yes: false }))
    }

    fn poison(&self) -> real::MutexGuard<'_, u64> {
        self.poisoned.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn is_poisoned(&self, context: &Context) -> bool {
        *self.poison() == context.epoch
    }
}

/// Runs a closure once in each execution.
#[derive(Debug)]
pub struct Once {
    gate: Gate,
}

/// What [`Once::call_once_force`] tells its closure.
#[derive(Debug)]
pub struct OnceState {
    poisoned: bool,
}

impl OnceState {
    pub fn is_poisoned(&self) -> bool {
        self.poisoned
    }
}

impl Once {
    #[track_caller]
    #[must_use]
    #[allow(clippy::new_without_default)] // as in `std`
    pub const fn new() -> Once {
        Once {
            gate: Gate::new(Place::caller()),
        }
    }

    #[track_caller]
    pub fn call_once<F: FnOnce()>(&self, work: F) {
        let context = context_for("sync::Once::call_once");
        let place = Place::caller();
        if let Entered::First(once) = self.gate.enter(&context, place) {
            self.gate.run(&context, once, place, || {
                if self.gate.is_poisoned(&context) {
                    panic!("Once instance has previously been poisoned");
                }
                work();
            });
        }
    }

    #[track_caller]
    pub fn call_once_force<F: FnOnce(&OnceState)>(&self, work: F) {
        let context = context_for("sync::Once::call_once_force");
        let place = Place::caller();
        if let Entered::First(once) = self.gate.enter(&context, place) {
            let poisoned = self.gate.is_poisoned(&context);
            self.gate
                .run(&context, once, place, || work(&OnceState { poisoned }));
        }
    }

    #[track_caller]
    pub fn is_completed(&self) -> bool {
        self.gate.look(Place::caller())
    }
}

/// How many sizes of [`Cells`] there are.
const SIZES: usize = 24;

/// A cell for each run. It only grows, so that what is in a cell can be lent
/// out for as long as the whole lives.
struct Cells<T> {
    /// Which cell each exploration uses now: its number, the run's, the cell's.
    current: real::Mutex<Vec<(u64, u64, usize)>>,
    /// Entry `n` has 2^n cells.
    cells: [real::OnceLock<Box<[real::OnceLock<T>]>>; SIZES],
}

impl<T> Cells<T> {
    const fn new() -> Cells<T> {
        Cells {
            current: real::Mutex::new(Vec::new()),
            cells: [const { real::OnceLock::new() }; SIZES],
        }
    }

    /// The number of the current run's cell.
    fn index(&self) -> usize {
        let (exploration, epoch) = match context() {
            Some(context) => (context.exploration, context.epoch),
            // Outside an exploration the last run's is meant, or any.
            None => return self.current().len().saturating_sub(1),
        };
        let mut current = self.current();
        let next = current.iter().map(|(_, _, cell)| cell + 1).max();
        let next = next.unwrap_or(0);
        match current
            .iter_mut()
            .find(|(known, _, _)| *known == exploration)
        {
            Some(mine) if mine.1 == epoch => mine.2,
            Some(mine) => {
                *mine = (exploration, epoch, next);
                next
            }
            None => {
                current.push((exploration, epoch, next));
                next
            }
        }
    }

    fn current(&self) -> real::MutexGuard<'_, Vec<(u64, u64, usize)>> {
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }

    fn place_of(index: usize) -> (usize, usize) {
        let size = (index + 1).ilog2() as usize;
        (size.min(SIZES - 1), index + 1 - (1 << size))
    }

    fn cell(&self) -> &real::OnceLock<T> {
        let (size, at) = Self::place_of(self.index());
        let cells = self.cells[size].get_or_init(|| {
            (0..1_usize << size)
                .map(|_| real::OnceLock::new())
                .collect()
        });
        &cells[at]
    }

    fn cell_mut(&mut self) -> Option<&mut real::OnceLock<T>> {
        let (size, at) = Self::place_of(self.index());
        self.cells[size].get_mut()?.get_mut(at)
    }
}

/// A cell that is written once in each execution.
pub struct OnceLock<T> {
    gate: Gate,
    cells: Cells<T>,
}

impl<T> OnceLock<T> {
    #[track_caller]
    #[must_use]
    pub const fn new() -> OnceLock<T> {
        OnceLock {
            gate: Gate::new(Place::caller()),
            cells: Cells::new(),
        }
    }

    #[track_caller]
    pub fn get(&self) -> Option<&T> {
        if self.gate.look(Place::caller()) {
            self.cells.cell().get()
        } else {
            None
        }
    }

    pub fn get_mut(&mut self) -> Option<&mut T> {
        self.cells.cell_mut()?.get_mut()
    }

    #[track_caller]
    pub fn set(&self, value: T) -> Result<(), T> {
        let mut value = Some(value);
        self.fill(Place::caller(), || value.take());
        match value {
            Some(value) => Err(value),
            None => Ok(()),
        }
    }

    #[track_caller]
    pub fn get_or_init<F: FnOnce() -> T>(&self, init: F) -> &T {
        let mut init = Some(init);
        self.fill(Place::caller(), || init.take().map(|init| init()));
        // Filled above; only while a thread is unwound it may not be.
        self.cells.cell().get_or_init(|| match init.take() {
            Some(init) => init(),
            None => unreachable!("a cell that was filled is empty"),
        })
    }

    fn fill(&self, place: Place, make: impl FnOnce() -> Option<T>) {
        let context = context_for("sync::OnceLock");
        if let Entered::First(once) = self.gate.enter(&context, place) {
            self.gate.run(&context, once, place, || {
                if let Some(value) = make() {
                    // Nobody else is in the gate.
                    let _ = self.cells.cell().set(value);
                }
            });
        }
    }

    pub fn into_inner(mut self) -> Option<T> {
        self.take()
    }

    /// Empties the cell. It can't be filled again in the same execution.
    pub fn take(&mut self) -> Option<T> {
        let value = self.cells.cell_mut()?.take();
        self.gate.tag = Tag::new();
        value
    }
}

impl<T> Default for OnceLock<T> {
    #[track_caller]
    fn default() -> OnceLock<T> {
        OnceLock::new()
    }
}

impl<T> From<T> for OnceLock<T> {
    #[track_caller]
    fn from(value: T) -> OnceLock<T> {
        let cell = OnceLock::new();
        let _ = cell.set(value);
        cell
    }
}

impl<T: fmt::Debug> fmt::Debug for OnceLock<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_tuple("OnceLock");
        match self.cells.cell().get() {
            Some(value) => out.field(value),
            None => out.field(&format_args!("<uninit>")),
        };
        out.finish()
    }
}

/// A value that is made when it is first used, once in each execution. Its
/// closure must therefore be `Clone`, as one that captures nothing is.
pub struct LazyLock<T, F = fn() -> T> {
    gate: Gate,
    cells: Cells<T>,
    init: F,
}

impl<T, F: FnOnce() -> T + Clone> LazyLock<T, F> {
    #[track_caller]
    pub const fn new(init: F) -> LazyLock<T, F> {
        LazyLock {
            gate: Gate::new(Place::caller()),
            cells: Cells::new(),
            init,
        }
    }

    #[track_caller]
    pub fn force(this: &LazyLock<T, F>) -> &T {
        let place = Place::caller();
        let context = context_for("sync::LazyLock");
        let cell = this.cells.cell();
        if let Entered::First(once) = this.gate.enter(&context, place) {
            this.gate.run(&context, once, place, || {
                if this.gate.is_poisoned(&context) {
                    panic!("LazyLock instance has previously been poisoned");
                }
                // Nobody else is in the gate.
                let _ = cell.set((this.init.clone())());
            });
        }
        cell.get_or_init(this.init.clone())
    }
}

impl<T, F: FnOnce() -> T + Clone> Deref for LazyLock<T, F> {
    type Target = T;

    #[track_caller]
    fn deref(&self) -> &T {
        LazyLock::force(self)
    }
}

impl<T: fmt::Debug, F> fmt::Debug for LazyLock<T, F> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut out = f.debug_tuple("LazyLock");
        match self.cells.cell().get() {
            Some(value) => out.field(value),
            None => out.field(&format_args!("<uninit>")),
        };
        out.finish()
    }
}
