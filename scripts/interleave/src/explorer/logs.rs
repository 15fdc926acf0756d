//! Every log that a program can print, from its traces alone.
//!
//! A trace is a partial order of events, and what it can print are the *linear
//! extensions* of its prints: every way to put them in a row that keeps the
//! order. Over all traces the possible logs are a finite set of texts. This
//! module builds the minimal deterministic automaton of that set, one trace at
//! a time, and asks it: how many logs are there, is this one among them, and if
//! not, on which line did it become impossible.
//!
//! **Which logs count.** A log is what a *finished* execution printed to
//! standard output: one that ended normally, by a panic, or got stuck in a
//! deadlock. A deadlocked execution counts with all it printed up to there. The
//! beginnings of a longer log don't count. (So the single loop with two workers
//! and no job has two logs: one complete, one that ends in the deadlock.)
//!
//! **Texts, not prints.** `print!("a"); println!("b")` and `println!("ab")`
//! leave the same log. Logs are compared as texts.

mod automaton;
mod order;

use crate::fact::Fact;
use crate::json::Json;
use crate::numbers::separated;
use automaton::{Automaton, END, Letter, NOTHING, Node};
pub use order::Print;
use order::{Done, Order};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::fmt;

/// How much memory the automaton may take, counted in nodes.
const NODES: usize = 2_000_000;

/// With how many nodes it is first looked for those without use.
const CLEAR_FROM: usize = 50_000;

/// How many lines an answer lists at most.
const LINES: usize = 100;

/// Collects what each trace prints, one trace at a time.
pub struct Logs {
    texts: Vec<String>,
    letters: HashMap<String, Letter>,
    /// The orders met, as bytes.
    seen: HashSet<Box<[u8]>>,
    /// The orders that did not fit into the automaton.
    outside: Vec<Order>,
    automaton: Automaton,
    root: Node,
    /// The size at which nodes without use are cleared away.
    clear_at: usize,
    /// The smallest size at which that is done.
    clear_from: usize,
    limit: usize,
}

impl Default for Logs {
    fn default() -> Logs {
        Logs::new()
    }
}

impl Logs {
    /// No trace yet, no log.
    pub fn new() -> Logs {
        Logs::with_limit(NODES)
    }

    /// As [`Logs::new`], with a bound on the automaton's nodes. What doesn't
    /// fit is kept as it is: [`Language::contains`] stays exact, and
    /// [`Language::count`] becomes a lower bound that says so.
    pub fn with_limit(limit: usize) -> Logs {
        Logs::with_bounds(limit, CLEAR_FROM)
    }

    /// As [`Logs::with_limit`]; from `clear_from` nodes on, those without use
    /// are cleared away now and then.
    fn with_bounds(limit: usize, clear_from: usize) -> Logs {
        Logs {
            texts: Vec::new(),
            letters: HashMap::new(),
            seen: HashSet::new(),
            outside: Vec::new(),
            automaton: Automaton::new(),
            root: NOTHING,
            clear_at: clear_from,
            clear_from,
            limit,
        }
    }

    /// Adds the logs of one trace, given its prints in the order in which they
    /// happened. A trace whose prints are ordered as in one before costs next
    /// to nothing.
    pub fn add(&mut self, prints: &[Print]) {
        self.add_cuts(prints, None);
    }

    /// As [`Logs::add`]. With the clock of the return of `main`, the process may
    /// end as soon as all that comes before that has happened: the log then
    /// lacks what has not been printed yet.
    pub fn add_cuts(&mut self, prints: &[Print], returned: Option<&[u32]>) {
        let order = Order::new(prints, returned, |text| {
            text.replace("\r\n", "\n")
                .split_inclusive('\n')
                .map(|line| self.letter(line))
                .collect()
        });
        self.add_order(order);
    }

    fn add_order(&mut self, order: Order) {
        if !self.seen.insert(order.bytes()) {
            return;
        }
        let room = self.limit.saturating_sub(self.automaton.len());
        let Some(node) = order.node(&mut self.automaton, room) else {
            self.outside.push(order);
            return;
        };
        self.root = self.automaton.union(&[self.root, node]);
        if self.automaton.len() > self.clear_at {
            self.root = self.automaton.keep_only(self.root);
            self.clear_at = (3 * self.automaton.len()).max(self.clear_from);
        }
    }

