//! What travels from the process that explores to the one that asked: facts, as JSON.
//!
//! Each type that travels is registered below in one line for each of its parts. An operation, an
//! outcome, an end has a code that never changes with the words that people read.

use crate::explorer::logs::{Answer, Count};
use crate::explorer::report::{Ending, Example, Finding, Report, Tally};
use crate::json::Json;
use crate::trace::{
    Access, End, Event, Execution, Kind, Object, Op, Outcome, Place, Stream, ThreadInfo,
    ThreadState, WaitsFor,
};
use ::std::collections::{BTreeMap, BTreeSet};
use ::std::sync::{LazyLock, Mutex, PoisonError};
use ::std::time::Duration;

/// What can be written as JSON and read back.
pub trait Fact: Sized {
    /// The value as JSON.
    fn to_json(&self) -> Json;
    /// The value that some JSON stands for; `None` if it stands for none.
    fn from_json(json: &Json) -> Option<Self>;
}

macro_rules! numbers {
    ($($number:ty),+) => {$(
        impl Fact for $number {
            fn to_json(&self) -> Json {
                Json::Number(i128::from(*self))
            }

            fn from_json(json: &Json) -> Option<$number> {
                json.as_number()?.try_into().ok()
            }
        }
    )+};
}

numbers!(i32, u16, u32, u64, u8);

impl Fact for usize {
    fn to_json(&self) -> Json {
        (*self as u64).to_json()
    }

    fn from_json(json: &Json) -> Option<usize> {
        json.as_number()?.try_into().ok()
    }
}

/// As digits: it may be larger than what a number can be in JSON.
impl Fact for u128 {
    fn to_json(&self) -> Json {
        Json::text(self.to_string())
    }

    fn from_json(json: &Json) -> Option<u128> {
        json.as_text()?.parse().ok()
    }
}

impl Fact for bool {
    fn to_json(&self) -> Json {
        Json::Bool(*self)
    }

    fn from_json(json: &Json) -> Option<bool> {
        match json {
            Json::Bool(yes) => Some(*yes),
            _ => None,
        }
    }
}

impl Fact for String {
    fn to_json(&self) -> Json {
        Json::text(self)
    }

    fn from_json(json: &Json) -> Option<String> {
        json.as_text().map(str::to_string)
    }
}

/// The names of files and of markers are known to the compiler where they are made; where they are
/// read, each is kept once, for as long as the process lives.
impl Fact for &'static str {
    fn to_json(&self) -> Json {
        Json::text(*self)
    }

    fn from_json(json: &Json) -> Option<&'static str> {
        static KNOWN: LazyLock<Mutex<BTreeSet<&'static str>>> = LazyLock::new(Mutex::default);
        let text = json.as_text()?;
        let mut known = KNOWN.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(found) = known.get(text) {
            return Some(found);
        }
        let new: &'static str = String::leak(text.to_string());
        known.insert(new);
        Some(new)
    }
}

impl Fact for Duration {
    fn to_json(&self) -> Json {
        self.as_nanos().to_json()
    }

    fn from_json(json: &Json) -> Option<Duration> {
        let nanoseconds = u128::from_json(json)?;
        let seconds = u64::try_from(nanoseconds / 1_000_000_000).ok()?;
        Some(Duration::new(seconds, (nanoseconds % 1_000_000_000) as u32))
    }
}

impl<T: Fact> Fact for Option<T> {
    fn to_json(&self) -> Json {
        self.as_ref().map_or(Json::Null, Fact::to_json)
    }

    fn from_json(json: &Json) -> Option<Option<T>> {
        match json {
            Json::Null => Some(None),
            other => T::from_json(other).map(Some),
        }
    }
}

impl<T: Fact> Fact for Vec<T> {
    fn to_json(&self) -> Json {
        Json::List(self.iter().map(Fact::to_json).collect())
    }

    fn from_json(json: &Json) -> Option<Vec<T>> {
        json.as_list()?.iter().map(T::from_json).collect()
    }
}

impl<T: Fact + Ord> Fact for BTreeSet<T> {
    fn to_json(&self) -> Json {
        Json::List(self.iter().map(Fact::to_json).collect())
    }

    fn from_json(json: &Json) -> Option<BTreeSet<T>> {
        json.as_list()?.iter().map(T::from_json).collect()
    }
}

impl<K: Fact + Ord, V: Fact> Fact for BTreeMap<K, V> {
    fn to_json(&self) -> Json {
        let pair = |(key, value): (&K, &V)| Json::List(vec![key.to_json(), value.to_json()]);
        Json::List(self.iter().map(pair).collect())
    }

