//! `cargo listings check` for a class: many folders, a line each as they are judged, and a table.

use listings::{
    Error, Result,
    check::{self, Check, Judgement, Options, Ruling, Verdict},
    exercises::Exercise,
};
use std::{
    fmt::Write as _,
    fs,
    io::{IsTerminal, Write, stderr},
    path::{Path, PathBuf},
};

/// How deep inside a folder crates are looked for: `class/anna/deadlock`.
const DEPTH: usize = 3;

/// What somebody has handed in.
pub struct Student {
    /// What it is called in the table: the part of the path in which it differs from the others.
    pub name: String,
    /// The folder of the crate.
    pub folder: PathBuf,
    /// What it is judged by.
    pub exercise: Exercise,
    /// What came of it.
    pub judgement: Judgement,
}

/// The folders of crates that these words stand for: a crate, or a folder of crates. A folder in a
/// folder of crates that holds none is among them: somebody has handed in nothing that can be
/// judged.
///
/// Refuses a folder that can't be read or in which there is no crate at all.
pub fn folders(words: &[String]) -> Result<Vec<PathBuf>> {
    let mut all = Vec::new();
    for word in words {
        let folder = Path::new(word);
        if is_crate(folder) {
            all.push(folder.to_path_buf());
            continue;
        }
        let mut found = Vec::new();
        for inside in inside(folder) {
            match crates(&inside, DEPTH - 1) {
                crates if crates.is_empty() => found.push(inside),
                crates => found.extend(crates),
            }
        }
        if !found.iter().any(|folder| is_crate(folder)) {
            let inside = match found.as_slice() {
                [] => "",
                _ => ", and neither has any folder in it",
            };
            return Err(Error::new(format!(
                "{word} holds no crate: it has no Cargo.toml{inside}"
            )));
        }
        all.extend(found);
    }
    Ok(all)
}

fn is_crate(folder: &Path) -> bool {
    folder.join("Cargo.toml").is_file()
}

/// The folders in a folder, in the order of their names, without hidden ones and `target`.
fn inside(folder: &Path) -> Vec<PathBuf> {
    let entries = fs::read_dir(folder).into_iter().flatten().flatten();
    let mut folders: Vec<PathBuf> = entries
        .filter(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            !name.starts_with('.') && name != "target"
        })
        .map(|entry| entry.path())
        .filter(|path| path.is_dir())
        .collect();
    folders.sort();
    folders
}

fn crates(folder: &Path, depth: usize) -> Vec<PathBuf> {
    if is_crate(folder) {
        return vec![folder.to_path_buf()];
    }
    match depth {
        0 => Vec::new(),
        depth => inside(folder)
            .iter()
            .flat_map(|folder| crates(folder, depth - 1))
            .collect(),
    }
}

/// The names of folders in a table: without what all their paths begin with.
fn names(folders: &[PathBuf]) -> Vec<String> {
    let parts = |folder: &PathBuf| -> Vec<String> {
        let parts = folder.components();
        parts
            .map(|part| part.as_os_str().to_string_lossy().into_owned())
            .collect()
    };
    let all: Vec<Vec<String>> = folders.iter().map(parts).collect();
    let mut same = 0;
    while let Some(part) = all.first().and_then(|first| first.get(same)) {
        let goes_on = |parts: &Vec<String>| parts.len() > same + 1 && parts[same] == *part;
        if !all.iter().all(goes_on) {
            break;
        }
        same += 1;
    }
    all.iter().map(|parts| parts[same..].join("/")).collect()
}

/// Judges all of them. With `lines`, each gets one on standard error as soon as it is judged; on a
/// terminal there is also one that says how far it is.
pub fn judge(
    folders: Vec<(PathBuf, Exercise)>,
    options: &Options,
    lines: bool,
) -> Result<Vec<Student>> {
    let (paths, exercises): (Vec<PathBuf>, Vec<Exercise>) = folders.into_iter().unzip();
    let names = names(&paths);
    let progress = Progress {
        all: paths.len(),
        lines,
        terminal: stderr().is_terminal(),
    };
    let mut judged = 0;
    progress.says(judged, "");
    let mut judgements: Vec<Judgement> = exercises.iter().map(no_crate).collect();
    let (places, solutions): (Vec<usize>, Vec<(&Path, &Exercise)>) = (0..paths.len())
        .filter(|&place| is_crate(&paths[place]))
        .map(|place| (place, (paths[place].as_path(), &exercises[place])))
        .unzip();
    for (place, judgement) in judgements.iter().enumerate() {
        if !places.contains(&place) {
            judged += 1;
            progress.says(judged, &line(&names[place], judgement));
        }
    }
    let found = check::judge_each(&solutions, options, &mut |at, judgement| {
        judged += 1;
        progress.says(judged, &line(&names[places[at]], judgement));
    })?;
    for (place, judgement) in places.into_iter().zip(found) {
        judgements[place] = judgement;
    }
    progress.ends();
    let students = names.into_iter().zip(paths).zip(exercises).zip(judgements);
    Ok(students
        .map(|(((name, folder), exercise), judgement)| Student {
            name,
            folder,
            exercise,
            judgement,
        })
        .collect())
}

