//! Who drops what: an `Arc`, a thread's result; and what else depends on who is first although no
//! operation of its own tells it.

#[path = "common/crates.rs"]
mod crates;

use crates::program;
use interleave::explorer::report::Report;

const USES: &str = "use std::{sync::*, thread::{self, spawn}, time::*};\n";

/// Explores a program with a main function of these lines; it must have been seen whole.
#[track_caller]
fn explored(name: &str, main: &str) -> Report {
    let source = format!("#![allow(unused)]\n{USES}{main}");
    let built = program(name, &source).unwrap_or_else(|refusal| panic!("{refusal}"));
    let report = built.program("").all_logs(99).report().unwrap();
    assert_eq!(report.unfinished, None);
    report
}

/// All logs of a program of which nothing has to be said besides.
#[track_caller]
fn logs(name: &str, main: &str) -> Vec<String> {
    let report = explored(name, main);
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    assert!(report.logs.exact);
    report.all_logs
}

/// A program in which a thread lets go of an `Arc` while `main` does something with it.
fn beside(does: &str) -> String {
    format!(
        "fn main() {{\n    let mut a = Arc::new(1);\n    let b = a.clone();\n    \
         let t = spawn(move || drop(b));\n    {does}\n    t.join().unwrap();\n}}\n"
    )
}

#[test]
fn asking_an_arc_is_a_step() {
    let count = beside("println!(\"{}\", Arc::strong_count(&a));");
    assert_eq!(logs("strong-count", &count), ["1\n", "2\n"]);
    for (name, asks) in [
        ("try-unwrap", "Arc::try_unwrap(a).is_ok()"),
        ("get-mut", "Arc::get_mut(&mut a).is_some()"),
        (
            "upgrade",
            "{ let w = Arc::downgrade(&a); drop(a); w.upgrade().is_some() }",
        ),
    ] {
        let main = beside(&format!("println!(\"{{}}\", {asks});"));
        assert_eq!(logs(name, &main), ["false\n", "true\n"], "{name}");
    }
    let takes = "fn main() {\n    let a = Arc::new(1);\n    let b = a.clone();\n    \
                 let t = spawn(move || println!(\"t {:?}\", Arc::into_inner(b)));\n    \
                 println!(\"m {:?}\", Arc::into_inner(a));\n    t.join().unwrap();\n}\n";
    // Exactly one of them gets it.
    assert_eq!(
        logs("into-inner", takes),
        [
            "m None\nt Some(1)\n",
            "m Some(1)\nt None\n",
            "t None\nm Some(1)\n",
            "t Some(1)\nm None\n"
        ]
    );
}

#[test]
fn the_last_drop_of_a_shared_sender_closes_the_channel() {
    let main = "fn main() {\n    let (tx, rx) = mpsc::channel::<()>();\n    let tx = Arc::new(tx);\n    \
                let other = Arc::clone(&tx);\n    \
                let a = spawn(move || { println!(\"a\"); drop(tx); });\n    \
                let b = spawn(move || { println!(\"b\"); drop(other); });\n    \
                for () in rx {}\n    println!(\"closed\");\n    a.join().unwrap();\n    b.join().unwrap();\n}\n";
    assert_eq!(
        logs("shared-sender", main),
        ["a\nb\nclosed\n", "b\na\nclosed\n"]
    );
}

#[test]
fn each_owner_can_be_the_last() {
    let main = "struct Loud;\nimpl Drop for Loud {\n    fn drop(&mut self) {\n        \
                println!(\"{}\", thread::current().name().unwrap());\n    }\n}\n\
                fn main() {\n    let all: Arc<Loud> = Arc::new(Loud);\n    \
                let threads: Vec<_> = [\"a\", \"b\", \"c\"].into_iter().map(|name| {\n        \
                let own = all.clone();\n        \
                thread::Builder::new().name(name.to_string()).spawn(move || drop(own)).unwrap()\n    \
                }).collect();\n    drop(all);\n    for t in threads { t.join().unwrap(); }\n}\n";
    let report = explored("last-owner", main);
    assert_eq!(report.all_logs, ["a\n", "b\n", "c\n", "main\n"]);
    // One schedule for each: those that are not the last are independent.
    assert_eq!(report.schedules, 4);
}

