//! The data of a level as a script, which a page can load from a file too: plain lists of numbers
//! that count into lists of texts.

use super::level::{Level, State, Thread};
use interleave::json::quoted;
use std::{collections::BTreeMap, fmt::Write};

/// The first line of each script.
pub const FIRST: &str = "// Made by scripts/pages from what the explorer finds.\n";

/// The script of a level. `listing` is what the page links to.
///
/// A state is `[places, queue, leads]`, and `[places, queue, leads, end]` where it ends: for each
/// thread a number of a place; a number of a queue; for each thread that can go on
/// `[thread, deed, state]`; a number of a text. A place is `[line or 0, next, why or -1, holds the
/// lock]`, a deed is what a step does and then the lines that it prints, as texts.
pub fn level(name: &str, listing: &str, level: &Level) -> String {
    let mut tables = Tables::default();
    let states = tables.states(&level.merged());
    format!(
        "{FIRST}(globalThis.schedules ??= {{}})[{}] = {{\n\"listing\": {},\n\"scenario\": {},\n\
         \"threads\": [{}],\n\"schedules\": {},\n\"source\": [\n{}\n],\n\"log\": [\n{}\n],\n\
         {},\n\"states\": [\n{states}\n]\n}};\n",
        quoted(name),
        quoted(listing),
        quoted(&level.scenario),
        texts(&level.threads, ","),
        level.schedules.unwrap_or_default(),
        texts(&level.source, ",\n"),
        texts(&level.log, ",\n"),
        tables.json(),
    )
}

/// Texts, with this between them.
pub fn texts(texts: &[String], between: &str) -> String {
    let texts: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    texts.join(between)
}

/// What the states count into.
#[derive(Default)]
pub struct Tables {
    texts: Numbers<String>,
    places: Numbers<String>,
    queues: Numbers<String>,
    deeds: Numbers<String>,
}

impl Tables {
    /// One line a state.
    pub fn states(&mut self, states: &[State]) -> String {
        let rows: Vec<String> = states.iter().map(|state| self.state(state)).collect();
        rows.join(",\n")
    }

    fn state(&mut self, state: &State) -> String {
        let mut places = Vec::new();
        for (thread, Thread { line, next, why }) in state.threads.iter().enumerate() {
            let next = self.texts.number(next);
            let why = match why.as_str() {
                "" => "-1".to_string(),
                why => self.texts.number(&why.to_string()).to_string(),
            };
            let holds = usize::from(state.holder == Some(thread));
            let place = format!("[{line},{next},{why},{holds}]");
            places.push(self.places.number(&place).to_string());
        }
        let messages = state.queue.iter().map(|text| self.texts.number(text));
        let messages: Vec<String> = messages.map(|number| number.to_string()).collect();
        let queue = self.queues.number(&format!("[{}]", messages.join(",")));
        let mut leads = Vec::new();
        for (thread, lead) in state.leads.iter().enumerate() {
            let Some(lead) = lead else { continue };
            let texts = [&lead.does].into_iter().chain(&lead.prints);
            let texts = texts.map(|text| self.texts.number(text).to_string());
            let deed = texts.collect::<Vec<_>>().join(",");
            let deed = self.deeds.number(&format!("[{deed}]"));
            leads.push(format!("[{thread},{deed},{}]", lead.to));
        }
        let mut row = format!("[[{}],{queue},[{}]", places.join(","), leads.join(","));
        if let Some(end) = &state.end {
            let _ = write!(row, ",{}", self.texts.number(end));
        }
        row + "]"
    }

    /// The tables themselves, as members of an object.
    pub fn json(&self) -> String {
        format!(
            "\"texts\": [\n{}\n],\n\"places\": [{}],\n\"queues\": [{}],\n\"deeds\": [{}]",
            texts(&self.texts.order, ",\n"),
            self.places.order.join(","),
            self.queues.order.join(","),
            self.deeds.order.join(","),
        )
    }
}

/// Things, numbered as they are met.
#[derive(Default)]
struct Numbers<T> {
    numbers: BTreeMap<T, usize>,
    order: Vec<T>,
}

impl<T: Ord + Clone> Numbers<T> {
    fn number(&mut self, thing: &T) -> usize {
        if let Some(&number) = self.numbers.get(thing) {
            return number;
        }
        let number = self.order.len();
        self.numbers.insert(thing.clone(), number);
        self.order.push(thing.clone());
        number
    }
}
