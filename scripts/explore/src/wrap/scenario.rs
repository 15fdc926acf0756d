//! The sources that are generated beside a crate: what calls its `main`, what
//! uses its pool, and the program that hands both to the driver.

use super::manifest::{Crate, Host};
use super::tokens::{self, Tree};
use std::path::Path;

/// What of a crate is built for exploration.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Parts {
    /// Its program, if it has one.
    pub main: bool,
    /// Its pool, if it has one.
    pub pool: bool,
}

impl Parts {
    /// Where the pool is, if it is wanted.
    pub fn host(self, found: &Crate) -> Option<Host> {
        found.pool().filter(|_| self.pool).map(|(host, _)| host)
    }

    /// Whether the crate's program is compiled: it is wanted, or the pool is in it.
    pub fn compiles_main(self, found: &Crate) -> bool {
        found.main.is_some() && (self.main || self.host(found) == Some(Host::Program))
    }
}

/// The module that uses the pool, as a path beside the folder of the crate's copy.
pub const POOL_FILE: &str = "pool/scenario.rs";

/// What is added to the end of the root file in which, or in whose modules, the pool is; `root` is
/// its path inside the crate.
pub fn pool_module(root: &Path) -> String {
    let up = "../".repeat(root.components().count());
    format!(
        "\n\n/// The pool, as the explorer uses it.\n\
         #[path = \"{up}{POOL_FILE}\"]\npub mod pool_as_explored;\n"
    )
}

/// What is added to the end of the program's root file: a public function that calls `main`.
pub fn entry(source: &[u8]) -> String {
    let call = match never_returns(&String::from_utf8_lossy(source)) {
        true => "main()",
        false => "::std::explorer::driver::end(main())",
    };
    format!(
        "\n\n/// Calls `main`, as the explorer asks for.\n\
         pub fn main_as_explored() {{\n    {call}\n}}\n"
    )
}

/// Whether `main` is declared as `fn main() -> !`. No value has that type, so it can't be handed on.
fn never_returns(source: &str) -> bool {
    let declared = ["fn", "main"].map(|word| Tree::Word(word.to_string()));
    let trees = tokens::read(source);
    trees.windows(6).any(|next| {
        next.starts_with(&declared)
            && next[2].group('(').is_some()
            && next[3..]
                .iter()
                .zip("->!".chars())
                .all(|(tree, mark)| tree.marks(mark))
    })
}

/// The module that uses the pool.
pub fn pool(found: &Crate) -> String {
    let Some((_, pool)) = found.pool() else {
        return String::new();
    };
    let (making, giving) = (pool.making(), pool.giving());
    format!(
        r#"#![allow(warnings)]
use std::explorer;

/// Makes the pool, gives it its jobs, and drops it or keeps it.
pub fn run(load: explorer::driver::Load, keeps: bool) {{
    let workers: usize = load.workers;
    let mut pool = {making};
    for number in 0..load.jobs {{
        let queued = explorer::QueuedJob::queue(number);
        let job = move || {{
            queued.start();
            if number < load.panics {{
                explorer::job_panics(number);
            }}
            explorer::job_finished(number);
        }};
        {giving}
    }}
    if keeps {{
        explorer::driver::keep(&pool);
    }} else {{
        println!("Shutting down.");
        drop(pool);
        explorer::marker(explorer::DROPPED);
    }}
}}
"#
    )
}

/// The program that hands these parts of a crate to the driver.
pub fn program(found: &Crate, parts: Parts) -> String {
    let main = match parts.main && found.main.is_some() {
        true => "Some(the_program::main_as_explored)".to_string(),
        false => "None".to_string(),
    };
    let from = parts.host(found).map(|host| match host {
        Host::Library => "the_library",
        Host::Program => "the_program",
    });
    let run = |keeps: bool| match from {
        Some(from) => format!("Some(|load| {from}::pool_as_explored::run(load, {keeps}))"),
        None => "None".to_string(),
    };
    format!(
        r#"use std::explorer;

fn main() {{
    explorer::driver::main(explorer::driver::Program {{
        name: {:?},
        main: {main},
        aborts: {},
        pool: {},
        keep: {},
    }});
}}
"#,
        found.name,
        found.aborts(),
        run(false),
        run(true)
    )
}
