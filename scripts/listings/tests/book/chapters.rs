//! Each listing has its chapter, each chapter shows its listing, and what a chapter says of it is
//! what the catalogue and the snapshots say.

use crate::page::{Page, SNAPSHOTS, folder, has_snapshot, listings, pages, read, summary};
use listings::{catalogue::Listing, names, root};
use std::fs;

fn chapter(listing: &Listing) -> Page {
    let file = format!("{}.md", listing.name);
    Page {
        text: read(&format!("book/src/{file}")),
        file,
    }
}

#[track_caller]
fn has(page: &Page, wanted: &str) {
    assert!(
        page.text.contains(wanted),
        "book/src/{} should have:\n\n{wanted}",
        page.file
    );
}

#[test]
fn each_listing_has_its_chapter_and_each_chapter_its_listing_in_order() {
    let chapters: Vec<String> = summary()
        .into_iter()
        .filter_map(|(file, _)| Some(file.strip_suffix(".md")?.to_string()))
        .filter(|name| name.starts_with("listing-"))
        // It has dependencies, so its program is no listing.
        .filter(|name| name != "listing-next-5-another-crate")
        .collect();
    let names: Vec<String> = listings().into_iter().map(|listing| listing.name).collect();
    assert_eq!(chapters, names, "the chapters in SUMMARY.md");
}

#[test]
fn every_page_is_in_the_summary_under_its_own_title() {
    let mut files: Vec<String> = fs::read_dir(folder())
        .expect("book/src can be read")
        .map(|entry| entry.expect("book/src can be read").file_name())
        .map(|name| name.to_string_lossy().into_owned())
        .filter(|name| name.ends_with(".md") && name != "SUMMARY.md")
        .collect();
    files.sort();
    let mut listed: Vec<String> = summary().into_iter().map(|(file, _)| file).collect();
    listed.sort();
    assert_eq!(files, listed);

    for (file, title) in summary() {
        let text = read(&format!("book/src/{file}"));
        let heading = text.lines().next().unwrap_or_default();
        // The first page has the title of the book.
        if file != "index.md" {
            assert_eq!(heading, format!("# {title}"), "the first line of {file}");
        }
    }
}

#[test]
fn each_chapter_begins_with_the_number_and_the_facts() {
    for listing in listings() {
        let page = chapter(&listing);
        let heading = format!("# {} – ", listing.number());
        assert!(page.text.starts_with(&heading), "{}: {heading}", page.file);

        let warns = has_snapshot(&format!("{}.compiler.snap", listing.name));
        let (class, compiles) = match (listing.compiles(), warns) {
            (false, _) => (
                "does-not",
                format!("**does not compile**: {}", listing.errors.join(", ")),
            ),
            (true, true) => ("warns", "**compiles**, with warnings".to_string()),
            (true, false) => ("does", "**compiles**".to_string()),
        };
        let follows = match &listing.follows {
            None => "**follows** nothing: it is the first".to_string(),
            Some(name) => {
                let number = number_of(name);
                format!("**follows** [{number}]({name}.md)")
            }
        };
        let drop = match &listing.drop {
            None => String::new(),
            Some(word) => format!("- **dropping the pool** {word}\n"),
        };
        let Listing { name, sees, .. } = &listing;
        // Where the folder is on the web, or whether it is, the book doesn't know: no link to it.
        let gate = gate(&listing);
        has(
            &page,
            &format!(
                "<div class=\"facts {class}\">\n\n- {compiles}\n- **you see**: {sees}\n{drop}\
                 - {follows}\n- **folder**: `listings/{name}`, with [these files](#the-whole-files)\n\
                 - **command**: [`cargo run -p {name}{gate}`](#run-{name})\n\n</div>\n"
            ),
        );
    }
}

/// What its command needs to build it.
fn gate(listing: &Listing) -> &'static str {
    match listing.compiles() {
        true => "",
        false => " --features does-not-compile",
    }
}

fn number_of(name: &str) -> String {
    let found = listings().into_iter().find(|listing| listing.name == name);
    found.expect("the listing is there").number()
}

