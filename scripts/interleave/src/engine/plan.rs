//! What a run is to do: the choices to repeat, and who sleeps after them.

use super::set::Set;
use crate::trace::Event;
use crate::vocabulary::ThreadId;
use ::std::sync::Arc;

/// A step that a run made beyond its prefix.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// Who could make this step.
    pub able: Set,
    /// Who slept before it.
    pub asleep: Set,
    pub chosen: ThreadId,
    /// No other choice is to be tried here.
    pub frozen: bool,
}

/// The plan of one run.
#[derive(Default)]
pub struct Plan {
    /// The choices to make first. The last of them is new, those before it
    /// were made in the run before.
    pub prefix: Vec<ThreadId>,
    /// Who sleeps when the last choice of the prefix is made.
    pub asleep_first: Set,
    /// Who sleeps now.
    pub asleep: Set,
    /// The run before, which had the same choices but the last.
    pub expected: Arc<Vec<Event>>,
    /// How many of its events must be met again.
    pub expected_len: usize,
    /// What was chosen beyond the prefix.
    pub recorded: Vec<Recorded>,
    /// Each choice is made by somebody else.
    pub steered: bool,
    /// The return of `main` ends the run, as in reality. Otherwise the threads that are left go on:
    /// where they may be cut off is read from the trace.
    pub ends_at_return: bool,
}

impl Plan {
    /// The event that must be met again at this step.
    pub fn expected_at(&self, step: usize) -> Option<&Event> {
        if step < self.expected_len {
            self.expected.get(step)
        } else {
            None
        }
    }

    /// Repeats a schedule, whatever is met.
    pub fn replay(schedule: &[u16]) -> Plan {
        Plan {
            prefix: schedule.iter().map(|&thread| thread.into()).collect(),
            ends_at_return: true,
            ..Plan::default()
        }
    }
}
