//! Each part of `std` that is covered, used as a program uses it, with what must come out of all
//! its schedules.

use interleave::explorer::logs::{Answer, Logs, Print};
use interleave::explorer::{
    Client, Config, End, Event, Execution, Explorer, Op, Outcome, Summary, explain, explore,
};
use interleave::facts::Fact;
use interleave::primitives::{channel, output};
use interleave::{
    env,
    io::{self, Read, Write},
    net::{TcpListener, TcpStream},
    print, println, process,
    sync::{
        Arc, Barrier, Condvar, Mutex, Once, OnceLock, RwLock,
        atomic::{AtomicBool, AtomicPtr, AtomicUsize, Ordering::SeqCst},
        mpsc,
    },
    thread, thread_local,
    time::{Duration, Instant},
};
use std::cell::Cell;
use std::collections::BTreeSet;
use std::ptr;

/// How a program can end, each with what it may have printed: `end: a b`.
fn outcomes(program: impl Fn() + Send + Sync + 'static) -> Vec<String> {
    outcomes_with(Config::default(), program)
}

fn outcomes_with(config: Config, program: impl Fn() + Send + Sync + 'static) -> Vec<String> {
    outcomes_and_summary(config, program).0
}

fn outcomes_and_summary(
    config: Config,
    program: impl Fn() + Send + Sync + 'static,
) -> (Vec<String>, Summary) {
    let mut explorer = Explorer::new(config, program);
    let (seen, summary) = explorer.explore_growing(BTreeSet::new, &mut |seen, execution| {
        // With all that threads do while `main` may return, and with as little of it as can be.
        let earliest = explain::FewestSwitches::new(execution).stdout(execution);
        for log in [execution.stdout(), earliest] {
            seen.insert(format!("{}: {}", how(execution), log.replace('\n', " ")));
        }
    });
    assert!(summary.complete, "{summary:?}");
    assert_eq!(summary.parked, 0, "{summary:?}");
    let text = |line: String| line.trim_end().to_string();
    (seen.into_iter().map(text).collect(), summary)
}