#[test]
fn each_chapter_shows_what_there_is_to_show() {
    for listing in listings() {
        let page = chapter(&listing);
        let name = &listing.name;
        for kind in [
            "diff",
            "compiler",
            "shutdown",
            "hang",
            "log",
            "schedules",
            "panics",
            "program",
        ] {
            let snapshot = format!("{name}.{kind}.snap");
            if has_snapshot(&snapshot) {
                has(
                    &page,
                    &format!("\n{{{{#include ../../{SNAPSHOTS}/{snapshot}:4:}}}}\n"),
                );
            }
        }
        for file in ["src/lib.rs", "src/main.rs"] {
            if listing.folder().join(file).is_file() {
                has(
                    &page,
                    &format!(
                        "<summary><code>listings/{name}/{file}</code></summary>\n\n```rust\n\
                         {{{{#include ../../listings/{name}/{file}}}}}\n```\n"
                    ),
                );
            }
        }
        let command = format!("\n$ cargo run -p {name}{}\n", gate(&listing));
        if listing.compiles() {
            has(&page, &command);
        } else {
            // The snapshot's first line is the command.
            let snapshot = read(&format!("{SNAPSHOTS}/{name}.compiler.snap"));
            assert!(snapshot.contains(&command));
        }
    }
}

#[test]
fn the_heart_of_the_book_shows_the_deadlock() {
    let page = Page {
        text: read("book/src/why-two-loops.md"),
        file: "why-two-loops.md".to_string(),
    };
    for snapshot in [
        "listing-20-26-single-loop.deadlock.snap",
        "listing-20-26-single-loop.schedules.snap",
        "listing-20-25.schedules.snap",
    ] {
        if has_snapshot(snapshot) {
            has(
                &page,
                &format!("\n{{{{#include ../../{SNAPSHOTS}/{snapshot}:4:}}}}\n"),
            );
        }
    }
}

/// The sections of a chapter come in one order; a chapter may lack some.
#[test]
fn the_sections_of_a_chapter_are_in_order() {
    for listing in listings() {
        let page = chapter(&listing);
        // The number in a heading is what the search of the book goes by.
        let run = format!("Run {}", listing.name);
        let exercise = format!("Exercise {}", names::short(&listing));
        let order = [
            "What changes",
            "The code that matters",
            &run,
            "Why it is so",
            "What every schedule says",
            "Predict before you run",
            "The whole files",
            &exercise,
        ];
        let prose = page.prose();
        let sections: Vec<&str> = prose
            .lines()
            .filter_map(|line| line.strip_prefix("## "))
            .collect();
        let expected: Vec<&str> = order
            .into_iter()
            .filter(|section| sections.contains(section))
            .collect();
        assert_eq!(sections, expected, "{}", page.file);
        for needed in [
            "The code that matters",
            &run,
            "Why it is so",
            "Predict before you run",
            "The whole files",
        ] {
            assert!(sections.contains(&needed), "{} lacks {needed}", page.file);
        }
    }
}

/// Whatever stands in a block comes from a file, but for commands to type.
#[test]
fn every_block_is_included_or_a_command() {
    for page in pages() {
        for block in page.blocks() {
            let place = format!("book/src/{}:{}", page.file, block.line);
            if block.language == "console" && block.lines.iter().all(|line| line.starts_with("$ "))
            {
                continue;
            }
            let [line] = block.lines[..] else {
                panic!("{place}: a block holds one include, or commands that begin with `$ `");
            };
            let include = line
                .strip_prefix("{{#include ../../")
                .and_then(|rest| rest.strip_suffix("}}"));
            let Some(include) = include else {
                panic!("{place}: this isn't included: {line}");
            };
            let mut parts = include.split(':');
            let path = parts.next().unwrap_or_default();
            let range: Vec<&str> = parts.collect();
            assert!(root().join(path).is_file(), "{place}: there is no {path}");
            match (path.ends_with(".snap"), &range[..]) {
                (true, ["4", ""]) => {
                    let text = read(path);
                    let head: Vec<&str> = text.lines().take(3).collect();
                    assert!(
                        head.len() == 3 && head[0] == "---" && head[2] == "---",
                        "{path} has another head than three lines"
                    );
                }
                (false, []) => {}
                (false, [from, to]) => whole_fragment(&page, &place, path, from, to),
                _ => panic!("{place}: this range makes no sense: {include}"),
            }
        }
    }
}

