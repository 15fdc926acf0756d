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
    /// Where it asks an `Arc` how many there are, so that each clone and drop has to be a step.
    pub counts: Option<(String, String)>,
}

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

/// The first thing in these sources that can't be followed.
pub fn first(sources: &[(PathBuf, String)]) -> Option<Escape> {
    let files: Vec<Vec<Tree>> = sources.iter().map(|(_, text)| tokens::read(text)).collect();
    let mut cells: BTreeSet<String> = CELLS.map(str::to_string).into();
    loop {
        let before = cells.len();
        for trees in &files {
            each_group(trees, &mut |trees| holders(trees, &mut cells));
        }
        if cells.len() == before {
            break;
        }
    }
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
    for (path, text) in sources {
        let trees = tokens::read(text);
        each_group(&trees, &mut |trees| {
            needs.core |= trees.iter().any(|tree| tree.is("core"));
            let asks = trees.windows(4).find_map(asks_arc);
            if let Some(item) = asks.or_else(|| shares_sender(trees)) {
                let place = format!("{}:{}", path.display(), line(text, &item));
                needs.counts.get_or_insert((item, place));
            }
        });
    }
    needs
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

/// A `Weak`, or an `Arc` with a sender in it, whose last drop closes the channel.
fn shares_sender(trees: &[Tree]) -> Option<String> {
    let arc = trees
        .windows(2)
        .position(|next| next[0].is("Arc") && next[1].marks('<'));
    let inside = arc.map_or(&[][..], |at| &trees[at + 2..]);
    let mut depth = 1;
    for tree in inside {
        match tree {
            Tree::Mark('<') => depth += 1,
            Tree::Mark('>') => depth -= 1,
            Tree::Word(word) if word == "Sender" || word == "SyncSender" => {
                return Some(format!("Arc<{word}>"));
            }
            _ => {}
        }
        if depth == 0 {
            break;
        }
    }
    let called = trees
        .windows(2)
        .any(|next| next[0].marks('.') && next[1].is("upgrade"));
    called.then(|| "upgrade".to_string())
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
        if names(declared, cells) {
            cells.insert(name.to_string());
        }
    }
}

/// Whether one of some words is among these trees, at any depth.
fn names(trees: &[Tree], words: &BTreeSet<String>) -> bool {
    trees.iter().any(|tree| match tree {
        Tree::Word(word) => words.contains(word),
        Tree::Group(_, inner) => names(inner, words),
        _ => false,
    })
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
        if !fresh && names(kind, cells) {
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
        let counts = |text: &str| needs(&source(text)).counts.map(|(item, _)| item);
        assert_eq!(
            counts("f(Arc::strong_count(&a));").as_deref(),
            Some("Arc::strong_count")
        );
        assert_eq!(
            counts("if let Some(a) = weak.upgrade() {}").as_deref(),
            Some("upgrade")
        );
        let sender = "struct A { tx: Arc<Mutex<mpsc::Sender<Job>>> }";
        assert_eq!(counts(sender).as_deref(), Some("Arc<Sender>"));
        assert_eq!(
            counts("let a: Arc<Mutex<Receiver<Job>>> = Arc::clone(&b);"),
            None
        );
        assert_eq!(
            counts("Rc::strong_count(&a); let b: Arc<i32> = c; d: Sender<()>"),
            None
        );
        assert!(needs(&source("use core::{sync::atomic};")).core);
        assert!(!needs(&source("let cores = 1;")).core);
    }
}
