//! Rust source as trees of tokens: enough to see what a file declares, without
//! understanding what it does. Comments are left out.

/// A token, or a group of tokens in brackets.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Tree {
    /// A word: a name or a keyword, without `r#`.
    Word(String),
    /// One character of punctuation.
    Mark(char),
    /// A number, a character or a text; of a text, what stands between its quotes.
    Literal(String),
    /// A lifetime, without its apostrophe.
    Lifetime(String),
    /// What stands between two brackets, and the opening one: `(`, `[` or `{`.
    Group(char, Vec<Tree>),
}

impl Tree {
    /// Whether it is this word.
    pub fn is(&self, word: &str) -> bool {
        matches!(self, Tree::Word(own) if own == word)
    }

    /// Whether it is this mark.
    pub fn marks(&self, mark: char) -> bool {
        *self == Tree::Mark(mark)
    }

    /// The word that it is.
    pub fn word(&self) -> Option<&str> {
        match self {
            Tree::Word(word) => Some(word),
            _ => None,
        }
    }

    /// What stands in it, if it is a group with this bracket.
    pub fn group(&self, bracket: char) -> Option<&[Tree]> {
        match self {
            Tree::Group(own, trees) if *own == bracket => Some(trees),
            _ => None,
        }
    }
}

/// Reads a whole file. What is no Rust gives some trees all the same.
pub fn read(source: &str) -> Vec<Tree> {
    let mut reader = Reader {
        left: source.chars().collect(),
        at: 0,
    };
    reader.trees(None)
}

struct Reader {
    left: Vec<char>,
    at: usize,
}

impl Reader {
    fn peek(&self, ahead: usize) -> Option<char> {
        self.left.get(self.at + ahead).copied()
    }

    fn next(&mut self) -> Option<char> {
        let char = self.peek(0);
        self.at += 1;
        char
    }

    fn take_while(&mut self, wanted: impl Fn(char) -> bool) -> String {
        let mut text = String::new();
        while let Some(char) = self.peek(0).filter(|char| wanted(*char)) {
            text.push(char);
            self.at += 1;
        }
        text
    }

    /// Up to the bracket that closes this group, or to the end.
    fn trees(&mut self, closing: Option<char>) -> Vec<Tree> {
        let mut trees = Vec::new();
        while let Some(char) = self.next() {
            match char {
                _ if Some(char) == closing => break,
                '/' if self.peek(0) == Some('/') => {
                    self.take_while(|char| char != '\n');
                }
                '/' if self.peek(0) == Some('*') => self.comment(),
                '(' => trees.push(Tree::Group(char, self.trees(Some(')')))),
                '[' => trees.push(Tree::Group(char, self.trees(Some(']')))),
                '{' => trees.push(Tree::Group(char, self.trees(Some('}')))),
                '"' => trees.push(Tree::Literal(self.text())),
                '\'' => trees.push(self.quoted()),
                _ if char.is_alphabetic() || char == '_' => {
                    self.at -= 1;
                    trees.push(self.word());
                }
                _ if char.is_ascii_digit() => {
                    self.at -= 1;
                    let number = self.take_while(|char| char.is_alphanumeric() || char == '_');
                    trees.push(Tree::Literal(number));
                }
                _ if char.is_whitespace() => {}
                _ => trees.push(Tree::Mark(char)),
            }
        }
        trees
    }

    /// The rest of a comment, which may hold others.
    fn comment(&mut self) {
        let mut depth = 0;
        self.at -= 1;
        while let Some(char) = self.next() {
            match (char, self.peek(0)) {
                ('/', Some('*')) => depth += 1,
                ('*', Some('/')) => depth -= 1,
                _ => continue,
            }
            self.at += 1;
            if depth == 0 {
                return;
            }
        }
    }

    /// The rest of a text in which a backslash escapes.
    fn text(&mut self) -> String {
        let mut text = String::new();
        while let Some(char) = self.next().filter(|char| *char != '"') {
            text.push(char);
            if char == '\\' {
                text.extend(self.next());
            }
        }
        text
    }

    /// A character, or a lifetime.
    fn quoted(&mut self) -> Tree {
        let escaped = self.peek(0) == Some('\\');
        if !escaped && self.peek(1) != Some('\'') {
            return Tree::Lifetime(self.take_while(|char| char.is_alphanumeric() || char == '_'));
        }
        let mut text = String::new();
        text.extend(self.next());
        if escaped {
            text.extend(self.next());
        }
        text += &self.take_while(|char| char != '\'');
        self.at += 1;
        Tree::Literal(text)
    }

    /// A word, or a text that begins with letters, such as `r#"…"#`.
    fn word(&mut self) -> Tree {
        let word = self.take_while(|char| char.is_alphanumeric() || char == '_');
        if !["r", "b", "c", "br", "cr"].contains(&word.as_str()) {
            return Tree::Word(word);
        }
        let mut hashes = 0;
        while self.peek(hashes) == Some('#') {
            hashes += 1;
        }
        match self.peek(hashes) {
            Some('"') if word.ends_with('r') => {
                self.at += hashes + 1;
                Tree::Literal(self.raw(hashes))
            }
            Some('"') if hashes == 0 => {
                self.at += 1;
                Tree::Literal(self.text())
            }
            Some('\'') if word == "b" && hashes == 0 => {
                self.at += 1;
                self.quoted()
            }
            Some(char) if word == "r" && hashes == 1 && (char.is_alphabetic() || char == '_') => {
                self.at += 1;
                Tree::Word(self.take_while(|char| char.is_alphanumeric() || char == '_'))
            }
            _ => Tree::Word(word),
        }
    }

    /// The rest of a text that ends with a quote and so many hashes.
    fn raw(&mut self, hashes: usize) -> String {
        let mut text = String::new();
        while let Some(char) = self.next() {
            if char == '"' && (0..hashes).all(|ahead| self.peek(ahead) == Some('#')) {
                self.at += hashes;
                break;
            }
            text.push(char);
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_in_comments_texts_and_characters_are_no_brackets() {
        let source = r##"
            // {
            /* { /* ( */ [ */
            fn a<'b>(c: &'b str) { '{'; '\''; "}\"{"; r#"}"{"#; b'}'; b"}"; r#fn; 1_0.5 }
        "##;
        let trees = read(source);
        let [.., body] = trees.as_slice() else {
            panic!("{trees:?}");
        };
        let literals = ["{", "\\'", "}\\\"{", "}\"{", "}", "}"];
        let texts: Vec<&Tree> = body
            .group('{')
            .expect("a body")
            .iter()
            .filter(|tree| !tree.marks(';'))
            .collect();
        for (found, wanted) in texts.iter().zip(literals) {
            assert_eq!(**found, Tree::Literal(wanted.to_string()));
        }
        assert!(texts[literals.len()].is("fn"), "{texts:?}");
        assert!(trees.contains(&Tree::Group(
            '(',
            vec![
                Tree::Word("c".into()),
                Tree::Mark(':'),
                Tree::Mark('&'),
                Tree::Lifetime("b".into()),
                Tree::Word("str".into()),
            ]
        )));
    }

    #[test]
    fn what_is_no_rust_comes_to_an_end() {
        for source in ["{(", ")", "\"", "'", "r#\"", "/*", "b'", "r#", "'\\"] {
            read(source);
        }
    }
}