    /// What [`Logs::merge`] takes, of logs for which there was no room ([`Logs::with_limit`] with
    /// 0): the orders that have come since the last time.
    pub(crate) fn take_json(&mut self) -> Json {
        let orders = self.outside.drain(..).map(|order| {
            let digits = order
                .bytes()
                .iter()
                .map(|byte| format!("{byte:02x}"))
                .collect();
            Json::Text(digits)
        });
        Json::object([
            ("orders", Json::List(orders.collect())),
            ("texts", self.texts.to_json()),
        ])
    }

    /// Adds what another process has collected. Refuses what isn't that.
    pub(crate) fn merge(&mut self, part: &Json) -> Option<()> {
        let texts: Vec<String> = Fact::from_json(part.get("texts")?)?;
        let letters: Vec<Letter> = texts.iter().map(|text| self.letter(text)).collect();
        for order in part.get("orders")?.as_list()? {
            let digits = order.as_text()?.as_bytes().chunks(2);
            let byte = |pair| u8::from_str_radix(std::str::from_utf8(pair).ok()?, 16).ok();
            let bytes: Option<Vec<u8>> = digits.map(byte).collect();
            self.add_order(Order::read(&bytes?, &letters)?);
        }
        Some(())
    }

    /// The letter that stands for a text.
    fn letter(&mut self, text: &str) -> Letter {
        if let Some(&letter) = self.letters.get(text) {
            return letter;
        }
        let letter = self.texts.len() as Letter;
        self.texts.push(text.to_string());
        self.letters.insert(text.to_string(), letter);
        letter
    }

    /// The set of all logs added.
    pub fn language(mut self) -> Language {
        let root = self.automaton.keep_only(self.root);
        let mut language = Language {
            spelling: self.texts.clone(),
            texts: self.texts,
            count: Count {
                logs: u128::from(!self.outside.is_empty()),
                exact: self.outside.is_empty(),
            },
            outside: self.outside,
            automaton: self.automaton,
            root,
            words: None,
            counts: Vec::new(),
        };
        if !is_prefix_free(&language.texts) {
            let (words, spelling) = by_character(&language.automaton, root, &language.texts);
            language.words = Some(words);
            language.spelling = spelling;
        }
        let (words, root) = language.words();
        let counts = words.counts();
        let known = counts[root as usize];
        language.count.logs = language.count.logs.max(known);
        language.count.exact &= known < u128::MAX;
        language.counts = counts;
        language
    }
}

/// Whether no text begins another, so that a log can be cut into them in one
/// way only and different sequences are different logs.
fn is_prefix_free(texts: &[String]) -> bool {
    let mut sorted: Vec<&String> = texts.iter().collect();
    sorted.sort_unstable();
    sorted
        .windows(2)
        .all(|pair| !pair[1].starts_with(pair[0].as_str()))
}

/// The same set of logs with characters for letters, its root, and the
/// characters.
fn by_character(
    automaton: &Automaton,
    root: Node,
    texts: &[String],
) -> ((Automaton, Node), Vec<String>) {
    let all: BTreeSet<char> = texts.iter().flat_map(|text| text.chars()).collect();
    let rank: BTreeMap<char, Letter> = all.iter().copied().zip(0..).collect();
    let mut words = Automaton::new();
    let mut nodes = Vec::with_capacity(automaton.len());
    for node in 0..automaton.len() as Node {
        let mut parts = vec![if automaton.ends(node) { END } else { NOTHING }];
        for &(letter, next) in automaton.edges(node) {
            let letters: Vec<Letter> = texts[letter as usize].chars().map(|c| rank[&c]).collect();
            parts.push(words.prepend(&letters, nodes[next as usize]));
        }
        nodes.push(words.union(&parts));
    }
    let root = words.keep_only(nodes[root as usize]);
    ((words, root), all.iter().map(char::to_string).collect())
}

/// A number of logs.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Count {
    /// How many.
    pub logs: u128,
    /// Whether that is the number, or only a number that it is not below.
    pub exact: bool,
}

impl fmt::Display for Count {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        if !self.exact {
            write!(f, "at least ")?;
        }
        f.write_str(&separated(self.logs))
    }
}

/// Whether a log is possible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Answer {
    /// Some schedule prints exactly this.
    Possible,
    /// No schedule prints this.
    Impossible {
        /// Whether all schedules were looked at. If not, the log wasn't found
        /// within those that were.
        certain: bool,
        /// The first line, counted from 1, up to which no possible log agrees.
        line: usize,
        /// What stands there; `None` if the log ends before that line.
        found: Option<String>,
        /// The lines that could have stood there, sorted; at most 100.
        possible: Vec<String>,
        /// Whether the log could have ended before that line.
        may_end: bool,
    },
}

