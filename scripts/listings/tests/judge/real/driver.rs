// What stands behind `make` and `give` in the program that uses a pool for real. It says what it
// sees, a line for each.

use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{self, Receiver, Sender};
use std::time::Duration;

fn main() {
    let mut arguments = std::env::args().skip(1);
    let what = arguments.next().expect("what to do");
    let patience = arguments
        .next()
        .expect("how long a job or a drop waits, in milliseconds");
    let patience = Duration::from_millis(patience.parse().expect("a number"));
    match what.as_str() {
        "drop" => drops(patience),
        "meet" => meet(patience),
        "lose" => lose(patience),
        "idle" => idle(),
        "busy" => busy(patience),
        other => panic!("it can't {other}"),
    }
}

/// Four jobs, and then, sooner or later, the pool is dropped.
fn drops(pause: Duration) {
    static DONE: AtomicUsize = AtomicUsize::new(0);
    let mut pool = make(2);
    for _ in 0..4 {
        give(&mut pool, || {
            DONE.fetch_add(1, Ordering::SeqCst);
        });
    }
    std::thread::sleep(pause);
    println!("dropping");
    drop(pool);
    println!("dropped, {} done", DONE.load(Ordering::SeqCst));
}

/// Two jobs, each of which waits for the other, or until its patience is at an end.
fn meet(patience: Duration) {
    let mut pool = make(2);
    let (told, saw) = mpsc::channel();
    let (one, other) = (mpsc::channel(), mpsc::channel());
    let meets = |here: Sender<()>, there: Receiver<()>| {
        let told = told.clone();
        move || {
            let _ = here.send(());
            let met = there.recv_timeout(patience).is_ok();
            let _ = told.send(met);
            // Whoever comes late finds a message, but nobody who waits.
        }
    };
    let (first, second) = (meets(one.0, other.1), meets(other.0, one.1));
    give(&mut pool, first);
    give(&mut pool, second);
    let met = [saw.recv(), saw.recv()] == [Ok(true), Ok(true)];
    println!("{}", if met { "met" } else { "apart" });
    std::process::exit(0);
}

/// Jobs that go on only when dropping the pool has returned, or when their patience is at an end.
fn lose(patience: Duration) {
    static DONE: AtomicUsize = AtomicUsize::new(0);
    let mut pool = make(1);
    let mut gates = Vec::new();
    for _ in 0..2 {
        let (gate, opened) = mpsc::channel::<()>();
        gates.push(gate);
        give(&mut pool, move || {
            let _ = opened.recv_timeout(patience);
            DONE.fetch_add(1, Ordering::SeqCst);
        });
    }
    drop(pool);
    println!("dropped, {} done", DONE.load(Ordering::SeqCst));
    std::process::exit(0);
}

/// A pool that has done its job and has no other.
fn idle() {
    let mut pool = make(2);
    let (told, done) = mpsc::channel();
    give(&mut pool, move || told.send(()).expect("somebody waits"));
    done.recv().expect("a job is done");
    println!("waiting");
    // For ever: whoever has started this ends it.
    std::thread::park();
    drop(pool);
}

/// A pool that is dropped while its job goes on.
fn busy(patience: Duration) {
    let mut pool = make(1);
    let (told, begun) = mpsc::channel();
    give(&mut pool, move || {
        told.send(()).expect("somebody waits");
        std::thread::sleep(patience);
    });
    begun.recv().expect("a job begins");
    println!("waiting");
    drop(pool);
    println!("dropped");
}