fn how(execution: &Execution) -> String {
    match &execution.end {
        End::Normal => "end".to_string(),
        End::MainPanicked { message, .. } => format!("panic `{message}`"),
        End::Exit { code, .. } => format!("exit {code}"),
        End::Deadlock => "deadlock".to_string(),
        End::JoinsItself { .. } => "joins itself".to_string(),
        End::WaitsForClient => "waits for a client".to_string(),
        End::Livelock { .. } => "livelock".to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn threads_are_spawned_and_joined() {
    let program = || {
        let other = thread::spawn(|| 6 * 7);
        println!("{}", other.join().unwrap());
    };
    assert_eq!(outcomes(program), ["end: 42"]);
}

#[test]
fn a_panic_ends_its_thread_only() {
    let program = || {
        let other = thread::spawn(|| panic!("no"));
        println!("{}", other.join().is_err());
    };
    assert_eq!(outcomes(program), ["end: true"]);
    assert_eq!(outcomes(|| panic!("main")), ["panic `main`:"]);
}

#[test]
fn threads_that_are_not_joined_may_be_cut_off() {
    let program = || {
        thread::spawn(|| println!("a"));
    };
    assert_eq!(outcomes(program), ["end:", "end: a"]);
}

/// It could go on for ever, and each of its steps may be the last.
#[test]
fn a_thread_without_end_is_given_up_once_main_has_returned() {
    let program = || {
        thread::spawn(|| {
            loop {
                println!("a");
            }
        });
    };
    let mut logs = Logs::new();
    let summary = explore(Config::default(), program, &mut |execution| {
        assert_eq!(execution.end, End::Normal);
        let returned = execution.returned().expect("main returns");
        let prints = execution.events.iter().filter_map(|event| {
            let printed = matches!(event.op, Op::Output(output::Action::Print { .. }));
            printed.then_some(Print {
                thread: event.thread,
                text: "a\n",
                clock: &event.clock,
            })
        });
        let prints: Vec<Print> = prints.collect();
        logs.add_cuts(&prints, Some(&execution.events[returned].clock));
    });
    assert!(summary.complete && summary.given_up, "{summary:?}");
    assert_eq!(summary.executions, 1);
    let logs = logs.language();
    for times in [0, 1, 2, 500] {
        assert_eq!(logs.contains(&"a\n".repeat(times)), Answer::Possible);
    }
    assert_ne!(logs.contains("a\nb\n"), Answer::Possible);
}

/// A send fails once nobody owns the receiver any more, so it comes after all that they did,
/// whoever was the last.
#[test]
fn a_send_that_fails_comes_after_the_ends_of_all_who_received() {
    let program = || {
        let (sender, receiver) = mpsc::channel();
        let receiver = Arc::new(Mutex::new(receiver));
        for _ in 0..2 {
            let receiver = Arc::clone(&receiver);
            thread::spawn(move || {
                let job: Result<(), _> = receiver.lock().unwrap().recv();
                println!("{}", job.is_ok());
            });
        }
        drop(receiver);
        sender.send(()).unwrap();
        sender.send(()).unwrap();
        println!("{}", sender.send(()).is_err());
    };
    let (mut failed, mut got_through) = (0, 0);
    let summary = explore(Config::default(), program, &mut |execution| {
        let sent = |event: &&Event| matches!(event.op, Op::Channel(_, channel::Action::Send));
        let last = execution.events.iter().rfind(sent).expect("main sends");
        let prints = execution.events.iter().filter(|event| {
            let printed = matches!(event.op, Op::Output(output::Action::Print { .. }));
            printed && event.thread > 0
        });
        if last.outcome == Outcome::Disconnected {
            failed += 1;
            assert_eq!(prints.filter(|print| print.before(last)).count(), 2);
        } else {
            got_through += 1;
        }
    });
    assert!(summary.complete, "{summary:?}");
    assert!(failed > 0 && got_through > 0);
}

#[test]
fn builders_name_their_threads() {
    let program = || {
        let builder = thread::Builder::new().name("bob".to_string());
        let other = builder.spawn(|| thread::current().name().map(str::to_string));
        println!("{:?}", other.unwrap().join().unwrap());
    };
    assert_eq!(outcomes(program), ["end: Some(\"bob\")"]);
}

#[test]
fn a_scope_waits_for_its_threads() {
    let program = || {
        let mut words = vec!["a", "b"];
        thread::scope(|scope| {
            for word in &words {
                scope.spawn(move || println!("{word}"));
            }
        });
        words.push("c");
        println!("{}", words.len());
    };
    // What is printed at the same time is left to the automaton of the logs.
    assert_eq!(outcomes(program).len(), 1);
}

#[test]
fn park_waits_for_unpark() {
    let program = || {
        let other = thread::spawn(|| {
            thread::park();
            println!("woken");
        });
        other.thread().unpark();
        other.join().unwrap();
    };
    assert_eq!(outcomes(program), ["end: woken"]);
    assert_eq!(outcomes(thread::park), ["deadlock:"]);
}

#[test]
fn is_finished_may_see_both() {
    let program = || {
        let other = thread::spawn(|| {});
        println!("{}", other.is_finished());
        other.join().unwrap();
    };
    assert_eq!(outcomes(program), ["end: false", "end: true"]);
}

#[test]
fn yielding_and_sleeping_let_others_go_first() {
    let program = || {
        let flag = Arc::new(AtomicUsize::new(0));
        let seen = Arc::clone(&flag);
        thread::spawn(move || flag.store(1, SeqCst));
        thread::yield_now();
        thread::sleep(Duration::from_secs(3600));
        println!("{}", seen.load(SeqCst));
    };
    assert_eq!(outcomes(program), ["end: 0", "end: 1"]);
}

#[test]
fn time_is_virtual() {
    let program = || {
        let start = Instant::now();
        thread::sleep(Duration::from_secs(5));
        println!("{}", start.elapsed() >= Duration::from_secs(5));
    };
    assert_eq!(outcomes(program), ["end: true"]);
}

thread_local! {
    static OWN: std::cell::Cell<u32> = const { std::cell::Cell::new(0) };
}

#[test]
fn thread_locals_are_new_in_each_thread_and_each_execution() {
    let program = || {
        OWN.set(OWN.get() + 1);
        let other = thread::spawn(|| {
            OWN.set(OWN.get() + 10);
            OWN.get()
        });
        println!("{} {}", OWN.get(), other.join().unwrap());
    };
    assert_eq!(outcomes(program), ["end: 1 10"]);
}

#[test]
fn a_mutex_excludes_and_is_poisoned() {
    let program = || {
        let lock = Arc::new(Mutex::new(0));
        let theirs = Arc::clone(&lock);
        let other = thread::spawn(move || {
            let _guard = theirs.lock().unwrap();
            panic!("poison");
        });
        let free = lock.try_lock().is_ok();
        let _ = other.join();
        println!("{free} {}", lock.lock().is_err());
    };
    assert_eq!(outcomes(program), ["end: false true", "end: true true"]);
}

#[test]
fn locks_in_two_orders_deadlock() {
    let program = || {
        let locks = Arc::new((Mutex::new(()), Mutex::new(())));
        let theirs = Arc::clone(&locks);
        let other = thread::spawn(move || {
            let _first = theirs.1.lock();
            let _second = theirs.0.lock();
        });
        {
            let _first = locks.0.lock();
            let _second = locks.1.lock();
        }
        let _ = other.join();
    };
    assert_eq!(outcomes(program), ["deadlock:", "end:"]);
}

/// On Linux a waiting writer keeps new readers out, elsewhere it may not: both are found.
#[test]
fn a_waiting_writer_may_keep_a_second_read_out() {
    let program = || {
        let lock = Arc::new(RwLock::new(0));
        let first = lock.read().unwrap();
        let own = Arc::clone(&lock);
        let writer = thread::spawn(move || *own.write().unwrap() += 1);
        println!("{}", *lock.read().unwrap());
        drop(first);
        writer.join().unwrap();
    };
    assert_eq!(outcomes(program), ["deadlock:", "end: 0"]);
}

#[test]
fn trying_to_read_may_fail_while_a_writer_waits() {
    let program = || {
        let lock = Arc::new(RwLock::new(0));
        let first = lock.read().unwrap();
        let own = Arc::clone(&lock);
        let writer = thread::spawn(move || *own.write().unwrap() += 1);
        println!("{}", lock.try_read().is_ok());
        drop(first);
        // Whoever comes between the readers and the writer still gets it.
        println!("{}", *lock.read().unwrap());
        writer.join().unwrap();
    };
    let all = ["end: false 0", "end: false 1", "end: true 0", "end: true 1"];
    assert_eq!(outcomes(program), all);
}

/// Two that write and wait for each other's readers both get it in the end.
#[test]
fn writers_that_wait_get_it() {
    let program = || {
        let lock = Arc::new(RwLock::new(Vec::new()));
        let writer = |name: &'static str| {
            let lock = Arc::clone(&lock);
            thread::spawn(move || lock.write().unwrap().push(name))
        };
        let reading = lock.read().unwrap();
        let both = [writer("a"), writer("b")];
        drop(reading);
        let all: Vec<()> = both.into_iter().map(|w| w.join().unwrap()).collect();
        println!("{} {}", all.len(), lock.read().unwrap().join(""));
    };
    assert_eq!(outcomes(program), ["end: 2 ab", "end: 2 ba"]);
}

#[test]
fn a_read_write_lock_has_many_readers_and_one_writer() {
    let program = || {
        let lock = Arc::new(RwLock::new(1));
        let theirs = Arc::clone(&lock);
        let reader = lock.read().unwrap();
        let other = thread::spawn(move || (theirs.try_read().is_ok(), theirs.try_write().is_ok()));
        println!("{:?} {reader}", other.join().unwrap());
        drop(reader);
        *lock.write().unwrap() += 1;
    };
    assert_eq!(outcomes(program), ["end: (true, false) 1"]);
}

#[test]
fn a_notification_that_nobody_waits_for_is_lost() {
    let program = |checks: bool| {
        move || {
            let shared = Arc::new((Mutex::new(false), Condvar::new()));
            let theirs = Arc::clone(&shared);
            thread::spawn(move || {
                *theirs.0.lock().unwrap() = true;
                theirs.1.notify_one();
            });
            let mut done = shared.0.lock().unwrap();
            if !checks {
                done = shared.1.wait(done).unwrap();
            }
            while !*done {
                done = shared.1.wait(done).unwrap();
            }
            println!("done");
        }
    };
    assert_eq!(outcomes(program(true)), ["end: done"]);
    assert_eq!(outcomes(program(false)), ["deadlock:", "end: done"]);
}

#[test]
fn waiting_with_a_time_out_can_end_either_way() {
    let program = || {
        let shared = Arc::new((Mutex::new(()), Condvar::new()));
        let theirs = Arc::clone(&shared);
        thread::spawn(move || {
            let _guard = theirs.0.lock();
            theirs.1.notify_all();
        });
        let guard = shared.0.lock().unwrap();
        let (_guard, result) = shared
            .1
            .wait_timeout(guard, Duration::from_millis(1))
            .unwrap();
        println!("{}", result.timed_out());
    };
    assert_eq!(outcomes(program), ["end: false", "end: true"]);
}

#[test]
fn a_channel_gives_what_was_sent_and_then_ends() {
    let program = || {
        let (sender, receiver) = mpsc::channel();
        let other = sender.clone();
        thread::spawn(move || other.send(2).unwrap());
        thread::spawn(move || sender.send(1).unwrap());
        let all: Vec<i32> = receiver.iter().collect();
        println!("{all:?} {:?}", receiver.recv());
    };
    assert_eq!(
        outcomes(program),
        ["end: [1, 2] Err(RecvError)", "end: [2, 1] Err(RecvError)"]
    );
}

#[test]
fn trying_to_receive_sees_what_is_there() {
    let program = || {
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || sender.send(1).unwrap());
        println!("{:?}", receiver.try_recv());
    };
    assert_eq!(outcomes(program), ["end: Err(Empty)", "end: Ok(1)"]);
    let program = || {
        let (sender, receiver) = mpsc::channel::<i32>();
        thread::spawn(move || drop(sender));
        println!("{:?}", receiver.recv_timeout(Duration::from_secs(1)));
        println!("{}", receiver.try_iter().count());
    };
    assert_eq!(
        outcomes(program),
        ["end: Err(Disconnected) 0", "end: Err(Timeout) 0"]
    );
}

