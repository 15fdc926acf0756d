//! How long a worker holds the lock, as a bar beside the lines of its loop.

use crate::{explored::explored, places, rust, sources};
use interleave::primitives::{job, mutex};
use interleave::trace::{Event, Op};
use listings::catalogue::Listing;

/// The lines of the loop, with the bar: from where the lock is taken to where it is released, as
/// the explorer has seen it.
pub fn figure(listing: &Listing) -> String {
    let source = sources::read(listing, "src/lib.rs");
    let lines: Vec<&str> = source.lines().collect();
    let held = held(listing);
    let (first, last) = around(&lines, held.taken);
    let job = (first..=last).find(|&number| lines[number - 1].trim() == "job();");
    let job = job.expect("the line that runs the job");
    let released = match held.while_the_job_runs {
        true => last,
        false => held.taken,
    };
    let coloured = rust::coloured(&source);
    let depth = lines[first - 1].len() - lines[first - 1].trim_start().len();
    let shown: Vec<String> = (first..=last)
        .map(|number| {
            let code = coloured[number - 1].get(depth..).unwrap_or_default();
            let class = match (held.taken..=released).contains(&number) {
                true => "held",
                false => "free",
            };
            let note = match number {
                _ if number == job && class == "held" => {
                    " <em>the job runs, and the lock is held</em>"
                }
                _ if number == job => " <em>the job runs, and the lock is free</em>",
                _ => "",
            };
            format!("<span class=\"{class}\" data-line=\"{number}\">{code}{note}</span>")
        })
        .collect();
    let until = match held.while_the_job_runs {
        true => format!(
            "It is released at the end of the body, line {released}: <b>after</b> the job has run."
        ),
        false => {
            format!("It is released at the end of line {released}: <b>before</b> the job runs.")
        }
    };
    format!(
        "<figure class=\"guard\">\n<figcaption>{}: the bar is how long the lock is held. It is taken in line \
         {}. {until}</figcaption>\n<pre><code class=\"nohighlight\">{}</code></pre>\n</figure>\n",
        places::link(listing),
        held.taken,
        shown.join("\n")
    )
}

struct Held {
    /// The line where the lock is taken.
    taken: usize,
    while_the_job_runs: bool,
}

/// What the worker does that runs the job: it takes the lock, receives, and releases the lock before
/// the job or after it.
fn held(listing: &Listing) -> Held {
    let report = explored(&listing.name)
        .keep(2, 1)
        .report()
        .expect("a report");
    let execution = report.shown.expect("an execution");
    let at = |wanted: fn(&Event) -> bool, from: usize| {
        let found = execution.events[from..].iter().position(wanted);
        from + found.expect("it happens")
    };
    let runs = at(
        |event| matches!(event.op, Op::Job(job::Action::Started { .. })),
        0,
    );
    let worker = execution.events[runs].thread;
    let own: Vec<&Event> = execution
        .events
        .iter()
        .filter(|event| event.thread == worker)
        .collect();
    let place = |wanted: fn(&Event) -> bool| {
        own.iter()
            .position(|event| wanted(event))
            .expect("it happens")
    };
    let taken = place(|event| matches!(event.op, Op::Mutex(_, mutex::Action::Lock)));
    let released = place(|event| matches!(event.op, Op::Mutex(_, mutex::Action::Unlock)));
    let done = place(|event| matches!(event.op, Op::Job(job::Action::Finished { .. })));
    Held {
        taken: own[taken].place.line as usize,
        while_the_job_runs: released > done,
    }
}

/// The loop that a line is in or begins, as the numbers of its first and last line.
fn around(lines: &[&str], number: usize) -> (usize, usize) {
    let depth = |line: &str| line.len() - line.trim_start().len();
    let begins = |line: &str| {
        let line = line.trim_start();
        line.starts_with("loop ") || line.starts_with("while ")
    };
    let first = (1..=number)
        .rev()
        .find(|&at| begins(lines[at - 1]))
        .expect("a loop");
    let end = |at: &usize| {
        let line = lines[at - 1];
        line.trim() == "}" && depth(line) == depth(lines[first - 1])
    };
    let last = (first..=lines.len()).find(end).expect("its end");
    (first, last)
}
