//! Who owns a receiver together with others.

use crate::primitives::{Op, channel, condvar, mutex};
use crate::trace::Event;
use crate::vocabulary::{ObjectId, Outcome, ThreadId};
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
            locks.extend(held(&events[..number], event.thread));
        }
    }
    let asks = |event: &&Event| match event.op {
        Op::Mutex(lock, mutex::Action::Lock | mutex::Action::TryLock) => locks.contains(&lock),
        _ => false,
    };
    owners.extend(events.iter().filter(asks).map(|event| event.thread));
    owners
}

/// The locks that a thread holds after these events.
fn held(events: &[Event], thread: ThreadId) -> BTreeSet<ObjectId> {
    let mut held = BTreeSet::new();
    for event in events.iter().filter(|event| event.thread == thread) {
        let got = matches!(event.outcome, Outcome::Done | Outcome::Poisoned);
        match event.op {
            Op::Mutex(lock, mutex::Action::Lock | mutex::Action::TryLock) if got => {
                held.insert(lock);
            }
            Op::Mutex(lock, mutex::Action::Unlock)
            | Op::Condvar(_, condvar::Action::Wait { lock }) => {
                held.remove(&lock);
            }
            _ => {}
        }
    }
    held
}