#[test]
fn sending_to_nobody_fails_and_dropping_the_receiver_drops_what_is_queued() {
    let program = || {
        let (sender, receiver) = mpsc::channel();
        let (inner, outer) = mpsc::channel::<()>();
        sender.send(inner).unwrap();
        drop(receiver);
        println!("{:?}", outer.recv());
        println!("{}", sender.send(mpsc::channel().0).is_err());
    };
    assert_eq!(outcomes(program), ["end: Err(RecvError) true"]);
}

#[test]
fn a_bounded_channel_makes_its_senders_wait() {
    let program = |bound| {
        move || {
            let (sender, receiver) = mpsc::sync_channel(bound);
            sender.send(1).unwrap();
            println!("{:?}", receiver.recv());
        }
    };
    assert_eq!(outcomes(program(1)), ["end: Ok(1)"]);
    assert_eq!(outcomes(program(0)), ["deadlock:"]);
    let program = || {
        let (sender, receiver) = mpsc::sync_channel(1);
        sender.send(1).unwrap();
        println!("{}", sender.try_send(2).is_err());
        drop(receiver);
    };
    assert_eq!(outcomes(program), ["end: true"]);
}

#[test]
fn a_barrier_has_one_leader() {
    let program = || {
        let barrier = Arc::new(Barrier::new(2));
        let theirs = Arc::clone(&barrier);
        let other = thread::spawn(move || theirs.wait().is_leader());
        let mine = barrier.wait().is_leader();
        println!("{}", mine != other.join().unwrap());
    };
    assert_eq!(outcomes(program), ["end: true"]);
}

