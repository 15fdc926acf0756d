//! What a program can do, from a model of its own: plain states, of which it
//! visits every one that any schedule leads to. It shares nothing with the
//! explorer, knows of no order between steps, and runs nothing.

mod state;
mod steps;

use crate::program::{Ins, Program, body};
use crate::seen::{End, Outcome, Outcomes};
use state::State;
use std::collections::HashSet;
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ptr;

/// A program and its blocks of code, so that a state can name one.
pub struct Model<'a> {
    program: &'a Program,
    blocks: Vec<&'a [Ins]>,
}

impl<'a> Model<'a> {
    pub fn new(program: &'a Program) -> Model<'a> {
        let mut blocks = Vec::new();
        for code in &program.threads {
            add_blocks(code, &mut blocks);
        }
        Model { program, blocks }
    }

    /// Every outcome with its logs; `None` if there are more than `bound` states.
    pub fn outcomes(&self, bound: usize) -> Option<Outcomes> {
        let mut outcomes = Outcomes::new();
        let first = self.first();
        let mut known = HashSet::from([name(&first)]);
        let mut left = vec![first];
        while let Some(state) = left.pop() {
            let mut stuck = true;
            for thread in 0..state.threads.len() {
                for next in self.steps(&state, thread) {
                    stuck = false;
                    match &next.end {
                        Some(end) => note(&mut outcomes, end.clone(), &next),
                        None if known.insert(name(&next)) => left.push(next),
                        None => {}
                    }
                }
            }
            if stuck {
                note(&mut outcomes, End::Stuck, &state);
            }
            if known.len() > bound {
                return None;
            }
        }
        Some(outcomes)
    }

    fn block(&self, code: &[Ins]) -> usize {
        let known = self.blocks.iter().position(|&block| ptr::eq(block, code));
        known.expect("every block was added")
    }
}

fn add_blocks<'a>(code: &'a [Ins], blocks: &mut Vec<&'a [Ins]>) {
    blocks.push(code);
    for inside in code.iter().filter_map(body) {
        add_blocks(inside, blocks);
    }
}

fn note(outcomes: &mut Outcomes, end: End, state: &State) {
    let histories = state.threads.iter().map(|thread| thread.history.clone());
    let outcome = Outcome {
        end,
        histories: histories.collect(),
    };
    let logs = outcomes.entry(outcome).or_default();
    logs.insert(state.log.clone());
}

/// A number that two different states share once in 2^128 times.
fn name(state: &State) -> u128 {
    let half = |salt: u8| {
        let mut hasher = DefaultHasher::new();
        salt.hash(&mut hasher);
        state.hash(&mut hasher);
        u128::from(hasher.finish())
    };
    half(1) << 64 | half(2)
}
