//! As much of JSON as Cargo writes.

use std::str::Chars;

/// A value of JSON.
#[derive(Clone, Debug, PartialEq)]
pub enum Json {
    /// `null`, `true`, `false` or a number, as it is written.
    Word(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object: its keys and values, in their order.
    Object(Vec<(String, Json)>),
}

impl Json {
    /// Reads one value. `None` if the text isn't one.
    pub fn read(text: &str) -> Option<Json> {
        let mut rest = text.chars();
        let value = value(&mut rest)?;
        rest.as_str().trim().is_empty().then_some(value)
    }

    /// The value of a key, if this is an object that has it.
    pub fn get(&self, key: &str) -> Option<&Json> {
        self.entries()
            .iter()
            .find(|(own, _)| own == key)
            .map(|(_, value)| value)
    }

    /// The text of a key, if it is there and a text.
    pub fn text(&self, key: &str) -> Option<&str> {
        self.get(key)?.as_text()
    }

    /// The text that it is.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The list of a key; an empty one if there is none.
    pub fn list(&self, key: &str) -> &[Json] {
        match self.get(key) {
            Some(Json::List(list)) => list,
            _ => &[],
        }
    }

    /// The texts in the list of a key.
    pub fn texts(&self, key: &str) -> Vec<String> {
        let texts = self.list(key).iter().filter_map(Json::as_text);
        texts.map(str::to_string).collect()
    }

    /// The keys and values, if this is an object.
    pub fn entries(&self) -> &[(String, Json)] {
        match self {
            Json::Object(entries) => entries,
            _ => &[],
        }
    }
}

/// Goes past what `found` accepts.
fn skip(rest: &mut Chars, found: impl Fn(char) -> bool) -> String {
    let text = rest.as_str();
    let end = text.find(|char| !found(char)).unwrap_or(text.len());
    *rest = text[end..].chars();
    text[..end].to_string()
}

/// The next character that is no space.
fn next(rest: &mut Chars) -> Option<char> {
    skip(rest, char::is_whitespace);
    rest.next()
}

fn value(rest: &mut Chars) -> Option<Json> {
    match next(rest)? {
        '"' => Some(Json::Text(text(rest)?)),
        '[' => {
            let list = items(rest, ']', value)?;
            Some(Json::List(list))
        }
        '{' => {
            let entry = |rest: &mut Chars| {
                let key = (next(rest)? == '"').then(|| text(rest))??;
                (next(rest)? == ':')
                    .then(|| value(rest))?
                    .map(|value| (key, value))
            };
            Some(Json::Object(items(rest, '}', entry)?))
        }
        first if first.is_ascii_alphanumeric() || first == '-' => {
            let more = skip(rest, |char| {
                char.is_ascii_alphanumeric() || "+-.".contains(char)
            });
            Some(Json::Word(format!("{first}{more}")))
        }
        _ => None,
    }
}

/// What stands between here and a closing bracket, with commas between.
fn items<T>(
    rest: &mut Chars,
    closing: char,
    item: impl Fn(&mut Chars) -> Option<T>,
) -> Option<Vec<T>> {
    let mut items = Vec::new();
    skip(rest, char::is_whitespace);
    if rest.as_str().starts_with(closing) {
        rest.next();
        return Some(items);
    }
    loop {
        items.push(item(rest)?);
        match next(rest)? {
            ',' => {}
            found => return (found == closing).then_some(items),
        }
    }
}

/// The rest of a text.
fn text(rest: &mut Chars) -> Option<String> {
    let mut units: Vec<u16> = Vec::new();
    loop {
        let char = match rest.next()? {
            '"' => return String::from_utf16(&units).ok(),
            '\\' => match rest.next()? {
                'n' => '\n',
                't' => '\t',
                'r' => '\r',
                'b' => '\u{8}',
                'f' => '\u{c}',
                'u' => {
                    let digits: String = rest.by_ref().take(4).collect();
                    units.push(u16::from_str_radix(&digits, 16).ok()?);
                    continue;
                }
                other => other,
            },
            other => other,
        };
        units.extend_from_slice(char.encode_utf16(&mut [0; 2]));
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_cargo_writes() {
        let text = r#" {"a": [1, "b\u00e9\"\\\ud83d\ude00", null, {}, []], "c": {"d": -1.5e3}} "#;
        let value = Json::read(text).expect("this is JSON");
        assert_eq!(value.texts("a"), ["bé\"\\😀"]);
        assert_eq!(value.list("a").len(), 5);
        let inner = value.get("c").and_then(|c| c.get("d"));
        assert_eq!(inner, Some(&Json::Word("-1.5e3".to_string())));
        for broken in ["", "{", "[1,]", "{\"a\"}", "\"", "1 2", "{\"a\":1,}"] {
            assert_eq!(Json::read(broken), None, "{broken}");
        }
    }
}
