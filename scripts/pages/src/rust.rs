//! Rust in colours, without a script: each line of a source as HTML, with the classes that the
//! book's style sheet knows from its highlighter.

use crate::html::escaped;

/// What a piece of a source is.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Kind {
    Plain,
    Comment,
    Text,
    Number,
    Keyword,
    Literal,
    BuiltIn,
    Title,
    Attribute,
    Lifetime,
}

impl Kind {
    fn class(self) -> Option<&'static str> {
        match self {
            Kind::Plain => None,
            Kind::Comment => Some("hljs-comment"),
            Kind::Text => Some("hljs-string"),
            Kind::Number => Some("hljs-number"),
            Kind::Keyword => Some("hljs-keyword"),
            Kind::Literal => Some("hljs-literal"),
            Kind::BuiltIn => Some("hljs-built_in"),
            Kind::Title => Some("hljs-title"),
            Kind::Attribute => Some("hljs-meta"),
            Kind::Lifetime => Some("hljs-symbol"),
        }
    }
}

const KEYWORDS: [&str; 37] = [
    "as",
    "async",
    "await",
    "break",
    "const",
    "continue",
    "crate",
    "dyn",
    "else",
    "enum",
    "extern",
    "fn",
    "for",
    "if",
    "impl",
    "in",
    "let",
    "loop",
    "match",
    "mod",
    "move",
    "mut",
    "pub",
    "ref",
    "return",
    "self",
    "Self",
    "static",
    "struct",
    "super",
    "trait",
    "type",
    "unsafe",
    "use",
    "where",
    "while",
    "macro_rules",
];

const BUILT_IN: [&str; 24] = [
    "bool", "char", "f32", "f64", "i8", "i16", "i32", "i64", "isize", "str", "u8", "u16", "u32",
    "u64", "usize", "Box", "Drop", "FnOnce", "Option", "Result", "Send", "String", "Sync", "Vec",
];

/// The lines of a source as HTML. No piece goes on from one line to the next.
pub fn coloured(source: &str) -> Vec<String> {
    let mut lines = vec![String::new()];
    for (kind, text) in pieces(source) {
        for (index, part) in text.split('\n').enumerate() {
            if index > 0 {
                lines.push(String::new());
            }
            let line = lines.last_mut().expect("there is always a line");
            match kind.class() {
                Some(class) if !part.is_empty() => {
                    *line += &format!("<span class=\"{class}\">{}</span>", escaped(part));
                }
                _ => *line += &escaped(part),
            }
        }
    }
    if source.ends_with('\n') {
        lines.pop();
    }
    lines
}

fn pieces(source: &str) -> Vec<(Kind, &str)> {
    let mut pieces = Vec::new();
    let mut rest = source;
    let mut before = "";
    while !rest.is_empty() {
        let (kind, length) = first(rest, before);
        let (text, after) = rest.split_at(length);
        if !text.trim().is_empty() {
            before = text;
        }
        pieces.push((kind, text));
        rest = after;
    }
    pieces
}

/// The first piece of a text: what it is and how long.
fn first(rest: &str, before: &str) -> (Kind, usize) {
    let until = |end: &str, from: usize| rest[from..].find(end).map_or(rest.len(), |at| from + at);
    let letter = rest.chars().next().expect("it isn't empty");
    if rest.starts_with("//") {
        return (Kind::Comment, until("\n", 0));
    }
    if rest.starts_with("#[") || rest.starts_with("#![") {
        return (Kind::Attribute, (until("]", 0) + 1).min(rest.len()));
    }
    if let Some(length) = text(rest) {
        return (Kind::Text, length);
    }
    if letter == '\'' {
        let name = rest[1..]
            .chars()
            .take_while(|&letter| is_of_a_word(letter))
            .count();
        return (Kind::Lifetime, 1 + name);
    }
    if letter.is_ascii_digit() {
        let number = |letter: char| letter.is_ascii_alphanumeric() || letter == '_';
        return (Kind::Number, length(rest, number));
    }
    if is_of_a_word(letter) {
        let length = length(rest, is_of_a_word);
        return (word(&rest[..length], &rest[length..], before), length);
    }
    (Kind::Plain, letter.len_utf8())
}