/// The judgement on a folder without a crate.
fn no_crate(exercise: &Exercise) -> Judgement {
    let mut why = Some("there is no crate: it has no Cargo.toml".to_string());
    let checks = exercise.goals.iter().map(|&goal| Check {
        goal,
        ruling: match why.take() {
            Some(why) => Ruling::Unjudged(why),
            None => Ruling::Skipped,
        },
    });
    Judgement {
        checks: checks.collect(),
    }
}

struct Progress {
    all: usize,
    lines: bool,
    terminal: bool,
}

impl Progress {
    /// Whoever has closed standard error doesn't want to know.
    fn says(&self, judged: usize, line: &str) {
        let mut text = String::new();
        let clear = if self.terminal { "\r\x1b[K" } else { "" };
        let all = self.all;
        if self.lines && !line.is_empty() {
            let _ = writeln!(text, "{clear}{judged} of {all}: {line}");
        }
        if self.terminal {
            let _ = write!(text, "{clear}{judged} of {all} judged …");
        }
        let _ = stderr().write_all(text.as_bytes());
    }

    fn ends(&self) {
        if self.terminal {
            let _ = stderr().write_all(b"\r\x1b[K");
        }
    }
}

fn line(name: &str, judgement: &Judgement) -> String {
    let trouble = match judgement.trouble() {
        Some(check) => format!(", {}", check.goal.words()),
        None => String::new(),
    };
    format!("{name}: {}{trouble}", mark(judgement))
}

fn mark(judgement: &Judgement) -> &'static str {
    match judgement.verdict() {
        Verdict::Holds => "yes",
        Verdict::Fails => "NO",
        Verdict::Unjudged => "?",
    }
}

/// The class as a table: who, by which exercise, the verdict, the points, and the first goal that
/// does not hold; below it, what stands in the way of those that can't be judged.
pub fn table(students: &[Student]) -> String {
    let head = ["student", "exercise", "holds", "points"].map(str::to_string);
    let head = (head, "the first goal that doesn't hold".to_string());
    let row = |student: &Student| {
        let Student {
            name,
            exercise,
            judgement,
            ..
        } = student;
        let points = format!("{:>2} of {}", judgement.points(), judgement.checks.len());
        let trouble = judgement.trouble().map(|check| check.goal.words());
        let mark = mark(judgement).to_string();
        let cells = [name.clone(), exercise.name.clone(), mark, points];
        (cells, trouble.unwrap_or_default().to_string())
    };
    let rows: Vec<([String; 4], String)> =
        [head].into_iter().chain(students.iter().map(row)).collect();
    let width = |column: usize| {
        let cells = rows.iter().map(|(cells, _)| cells[column].chars().count());
        cells.max().unwrap_or(0)
    };
    let mut text = String::new();
    for (cells, last) in &rows {
        let mut line = String::new();
        for (column, cell) in cells.iter().enumerate() {
            let _ = write!(line, "{cell:0$}  ", width(column));
        }
        let _ = writeln!(text, "{}", (line + last).trim_end());
    }
    let count = |verdict| {
        let judgements = students.iter().map(|student| student.judgement.verdict());
        judgements.filter(|other| *other == verdict).count()
    };
    let (all, holds) = (students.len(), count(Verdict::Holds));
    let (fails, unjudged) = (count(Verdict::Fails), count(Verdict::Unjudged));
    let _ = writeln!(
        text,
        "\nOf {all}, {holds} hold, {fails} don't, and {unjudged} can't be judged."
    );
    for student in students {
        if let (Verdict::Unjudged, Some((_, why))) =
            (student.judgement.verdict(), student.judgement.unjudged())
        {
            let _ = writeln!(text, "\n{}: {}", student.name, why.trim_end());
        }
    }
    if let Some(student) = students
        .iter()
        .find(|student| student.judgement.verdict() == Verdict::Fails)
    {
        let folder = student.folder.display();
        let name = &student.exercise.name;
        let _ = writeln!(
            text,
            "\nTo see why, one at a time: cargo listings check {folder} --as {name}"
        );
    }
    text
}

/// What the whole class comes to.
pub fn verdict(students: &[Student]) -> Verdict {
    let any = |verdict| {
        let mut verdicts = students.iter().map(|student| student.judgement.verdict());
        verdicts.any(|other| other == verdict)
    };
    match (any(Verdict::Fails), any(Verdict::Unjudged)) {
        (true, _) => Verdict::Fails,
        (false, true) => Verdict::Unjudged,
        (false, false) => Verdict::Holds,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn folders_are_named_by_what_they_do_not_share() {
        let named = |folders: &[&str]| {
            let folders: Vec<PathBuf> = folders.iter().map(PathBuf::from).collect();
            names(&folders)
        };
        assert_eq!(named(&["a/class/anna", "a/class/ben"]), ["anna", "ben"]);
        assert_eq!(
            named(&["class/anna/deadlock", "class/ben/deadlock"]),
            ["anna/deadlock", "ben/deadlock"]
        );
        assert_eq!(named(&["a", "a/b"]), ["a", "a/b"]);
        assert_eq!(named(&["only/one"]), ["one"]);
    }
}
