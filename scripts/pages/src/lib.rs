//! Everything in the book that is computed, as parts for its pages to include: a listing as what
//! [changed](change) since the one before, the [facts](listing) about it, tables of
//! [schedules], the data of the page on which one is the [scheduler], pictures of threads over time ([threads]) and of what is in the way.
//!
//! Sources are the listings themselves and what the explorer finds in them; the parts are files in
//! `scripts/pages/made`. The tests of this crate make each part again and compare it with its file,
//! and write the file under `INSTA_UPDATE=always`. Nothing here is read back: a part is HTML or
//! Markdown for people.

pub mod change;
pub mod explored;
pub mod html;
pub mod index;
pub mod listing;
pub mod made;
pub mod rust;
pub mod scheduler;
pub mod schedules;
