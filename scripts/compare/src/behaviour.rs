//! What a pool does, seen by using it.
//!
//! Each question has two sides. In a child process a pool is put into the situation, and
//! what happens is printed as lines `key: value`. The parent makes a few words of that.

use crate::{
    child::{self, Answer, value},
    pools::Pool,
};
use std::{
    io,
    panic::{AssertUnwindSafe, catch_unwind},
    process,
    sync::{
        Arc,
        atomic::{AtomicBool, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread,
    time::{Duration, Instant},
};

/// The questions, as a child is asked.
pub const QUESTIONS: [&str; 3] = ["drop", "panic", "queue"];

/// How many jobs a queue is tried with.
const MANY: usize = 100_000;

/// How long nothing has to happen before we say that nothing will.
const SILENCE: Duration = Duration::from_secs(2);

/// What was seen of a pool, in words.
pub struct Behaviour {
    /// What dropping does, while a job runs and others are queued.
    pub drop: String,
    /// What becomes of a job that panics.
    pub panic: String,
    /// What becomes of the jobs after it.
    pub after: String,
    /// Whether the queue is bounded.
    pub queue: String,
}

/// Asks the pool of that name.
pub fn of(name: &str) -> io::Result<Behaviour> {
    let drop = child::ask(&["ask", name, "drop"])?;
    let panic = child::ask(&["ask", name, "panic"])?;
    let queue = child::ask(&["ask", name, "queue"])?;
    Ok(Behaviour {
        drop: drop_in_words(&drop),
        panic: panic_in_words(&panic),
        after: after_in_words(&panic),
        queue: queue_in_words(&queue),
    })
}

/// A job that counts: that it has run, or that it was thrown away.
#[derive(Clone, Default)]
struct Counters {
    run: Arc<AtomicUsize>,
    thrown_away: Arc<AtomicUsize>,
}

struct Counted {
    counters: Counters,
    ran: bool,
}

impl Counters {
    fn job(&self) -> impl FnOnce() + Send + 'static {
        let mut job = Counted {
            counters: self.clone(),
            ran: false,
        };
        move || {
            job.ran = true;
            drop(job);
        }
    }

    fn run(&self) -> usize {
        self.run.load(SeqCst)
    }

    fn thrown_away(&self) -> usize {
        self.thrown_away.load(SeqCst)
    }

    /// Waits until so many have run or were thrown away, or until nothing happens any more.
    fn settle(&self, wanted: usize) {
        let mut seen = 0;
        let mut since = Instant::now();
        while seen < wanted && since.elapsed() < SILENCE {
            let now = self.run() + self.thrown_away();
            if now > seen {
                (seen, since) = (now, Instant::now());
            }
            thread::sleep(Duration::from_millis(1));
        }
    }
}

impl Drop for Counted {
    fn drop(&mut self) {
        let counter = match self.ran {
            true => &self.counters.run,
            false => &self.counters.thrown_away,
        };
        counter.fetch_add(1, SeqCst);
    }
}

/// The child's side of a question.
pub fn show<P: Pool>(question: &str) {
    match question {
        "drop" => show_drop::<P>(),
        "panic" => show_panic::<P>(),
        _ => show_queue::<P>(),
    }
    // What threads there are left go with the process.
    process::exit(0);
}

/// One worker; a job that is held back, and three more behind it. Then the pool is dropped,
/// and the job is let go once the drop has returned, or has had time to.
fn show_drop<P: Pool>() {
    let (open, gate) = mpsc::channel();
    let (started, starts) = mpsc::channel();
    let counters = Counters::default();
    let returned = Arc::new(AtomicBool::new(false));

    let pool = P::new(1);
    let held = counters.job();
    pool.execute(move || {
        let _ = started.send(());
        let _ = gate.recv();
        held();
    });
    for _ in 0..3 {
        pool.execute(counters.job());
    }
    let _ = starts.recv();
    let opener = thread::spawn({
        let returned = Arc::clone(&returned);
        move || {
            let begin = Instant::now();
            while !returned.load(SeqCst) && begin.elapsed() < SILENCE {
                thread::sleep(Duration::from_millis(1));
            }
            let waited = !returned.load(SeqCst);
            let _ = open.send(());
            waited
        }
    });
    drop(pool);
    let (run, thrown_away) = (counters.run(), counters.thrown_away());
    returned.store(true, SeqCst);
    let waited = opener.join().unwrap_or_default();
    counters.settle(4);
    if waited {
        eprintln!(
            "lost in the last moment: {}",
            lost_in_the_last_moment::<P>()
        );
    }
    eprintln!("waited: {waited}");
    eprintln!("run: {run}");
    eprintln!("thrown away: {thrown_away}");
    eprintln!("run later: {}", counters.run() - run);
    eprintln!(
        "thrown away later: {}",
        counters.thrown_away() - thrown_away
    );
}

/// The worker sleeps because there is nothing to do; a job is given, and the pool is
/// dropped at once. In how many of many tries is the job never run?
fn lost_in_the_last_moment<P: Pool>() -> usize {
    let mut lost = 0;
    for _ in 0..1_000 {
        let counters = Counters::default();
        let pool = P::new(1);
        pool.execute(counters.job());
        counters.settle(1);
        thread::sleep(Duration::from_micros(100));
        pool.execute(counters.job());
        drop(pool);
        counters.settle(2);
        lost += counters.thrown_away();
    }
    lost
}

fn drop_in_words(answer: &Answer) -> String {
    let number = |key| value(answer, key).unwrap_or("?");
    let (waited, run) = (number("waited"), number("run"));
    let (gone, later) = (number("thrown away"), number("run later"));
    let lost = number("lost in the last moment");
    match (answer.status, waited, run, gone, later) {
        (None, ..) => "never returns".to_string(),
        (_, "true", "4", "0", "0") if lost == "0" => "waits for all jobs".to_string(),
        (_, "true", "4", "0", "0") => {
            "waits; but a job that was given just before may be thrown away".to_string()
        }
        (_, "true", "1", "3", "0") => {
            "waits for the job that runs, throws away those that are queued".to_string()
        }
        (_, "false", "0", "0", "4") => {
            "doesn't wait; the jobs run if the program lives that long".to_string()
        }
        _ => format!("something else: {}", answer.text.trim().replace('\n', ", ")),
    }
}

/// Two workers. A job that panics, and four that don't; as many panics as workers in all,
/// and four more; then the pool is dropped.
fn show_panic<P: Pool>() {
    let pool = P::new(2);
    for round in ["one", "two"] {
        let counters = Counters::default();
        let taken = catch_unwind(AssertUnwindSafe(|| {
            let ended = counters.job();
            pool.execute(move || {
                // Dropped when the panic has passed by.
                let _ended = ended;
                panic!("a job that panics");
            });
            counters.settle(1);
            // A thread that ends needs a moment more, of which nobody is told.
            thread::sleep(SILENCE / 4);
            for _ in 0..4 {
                pool.execute(counters.job());
            }
        }));
        counters.settle(5);
        eprintln!("after {round}: {}", counters.run());
        eprintln!("after {round}, taken: {}", taken.is_ok());
    }
    eprintln!("two at once: {}", two_at_once(&pool));
    let dropped = catch_unwind(AssertUnwindSafe(|| drop(pool)));
    eprintln!("drop returns: {}", dropped.is_ok());
}

/// Whether a second job begins while a first one goes on.
fn two_at_once<P: Pool>(pool: &P) -> bool {
    let (started, starts) = mpsc::channel();
    let gates = [(); 2].map(|()| {
        let (open, gate) = mpsc::channel::<()>();
        let started = started.clone();
        let job = move || {
            let _ = started.send(());
            let _ = gate.recv();
        };
        let given = catch_unwind(AssertUnwindSafe(|| pool.execute(job)));
        given.is_ok().then_some(open)
    });
    let both = (0..2).all(|_| starts.recv_timeout(SILENCE).is_ok());
    drop(gates);
    both
}

fn panic_in_words(answer: &Answer) -> String {
    let two = value(answer, "two at once");
    match (value(answer, "after one"), value(answer, "after two"), two) {
        (None, ..) => "ends the whole process",
        (Some("4"), Some("4"), Some("true")) => {
            "costs nothing: there are two workers as before"
        }
        (Some("4"), ..) => "costs a worker",
        _ => "costs the pool",
    }
    .to_string()
}

fn after_in_words(answer: &Answer) -> String {
    let after = |round| value(answer, &format!("after {round}"));
    let jobs = match (
        after("one"),
        after("two"),
        value(answer, "after two, taken"),
    ) {
        (None, ..) => return "are gone with it".to_string(),
        (Some("4"), Some("4"), _) => "all run",
        (Some("4"), Some("0"), Some("true")) => {
            "run while there is a worker left; then they are taken and never run"
        }
        (Some("4"), Some("0"), _) => {
            "run while there is a worker left; then giving one panics"
        }
        _ => return format!("something else: {}", answer.text.trim().replace('\n', ", ")),
    };
    let drop = match (answer.status, value(answer, "drop returns")) {
        (None, _) => "; dropping never returns",
        (_, Some("true")) => "; dropping returns",
        _ => "; dropping panics",
    };
    format!("{jobs}{drop}")
}

/// One worker, which is held back, and as many jobs as it takes to meet a bound of a usual
/// size.
fn show_queue<P: Pool>() {
    let (open, gate) = mpsc::channel::<()>();
    let given = Arc::new(AtomicUsize::new(0));
    let giver = Arc::clone(&given);
    thread::spawn(move || {
        let pool = P::new(1);
        pool.execute(move || {
            let _ = gate.recv();
        });
        for _ in 0..MANY {
            pool.execute(|| ());
            giver.fetch_add(1, SeqCst);
        }
        // Dropping may wait for what is held back.
        std::mem::forget(pool);
    });
    let (mut seen, mut since) = (0, Instant::now());
    while seen < MANY && since.elapsed() < SILENCE {
        let now = given.load(SeqCst);
        if now > seen {
            (seen, since) = (now, Instant::now());
        }
        thread::sleep(Duration::from_millis(1));
    }
    eprintln!("given: {seen}");
    drop(open);
}

fn queue_in_words(answer: &Answer) -> String {
    match value(answer, "given").and_then(|given| given.parse().ok()) {
        Some(MANY) => "no".to_string(),
        Some(bound) => format!("yes: after {bound} jobs"),
        None => format!("something else: {}", answer.text.trim().replace('\n', ", ")),
    }
}
