//! Programs that go far: deep stacks, crashes, more text than anybody reads.

#[path = "common/crates.rs"]
mod crates;

use crates::program;
use explore::words;
use explore::wrap::Trouble;
use interleave::explorer::report::{Ending, Finding, Report};

/// A function that takes a good two kilobytes of stack for each round.
const DEEP: &str = "
#[inline(never)]
fn deep(rounds: usize) -> usize {
    let room = std::hint::black_box([1u8; 1024]);
    if rounds == 0 { 0 } else { deep(rounds - 1) + usize::from(room[rounds % 1024]) }
}
";

#[track_caller]
fn explored(name: &str, main: &str) -> Report {
    program(name, main).unwrap().program("").report().unwrap()
}

#[test]
fn a_thread_has_the_stack_that_it_would_have() {
    let main = format!(
        "{DEEP}fn main() {{ std::thread::spawn(|| ()).join().unwrap(); println!(\"{{}}\", deep(2000)); }}\n"
    );
    assert_eq!(
        explored("deep-main", &main).first_log.as_deref(),
        Some("2000\n")
    );
    let asks = |spawn: &str| {
        format!("use std::thread::{{self, Builder}};\n{DEEP}fn main() {{ {spawn} }}\n")
    };
    let main = asks(
        "Builder::new().stack_size(64 << 20).spawn(|| println!(\"{}\", deep(20_000))).unwrap().join().unwrap();",
    );
    assert_eq!(
        explored("deep-thread", &main).first_log.as_deref(),
        Some("20000\n")
    );
    let main = asks(
        "thread::scope(|scope| { Builder::new().stack_size(64 << 20).spawn_scoped(scope, || println!(\"{}\", deep(20_000))).unwrap(); });",
    );
    assert_eq!(
        explored("deep-scoped", &main).first_log.as_deref(),
        Some("20000\n")
    );
}

#[test]
fn a_crash_is_the_programs_own() {
    let main = format!(
        "{DEEP}fn main() {{ std::thread::spawn(|| println!(\"{{}}\", deep(1_000_000))).join().unwrap(); }}\n"
    );
    let trouble = program("too-deep", &main)
        .unwrap()
        .program("")
        .report()
        .unwrap_err();
    assert!(matches!(trouble, Trouble::Crashed { .. }), "{trouble}");
    assert!(
        trouble.to_string().contains("a thread overflows its stack"),
        "{trouble}"
    );

    let main = "fn main() {\n    std::thread::spawn(|| ()).join().unwrap();\n    \
                unsafe { std::ptr::null_mut::<u8>().write_volatile(1) };\n}\n";
    let trouble = program("wild", main)
        .unwrap()
        .program("")
        .report()
        .unwrap_err();
    // Where the null pointer is checked, that is a panic that can't unwind, which aborts.
    assert!(matches!(trouble, Trouble::Crashed { .. }), "{trouble}");
    assert!(
        trouble.to_string().contains("the program's own doing"),
        "{trouble}"
    );
}

/// The most bytes that a report may have in words, whatever the program prints.
const MOST: usize = 1 << 20;

#[test]
fn a_flood_of_text_is_shortened() {
    let main = "fn main() {\n    std::thread::spawn(|| for _ in 0..2000 { println!(\"{}\", \"x\".repeat(5000)); })\n        \
                .join().unwrap();\n}\n";
    let flood = program("flood", main).unwrap();
    let report = flood.program("").contains(&["x\n"]).report().unwrap();
    let words = words::words(&report);
    assert!(words.len() < MOST, "{} bytes", words.len());
    assert!(words.contains("texts of the program that are too long are shortened"));
    let first = report.first_log.unwrap();
    assert!(
        first.ends_with("more bytes]\n"),
        "{}",
        &first[first.len() - 80..]
    );

    let main = "fn main() {\n    std::thread::spawn(|| panic!(\"{}\", \"y\".repeat(6 << 20))).join().unwrap();\n}\n";
    let report = explored("loud-panic", main);
    assert!(report.always(Ending::MainPanics), "{report:?}");
    let words = words::words(&report);
    assert!(words.len() < MOST, "{} bytes", words.len());
    let shortened = report.findings.iter().any(|tally| {
        matches!(&tally.what, Finding::Panic { message, .. } if message.contains("more bytes]"))
    });
    assert!(shortened, "{:?}", report.findings.len());
}
