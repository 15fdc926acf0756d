//! What real threads do with a program, on the real `std`.

pub use ::std;

#[path = "interpreter.rs"]
mod interpreter;

use crate::program::{Client, How, Ins, OBJECTS, Program, Stream};
use crate::random::Random;
use crate::seen::{End, Record, Recorder};
use ::std::io::{Read, Write};
use ::std::net::{TcpListener, TcpStream};
use ::std::panic::{self, AssertUnwindSafe, catch_unwind};
use ::std::sync::mpsc::{self, Receiver, RecvTimeoutError};
use ::std::sync::{Arc, Mutex, Once};
use ::std::thread;
use ::std::time::{Duration, Instant};

mod hooks {
    use super::{Gone, pause_by};
    use crate::output::Lock;
    use crate::seen::{End, Recorder};
    use ::std::net::TcpListener;
    use ::std::panic::resume_unwind;

    pub fn pause(recorder: &Recorder) {
        let mut pauses = recorder.pauses.lock().unwrap();
        let pause = pauses.as_mut().map_or(0, |random| random.below(12));
        drop(pauses);
        pause_by(pause);
    }

    pub fn listen(recorder: &Recorder) -> TcpListener {
        recorder.listener.lock().unwrap().take().unwrap()
    }

    pub fn print(recorder: &Recorder, text: &str) {
        let _lock = lock_output(recorder);
        recorder.print(text);
    }

    pub fn lock_output(recorder: &Recorder) -> Lock<'_> {
        recorder.output.lock()
    }

    pub fn marker() {}

    pub fn caught() {}

    /// The process can't end, for it is the test's; but nothing that comes
    /// later counts, and this thread goes no further.
    pub fn exit(recorder: &Recorder, me: usize) -> ! {
        recorder.end(End::Exit, me);
        resume_unwind(Box::new(Gone))
    }
}

/// What unwinds a thread that has ended the process.
struct Gone;

/// Nothing, a change of threads, or a pause, so that each order comes about.
fn pause_by(pause: usize) {
    match pause {
        0..5 => {}
        5..9 => thread::yield_now(),
        pause => thread::sleep(Duration::from_micros(60 << (2 * (pause - 9)))),
    }
}

/// A run that has begun.
pub struct Run {
    recorder: Arc<Recorder>,
    over: Receiver<()>,
}

/// Starts `program` on threads of its own, with pauses at random.
pub fn start(program: &Arc<Program>, random: Random) -> Run {
    be_quiet();
    let recorder = Arc::new(Recorder::new());
    recorder.begin(program.threads.len());
    *recorder.pauses.lock().unwrap() = Some(random);
    if program.serves() {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        connect(&program.clients, &listener);
        *recorder.listener.lock().unwrap() = Some(listener);
    }
    let (say, over) = mpsc::channel();
    recorder.when_over(say);
    let (program, own) = (Arc::clone(program), Arc::clone(&recorder));
    thread::spawn(move || {
        let keep = Mutex::new(None);
        let main = catch_unwind(AssertUnwindSafe(|| {
            interpreter::run(&program, &own, &keep);
        }));
        match main {
            Ok(()) => own.end(End::Normal, 0),
            // It has said so already.
            Err(payload) if payload.is::<Gone>() => {}
            Err(payload) => {
                let message = payload.downcast_ref::<&str>();
                let message = message.map_or("another message", |message| *message);
                own.end(End::Panicked(message.to_string()), 0);
            }
        }
    });
    Run { recorder, over }
}

impl Run {
    /// What has come of it; `None` if it has not ended by then. Its threads
    /// are left to themselves.
    pub fn outcome(&self, until: Instant) -> Option<Record> {
        let left = until.saturating_duration_since(Instant::now());
        match self.over.recv_timeout(left) {
            Err(RecvTimeoutError::Timeout) => None,
            _ => Some(self.recorder.record().clone()),
        }
    }

    /// What has been done so far.
    pub fn so_far(&self) -> Record {
        self.recorder.record().clone()
    }
}

/// The panics of a program are on purpose. To be called before any program runs: while one hook is
/// put in another's place, there is neither, and the explorer would miss a panic.
pub fn be_quiet() {
    static ONCE: Once = Once::new();
    ONCE.call_once(|| {
        let before = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            let message = info.payload().downcast_ref::<&str>();
            if !matches!(message, Some(&("on purpose" | "a scoped thread panicked"))) {
                before(info);
            }
        }));
    });
}

/// The clients are there before the program begins, each with all that it
/// sends; then it hangs up, or reads until the program does.
fn connect(clients: &[Client], listener: &TcpListener) {
    let address = listener.local_addr().unwrap();
    for client in clients {
        let mut stream = TcpStream::connect(address).unwrap();
        let bytes: Vec<u8> = (1..=client.sends as u8).collect();
        stream.write_all(&bytes).unwrap();
        if !client.hangs_up {
            thread::spawn(move || {
                let _ = stream.read_to_end(&mut Vec::new());
            });
        }
    }
}

/// Whether the real `std` of Linux does with a program what every `std` may
/// do. What it may do otherwise is left out here, for it would be no mistake:
///
/// - Of an `RwLock` that is just being given back, `try_read` may find that
///   others wait to read it.
/// - A notification may wake two threads where one is about to wait; and it
///   wakes one that has not given its lock back yet.
/// - Channels and scopes park their threads, and so use the tokens up or leave
///   some behind.
/// - Of a connection that was shut for reading one can read what is there.
/// - When the client has gone, and when it has seen that the server has, takes
///   its time.
pub fn is_settled(program: &Program) -> bool {
    let has = |asked: &dyn Fn(&Ins) -> bool| program.has(asked);
    let read_write = |at: usize| {
        has(&|ins| matches!(ins, Ins::Write(of, _) if *of == at))
            && has(&|ins| matches!(ins, Ins::Read(of, _) if *of == at))
            && has(&|ins| matches!(ins, Ins::TryRead(of, _) if *of == at))
    };
    let waits = |at: usize| {
        let asked = move |ins: &Ins| {
            matches!(ins, Ins::Wait(of) | Ins::WaitTimeout(of)
            | Ins::WaitWhile(of) if *of == at)
        };
        let threads = 0..program.threads.len();
        threads
            .filter(|&thread| program.uses(thread, &asked))
            .count()
    };
    let notified = |at: usize| {
        let one = has(&|ins| matches!(ins, Ins::NotifyOne(of) if *of == at));
        let tried = has(&|ins| matches!(ins, Ins::TryLock(of, _) | Ins::GiveUp(of) if *of == at));
        one && waits(at) > 1 || tried && waits(at) > 0
    };
    let parks = has(&|ins| matches!(ins, Ins::Park | Ins::ParkTimeout));
    let parked = has(&|ins| {
        matches!(
            ins,
            Ins::Send(_)
                | Ins::Recv(_)
                | Ins::RecvTimeout(_)
                | Ins::LockAndRecv(_)
                | Ins::Scope(..)
        )
    });
    let shut = |how: How| has(&|ins| matches!(ins, Ins::Shut(_, this) if *this == how));
    let server_hangs_up = shut(How::Writing) && program.reads_time_out;
    let writes = has(&|ins| matches!(ins, Ins::WriteTo(Stream::Own | Stream::Shared)));
    let client_hangs_up = writes && program.clients.iter().any(|client| client.hangs_up);
    let network = shut(How::Reading) || shut(How::Both) || server_hangs_up || client_hangs_up;
    !((0..OBJECTS).any(|at| read_write(at) || notified(at)) || parks && parked || network)
}
