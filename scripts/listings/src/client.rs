//! TCP clients, polite and rude.

use crate::{Error, PATIENCE, Result};
use std::{
    io::{ErrorKind, Read, Write},
    net::{Shutdown, SocketAddr, TcpStream},
};

/// A connection to a server on this machine.
pub struct Client {
    stream: TcpStream,
}

impl Client {
    /// Connects. Refuses an address at which nobody listens.
    pub fn connect(address: SocketAddr) -> Result<Client> {
        let connect = || {
            let stream = TcpStream::connect_timeout(&address, PATIENCE)?;
            stream.set_read_timeout(Some(PATIENCE))?;
            stream.set_write_timeout(Some(PATIENCE))?;
            Ok(Client { stream })
        };
        connect().map_err(|error: std::io::Error| {
            Error::new(format!("cannot connect to {address}: {error}"))
        })
    }

    /// Connects and asks for a path, as `curl` does.
    pub fn request(address: SocketAddr, path: &str) -> Result<Client> {
        let mut client = Client::connect(address)?;
        client.ask(path);
        Ok(client)
    }

    /// Asks for a path.
    pub fn ask(&mut self, path: &str) {
        let host = "Host: 127.0.0.1\r\nAccept: */*";
        self.send(format!("GET {path} HTTP/1.1\r\n{host}\r\n\r\n").as_bytes());
    }

    /// Sends bytes. A server that doesn't want them is free to hang up: that is seen in the answer.
    pub fn send(&mut self, bytes: &[u8]) {
        let _ = self.stream.write_all(bytes);
    }

    /// Sends nothing more, and still listens.
    pub fn stop_sending(&mut self) {
        let _ = self.stream.shutdown(Shutdown::Write);
    }

    /// Waits for the whole answer, up to the end of the connection.
    ///
    /// A connection that the server resets counts as ended. Refuses one that stays open too long,
    /// and says what had come by then.
    pub fn answer(mut self) -> Result<String> {
        let mut bytes = Vec::new();
        let ended = self.stream.read_to_end(&mut bytes);
        let text = String::from_utf8_lossy(&bytes).into_owned();
        match ended {
            Ok(_) => Ok(text),
            Err(error) if error.kind() == ErrorKind::ConnectionReset => Ok(text),
            Err(error) => Err(Error::new(format!(
                "no end of the answer after {PATIENCE:?} ({error}); so far: {text:?}"
            ))),
        }
    }

    /// Whether a part of the answer, or the end of the connection, is already here.
    pub fn has_news(&self) -> Result<bool> {
        let peek = || {
            self.stream.set_nonblocking(true)?;
            let peeked = self.stream.peek(&mut [0]);
            self.stream.set_nonblocking(false)?;
            match peeked {
                Err(error) if error.kind() == ErrorKind::WouldBlock => Ok(false),
                _ => Ok(true),
            }
        };
        peek().map_err(|error: std::io::Error| {
            Error::new(format!("cannot look at a connection: {error}"))
        })
    }
}