#[test]
fn once_runs_once() {
    static ONCE: Once = Once::new();
    let program = || {
        let cell = Arc::new(OnceLock::new());
        let theirs = Arc::clone(&cell);
        let other = thread::spawn(move || *theirs.get_or_init(|| 1));
        let mine = *cell.get_or_init(|| 2);
        println!("{}", mine == other.join().unwrap());
        ONCE.call_once(|| println!("once"));
        ONCE.call_once(|| println!("twice"));
    };
    assert_eq!(outcomes(program), ["end: true once"]);
}

#[test]
fn atomics_can_lose_an_update_only_between_two_steps() {
    let program = |whole: bool| {
        move || {
            let count = Arc::new(AtomicUsize::new(0));
            let add = move |count: &AtomicUsize| {
                if whole {
                    count.fetch_add(1, SeqCst);
                } else {
                    count.store(count.load(SeqCst) + 1, SeqCst);
                }
            };
            let theirs = Arc::clone(&count);
            let other = thread::spawn(move || add(&theirs));
            add(&count);
            other.join().unwrap();
            println!("{}", count.load(SeqCst));
        }
    };
    assert_eq!(outcomes(program(true)), ["end: 2"]);
    assert_eq!(outcomes(program(false)), ["end: 1", "end: 2"]);
}

#[test]
fn a_pointer_is_taken_out_once() {
    let program = || {
        // Nobody gives it back, so it is at another address in each execution.
        let slot = Arc::new(AtomicPtr::new(Box::into_raw(Box::new(0))));
        let own = Arc::clone(&slot);
        let other = thread::spawn(move || !own.swap(ptr::null_mut(), SeqCst).is_null());
        let mine = !slot.swap(ptr::null_mut(), SeqCst).is_null();
        println!("{mine} {}", other.join().unwrap());
    };
    let expected = ["end: false true", "end: true false"];
    assert_eq!(outcomes(program), expected);
}

