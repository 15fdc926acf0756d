//! A listing as the lines that changed since the one before, in their place: with the function or
//! type that they are in, and the rest left out.

use crate::{html, places, rust, sources};
use listings::{Error, Result, cargo, catalogue::Listing, diff, root};
use std::fs;

/// How many lines around a change are shown.
const AROUND: usize = 2;

/// A function or type of so many lines is shown whole if something in it changes.
const WHOLE: usize = 30;

/// A gap of so few lines is shown rather than left out.
const SMALL: usize = 2;

/// What becomes of a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is as before.
    Same,
    /// It is new.
    New,
    /// It is gone.
    Gone,
}

/// A line of a file that changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// What becomes of it.
    pub fate: Fate,
    /// Its text.
    pub text: String,
    /// Its number: in the new file, or in the old one for a line that is gone.
    pub number: usize,
}

/// A file of a listing, with all its lines.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct File {
    /// Its path in the listing's folder, such as `src/lib.rs`.
    pub path: String,
    /// The lines of the old file and the new one, in order.
    pub lines: Vec<Line>,
}

impl File {
    /// How many lines have this fate.
    pub fn count(&self, fate: Fate) -> usize {
        self.lines.iter().filter(|line| line.fate == fate).count()
    }

    /// Which lines are to be seen: those that change, what encloses them, and what is near.
    fn shown(&self) -> Vec<bool> {
        let lines = &self.lines;
        let changes = |index: usize| lines[index].fate != Fate::Same;
        let mut shown: Vec<bool> = (0..lines.len())
            .map(|index| {
                let from = index.saturating_sub(AROUND);
                let to = (index + AROUND).min(lines.len() - 1);
                (from..=to).any(changes)
            })
            .collect();
        for index in (0..lines.len()).filter(|&index| changes(index)) {
            for encloses in self.enclosing(index).into_iter().chain([index]) {
                shown[encloses] = true;
                if let Some(end) = self.end_of_item(encloses) {
                    if end - encloses < WHOLE {
                        shown[encloses..=end].fill(true);
                    }
                }
            }
        }
        // Nothing looks lost at the edge of a gap, and no gap is as short as what says so.
        let hidden =
            |shown: &[bool], at: Option<usize>| at.and_then(|at| shown.get(at)) == Some(&false);
        for index in (0..lines.len()).filter(|&index| !changes(index)) {
            let text = lines[index].text.trim();
            let after_gap =
                hidden(&shown, index.checked_sub(1)) && (text.is_empty() || text == "}");
            let before_gap = hidden(&shown, Some(index + 1)) && text.is_empty();
            if after_gap || before_gap {
                shown[index] = false;
            }
        }
        let mut index = 0;
        while index < lines.len() {
            let gap = shown[index..].iter().take_while(|shown| !**shown).count();
            if gap <= SMALL {
                shown[index..index + gap].fill(true);
            }
            index += gap.max(1);
        }
        shown
    }

    /// The last line of the function or type that begins in a line, if one does.
    fn end_of_item(&self, begin: usize) -> Option<usize> {
        let text = &self.lines[begin].text;
        let bare = text.trim_start();
        let bare = bare.strip_prefix("pub ").unwrap_or(bare);
        let is_item = ["fn ", "struct ", "enum ", "trait "]
            .iter()
            .any(|word| bare.starts_with(word));
        let depth = text.len() - text.trim_start().len();
        let end = format!("{}}}", " ".repeat(depth));
        let ends = |line: &Line| line.text == end;
        let lines = self.lines[begin..].iter();
        let at = lines.enumerate().find(|(_, line)| ends(line))?.0;
        (is_item && !bare.ends_with(';')).then_some(begin + at)
    }

    /// The lines that enclose a line, innermost first: those that are less deep, up to the edge.
    fn enclosing(&self, index: usize) -> Vec<usize> {
        let depth = |line: &Line| line.text.len() - line.text.trim_start().len();
        let mut found = Vec::new();
        let mut below = depth(&self.lines[index]);
        for (at, line) in self.lines[..index].iter().enumerate().rev() {
            if below == 0 {
                break;
            }
            if line.text.is_empty() || line.fate == Fate::Gone || depth(line) >= below {
                continue;
            }
            found.push(at);
            let text = line.text.trim_start();
            // The end of a long head: its beginning is as deep.
            let is_end = text.starts_with(['{', ')', '}', ']']) || text == "where";
            below = depth(line) + usize::from(is_end);
            if below == 0 {
                break;
            }
        }
        found
    }
}

/// What changed between two listings, file by file. Refuses to go on without Git.
pub fn between(old: &Listing, new: &Listing) -> Result<Vec<File>> {
    let text = diff::whole_sources(old, new)?;
    Ok(files(&text, &new.name))
}

