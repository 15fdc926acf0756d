//! What the book says of these pools is what they do, and each of them serves.

use std::{
    fs,
    io::{self, BufRead, BufReader, Read, Write},
    net::TcpStream,
    path::Path,
    process::{Child, Command, Output, Stdio},
    sync::mpsc,
    thread,
    time::Duration,
};

const PATIENCE: Duration = Duration::from_secs(60);

fn compare() -> Command {
    let mut command = Command::new(env!("CARGO_BIN_EXE_compare"));
    command.stdin(Stdio::null());
    command
}

fn run(words: &[&str]) -> Output {
    compare().args(words).output().expect("it can be run")
}

fn book(chapter: &str) -> String {
    let book = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../book/src");
    let text = fs::read_to_string(book.join(chapter)).expect("the chapter is there");
    text.replace("\r\n", "\n")
}

/// Nothing of this is measured: each question is asked, with a bound on its time.
#[test]
fn the_book_says_what_was_seen() {
    let output = run(&["behaviour"]);
    assert!(output.status.success(), "{output:?}");
    let tables = String::from_utf8(output.stdout).expect("text");
    let tables: Vec<&str> = tables.trim_end().split("\n\n").collect();
    assert_eq!(tables.len(), 2, "{tables:#?}");
    let chapter = book("what-next.md");
    for table in tables {
        assert!(chapter.contains(table), "the book should have:\n\n{table}");
    }
}

/// A clock says what it says on one machine: the book has ratios, to two digits.
#[test]
fn the_book_has_no_number_of_a_clock_but_ratios() {
    let chapter = book("what-next.md");
    let (_, measured) = chapter
        .split_once("### What it costs\n")
        .expect("the book has the section");
    let rows: Vec<&str> = measured
        .lines()
        .skip_while(|line| !line.starts_with("|---"))
        .skip(1)
        .take_while(|line| line.starts_with('|'))
        .collect();
    assert_eq!(rows.len(), 4, "{rows:#?}");
    for row in rows {
        let cells: Vec<&str> = row.trim_matches('|').split('|').map(str::trim).collect();
        assert_eq!(cells.len(), 6, "{row}");
        assert!(cells[1].parse() == Ok(1.0), "ours is the measure: {row}");
        for cell in &cells[1..] {
            assert!(cell.parse::<f64>().is_ok_and(|ratio| ratio > 0.0), "{row}");
        }
    }
}

#[test]
fn each_pool_serves() {
    for name in ["ours", "threadpool", "rayon", "tokio", "futures"] {
        let server = Server::start(name);
        for (path, status, text) in [
            ("/", "HTTP/1.1 200 OK\r\n", "<h1>Hello!</h1>"),
            ("/nowhere", "HTTP/1.1 404 NOT FOUND\r\n", "<h1>Oops!</h1>"),
        ] {
            let answer = server.get(path).expect("an answer");
            assert!(answer.starts_with(status), "{name}: {answer}");
            assert!(answer.contains(text), "{name}: {answer}");
        }
    }
}

#[test]
fn a_wrong_word_gets_one_sentence() {
    let wrong: [(&[&str], &str); 4] = [
        (&["measure"], "this takes nothing, or `behaviour`"),
        (
            &["serve", "rayons"],
            "there is no pool `rayons`: take one of ours, threadpool, rayon, tokio, futures",
        ),
        (&["serve", "rayon", "nowhere"], "Cannot listen on nowhere ("),
        (
            &["ask", "rayon", "what"],
            "this takes nothing, or `behaviour`",
        ),
    ];
    for (words, begins) in wrong {
        let output = run(words);
        assert_eq!(output.status.code(), Some(1), "{output:?}");
        assert!(output.stdout.is_empty(), "{output:?}");
        let said = String::from_utf8_lossy(&output.stderr);
        assert!(said.starts_with(begins), "{said}");
        assert_eq!(said.lines().count(), 1, "{said}");
    }
}

/// A lock file that names another host than the registry's own works on one machine only.
#[test]
fn every_dependency_comes_from_the_registry() {
    let lock = include_str!("../Cargo.lock");
    let mut sources = lock.lines().filter(|line| line.starts_with("source = "));
    let registry = "source = \"registry+https://github.com/rust-lang/crates.io-index\"";
    assert!(sources.clone().count() > 10);
    assert!(sources.all(|line| line == registry), "{lock}");
}

struct Server {
    child: Child,
    address: String,
}

impl Server {
    fn start(name: &str) -> Server {
        let mut child = compare()
            .args(["serve", name, "127.0.0.1:0"])
            .stdout(Stdio::piped())
            .spawn()
            .expect("it can be run");
        let output = child.stdout.take().expect("it is a pipe");
        let mut server = Server {
            child,
            address: String::new(),
        };
        let (sender, receiver) = mpsc::channel();
        thread::spawn(move || {
            for line in BufReader::new(output).lines().map_while(Result::ok) {
                let _ = sender.send(line);
            }
        });
        let first = receiver.recv_timeout(PATIENCE).expect("it says something");
        let address = first.strip_prefix("Listening on http://");
        server.address = address.expect("it says where it listens").to_string();
        server
    }

    fn get(&self, path: &str) -> io::Result<String> {
        let mut stream = TcpStream::connect(&self.address)?;
        stream.set_read_timeout(Some(PATIENCE))?;
        write!(stream, "GET {path} HTTP/1.1\r\nHost: test\r\n\r\n")?;
        let mut answer = String::new();
        stream.read_to_string(&mut answer)?;
        Ok(answer)
    }
}

impl Drop for Server {
    fn drop(&mut self) {
        // Both fail only if it has ended already.
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
