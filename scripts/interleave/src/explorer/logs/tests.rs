use super::*;
use std::time::Instant;

/// A small generator of pseudo-random numbers (xorshift), the same everywhere.
struct Random(u64);

impl Random {
    fn below(&mut self, n: usize) -> usize {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 % n as u64) as usize
    }
}

type Owned = (usize, String, Vec<u32>);

fn prints(owned: &[Owned]) -> Vec<Print<'_>> {
    owned
        .iter()
        .map(|(thread, text, clock)| Print {
            thread: *thread,
            text,
            clock,
        })
        .collect()
}

/// A run of a few threads that print and sometimes learn each other's clock.
fn random_trace(random: &mut Random, texts: &[&str]) -> Vec<Owned> {
    let threads = 1 + random.below(3);
    let mut clocks = vec![vec![0u32; threads]; threads];
    let mut trace = Vec::new();
    for _ in 0..random.below(8) {
        let (me, other) = (random.below(threads), random.below(threads));
        if random.below(3) == 0 {
            let known = clocks[other].clone();
            for (mine, theirs) in clocks[me].iter_mut().zip(known) {
                *mine = theirs.max(*mine);
            }
        }
        clocks[me][me] += 1;
        if random.below(4) > 0 {
            let text = texts[random.below(texts.len())].to_string();
            trace.push((me, text, clocks[me].clone()));
        }
    }
    trace
}

/// Every linear extension of a trace's prints, one by one.
fn brute(trace: &[Owned], done: &mut Vec<usize>, log: &str, logs: &mut BTreeSet<String>) {
    if done.len() == trace.len() {
        logs.insert(log.to_string());
    }
    for (next, (_, text, clock)) in trace.iter().enumerate() {
        let ready = trace
            .iter()
            .enumerate()
            .all(|(other, (thread, _, theirs))| {
                other == next || theirs[*thread] > clock[*thread] || done.contains(&other)
            });
        if ready && !done.contains(&next) {
            done.push(next);
            brute(trace, done, &format!("{log}{text}"), logs);
            done.pop();
        }
    }
}

#[test]
fn agrees_with_enumeration() {
    let alphabets: [&[&str]; 4] = [
        &["a\n", "b\n", "c\n"],
        &["a", "b", "ab", "\n", ""],
        &["a\nb\n", "a\n", "b\nc", "b\n"],
        &["one\n", "two", "two\n", "three\ntwo\n", "é"],
    ];
    for seed in 1..3_000u64 {
        let mut random = Random(seed.wrapping_mul(0x9E37_79B9_7F4A_7C15));
        let texts = alphabets[seed as usize % alphabets.len()];
        let traces: Vec<_> = (0..random.below(4))
            .map(|_| random_trace(&mut random, texts))
            .collect();
        let mut expected = BTreeSet::new();
        // With the small limit some traces stay outside the automaton; and one
        // is cleared as soon as something could be without use.
        let mut exact = Logs::new();
        let mut small = Logs::with_bounds(12, 1);
        let mut cleared = Logs::with_bounds(NODES, 1);
        for trace in &traces {
            brute(trace, &mut Vec::new(), "", &mut expected);
            exact.add(&prints(trace));
            small.add(&prints(trace));
            cleared.add(&prints(trace));
        }
        assert!(
            cleared.language().iter().eq(expected.iter().cloned()),
            "seed {seed}"
        );
        let exact = exact.language();
        let small = small.language();
        assert!(exact.count().exact);
        assert_eq!(exact.count().logs, expected.len() as u128, "seed {seed}");
        assert!(small.count().logs <= expected.len() as u128, "seed {seed}");
        assert_eq!(
            exact.iter().collect::<Vec<_>>(),
            expected.iter().cloned().collect::<Vec<_>>(),
            "seed {seed}"
        );
        for log in &expected {
            for language in [&exact, &small] {
                assert_eq!(language.contains(log), Answer::Possible, "seed {seed}");
            }
            let mut letters: Vec<char> = log.chars().collect();
            if letters.len() > 1 {
                let at = random.below(letters.len() - 1);
                letters.swap(at, at + 1);
                check_answer(
                    &exact,
                    &small,
                    &expected,
                    &letters.iter().collect::<String>(),
                );
            }
            let half: String = log.chars().take(log.chars().count() / 2).collect();
            check_answer(&exact, &small, &expected, &half);
        }
    }
}

/// Compares a log's answer with the plain definition.
fn check_answer(exact: &Language, small: &Language, logs: &BTreeSet<String>, log: &str) {
    let answer = exact.contains(log);
    assert_eq!(answer, small.contains(log));
    let unfinished = !log.is_empty() && !log.ends_with('\n');
    let possible = logs.contains(log) || unfinished && logs.contains(&format!("{log}\n"));
    assert_eq!(answer == Answer::Possible, possible, "{log:?} in {logs:?}");
    let Answer::Impossible {
        line,
        possible,
        may_end,
        ..
    } = answer
    else {
        return;
    };
    let mut before: String = log.split_inclusive('\n').take(line - 1).collect();
    if !before.is_empty() && !before.ends_with('\n') {
        before.push('\n');
    }
    let there: BTreeSet<String> = logs
        .iter()
        .filter_map(|l| l.strip_prefix(&before))
        .filter(|rest| !rest.is_empty())
        .filter_map(|rest| rest.split('\n').next().map(str::to_string))
        .collect();
    assert_eq!(
        possible,
        there.into_iter().collect::<Vec<_>>(),
        "{log:?} in {logs:?}"
    );
    assert_eq!(may_end, logs.contains(&before), "{log:?} in {logs:?}");
}