/// A fragment is one that can be shown alone: it begins with what the comment in front of it says,
/// its brackets are closed, and it begins and ends at one depth.
fn whole_fragment(page: &Page, place: &str, path: &str, from: &str, to: &str) {
    let number = |text: &str| text.parse::<usize>().expect("a number of a line");
    let text = read(path);
    let lines: Vec<&str> = text.lines().collect();
    let (from, to) = (number(from), number(to));
    assert!(1 <= from && from <= to && to <= lines.len(), "{place}");
    let fragment = &lines[from - 1..to];

    let block = format!("```rust\n{{{{#include ../../{path}:{from}:{to}}}}}");
    let before = page.text.split(&block).next().unwrap_or_default();
    let said = before
        .trim_end()
        .rsplit_once("<!-- shows: ")
        .and_then(|(_, rest)| rest.strip_suffix(" -->"));
    let Some(said) = said else {
        panic!("{place}: in front of a fragment there is a comment with its beginning");
    };
    assert!(
        fragment[0].trim_start().starts_with(said),
        "{place}: the fragment begins with `{}`, and not with `{said}`",
        fragment[0].trim_start()
    );

    let count = |brackets: [char; 3]| fragment.concat().matches(brackets).count();
    assert_eq!(
        count(['{', '(', '[']),
        count(['}', ')', ']']),
        "{place}: brackets"
    );
    let depth = |line: &str| line.len() - line.trim_start().len();
    assert_eq!(
        depth(fragment[0]),
        depth(fragment[fragment.len() - 1]),
        "{place}: it ends deeper than it begins, or less deep"
    );
}

/// The numbers are in the snapshots that are included, so there is none to type.
#[test]
fn what_every_schedule_says_has_no_number_of_its_own() {
    for page in pages() {
        for section in page.text.split("## What every schedule says").skip(1) {
            let section = section.split("\n## ").next().unwrap_or_default();
            for line in section.lines().filter(|line| !line.starts_with("{{#")) {
                // The number in a link is the name of a listing.
                let unlinked: String = line
                    .split('[')
                    .map(|part| {
                        part.split_once("](").map_or(part, |(_, rest)| {
                            rest.split_once(')').map_or(rest, |(_, after)| after)
                        })
                    })
                    .collect();
                assert!(
                    !unlinked.contains(|letter: char| letter.is_ascii_digit()),
                    "{}: a number in `{line}`",
                    page.file
                );
            }
        }
    }
}

/// The way to the page before and the page after is at the foot of each page.
#[test]
fn every_page_ends_with_the_way_on() {
    let summary = summary();
    for (index, (file, _)) in summary.iter().enumerate() {
        let mut way = String::from("<div class=\"way\">\n\n");
        if let Some((file, title)) = index.checked_sub(1).map(|before| &summary[before]) {
            way += &format!("- previous: [{title}]({file})\n");
        }
        if let Some((file, title)) = summary.get(index + 1) {
            way += &format!("- next: [{title}]({file})\n");
        }
        way += "\n</div>\n";
        let text = read(&format!("book/src/{file}"));
        assert!(text.ends_with(&way), "{file} should end with:\n\n{way}");
    }
}

#[test]
fn the_index_lists_every_listing() {
    let mut rows =
        String::from("| listing | what changes | compiles | you see |\n|---|---|---|---|\n");
    for listing in listings() {
        let Listing {
            name, title, sees, ..
        } = &listing;
        let number = listing.number();
        let compiles = match listing.errors.join(", ") {
            codes if !codes.is_empty() => format!("no: {codes}"),
            _ if has_snapshot(&format!("{name}.compiler.snap")) => "yes, with warnings".to_string(),
            _ => "yes".to_string(),
        };
        rows += &format!("| [{number}]({name}.md) | {title} | {compiles} | {sees} |\n");
    }
    assert!(
        read("book/src/index-of-listings.md").contains(&rows),
        "the index should be:\n{rows}"
    );
}

/// The table of numbers is the README's, with links.
#[test]
fn the_numbering_is_that_of_the_readme() {
    let mut rows = String::new();
    let readme = read("README.md");
    let (_, table) = readme
        .split_once("## Which listing is this in my edition?")
        .expect("the README has the table");
    for line in table
        .lines()
        .skip_while(|line| !line.starts_with('|'))
        .take_while(|line| line.starts_with('|'))
    {
        let mut cells: Vec<String> = line.split(" | ").map(str::to_string).collect();
        if let Some(here) = cells.get_mut(1) {
            let linked: Vec<String> = here.split(" and ").map(link).collect();
            *here = linked.join(" and ");
        }
        rows += &cells.join(" | ");
        rows += "\n";
    }
    assert!(
        read("book/src/numbering.md").contains(&rows),
        "the table should be:\n{rows}"
    );
}

fn link(number: &str) -> String {
    match listings().iter().find(|listing| listing.number() == number) {
        Some(listing) => format!("[{number}]({}.md)", listing.name),
        None => number.to_string(),
    }
}
