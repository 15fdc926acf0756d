//! What *independent* means: two neighbouring steps of different threads whose
//! rules don't link them can change places, and nobody can tell.
//!
//! From random reachable states, every pair of steps that the rules don't link
//! is made in both orders. Everything that a program can see must be the same:
//! what came of each step, what each thread can do next and what would come of
//! it, and what was printed and sent. So must be what later steps are ordered
//! after.
//!
//! Which pairs the rules link is in the snapshot, so that neither a link too
//! few nor one too many goes unnoticed.

mod model;
#[path = "../fuzz/random.rs"]
#[allow(dead_code)]
mod random;

use interleave::facts::Fact;
use interleave::primitives::Op;
use interleave::trace::ThreadId;
use model::{Model, Topic};
use std::collections::BTreeMap;
use std::fmt::Write;

/// How many walks through states each topic gets, how long they are, and how
/// many pairs of steps are looked at in each state.
const WALKS: u64 = 24;
const STEPS: usize = 16;
const PAIRS: usize = 24;

/// How often the rules have linked two actions, and how often they haven't.
type Table = BTreeMap<(String, String), (usize, usize)>;

#[test]
fn steps_that_are_not_linked_commute() {
    let mut text = String::new();
    for topic in Topic::ALL {
        let mut table = Table::new();
        for walk in 0..WALKS {
            let mut model = Model::new(topic, walk);
            for _ in 0..STEPS {
                compare_pairs(&mut model, &mut table);
                if !model.make_a_random_step() {
                    break;
                }
            }
        }
        write!(text, "{}", shown(topic, &table)).expect("text");
    }
    insta::assert_snapshot!(text);
}

fn compare_pairs(model: &mut Model, table: &mut Table) {
    let steps = model.steps();
    let pairs = if steps.is_empty() { 0 } else { PAIRS };
    for _ in 0..pairs {
        let (first, second) = (model.one_of(&steps), model.one_of(&steps));
        if first.0 == second.0 || !model.can(first) {
            continue;
        }
        let Some(linked) = compare(model, first, second) else {
            continue;
        };
        let mut names = [name(&first.1), name(&second.1)];
        names.sort();
        let [one, other] = names;
        let counts = table.entry((one, other)).or_default();
        match linked {
            true => counts.0 += 1,
            false => counts.1 += 1,
        }
    }
}

/// Makes two steps in both orders, unless they are linked. Says whether they
/// are; nothing if the second can't be made.
fn compare(model: &Model, first: &(ThreadId, Op), second: &(ThreadId, Op)) -> Option<bool> {
    let mut one = model.clone();
    let event = one.next_event();
    let seen_first = one.make(first.0, &first.1);
    if one.is_linked(second, event) {
        return (one.can(second) || model.can(second)).then_some(true);
    }
    let pair = || format!("{first:?} and {second:?} after {:#?}", model.path());
    assert_eq!(
        one.can(second),
        model.can(second),
        "the first decides whether the second is possible: {}",
        pair()
    );
    if !one.can(second) {
        return None;
    }
    let seen_second = one.make(second.0, &second.1);

    let mut other = model.clone();
    let seen_second_now_first = other.make(second.0, &second.1);
    assert!(
        other.can(first),
        "the second makes the first impossible: {}",
        pair()
    );
    let seen_first_now_second = other.make(first.0, &first.1);

    assert_eq!(
        seen_first,
        seen_first_now_second,
        "what the first sees: {}",
        pair()
    );
    assert_eq!(
        seen_second,
        seen_second_now_first,
        "what the second sees: {}",
        pair()
    );
    one.compare_with(&other, event, &pair);
    Some(false)
}

/// The primitive and the action, by their codes.
fn name(op: &Op) -> String {
    let json = op.to_json();
    let code = |json| interleave::facts::code(json).unwrap_or("?").to_string();
    let primitive = code(&json);
    let action = json.get("action").map(code).unwrap_or_default();
    format!("{primitive} {action}")
}

fn shown(topic: Topic, table: &Table) -> String {
    let mut text = format!("{topic:?}\n");
    for ((one, other), (linked, free)) in table {
        let how = match (linked, free) {
            (_, 0) => "ordered",
            (0, _) => "independent",
            _ => "ordered in some states, independent in others",
        };
        writeln!(text, "  {one}, {other}: {how}").expect("text");
    }
    text
}
