//! The packages that are generated for a crate: copies of its library and of its program, in which
//! the explorer takes the place of `std`, and the program that hands both to the driver.

use super::called::Called;
use super::manifest::{Crate, Host, Part};
use super::scenario::{self, Parts};
use super::workspace::Workspace;
use super::{facades, files};
use std::fmt::Write as _;
use std::io;
use std::path::Path;

/// How the generated workspace is built: as the caller was. The explored code checks in both what
/// a debug build checks.
const PROFILES: &str = "\
[profile.dev]
debug = false
incremental = false

[profile.release]
debug-assertions = true
overflow-checks = true
";

/// What a debug build has besides if the explorer is optimised.
const OPTIMISED: &str = "
[profile.dev.package.interleave]
opt-level = 1
";

impl Workspace {
    /// Writes the packages, in which this crate takes the place of `std`.
    pub fn write(&self, parts: Parts) -> io::Result<()> {
        let mut members = String::new();
        let mut profiles = PROFILES.to_string();
        if self.options.optimised {
            profiles += OPTIMISED;
        }
        for found in &self.crates {
            members += &self.write_crate(found, parts)?;
            for (part, package) in [(&found.lib, "library"), (&found.main, "program")] {
                if let Some(part) = part {
                    profiles += &checks(&format!("{}-{package}", self.package(found)), part);
                }
            }
        }
        let text = format!("[workspace]\nresolver = \"2\"\nmembers = [\n{members}]\n\n{profiles}");
        files::write(&self.folder.join("Cargo.toml"), text.as_bytes())
    }

    /// Writes a crate's packages; gives their lines in the list of members.
    fn write_crate(&self, found: &Crate, parts: Parts) -> io::Result<String> {
        let id = found.id();
        let package = self.package(found);
        let folder = self.folder.join(&id);
        let host = parts.host(found);
        let inside = |part: &Part| {
            let root = &part.target.root;
            root.strip_prefix(&found.folder)
                .unwrap_or(root)
                .to_path_buf()
        };
        let lib = found.lib.as_ref();
        let main = found.main.as_ref().filter(|_| parts.compiles_main(found));
        let (lib_root, main_root) = (lib.map(inside), main.map(inside));

        files::copy(&found.folder, &folder.join("copy"), &|file, mut content| {
            let is_main = main_root.as_deref() == Some(file);
            let is_lib = lib_root.as_deref() == Some(file);
            if is_main {
                content.extend_from_slice(scenario::entry(&content).as_bytes());
            }
            if is_main && host == Some(Host::Program) || is_lib && host == Some(Host::Library) {
                content.extend_from_slice(scenario::pool_module(file).as_bytes());
            }
            content
        })?;
        if host.is_some() {
            let text = scenario::pool(found);
            files::write(&folder.join(scenario::POOL_FILE), text.as_bytes())?;
        }

        let here = Path::new(env!("CARGO_MANIFEST_DIR")).with_file_name("interleave");
        let here = text_in_toml(&here.to_string_lossy());
        let explorer =
            |name: &str| format!("{name} = {{ package = \"interleave\", path = {here} }}\n");
        let mut members = String::new();
        let mut facade = |name: &str, own: &str, source: &str| -> io::Result<String> {
            let package = format!("{package}-{name}");
            let text = format!(
                "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2024\"\n\n\
                 [lib]\npath = \"lib.rs\"\ntest = false\ndoctest = false\n\n\
                 [dependencies]\n{}",
                explorer(own)
            );
            files::write(&folder.join(name).join("Cargo.toml"), text.as_bytes())?;
            files::write(&folder.join(name).join("lib.rs"), source.as_bytes())?;
            let _ = writeln!(members, "  \"{id}/{name}\",");
            Ok(format!(
                "{name} = {{ package = \"{package}\", path = \"../{name}\" }}\n"
            ))
        };
        let mut std = "[dependencies]\n".to_string();
        std += &match found.needs.counts {
            Some(_) => facade("std", "interleave", facades::COUNTING_STD)?,
            None => explorer("std"),
        };
        if found.needs.core {
            std += &facade("core", "std", facades::CORE)?;
        }
        for (name, source) in &found.stood_in_for {
            std += &facade(name, "std", source)?;
        }
        let lints = match self.options.allow_unsafe {
            true => "",
            false => "\n[lints.rust]\nunsafe_code = \"forbid\"\n",
        };
        let (mut all, mut for_main) = (std.clone(), std.clone());
        for (part, root, name) in [(lib, lib_root, "library"), (main, main_root, "program")] {
            let (Some(part), Some(root)) = (part, root) else {
                continue;
            };
            let own = folder.join(name);
            let package = format!("{package}-{name}");
            let script = script(&part.called, &folder.join("copy"));
            let text = self.head(found, &package, part, script.is_some())
                + &format!(
                    "[lib]\nname = {:?}\npath = {}\ntest = false\ndoctest = false\n\n",
                    part.target.crate_name(),
                    text_in_toml(&Path::new("../copy").join(&root).to_string_lossy())
                )
                + if name == "library" { &std } else { &for_main }
                + lints;
            files::write(&own.join("Cargo.toml"), text.as_bytes())?;
            if let Some(script) = script {
                files::write(&own.join("build.rs"), script.as_bytes())?;
            }
            let _ = writeln!(members, "  \"{id}/{name}\",");
            let _ = writeln!(
                all,
                "the_{name} = {{ package = {package:?}, path = \"../{name}\" }}"
            );
            let _ = writeln!(for_main, "{package} = {{ path = \"../{name}\" }}");
        }
        let text = format!(
            "[package]\nname = \"{package}\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\
             autobins = false\n\n[[bin]]\nname = \"{package}\"\npath = \"scenario.rs\"\n\
             test = false\n\n{all}"
        );
        files::write(&folder.join("scenario/Cargo.toml"), text.as_bytes())?;
        let source = scenario::program(found, parts);
        files::write(&folder.join("scenario/scenario.rs"), source.as_bytes())?;
        let _ = writeln!(members, "  \"{id}/scenario\",");
        Ok(members)
    }

