//! What the terminal can do: how wide it is, and whether it shows colours.

use std::{
    env,
    io::{IsTerminal, stdout},
    process::{Command, Stdio},
};

/// Whether to colour what goes to standard output: only on a terminal, and not if the environment
/// variable `NO_COLOR` is set to something (<https://no-color.org>).
pub fn colours() -> bool {
    stdout().is_terminal() && env::var_os("NO_COLOR").is_none_or(|value| value.is_empty())
}

/// The width of the terminal in columns, where it can be known: from the environment variable
/// `COLUMNS`, or from `stty` where that exists. `None` where standard output is no terminal.
pub fn width() -> Option<usize> {
    if !stdout().is_terminal() {
        return None;
    }
    let columns = env::var("COLUMNS").ok().and_then(|text| text.parse().ok());
    columns.or_else(|| {
        let mut stty = Command::new("stty");
        stty.arg("size")
            .stdin(Stdio::inherit())
            .stderr(Stdio::null());
        let size = String::from_utf8(stty.output().ok()?.stdout).ok()?;
        size.split_whitespace().nth(1)?.parse().ok()
    })
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
