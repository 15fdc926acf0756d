//! JSON (RFC 8259), as much of it as the tools of this repository and Cargo write.

use ::std::fmt::{self, Write as _};

/// A value.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Json {
    /// `null`
    Null,
    /// `true` or `false`
    Bool(bool),
    /// A number without a fraction.
    Number(i128),
    /// A number with a fraction or an exponent, as it is written.
    Fraction(String),
    /// A text.
    Text(String),
    /// A list.
    List(Vec<Json>),
    /// An object; its members keep their order.
    Object(Vec<(String, Json)>),
}

/// How deep lists and objects may be inside each other.
const DEEPEST: usize = 100;

impl Json {
    /// A text.
    pub fn text(text: impl Into<String>) -> Json {
        Json::Text(text.into())
    }

    /// An object with these members.
    pub fn object<K: Into<String>>(members: impl IntoIterator<Item = (K, Json)>) -> Json {
        let own = members.into_iter().map(|(key, value)| (key.into(), value));
        Json::Object(own.collect())
    }

    /// The member of an object with this name, if it is an object that has one.
    pub fn get(&self, key: &str) -> Option<&Json> {
        match self {
            Json::Object(members) => {
                let found = members.iter().find(|(name, _)| name == key);
                found.map(|(_, value)| value)
            }
            _ => None,
        }
    }

    /// The text, if it is one.
    pub fn as_text(&self) -> Option<&str> {
        match self {
            Json::Text(text) => Some(text),
            _ => None,
        }
    }

    /// The number, if it is one.
    pub fn as_number(&self) -> Option<i128> {
        match self {
            Json::Number(number) => Some(*number),
            _ => None,
        }
    }

    /// The list, if it is one.
    pub fn as_list(&self) -> Option<&[Json]> {
        match self {
            Json::List(list) => Some(list),
            _ => None,
        }
    }

    /// Reads a text that is one value. Refuses any other, with a sentence that says where.
    pub fn parse(text: &str) -> Result<Json, String> {
        let mut reader = Reader { text, at: 0 };
        let value = reader.value(0)?;
        reader.space();
        match reader.at == text.len() {
            true => Ok(value),
            false => Err(reader.refuse("the end")),
        }
    }
}

/// A text as JSON, in its quotes.
pub fn quoted(text: &str) -> String {
    Json::text(text).to_string()
}

/// On one line, without spaces that don't matter.
impl fmt::Display for Json {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Json::Null => f.write_str("null"),
            Json::Bool(yes) => write!(f, "{yes}"),
            Json::Number(number) => write!(f, "{number}"),
            Json::Fraction(number) => f.write_str(number),
            Json::Text(text) => write_text(f, text),
            Json::List(list) => {
                f.write_char('[')?;
                for (i, value) in list.iter().enumerate() {
                    if i > 0 {
                        f.write_char(',')?;
                    }
                    write!(f, "{value}")?;
                }
                f.write_char(']')
            }
            Json::Object(members) => {
                f.write_char('{')?;
                for (i, (key, value)) in members.iter().enumerate() {
                    if i > 0 {
                        f.write_char(',')?;
                    }
                    write_text(f, key)?;
                    write!(f, ":{value}")?;
                }
                f.write_char('}')
            }
        }
    }
}

fn write_text(f: &mut fmt::Formatter<'_>, text: &str) -> fmt::Result {
    f.write_char('"')?;
    for character in text.chars() {
        match character {
            '"' => f.write_str("\\\"")?,
            '\\' => f.write_str("\\\\")?,
            '\n' => f.write_str("\\n")?,
            control if control < ' ' => write!(f, "\\u{:04x}", u32::from(control))?,
            other => f.write_char(other)?,
        }
    }
    f.write_char('"')
}

/// A text, and how far it has been read, in bytes.
struct Reader<'a> {
    text: &'a str,
    at: usize,
}

