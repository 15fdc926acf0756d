//! Each listing has its place in the story, the place shows what there is to show, and what the book
//! counts by hand is what the explorer counts.

use crate::page::{MADE, Page, SNAPSHOTS, folder, has_snapshot, listings, pages, read, summary};
use listings::{catalogue::Listing, diff::difference, exercises, names, root};
use std::fs;

#[track_caller]
fn has(page: &Page, wanted: &str) {
    assert!(
        page.text.contains(wanted),
        "book/src/{} should have:\n\n{wanted}",
        page.file
    );
}

/// The page and the part of it that tell of a listing: from its heading, which has its name as the
/// anchor, to that of the next one.
fn sections() -> Vec<(String, Page)> {
    let mut sections: Vec<(String, Page)> = Vec::new();
    for page in pages() {
        for part in page.text.split("\n## ").skip(1) {
            let (heading, _) = part.split_once('\n').unwrap_or((part, ""));
            let name = heading
                .split_once("{#listing-")
                .and_then(|(_, rest)| rest.strip_suffix('}'));
            match (name, sections.last_mut()) {
                (Some(name), _) => {
                    let page = Page {
                        file: page.file.clone(),
                        text: part.to_string(),
                    };
                    sections.push((format!("listing-{name}"), page));
                }
                (None, Some((_, last))) if last.file == page.file => {
                    last.text += "\n## ";
                    last.text += part;
                }
                (None, _) => {}
            }
        }
    }
    // It has dependencies, so its program is no listing.
    sections.retain(|(name, _)| name != "listing-next-5-another-crate");
    sections
}

#[test]
fn the_story_tells_of_each_listing_once_and_in_order() {
    let told: Vec<String> = sections().into_iter().map(|(name, _)| name).collect();
    let names: Vec<String> = listings().into_iter().map(|listing| listing.name).collect();
    let differs = difference(&told.join("\n"), &names.join("\n"));
    assert!(
        differs.is_empty(),
        "the headings of the story, and the listings:\n{differs}"
    );
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
    let differs = difference(&files.join("\n"), &listed.join("\n"));
    assert!(
        differs.is_empty(),
        "the pages, and those in SUMMARY.md:\n{differs}"
    );

    for (file, title) in summary() {
        let text = read(&format!("book/src/{file}"));
        let heading = text.lines().next().unwrap_or_default();
        // The first page has the title of the book.
        if file != "index.md" {
            assert_eq!(heading, format!("# {title}"), "the first line of {file}");
        }
    }
}

/// The number in the heading, then whether it compiles and how it is run, then what changes, and
/// at last the whole files: each of them computed, and each once.
#[test]
fn each_listing_is_shown() {
    for ((name, page), listing) in sections().iter().zip(listings()) {
        let heading = format!("{} – ", listing.number());
        assert!(page.text.starts_with(&heading), "{name}: {heading}");
        // The first one changes nothing, so the chapter shows its parts.
        let pieces: &[&str] = match listing.follows {
            None => &["facts"],
            Some(_) => &["facts", "change", "files"],
        };
        let places: Vec<usize> = pieces
            .iter()
            .map(|piece| {
                let include = format!("\n\n{{{{#include ../../{MADE}/{name}.md:{piece}}}}}\n");
                let mut found = page.text.match_indices(&include);
                let (Some((place, _)), None) = (found.next(), found.next()) else {
                    panic!("{}: {name} should have once:\n{include}", page.file);
                };
                place
            })
            .collect();
        assert!(
            places.is_sorted(),
            "{name}: first the facts, then what changes"
        );
    }
}

/// What programs, the compiler and the explorer have said of a listing is somewhere in the book; the
/// errors of a step that doesn't compile are in its own place.
#[test]
fn what_is_recorded_is_shown() {
    let pages = pages();
    let shown = |include: &str| pages.iter().any(|page| page.text.contains(include));
    for ((name, page), listing) in sections().iter().zip(listings()) {
        for kind in ["compiler", "shutdown", "hang", "log", "panics", "program"] {
            let snapshot = format!("{name}.{kind}.snap");
            let include = format!("\n{{{{#include ../../{SNAPSHOTS}/{snapshot}:4:}}}}\n");
            if has_snapshot(&snapshot) {
                assert!(shown(&include), "no page has:\n{include}");
            }
            if kind == "compiler" && !listing.compiles() {
                has(page, &include);
            }
        }
        let table = format!("{MADE}/{name}.schedules.html");
        if root().join(&table).is_file() {
            let include = format!("\n\n{{{{#include ../../{table}}}}}\n");
            assert!(shown(&include), "no page has:\n{include}");
        }
    }
}

/// A step is an exercise by itself; those that begin elsewhere are named in the story.
#[test]
fn the_exercises_are_named() {
    let all = exercises::all().unwrap_or_else(|error| panic!("{error}"));
    let steps = listings();
    for exercise in all {
        if steps.iter().any(|step| names::short(step) == exercise.name) {
            continue;
        }
        let name = &exercise.name;
        let commands =
            format!("\n$ cargo listings practise {name}\n$ cargo listings check practice/{name}\n");
        assert!(
            pages().iter().any(|page| page.text.contains(&commands)),
            "no page has:\n{commands}"
        );
    }
}

/// Where each listing had a page of its own, a reader is led on.
#[test]
fn old_addresses_lead_on() {
    let settings = read("book/book.toml");
    for (name, page) in sections() {
        let html = page.file.replace(".md", ".html");
        let line = format!("\n\"/{name}.html\" = \"{html}#{name}\"\n");
        assert!(settings.contains(&line), "book.toml should have:\n{line}");
    }
}

/// Each of the ten repairs is said to do what the explorer has seen it do.
#[test]
fn the_repairs_do_what_the_book_says() {
    let table = read(&format!("{MADE}/repairs.html"));
    let verdict = |letter: &str| {
        let row = table.split(&format!("<th scope=\"row\">{letter}: ")).nth(1);
        let cell = row.and_then(|row| row.split("<td>").nth(1)?.split("</td>").next());
        cell.unwrap_or_else(|| panic!("the table has no row {letter}"))
    };
    let page = read("book/src/why-two-loops.md");
    for letter in ["A", "B", "C", "D", "E", "F", "G", "H", "I", "J"] {
        let answer = page.split(&format!("<summary>{letter}: ")).nth(1);
        let answer = answer.and_then(|rest| rest.split("</summary>\n\n**").nth(1));
        let answer = answer.unwrap_or_else(|| panic!("the chapter has no repair {letter}"));
        let said = if answer.starts_with("Works.**") {
            verdict(letter).starts_with("works")
        } else if answer.starts_with("Half.**") {
            verdict(letter) == "may panic" && verdict(&format!("{letter}2")) == "works"
        } else {
            answer.starts_with("Doesn't work") && !verdict(letter).starts_with("works")
        };
        assert!(said, "{letter}: {}", verdict(letter));
    }
}

/// mdBook only complains of a file that isn't there, and goes on.
#[test]
fn every_included_file_is_there() {
    for page in pages() {
        for rest in page.text.split("{{#include ").skip(1) {
            let path = rest.split([':', '}']).next().unwrap_or_default();
            assert!(folder().join(path).is_file(), "{}: {path}", page.file);
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
    let listing = listings().into_iter().find(|one| one.number() == number);
    let place = listing.and_then(|listing: Listing| {
        let place = sections()
            .into_iter()
            .find(|(name, _)| *name == listing.name);
        place.map(|(name, page)| format!("{}#{name}", page.file))
    });
    match place {
        Some(place) => format!("[{number}]({place})"),
        None => number.to_string(),
    }
}
