//! `std::sync::Barrier`.

use crate::engine::{Tag, context_for};
use crate::primitives::Body;
use crate::primitives::barrier::{Action, Barrier as Rules};
use crate::trace::{Kind, Op, Outcome, Place};
use ::std::fmt;

/// Lets several threads wait until all have arrived.
pub struct Barrier {
    created: Place,
    tag: Tag,
    size: usize,
}

/// Whether the thread was the last to arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BarrierWaitResult(bool);

impl BarrierWaitResult {
    #[must_use]
    pub fn is_leader(&self) -> bool {
        self.0
    }
}

impl Barrier {
    #[track_caller]
    #[must_use]
    pub const fn new(size: usize) -> Barrier {
        Barrier {
            created: Place::caller(),
            tag: Tag::new(),
            size,
        }
    }

    #[track_caller]
    pub fn wait(&self) -> BarrierWaitResult {
        let place = Place::caller();
        let context = context_for("sync::Barrier::wait");
        let size = self.size;
        let barrier = self
            .tag
            .object(&context, Kind::Barrier, Some(self.created), || {
                Body::Barrier(Rules::new(size))
            });
        let arrived = context.step(Op::Barrier(barrier, Action::Arrive), place);
        let leader = matches!(arrived, Ok(Outcome::Answer { yes: true }));
        if !leader {
            let _ = context.step(Op::Barrier(barrier, Action::Pass), place);
        }
        BarrierWaitResult(leader)
    }
}

impl fmt::Debug for Barrier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Barrier").finish_non_exhaustive()
    }
}
