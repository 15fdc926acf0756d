//! `cargo listings offline`: a folder for a USB stick.

use super::{
    arguments::Arguments,
    ending::{Done, print},
};
use interleave::numbers;
use listings::offline;
use std::path::Path;

pub const HELP: &str = "\
Makes a folder for machines without a network: this repository, its built book, and all that Cargo
needs for the listings, the command and the tests. It takes mdBook, and a folder that isn't there yet.

  cargo listings offline /media/stick/threads
";

pub fn run(arguments: &Arguments) -> Done {
    let words = arguments.words(1..=1, "a new folder")?;
    let folder = Path::new(&words[0]);
    let files = numbers::count(offline::make(folder)?, "file");
    let folder = folder.display();
    print(&format!(
        "{folder}/book/index.html is the book, and {folder}/repository the repository: {files}.\n\
         Rust itself is not in it.\n"
    ))
}
