//! The command `cargo listings`: see the listings, compare two of them, run one, explore its schedules, and
//! practise.

mod commands;

use commands::{Exit, Usage};
use explore::guard;
use std::{env, process::ExitCode};

fn main() -> ExitCode {
    let mut words = env::args_os().skip(1);
    if words.next().is_some_and(|word| word == guard::ARGUMENT) {
        guard::main(words);
    }
    guard::enable();
    let arguments: Vec<String> = env::args_os()
        .skip(1)
        .map(|argument| argument.to_string_lossy().into_owned())
        .collect();
    match commands::run(&arguments) {
        Ok(Exit::Holds) => ExitCode::SUCCESS,
        Ok(Exit::DoesNotHold) => ExitCode::FAILURE,
        Ok(Exit::CannotTell) => ExitCode::from(3),
        Err(Usage::Wrong(sentence)) => {
            eprintln!("error: {sentence}");
            ExitCode::from(2)
        }
        Err(Usage::Failed(error)) => {
            eprintln!("error: {error}");
            ExitCode::FAILURE
        }
    }
}
