//! How a command ends, and what it prints last.

use listings::Error;
use std::io::Write;

/// How a command ends where nothing was wrong with its words.
pub enum Exit {
    /// What it was asked holds, or is done.
    Holds,
    /// It was asked whether something holds, and it doesn't.
    DoesNotHold,
    /// It was asked whether something holds, and that can't be told.
    CannotTell,
}

/// Why a command ends early.
pub enum Usage {
    /// Its words are wrong; the sentence says what would be right.
    Wrong(String),
    /// Something else is.
    Failed(Error),
}

impl From<Error> for Usage {
    fn from(error: Error) -> Usage {
        Usage::Failed(error)
    }
}

/// What every command returns.
pub type Done = Result<Exit, Usage>;

/// Prints a text. A reader that has gone, such as `head`, is no error.
pub fn print(text: &str) -> Done {
    let mut out = std::io::stdout().lock();
    let _ = out.write_all(text.as_bytes()).and_then(|()| out.flush());
    Ok(Exit::Holds)
}
