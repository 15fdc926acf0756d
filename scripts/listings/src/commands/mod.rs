//! The commands, one module each, and their table: names, options and help.

mod arguments;
mod assignment;
mod check;
mod class;
mod diff;
mod ending;
mod explore;
mod hints;
mod list;
mod new;
mod offline;
mod points;
mod practise;
mod report;
mod run;
mod solution;
mod watch;

use arguments::Arguments;
use ending::print;
pub use ending::{Done, Exit, Usage};
use listings::names;

/// A command: its name, one line on it, its help, the options it takes (with `=` at the end if a
/// value follows), and what runs it.
struct Command {
    name: &'static str,
    summary: &'static str,
    help: &'static str,
    options: &'static [&'static str],
    run: fn(&Arguments) -> Done,
}

const COMMANDS: [Command; 11] = [
    Command {
        name: "list",
        summary: "all listings in reading order (the same as no command)",
        help: list::HELP,
        options: &[],
        run: list::run,
    },
    Command {
        name: "diff",
        summary: "what a listing changes",
        help: diff::HELP,
        options: &["--stat", "--word", "--side-by-side", "--width="],
        run: diff::run,
    },
    Command {
        name: "run",
        summary: "start a listing and play its clients",
        help: run::HELP,
        options: &["--clients="],
        run: run::run,
    },
    Command {
        name: "explore",
        summary: "every schedule of a listing's threads",
        help: explore::HELP,
        options: &[
            "--workers=",
            "--jobs=",
            "--panics=",
            "--keep",
            "--clients=",
            "--log=",
            "--all-logs=",
            "--replay=",
            "--graph",
            "--seconds=",
            "--pool=",
            "--give=",
            "--allow-unsafe",
        ],
        run: explore::run,
    },
    Command {
        name: "practise",
        summary: "make a folder to work in, or see what is next",
        help: practise::HELP,
        options: &["--again", "--into="],
        run: practise::run,
    },
    Command {
        name: "check",
        summary: "what holds of a solution, and what doesn't",
        help: check::HELP,
        options: &[
            "--as=",
            "--hint",
            "--format=",
            "--points=",
            "--pool=",
            "--give=",
            "--allow-unsafe",
        ],
        run: check::run,
    },
    Command {
        name: "watch",
        summary: "check again whenever a file is saved",
        help: watch::HELP,
        options: &["--as=", "--pool=", "--give=", "--allow-unsafe"],
        run: watch::run,
    },
    Command {
        name: "hints",
        summary: "the hints that were given, again",
        help: hints::HELP,
        options: &["--as="],
        run: hints::run,
    },
    Command {
        name: "assignment",
        summary: "what a teacher gives to a class: an exercise, and what grades it",
        help: assignment::HELP,
        options: &["--into=", "--points="],
        run: assignment::run,
    },
    Command {
        name: "offline",
        summary: "a folder for machines without a network",
        help: offline::HELP,
        options: &[],
        run: offline::run,
    },
    Command {
        name: "new",
        summary: "a new listing, for whoever carries this on",
        help: new::HELP,
        options: &["--after=", "--title=", "--sees="],
        run: new::run,
    },
];

/// Runs the command that these words are.
pub fn run(words: &[String]) -> Done {
    let (name, rest) = match words.split_first() {
        None => ("list", words),
        Some((first, rest)) => (first.as_str(), rest),
    };
    if matches!(name, "help" | "--help" | "-h") {
        return match rest.first() {
            None => print(&overview()),
            Some(name) => print(find(name)?.help),
        };
    }
    let command = find(name)?;
    if rest.iter().any(|word| word == "--help" || word == "-h") {
        return print(command.help);
    }
    let done = Arguments::parse(command.name, command.options, rest)
        .and_then(|arguments| (command.run)(&arguments));
    match command.name {
        "check" | "watch" => done.map_err(|why| check::ended_early(rest, why)),
        _ => done,
    }
}

fn find(name: &str) -> Result<&'static Command, Usage> {
    if let Some(command) = COMMANDS.iter().find(|command| command.name == name) {
        return Ok(command);
    }
    let nearest = COMMANDS
        .iter()
        .map(|command| command.name)
        .min_by_key(|known| names::distance(known, name))
        .unwrap_or_default();
    Err(Usage::Wrong(format!(
        "there is no command `{name}`; the nearest is `{nearest}`, and \
         `cargo listings help` shows all"
    )))
}

fn overview() -> String {
    let mut text = String::from(
        "The listings, one step of the thread pool at a time.\n\nUsage: cargo listings [COMMAND]\n\n",
    );
    for Command { name, summary, .. } in &COMMANDS {
        text += &format!("  {name:<10} {summary}\n");
    }
    text + "\n`cargo listings help COMMAND` says more and shows an example. A listing may be written\n\
            20-26, 20.26 or listing-20-26.\n"
}
