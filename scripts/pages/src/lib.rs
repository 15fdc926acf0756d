//! Everything in the book that is computed, as parts for its pages to include: a listing as what
//! [changed](change) since the one before, the [facts](listing) about it, tables of
//! [schedules] and of [repairs], [pictures], and those of [threads] over time; the data of the page
//! on which the reader is the [scheduler]; and in the book's theme what each page says of itself in its [head].
//!
//! Sources are the listings themselves and what the explorer finds in them; the parts are files in
//! `scripts/pages/made`. The tests of this crate make each part again and compare it with its file,
//! and write the file under `INSTA_UPDATE=always`. Nothing here is read back: a part is HTML or
//! Markdown for people.

pub mod change;
pub mod explored;
pub mod head;
pub mod html;
pub mod index;
pub mod listing;
pub mod made;
pub mod pictures;
pub mod places;
pub mod repairs;
pub mod rust;
pub mod scheduler;
pub mod schedules;
pub mod sources;
pub mod threads;
