//! Follows every link of a built book: to a file that is there, and to a place on that page. Links to
//! other hosts are not followed, but counted.
//!
//! `cargo run --package listings --example links -- book/book`

use std::{
    collections::{BTreeMap, BTreeSet},
    env, fs, io,
    path::{Component, Path, PathBuf},
    process::ExitCode,
};

fn main() -> ExitCode {
    let Some(folder) = env::args_os().nth(1) else {
        eprintln!("error: links takes the folder of a built book, such as book/book");
        return ExitCode::from(2);
    };
    match check(Path::new(&folder)) {
        Ok((broken, summary)) if broken.is_empty() => {
            println!("{summary}");
            ExitCode::SUCCESS
        }
        Ok((broken, summary)) => {
            eprintln!("{}\n{summary}, {} broken", broken.join("\n"), broken.len());
            ExitCode::FAILURE
        }
        Err(error) => {
            eprintln!(
                "error: cannot read {}: {error}",
                Path::new(&folder).display()
            );
            ExitCode::from(2)
        }
    }
}

/// The broken links of a book, and how many links there are.
fn check(book: &Path) -> io::Result<(Vec<String>, String)> {
    let mut pages = BTreeMap::new();
    let mut files = BTreeSet::new();
    let mut todo = vec![PathBuf::new()];
    while let Some(inside) = todo.pop() {
        for entry in fs::read_dir(book.join(&inside))? {
            let entry = entry?;
            let path = inside.join(entry.file_name());
            if entry.file_type()?.is_dir() {
                todo.push(path);
                continue;
            }
            if path.extension().is_some_and(|end| end == "html") {
                pages.insert(path.clone(), fs::read_to_string(book.join(&path))?);
            }
            files.insert(path);
        }
    }
    if pages.is_empty() {
        return Err(io::Error::other("there is no page in it"));
    }
    let places: BTreeMap<&Path, BTreeSet<&str>> = pages
        .iter()
        .map(|(path, page)| (path.as_path(), values(page, "id").collect()))
        .collect();
    let (mut followed, mut elsewhere, mut broken) = (0, 0, BTreeSet::new());
    for (path, page) in &pages {
        for link in values(page, "href").chain(values(page, "src")) {
            if link.contains("://") || link.starts_with("data:") || link.starts_with("mailto:") {
                elsewhere += usize::from(link.contains("://"));
                continue;
            }
            followed += 1;
            if let Some(why) = leads_nowhere(path, link, &files, &places) {
                broken.insert(format!("{}: {link}: {why}", path.display()));
            }
        }
    }
    let summary = format!(
        "{followed} links on {} pages, {elsewhere} to other hosts",
        pages.len()
    );
    Ok((broken.into_iter().collect(), summary))
}

/// Why a link on a page leads nowhere, if it doesn't lead anywhere.
fn leads_nowhere(
    page: &Path,
    link: &str,
    files: &BTreeSet<PathBuf>,
    places: &BTreeMap<&Path, BTreeSet<&str>>,
) -> Option<String> {
    let (file, place) = link.split_once('#').unwrap_or((link, ""));
    let file = file.split('?').next().unwrap_or(file);
    let target = match file {
        "" => page.to_path_buf(),
        _ => inside(&page.with_file_name(file)),
    };
    // A folder means the page in it.
    let target = match files.contains(&target) {
        true => target,
        false => target.join("index.html"),
    };
    if !files.contains(&target) {
        return Some("there is no such file".to_string());
    }
    let found = places.get(target.as_path())?;
    let place = place.replace("%20", " ");
    let known = place.is_empty() || found.contains(place.as_str());
    (!known).then(|| format!("{} has no such place", target.display()))
}

/// A path without `.` and `..`.
fn inside(path: &Path) -> PathBuf {
    let mut whole = PathBuf::new();
    for part in path.components() {
        match part {
            Component::ParentDir => drop(whole.pop()),
            Component::CurDir => {}
            part => whole.push(part),
        }
    }
    whole
}

/// The values of an attribute in a page.
fn values<'a>(page: &'a str, attribute: &str) -> impl Iterator<Item = &'a str> {
    let begins = format!(" {attribute}=\"");
    let starts: Vec<usize> = page
        .match_indices(&begins)
        .map(|(at, _)| at + begins.len())
        .collect();
    starts
        .into_iter()
        .filter_map(|at| page[at..].split('"').next())
}
