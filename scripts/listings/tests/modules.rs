//! The modules of each crate under `scripts/` import each other in one
//! direction: there is no circle among them.

use std::collections::{BTreeMap, BTreeSet};
use std::fs;
use std::path::{Path, PathBuf};

/// A module by its path inside the crate; the crate itself is empty.
type Module = Vec<String>;

/// Which modules each module names.
type Imports = BTreeMap<Module, BTreeSet<Module>>;

#[test]
fn no_circle_of_modules() {
    let scripts = Path::new(env!("CARGO_MANIFEST_DIR")).join("..");
    let mut crates = 0;
    for entry in fs::read_dir(&scripts).expect("the folder of the scripts") {
        let folder = entry.expect("a folder").path();
        let source = folder.join("src");
        if !source.is_dir() {
            continue;
        }
        crates += 1;
        let circle = circle(&imports(&source));
        assert!(
            circle.is_empty(),
            "modules of {} that import each other in a circle: {}",
            folder.display(),
            circle.join(" -> ")
        );
    }
    assert!(crates > 3, "only {crates} crates were found");
}

#[test]
fn a_circle_is_found_and_named() {
    let module = |name: &str| vec![name.to_string()];
    let mut imports = Imports::new();
    for (from, to) in [("a", "b"), ("b", "c"), ("c", "b"), ("d", "a")] {
        imports.entry(module(from)).or_default().insert(module(to));
    }
    assert_eq!(circle(&imports), ["b", "c", "b"]);
    imports.remove(&module("c"));
    assert_eq!(circle(&imports), Vec::<String>::new());
}

#[test]
fn every_way_to_name_a_module_counts() {
    let known = ["", "a", "a::b", "a::c", "d", "e"].map(|path| {
        let parts = path.split("::").filter(|part| !part.is_empty());
        parts.map(str::to_string).collect::<Module>()
    });
    let known: BTreeSet<Module> = known.into();
    let named = |text: &str| -> Vec<String> {
        let me = vec!["a".to_string()];
        names(text, &me, &known)
            .iter()
            .map(|m| m.join("::"))
            .collect()
    };
    assert_eq!(named("use crate::d::Thing;"), ["d"]);
    assert_eq!(named("use crate::{d, e::Thing};"), ["d", "e"]);
    assert_eq!(named("use crate::a::{b::{X, Y}, c};"), ["a::b", "a::c"]);
    assert_eq!(named("use super::d;"), ["d"]);
    assert_eq!(named("mod b;\npub use b::Thing;"), ["a::b"]);
    assert_eq!(named("fn f() { crate::d::f() }"), ["d"]);
    assert_eq!(
        named("mod b; mod c;\n// crate::d\nuse std::d::X;"),
        Vec::<String>::new()
    );
}

/// Reads which modules of the crate in `source` name which.
fn imports(source: &Path) -> Imports {
    let mut files = BTreeMap::new();
    collect(source, &mut Vec::new(), &mut files);
    let known: BTreeSet<Module> = files.keys().cloned().collect();
    let of = |(module, file): (&Module, &PathBuf)| {
        let text = fs::read_to_string(file).expect("a source file");
        (module.clone(), names(&text, module, &known))
    };
    files.iter().map(of).collect()
}

fn collect(folder: &Path, path: &mut Module, files: &mut BTreeMap<Module, PathBuf>) {
    for entry in fs::read_dir(folder).expect("a folder of sources") {
        let file = entry.expect("a source file").path();
        let name = file
            .file_stem()
            .and_then(|name| name.to_str())
            .unwrap_or_default();
        if file.is_dir() {
            path.push(name.to_string());
            collect(&file, path, files);
            path.pop();
        } else if file.extension().is_some_and(|extension| extension == "rs") {
            let mut module = path.clone();
            if !["lib", "main", "mod"].contains(&name) {
                module.push(name.to_string());
            }
            files.insert(module, file);
        }
    }
}

