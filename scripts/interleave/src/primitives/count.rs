//! How many own something together: an `Arc`, or the result of a thread, which belongs to the
//! thread and to its handle. The last one that lets go drops it.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two that add an owner | yes: neither sees the number |
//! | one that adds an owner and one that lets go | yes: each has an owner of its own, so neither is the last |
//! | two that let go | yes, unless one of them is the last: that one drops what they own |
//! | `upgrade` and one that lets go | no: it fails after the last |
//! | two that `upgrade`, or one of them and one that adds an owner | yes |
//! | one that asks for the number and one that changes it | no |
//! | one that takes the value or gets it for itself, and any other | no |

use super::rules::{Effect, Links, Names, Rules, Vain, Visitor};
use crate::fact::facts;
use crate::vocabulary::{EventId, Outcome, ThreadId};

/// What an owner does, or somebody who would be one.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Add an owner.
    Add,
    /// Let go.
    Drop,
    /// Add a `Weak`.
    AddWeak,
    /// Drop a `Weak`.
    DropWeak,
    /// Become an owner if there is another.
    Upgrade,
    /// Ask how many owners there are.
    Ask,
    /// Ask how many `Weak` there are.
    AskWeak,
    /// Take the value out if there is no other owner; stay an owner if there is.
    Take,
    /// Take the value out if there is no other owner; let go if there is.
    TakeOrDrop,
    /// Ask whether there is nobody else, `Weak` or not.
    Alone,
}

facts!(enum Action {
    "add" Add,
    "drop" Drop,
    "add-weak" AddWeak,
    "drop-weak" DropWeak,
    "upgrade" Upgrade,
    "ask" Ask,
    "ask-weak" AskWeak,
    "take" Take,
    "take-or-drop" TakeOrDrop,
    "alone" Alone,
});

/// How many own it, and who changed or saw that since the last one that took it or tried.
#[derive(Clone, Debug)]
pub struct Count {
    owners: usize,
    weak: usize,
    /// The last one that took the value, or got it for itself, or tried to.
    last_take: Option<EventId>,
    adds: Vec<EventId>,
    drops: Vec<EventId>,
    upgrades: Vec<EventId>,
    /// Who added or dropped a `Weak`.
    weaks: Vec<EventId>,
    asks: Vec<EventId>,
    /// How often a number has changed.
    version: u64,
}

impl Count {
    /// Something with so many owners.
    pub fn new(owners: usize) -> Count {
        Count {
            owners,
            weak: 0,
            last_take: None,
            adds: Vec::new(),
            drops: Vec::new(),
            upgrades: Vec::new(),
            weaks: Vec::new(),
            asks: Vec::new(),
            version: 0,
        }
    }

    fn took(&mut self, event: EventId) {
        let known = [
            &mut self.adds,
            &mut self.drops,
            &mut self.upgrades,
            &mut self.weaks,
            &mut self.asks,
        ];
        known.into_iter().for_each(Vec::clear);
        self.last_take = Some(event);
    }
}

impl Rules for Action {
    type State = Count;

    fn enabled(&self, _: &Count, _: ThreadId) -> bool {
        match self {
            Action::Add
            | Action::Drop
            | Action::AddWeak
            | Action::DropWeak
            | Action::Upgrade
            | Action::Ask
            | Action::AskWeak
            | Action::Take
            | Action::TakeOrDrop
            | Action::Alone => true,
        }
    }