impl fmt::Display for Answer {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let Answer::Impossible {
            certain,
            line,
            found,
            possible,
            may_end,
        } = self
        else {
            return write!(f, "possible");
        };
        f.write_str(match certain {
            true => "impossible",
            false => "not found within the schedules tried,",
        })?;
        match found {
            Some(found) => write!(f, " from line {line} on: {found}")?,
            None => write!(f, ": it ends before line {line}")?,
        }
        for text in possible {
            write!(f, "\n  possible there: {text}")?;
        }
        if *may_end {
            write!(f, "\n  possible there: the end of the log")?;
        }
        Ok(())
    }
}

/// A set of logs: every log that a program can print.
pub struct Language {
    texts: Vec<String>,
    outside: Vec<Order>,
    automaton: Automaton,
    root: Node,
    /// The automaton over characters, where lines were printed in parts.
    words: Option<(Automaton, Node)>,
    /// What the letters of that automaton stand for.
    spelling: Vec<String>,
    counts: Vec<u128>,
    count: Count,
}

/// Where a reader of a log can be: at a node of the automaton, or in one of the
/// orders that did not fit into it.
#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Spot {
    Node(Node),
    /// Which order, what is done of it, and the letters of its last print that
    /// are still to come.
    Outside(usize, Done, Vec<Letter>),
}

impl Language {
    /// How many distinct logs there are.
    pub fn count(&self) -> Count {
        self.count
    }

    /// How many nodes the automaton has: a measure of its size.
    pub fn nodes(&self) -> usize {
        self.automaton.len()
    }

    /// Whether `log` is one of the logs, and if not, from which line on. A
    /// missing newline at its very end is forgiven, and `\r\n` is a newline.
    pub fn contains(&self, log: &str) -> Answer {
        let log = log.replace("\r\n", "\n");
        let mut spots = self.start();
        let mut number = 0;
        for line in log.split_inclusive('\n') {
            number += 1;
            let mut next = self.read(&spots, line);
            let ends = next.iter().any(|spot| self.ends(spot));
            if !line.ends_with('\n') && !ends {
                next = self.read(&spots, &format!("{line}\n"));
            }
            if next.is_empty() {
                return self.refusal(
                    &spots,
                    number,
                    Some(line.trim_end_matches('\n').to_string()),
                );
            }
            spots = next;
        }
        if spots.iter().any(|spot| self.ends(spot)) {
            return Answer::Possible;
        }
        self.refusal(&spots, number + 1, None)
    }

    /// Whether a log begins with these whole lines, and then with a print whose first line begins so.
    pub fn may_go_on(&self, lines: &str, beginning: &str) -> bool {
        let mut spots = self.start();
        for line in lines.split_inclusive('\n') {
            spots = self.read(&spots, line);
        }
        let mut next = spots.iter().flat_map(|spot| self.moves(spot));
        next.any(|(text, _)| text.starts_with(beginning))
    }

    fn refusal(&self, spots: &BTreeSet<Spot>, line: usize, found: Option<String>) -> Answer {
        Answer::Impossible {
            certain: true,
            line,
            found,
            possible: self.lines(spots),
            may_end: spots.iter().any(|spot| self.ends(spot)),
        }
    }

    fn start(&self) -> BTreeSet<Spot> {
        let orders = self.outside.iter().enumerate();
        let mut spots: BTreeSet<Spot> = orders
            .map(|(i, order)| Spot::Outside(i, order.start(), Vec::new()))
            .collect();
        if self.root != NOTHING {
            spots.insert(Spot::Node(self.root));
        }
        spots
    }

    fn ends(&self, spot: &Spot) -> bool {
        match spot {
            Spot::Node(node) => self.automaton.ends(*node),
            Spot::Outside(order, done, rest) => {
                rest.is_empty() && self.outside[*order].finished(done)
            }
        }
    }