#[test]
fn a_refusal_names_the_line() {
    let mut logs = Logs::new();
    let trace = [
        (0, "start\n".to_string(), vec![1]),
        (1, "left\n".to_string(), vec![1, 1]),
        (2, "right\n".to_string(), vec![1, 0, 1]),
        (0, "end\n".to_string(), vec![2, 1, 1]),
    ];
    logs.add(&prints(&trace));
    let language = logs.language();
    assert_eq!(language.count().to_string(), "2");
    assert_eq!(language.first().unwrap(), "start\nleft\nright\nend\n");
    assert_eq!(
        language.contains("start\nright\nleft\nend"),
        Answer::Possible
    );
    assert_eq!(
        language.contains("start\r\nright\r\nleft\r\nend\r\n"),
        Answer::Possible
    );
    assert_eq!(
        language.contains("start\nend\nleft\nright\n").to_string(),
        "impossible from line 2 on: end\n  possible there: left\n  possible there: right"
    );
    assert_eq!(
        language.contains("start\nleft\n").to_string(),
        "impossible: it ends before line 3\n  possible there: right"
    );
}

#[test]
fn a_long_log_is_no_problem() {
    let mut logs = Logs::new();
    let mut trace: Vec<Owned> = (0..20_000)
        .map(|i| (0, format!("{}\n", i % 7), vec![i + 1]))
        .collect();
    logs.add(&prints(&trace));
    trace[10_000].1 = "x\n".to_string();
    logs.add(&prints(&trace));
    assert_eq!(logs.language().count().logs, 2);
}

/// The clocks of the pool that shuts down with two loops, written down by hand:
/// who takes the jobs (and in which order), who takes which `Terminate`.
fn two_loops(takes: &[usize], workers: usize, jobs: usize) -> Vec<Owned> {
    let main = workers;
    let mut clocks = vec![vec![0u32; workers + 1]; workers + 1];
    let mut trace = Vec::new();
    fn join(clocks: &mut [Vec<u32>], into: usize, from: &[u32]) {
        for (mine, &theirs) in clocks[into].iter_mut().zip(from) {
            *mine = theirs.max(*mine);
        }
    }
    let mut print = |clocks: &mut [Vec<u32>], thread: usize, text: String| {
        clocks[thread][thread] += 1;
        trace.push((thread, text + "\n", clocks[thread].clone()));
    };
    let mut messages = Vec::new();
    for _ in 0..jobs {
        clocks[main][main] += 1;
        messages.push(clocks[main].clone());
    }
    print(&mut clocks, main, "Shutting down.".to_string());
    print(
        &mut clocks,
        main,
        "Sending terminate message to all workers.".to_string(),
    );
    for _ in 0..workers {
        clocks[main][main] += 1;
        messages.push(clocks[main].clone());
    }
    print(&mut clocks, main, "Shutting down all workers.".to_string());
    // The receiver's lock orders the workers one after another.
    let mut lock = vec![0u32; workers + 1];
    for (turn, &worker) in takes.iter().enumerate() {
        join(&mut clocks, worker, &lock);
        join(&mut clocks, worker, &messages[turn]);
        clocks[worker][worker] += 1;
        lock = clocks[worker].clone();
        let text = if turn < jobs {
            format!("Worker {worker} got a job; executing.")
        } else {
            format!("Worker {worker} was told to terminate.")
        };
        print(&mut clocks, worker, text);
    }
    for worker in 0..workers {
        print(&mut clocks, main, format!("Shutting down worker {worker}"));
        let end = clocks[worker].clone();
        join(&mut clocks, main, &end);
    }
    trace
}

fn orders(workers: usize, jobs: usize, takes: &mut Vec<usize>, logs: &mut Logs) {
    if takes.len() == workers + jobs {
        logs.add(&prints(&two_loops(takes, workers, jobs)));
        return;
    }
    for worker in 0..workers {
        let gone = takes.len() > jobs && takes[jobs..].contains(&worker);
        if !gone {
            takes.push(worker);
            orders(workers, jobs, takes, logs);
            takes.pop();
        }
    }
}

#[test]
fn two_loops_have_as_many_logs_as_enumeration_found() {
    for (workers, jobs, expected) in [
        (2, 0, 15),
        (2, 1, 141),
        (2, 2, 756),
        (3, 0, 105),
        (3, 1, 1_698),
        (3, 2, 14_879),
        (4, 0, 945),
        (4, 1, 22_965),
        (4, 2, 294_000),
    ] {
        let started = Instant::now();
        let mut logs = Logs::new();
        orders(workers, jobs, &mut Vec::new(), &mut logs);
        let language = logs.language();
        let counted = started.elapsed();
        assert_eq!(
            language.count().logs,
            expected,
            "{workers} workers, {jobs} jobs"
        );
        let asked = Instant::now();
        for log in language.samples(20) {
            assert_eq!(language.contains(&log), Answer::Possible);
        }
        println!(
            "{workers} workers, {jobs} jobs: {} logs in {counted:?}, {} nodes; 20 logs found in {:?}",
            language.count(),
            language.nodes(),
            asked.elapsed()
        );
    }
}
