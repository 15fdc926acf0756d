//! Finds the thread pool of a crate by what it offers: a type with a function
//! that takes a number of workers and gives the type, and a method that takes a
//! closure. Only the sources are read; whether it is so, the compiler tells.

use super::tokens::{self, Tree};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::fs;
use std::path::{Path, PathBuf};

/// How a pool is made and given a job.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pool {
    /// The type as it is named from the crate's root: `thread_pool::ThreadPool`.
    pub path: String,
    /// The function that makes one: `new`.
    pub make: String,
    /// The type of the number of workers.
    pub size: Size,
    /// What `make` gives.
    pub gives: Gives,
    /// The method that takes a job: `execute`.
    pub give: String,
    /// Whether that method takes the closure in a box.
    pub boxed: bool,
}

/// The type of the number of workers.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Size {
    /// An integer.
    Integer(String),
    /// A `NonZero…` of this integer.
    NonZero(String),
}

/// What the function that makes a pool gives.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Gives {
    /// The pool.
    Pool,
    /// A `Result` with the pool.
    Result,
    /// An `Option` with the pool.
    Option,
}

impl Pool {
    /// The expression that makes a pool; `workers` is a `usize` there.
    ///
    /// Making one that is refused panics.
    pub fn making(&self) -> String {
        let number = |integer: &str| match integer {
            "usize" => "workers".to_string(),
            integer => format!("{integer}::try_from(workers).unwrap()"),
        };
        let size = match &self.size {
            Size::Integer(integer) => number(integer),
            Size::NonZero(integer) => format!(
                "::std::num::NonZero::<{integer}>::new({}).expect(\"a pool of size zero\")",
                number(integer)
            ),
        };
        let made = format!("crate::{}::{}({size})", self.path, self.make);
        match self.gives {
            Gives::Pool => made,
            Gives::Result => format!(
                "match {made} {{ Ok(pool) => pool, Err(_) => panic!(\"the pool is refused\") }}"
            ),
            Gives::Option => format!(
                "match {made} {{ Some(pool) => pool, None => panic!(\"the pool is refused\") }}"
            ),
        }
    }

    /// The statement that gives `pool` the closure `job`.
    pub fn giving(&self) -> String {
        let job = if self.boxed { "Box::new(job)" } else { "job" };
        format!("let _ = pool.{}({job});", self.give)
    }

    /// Whether it is called as the chapter's own: `ThreadPool::new(usize)` and `execute`.
    pub fn is_the_chapters(&self) -> bool {
        self.path == "ThreadPool"
            && self.make == "new"
            && self.size == Size::Integer("usize".to_string())
            && self.gives == Gives::Pool
            && self.give == "execute"
    }
}

/// What was taken for what: `thread_pool::ThreadPool::build(u8)` and `spawn`.
impl fmt::Display for Pool {
    fn fmt(&self, f: &mut fmt::Formatter) -> fmt::Result {
        let size = match &self.size {
            Size::Integer(integer) => integer.clone(),
            Size::NonZero(integer) => format!("NonZero<{integer}>"),
        };
        let Pool {
            path, make, give, ..
        } = self;
        write!(f, "`{path}::{make}({size})` and `{give}`")
    }
}

/// All pools in the crate with this root file, or those of this name; of each type the one most
/// likely way to make it and to give it a job, or this way.
pub fn all(root: &Path, pool: Option<&str>, give: Option<&str>) -> Vec<Pool> {
    let mut found = Search {
        wanted: give.map(str::to_string),
        ..Search::default()
    };
    let folder = root.parent().unwrap_or(Path::new(""));
    found.file(root, folder, "");
    let mut pools = found.pools();
    if let Some(name) = pool {
        let name = name.strip_prefix("crate::").unwrap_or(name);
        pools.retain(|pool| pool.path == name || pool.path.ends_with(&format!("::{name}")));
    }
    pools
}

/// The names that are tried first, where a type offers several.
const MAKE: [&str; 4] = ["new", "build", "with_capacity", "with_size"];
const GIVE: [&str; 7] = [
    "execute", "spawn", "run", "submit", "exec", "queue", "schedule",
];

