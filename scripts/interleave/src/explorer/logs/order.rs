//! What one trace says about its prints: which must come before which.

use super::automaton::{Automaton, Letter, NOTHING, Node};
use std::collections::HashMap;

/// One print of a trace, as the engine hands it over.
#[derive(Clone, Debug)]
pub struct Print<'a> {
    /// The thread that printed.
    pub thread: usize,
    /// What it printed, newline included if there is one.
    pub text: &'a str,
    /// The event's vector clock, its own step counted in: `clock[t]` events of
    /// thread `t` happened before it. Missing entries are zero. The clock must
    /// not order one print after another only because both print.
    pub clock: &'a [u32],
}

/// How many prints of each thread are done.
pub type Done = Box<[u32]>;

#[derive(Clone)]
struct Step {
    /// What it prints, letter by letter; never empty.
    letters: Box<[Letter]>,
    /// How many prints of each thread must be done before this one.
    after: Done,
}

/// The prints of one trace as a partial order: per thread its prints in order,
/// each with what must be done before it.
pub struct Order {
    threads: Box<[Box<[Step]>]>,
    /// How many prints of each thread must be done before the log may end.
    enough: Done,
}

impl Order {
    /// Reads the prints of one trace, in any order that keeps each thread's own
    /// order. With the clock of the return of `main`, only what comes before
    /// that must be printed. `spell` turns a text into letters; a print without
    /// letters is left out (its place in the order survives in the others'
    /// clocks).
    pub fn new(
        prints: &[Print],
        returned: Option<&[u32]>,
        mut spell: impl FnMut(&str) -> Vec<Letter>,
    ) -> Order {
        let mut ids: Vec<usize> = Vec::new();
        let mut kept: Vec<(&Print, Box<[Letter]>)> = Vec::new();
        for print in prints {
            let letters = spell(print.text);
            if !letters.is_empty() {
                ids.push(print.thread);
                kept.push((print, letters.into()));
            }
        }
        ids.sort_unstable();
        ids.dedup();
        let at = |clock: &[u32], thread: usize| clock.get(thread).copied().unwrap_or(0);
        // When each thread's prints happened, on that thread's own clock.
        let mut times: Vec<Vec<u32>> = vec![Vec::new(); ids.len()];
        for (print, _) in &kept {
            let row = ids.partition_point(|&id| id < print.thread);
            times[row].push(at(print.clock, print.thread));
        }
        let before = |times: &[u32], now: u32| times.partition_point(|&time| time <= now) as u32;
        let enough = ids.iter().zip(&times).map(|(&id, times)| match returned {
            Some(clock) => before(times, at(clock, id)),
            None => times.len() as u32,
        });
        let enough = enough.collect();
        let mut threads: Vec<Vec<Step>> = vec![Vec::new(); ids.len()];
        for (print, letters) in kept {
            let row = ids.partition_point(|&id| id < print.thread);
            let own = threads[row].len();
            let after = ids
                .iter()
                .zip(&times)
                .enumerate()
                .map(|(other, (&id, times))| {
                    if other == row {
                        return own as u32;
                    }
                    before(times, at(print.clock, id))
                });
            let after = after.collect();
            threads[row].push(Step { letters, after });
        }
        Order {
            threads: threads.into_iter().map(Vec::into_boxed_slice).collect(),
            enough,
        }
    }

    /// The same as bytes, few of them; equal for equal orders only.
    pub fn bytes(&self) -> Box<[u8]> {
        let mut bytes = Vec::new();
        let mut put = |mut number: u32| {
            while number >= 128 {
                bytes.push((number % 128) as u8 | 128);
                number /= 128;
            }
            bytes.push(number as u8);
        };
        put(self.threads.len() as u32);
        for (steps, &enough) in self.threads.iter().zip(&self.enough) {
            put(steps.len() as u32);
            put(enough);
            for step in steps {
                put(step.letters.len() as u32);
                step.letters.iter().chain(&step.after).for_each(|&n| put(n));
            }
        }
        bytes.into()
    }

    /// The order that such bytes stand for, where `letters` says what each of its letters is here.
    /// Refuses other bytes.
    pub fn read(bytes: &[u8], letters: &[Letter]) -> Option<Order> {
        let mut rest = bytes.iter();
        let mut next = || {
            let (mut number, mut shift) = (0u32, 0);
            loop {
                let byte = *rest.next()?;
                number |= u32::from(byte % 128).checked_shl(shift)?;
                shift += 7;
                if byte < 128 {
                    return Some(number);
                }
            }
        };
        let count = next()?;
        let mut threads = Vec::new();
        let mut enough = Vec::new();
        for _ in 0..count {
            let mut steps = Vec::new();
            let own = next()?;
            enough.push(next()?);
            for _ in 0..own {
                let mut spelled = Vec::new();
                for _ in 0..next()? {
                    spelled.push(*letters.get(next()? as usize)?);
                }
                let after: Option<Done> = (0..count).map(|_| next()).collect();
                steps.push(Step {
                    letters: spelled.into(),
                    after: after?,
                });
            }
            threads.push(steps.into_boxed_slice());
        }
        Some(Order {
            threads: threads.into(),
            enough: enough.into(),
        })
    }

    /// Nothing done yet.
    pub fn start(&self) -> Done {
        vec![0; self.threads.len()].into()
    }

    /// Whether enough is done for the log to end.
    pub fn finished(&self, done: &[u32]) -> bool {
        self.enough
            .iter()
            .zip(done)
            .all(|(need, have)| need <= have)
    }

    /// The prints that may come next: their letters, and what is done then.
    pub fn moves(&self, done: &[u32]) -> Vec<(&[Letter], Done)> {
        let mut moves = Vec::new();
        for (row, steps) in self.threads.iter().enumerate() {
            let Some(step) = steps.get(done[row] as usize) else {
                continue;
            };
            if step.after.iter().zip(done).all(|(need, have)| need <= have) {
                let mut next: Done = done.into();
                next[row] += 1;
                moves.push((&*step.letters, next));
            }
        }
        moves
    }

    /// Adds this order's logs to the automaton and gives their node; `None` if
    /// that would take more than `limit` sets of prints done.
    pub fn node(&self, automaton: &mut Automaton, limit: usize) -> Option<Node> {
        // Every set of prints that may be done at once, smaller ones first.
        let mut sets: Vec<Done> = vec![self.start()];
        let mut index: HashMap<Done, usize> = HashMap::from([(self.start(), 0)]);
        let mut moves: Vec<Vec<(&[Letter], usize)>> = Vec::new();
        let mut read = 0;
        while read < sets.len() {
            let mut here = Vec::new();
            for (letters, next) in self.moves(&sets[read]) {
                let to = *index.entry(next).or_insert_with_key(|next| {
                    sets.push(next.clone());
                    sets.len() - 1
                });
                here.push((letters, to));
            }
            if sets.len() > limit {
                return None;
            }
            moves.push(here);
            read += 1;
        }
        let mut nodes = vec![NOTHING; sets.len()];
        for set in (0..sets.len()).rev() {
            let end = automaton.node(self.finished(&sets[set]), Vec::new());
            let mut parts = vec![end];
            for &(letters, to) in &moves[set] {
                parts.push(automaton.prepend(letters, nodes[to]));
            }
            nodes[set] = automaton.union(&parts);
        }
        Some(nodes[0])
    }
}