impl Reader<'_> {
    fn rest(&self) -> &str {
        &self.text[self.at..]
    }

    fn refuse(&self, wanted: &str) -> String {
        let found: String = self.rest().chars().take(20).collect();
        format!(
            "that is no JSON: at byte {} there is `{found}` instead of {wanted}",
            self.at
        )
    }

    fn space(&mut self) {
        let is_space = |byte: &u8| matches!(byte, b' ' | b'\n' | b'\r' | b'\t');
        self.at += self.rest().bytes().take_while(is_space).count();
    }

    /// Whether `token` is next; it is then read.
    fn eat(&mut self, token: &str) -> bool {
        self.space();
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    fn expect(&mut self, token: &str) -> Result<(), String> {
        match self.eat(token) {
            true => Ok(()),
            false => Err(self.refuse(&format!("`{token}`"))),
        }
    }

    fn value(&mut self, depth: usize) -> Result<Json, String> {
        if depth > DEEPEST {
            return Err(self.refuse("something less deep"));
        }
        for (word, value) in [
            ("null", Json::Null),
            ("true", Json::Bool(true)),
            ("false", Json::Bool(false)),
        ] {
            if self.eat(word) {
                return Ok(value);
            }
        }
        if self.eat("[") {
            let mut list = Vec::new();
            if self.eat("]") {
                return Ok(Json::List(list));
            }
            loop {
                list.push(self.value(depth + 1)?);
                if self.eat("]") {
                    return Ok(Json::List(list));
                }
                self.expect(",")?;
            }
        }
        if self.eat("{") {
            let mut members = Vec::new();
            if self.eat("}") {
                return Ok(Json::Object(members));
            }
            loop {
                self.expect("\"")?;
                let key = self.text()?;
                self.expect(":")?;
                members.push((key, self.value(depth + 1)?));
                if self.eat("}") {
                    return Ok(Json::Object(members));
                }
                self.expect(",")?;
            }
        }
        if self.eat("\"") {
            return self.text().map(Json::Text);
        }
        let number = |c: char| "+-.eE".contains(c) || c.is_ascii_digit();
        let end = self.rest().find(|c| !number(c));
        let digits = &self.rest()[..end.unwrap_or(self.rest().len())];
        let value = match (digits.parse(), digits.parse::<f64>()) {
            (Ok(whole), _) => Json::Number(whole),
            (Err(_), Ok(_)) => Json::Fraction(digits.to_string()),
            (Err(_), Err(_)) => return Err(self.refuse("a value")),
        };
        self.at += digits.len();
        Ok(value)
    }

    /// Reads a text to its end; its first quotation mark has been read.
    fn text(&mut self) -> Result<String, String> {
        let mut text = String::new();
        loop {
            // Most of a report is texts; bytes are looked through faster than characters.
            let end = self
                .rest()
                .bytes()
                .position(|byte| matches!(byte, b'"' | b'\\'));
            let end = end.ok_or_else(|| self.refuse("the end of a text"))?;
            text.push_str(&self.rest()[..end]);
            self.at += end;
            if self.eat_here("\"") {
                return Ok(text);
            }
            let escape = self.rest().chars().nth(1).unwrap_or_default();
            let (character, length) = match escape {
                'n' => ('\n', 2),
                'r' => ('\r', 2),
                't' => ('\t', 2),
                'b' => ('\u{8}', 2),
                'f' => ('\u{c}', 2),
                '"' | '\\' | '/' => (escape, 2),
                'u' => self.hexadecimal()?,
                _ => return Err(self.refuse("an escape")),
            };
            text.push(character);
            self.at += length;
        }
    }

    fn eat_here(&mut self, token: &str) -> bool {
        let found = self.rest().starts_with(token);
        self.at += if found { token.len() } else { 0 };
        found
    }

    /// The character of `\u….`, a pair of surrogates included, and the length of both.
    fn hexadecimal(&self) -> Result<(char, usize), String> {
        let unit = |from: usize| {
            let digits = self.rest().get(from..from + 4)?;
            u16::from_str_radix(digits, 16).ok()
        };
        let first = unit(2);
        let second = match self.rest().get(6..8) {
            Some("\\u") => unit(8),
            _ => None,
        };
        let units = first.into_iter().chain(second);
        let character = char::decode_utf16(units).next().and_then(Result::ok);
        let character = character.ok_or_else(|| self.refuse("a character"))?;
        Ok((character, 6 * character.len_utf16()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn reads_what_it_writes() {
        let value = Json::object([
            ("nothing", Json::Null),
            (
                "numbers",
                Json::List(vec![Json::Number(-3), Json::Number(i128::MAX)]),
            ),
            ("empty", Json::List(Vec::new())),
            ("object", Json::object::<&str>([])),
            ("text", Json::text("a \"b\" \\ \n \u{1} \u{c} ä 🦀")),
            ("yes", Json::Bool(true)),
        ]);
        let text = value.to_string();
        assert_eq!(Json::parse(&text), Ok(value), "{text}");
    }

    #[test]
    fn reads_what_others_write() {
        let read = Json::parse(" { \"a\" : [ 1 , \"\\ud83e\\udd80\\/\\t\\u0041\" ] }\r\n");
        let list = Json::List(vec![Json::Number(1), Json::text("🦀/\tA")]);
        assert_eq!(read, Ok(Json::object([("a", list)])));
        let fraction = Json::parse("-1.5e3");
        assert_eq!(fraction, Ok(Json::Fraction("-1.5e3".to_string())));
    }

    #[test]
    fn refuses_what_is_no_json() {
        let deep = "[".repeat(1_000_000);
        for text in [
            "",
            "nul",
            "[1,",
            "{\"a\" 1}",
            "\"a",
            "1 2",
            "1.5.2",
            "\"\\x\"",
            "\"\\ud83e\"",
            &deep,
        ] {
            let short: String = text.chars().take(20).collect();
            assert!(Json::parse(text).is_err(), "{short}");
        }
    }
}
