//! Runs every schedule of a program, and names the trace of each.

use interleave::explorer::Explorer;
use std::collections::BTreeSet;

/// A choice: who could go, and which of them went.
struct Choice {
    able: Vec<usize>,
    at: usize,
}

/// The traces of all schedules; `None` if there are more than `bound`.
pub fn traces(explorer: &mut Explorer, bound: usize) -> Option<BTreeSet<u128>> {
    let mut traces = BTreeSet::new();
    let mut path: Vec<Choice> = Vec::new();
    for _ in 0..bound {
        let schedule: Vec<u16> = path.iter().map(|c| c.able[c.at] as u16).collect();
        let execution = explorer.steer_after(&schedule, &mut |snapshot| {
            let able = snapshot.enabled();
            let first = able.first().copied();
            path.extend(first.map(|_| Choice { able, at: 0 }));
            first
        });
        traces.insert(execution.trace());
        loop {
            let Some(last) = path.last_mut() else {
                return Some(traces);
            };
            last.at += 1;
            if last.at < last.able.len() {
                break;
            }
            path.pop();
        }
    }
    None
}