    /// The beginning of a package's `Cargo.toml`.
    fn head(&self, found: &Crate, name: &str, part: &Part, script: bool) -> String {
        // Cargo builds anew what was saved since the last time. A crate that was unpacked, or
        // put in the place of another, may hold something else and be older. The compiler is
        // told the names of all features, so with another name Cargo calls it again.
        let content = (format!("content-{}", found.content), Vec::new());
        let features = found
            .features
            .iter()
            .chain([&content])
            .map(|(feature, on)| {
                // Another crate's features can't be turned on, for it is left out.
                let known = |one: &&String| found.features.iter().any(|(own, _)| own == *one);
                let on: Vec<&String> = on.iter().filter(known).collect();
                format!("{} = {on:?}\n", text_in_toml(feature))
            });
        format!(
            "[package]\nname = \"{name}\"\nversion = \"{}\"\nedition = \"{}\"\n\
             autobins = false\nautoexamples = false\nautotests = false\n\
             autobenches = false\nbuild = {}\n\n[features]\n{}\n",
            found.version,
            part.target.edition,
            if script { "\"build.rs\"" } else { "false" },
            features.collect::<String>()
        )
    }
}

/// The lines of a profile for a package that is compiled with other checks than usual.
fn checks(package: &str, part: &Part) -> String {
    let debug_assertions = part.called.debug_assertions.unwrap_or(true);
    let overflow_checks = part.called.overflow_checks.unwrap_or(debug_assertions);
    if debug_assertions && overflow_checks {
        return String::new();
    }
    ["dev", "release"]
        .map(|profile| {
            format!(
                "\n[profile.{profile}.package.{package}]\n\
                 debug-assertions = {debug_assertions}\noverflow-checks = {overflow_checks}\n"
            )
        })
        .concat()
}

/// A build script that has a crate compiled as Cargo has it compiled, but in the folder of its
/// copy. None where there is nothing to say.
fn script(called: &Called, copy: &Path) -> Option<String> {
    let mut lines = vec!["rerun-if-changed=build.rs".to_string()];
    lines.extend(called.cfgs.iter().map(|cfg| format!("rustc-cfg={cfg}")));
    for (name, value) in &called.variables {
        let value = match name.as_str() {
            "CARGO_MANIFEST_DIR" => copy.to_string_lossy(),
            _ => value.into(),
        };
        lines.push(format!("rustc-env={name}={value}"));
    }
    if lines.len() == 1 {
        return None;
    }
    let prints: String = lines
        .iter()
        .map(|line| format!("    println!(\"cargo:{{}}\", {line:?});\n"))
        .collect();
    Some(format!("fn main() {{\n{prints}}}\n"))
}

/// A text as a value in a `Cargo.toml`.
fn text_in_toml(text: &str) -> String {
    let escaped = |char: char| match char {
        '"' | '\\' => format!("\\{char}"),
        char if char.is_control() => format!("\\u{:04x}", u32::from(char)),
        char => char.to_string(),
    };
    format!("\"{}\"", text.chars().map(escaped).collect::<String>())
}
