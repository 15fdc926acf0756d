//! The small print of `std`: thread-locals, panics within panics, what a stream holds and loses.
//! Each log was compared with that of the same program run as it is, on Linux.

#[path = "common/crates.rs"]
mod crates;

use crates::program;
use explore::wrap::Wrapped;
use interleave::explorer::logs::Answer;
use interleave::explorer::report::{Ending, Report};

#[track_caller]
fn built(name: &str, source: &str) -> Wrapped {
    program(name, source).unwrap_or_else(|refusal| panic!("{refusal}"))
}

/// Explores a program to its end; nothing may have to be said besides.
#[track_caller]
fn explored(name: &str, source: &str) -> Report {
    let report = built(name, source).program("").all_logs(99).report();
    let report = report.unwrap_or_else(|trouble| panic!("{trouble}"));
    assert_eq!(report.unfinished, None);
    assert!(report.notes.is_empty(), "{:?}", report.notes);
    report
}

/// Three thread-locals that say when they are dropped.
const LOCALS: &str = "
struct Loud(&'static str);
impl Drop for Loud { fn drop(&mut self) { println!(\"{}\", self.0); } }
std::thread_local! {
    static A: Loud = Loud(\"a\");
    static B: Loud = Loud(\"b\");
    static C: Loud = Loud(\"c\");
}
";

#[test]
fn thread_locals_are_dropped_in_the_order_of_std() {
    let main = format!(
        "{LOCALS}fn main() {{\n    std::thread::spawn(|| {{ B.with(|_| ()); A.with(|_| ()); C.with(|_| ()); }}).join().unwrap();\n}}\n"
    );
    assert_eq!(explored("order-of-locals", &main).all_logs, ["c\na\nb\n"]);
}

#[test]
fn exit_drops_the_thread_locals_of_its_own_thread() {
    let main = format!(
        "{LOCALS}fn main() {{\n    B.with(|_| ());\n    std::thread::spawn(|| {{ A.with(|_| ()); std::process::exit(3) }}).join().unwrap();\n}}\n"
    );
    let report = explored("exit-in-thread", &main);
    assert!(report.always(Ending::Exit(3)), "{report:?}");
    assert_eq!(report.all_logs, ["a\n"]);
    let main =
        format!("{LOCALS}fn main() {{\n    B.with(|_| ());\n    std::process::exit(3)\n}}\n");
    assert_eq!(explored("exit-in-main", &main).all_logs, ["b\n"]);
    let main =
        format!("{LOCALS}fn main() {{\n    B.with(|_| ());\n    std::process::abort()\n}}\n");
    let report = explored("abort-in-main", &main);
    assert!(report.always(Ending::Aborts), "{report:?}");
    assert_eq!(report.all_logs, [""]);
}

#[test]
fn a_panic_in_the_drop_of_a_thread_local_aborts() {
    let main = "struct Bad;\nimpl Drop for Bad { fn drop(&mut self) { panic!(\"in drop\"); } }\n\
                std::thread_local! { static A: Bad = Bad; }\n\
                fn main() {\n    let t = std::thread::spawn(|| A.with(|_| println!(\"t\")));\n    \
                println!(\"{}\", t.join().is_ok());\n}\n";
    let report = explored("bad-local", main);
    assert!(report.always(Ending::Aborts), "{report:?}");
    assert_eq!(report.all_logs, ["t\n"]);
}

#[test]
fn a_panic_that_is_caught_while_another_unwinds_goes_on() {
    let main = "struct Guard;\nimpl Drop for Guard {\n    fn drop(&mut self) {\n        \
                let caught = std::panic::catch_unwind(|| panic!(\"inner\"));\n        \
                println!(\"caught {}\", caught.is_err());\n    }\n}\n\
                fn main() {\n    let t = std::thread::spawn(|| { let _guard = Guard; panic!(\"outer\") });\n    \
                println!(\"{:?}\", t.join().unwrap_err().downcast_ref::<&str>());\n}\n";
    let report = explored("caught-in-drop", main);
    assert_eq!(report.all_logs, ["caught true\nSome(\"outer\")\n"]);
    // Without the catch it is the second panic, which aborts.
    let main = main.replace(
        "std::panic::catch_unwind(|| panic!(\"inner\"))",
        "Err::<(), ()>(panic!(\"inner\"))",
    );
    let report = explored("not-caught-in-drop", &main);
    assert!(report.always(Ending::Aborts), "{report:?}");
}

#[test]
fn what_a_display_prints_stands_inside() {
    let main = "use std::fmt;\nstruct Chatty;\nimpl fmt::Display for Chatty {\n    \
                fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result { println!(\"inner\"); f.write_str(\"shown\") }\n}\n\
                fn main() {\n    let t = std::thread::spawn(|| println!(\"t\"));\n    \
                println!(\"outer {} end\", Chatty);\n    t.join().unwrap();\n}\n";
    // The other thread can't print between.
    assert_eq!(
        explored("chatty", main).all_logs,
        ["outer inner\nshown end\nt\n", "t\nouter inner\nshown end\n"]
    );
}

#[test]
fn a_display_that_locks_can_wait_for_one_who_prints() {
    let main = "use std::{fmt, sync::{Arc, Mutex}, thread};\nstruct Locks(Arc<Mutex<i32>>);\n\
                impl fmt::Display for Locks {\n    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {\n        \
                write!(f, \"{}\", self.0.lock().unwrap())\n    }\n}\n\
                fn main() {\n    let one = Arc::new(Mutex::new(1));\n    let own = one.clone();\n    \
                let t = thread::spawn(move || { let _held = own.lock().unwrap(); println!(\"t\"); });\n    \
                println!(\"outer {}\", Locks(one));\n    t.join().unwrap();\n}\n";
    let report = explored("locks-in-display", main);
    assert!(report.ending(Ending::Deadlock) > 0, "{report:?}");
    assert!(report.ending(Ending::Normal) > 0, "{report:?}");
    // What was printed of the line is still in the buffer when it hangs.
    assert_eq!(report.all_logs, ["", "outer 1\nt\n", "t\nouter 1\n"]);
}

#[test]
fn a_half_line_is_lost_where_nobody_hands_it_on() {
    let main = "fn main() {\n    std::thread::spawn(|| println!(\"t\")).join().unwrap();\n    \
                print!(\"one\\nhalf\");\n    std::process::abort();\n}\n";
    assert_eq!(explored("half-aborted", main).all_logs, ["t\none\n"]);
    let main = main.replace("std::process::abort()", "std::process::exit(0)");
    assert_eq!(explored("half-exited", &main).all_logs, ["t\none\nhalf"]);
    let main = "fn main() {\n    let t = std::thread::spawn(|| print!(\"t\"));\n    print!(\"m\");\n    \
                t.join().unwrap();\n    print!(\".\");\n    std::process::abort();\n}\n";
    assert_eq!(explored("halves-aborted", main).all_logs, [""]);
    let main = "fn main() {\n    let t = std::thread::spawn(|| print!(\"t\"));\n    println!(\"m\");\n    \
                t.join().unwrap();\n    std::process::abort();\n}\n";
    let report = built("either-aborted", main).program("").report().unwrap();
    assert!(report.notes[0].contains("half line"), "{:?}", report.notes);
    assert!(!report.logs.exact);
}

#[test]
fn a_log_may_end_in_a_part_of_a_line() {
    let main = "fn main() {\n    std::thread::spawn(|| println!(\"one {} two\", 5));\n    println!(\"main\");\n}\n";
    let run = built("cut-off", main)
        .program("")
        .contains(&["main\none 5", "main\none 6", "one 5", "one 5 two\nma"])
        .report()
        .unwrap();
    let possible: Vec<bool> = run
        .answers
        .iter()
        .map(|answer| *answer == Answer::Possible)
        .collect();
    // `main` itself isn't cut off.
    assert_eq!(possible, [true, false, false, false], "{:?}", run.answers);
}

#[test]
fn a_character_may_come_in_two_writes() {
    let main = "use std::io::Write;\nfn main() {\n    std::thread::spawn(|| ()).join().unwrap();\n    \
                let bytes = \"\u{e9}\\n\".as_bytes();\n    let mut out = std::io::stdout();\n    \
                out.write_all(&bytes[..1]).unwrap();\n    out.write_all(&bytes[1..]).unwrap();\n}\n";
    assert_eq!(explored("two-writes", main).all_logs, ["\u{e9}\n"]);
}
