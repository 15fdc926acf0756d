//! Our thread pool beside published ones: what they do, and what they cost.
//!
//! ```console
//! $ cargo run --release --manifest-path scripts/compare/Cargo.toml
//! $ cargo run --release --manifest-path scripts/compare/Cargo.toml -- behaviour
//! $ cargo run --release --manifest-path scripts/compare/Cargo.toml -- serve rayon 127.0.0.1:7878
//! ```
//!
//! The first prints the table, all of it measured in that run; the second only what needs no
//! clock, in Markdown; the third is the server of the listings on one of the pools.
//!
//! Every question about a pool is asked in a process of its own, with a bound on its time: one
//! pool may end the process that uses it, another may never return.

mod behaviour;
mod child;
mod cost;
mod mute;
mod pools;
mod server;
mod speed;
mod table;

use pools::{NAMES, with_pool};
use std::{env, io, net::TcpListener, process::ExitCode};

fn main() -> ExitCode {
    let words: Vec<String> = env::args_os()
        .skip(1)
        .map(|word| word.to_string_lossy().into_owned())
        .collect();
    let words: Vec<&str> = words.iter().map(String::as_str).collect();
    let done = match words[..] {
        [] => table::measured(),
        ["behaviour"] => table::behaviour(),
        ["serve", name] => serve(name, "127.0.0.1:7878"),
        ["serve", name, address] => serve(name, address),
        // How the program asks itself.
        ["ask", name, question] if behaviour::QUESTIONS.contains(&question) => {
            known(name, with_pool!(name, P => behaviour::show::<P>(question)))
        }
        ["speed", name, kind, workers] => match workers.parse() {
            Ok(workers) => {
                known(name, with_pool!(name, P => speed::show::<P>(kind, workers)))
            }
            Err(_) => Err(io::Error::other(format!(
                "{workers} is no number of workers"
            ))),
        },
        _ => Err(io::Error::other(
            "this takes nothing, or `behaviour`, or `serve POOL ADDRESS` such as \
             `serve rayon 127.0.0.1:0`",
        )),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("{error}");
            ExitCode::FAILURE
        }
    }
}

fn known<T>(name: &str, done: Option<T>) -> io::Result<T> {
    let names = NAMES.join(", ");
    done.ok_or_else(|| {
        io::Error::other(format!("there is no pool `{name}`: take one of {names}"))
    })
}

fn serve(name: &str, address: &str) -> io::Result<()> {
    known(name, NAMES.contains(&name).then_some(()))?;
    let listener = TcpListener::bind(address).map_err(|error| {
        io::Error::other(format!(
            "Cannot listen on {address} ({error}): \
             take another address, such as 127.0.0.1:0 for any free port."
        ))
    })?;
    println!("Listening on http://{}", listener.local_addr()?);
    known(name, with_pool!(name, P => server::serve::<P>(&listener)))
}
