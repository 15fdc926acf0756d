//! Explores a crate in any folder:
//! `cargo run -p interleave --example explore -- FOLDER pool 2 1 --table`.

use interleave::explorer::wrap;
use std::env;
use std::error::Error;
use std::process::{self, Command};

fn main() -> Result<(), Box<dyn Error>> {
    let mut arguments = env::args().skip(1);
    let folder = arguments.next().ok_or("usage: explore FOLDER ARGUMENTS")?;
    let mut built = wrap::build(&wrap::folder("explore"), &[folder])?;
    let status = match built.remove(0) {
        Ok(wrapped) => Command::new(wrapped.binary()).args(arguments).status()?,
        Err(refusal) => {
            eprintln!("{refusal}");
            process::exit(1);
        }
    };
    process::exit(status.code().unwrap_or(1));
}
