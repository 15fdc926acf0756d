//! What a program may do behind the explorer's back, found in its sources: state that outlives an
//! execution, calls from within the explorer's own steps, other ways to the standard library.

use super::tokens::{self, Tree};
use std::collections::BTreeSet;
use std::path::PathBuf;

/// Something that can't be followed.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Escape {
    /// What stands in the source.
    pub item: String,
    /// The file in the crate and the line.
    pub place: String,
    /// Why it can't be followed, as the end of a sentence that names it.
    pub why: &'static str,
}

/// What of the standard library a crate reaches by other ways than `std`.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Needs {
    /// It names `core`, so that this has to be replaced, too.
    pub core: bool,
    /// Why each clone and drop of an `Arc` has to be a step, if it has to.
    pub counts: Option<Counts>,
}

/// Where a program makes a difference of how many have an `Arc`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Counts {
    /// What stands in the source.
    pub item: String,
    /// The file in the crate and the line.
    pub place: String,
    /// Whether the program asks for the number. If not, the last drop does something.
    pub asks: bool,
}

/// Why the number of an `Arc` can't be followed, as the end of a sentence that names what asks.
pub const UNCOUNTED: &str = "which the explorer can follow only in an `Arc` of its own, and that is \
                             neither a `self: Arc<Self>` nor becomes an `Arc<dyn \u{2026}>`";

/// What a report has to say where the last drop of an `Arc` can't be followed.
pub const UNSEEN_DROP: &str = "the last drop of an `Arc` does something, and which thread makes it \
                               isn't followed, for this program needs the real `Arc`; so some logs \
                               may be wrong or missing";

const OUTLIVES: &str = "which outlives an execution, and the explorer doesn't see who uses it";
const CELL: &str = "a `static` with a cell in it, which outlives an execution; create it in `main`, \
                    or in a `OnceLock` or `LazyLock`";
const ALLOCATES: &str = "which is called from within the explorer's own steps, too";

/// The types whose value may change behind a shared reference, and that nobody guards.
const CELLS: [&str; 5] = ["Cell", "RefCell", "UnsafeCell", "OnceCell", "LazyCell"];

/// What starts each execution anew although it is in a `static`.
const FRESH: [&str; 2] = ["OnceLock", "LazyLock"];

/// The functions of `Arc` and `Weak` that tell how many others there are.
const ASKS: [&str; 8] = [
    "strong_count",
    "weak_count",
    "try_unwrap",
    "into_inner",
    "unwrap_or_clone",
    "get_mut",
    "make_mut",
    "upgrade",
];

/// The types whose last drop another thread can see, besides those that implement `Drop`.
const SEEN_DROPS: [&str; 3] = ["Sender", "SyncSender", "TcpStream"];

/// The first thing in these sources that can't be followed.
pub fn first(sources: &[(PathBuf, String)]) -> Option<Escape> {
    let files: Vec<Vec<Tree>> = sources.iter().map(|(_, text)| tokens::read(text)).collect();
    let mut cells: BTreeSet<String> = CELLS.map(str::to_string).into();
    add_holders(&files, &mut cells);
    let mut found = None;
    for ((path, text), trees) in sources.iter().zip(&files) {
        each_group(trees, &mut |trees| {
            let Some((item, why)) = found_in(trees, &cells).filter(|_| found.is_none()) else {
                return;
            };
            found = Some(Escape {
                place: format!("{}:{}", path.display(), line(text, &item)),
                item,
                why,
            });
        });
    }
    found
}

