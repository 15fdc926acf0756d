//! Objects that live longer than one execution.

use super::runtime::Context;
use crate::primitives::Body;
use crate::vocabulary::{Kind, ObjectId, Place};
use ::std::sync::{Mutex, PoisonError};

/// Knows a shared object from one step to the next. An object that is created
/// by a `const fn` is unknown to the run until it is first used, and one in a
/// `static` is used by many runs.
#[derive(Debug, Default)]
pub struct Tag {
    known: Mutex<Vec<Known>>,
}

#[derive(Debug)]
struct Known {
    exploration: u64,
    epoch: u64,
    object: ObjectId,
}

impl Tag {
    pub const fn new() -> Tag {
        Tag {
            known: Mutex::new(Vec::new()),
        }
    }

    /// The object's number in the current run. Adds it if it is new there.
    pub fn object(
        &self,
        context: &Context,
        kind: Kind,
        created: Option<Place>,
        body: impl FnOnce() -> Body,
    ) -> ObjectId {
        let mut known = self.known.lock().unwrap_or_else(PoisonError::into_inner);
        let mine = known
            .iter_mut()
            .find(|known| known.exploration == context.exploration);
        if let Some(mine) = &mine {
            if mine.epoch == context.epoch {
                return mine.object;
            }
        }
        let object = context.with(|state| state.add_object(kind, created, body()));
        match mine {
            Some(mine) => {
                mine.epoch = context.epoch;
                mine.object = object;
            }
            None => known.push(Known {
                exploration: context.exploration,
                epoch: context.epoch,
                object,
            }),
        }
        object
    }
}
