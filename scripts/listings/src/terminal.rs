//! What the terminal can do: how wide it is, and whether it shows colours.

use std::{
    env,
    ffi::OsStr,
    io::{IsTerminal, stdout},
    process::{Command, Stdio},
};

/// Whether to colour what goes to standard output: only on a terminal that knows how, and not if the
/// environment variable `NO_COLOR` is set to something (<https://no-color.org>).
pub fn colours() -> bool {
    knows_codes() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// What clears the terminal, where standard output is one that knows how; nothing elsewhere.
pub fn clear() -> &'static str {
    match knows_codes() {
        true => "\x1b[2J\x1b[H",
        false => "",
    }
}

/// Whether standard output is a terminal that is more than a printer.
fn knows_codes() -> bool {
    stdout().is_terminal() && !is_dumb(env::var_os("TERM").as_deref())
}

/// Whether a terminal of this name can do no more than print.
fn is_dumb(name: Option<&OsStr>) -> bool {
    name.is_some_and(|name| name == "dumb")
}

/// The width of the terminal in columns, where it can be known: from the environment variable
/// `COLUMNS`, or from `stty` where that exists. `None` where standard output is no terminal, or one
/// that says it has no columns: it doesn't know.
pub fn width() -> Option<usize> {
    if !stdout().is_terminal() {
        return None;
    }
    let columns = env::var("COLUMNS").ok().and_then(|text| some(&text));
    columns.or_else(|| {
        let mut stty = Command::new("stty");
        stty.arg("size")
            .stdin(Stdio::inherit())
            .stderr(Stdio::null());
        let size = String::from_utf8(stty.output().ok()?.stdout).ok()?;
        some(size.split_whitespace().nth(1)?)
    })
}

/// A number of columns; none is not known.
fn some(text: &str) -> Option<usize> {
    text.parse().ok().filter(|columns| *columns > 0)
}

/// A style of text, as its code of ECMA-48 (SGR).
#[derive(Clone, Copy)]
pub enum Style {
    /// Headings.
    Bold,
    /// What is less important.
    Dim,
    /// What is removed, or wrong.
    Red,
    /// What is added, or right.
    Green,
}

/// The text in that style if `colours`, and as it is otherwise.
pub fn styled(text: &str, style: Style, colours: bool) -> String {
    let code = match style {
        Style::Bold => 1,
        Style::Dim => 2,
        Style::Red => 31,
        Style::Green => 32,
    };
    if colours && !text.is_empty() {
        format!("\x1b[{code}m{text}\x1b[0m")
    } else {
        text.to_string()
    }
}

/// The text cut or filled up to exactly `width` characters; a cut is shown by `…`.
pub fn fit(text: &str, width: usize) -> String {
    let text = text.replace('\t', "    ");
    let length = text.chars().count();
    if length <= width {
        return text + &" ".repeat(width - length);
    }
    let kept: String = text.chars().take(width.saturating_sub(1)).collect();
    kept + "…"
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_terminal_without_columns_does_not_know_how_many_it_has() {
        assert_eq!(some("80"), Some(80));
        assert_eq!(some("0"), None);
        assert_eq!(some("wide"), None);
    }

    #[test]
    fn a_dumb_terminal_gets_plain_text() {
        assert!(is_dumb(Some(OsStr::new("dumb"))));
        assert!(!is_dumb(Some(OsStr::new("xterm-256color"))));
        assert!(!is_dumb(None));
    }
}
