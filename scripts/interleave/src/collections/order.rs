//! The order of a map's values, which is up to chance: what makes it the same each time, and who
//! sees it.

use crate::engine;
use crate::trace::remarks::MAP_ORDER;
use ::std::any::type_name;
use ::std::cell::{Cell, RefCell};
use ::std::collections::hash_map::DefaultHasher;
use ::std::hash::BuildHasher;
use ::std::marker::PhantomData;

/// `std::hash::RandomState`, with keys that are the same each time.
#[derive(Clone, Debug)]
pub struct RandomState(());

impl RandomState {
    #[must_use]
    #[allow(clippy::new_without_default)]
    pub fn new() -> RandomState {
        RandomState::default()
    }

    /// The one of a map, which a program sees only if it goes through the map.
    pub(super) const fn of_a_map() -> RandomState {
        RandomState(())
    }
}

/// Whoever makes one himself asks for a number that is up to chance.
impl Default for RandomState {
    fn default() -> RandomState {
        if !IN_A_MAP.get() {
            remark();
        }
        RandomState(())
    }
}

impl BuildHasher for RandomState {
    type Hasher = DefaultHasher;

    fn build_hasher(&self) -> DefaultHasher {
        DefaultHasher::new()
    }
}

::std::thread_local! {
    /// Whether a map makes its hasher.
    static IN_A_MAP: Cell<bool> = const { Cell::new(false) };
    /// How many steps there were when each of the maps that are being dropped began to be.
    static DROPS: RefCell<Vec<usize>> = const { RefCell::new(Vec::new()) };
}

/// The hasher of a new map.
pub fn hasher<S: Default>() -> S {
    struct Leaves(bool);
    impl Drop for Leaves {
        fn drop(&mut self) {
            IN_A_MAP.set(self.0);
        }
    }
    let _leaves = Leaves(IN_A_MAP.replace(is_random::<S>()));
    S::default()
}

/// Whether a map with this hasher has another order each time.
fn is_random<S>() -> bool {
    type_name::<S>() == type_name::<RandomState>()
}

fn remark() {
    if let Some(context) = engine::context() {
        context.remark(MAP_ORDER);
    }
}

/// Somebody goes through a map with so many values.
pub fn seen<S>(values: usize) {
    if values > 1 && is_random::<S>() {
        remark();
    }
}

/// How many steps the execution has made so far; 0 outside of one.
fn steps() -> usize {
    engine::context().map_or(0, |context| context.with(|state| state.events.len()))
}

/// Calls what uses a map's values one after the other, such as `clear`, which drops them. If a step
/// comes of it, their order is seen.
pub fn through<S, T>(use_them: impl FnOnce() -> T) -> T {
    let _end = End::<S>::new();
    drop(Begin::<S>::new());
    use_them()
}

/// Stands in a map before its values, so it is dropped before them: no map has a `Drop` of its own,
/// or nobody could move its values out.
pub struct Begin<S>(PhantomData<fn() -> S>);

/// Stands in a map behind its values.
pub struct End<S>(PhantomData<fn() -> S>);

impl<S> Begin<S> {
    pub const fn new() -> Begin<S> {
        Begin(PhantomData)
    }
}

impl<S> End<S> {
    pub const fn new() -> End<S> {
        End(PhantomData)
    }
}

impl<S> Drop for Begin<S> {
    fn drop(&mut self) {
        // A thread that ends has no locals in the end, and no steps either.
        let _ = DROPS.try_with(|drops| drops.borrow_mut().push(steps()));
    }
}

impl<S> Drop for End<S> {
    fn drop(&mut self) {
        let before = DROPS.try_with(|drops| drops.borrow_mut().pop());
        let before = before.ok().flatten();
        if is_random::<S>() && before.is_some_and(|before| before < steps()) {
            remark();
        }
    }
}