#[test]
fn a_pointer_is_shown_by_when_it_came() {
    let program = || {
        let slot = Arc::new(AtomicPtr::default());
        let own = Arc::clone(&slot);
        let other = thread::spawn(move || {
            for _ in 0..2 {
                let mut value = Box::new(0);
                own.store(&raw mut *value, SeqCst);
                own.swap(ptr::null_mut(), SeqCst);
                // The next may be at the same address.
            }
        });
        slot.load(SeqCst);
        let mut value = 0;
        other.join().unwrap();
        let mine = &raw mut value;
        let _ = slot.compare_exchange(mine, mine, SeqCst, SeqCst);
        let _ = slot.compare_exchange(ptr::null_mut(), mine, SeqCst, SeqCst);
    };
    let mut shown = BTreeSet::new();
    let summary = explore(Config::default(), program, &mut |execution| {
        let values = execution
            .events
            .iter()
            .filter_map(|event| match event.outcome {
                Outcome::Value { before, after } => Some(format!("{before}-{after}")),
                _ => None,
            });
        shown.insert(values.collect::<Vec<_>>().join(" "));
    });
    assert!(summary.complete, "{summary:?}");
    let expected = [
        "0-0 0-1 1-0 0-2 2-0 0-0 0-3",
        "0-1 1-0 0-0 0-2 2-0 0-0 0-3",
        "0-1 1-0 0-2 2-0 0-0 0-0 0-3",
        "0-1 1-0 0-2 2-2 2-0 0-0 0-3",
        "0-1 1-1 1-0 0-2 2-0 0-0 0-3",
    ];
    assert_eq!(shown.into_iter().collect::<Vec<_>>(), expected);
}

#[test]
fn a_pointer_changes_as_the_real_one_does() {
    let mut values = [0_u32; 8];
    let first = &raw mut values[4];
    let ours = AtomicPtr::new(first);
    // The real one has these only since Rust 1.91, so what they do is said in addresses.
    let mut expected = first;
    macro_rules! each {
        ($($call:ident($value:expr) is $address:expr;)*) => {$(
            assert_eq!(ours.$call($value, SeqCst), expected, stringify!($call));
            expected = expected.map_addr($address);
            assert_eq!(ours.load(SeqCst), expected, stringify!($call));
        )*};
    }
    each! {
        fetch_ptr_add(3) is |address| address + 12;
        fetch_ptr_sub(5) is |address| address - 20;
        fetch_byte_add(7) is |address| address + 7;
        fetch_byte_sub(2) is |address| address - 2;
        fetch_or(2) is |address| address | 2;
        fetch_xor(3) is |address| address ^ 3;
        fetch_and(!1) is |address| address & !1;
        swap(first) is |_| first.addr();
    }
    let real = std::sync::atomic::AtomicPtr::new(first);
    assert_eq!(format!("{ours:?} {ours:p}"), format!("{real:?} {real:p}"));
    assert_eq!(ours.into_inner(), first);
}

#[test]
#[expect(deprecated, reason = "programs of 2018 use it")]
fn comparing_and_swapping_is_one_step() {
    let flag = || {
        let taken = Arc::new(AtomicBool::new(false));
        let own = Arc::clone(&taken);
        let other = thread::spawn(move || own.compare_and_swap(false, true, SeqCst));
        let mine = taken.compare_and_swap(false, true, SeqCst);
        println!("{mine} {}", other.join().unwrap());
    };
    assert_eq!(outcomes(flag), ["end: false true", "end: true false"]);
    let number = || {
        let count = AtomicUsize::new(3);
        print!("{} ", count.compare_and_swap(2, 4, SeqCst));
        print!("{} ", count.compare_and_swap(3, 5, SeqCst));
        println!("{}", count.load(SeqCst));
    };
    assert_eq!(outcomes(number), ["end: 3 3 5"]);
    let pointer = || {
        let null = ptr::null_mut();
        let mut value = 0;
        let slot = AtomicPtr::default();
        print!(
            "{} ",
            slot.compare_and_swap(null, &raw mut value, SeqCst) == null
        );
        print!(
            "{} ",
            slot.compare_and_swap(null, null, SeqCst) == &raw mut value
        );
        println!("{}", slot.load(SeqCst) == &raw mut value);
    };
    assert_eq!(outcomes(pointer), ["end: true true true"]);
}

#[test]
fn spinning_for_ever_is_told_from_spinning_for_a_while() {
    let program = |stores: bool| {
        move || {
            let flag = Arc::new(AtomicUsize::new(0));
            let theirs = Arc::clone(&flag);
            thread::spawn(move || {
                if stores {
                    theirs.store(1, SeqCst);
                }
            });
            while flag.load(SeqCst) == 0 {
                interleave::hint::spin_loop();
            }
            println!("seen");
        }
    };
    assert_eq!(outcomes(program(true)), ["end: seen"]);
    assert_eq!(outcomes(program(false)), ["livelock:"]);
}

