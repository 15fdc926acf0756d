//! The words after a command: options and the rest.

use super::ending::Usage;
use listings::{
    catalogue::{self, Listing},
    names,
};
use std::{fmt::Display, str::FromStr};

/// The words after a command.
pub struct Arguments {
    command: &'static str,
    options: Vec<(String, String)>,
    words: Vec<String>,
}

impl Arguments {
    /// Sorts words into options and others. An option's value is the next word, or what comes
    /// after `=`. Refuses an option that is not among the `known` ones (those that take a value
    /// end in `=`), one without its value, and one that is given twice.
    pub fn parse(
        command: &'static str,
        known: &[&str],
        words: &[String],
    ) -> Result<Arguments, Usage> {
        let mut arguments = Arguments {
            command,
            options: Vec::new(),
            words: Vec::new(),
        };
        let mut words = words.iter();
        while let Some(word) = words.next() {
            if !word.starts_with("--") {
                arguments.words.push(word.clone());
                continue;
            }
            let (name, given) = match word.split_once('=') {
                Some((name, value)) => (name, Some(value.to_string())),
                None => (word.as_str(), None),
            };
            let takes_value = known.contains(&format!("{name}=").as_str());
            let value = match (takes_value, given) {
                (true, Some(value)) => value,
                (true, None) => words
                    .next()
                    .cloned()
                    .ok_or_else(|| arguments.wrong(&format!("the option {name} needs a value")))?,
                (false, None) if known.contains(&name) => String::new(),
                (false, Some(_)) if known.contains(&name) => {
                    return Err(arguments.wrong(&format!("the option {name} takes no value")));
                }
                (false, _) => {
                    return Err(arguments.wrong(&format!("there is no option {name}")));
                }
            };
            if arguments.value(name).is_some() {
                return Err(arguments.wrong(&format!("the option {name} is there twice")));
            }
            arguments.options.push((name.to_string(), value));
        }
        if arguments.words.len() > 1 {
            arguments.words = names::joined(&catalogue::all()?, &arguments.words);
        }
        Ok(arguments)
    }

    /// The value of an option, if it was given; it is empty for an option that takes none.
    pub fn value(&self, option: &str) -> Option<&str> {
        let found = self.options.iter().find(|(name, _)| name == option);
        found.map(|(_, value)| value.as_str())
    }

    /// Whether an option was given.
    pub fn has(&self, option: &str) -> bool {
        self.value(option).is_some()
    }

    /// The value of an option as a number in `range`, if it was given.
    pub fn number<T>(
        &self,
        option: &str,
        range: std::ops::RangeInclusive<T>,
    ) -> Result<Option<T>, Usage>
    where
        T: FromStr + PartialOrd + Display,
    {
        let Some(text) = self.value(option) else {
            return Ok(None);
        };
        match text.parse() {
            Ok(number) if range.contains(&number) => Ok(Some(number)),
            _ => Err(self.wrong(&format!(
                "{option} takes a whole number from {} to {}, and not `{text}`",
                range.start(),
                range.end()
            ))),
        }
    }

    /// The words that are no options. Refuses fewer or more than the range allows.
    pub fn words(
        &self,
        range: std::ops::RangeInclusive<usize>,
        what: &str,
    ) -> Result<&[String], Usage> {
        if range.contains(&self.words.len()) {
            Ok(&self.words)
        } else {
            Err(self.wrong(&format!("it takes {what}")))
        }
    }

    /// A sentence on what is wrong with the words, with the way out.
    pub fn wrong(&self, what: &str) -> Usage {
        let command = self.command;
        Usage::Wrong(format!(
            "{command}: {what}; `cargo listings help {command}` shows an example"
        ))
    }
}

/// The listing of that name. A name that means none is a mistake in the words.
pub fn listing(name: &str) -> Result<Listing, Usage> {
    let listings = catalogue::all()?;
    match names::resolve(&listings, name) {
        Ok(listing) => {
            if let Some((edition, here)) = names::elsewhere(name) {
                eprintln!("note: {name} of the edition of {edition} online is {here} here");
            }
            Ok(listing.clone())
        }
        Err(error) => Err(Usage::Wrong(error.to_string())),
    }
}