/// The modules that a module's text names, but for itself. What stands in a
/// comment, or in the unit tests at its end, doesn't count.
fn names(text: &str, module: &Module, known: &BTreeSet<Module>) -> BTreeSet<Module> {
    let code = text.split("\nmod tests {").next().unwrap_or_default();
    let code: Vec<&str> = code
        .lines()
        .map(|line| line.split("//").next().unwrap_or(""))
        .collect();
    let words = words(&code.join("\n"));
    let children: BTreeSet<&str> = words
        .windows(3)
        .filter(|three| three[0] == "mod" && three[2] == ";")
        .map(|three| three[1].as_str())
        .collect();
    let mut found = BTreeSet::new();
    for (at, word) in words.iter().enumerate() {
        let next = words.get(at + 1).is_some_and(|next| next == "::");
        if !next || (at > 0 && words[at - 1] == "::") {
            continue;
        }
        let base = match word.as_str() {
            "crate" | "$crate" => Vec::new(),
            "self" => module.clone(),
            "super" => module[..module.len().saturating_sub(1)].to_vec(),
            child if children.contains(child) => {
                let mut base = module.clone();
                base.push(child.to_string());
                base
            }
            _ => continue,
        };
        follow(&words, at + 2, base, &mut |path| {
            let mut path = path;
            while !known.contains(&path) {
                path.pop();
            }
            if path != *module {
                found.insert(path);
            }
        });
    }
    found
}

/// The text as names and signs; `::` is one.
fn words(text: &str) -> Vec<String> {
    let mut words: Vec<String> = Vec::new();
    let mut rest = text.chars().peekable();
    while let Some(sign) = rest.next() {
        let mut word = sign.to_string();
        if sign.is_alphanumeric() || sign == '_' || sign == '$' {
            while let Some(more) = rest.next_if(|c| c.is_alphanumeric() || *c == '_') {
                word.push(more);
            }
        } else if sign == ':' && rest.next_if_eq(&':').is_some() {
            word.push(':');
        } else if sign.is_whitespace() {
            continue;
        }
        words.push(word);
    }
    words
}

/// Goes through what stands after `base::`, with its braces, and gives each
/// whole path to `each`. Returns where it ends.
fn follow(words: &[String], at: usize, base: Module, each: &mut dyn FnMut(Module)) -> usize {
    let word = |at: usize| words.get(at).map_or("", String::as_str);
    if word(at) == "{" {
        let mut at = at + 1;
        while !["}", ""].contains(&word(at)) {
            at = match word(at) {
                "," => at + 1,
                _ => follow(words, at, base.clone(), each),
            };
        }
        return at + 1;
    }
    let mut path = base;
    match word(at) {
        "super" => drop(path.pop()),
        "self" => {}
        name => path.push(name.to_string()),
    }
    match word(at + 1) {
        "::" => follow(words, at + 2, path, each),
        "as" => {
            each(path);
            at + 3
        }
        _ => {
            each(path);
            at + 1
        }
    }
}

/// A circle, from one module back to it; empty if there is none.
fn circle(imports: &Imports) -> Vec<String> {
    let mut done = BTreeSet::new();
    let mut path = Vec::new();
    for module in imports.keys() {
        if let Some(start) = walk(module, imports, &mut path, &mut done) {
            let circle = path[start..].iter().chain([&path[start]]);
            return circle.map(|module| shown(module)).collect();
        }
    }
    Vec::new()
}

/// Follows the imports from a module. Gives where on the path a circle starts.
fn walk<'a>(
    module: &'a Module,
    imports: &'a Imports,
    path: &mut Vec<&'a Module>,
    done: &mut BTreeSet<&'a Module>,
) -> Option<usize> {
    if let Some(start) = path.iter().position(|known| *known == module) {
        return Some(start);
    }
    if !done.insert(module) {
        return None;
    }
    path.push(module);
    for next in imports.get(module).into_iter().flatten() {
        if let Some(start) = walk(next, imports, path, done) {
            return Some(start);
        }
    }
    path.pop();
    None
}

fn shown(module: &Module) -> String {
    match module.is_empty() {
        true => "the crate's root".to_string(),
        false => module.join("::"),
    }
}