/// What these sources need besides a `std` of ours.
pub fn needs(sources: &[(PathBuf, String)]) -> Needs {
    let mut needs = Needs::default();
    let files: Vec<Vec<Tree>> = sources.iter().map(|(_, text)| tokens::read(text)).collect();
    let uses = |word: &str| files.iter().any(|trees| named(trees, &|own| own == word));
    let mut seen: BTreeSet<String> = SEEN_DROPS.map(str::to_string).into();
    for trees in &files {
        each_group(trees, &mut |trees| implementors(trees, &mut seen));
    }
    add_holders(&files, &mut seen);
    for trees in &files {
        each_group(trees, &mut |trees| senders(trees, &mut seen));
    }
    for ((path, text), trees) in sources.iter().zip(&files) {
        each_group(trees, &mut |trees| {
            needs.core |= trees.iter().any(|tree| tree.is("core"));
            if !uses("Arc") {
                return;
            }
            let upgrades = |next: &[Tree]| {
                let called = next[0].marks('.') && next[1].is("upgrade");
                called.then(|| "upgrade".to_string())
            };
            let asked = trees.windows(4).find_map(asks_arc);
            let asked = asked.or_else(|| trees.windows(2).find_map(upgrades));
            let shared = || shares(trees, &seen).map(|item| (item, false));
            if let Some((item, asks)) = asked.map(|item| (item, true)).or_else(shared) {
                let place = format!("{}:{}", path.display(), line(text, &item));
                let found = Counts { item, place, asks };
                if needs
                    .counts
                    .as_ref()
                    .is_none_or(|known| asks && !known.asks)
                {
                    needs.counts = Some(found);
                }
            }
        });
    }
    needs
}

/// Adds the types that hold one of these types, directly or not.
fn add_holders(files: &[Vec<Tree>], types: &mut BTreeSet<String>) {
    loop {
        let before = types.len();
        for trees in files {
            each_group(trees, &mut |trees| holders(trees, types));
        }
        if types.len() == before {
            return;
        }
    }
}

/// Adds the types of an `impl Drop for Type`.
fn implementors(trees: &[Tree], types: &mut BTreeSet<String>) {
    for next in trees.windows(3) {
        if let (true, true, Some(name)) = (next[0].is("Drop"), next[1].is("for"), next[2].word()) {
            types.insert(name.to_string());
        }
    }
}

/// Adds the variables of a `let (sender, …) = channel()`.
fn senders(trees: &[Tree], names: &mut BTreeSet<String>) {
    for (at, next) in trees.windows(3).enumerate() {
        let Some(both) = next[1]
            .group('(')
            .filter(|_| next[0].is("let") && next[2].marks('='))
        else {
            continue;
        };
        let end = trees[at..].iter().position(|tree| tree.marks(';'));
        let value = &trees[at..at + end.unwrap_or(trees.len() - at)];
        let makes = value
            .iter()
            .any(|tree| tree.is("channel") || tree.is("sync_channel"));
        let first = both
            .iter()
            .filter_map(Tree::word)
            .find(|word| *word != "mut");
        names.extend(first.filter(|_| makes).map(str::to_string));
    }
}

/// An `Arc` with something in it whose drop another thread can see: as a type, or as a value.
fn shares(trees: &[Tree], seen: &BTreeSet<String>) -> Option<String> {
    for at in (0..trees.len()).filter(|&at| trees[at].is("Arc")) {
        let rest = &trees[at + 1..];
        let makes = rest.len() > 3 && rest[0].marks(':') && rest[2].is("new");
        let inside: &[Tree] = match rest.first() {
            Some(Tree::Mark('<')) => in_angles(&rest[1..]),
            _ if makes => match rest.get(3) {
                Some(Tree::Group('(', inner)) => inner,
                _ => &[],
            },
            _ => &[],
        };
        if let Some(word) = first_of(inside, seen) {
            return Some(format!("Arc {word}"));
        }
    }
    None
}

/// The first of some words among these trees, at any depth.
fn first_of(trees: &[Tree], words: &BTreeSet<String>) -> Option<String> {
    trees.iter().find_map(|tree| match tree {
        Tree::Word(word) => words.contains(word).then(|| word.clone()),
        Tree::Group(_, inner) => first_of(inner, words),
        _ => None,
    })
}