    /// The letters that may come next, and where one is then.
    fn moves(&self, spot: &Spot) -> Vec<(&str, Spot)> {
        let text = |letter: Letter| self.texts[letter as usize].as_str();
        match spot {
            Spot::Node(node) => {
                let edges = self.automaton.edges(*node).iter();
                edges
                    .map(|&(l, next)| (text(l), Spot::Node(next)))
                    .collect()
            }
            Spot::Outside(order, done, rest) if !rest.is_empty() => {
                let next = Spot::Outside(*order, done.clone(), rest[1..].to_vec());
                vec![(text(rest[0]), next)]
            }
            Spot::Outside(order, done, _) => {
                let moves = self.outside[*order].moves(done).into_iter();
                let spot = |(letters, next): (&[Letter], Done)| {
                    let next = Spot::Outside(*order, next, letters[1..].to_vec());
                    (text(letters[0]), next)
                };
                moves.map(spot).collect()
            }
        }
    }

    /// Where one can be after reading exactly `text` from one of `spots`.
    fn read(&self, spots: &BTreeSet<Spot>, text: &str) -> BTreeSet<Spot> {
        let mut reached = BTreeSet::new();
        let mut at: BTreeMap<usize, BTreeSet<Spot>> = BTreeMap::from([(0, spots.clone())]);
        while let Some((position, spots)) = at.pop_first() {
            if position == text.len() {
                reached = spots;
                break;
            }
            for (part, next) in spots.iter().flat_map(|spot| self.moves(spot)) {
                if text[position..].starts_with(part) {
                    at.entry(position + part.len()).or_default().insert(next);
                }
            }
        }
        reached
    }

    /// The whole lines that may follow `spots`, sorted.
    fn lines(&self, spots: &BTreeSet<Spot>) -> Vec<String> {
        let mut lines = BTreeSet::new();
        let mut seen = BTreeSet::new();
        let mut todo: Vec<(String, Spot)> =
            spots.iter().map(|s| (String::new(), s.clone())).collect();
        while let Some((begun, spot)) = todo.pop() {
            if !begun.is_empty() && self.ends(&spot) {
                lines.insert(begun.clone());
            }
            for (part, next) in self.moves(&spot) {
                let text = format!("{begun}{part}");
                match text.split_once('\n') {
                    Some((line, _)) => {
                        lines.insert(line.to_string());
                    }
                    None => {
                        let room = seen.len() < 100 * LINES;
                        if room && seen.insert((text.clone(), next.clone())) {
                            todo.push((text, next));
                        }
                    }
                }
            }
        }
        lines.into_iter().take(LINES).collect()
    }

    /// The automaton in which every word is a log of its own, and its root.
    fn words(&self) -> (&Automaton, Node) {
        match &self.words {
            Some((automaton, root)) => (automaton, *root),
            None => (&self.automaton, self.root),
        }
    }

    /// The logs in a fixed order: as texts, byte by byte. Those of a set that
    /// is not complete ([`Count::exact`]) are the logs known.
    pub fn iter(&self) -> impl Iterator<Item = String> + '_ {
        (0..).map_while(|rank| self.get(rank))
    }

    /// The log at place `rank` of that order, counted from 0, if there is one.
    /// Takes the same short time for every `rank`.
    pub fn get(&self, mut rank: u128) -> Option<String> {
        let (automaton, mut node) = self.words();
        if rank >= self.counts[node as usize] {
            return None;
        }
        let mut log = String::new();
        'letters: loop {
            if automaton.ends(node) {
                if rank == 0 {
                    return Some(log);
                }
                rank -= 1;
            }
            let mut edges: Vec<(&str, Node)> = automaton
                .edges(node)
                .iter()
                .map(|&(letter, next)| (self.spelling[letter as usize].as_str(), next))
                .collect();
            edges.sort_unstable();
            for (text, next) in edges {
                let below = self.counts[next as usize];
                if rank < below {
                    log.push_str(text);
                    node = next;
                    continue 'letters;
                }
                rank -= below;
            }
            return None;
        }
    }

    /// The first log in the fixed order.
    pub fn first(&self) -> Option<String> {
        self.get(0)
    }

    /// At most `n` logs, spread evenly over the fixed order, the first and the
    /// last among them.
    pub fn samples(&self, n: usize) -> Vec<String> {
        let total = self.counts[self.words().1 as usize];
        let n = u128::try_from(n).unwrap_or(u128::MAX).min(total);
        let rank = |i: u128| match n {
            0 | 1 => 0,
            _ => (total - 1) / (n - 1) * i + (total - 1) % (n - 1) * i / (n - 1),
        };
        (0..n).filter_map(|i| self.get(rank(i))).collect()
    }
}

#[cfg(test)]
mod tests;