#[derive(Default)]
struct Search {
    /// The name of the method that gives a job, if only that one is looked for.
    wanted: Option<String>,
    /// The files that were read, so that none is read twice.
    files: BTreeSet<PathBuf>,
    types: BTreeMap<String, Offer>,
    /// Names for a box with a closure in it, such as `Job`.
    boxes: BTreeSet<String>,
    /// By module: the functions of `impl` blocks, read once all names are known.
    blocks: Vec<(String, String, Vec<Tree>)>,
}

#[derive(Default)]
struct Offer {
    make: Vec<(String, Size, Gives)>,
    give: Vec<(String, bool)>,
}

impl Search {
    /// Reads the module in a file; `inside` is the folder of the modules that it declares.
    fn file(&mut self, path: &Path, inside: &Path, module: &str) {
        let Ok(text) = fs::read_to_string(path) else {
            return;
        };
        // What a feature switches off isn't there.
        if !text.contains("#![cfg(feature") && self.files.insert(path.to_path_buf()) {
            self.items(&tokens::read(&text), inside, module);
        }
    }

    fn items(&mut self, trees: &[Tree], inside: &Path, module: &str) {
        let mut at = 0;
        let mut attributes = Vec::new();
        while at < trees.len() {
            let rest = &trees[at..];
            at += 1;
            match rest {
                [hash, Tree::Group('[', attribute), ..] if hash.marks('#') => {
                    attributes.push(attribute);
                    at += 1;
                }
                [word, Tree::Word(name), then, ..] if word.is("mod") => {
                    at += 2;
                    if !for_tests(&attributes) {
                        let inner = join(module, name);
                        match then {
                            Tree::Group('{', body) => self.items(body, &inside.join(name), &inner),
                            _ => self.module(name, &attributes, inside, &inner),
                        }
                    }
                    attributes.clear();
                }
                [word, Tree::Word(name), ..] if word.is("type") => {
                    let end = rest.iter().position(|tree| tree.marks(';'));
                    if is_box(&rest[..end.unwrap_or(rest.len())]) {
                        self.boxes.insert(name.clone());
                    }
                }
                [word, ..] if word.is("impl") => {
                    if let Some(length) = rest.iter().position(|t| t.group('{').is_some()) {
                        if let (Some(name), false) =
                            (inherent(&rest[1..length]), for_tests(&attributes))
                        {
                            let body = rest[length].group('{').unwrap_or_default().to_vec();
                            self.blocks.push((module.to_string(), name, body));
                        }
                        at += length;
                    }
                    attributes.clear();
                }
                [Tree::Group('{', _), ..] => attributes.clear(),
                [mark, ..] if mark.marks(';') => attributes.clear(),
                _ => {}
            }
        }
    }

    /// Reads the module that `mod name;` declares.
    fn module(&mut self, name: &str, attributes: &[&Vec<Tree>], inside: &Path, module: &str) {
        let elsewhere = attributes
            .iter()
            .find_map(|attribute| match attribute.as_slice() {
                [word, equals, Tree::Literal(path)] if word.is("path") && equals.marks('=') => {
                    Some(inside.join(path))
                }
                _ => None,
            });
        let beside = inside.join(format!("{name}.rs"));
        let within = inside.join(name);
        match elsewhere {
            Some(path) => {
                let folder = path.parent().unwrap_or(inside).to_path_buf();
                self.file(&path, &folder, module);
            }
            None if beside.is_file() => self.file(&beside, &within, module),
            None => self.file(&within.join("mod.rs"), &within, module),
        }
    }

