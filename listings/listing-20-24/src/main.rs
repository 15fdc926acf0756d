use listing_20_24::ThreadPool;
use std::{
    env,
    io::{self, BufReader, prelude::*},
    net::{Shutdown, TcpListener, TcpStream},
    process, thread,
    time::Duration,
};

fn main() {
    let listener = listen();
    let pool = ThreadPool::new(4);

    for stream in listener.incoming() {
        let stream = stream.unwrap();

        pool.execute(|| {
            handle_connection(stream);
        });
    }
}

fn handle_connection(stream: TcpStream) {
    let request = read_request(&stream);

    let (status_line, page) = if request.starts_with(b"GET / HTTP/") {
        ("HTTP/1.1 200 OK", HELLO)
    } else if request.starts_with(b"GET /sleep HTTP/") {
        thread::sleep(Duration::from_secs(5));
        ("HTTP/1.1 200 OK", HELLO)
    } else {
        ("HTTP/1.1 404 NOT FOUND", NOT_FOUND)
    };

    let length = page.len();
    let headers = format!("Content-Length: {length}\r\nConnection: close");

    answer(stream, &format!("{status_line}\r\n{headers}\r\n\r\n{page}"));
}

fn listen() -> TcpListener {
    let address = env::args().nth(1).unwrap_or("127.0.0.1:7878".to_string());
    let listener = TcpListener::bind(&address).unwrap_or_else(|error| {
        eprintln!(
            "Cannot listen on {address} ({error}): \
             add another address to the command, such as `-- 127.0.0.1:0` for any free port."
        );
        process::exit(1);
    });
    println!("Listening on http://{}", listener.local_addr().unwrap());
    listener
}

fn read_request(stream: &TcpStream) -> Vec<u8> {
    let mut request = Vec::new();
    let mut reader = BufReader::new(stream).take(64 * 1024);
    // Stops at the empty line (two bytes, `\r\n`) and at the end of the stream (no bytes).
    while let Ok(3..) = reader.read_until(b'\n', &mut request) {}
    request
}

fn answer(mut stream: TcpStream, response: &str) {
    // The client may be gone by now; then there is nobody left to tell.
    let _ = stream.write_all(response.as_bytes());
    // Closing with bytes unread can destroy the answer on its way (RFC 9112, section 9.6):
    // so say that this was all, and read until the client hangs up or is silent.
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
    let _ = io::copy(&mut stream.take(64 * 1024 * 1024), &mut io::sink());
}

const HELLO: &str = r#"<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Hello!</title>
  </head>
  <body>
    <h1>Hello!</h1>
    <p>Hi from Rust</p>
  </body>
</html>
"#;

const NOT_FOUND: &str = r#"<!DOCTYPE html>
<html lang="en">
  <head>
    <meta charset="utf-8">
    <title>Not found</title>
  </head>
  <body>
    <h1>Oops!</h1>
    <p>There is no such page here.</p>
  </body>
</html>
"#;
