//! As much of JSON as the explorer writes.

use std::{collections::BTreeMap, fmt::Write, ops::Index};

#[derive(Debug, PartialEq)]
pub enum Value {
    Null,
    Bool(bool),
    Number(usize),
    Text(String),
    List(Vec<Value>),
    Object(BTreeMap<String, Value>),
}

impl Value {
    #[track_caller]
    pub fn number(&self) -> usize {
        match self {
            Value::Number(number) => *number,
            other => panic!("no number: {other:?}"),
        }
    }

    #[track_caller]
    pub fn text(&self) -> &str {
        match self {
            Value::Text(text) => text,
            other => panic!("no text: {other:?}"),
        }
    }

    #[track_caller]
    pub fn list(&self) -> &[Value] {
        match self {
            Value::List(list) => list,
            other => panic!("no list: {other:?}"),
        }
    }

    pub fn get(&self, key: &str) -> Option<&Value> {
        match self {
            Value::Object(object) => object.get(key),
            _ => None,
        }
    }
}

impl Index<&str> for Value {
    type Output = Value;

    #[track_caller]
    fn index(&self, key: &str) -> &Value {
        match self.get(key) {
            Some(value) => value,
            None => panic!("no {key} in {self:?}"),
        }
    }
}

impl Index<usize> for Value {
    type Output = Value;

    #[track_caller]
    fn index(&self, place: usize) -> &Value {
        &self.list()[place]
    }
}

/// Parses what the explorer has written; panics on anything else.
pub fn parse(text: &str) -> Value {
    let mut rest = text;
    let value = value(&mut rest);
    assert_eq!(rest.trim(), "", "there is more");
    value
}

fn taken(rest: &mut &str, word: &str) -> bool {
    *rest = rest.trim_start();
    match rest.strip_prefix(word) {
        Some(after) => {
            *rest = after;
            true
        }
        None => false,
    }
}

fn value(rest: &mut &str) -> Value {
    if taken(rest, "null") {
        return Value::Null;
    }
    for truth in [true, false] {
        if taken(rest, &truth.to_string()) {
            return Value::Bool(truth);
        }
    }
    if taken(rest, "[") {
        let mut list = Vec::new();
        while !taken(rest, "]") {
            list.push(value(rest));
            taken(rest, ",");
        }
        return Value::List(list);
    }
    if taken(rest, "{") {
        let mut object = BTreeMap::new();
        while !taken(rest, "}") {
            let key = value(rest).text().to_string();
            assert!(taken(rest, ":"), "a colon");
            object.insert(key, value(rest));
            taken(rest, ",");
        }
        return Value::Object(object);
    }
    if taken(rest, "\"") {
        let mut text = String::new();
        let mut letters = rest.char_indices();
        while let Some((at, letter)) = letters.next() {
            match letter {
                '"' => {
                    *rest = &rest[at + 1..];
                    return Value::Text(text);
                }
                '\\' => text.extend(letters.next().map(|(_, letter)| letter)),
                letter => text.push(letter),
            }
        }
        panic!("a text has no end");
    }
    let digits = rest.bytes().take_while(u8::is_ascii_digit).count();
    let (number, after) = rest.split_at(digits);
    *rest = after;
    Value::Number(number.parse().expect("a number"))
}

/// A text as JSON.
pub fn quoted(text: &str) -> String {
    let mut json = String::from("\"");
    for letter in text.chars() {
        match letter {
            '"' | '\\' => {
                let _ = write!(json, "\\{letter}");
            }
            letter => json.push(letter),
        }
    }
    json + "\""
}