fn length(text: &str, is_part: impl Fn(char) -> bool) -> usize {
    text.find(|letter| !is_part(letter)).unwrap_or(text.len())
}

fn is_of_a_word(letter: char) -> bool {
    letter.is_alphanumeric() || letter == '_'
}

fn word(word: &str, after: &str, before: &str) -> Kind {
    if matches!(before, "fn" | "struct" | "enum" | "trait" | "type") {
        Kind::Title
    } else if KEYWORDS.contains(&word) {
        Kind::Keyword
    } else if matches!(word, "true" | "false" | "None" | "Some" | "Ok" | "Err") {
        Kind::Literal
    } else if BUILT_IN.contains(&word) || after.starts_with('!') && !after.starts_with("!=") {
        Kind::BuiltIn
    } else {
        Kind::Plain
    }
}

/// How long the string or character at the beginning is, if there is one.
fn text(rest: &str) -> Option<usize> {
    let bare = rest.strip_prefix('b').unwrap_or(rest);
    let prefix = rest.len() - bare.len();
    if let Some(raw) = bare.strip_prefix('r') {
        let hashes = raw.len() - raw.trim_start_matches('#').len();
        if raw[hashes..].starts_with('"') {
            let end = format!("\"{}", "#".repeat(hashes));
            let from = hashes + 1;
            let at = raw[from..]
                .find(&end)
                .map_or(raw.len(), |at| from + at + end.len());
            return Some(prefix + 1 + at);
        }
    }
    let quote = bare
        .chars()
        .next()
        .filter(|letter| matches!(letter, '"' | '\''))?;
    let mut escape = false;
    for (at, letter) in bare.char_indices().skip(1) {
        match letter {
            _ if escape => escape = false,
            '\\' => escape = true,
            _ if letter == quote => return Some(prefix + at + 1),
            // A character is one letter, or one with a `\`; anything longer is a lifetime.
            _ if quote == '\'' && at > 1 && !bare.starts_with("'\\") => return None,
            _ => {}
        }
    }
    (quote == '"').then_some(rest.len())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_in_a_source_has_its_colour() {
        let source = "fn new<'a>(x: &'a str) -> Option<char> { // why\n    Some('x')\n}\n";
        assert_eq!(
            coloured(source),
            [
                "<span class=\"hljs-keyword\">fn</span> <span class=\"hljs-title\">new</span>&lt;\
                 <span class=\"hljs-symbol\">'a</span>&gt;(x: &amp;<span class=\"hljs-symbol\">'a\
                 </span> <span class=\"hljs-built_in\">str</span>) -&gt; \
                 <span class=\"hljs-built_in\">Option</span>&lt;<span class=\"hljs-built_in\">char\
                 </span>&gt; { <span class=\"hljs-comment\">// why</span>",
                "    <span class=\"hljs-literal\">Some</span>(<span class=\"hljs-string\">'x'</span>)",
                "}",
            ]
        );
    }

    #[test]
    fn a_text_of_several_lines_is_coloured_on_each() {
        let lines = coloured("let a = r#\"one \"quoted\"\ntwo\"#;\nlet b = b\"x\\\"y\";\n");
        assert!(
            lines[0].ends_with("<span class=\"hljs-string\">r#&quot;one &quot;quoted&quot;</span>")
        );
        assert_eq!(lines[1], "<span class=\"hljs-string\">two&quot;#</span>;");
        assert!(lines[2].contains("<span class=\"hljs-string\">b&quot;x\\&quot;y&quot;</span>;"));
    }

    #[test]
    fn no_letter_of_a_listing_is_lost() {
        for listing in listings::catalogue::all().expect("the catalogue can be read") {
            for file in crate::sources::sources(&listing) {
                let source = crate::sources::read(&listing, &file);
                let bare: Vec<String> = coloured(&source).iter().map(|line| plain(line)).collect();
                let lines: Vec<&str> = source.lines().collect();
                assert_eq!(bare, lines, "{}/{file}", listing.name);
            }
        }
    }

    fn plain(html: &str) -> String {
        let outside = html
            .split('<')
            .map(|part| part.split_once('>').map_or(part, |(_, text)| text));
        outside
            .collect::<String>()
            .replace("&lt;", "<")
            .replace("&gt;", ">")
            .replace("&quot;", "\"")
            .replace("&amp;", "&")
    }
}
