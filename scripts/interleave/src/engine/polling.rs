//! Fairness: a thread that polls in vain at one place, with nothing changed, is
//! held back until the others can't go on.

use crate::config::Config;
use crate::primitives::rules::{Bound, Vain};
use crate::vocabulary::{ObjectId, Place};

/// A place where a thread has looked in vain.
struct Poll {
    place: Place,
    object: Option<ObjectId>,
    /// The state of the object that it saw.
    version: u64,
    count: usize,
}

/// Where one thread has looked in vain since it, or the explorer, last changed
/// something for it.
#[derive(Default)]
pub struct Polls {
    polls: Vec<Poll>,
    /// How often it was let go again because nobody else could go on.
    releases: usize,
}

impl Polls {
    /// Whether it has looked nowhere in vain.
    pub fn is_empty(&self) -> bool {
        self.polls.is_empty()
    }

    /// Whether it has looked often enough.
    pub fn hold_back(
        &self,
        place: Place,
        object: Option<ObjectId>,
        vain: Vain,
        config: &Config,
    ) -> bool {
        let bound = match vain.bound {
            Bound::Polls => config.polls,
            Bound::Repeats => config.repeats,
        };
        self.polls.iter().any(|poll| {
            poll.place == place
                && poll.object == object
                && poll.version == vain.version
                && poll.count >= bound
        })
    }

    /// It looks in vain.
    pub fn remember(&mut self, place: Place, object: Option<ObjectId>, vain: Vain) {
        let version = vain.version;
        let is_it = |poll: &&mut Poll| poll.place == place && poll.object == object;
        match self.polls.iter_mut().find(is_it) {
            Some(poll) if poll.version == version => poll.count += 1,
            Some(poll) => {
                poll.version = version;
                poll.count = 1;
            }
            None => self.polls.push(Poll {
                place,
                object,
                version,
                count: 1,
            }),
        }
    }

    /// It has changed something, so it may look anew.
    pub fn clear(&mut self) {
        self.polls.clear();
    }

    /// It may look once more, for nobody else can go on.
    pub fn release(&mut self) {
        self.polls.clear();
        self.releases += 1;
    }

    /// How often it was released.
    pub fn releases(&self) -> usize {
        self.releases
    }
}
