//! `cargo listings run`: a listing and its clients in one terminal.

use super::{
    arguments::{self, Arguments},
    ending::{Done, Exit, Usage},
};
use listings::{
    Error, cargo,
    client::Client,
    names::short,
    notes::{self, Notes},
    server::Server,
    terminal::{self, Style, fit, styled},
};
use std::{
    io::{self, Write, stdout},
    net::SocketAddr,
    sync::mpsc::{self, Sender},
    thread,
};

pub const HELP: &str = "\
Starts a listing on a free port, plays its clients once it listens, and shows side by side what they
ask and get, and what the server prints, in the order in which it happens. Ctrl-C ends it.

  cargo listings run 20-26                      two clients that ask for /
  cargo listings run 20-26 --clients 5          five of them
  cargo listings run 20-26 --clients /sleep,/   one that waits five seconds, one that doesn't
";

/// What happens, in the order in which it is seen.
enum Event {
    Client(String),
    Server(String),
}

pub fn run(arguments: &Arguments) -> Done {
    let words = arguments.words(1..=1, "one listing")?;
    let listing = arguments::listing(&words[0])?;
    let paths = clients(arguments)?;
    if !listing.compiles() {
        let (name, gate) = (&listing.name, cargo::GATE);
        return Err(Usage::Failed(Error::new(format!(
            "{name} does not compile, and that is its lesson: \
             `cargo run -p {name} --features {gate}` shows the error"
        ))));
    }
    if !listing.serves {
        let name = &listing.name;
        return Err(Usage::Failed(Error::new(format!(
            "{name} serves no clients: `cargo run -p {name}` shows what it does"
        ))));
    }

    let built = cargo::build(&[&listing.name])?;
    let binary = built
        .get(&listing.name)
        .ok_or_else(|| Error::new(format!("Cargo built no binary {}", listing.name)))?;
    let (server, notes) = Server::start_with_notes(binary)?;
    let address = server.address();

    let (sender, events) = mpsc::channel();
    let from_server = sender.clone();
    server.follow(move |line| {
        let _ = from_server.send(match notes::note(line) {
            Some(note) => Event::Client(note.to_string()),
            None => Event::Server(line.to_string()),
        });
    });
    let mut start_clients = Some(move || {
        for (number, path) in paths.into_iter().enumerate() {
            let (who, sender) = (format!("client {}", number + 1), sender.clone());
            let notes = notes.clone();
            thread::spawn(move || play(&who, address, &path, &sender, notes));
        }
    });

    // This ends when every client and the server have said their last, or when nobody reads it any
    // more; the server ends with it.
    let columns = Columns::new(&format!("the log of {} (Ctrl-C ends it)", short(&listing)));
    for event in events {
        let printed = match event {
            Event::Client(line) => columns.print(&line, ""),
            Event::Server(line) => columns.print("", &line),
        };
        if printed.is_err() {
            return Ok(Exit::Holds);
        }
        // The server's first line says that it listens.
        if let Some(start) = start_clients.take() {
            start();
        }
    }
    let status = server.wait()?.status;
    let _ = columns.print("", &format!("({status})"));
    Ok(Exit::Holds)
}

/// Plays one client. What it gets is a note behind what the server has printed by then.
fn play(who: &str, address: SocketAddr, path: &str, sender: &Sender<Event>, notes: Option<Notes>) {
    let _ = sender.send(Event::Client(format!("{who} asks for {path}")));
    let got = match Client::request(address, path).and_then(Client::answer) {
        Ok(answer) if answer.is_empty() => "no answer".to_string(),
        Ok(answer) => answer.lines().next().unwrap_or_default().to_string(),
        Err(error) => error.to_string(),
    };
    let line = format!("{who} gets {got}");
    if !notes.is_some_and(|notes| notes.write(&line)) {
        let _ = sender.send(Event::Client(line));
    }
}

/// The paths that the clients ask for: `--clients` is how many, or the paths.
fn clients(arguments: &Arguments) -> Result<Vec<String>, Usage> {
    let given = arguments.value("--clients").unwrap_or("2");
    if given.starts_with('/') {
        let paths: Vec<String> = given.split(',').map(str::to_string).collect();
        if paths.iter().all(|path| path.starts_with('/')) {
            return Ok(paths);
        }
    } else if let Some(count) = arguments.number("--clients", 0..=100)? {
        return Ok(vec!["/".to_string(); count]);
    } else {
        return Ok(vec!["/".to_string(); 2]);
    }
    Err(arguments.wrong("--clients takes a number, or paths such as /sleep,/"))
}

/// Two columns: clients on the left, the server on the right.
struct Columns {
    left: usize,
}

impl Columns {
    fn new(right: &str) -> Columns {
        let width = terminal::width().unwrap_or(100);
        let columns = Columns {
            left: (width / 2).saturating_sub(2).clamp(20, 48),
        };
        let colours = terminal::colours();
        let left = styled(&fit("clients", columns.left), Style::Bold, colours);
        let _ = writeln!(stdout(), "{left}   {}", styled(right, Style::Bold, colours));
        columns
    }

    fn print(&self, left: &str, right: &str) -> io::Result<()> {
        let line = format!("{} │ {right}", fit(left, self.left));
        writeln!(stdout(), "{}", line.trim_end())
    }
}
