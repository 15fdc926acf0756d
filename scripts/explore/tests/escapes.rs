//! What a program might do behind the explorer's back is seen, or refused by name.

#[path = "common/crates.rs"]
mod crates;

use crates::program;
use explore::wrap::Refusal;

/// The sentence with which a program is refused.
#[track_caller]
fn refused(name: &str, main: &str) -> String {
    match program(name, main) {
        Err(refusal @ Refusal::Escapes { .. }) => refusal.to_string(),
        other => panic!("{other:?}"),
    }
}

#[test]
fn atomics_of_core_are_atomics() {
    let main = r#"
use core::sync::atomic::{AtomicUsize, Ordering::SeqCst};

static COUNT: AtomicUsize = AtomicUsize::new(0);

#[derive(Clone, Debug, Default, PartialEq)]
struct Derived(core::time::Duration);

fn add() {
    let count = COUNT.load(SeqCst);
    COUNT.store(count + 1, SeqCst);
}

fn main() {
    let threads = [std::thread::spawn(add), std::thread::spawn(add)];
    for thread in threads {
        thread.join().unwrap();
    }
    assert_eq!(Derived::default(), Derived::default());
    println!("{}", COUNT.load(SeqCst));
}
"#;
    let report = program("of-core", main)
        .unwrap()
        .program("")
        .all_logs(9)
        .report()
        .unwrap();
    assert_eq!(report.all_logs, ["1\n", "2\n"]);
    assert!(report.logs.exact);
}

#[test]
fn state_between_executions_is_refused_by_name() {
    let main = "static mut COUNT: usize = 0;\nfn main() {\n    \
                std::thread::spawn(|| unsafe { COUNT += 1 }).join().unwrap();\n}\n";
    assert_eq!(
        refused("static-mut", main),
        "static-mut can't be explored: it uses `static mut COUNT` (src/main.rs:1), which outlives an \
         execution, and the explorer doesn't see who uses it."
    );
    let main = "use std::{cell::RefCell, sync::Mutex};\n\
                static SEEN: Mutex<RefCell<bool>> = Mutex::new(RefCell::new(false));\n\
                fn main() {\n    *SEEN.lock().unwrap().borrow_mut() = true;\n}\n";
    assert_eq!(
        refused("static-cell", main),
        "static-cell can't be explored: it uses `static SEEN` (src/main.rs:2), a `static` with a cell \
         in it, which outlives an execution; create it in `main`, or in a `OnceLock` or `LazyLock`."
    );
}

#[test]
fn a_cell_that_each_execution_has_anew_is_fine() {
    let main = "use std::{cell::RefCell, sync::{LazyLock, Mutex}, thread};\n\
                static SEEN: LazyLock<Mutex<RefCell<u8>>> = LazyLock::new(Default::default);\n\
                thread_local! { static OWN: RefCell<u8> = RefCell::new(0); }\n\
                fn add() {\n    *SEEN.lock().unwrap().borrow_mut() += 1;\n    OWN.with_borrow_mut(|own| *own += 1);\n}\n\
                fn main() {\n    let threads = [thread::spawn(add), thread::spawn(add)];\n    \
                for thread in threads { thread.join().unwrap(); }\n    \
                println!(\"{} {}\", SEEN.lock().unwrap().borrow(), OWN.with_borrow(|own| *own));\n}\n";
    let report = program("fresh-cell", main)
        .unwrap()
        .program("")
        .all_logs(9)
        .report()
        .unwrap();
    assert_eq!(report.unfinished, None);
    assert_eq!(report.all_logs, ["2 0\n"]);
}

#[test]
fn an_allocator_is_refused_by_name() {
    let main = "use std::alloc::System;\n#[global_allocator]\nstatic ALL: System = System;\nfn main() {\n    \
                std::thread::spawn(|| println!(\"t\")).join().unwrap();\n}\n";
    assert_eq!(
        refused("allocator", main),
        "allocator can't be explored: it uses `#[global_allocator]` (src/main.rs:2), which is called \
         from within the explorer's own steps, too."
    );
}