#[test]
fn a_server_serves_its_scripted_clients() {
    let serve = || {
        let listener = TcpListener::bind("127.0.0.1:0").unwrap();
        for stream in listener.incoming().take(3) {
            let mut stream: TcpStream = stream.unwrap();
            let mut first = [0; 5];
            let read = stream.read(&mut first).unwrap();
            println!("{:?}", String::from_utf8_lossy(&first[..read]));
            let _ = stream.write_all(b"hello");
        }
    };
    let config = |clients: &[Client]| Config {
        clients: clients.to_vec(),
        ..Config::default()
    };
    let both = config(&[Client::get("/"), Client::hangs_up(), Client::get("/")]);
    assert_eq!(
        outcomes_with(both, serve),
        ["end: \"GET /\" \"\" \"GET /\""]
    );
    let silent = config(&[Client::silent()]);
    assert_eq!(outcomes_with(silent, serve), ["waits for a client:"]);
    assert_eq!(outcomes(serve), ["waits for a client:"]);
}

#[test]
fn the_process_has_arguments_and_an_exit_code() {
    let config = Config {
        args: vec!["program".to_string(), "7".to_string()],
        ..Config::default()
    };
    let program = || {
        let code = env::args().nth(1).unwrap().parse().unwrap();
        println!("leaving");
        process::exit(code);
    };
    assert_eq!(outcomes_with(config, program), ["exit 7: leaving"]);
}

#[test]
fn printing_in_every_way_is_seen() {
    let program = || {
        print!("a");
        io::stdout().write_all(b"b").unwrap();
        writeln!(io::stdout().lock(), "c").unwrap();
        interleave::eprintln!("not in the log");
    };
    assert_eq!(outcomes(program), ["end: abc"]);
}

#[test]
fn joining_oneself_is_a_verdict_of_its_own() {
    let program = || {
        let (sender, receiver) = mpsc::channel::<thread::JoinHandle<()>>();
        let own = thread::spawn(move || {
            let own = receiver.recv().unwrap();
            let _ = own.join();
        });
        sender.send(own).unwrap();
        thread::park();
    };
    assert_eq!(outcomes(program), ["joins itself:"]);
}

/// A deadlock leaves threads behind that wait for ever, and each is taken down again.
#[test]
fn no_thread_is_left_after_ten_thousand_explorations() {
    let threads = || {
        let status = std::fs::read_to_string("/proc/self/status").ok()?;
        let line = status
            .lines()
            .find_map(|line| line.strip_prefix("Threads:"))?;
        line.trim().parse::<usize>().ok()
    };
    let explore_one = || {
        let program = || {
            let lock = Arc::new(Mutex::new(()));
            let _guard = lock.lock();
            let theirs = Arc::clone(&lock);
            let _ = thread::spawn(move || drop(theirs.lock())).join();
        };
        assert_eq!(outcomes(program), ["deadlock:"]);
    };
    explore_one();
    let Some(before) = threads() else {
        return; // only Linux tells
    };
    for _ in 0..10_000 {
        explore_one();
    }
    // Other tests run at the same time and come and go; ten thousand would be seen.
    let after = threads().unwrap_or(before);
    assert!(after < before + 100, "{before} threads became {after}");
}

#[test]
fn what_stands_before_a_failed_try_is_turned_around() {
    // If `b` sends first after the receive, `a` waits for room for ever.
    let program = || {
        let (tx, rx) = mpsc::sync_channel(1);
        let tx2 = tx.clone();
        let a = thread::spawn(move || {
            tx.send(1).unwrap();
            tx.send(2).unwrap();
            let _ = tx.try_send(3);
        });
        let b = thread::spawn(move || {
            tx2.send(9).unwrap();
        });
        rx.recv().unwrap();
        a.join().unwrap();
        drop(b);
        std::mem::forget(rx);
    };
    assert_eq!(outcomes(program), ["deadlock:", "end:"]);
}

#[test]
fn what_stands_before_a_wait_that_timed_out_is_turned_around() {
    // One notification, two that wait: if the second gets it, the first, whom `main` joins, is
    // never woken.
    let program = || {
        let pair = Arc::new((Mutex::new(0), Condvar::new()));
        let own = Arc::clone(&pair);
        let first = thread::spawn(move || {
            let (lock, bell) = &*own;
            let mut count = lock.lock().unwrap();
            *count += 1;
            let count = bell.wait(count).unwrap();
            let _ = bell.wait_timeout(count, Duration::from_millis(1)).unwrap();
        });
        let own = Arc::clone(&pair);
        thread::spawn(move || {
            let (lock, bell) = &*own;
            let mut count = lock.lock().unwrap();
            *count += 1;
            drop(bell.wait(count).unwrap());
        });
        let (lock, bell) = &*pair;
        if *lock.lock().unwrap() == 2 {
            bell.notify_one();
            first.join().unwrap();
        }
    };
    assert_eq!(outcomes(program), ["deadlock:", "end:"]);
}

