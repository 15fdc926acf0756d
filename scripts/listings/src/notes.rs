//! Notes between the lines that a server prints.
//!
//! What a server prints and what its clients get reach us on two ways, and the quicker way is not
//! always that of what came first. A note takes the way of the server's lines: we write it to the
//! same stream, so it stands behind all that the server has printed by then.

use std::{io::Read, process::Stdio};

/// What a note begins with, and no line of a listing.
const MARK: char = '\0';

/// Where notes are written. The stream has no end while there is one of these.
#[derive(Clone)]
pub struct Notes {
    #[cfg(unix)]
    stream: std::sync::Arc<std::os::unix::net::UnixStream>,
}

/// A stream that a server and we write to.
pub struct Stream {
    /// The server's standard output.
    pub stdout: Stdio,
    /// Where it is all read.
    pub reader: Box<dyn Read + Send>,
    /// Our end.
    pub notes: Notes,
}

/// Makes such a stream. There is none where `std` makes no pair of streams for a child to write to,
/// which is everywhere but on Unix.
#[cfg(unix)]
pub fn stream() -> Option<Stream> {
    use std::os::{fd::OwnedFd, unix::net::UnixStream};

    let (reader, writer) = UnixStream::pair().ok()?;
    Some(Stream {
        stdout: OwnedFd::from(writer.try_clone().ok()?).into(),
        reader: Box::new(reader),
        notes: Notes {
            stream: writer.into(),
        },
    })
}

/// Makes no such stream.
#[cfg(not(unix))]
pub fn stream() -> Option<Stream> {
    None
}

impl Notes {
    /// Writes one line. Returns whether it will be read.
    pub fn write(&self, note: &str) -> bool {
        let line = format!("{MARK}{note}\n");
        #[cfg(unix)]
        return std::io::Write::write_all(&mut &*self.stream, line.as_bytes()).is_ok();
        #[cfg(not(unix))]
        return line.is_empty();
    }
}

/// The note that a line of the stream is, if it is one.
pub fn note(line: &str) -> Option<&str> {
    line.strip_prefix(MARK)
}
