//! What the book says of schedules is so, and each of its computed parts is what the listings and the
//! explorer give today.

mod made;
mod panicking;
mod repairs;
mod schedules;
