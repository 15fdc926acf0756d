//! One schedule of a few threads, as a picture and as a table: both tell the same steps in the same
//! order, and the numbers of the picture stand in the table.

mod drawing;
mod story;
mod table;

use crate::{explored::explored, html, made::Part};
use explore::{table::table as words, wrap::Run};
use interleave::trace::End;
use story::Story;
pub use story::stuck;

/// A schedule that the book shows.
struct Shown {
    listing: &'static str,
    /// What its files are called after the listing's name.
    name: &'static str,
    title: &'static str,
    workers: usize,
    jobs: usize,
    /// Which thread makes how many steps, as the explorer's `--replay` has it.
    schedule: &'static str,
    /// Whether it is one of the shortest ways into a deadlock.
    deadlock: bool,
}

/// The order in each is the story's and not that of the explorer's own table, which changes threads
/// as seldom as it can. To the explorer both are one schedule: a step that changes nothing for the
/// others may come earlier or later.
const SHOWN: [Shown; 4] = [
    Shown {
        listing: "listing-20-26-single-loop",
        name: "deadlock",
        title: "One loop, two workers, one of them busy: a deadlock",
        workers: 2,
        jobs: 1,
        // Worker 0 runs the job, worker 1 has come to the queue, and only then the pool is dropped.
        schedule: "0x3,1x2,2,0x2,1x4,2,0x3,2x4,1x2",
        deadlock: true,
    },
    Shown {
        listing: "listing-20-26-single-loop",
        name: "idle",
        title: "One loop, two idle workers: a deadlock",
        workers: 2,
        jobs: 0,
        // Worker 1 is first at the queue.
        schedule: "0x3,2x2,1,0x3,2x4,1",
        deadlock: true,
    },
    Shown {
        listing: "listing-20-26-single-loop",
        name: "lucky",
        title: "One loop, two idle workers: everybody ends",
        workers: 2,
        jobs: 0,
        // Worker 0 is.
        schedule: "0x3,1x2,2,0x3,1x4,0x3,2x6,0x4",
        deadlock: false,
    },
    Shown {
        listing: "listing-20-25",
        name: "threads",
        title: "Two loops, two workers, one of them busy: everybody ends",
        workers: 2,
        jobs: 1,
        schedule: "0x3,1x2,2,0x2,1x4,2,0x6,2x4,1x7,0x6",
        deadlock: false,
    },
];

/// The pictures and the tables. Panics if a schedule isn't what is said of it.
pub fn parts() -> Vec<Part> {
    SHOWN.iter().flat_map(Shown::parts).collect()
}

impl Shown {
    fn run(&self) -> Run<'static> {
        explored(self.listing).pool(self.workers, self.jobs)
    }

    fn story(&self) -> Story {
        let execution = self.run().replay(self.schedule);
        let execution = execution.unwrap_or_else(|trouble| panic!("{}: {trouble}", self.name));
        match self.deadlock {
            true => {
                let report = self.run().report().expect("a report");
                let shortest = report.shown.as_ref().map(words);
                assert_eq!(
                    shortest,
                    Some(words(&execution)),
                    "it is one of the shortest"
                );
            }
            false => assert_eq!(execution.end, End::Normal, "{}", self.name),
        }
        assert!(execution.cut_off().is_empty(), "{}", self.name);
        let story = Story::new(execution);
        assert_eq!(story.circle.is_empty(), !self.deadlock, "{}", self.name);
        story
    }

    fn parts(&self) -> [Part; 2] {
        let story = self.story();
        let id = format!("{}-{}", self.listing, self.name);
        let picture = format!(
            "<figure class=\"picture\">\n{}\n<figcaption>{}. Time runs downwards. A worker that waits for \
             a message may be waiting for the lock.</figcaption>\n</figure>\n",
            drawing::svg(&id, self.title, &story),
            html::escaped(self.title),
        );
        let file = format!("{}.{}", self.listing, self.name);
        [
            Part::new(format!("{file}.html"), picture),
            Part::new(
                format!("{file}.table.html"),
                table::html(self.title, &story),
            ),
        ]
    }
}
