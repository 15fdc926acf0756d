//! What travels from the process that explores to the one that asked: facts, as JSON.
//!
//! Each type that travels is registered below in one line for each of its parts; operations are in
//! the files of their primitives. An operation, an outcome, an end has a code that never changes
//! with the words that people read.

use crate::explorer::logs::{Answer, Count};
use crate::explorer::report::{Ending, Example, Finding, Report, Tally};
use crate::fact::facts;
use crate::json::Json;
use crate::trace::{
    End, Event, Execution, Kind, Object, Outcome, Place, Stream, ThreadInfo, ThreadState, WaitsFor,
};

pub use crate::fact::{Fact, code};

facts!(enum Outcome {
    "done" Done,
    "message" Message { number },
    "empty" Empty,
    "full" Full,
    "disconnected" Disconnected,
    "timed-out" TimedOut,
    "refused" Refused,
    "poisoned" Poisoned,
    "answer" Answer { yes },
    "value" Value { before, after },
    "client" Client { number },
    "count" Count { count },
});

facts!(enum Kind {
    "lock" Lock,
    "read-write-lock" RwLock,
    "condvar" Condvar,
    "channel" Channel,
    "barrier" Barrier,
    "once" Once,
    "atomic" Atomic,
    "arc" Arc,
    "result" Result,
    "listener" Listener,
    "connection" Connection,
    "output" Output,
});

facts!(enum Stream {
    "stdout" Stdout,
    "stderr" Stderr,
});

facts!(enum End {
    "normal" Normal,
    "main-panicked" MainPanicked { message, place },
    "exit" Exit { thread, code },
    "aborted" Aborted { thread, message, place },
    "deadlock" Deadlock,
    "joins-itself" JoinsItself { thread, place },
    "waits-for-client" WaitsForClient,
    "livelock" Livelock { rounds },
    "too-long" TooLong { steps },
    "diverged" Diverged { step, place, expected, met },
    "unsupported" Unsupported { sentence },
    "stopped" Stopped,
});

facts!(enum ThreadState {
    "finished" Finished,
    "panicked" Panicked { message, place },
    "pending" Pending { op, place, enabled, waits_for },
});

facts!(struct Place { file, line, column });
facts!(struct Object { kind, number, created });
facts!(struct Event { thread, op, outcome, place, clock });
facts!(struct WaitsFor { object, thread });
facts!(struct ThreadInfo { name, parent, path, spawned_at, state });
facts!(struct Execution { events, threads, objects, end, choices, remarks });

facts!(enum Finding {
    "jobs-together" JobsTogether,
    "job-never-runs" JobNeverRuns,
    "job-lost" JobLost,
    "job-undone" JobUndone,
    "job-thrown-away" JobThrownAway,
    "thread-leaked" ThreadLeaked,
    "pool-empty" PoolEmpty,
    "no-channel" NoChannel,
    "clients-together" ClientsTogether,
    "client-unanswered" ClientUnanswered,
    "busy-waits" BusyWaits { place },
    "panic" Panic { place, message },
    "panic-in-turn" PanicInTurn { place, message },
});

facts!(enum Answer {
    "possible" Possible,
    "impossible" Impossible { certain, line, found, possible, may_end },
});

/// [`Ending::Exit`] is its code of exit, every other its own code.
impl Fact for Ending {
    fn to_json(&self) -> Json {
        match self {
            Ending::Exit(code) => code.to_json(),
            plain => Json::text(plain.code()),
        }
    }

    fn from_json(json: &Json) -> Option<Ending> {
        match json {
            Json::Number(_) => i32::from_json(json).map(Ending::Exit),
            _ => Ending::by_code(json.as_text()?),
        }
    }
}

facts!(struct Count { logs, exact });
facts!(struct Example { steps, replay, log });
facts!(struct Tally<T> { what, schedules, example });
facts!(struct Report {
    program, scenario, schedules, threads, unfinished, notes, remarks, endings, findings, logs, first_log,
    all_logs, answers, shown,
});

#[cfg(test)]
mod tests {
    use super::*;
    use crate::explorer::{Config, Explorer};
    use crate::sync::{Arc, Mutex, mpsc};
    use crate::{print, println, thread};

    /// What comes back is what was sent, to the last step.
    #[test]
    fn executions_survive_their_json() {
        let program = || {
            let (sender, receiver) = mpsc::sync_channel(0);
            let sum = Arc::new(Mutex::new(0));
            let own = Arc::clone(&sum);
            let adds = thread::spawn(move || {
                for n in receiver {
                    *own.lock().unwrap() += n;
                    println!("\"{n}\"");
                }
                panic!("that\nwas it");
            });
            let _ = sender.send(1);
            print!("ü");
            *sum.lock().unwrap() += 1;
            drop(sender);
            let _ = adds.join();
        };
        let mut seen = 0;
        Explorer::new(Config::default(), program).explore(&mut |execution| {
            let text = execution.to_json().to_string();
            let json = Json::parse(&text).expect("it is JSON");
            assert_eq!(Execution::from_json(&json).as_ref(), Some(execution));
            seen += 1;
        });
        assert!(seen > 1, "{seen}");
    }

    #[test]
    fn endings_have_codes_of_their_own() {
        for ending in Ending::PLAIN.into_iter().chain([Ending::Exit(7)]) {
            assert_eq!(Ending::from_json(&ending.to_json()), Some(ending));
        }
        assert_eq!(Ending::from_json(&Json::text("nothing")), None);
    }
}