    fn waits_for(&self, _: &Count, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Add
            | Action::Drop
            | Action::AddWeak
            | Action::DropWeak
            | Action::Upgrade
            | Action::Ask
            | Action::AskWeak
            | Action::Take
            | Action::TakeOrDrop
            | Action::Alone => None,
        }
    }

    fn in_vain(&self, count: &Count, _: ThreadId) -> Option<Vain> {
        match self {
            Action::Ask | Action::AskWeak | Action::Alone => Vain::poll(count.version),
            Action::Take if count.owners > 1 => Vain::poll(count.version),
            Action::Take
            | Action::Add
            | Action::Drop
            | Action::AddWeak
            | Action::DropWeak
            | Action::Upgrade
            | Action::TakeOrDrop => None,
        }
    }

    fn order(&self, count: &Count, _: ThreadId, links: &mut Links) {
        links.race(&count.last_take);
        match self {
            Action::Add | Action::AddWeak | Action::DropWeak => links.race(&count.asks),
            Action::Drop => {
                links.race(&count.asks);
                links.race(&count.upgrades);
                if count.owners == 1 {
                    links.race(&count.drops);
                }
            }
            Action::Upgrade => {
                links.race(&count.asks);
                links.race(&count.drops);
            }
            Action::Ask | Action::AskWeak => {
                links.race(&count.adds);
                links.race(&count.drops);
                links.race(&count.upgrades);
                links.race(&count.weaks);
            }
            Action::Take | Action::TakeOrDrop | Action::Alone => {
                links.race(&count.adds);
                links.race(&count.drops);
                links.race(&count.upgrades);
                links.race(&count.weaks);
                links.race(&count.asks);
            }
        }
    }

    fn perform(&self, count: &mut Count, _: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Add => {
                count.owners += 1;
                count.adds.push(event);
            }
            Action::Drop => {
                count.owners = count.owners.saturating_sub(1);
                count.drops.push(event);
            }
            Action::AddWeak => {
                count.weak += 1;
                count.weaks.push(event);
            }
            Action::DropWeak => {
                count.weak = count.weak.saturating_sub(1);
                count.weaks.push(event);
            }
            Action::Upgrade => {
                let yes = count.owners > 0;
                count.owners += usize::from(yes);
                count.upgrades.push(event);
                count.version += u64::from(yes);
                return Effect::progress(Outcome::Answer { yes });
            }
            Action::Ask => {
                count.asks.push(event);
                return Effect::idle(Outcome::Count {
                    count: count.owners,
                });
            }
            Action::AskWeak => {
                count.asks.push(event);
                return Effect::idle(Outcome::Count { count: count.weak });
            }
            Action::Take | Action::TakeOrDrop => {
                let yes = count.owners == 1;
                let goes = yes || *self == Action::TakeOrDrop;
                count.owners -= usize::from(goes);
                count.version += u64::from(goes);
                count.took(event);
                let outcome = Outcome::Answer { yes };
                return match goes {
                    true => Effect::progress(outcome),
                    false => Effect::idle(outcome),
                };
            }
            Action::Alone => {
                count.took(event);
                let yes = count.owners == 1 && count.weak == 0;
                return Effect::idle(Outcome::Answer { yes });
            }
        }
        count.version += 1;
        Effect::progress(match (self, count.owners) {
            (Action::Drop, 0) => Outcome::Disconnected,
            _ => Outcome::Done,
        })
    }

    fn words(&self, object: &str, _: &dyn Names) -> String {
        match self {
            Action::Add => format!("clone {object}"),
            Action::Drop => format!("let go of {object}"),
            Action::AddWeak => format!("make a Weak of {object}"),
            Action::DropWeak => format!("drop a Weak of {object}"),
            Action::Upgrade => format!("upgrade to {object}"),
            Action::Ask => format!("ask how many have {object}"),
            Action::AskWeak => format!("ask how many Weak of {object} there are"),
            Action::Take => format!("try to take what is in {object}"),
            Action::TakeOrDrop => format!("let go of {object}, or take what is in it"),
            Action::Alone => format!("ask whether nobody else has {object}"),
        }
    }

    fn visit(&mut self, _: &mut dyn Visitor) {
        match self {
            Action::Add
            | Action::Drop
            | Action::AddWeak
            | Action::DropWeak
            | Action::Upgrade
            | Action::Ask
            | Action::AskWeak
            | Action::Take
            | Action::TakeOrDrop
            | Action::Alone => {}
        }
    }
}
