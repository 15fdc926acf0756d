//! The book and the repository say the same: each listing has its chapter, whatever a program
//! printed is included and not typed, and every link, number and command leads somewhere.

mod chapters;
mod commands;
mod links;
mod numbers;
mod page;
mod transcripts;
