//! The web server of the listings, on any pool.

use crate::pools::Pool;
use std::{
    io::{self, BufRead, BufReader, Read, Write},
    net::{Shutdown, TcpListener, TcpStream},
    thread,
    time::Duration,
};

/// Serves on a pool of four workers until the process is ended.
pub fn serve<P: Pool>(listener: &TcpListener) {
    let pool = P::new(4);
    for stream in listener.incoming() {
        match stream {
            Ok(stream) => pool.execute(move || {
                // The client may be gone by now; then there is nobody left to tell.
                let _ = handle_connection(stream);
            }),
            Err(error) => eprintln!("A client could not be taken: {error}"),
        }
    }
}

fn handle_connection(mut stream: TcpStream) -> io::Result<()> {
    stream.set_read_timeout(Some(Duration::from_secs(10)))?;
    let mut reader = BufReader::new(&stream).take(64 * 1024);
    let mut request_line = Vec::new();
    reader.read_until(b'\n', &mut request_line)?;
    // What is left unread when the socket closes could cost the client its answer.
    let mut header = Vec::new();
    while reader.read_until(b'\n', &mut header)? > 0 && !matches!(&header[..], b"\r\n" | b"\n") {
        header.clear();
    }

    let (status, text) = match &request_line[..] {
        b"GET / HTTP/1.1\r\n" => ("200 OK", "Hello!"),
        b"GET /sleep HTTP/1.1\r\n" => {
            thread::sleep(Duration::from_secs(5));
            ("200 OK", "Hello!")
        }
        _ => ("404 NOT FOUND", "Oops!"),
    };
    let page = format!("<!DOCTYPE html>\n<title>{text}</title>\n<h1>{text}</h1>\n");
    let length = page.len();
    write!(
        stream,
        "HTTP/1.1 {status}\r\nConnection: close\r\nContent-Length: {length}\r\n\r\n{page}"
    )?;
    stream.shutdown(Shutdown::Write)?;
    io::copy(&mut (&stream).take(1 << 20), &mut io::sink())?;
    Ok(())
}