/// What stands before the bracket that closes these angle brackets.
fn in_angles(trees: &[Tree]) -> &[Tree] {
    let mut depth = 1;
    for (at, tree) in trees.iter().enumerate() {
        depth += i32::from(tree.marks('<')) - i32::from(tree.marks('>'));
        if depth == 0 {
            return &trees[..at];
        }
    }
    &[]
}

/// Whether a word that is looked for is among these trees, at any depth.
fn named(trees: &[Tree], wanted: &dyn Fn(&str) -> bool) -> bool {
    trees.iter().any(|tree| match tree {
        Tree::Word(word) => wanted(word),
        Tree::Group(_, inner) => named(inner, wanted),
        _ => false,
    })
}

/// `Arc::strong_count` and the like, at the beginning of some trees.
fn asks_arc(trees: &[Tree]) -> Option<String> {
    let owner = ["Arc", "Weak"]
        .into_iter()
        .find(|owner| trees[0].is(owner))?;
    let asked = trees[3].word().filter(|word| ASKS.contains(word))?;
    let path = trees[1].marks(':') && trees[2].marks(':');
    path.then(|| format!("{owner}::{asked}"))
}

/// Calls `look` with the trees of a file and of each group in it, but for tests and for
/// thread-locals, which each execution has anew.
fn each_group(trees: &[Tree], look: &mut dyn FnMut(&[Tree])) {
    look(trees);
    let mut passed: usize = 0;
    for (at, tree) in trees.iter().enumerate() {
        let Tree::Group(_, inner) = tree else {
            continue;
        };
        let before = &trees[passed..at];
        let local = before.len() > 1
            && before[before.len() - 1].marks('!')
            && before[before.len() - 2].is("thread_local");
        let ends_item = matches!(tree, Tree::Group('{', _));
        if !(local || ends_item && before.iter().any(is_for_tests)) {
            each_group(inner, look);
        }
        if ends_item {
            passed = at + 1;
        }
    }
}

/// The `[cfg(test)]` of an attribute.
fn is_for_tests(tree: &Tree) -> bool {
    let Some([name, Tree::Group('(', what)]) = tree.group('[') else {
        return false;
    };
    name.is("cfg") && what.first().is_some_and(|word| word.is("test"))
}

/// Adds the types that are declared here and hold a cell.
fn holders(trees: &[Tree], cells: &mut BTreeSet<String>) {
    for (at, pair) in trees.windows(2).enumerate() {
        let declares = ["struct", "enum", "union", "type"]
            .iter()
            .any(|word| pair[0].is(word));
        let Some(name) = pair[1].word().filter(|_| declares) else {
            continue;
        };
        let declared = &trees[at + 2..];
        let end = declared
            .iter()
            .position(|tree| tree.marks(';') || tree.group('{').is_some());
        let declared = &declared[..end.map_or(declared.len(), |end| end + 1)];
        if named(declared, &|word| cells.contains(word)) {
            cells.insert(name.to_string());
        }
    }
}

/// What can't be followed directly among these trees, and why.
fn found_in(trees: &[Tree], cells: &BTreeSet<String>) -> Option<(String, &'static str)> {
    let allocator = |tree: &Tree| {
        tree.group('[')
            .is_some_and(|inner| inner.iter().any(|word| word.is("global_allocator")))
    };
    if trees.iter().any(allocator) {
        return Some(("#[global_allocator]".to_string(), ALLOCATES));
    }
    for (at, next) in trees.windows(3).enumerate() {
        if !next[0].is("static") {
            continue;
        }
        if let (true, Some(name)) = (next[1].is("mut"), next[2].word()) {
            return Some((format!("static mut {name}"), OUTLIVES));
        }
        let Some(name) = next[1].word().filter(|_| next[2].marks(':')) else {
            continue;
        };
        let kind = &trees[at + 3..];
        let end = kind
            .iter()
            .position(|tree| tree.marks('=') || tree.marks(';'));
        let kind = &kind[..end.unwrap_or(kind.len())];
        let fresh = kind
            .iter()
            .any(|tree| FRESH.iter().any(|word| tree.is(word)));
        if !fresh && named(kind, &|word| cells.contains(word)) {
            return Some((format!("static {name}"), CELL));
        }
    }
    None
}

