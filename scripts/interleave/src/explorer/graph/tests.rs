use super::*;
use crate::explorer::explain::with_roles;
use crate::explorer::{Config, Explorer};
use crate::sync::{Arc, Condvar, Mutex, mpsc};
use crate::thread;

/// Two workers share a receiver; one message too few is sent.
fn one_too_few() {
    let (sender, receiver) = mpsc::channel();
    let receiver = Arc::new(Mutex::new(receiver));
    let workers = [0, 1].map(|id| {
        let receiver = Arc::clone(&receiver);
        thread::spawn(move || {
            let number: i32 = receiver.lock().unwrap().recv().unwrap();
            crate::println!("{id} takes {number}");
        })
    });
    sender.send(7).unwrap();
    crate::println!("sent");
    for worker in workers {
        worker.join().unwrap();
    }
}

/// Two threads send, and a third is told by a condition variable.
fn told() {
    let told = Arc::new((Mutex::new(false), Condvar::new()));
    let (sender, receiver) = mpsc::channel();
    for number in 0..2 {
        let (told, sender) = (Arc::clone(&told), sender.clone());
        thread::spawn(move || {
            sender.send(number).unwrap();
            *told.0.lock().unwrap() = true;
            told.1.notify_one();
            crate::println!("told");
        });
    }
    let mut guard = told.0.lock().unwrap();
    while !*guard {
        guard = told.1.wait(guard).unwrap();
    }
    drop(guard);
    drop(sender);
    crate::println!("{}", receiver.iter().count());
}

/// Walks at random through the program and, step by step, through its graph:
/// the same threads must be able to go on, and it must end at an end.
fn walk(program: fn()) {
    let mut graph = Graph::new("test", "test");
    let mut explorer = Explorer::new(Config::default(), program);
    let summary = explorer.explore(&mut |execution| graph.add(&with_roles(execution, false)));
    assert!(summary.complete);
    let mut edges: HashMap<&Key, BTreeMap<usize, BTreeSet<&Key>>> = HashMap::new();
    for (from, path, to, _) in &graph.steps {
        let thread = path.first().map_or(0, |n| n + 1);
        let here = edges.entry(from).or_default();
        here.entry(thread).or_default().insert(to);
    }
    let mut visited = BTreeSet::new();
    let mut random = 0x9E37_79B9_7F4A_7C15_u64;
    for _ in 0..300 {
        let mut at = graph.start.as_ref().unwrap();
        explorer.steer(&mut |snapshot| {
            visited.insert(at);
            let here: Vec<usize> = edges
                .get(at)
                .map_or(vec![], |e| e.keys().copied().collect());
            assert_eq!(snapshot.enabled(), here);
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            let thread = *here.get(random as usize % here.len().max(1))?;
            let targets = &edges[at][&thread];
            assert_eq!(targets.len(), 1, "a step leads to one state");
            at = targets.first().unwrap();
            Some(thread)
        });
        assert!(graph.states[at].end.is_some());
    }
    assert!(
        visited.len() * 2 > graph.states.len(),
        "{} of {}",
        visited.len(),
        graph.states.len()
    );
    assert!(graph.json().is_ok());
}

#[test]
fn the_graph_is_what_the_program_does() {
    walk(one_too_few);
    walk(told);
}

/// The states along a log are those that the whole graph has on the way to it.
#[test]
fn a_graph_along_a_log_is_the_part_that_leads_to_it() {
    let build = |log: Option<&str>| {
        let mut graph = Graph::new("test", "test");
        graph.log = log.map(|log| log.lines().map(str::to_string).collect());
        let mut explorer = Explorer::new(Config::default(), one_too_few);
        explorer.explore(&mut |execution| graph.add(&with_roles(execution, false)));
        graph
    };
    let whole = build(None);
    let mut sizes = BTreeSet::new();
    for log in [
        "0 takes 7\nsent",
        "sent\n1 takes 7",
        "sent",
        "",
        "something else",
    ] {
        let mut reached = BTreeSet::from([whole.start.as_ref().unwrap()]);
        let mut todo: Vec<&Key> = reached.iter().copied().collect();
        let mut steps = 0;
        while let Some(at) = todo.pop() {
            let so_far = whole.states[at].printed.values().flatten().count();
            for (_, _, to, does) in whole.steps.iter().filter(|step| step.0 == *at) {
                let print = whole.text(*does).strip_prefix("print `");
                let wanted = log.lines().nth(so_far);
                if print.is_some_and(|line| wanted != line.strip_suffix('`')) {
                    continue;
                }
                steps += 1;
                if reached.insert(to) {
                    todo.push(to);
                }
            }
        }
        let part = build(Some(log));
        assert_eq!(
            (part.states.len(), part.steps.len()),
            (reached.len(), steps)
        );
        let ends = part.states.values().any(|state| state.end.is_some());
        assert_eq!(ends, log.contains("takes"));
        sizes.insert(part.states.len());
    }
    assert!(sizes.len() > 3);
    assert!(sizes.last() < Some(&whole.states.len()));
}
