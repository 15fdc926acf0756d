//! Makes a failing program smaller, as long as it fails.

use crate::program::{Ins, Program, body, body_mut};
use std::sync::Arc;

/// Leaves out instructions, one after the other, of what `fails`.
pub fn shrink(program: &Program, fails: &dyn Fn(&Arc<Program>) -> bool) -> Arc<Program> {
    let mut smallest = program.clone();
    'smaller: loop {
        for thread in 0..smallest.threads.len() {
            for code in without_one(&smallest.threads[thread]) {
                let mut smaller = smallest.clone();
                smaller.threads[thread] = code;
                if fails(&Arc::new(smaller.clone())) {
                    smallest = smaller;
                    continue 'smaller;
                }
            }
        }
        return Arc::new(smallest);
    }
}

/// The same code without one of its instructions, or with the inside of one in
/// its place.
fn without_one(code: &[Ins]) -> Vec<Vec<Ins>> {
    let mut all = Vec::new();
    for at in 0..code.len() {
        let mut shorter = code.to_vec();
        shorter.remove(at);
        all.push(shorter);
        let Some(inside) = body(&code[at]) else {
            continue;
        };
        if !matches!(code[at], Ins::Scope(..)) {
            let mut flatter = code.to_vec();
            flatter.splice(at..=at, inside.iter().cloned());
            all.push(flatter);
        }
        for inside in without_one(inside) {
            let mut smaller = code.to_vec();
            if let Some(body) = body_mut(&mut smaller[at]) {
                *body = inside;
            }
            all.push(smaller);
        }
    }
    all
}