    fn from_json(json: &Json) -> Option<BTreeMap<K, V>> {
        let pair = |json: &Json| match json.as_list()? {
            [key, value] => Some((K::from_json(key)?, V::from_json(value)?)),
            _ => None,
        };
        json.as_list()?.iter().map(pair).collect()
    }
}

/// A type's parts: of a structure its fields, of an enumeration the code of each variant and the
/// names of its fields.
macro_rules! facts {
    (struct $type:ident $(<$parameter:ident>)? { $($field:ident),+ $(,)? }) => {
        impl $(<$parameter: Fact>)? Fact for $type $(<$parameter>)? {
            fn to_json(&self) -> Json {
                Json::object([$((stringify!($field), self.$field.to_json())),+])
            }

            fn from_json(json: &Json) -> Option<Self> {
                Some($type { $($field: Fact::from_json(json.get(stringify!($field))?)?),+ })
            }
        }
    };
    (enum $type:ident { $($code:literal $variant:ident $({ $($field:ident),+ })?),+ $(,)? }) => {
        impl Fact for $type {
            fn to_json(&self) -> Json {
                match self {
                    $($type::$variant $({ $($field),+ })? => coded(
                        $code,
                        vec![$($((stringify!($field), $field.to_json())),+)?],
                    )),+
                }
            }

            fn from_json(json: &Json) -> Option<$type> {
                match code(json)? {
                    $($code => Some($type::$variant $({
                        $($field: Fact::from_json(json.get(stringify!($field))?)?),+
                    })?),)+
                    _ => None,
                }
            }
        }
    };
}

/// A variant: its code alone, or with its fields.
fn coded(code: &'static str, fields: Vec<(&'static str, Json)>) -> Json {
    match fields.is_empty() {
        true => Json::text(code),
        false => Json::object([("is", Json::text(code))].into_iter().chain(fields)),
    }
}

/// The code of a variant.
pub fn code(json: &Json) -> Option<&str> {
    json.as_text().or_else(|| json.get("is")?.as_text())
}

facts!(enum Op {
    "spawn" Spawn { child },
    "start" Start,
    "join" Join { child },
    "is-finished" IsFinished { child },
    "exit" Exit { panicked },
    "park" Park,
    "park-timeout" ParkTimeout,
    "unpark" Unpark { thread },
    "yield" Yield,
    "sleep" Sleep { time },
    "lock" Lock { lock },
    "try-lock" TryLock { lock },
    "unlock" Unlock { lock },
    "is-poisoned" IsPoisoned { lock },
    "clear-poison" ClearPoison { lock },
    "read-lock" ReadLock { lock },
    "try-read-lock" TryReadLock { lock },
    "read-unlock" ReadUnlock { lock },
    "write-lock" WriteLock { lock },
    "try-write-lock" TryWriteLock { lock },
    "write-unlock" WriteUnlock { lock },
    "send" Send { channel },
    "try-send" TrySend { channel },
    "await-taken" AwaitTaken { channel },
    "recv" Recv { channel },
    "try-recv" TryRecv { channel },
    "recv-timeout" RecvTimeout { channel },
    "sender-dropped" SenderDropped { channel },
    "receiver-dropped" ReceiverDropped { channel },
    "wait" Wait { condvar, lock },
    "wake" Wake { condvar },
    "wake-timeout" WakeTimeout { condvar },
    "notify-one" NotifyOne { condvar },
    "notify-all" NotifyAll { condvar },
    "arrive" Arrive { barrier },
    "pass" Pass { barrier },
    "once-enter" OnceEnter { once },
    "once-leave" OnceLeave { once, done },
    "once-look" OnceLook { once },
    "atomic" Atomic { atomic, access },
    "bind" Bind { listener },
    "accept" Accept { listener },
    "try-accept" TryAccept { listener },
    "read" Read { connection },
    "read-timeout" ReadTimeout { connection },
    "write" Write { connection, bytes },
    "shutdown" Shutdown { connection },
    "close" Close { connection },
    "print" Print { stream, text },
    "output-lock" OutputLock { output },
    "output-unlock" OutputUnlock { output },
    "job-queued" JobQueued { job },
    "job-started" JobStarted { job },
    "job-finished" JobFinished { job },
    "job-panics" JobPanics { job },
    "marker" Marker { name },
    "main-return" MainReturn { panicked },
    "process-exit" ProcessExit { code },
});

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
    "listener" Listener,
    "connection" Connection,
    "output" Output,
});

facts!(enum Stream {
    "stdout" Stdout,
    "stderr" Stderr,
});

facts!(enum Access {
    "load" Load,
    "store" Store,
    "update" Update,
    "compare-exchange" CompareExchange,
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
facts!(struct Execution { events, threads, objects, end, choices, answers, remarks });

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
    "panic" Panic { place, message },
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
    program, scenario, schedules, threads, unfinished, notes, endings, findings, logs, first_log,
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
