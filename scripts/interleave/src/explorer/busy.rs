//! Does a thread keep a processor busy while it waits?
//!
//! The search holds a thread back that polls in vain, for there is no end to how often it may. So
//! here the program runs once more for each of its threads, under a scheduler that is not fair: that
//! thread goes on for as long as it can. Whoever waits in earnest stops soon, for a lock, a message
//! or a time. Whoever goes round and round, and nothing comes of it, is found out. A fair scheduler
//! then tells whether the program comes to an end all the same.

use crate::explorer::{Config, Explorer, Snapshot};
use crate::primitives::{condvar, park, pause};
use crate::trace::{Event, Execution, Op, Outcome, Place, ThreadId};

/// How many steps a run may have.
const STEPS: usize = 2_000;

/// How many rounds must be alike. Whoever looks a few times before it waits in earnest is no
/// nuisance.
const ROUNDS: usize = 50;

/// How many steps a round may have.
const LONGEST: usize = 24;

/// How many rounds are shown.
const SHOWN: usize = 3;

/// A thread that is found out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Busy {
    /// Where it goes round.
    pub place: Place,
    /// A run in which it does, up to a few rounds.
    pub execution: Execution,
}

/// Looks for a thread that keeps a processor busy; of several, the one that is found in the
/// shortest run.
pub fn look(config: &Config, program: impl Fn() + Send + Sync + 'static) -> Option<Busy> {
    let mut explorer = Explorer::new(polling_freely(config), program);
    let mut run = |thread, steps| explorer.steer(&mut |snapshot| eager(snapshot, thread, steps));
    let mut threads = 1;
    let mut thread = 0;
    let mut found: Option<(usize, ThreadId, Round)> = None;
    while thread < threads {
        let execution = run(thread, usize::MAX);
        threads = threads.max(execution.threads.len());
        if let Some(round) = round(&execution, thread) {
            let steps = round.from + SHOWN * round.steps;
            if found.as_ref().is_none_or(|(fewest, ..)| steps < *fewest) {
                found = Some((steps, thread, round));
            }
        }
        thread += 1;
    }
    let (steps, thread, Round { place, .. }) = found?;
    let execution = run(thread, steps);
    Some(Busy { place, execution })
}

/// Runs the program once under a scheduler that is fair: every thread has its turn.
pub fn fairly(config: &Config, program: impl Fn() + Send + Sync + 'static) -> Execution {
    let mut last = 0;
    Explorer::new(polling_freely(config), program).steer(&mut |snapshot| {
        let able = snapshot.enabled();
        let next = able.iter().copied().find(|&thread| thread > last);
        last = next.or_else(|| able.first().copied())?;
        Some(last)
    })
}

/// The same, for a run in which nobody is held back.
fn polling_freely(config: &Config) -> Config {
    Config {
        steps: STEPS,
        ..config.with_polls(usize::MAX)
    }
}

/// Lets `thread` go on if it can, and otherwise the first that can, for so many steps.
fn eager(snapshot: &Snapshot, thread: ThreadId, steps: usize) -> Option<ThreadId> {
    if snapshot.events.len() >= steps {
        return None;
    }
    match snapshot.can_go(thread) {
        true => Some(thread),
        false => snapshot.enabled().first().copied(),
    }
}

/// What a thread does again and again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Round {
    /// The number of the event that is its first step for the first time.
    from: usize,
    /// How many steps it has.
    steps: usize,
    /// Where it is that it sees nothing new.
    place: Place,
}

/// What a thread has done again and again at the end of an execution, if nothing came of it.
fn round(execution: &Execution, thread: ThreadId) -> Option<Round> {
    let events = &execution.events;
    let others = events.iter().rposition(|event| event.thread != thread);
    let own = &events[others.map_or(0, |last| last + 1)..];
    let same = |one: &Event, other: &Event| {
        (&one.op, &one.outcome, one.place) == (&other.op, &other.outcome, other.place)
    };
    let steps = (1..=LONGEST).find(|steps| {
        let Some(from) = own.len().checked_sub(steps * ROUNDS) else {
            return false;
        };
        let tail = &own[from..];
        tail.iter()
            .zip(&tail[*steps..])
            .all(|(one, next)| same(one, next))
    })?;
    let last = &own[own.len() - steps..];
    if !last.iter().all(is_in_vain) {
        return None;
    }
    let repeats = |&at: &usize| same(&own[at], &own[at + steps]);
    let alike = (0..own.len() - steps).rev().take_while(repeats).count();
    // A lock is taken only to look at something.
    let looks = |event: &&Event| !matches!(event.op, Op::Mutex(..) | Op::Pause(_));
    let place = last.iter().find(looks).unwrap_or(&last[0]).place;
    Some(Round {
        from: events.len() - steps - alike,
        steps,
        place,
    })
}

/// Whether nothing comes of an event, and it doesn't wait for a time either.
fn is_in_vain(event: &Event) -> bool {
    let waits = matches!(
        event.op,
        Op::Pause(pause::Action::Sleep { .. })
            | Op::Park(park::Action::ParkTimeout)
            | Op::Condvar(_, condvar::Action::WakeTimeout)
    );
    let comes = match &event.outcome {
        Outcome::Message { .. } | Outcome::Client { .. } | Outcome::TimedOut => true,
        Outcome::Value { before, after } => before != after,
        _ => false,
    };
    !waits && !comes
}