/// The number of the first line of a text with all words of an item.
fn line(text: &str, item: &str) -> usize {
    let words: Vec<&str> = item
        .split(|char: char| !char.is_alphanumeric() && char != '_')
        .collect();
    let has_all = |line: &str| words.iter().all(|word| line.contains(word));
    text.lines().position(has_all).map_or(1, |found| found + 1)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn source(text: &str) -> Vec<(PathBuf, String)> {
        vec![(PathBuf::from("src/main.rs"), text.to_string())]
    }

    #[track_caller]
    fn escapes(text: &str, item: &str, line: usize) {
        let found = first(&source(text)).unwrap_or_else(|| panic!("nothing in {text}"));
        assert_eq!(
            (found.item.as_str(), found.place),
            (item, format!("src/main.rs:{line}"))
        );
    }

    #[test]
    fn state_that_outlives_an_execution() {
        escapes("fn f() {\n    static mut N: u8 = 0;\n}", "static mut N", 2);
        escapes(
            "use std::sync::*;\nstatic SEEN: Mutex<RefCell<bool>> = x();",
            "static SEEN",
            2,
        );
        let own = "struct A(B);\nstruct B { cell: UnsafeCell<i32> }\nstatic LOCK: A = A::new();";
        escapes(own, "static LOCK", 3);
        escapes(
            "#[global_allocator]\nstatic ALL: Counting = Counting;",
            "#[global_allocator]",
            1,
        );
    }

    #[test]
    fn state_that_is_fresh_or_never_changes() {
        for text in [
            "static N: Mutex<Vec<i32>> = Mutex::new(Vec::new());",
            "static N: LazyLock<Mutex<RefCell<i32>>> = LazyLock::new(make);",
            "thread_local! { static N: RefCell<i32> = RefCell::new(0); }",
            "fn f(cell: &'static Cell<i32>) -> Cell<i32> { static NAME: &str = \"\"; todo!() }",
            "#[cfg(test)]\nmod tests {\n    static mut N: u8 = 0;\n}",
            "// static mut N: u8 = 0;",
        ] {
            assert_eq!(first(&source(text)), None, "{text}");
        }
    }

    #[test]
    fn what_is_asked_of_an_arc() {
        let counts = |text: &str| {
            let counts = needs(&source(text)).counts?;
            Some((counts.item, counts.asks))
        };
        let asks = |item: &str| Some((item.to_string(), true));
        let shares = |item: &str| Some((item.to_string(), false));
        assert_eq!(
            counts("f(Arc::strong_count(&a));"),
            asks("Arc::strong_count")
        );
        assert_eq!(
            counts("use Arc; if let Some(a) = weak.upgrade() {}"),
            asks("upgrade")
        );
        let sender = "struct A { tx: Arc<Mutex<mpsc::Sender<Job>>> }";
        assert_eq!(counts(sender), shares("Arc Sender"));
        let value = "let (mut tx, rx) = mpsc::channel(); let tx = Arc::new(Mutex::new(tx));";
        assert_eq!(counts(value), shares("Arc tx"));
        let own = "struct A(B); struct B; impl Drop for B {} fn f(a: Arc<A>) {}";
        assert_eq!(counts(own), shares("Arc A"));
        for text in [
            "let a: Arc<Mutex<Receiver<Job>>> = Arc::clone(&b);",
            "let (tx, rx) = channel(); let rx = Arc::new(Mutex::new(rx)); tx.send(1);",
            "Rc::strong_count(&a); let b: Arc<i32> = c; d: Sender<()>",
            "impl Drop for Pool {} struct Pool { all: Arc<Mutex<i32>> }",
        ] {
            assert_eq!(counts(text), None, "{text}");
        }
        assert!(needs(&source("use core::{sync::atomic};")).core);
        assert!(!needs(&source("let cores = 1;")).core);
    }
}