/// The files in a diff that holds every line; `name` is the folder that paths begin after.
fn files(text: &str, name: &str) -> Vec<File> {
    let mut files: Vec<File> = Vec::new();
    let (mut before, mut after) = (1, 1);
    let mut in_head = true;
    for line in text.lines() {
        if line.starts_with("diff --git ") {
            in_head = true;
            let path = line.rsplit_once(&format!("{name}/"));
            let (_, path) = path.expect("the new listing's file is named last");
            files.push(File {
                path: path.to_string(),
                lines: Vec::new(),
            });
            (before, after) = (1, 1);
        } else if line.starts_with("@@ ") {
            in_head = false;
        } else if let (false, Some(file)) = (in_head, files.last_mut()) {
            let (sign, text) = line.split_at(line.len().min(1));
            let (fate, number) = match sign {
                "+" => (Fate::New, after),
                "-" => (Fate::Gone, before),
                " " | "" => (Fate::Same, after),
                _ => continue,
            };
            before += usize::from(fate != Fate::New);
            after += usize::from(fate != Fate::Gone);
            let text = text.to_string();
            file.lines.push(Line { fate, text, number });
        }
    }
    for file in &mut files {
        leave_out_what_is_no_lesson(&mut file.lines);
    }
    files.retain(|file| file.lines.iter().any(|line| line.fate != Fate::Same));
    files
}

/// What changed in the library of a crate that isn't among the listings, in `folder` from the root,
/// since a listing.
pub fn of_library(old: &Listing, folder: &str) -> Result<String> {
    const LIBRARY: &str = "src/lib.rs";
    let before = format!("listings/{}/{LIBRARY}", old.name);
    let text = diff::whole_folders(&before, &format!("{folder}/{LIBRARY}"))?;
    let new = fs::read_to_string(root().join(folder).join(LIBRARY))
        .map_err(|error| Error::new(format!("cannot read {folder}/{LIBRARY}: {error}")))?;
    let name = folder.rsplit('/').next().unwrap_or(folder);
    let changes = files(&text, name);
    let old_lines = rust::coloured(&sources::read(old, LIBRARY));
    let new_lines = rust::coloured(&new.replace("\r\n", "\n"));
    let figures = changes.iter().map(|file| {
        let caption = caption(file, old);
        figure(&caption, file, &file.shown(), &old_lines, &new_lines)
    });
    Ok(figures.collect())
}

/// A listing's own name in the line that imports its pool, and the gate of a library that doesn't
/// compile.
fn leave_out_what_is_no_lesson(lines: &mut Vec<Line>) {
    let imports = |line: &Line| {
        let text = line.text.trim_start();
        let code = text.trim_start_matches(['/', '!']).trim_start();
        code.starts_with("use listing_")
    };
    let gate = format!("#![cfg(feature = \"{}\"", cargo::GATE);
    lines.retain(|line| !line.text.starts_with(&gate));
    let has = |fate| lines.iter().any(|line| line.fate == fate && imports(line));
    if has(Fate::Gone) && has(Fate::New) {
        lines.retain(|line| line.fate != Fate::Gone || !imports(line));
        for line in lines.iter_mut().filter(|line| imports(line)) {
            line.fate = Fate::Same;
        }
    }
}

/// The changes of a listing as figures, one for each file; of the first listing, its whole files.
pub fn figures(listing: &Listing, follows: Option<&Listing>) -> Result<String> {
    let Some(old) = follows else {
        let whole = sources::sources(listing).into_iter().map(|path| {
            let source = sources::read(listing, &path);
            let numbered = source.lines().enumerate();
            let lines = numbered.map(|(index, text)| Line {
                fate: Fate::Same,
                text: text.to_string(),
                number: index + 1,
            });
            let lines: Vec<Line> = lines.collect();
            let shown = vec![true; lines.len()];
            let caption = format!("<code>{path}</code>, whole");
            figure(
                &caption,
                &File { path, lines },
                &shown,
                &[],
                &rust::coloured(&source),
            )
        });
        return Ok(whole.collect());
    };
    let mut html = String::new();
    for file in between(old, listing)? {
        let coloured = |listing: &Listing| match listing.folder().join(&file.path).is_file() {
            true => rust::coloured(&sources::read(listing, &file.path)),
            false => Vec::new(),
        };
        let shown = file.shown();
        let caption = caption(&file, old);
        html += &figure(&caption, &file, &shown, &coloured(old), &coloured(listing));
    }
    Ok(html)
}

