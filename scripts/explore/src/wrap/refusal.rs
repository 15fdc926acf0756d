//! Why a crate can't be explored, and the words for it.

use std::error::Error;
use std::fmt;
use std::path::PathBuf;
use std::time::Duration;

/// Why a crate can't be explored.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// There is no crate in the folder, or none with something to run.
    NotACrate {
        /// The folder.
        folder: PathBuf,
        /// What is missing.
        why: String,
    },
    /// It uses other crates, whose use of `std` can't be seen.
    NeedsCrates {
        /// The crate.
        name: String,
        /// The crates that it uses, each with the file and the line where it does.
        others: Vec<(String, String)>,
    },
    /// It doesn't compile with the real `std` either.
    DoesNotCompile {
        /// The crate.
        name: String,
        /// What the compiler says.
        text: String,
    },
    /// It compiles, but it uses an item of `std` that the explorer doesn't cover.
    NotCovered {
        /// The crate.
        name: String,
        /// The item, as far as the compiler names it.
        item: String,
        /// The file in the crate and the line.
        place: String,
        /// What the compiler says.
        text: String,
    },
    /// It does something behind the explorer's back.
    Escapes {
        /// The crate.
        name: String,
        /// What stands in its source.
        item: String,
        /// The file in the crate and the line.
        place: String,
        /// Why that can't be followed.
        why: String,
    },
    /// It uses what wasn't allowed, for it could do anything to this machine.
    Unsafe {
        /// The crate.
        name: String,
        /// What it uses.
        item: String,
        /// The file in the crate and the line.
        place: String,
    },
    /// The compiler doesn't come to an end.
    TakesTooLong {
        /// The crate.
        name: String,
        /// How long it was waited for.
        time: Duration,
    },
    /// It has no such scenario: no `main`, or no pool.
    NoScenario {
        /// The crate.
        name: String,
        /// What is missing.
        why: String,
    },
}

impl fmt::Display for Refusal {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        match self {
            Refusal::NotACrate { folder, why } => {
                write!(f, "{} can't be explored: {why}.", folder.display())
            }
            Refusal::NeedsCrates { name, others } => {
                let uses: Vec<String> = others
                    .iter()
                    .map(|(other, place)| format!("`{other}` ({place})"))
                    .collect();
                write!(
                    f,
                    "{name} can't be explored: it uses {}, and only `std` can be replaced.",
                    uses.join(", ")
                )
            }
            Refusal::DoesNotCompile { name, text } => {
                write!(
                    f,
                    "{name} doesn't compile, with or without the explorer:\n{text}"
                )
            }
            Refusal::NotCovered {
                name, item, place, ..
            } => write!(
                f,
                "{name} can't be explored: it uses `{item}` ({place}), which the explorer doesn't cover."
            ),
            Refusal::Escapes {
                name,
                item,
                place,
                why,
            } => write!(
                f,
                "{name} can't be explored: it uses `{item}` ({place}), {why}."
            ),
            Refusal::Unsafe { name, item, place } => write!(
                f,
                "{name} is not run: it uses {item} ({place}), and with that it could do anything \
                 to this machine. With --allow-unsafe it is run all the same."
            ),
            Refusal::TakesTooLong { name, time } => write!(
                f,
                "{name} can't be explored: the compiler has not come to an end in {time:?}."
            ),
            Refusal::NoScenario { name, why } => write!(f, "{name} can't be explored: {why}."),
        }
    }
}

impl Error for Refusal {}