#[test]
fn what_stands_before_an_accept_that_found_nobody_is_turned_around() {
    let config = Config {
        clients: vec![Client::silent()],
        ..Config::default()
    };
    // If `b` takes the only client, `a` waits for one for ever.
    let program = || {
        let listener = Arc::new(TcpListener::bind("127.0.0.1:0").unwrap());
        let (ready, begin) = mpsc::channel();
        let own = Arc::clone(&listener);
        let a = thread::spawn(move || {
            begin.recv().unwrap();
            let _ = own.accept();
            own.set_nonblocking(true).unwrap();
            let _ = own.accept();
        });
        thread::spawn(move || {
            ready.send(()).unwrap();
            // So that `a` is the first to accept in the first schedule.
            thread::yield_now();
            let _ = listener.accept();
        });
        a.join().unwrap();
    };
    assert_eq!(
        outcomes_with(config, program),
        ["end:", "waits for a client:"]
    );
}

/// What comes of ordinary code, of which no schedule may be left out.
fn all_outcomes(program: impl Fn() + Send + Sync + 'static) -> Vec<String> {
    let (seen, summary) = outcomes_and_summary(Config::default(), program);
    assert!(!summary.held_back, "{summary:?}");
    seen
}

#[test]
fn a_getter_called_twice_does_not_poll() {
    fn get(value: &AtomicUsize) -> usize {
        value.load(SeqCst)
    }
    let program = || {
        let value = Arc::new(AtomicUsize::new(0));
        let own = Arc::clone(&value);
        thread::spawn(move || own.store(1, SeqCst));
        let (x, y) = (get(&value), get(&value));
        println!("{x}{y}");
    };
    assert_eq!(all_outcomes(program), ["end: 00", "end: 01", "end: 11"]);
}

#[test]
fn three_loads_may_all_come_first() {
    let program = || {
        let value = Arc::new(AtomicUsize::new(0));
        let own = Arc::clone(&value);
        thread::spawn(move || own.store(1, SeqCst));
        let seen: Vec<usize> = (0..3).map(|_| value.load(SeqCst)).collect();
        println!("{seen:?}");
    };
    let expected = [
        "end: [0, 0, 0]",
        "end: [0, 0, 1]",
        "end: [0, 1, 1]",
        "end: [1, 1, 1]",
    ];
    assert_eq!(all_outcomes(program), expected);
}

#[test]
fn one_may_give_up_after_three_tries() {
    let program = || {
        let lock = Arc::new(Mutex::new(()));
        let own = Arc::clone(&lock);
        let other = thread::spawn(move || drop(own.lock().unwrap()));
        let got = (0..3).any(|_| lock.try_lock().is_ok());
        other.join().unwrap();
        println!("{got}");
    };
    assert_eq!(all_outcomes(program), ["end: false", "end: true"]);
}

#[test]
fn three_ticks_may_pass_before_a_message() {
    let program = || {
        let (tx, rx) = mpsc::channel();
        thread::spawn(move || tx.send(()).unwrap());
        let tick = Duration::from_millis(1);
        let ticks = (0..3).take_while(|_| rx.recv_timeout(tick).is_err());
        println!("{}", ticks.count());
    };
    assert_eq!(
        all_outcomes(program),
        ["end: 0", "end: 1", "end: 2", "end: 3"]
    );
}

#[test]
fn a_deadline_may_pass() {
    let program = || {
        let (tx, rx) = mpsc::channel();
        thread::spawn(move || tx.send(()).unwrap());
        let deadline = Instant::now() + Duration::from_millis(50);
        while rx.recv_timeout(Duration::from_millis(10)).is_err() {
            if Instant::now() >= deadline {
                println!("too late");
                return;
            }
        }
        println!("in time");
    };
    assert_eq!(all_outcomes(program), ["end: in time", "end: too late"]);
}

#[test]
fn many_loads_are_no_livelock() {
    let program = || {
        let value = AtomicUsize::new(0);
        for _ in 0..200 {
            value.load(SeqCst);
        }
        println!("done");
    };
    assert_eq!(all_outcomes(program), ["end: done"]);
}