/// How much changed in which file, in words.
fn caption(file: &File, old: &Listing) -> String {
    let (new, gone) = (file.count(Fate::New), file.count(Fate::Gone));
    let since = places::link(old);
    let path = &file.path;
    if file.count(Fate::Same) == 0 && gone == 0 {
        return format!("<code>{path}</code> is a new file");
    }
    let lines = |n| html::count(n, "line", "lines");
    let change = match (new, gone) {
        (new, 0) => format!("{} new", lines(new)),
        (0, gone) => format!("{} gone", lines(gone)),
        (new, gone) => format!("{} new, {} gone", lines(new), html::number(gone)),
    };
    format!("<code>{path}</code> since {since}: {change}")
}

/// The lines to be seen, coloured, without a blank line: that would end the block in Markdown.
fn figure(caption: &str, file: &File, shown: &[bool], old: &[String], new: &[String]) -> String {
    let mut lines = Vec::new();
    let plain = file.lines.iter().all(|line| line.fate == Fate::Same);
    let mut hidden = 0;
    for (index, line) in file.lines.iter().enumerate() {
        if !shown[index] {
            hidden += 1;
            if shown.get(index + 1) != Some(&false) {
                let left_out = html::count(hidden, "line", "lines");
                lines.push(format!("<span class=\"gap\">⋯ {left_out} as before</span>"));
                hidden = 0;
            }
            continue;
        }
        let number = line.number;
        let (tag, class, sign, source) = match line.fate {
            Fate::New => ("ins", "new", "+ ", new),
            Fate::Gone => ("del", "gone", "- ", old),
            Fate::Same if plain => ("span", "line", "", new),
            Fate::Same => ("span", "same", "  ", new),
        };
        let code = &source[number - 1];
        lines.push(format!(
            "<{tag} class=\"{class}\" data-line=\"{number}\">{sign}{code}</{tag}>"
        ));
    }
    format!(
        "<figure class=\"change\">\n<figcaption>{caption}</figcaption>\n\
         <pre><code class=\"nohighlight\">{}</code></pre>\n</figure>\n",
        lines.join("\n")
    )
}

#[cfg(test)]
mod tests {
    use super::*;
    use listings::catalogue;

    /// What changes; nothing where there is no Git, as the tests of the parts say.
    fn changes(name: &str) -> Option<Vec<File>> {
        std::process::Command::new("git")
            .arg("--version")
            .output()
            .ok()?;
        let new = catalogue::named(name).expect("the listing");
        let old = catalogue::named(new.follows.as_deref()?).expect("the one before");
        Some(between(&old, &new).expect("Git compares"))
    }

    fn seen(file: &File) -> Vec<&str> {
        let shown = file.shown();
        let lines = file.lines.iter().zip(shown);
        lines
            .filter(|(_, shown)| *shown)
            .map(|(line, _)| line.text.as_str())
            .collect()
    }

    #[test]
    fn a_change_is_seen_with_what_encloses_it() {
        let Some(files) = changes("listing-20-22") else {
            return;
        };
        assert_eq!(files.len(), 1);
        assert_eq!(
            (files[0].count(Fate::New), files[0].count(Fate::Gone)),
            (1, 3)
        );
        let seen = seen(&files[0]);
        assert!(seen.contains(&"impl Worker {"));
        assert!(
            seen.iter()
                .any(|line| line.starts_with("    fn new(id: usize"))
        );
        assert!(seen.contains(&"        let thread = thread::spawn(move || {"));
        assert!(!seen.contains(&"pub struct ThreadPool {"));
    }

    #[test]
    fn a_long_head_is_seen_from_its_beginning() {
        let Some(files) = changes("listing-20-24") else {
            return;
        };
        let lib = files
            .iter()
            .find(|file| file.path == "src/lib.rs")
            .expect("it changes");
        assert!(seen(lib).contains(&"    pub fn execute<F>(&self, f: F)"));
    }

    #[test]
    fn the_lines_that_are_not_gone_are_those_of_the_new_file() {
        for name in ["listing-20-24", "listing-20-25", "listing-next-3-errors"] {
            let new = catalogue::named(name).expect("the listing");
            for file in changes(name).into_iter().flatten() {
                let source = sources::read(&new, &file.path);
                let source: Vec<&str> = source.lines().collect();
                for line in file.lines.iter().filter(|line| line.fate != Fate::Gone) {
                    assert_eq!(line.text, source[line.number - 1], "{name} {}", file.path);
                }
            }
        }
    }

    #[test]
    fn the_name_of_the_own_library_is_no_change() {
        for listing in catalogue::all().expect("the catalogue can be read") {
            for file in changes(&listing.name).into_iter().flatten() {
                let renamed = |fate| {
                    let lines = file.lines.iter().filter(move |line| line.fate == fate);
                    lines
                        .filter(|line| line.text.contains("use listing_"))
                        .count()
                };
                assert!(
                    renamed(Fate::Gone) == 0 || renamed(Fate::New) == 0,
                    "{} {}",
                    listing.name,
                    file.path
                );
            }
        }
    }
}
