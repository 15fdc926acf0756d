//! Who owns a receiver together with others.

use crate::primitives::{Op, channel, mutex};
use crate::trace::{Event, held_by};
use crate::vocabulary::{ObjectId, ThreadId};
use ::std::collections::BTreeSet;

/// The threads that have owned the receiver of a channel, as far as that is told by what they did:
/// whoever has received, or has asked for a lock under which somebody did.
pub fn of(events: &[Event], channel: ObjectId) -> BTreeSet<ThreadId> {
    let receives = |event: &Event| match event.op {
        Op::Channel(
            other,
            channel::Action::Recv | channel::Action::TryRecv | channel::Action::RecvTimeout,
        ) => other == channel,
        _ => false,
    };
    let mut owners = BTreeSet::new();
    let mut locks = BTreeSet::new();
    for (number, event) in events.iter().enumerate() {
        if receives(event) {
            owners.insert(event.thread);
            locks.extend(held_by(&events[..number], event.thread));
        }
    }
    let asks = |event: &&Event| match event.op {
        Op::Mutex(lock, mutex::Action::Lock | mutex::Action::TryLock) => locks.contains(&lock),
        _ => false,
    };
    owners.extend(events.iter().filter(asks).map(|event| event.thread));
    owners
}