#[test]
fn what_needs_the_real_arc_is_refused_or_noted() {
    for (name, own) in [
        (
            "dyn-arc",
            "let a: Arc<dyn Fn() + Send + Sync> = Arc::new(|| ());",
        ),
        (
            "self-arc",
            "struct S; impl S { fn go(self: Arc<Self>) {} } let a = Arc::new(S); a.clone().go();",
        ),
    ] {
        let main = format!(
            "fn main() {{\n    {own}\n    println!(\"{{}}\", Arc::strong_count(&a));\n}}\n"
        );
        let refusal = program(name, &format!("{USES}{main}"))
            .unwrap_err()
            .to_string();
        let wanted = format!(
            "{name} can't be explored: it uses `Arc::strong_count` (src/main.rs:4), which the explorer \
             can follow only in an `Arc` of its own, and that is neither a `self: Arc<Self>` nor becomes \
             an `Arc<dyn …>`."
        );
        assert_eq!(refusal, wanted);
        // Without the question it is explored.
        let silent = main.replace(
            "println!(\"{}\", Arc::strong_count(&a));",
            "spawn(move || drop(a)).join().unwrap();",
        );
        assert_eq!(logs(name, &silent), [""]);
    }
    let main = "struct Loud;\nimpl Drop for Loud {\n    fn drop(&mut self) { println!(\"dropped\"); }\n}\n\
                fn main() {\n    let a: Arc<dyn Send + Sync> = Arc::new(Loud);\n    let b = a.clone();\n    \
                let t = spawn(move || drop(b));\n    drop(a);\n    t.join().unwrap();\n}\n";
    let report = explored("noted", main);
    assert!(
        report
            .notes
            .iter()
            .any(|note| note.contains("the last drop of an `Arc`")),
        "{:?}",
        report.notes
    );
    assert!(!report.logs.exact);
}

#[test]
fn a_result_is_dropped_by_whoever_lets_go_last() {
    let main = "struct Loud;\nimpl Drop for Loud {\n    fn drop(&mut self) {\n        \
                println!(\"{}\", thread::current().name().unwrap_or(\"thread\"));\n    }\n}\n\
                fn main() {\n    let (tx, rx) = mpsc::channel::<()>();\n    \
                let handle = spawn(move || { let _tx = tx; Loud });\n    drop(handle);\n    \
                thread::scope(|scope| { scope.spawn(|| ()); });\n    let _ = rx.recv();\n    \
                spawn(|| ()).join().unwrap();\n}\n";
    // Or by nobody, where `main` is faster.
    assert_eq!(logs("result", main), ["", "main\n", "thread\n"]);
}

#[test]
fn numbers_of_threads_follow_who_spawns_first() {
    let main = "fn main() {\n    let threads = [0, 1].map(|i| spawn(move || {\n        \
                spawn(move || println!(\"{i} {:?}\", thread::current().id())).join().unwrap();\n    }));\n    \
                for t in threads { t.join().unwrap(); }\n}\n";
    let logs = logs("thread-numbers", main);
    for log in [
        "0 ThreadId(3)\n1 ThreadId(5)\n",
        "0 ThreadId(4)\n1 ThreadId(5)\n",
        "0 ThreadId(5)\n1 ThreadId(4)\n",
    ] {
        assert!(logs.contains(&log.to_string()), "{log} is not in {logs:?}");
    }
    assert_eq!(logs.len(), 6);
}

#[test]
fn what_can_only_be_noted_is_noted() {
    let main = "fn main() {\n    let start = Instant::now();\n    spawn(|| ()).join().unwrap();\n    \
                println!(\"{}\", start.elapsed() < Duration::from_millis(4));\n}\n";
    let report = explored("clock", main);
    assert!(report.notes[0].starts_with("the program asks how much time has passed"));
    assert!(!report.logs.exact);

    let main = "fn main() {\n    thread::scope(|scope| { scope.spawn(|| ()); });\n    thread::park();\n}\n";
    let report = explored("park-after-scope", main);
    assert!(report.notes[0].starts_with("a `park` after a `thread::scope` may return at once"));
    assert!(!report.logs.exact);

    let main = "fn main() {\n    let (tx, rx) = std::sync::mpsc::channel();\n    \
                let t = spawn(move || { rx.recv().unwrap(); thread::park(); });\n    \
                t.thread().unpark();\n    tx.send(()).unwrap();\n    t.join().unwrap();\n}\n";
    let report = explored("park-after-channel", main);
    assert!(report.notes[0].starts_with("a thread parks that has waited at a channel before"));
    assert!(!report.logs.exact);

    let main = "fn main() {\n    let listener = std::net::TcpListener::bind(\"127.0.0.1:7878\").unwrap();\n    \
                let (mut client, _) = listener.accept().unwrap();\n    \
                client.shutdown(std::net::Shutdown::Read).unwrap();\n    \
                println!(\"{}\", std::io::Read::read(&mut client, &mut [0; 8]).unwrap());\n}\n";
    let source = format!("{USES}{main}");
    let built = program("stops-reading", &source).unwrap_or_else(|refusal| panic!("{refusal}"));
    let report = built.program("/").report().unwrap();
    assert!(report.notes[0].starts_with("the program reads from a client after it has shut"));
    assert!(!report.logs.exact);

    let main = "fn main() {\n    let all: std::collections::HashSet<u8> = (0..4).collect();\n    \
                let all = all.into_iter().map(|i| spawn(move || println!(\"{i}\")));\n    \
                for t in all { t.join().unwrap(); }\n}\n";
    let report = explored("map-order", main);
    assert!(report.notes[0].starts_with("the program goes through a `HashMap` or a `HashSet`"));
    assert_eq!((report.logs.logs, report.logs.exact), (1, false));
}