    fn pools(mut self) -> Vec<Pool> {
        for (module, name, body) in std::mem::take(&mut self.blocks) {
            let path = join(&module, &name);
            for function in functions(&body) {
                let make = function.make(&name);
                let give = function.give(&self.boxes);
                // What is private can be called from its own module only.
                if !(function.public || module.is_empty()) {
                    continue;
                }
                let offer = self.types.entry(path.clone()).or_default();
                offer
                    .make
                    .extend(make.map(|(size, gives)| (function.name.clone(), size, gives)));
                let wanted = self.wanted.as_ref();
                let give = give.filter(|_| wanted.is_none_or(|name| *name == function.name));
                offer
                    .give
                    .extend(give.map(|boxed| (function.name.clone(), boxed)));
            }
        }
        let pool = |(path, offer): (String, Offer)| {
            let rank = |names: &[&str], name: &str| {
                let known = names.iter().position(|known| *known == name);
                known.unwrap_or(names.len())
            };
            let make = offer.make.iter().min_by_key(|make| rank(&MAKE, &make.0))?;
            let give = offer.give.iter().min_by_key(|give| rank(&GIVE, &give.0))?;
            Some(Pool {
                path,
                make: make.0.clone(),
                size: make.1.clone(),
                gives: make.2,
                give: give.0.clone(),
                boxed: give.1,
            })
        };
        self.types.into_iter().filter_map(pool).collect()
    }
}

fn join(module: &str, name: &str) -> String {
    match module {
        "" => name.to_string(),
        module => format!("{module}::{name}"),
    }
}

fn for_tests(attributes: &[&Vec<Tree>]) -> bool {
    attributes
        .iter()
        .any(|attribute| match attribute.as_slice() {
            [word, Tree::Group('(', inner)] if word.is("cfg") => {
                matches!(inner.as_slice(), [only] if only.is("test"))
            }
            _ => false,
        })
}

/// The type of `impl<…> Type<…>`, given what stands between `impl` and the
/// body; none for a trait's.
fn inherent(head: &[Tree]) -> Option<String> {
    let mut words = depths(head)
        .filter(|(depth, tree)| *depth == 0 && !tree.marks('>'))
        .map(|(_, tree)| tree);
    let name = words.next()?.word()?.to_string();
    match words.next() {
        None => Some(name),
        Some(tree) if tree.is("where") => Some(name),
        Some(_) => None,
    }
}

/// Whether the trees are `Box<dyn Fn…`.
fn is_box(trees: &[Tree]) -> bool {
    trees.windows(4).any(|four| {
        four[0].is("Box") && four[1].marks('<') && four[2].is("dyn") && is_closure(&four[3])
    })
}

fn is_closure(tree: &Tree) -> bool {
    ["FnOnce", "FnMut", "Fn"].iter().any(|name| tree.is(name))
}

/// A function's declaration.
struct Function {
    name: String,
    public: bool,
    generics: Vec<Tree>,
    parameters: Vec<Vec<Tree>>,
    gives: Vec<Tree>,
    bounds: Vec<Tree>,
}

fn functions(body: &[Tree]) -> Vec<Function> {
    let mut functions = Vec::new();
    let mut from = 0;
    for at in 0..body.len() {
        let [word, Tree::Word(name), rest @ ..] = &body[at..] else {
            continue;
        };
        if !word.is("fn") {
            continue;
        }
        let Some(open) = parameters(rest) else {
            continue;
        };
        let end = rest.iter().position(|tree| tree.group('{').is_some());
        let after = &rest[open + 1..end.unwrap_or(rest.len()).max(open + 1)];
        let split = after.iter().position(|tree| tree.is("where"));
        let (gives, bounds) = after.split_at(split.unwrap_or(after.len()));
        functions.push(Function {
            name: name.clone(),
            public: body[from..at].iter().any(|tree| tree.is("pub")),
            generics: rest[..open].to_vec(),
            parameters: separate(rest[open].group('(').unwrap_or_default()),
            gives: gives.to_vec(),
            bounds: bounds.to_vec(),
        });
        from = at + 2 + end.unwrap_or(0);
    }
    functions
}

/// Each tree, with the number of angle brackets that it stands in; that of an arrow is none.
fn depths(trees: &[Tree]) -> impl Iterator<Item = (usize, &Tree)> {
    let mut depth: usize = 0;
    trees.iter().enumerate().map(move |(at, tree)| {
        let arrow = at > 0 && trees[at - 1].marks('-');
        match tree {
            Tree::Mark('<') => depth += 1,
            Tree::Mark('>') if !arrow => depth = depth.saturating_sub(1),
            _ => {}
        }
        (depth, tree)
    })
}