#[test]
fn a_loop_without_a_bound_is_cut_off_and_that_is_said() {
    let program = || {
        let flag = Arc::new(AtomicUsize::new(0));
        let own = Arc::clone(&flag);
        thread::spawn(move || own.store(1, SeqCst));
        while flag.load(SeqCst) == 0 {}
    };
    let (seen, summary) = outcomes_and_summary(Config::default(), program);
    assert_eq!(seen, ["end:"]);
    assert!(summary.held_back, "{summary:?}");
    assert!(summary.rounds > 1, "{summary:?}");
}

#[test]
fn what_outlives_an_execution_is_seen() {
    static RUNS: Mutex<Cell<usize>> = Mutex::new(Cell::new(0));
    let program = || {
        let runs = RUNS.lock().unwrap();
        runs.set(runs.get() + 1);
        println!("run {}", runs.get());
    };
    let summary = explore(Config::default(), program, &mut |_| {});
    let why = summary.stopped.unwrap();
    assert!(why.contains("such as a `static`"), "{why}");
}

#[test]
fn values_that_outlive_an_execution_are_seen() {
    static RUNS: std::sync::atomic::AtomicUsize = std::sync::atomic::AtomicUsize::new(0);
    let program = || {
        let value = AtomicUsize::new(0);
        value.store(RUNS.fetch_add(1, SeqCst), SeqCst);
    };
    let summary = explore(Config::default(), program, &mut |_| {});
    let why = summary.stopped.unwrap();
    assert!(why.contains("such as a `static`"), "{why}");
}

#[test]
fn too_many_threads_are_refused_in_a_sentence() {
    let refused = |program: fn()| {
        let config = Config {
            executions: 1,
            ..Config::default()
        };
        let summary = explore(config, program, &mut |execution| {
            // What is reported of it must not stumble over the thread that there is not.
            execution.trace();
            let named = explain::with_roles(execution, false);
            assert!(Execution::from_json(&named.to_json()).is_some());
        });
        let why = summary.stopped.unwrap();
        assert!(why.contains("more than 128 threads"), "{why}");
    };
    refused(|| {
        for _ in 0..200 {
            let _ = thread::spawn(|| {});
        }
    });
    refused(|| {
        let all: Vec<_> = (0..200).map(|_| thread::spawn(|| {})).collect();
        for one in all {
            one.join().unwrap();
        }
    });
    refused(|| {
        thread::scope(|scope| {
            for _ in 0..200 {
                scope.spawn(|| {});
            }
        });
    });
}

#[test]
fn a_text_reads_what_it_shows() {
    let program = || {
        let value = Arc::new(AtomicUsize::new(0));
        let own = Arc::clone(&value);
        thread::spawn(move || own.store(1, SeqCst));
        println!("{value:?}");
    };
    assert_eq!(outcomes(program), ["end: 0", "end: 1"]);
    let program = || {
        let value = Arc::new(Mutex::new(0));
        let own = Arc::clone(&value);
        thread::spawn(move || {
            *own.lock().unwrap() = 1;
            panic!("poison");
        });
        println!("{value:?}");
    };
    let expected = [
        "end: Mutex { data: 0, poisoned: false, .. }",
        "end: Mutex { data: 1, poisoned: false, .. }",
        "end: Mutex { data: <locked>, poisoned: false, .. }",
    ];
    assert_eq!(outcomes(program), expected);
    let program = || {
        let value = Arc::new(RwLock::new(0));
        let own = Arc::clone(&value);
        thread::spawn(move || {
            let mut held = own.write().unwrap();
            *held = 1;
            panic!("poison");
        });
        println!("{value:?}");
    };
    let expected = [
        "end: RwLock { data: 0, poisoned: false, .. }",
        // The lock is given back before the poison is asked for.
        "end: RwLock { data: 0, poisoned: true, .. }",
        "end: RwLock { data: 1, poisoned: true, .. }",
        "end: RwLock { data: <locked>, poisoned: false, .. }",
        "end: RwLock { data: <locked>, poisoned: true, .. }",
    ];
    assert_eq!(outcomes(program), expected);
}

#[test]
fn clearing_the_poison_is_seen() {
    let program = || {
        let lock = Arc::new(Mutex::new(()));
        let own = Arc::clone(&lock);
        let poisons = thread::spawn(move || {
            let _held = own.lock().unwrap();
            panic!("poison");
        });
        let _ = poisons.join();
        let own = Arc::clone(&lock);
        thread::spawn(move || own.clear_poison());
        println!("{} {}", lock.is_poisoned(), lock.lock().is_err());
    };
    let expected = ["end: false false", "end: true false", "end: true true"];
    assert_eq!(outcomes(program), expected);
}
