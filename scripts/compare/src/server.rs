//! The web server of the listings, on any pool.

use crate::pools::Pool;
use std::{
    io::{self, BufReader, prelude::*},
    net::{Shutdown, TcpListener, TcpStream},
    thread,
    time::Duration,
};

/// Serves on a pool of four workers until the process is ended.
pub fn serve<P: Pool>(listener: &TcpListener) {
    let pool = P::new(4);
    for stream in listener.incoming() {
        match stream {
            Ok(stream) => pool.execute(move || handle_connection(stream)),
            Err(error) => eprintln!("A client could not be taken: {error}"),
        }
    }
}

fn handle_connection(stream: TcpStream) {
    let request = read_request(&stream);

    let (status, text) = if request.starts_with(b"GET / HTTP/") {
        ("200 OK", "Hello!")
    } else if request.starts_with(b"GET /sleep HTTP/") {
        thread::sleep(Duration::from_secs(5));
        ("200 OK", "Hello!")
    } else {
        ("404 NOT FOUND", "Oops!")
    };

    let page = format!("<!DOCTYPE html>\n<title>{text}</title>\n<h1>{text}</h1>\n");
    let headers = format!("Content-Length: {}\r\nConnection: close", page.len());

    answer(
        stream,
        &format!("HTTP/1.1 {status}\r\n{headers}\r\n\r\n{page}"),
    );
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
    // Closing a connection with bytes unread can destroy the answer on its way (RFC 9112,
    // section 9.6): so say that this was all, and read until the client hangs up or is
    // silent.
    let _ = stream.shutdown(Shutdown::Write);
    let _ = stream.set_read_timeout(Some(Duration::from_secs(1)));
    let _ = io::copy(&mut stream.take(64 * 1024 * 1024), &mut io::sink());
}