/// Where the parameters of a function stand, after its name and its generics.
fn parameters(trees: &[Tree]) -> Option<usize> {
    depths(trees).position(|(depth, tree)| depth == 0 && tree.group('(').is_some())
}

/// The parts between commas that stand in no angle brackets.
fn separate(trees: &[Tree]) -> Vec<Vec<Tree>> {
    let mut parts = vec![Vec::new()];
    for (depth, tree) in depths(trees) {
        match tree {
            Tree::Mark(',') if depth == 0 => parts.push(Vec::new()),
            tree => parts.last_mut().expect("there is one").push(tree.clone()),
        }
    }
    parts.retain(|part| !part.is_empty());
    parts
}

impl Function {
    /// The size that it takes and what it gives, if it makes a pool of the type `name`.
    fn make(&self, name: &str) -> Option<(Size, Gives)> {
        let [parameter] = self.parameters.as_slice() else {
            return None;
        };
        let colon = parameter.iter().position(|tree| tree.marks(':'))?;
        let size = size(&parameter[colon + 1..])?;
        let words: Vec<&str> = self.gives.iter().filter_map(Tree::word).collect();
        let own = |word: &&str| *word == "Self" || *word == name;
        let at = words.iter().position(own)?;
        let gives = match words[..at].last() {
            None => Gives::Pool,
            Some(&"Result") => Gives::Result,
            Some(&"Option") => Gives::Option,
            Some(_) => return None,
        };
        Some((size, gives))
    }

    /// Whether it takes a boxed closure, if it takes a job.
    fn give(&self, boxes: &BTreeSet<String>) -> Option<bool> {
        let [receiver, parameter] = self.parameters.as_slice() else {
            return None;
        };
        let itself = receiver.iter().all(|tree| {
            tree.marks('&')
                || tree.is("mut")
                || tree.is("self")
                || matches!(tree, Tree::Lifetime(_))
        });
        if !itself || !receiver.iter().any(|tree| tree.marks('&')) {
            return None;
        }
        let colon = parameter.iter().position(|tree| tree.marks(':'))?;
        let kind = &parameter[colon + 1..];
        match kind {
            [word, rest @ ..] if word.is("impl") => rest.iter().any(is_closure).then_some(false),
            kind if is_box(kind) => Some(true),
            [Tree::Word(name)] if boxes.contains(name) => Some(true),
            [Tree::Word(name)] => self.bound(name).then_some(false),
            _ => None,
        }
    }

    /// Whether the parameter of type `name` is a closure that takes nothing.
    fn bound(&self, name: &str) -> bool {
        let inner = match self.generics.as_slice() {
            [open, inner @ .., close] if open.marks('<') && close.marks('>') => inner,
            _ => &[],
        };
        let bounds = self.bounds.split_first().map_or(&[][..], |(_, rest)| rest);
        let parts = separate(inner).into_iter().chain(separate(bounds));
        parts
            .filter(|part| part.first().is_some_and(|tree| tree.is(name)))
            .any(|part| {
                part.windows(2).any(|two| {
                    is_closure(&two[0]) && two[1].group('(').is_some_and(<[Tree]>::is_empty)
                })
            })
    }
}

