//! Every link of the book leads to a page, and to a place on it.

use crate::page::{Page, folder, pages, read};

#[test]
fn every_link_leads_somewhere() {
    let pages = pages();
    let mut links = 0;
    for page in &pages {
        for target in targets(page) {
            if target.starts_with(ELSEWHERE) {
                continue;
            }
            // A style sheet of the book's own.
            if target.ends_with(".css") {
                assert!(folder().join(&target).is_file(), "{}: {target}", page.file);
                continue;
            }
            let (file, anchor) = match target.split_once('#') {
                None => (target.as_str(), None),
                Some((file, anchor)) => (file, Some(anchor)),
            };
            let file = if file.is_empty() { &page.file } else { file };
            let found = pages.iter().find(|page| page.file == file);
            let Some(found) = found else {
                panic!("{}: no page {file}, for the link {target}", page.file);
            };
            if let Some(anchor) = anchor {
                assert!(
                    anchors(found).iter().any(|known| known == anchor),
                    "{}: {file} has no place {anchor}",
                    page.file
                );
            }
            links += 1;
        }
    }
    assert!(links > pages.len(), "the links were not found");
}

fn targets(page: &Page) -> Vec<String> {
    let prose = page.prose();
    let markdown = prose
        .split("](")
        .skip(1)
        .filter_map(|rest| rest.split(')').next());
    let html = prose
        .split("href=\"")
        .skip(1)
        .filter_map(|rest| rest.split('"').next());
    markdown.chain(html).map(str::to_string).collect()
}

/// The places that mdBook makes of headings, those that headings name, and those in HTML.
fn anchors(page: &Page) -> Vec<String> {
    let prose = page.prose();
    let headings = prose.lines().filter(|line| line.starts_with('#'));
    let mut anchors: Vec<String> = headings
        .map(|line| match line.split_once("{#") {
            Some((_, name)) => name.trim_end_matches('}').to_string(),
            None => line
                .trim_start_matches('#')
                .trim()
                .to_lowercase()
                .chars()
                .filter(|letter| letter.is_alphanumeric() || " -_".contains(*letter))
                .map(|letter| if letter == ' ' { '-' } else { letter })
                .collect(),
        })
        .collect();
    let html = prose.split(" id=\"").skip(1);
    anchors.extend(html.filter_map(|rest| Some(rest.split('"').next()?.to_string())));
    anchors
}

/// No place on a page has the name of another: a link would lead to the first of them.
#[test]
fn no_two_places_of_a_page_have_one_name() {
    for page in pages() {
        let mut anchors = anchors(&page);
        anchors.sort();
        let twice = anchors.windows(2).find(|pair| pair[0] == pair[1]);
        assert_eq!(twice, None, "{}", page.file);
    }
}

/// Where the book may send a reader who is on line.
const ELSEWHERE: &str = "https://doc.rust-lang.org/";

#[test]
fn no_address_of_another_host() {
    let mut texts: Vec<(String, String)> = pages()
        .into_iter()
        .map(|page| (page.file, page.text))
        .collect();
    for file in [
        "book/book.toml",
        "book/theme/look.css",
        "book/theme/look.js",
    ] {
        texts.push((file.to_string(), read(file)));
    }
    for (file, text) in texts {
        for (_, rest) in text
            .match_indices("//")
            .map(|(at, _)| text.split_at(at + 2))
        {
            let before = &text[..text.len() - rest.len() - 2];
            if before.ends_with(':') {
                let to_documentation = ELSEWHERE
                    .strip_prefix("https://")
                    .is_some_and(|host| rest.starts_with(host));
                assert!(
                    rest.starts_with("127.0.0.1:7878/")
                        || (to_documentation && before.ends_with("(https:")),
                    "{file}: {rest:.40}"
                );
            }
        }
    }
}
