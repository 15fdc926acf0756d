//! The command `cargo listings`, run as a reader runs it.

use std::process::{Command, Output};

fn listings(words: &str) -> Output {
    let words = words.split(' ').filter(|word| !word.is_empty());
    Command::new(env!("CARGO_BIN_EXE_listings"))
        .args(words)
        .output()
        .expect("the command can be started")
}

fn shown(words: &str) -> String {
    let output = listings(words);
    let errors = String::from_utf8_lossy(&output.stderr);
    assert!(output.status.success(), "{words}: {errors}");
    String::from_utf8_lossy(&output.stdout).into_owned()
}

fn snapshot(name: &str, text: &str) {
    insta::with_settings!({ prepend_module_to_snapshot => false, omit_expression => true }, {
        insta::assert_snapshot!(name, text);
    });
}

/// It ends with this code and says one sentence on standard error.
fn refuses(words: &str, code: i32, sentence: &str) {
    let output = listings(words);
    assert_eq!(output.status.code(), Some(code), "{words}");
    assert!(output.stdout.is_empty(), "{words}");
    let said = String::from_utf8_lossy(&output.stderr);
    assert_eq!(said.trim_end(), format!("error: {sentence}"), "{words}");
}

#[test]
fn list_shows_every_listing() {
    let table = shown("");
    snapshot("list", &table);
    assert_eq!(table, shown("list"));
}

#[test]
fn help_shows_every_command_and_each_has_help_of_its_own() {
    let help = shown("help");
    assert_eq!(help, shown("--help"));
    snapshot("help", &help);
    for line in help.lines().filter(|line| line.starts_with("  ")) {
        let name = line.split_whitespace().next().expect("a name");
        let more = shown(&format!("help {name}"));
        assert_eq!(more, shown(&format!("{name} --help")));
        assert!(more.contains("\n  cargo listings"), "no example in: {more}");
    }
}

#[test]
fn diff_compares_with_the_listing_that_is_followed() {
    let diff = shown("diff 20-25");
    assert!(diff.contains("+            self.sender.send(Message::Terminate).unwrap();"));
    assert_eq!(diff, shown("diff 20.24 listing-20-25"));
    assert!(!diff.contains("\x1b["), "colours without a terminal");

    assert!(shown("diff 20-22 --stat").contains("1 file changed"));
    let words = shown("diff 20-26 --word");
    assert!(words.contains("{+listener.incoming().take(2)+}"), "{words}");
}

#[test]
fn diff_in_two_columns() {
    snapshot(
        "diff-side-by-side",
        &shown("diff 20-22 --side-by-side --width=140"),
    );
    let narrow = shown("diff 20-22 --side-by-side --width=60");
    assert!(
        narrow
            .lines()
            .skip(1)
            .all(|line| line.chars().count() <= 60),
        "{narrow}"
    );
}

#[test]
fn run_plays_the_clients_and_shows_the_log() {
    let seen = shown("run 20-26");
    for line in [
        "client 1 asks for /",
        "client 1 gets HTTP/1.1 200 OK",
        "client 2 gets HTTP/1.1 200 OK",
        "│ Listening on http://127.0.0.1:",
        "│ Shutting down worker 3",
    ] {
        assert!(seen.contains(line), "no `{line}` in:\n{seen}");
    }
    let seen = shown("run 2021-20-25 --clients /,/nowhere");
    assert!(
        seen.contains("client 2 gets HTTP/1.1 404 NOT FOUND"),
        "{seen}"
    );
}

#[test]
fn practise_makes_a_folder_and_loses_nothing() {
    let folder = std::env::temp_dir().join(format!("practise-{}", std::process::id()));
    let _ = std::fs::remove_dir_all(&folder);
    let path = folder.to_str().expect("a path in UTF-8");
    let made = shown(&format!("practise 20.25 --into {path}"));
    assert!(
        made.starts_with("# Tell them, then wait for them\n"),
        "{made}"
    );
    assert!(
        made.ends_with(&format!("cargo listings check {path}\n")),
        "{made}"
    );
    let main = std::fs::read_to_string(folder.join("src/main.rs")).expect("a program");
    assert!(
        main.starts_with("use practice_20_25::ThreadPool;\n"),
        "{main}"
    );

    std::fs::write(folder.join("src/lib.rs"), "// mine\n").expect("it can be written");
    refuses(
        &format!("practise 20-25 --into {path}"),
        1,
        &format!(
            "{path} is there already; go on in it, or add --again to lose what is in it and \
             start over"
        ),
    );
    let library = || std::fs::read_to_string(folder.join("src/lib.rs")).expect("a library");
    assert_eq!(library(), "// mine\n");
    shown(&format!("practise 20-25 --again --into {path}"));
    assert!(library().contains("Terminate"));
    std::fs::remove_dir_all(&folder).expect("it can be removed");
}

#[test]
fn wrong_words_get_one_sentence_and_code_2() {
    refuses(
        "dif 20-25",
        2,
        "there is no command `dif`; the nearest is `diff`, and `cargo listings help` shows all",
    );
    refuses(
        "diff 20-99",
        2,
        "there is no listing 20-99; the nearest are 20-19, 20-11, 20-12",
    );
    let more = |command| format!("; `cargo listings help {command}` shows an example");
    refuses(
        "diff",
        2,
        &format!("diff: it takes one listing or two{}", more("diff")),
    );
    refuses(
        "diff 20-11",
        2,
        &format!(
            "diff: listing-20-11 is the first and follows none: name two{}",
            more("diff")
        ),
    );
    refuses(
        "list --all",
        2,
        &format!("list: there is no option --all{}", more("list")),
    );
    refuses(
        "run 20-26 --clients many",
        2,
        &format!(
            "run: --clients takes a whole number from 0 to 100, and not `many`{}",
            more("run")
        ),
    );
    refuses(
        "run 20-17",
        1,
        "listing-20-17 does not compile, and that is its lesson: \
         `cargo run -p listing-20-17 --features does-not-compile` shows the error",
    );
}