fn size(kind: &[Tree]) -> Option<Size> {
    const INTEGERS: [&str; 12] = [
        "usize", "u8", "u16", "u32", "u64", "u128", "isize", "i8", "i16", "i32", "i64", "i128",
    ];
    let integer = |word: &str| INTEGERS.contains(&word);
    let words: Vec<&str> = kind.iter().filter_map(Tree::word).collect();
    match words.as_slice() {
        [word] if kind.len() == 1 && integer(word) => Some(Size::Integer(word.to_string())),
        [.., "NonZero", word] if integer(word) => Some(Size::NonZero(word.to_string())),
        [.., word] => {
            let word = word.strip_prefix("NonZero")?.to_lowercase();
            integer(&word).then_some(Size::NonZero(word))
        }
        [] => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(source: &str) -> Vec<String> {
        let mut search = Search::default();
        search.items(&tokens::read(source), Path::new(""), "");
        search.pools().iter().map(Pool::to_string).collect()
    }

    #[test]
    fn the_chapters_pool() {
        let source = "impl ThreadPool {
            /// Creates.
            pub fn new(size: usize) -> ThreadPool { loop {} }
            pub fn execute<F>(&self, f: F) where F: FnOnce() + Send + 'static, { }
        }
        impl Drop for ThreadPool { fn drop(&mut self) {} }
        impl Worker { fn new(id: usize, receiver: Arc<Mutex<Receiver<Job>>>) -> Worker { loop {} } }";
        assert_eq!(found(source), ["`ThreadPool::new(usize)` and `execute`"]);
    }

    #[test]
    fn other_shapes() {
        let cases = [
            (
                "impl Pool { pub fn build(n: u8) -> Result<Self, Bad> {} \
                 pub fn run(&mut self, f: impl FnOnce() + Send + 'static) -> bool {} }",
                "`Pool::build(u8)` and `run`",
            ),
            (
                "type Job = Box<dyn FnOnce() + Send>; \
                 impl Pool { pub fn with(n: NonZeroUsize) -> Option<Pool> {} \
                 pub fn submit(&self, job: Job) {} }",
                "`Pool::with(NonZero<usize>)` and `submit`",
            ),
            (
                "mod a { pub mod b { impl P { pub fn new(n: std::num::NonZero<u16>) -> io::Result<P> {} \
                 pub fn go<T, F: FnOnce() -> T + Send>(&self, job: F) -> Option<T> {} } } }",
                "`a::b::P::new(NonZero<u16>)` and `go`",
            ),
            (
                "impl<Q: Queue> Drop for P<Q> { fn drop(&mut self) {} } \
                 impl P { pub fn new(n: usize) -> Self {} } \
                 impl<Q: Queue> P<Q> where Q: Send { pub fn execute<F>(&self, f: F) \
                 where F: FnOnce() + Send + 'static, {} }",
                "`P::new(usize)` and `execute`",
            ),
            (
                "impl P { pub fn default_size() -> P {} pub fn build(n: usize) -> P {} \
                 pub fn new(n: usize) -> P {} pub fn on_exit(&self, f: Box<dyn Fn() + Send>) {} \
                 pub fn execute(&self, f: Box<dyn FnOnce() + Send + 'static>) {} }",
                "`P::new(usize)` and `execute`",
            ),
        ];
        for (source, pool) in cases {
            assert_eq!(found(source), [pool], "{source}");
        }
    }

    #[test]
    fn what_is_no_pool() {
        for source in [
            "impl Worker { pub fn new(id: usize) -> Worker {} }",
            "impl P { pub fn new(n: usize) -> P {} pub fn map<F: Fn(u8)>(&self, f: F) {} }",
            "impl P { pub fn new(n: usize, m: usize) -> P {} pub fn run(&self, f: impl FnOnce()) {} }",
            "impl P { pub fn new(n: usize) -> P {} pub fn run(self, f: impl FnOnce()) {} }",
            "mod a { impl P { fn new(n: usize) -> P {} pub fn run(&self, f: impl FnOnce()) {} } }",
            "#[cfg(test)] mod tests { impl P { pub fn new(n: usize) -> P {} \
             pub fn run(&self, f: impl FnOnce()) {} } }",
        ] {
            assert_eq!(found(source), [""; 0], "{source}");
        }
    }

    #[test]
    fn how_it_is_called() {
        let pool = Pool {
            path: "a::Pool".to_string(),
            make: "build".to_string(),
            size: Size::NonZero("u8".to_string()),
            gives: Gives::Option,
            give: "run".to_string(),
            boxed: true,
        };
        assert_eq!(
            pool.making(),
            "match crate::a::Pool::build(::std::num::NonZero::<u8>::new(\
             u8::try_from(workers).unwrap()).expect(\"a pool of size zero\")) \
             { Some(pool) => pool, None => panic!(\"the pool is refused\") }"
        );
        assert_eq!(pool.giving(), "let _ = pool.run(Box::new(job));");
    }
}
