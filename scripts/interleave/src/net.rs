//! `std::net` for a server: its clients are those of the explorer's
//! configuration, and nothing reaches the network.

use crate::engine::{Cancelled, Context, context, context_for};
use crate::primitives::Body;
use crate::primitives::network::Action;
use crate::trace::remarks::STOPS_READING;
use crate::trace::{Kind, ObjectId, Op, Outcome, Place};
use ::std::io::{self, ErrorKind, Read, Write};
use ::std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use ::std::time::Duration;

pub use ::std::net::{
    AddrParseError, IpAddr, Ipv4Addr, Ipv6Addr, Shutdown, SocketAddr, SocketAddrV4, SocketAddrV6,
    ToSocketAddrs,
};

/// The port that is given when any free one is asked for.
const FREE_PORT: u16 = 49_152;

/// The port of the first client.
const CLIENT_PORT: u16 = 50_001;

/// Accepts the scripted clients.
#[derive(Debug)]
pub struct TcpListener {
    shared: Arc<Bound>,
}

#[derive(Debug)]
struct Bound {
    address: SocketAddr,
    listener: ObjectId,
    nonblocking: Mutex<bool>,
}

impl TcpListener {
    /// Takes any address.
    #[track_caller]
    pub fn bind<A: ToSocketAddrs>(address: A) -> io::Result<TcpListener> {
        let place = Place::caller();
        let context = context_for("net::TcpListener::bind");
        let mut address = address
            .to_socket_addrs()?
            .next()
            .ok_or_else(|| io::Error::from(ErrorKind::InvalidInput))?;
        if address.port() == 0 {
            address.set_port(FREE_PORT);
        }
        let body = Body::Elsewhere;
        let listener = context.with(|state| state.add_object(Kind::Listener, Some(place), body));
        // While it is unwound a thread may get a listener that nobody uses.
        let _ = context.step(Op::Network(Action::Bind { listener }), place);
        Ok(TcpListener {
            shared: Arc::new(Bound {
                address,
                listener,
                nonblocking: Mutex::new(false),
            }),
        })
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.shared.address)
    }

    pub fn try_clone(&self) -> io::Result<TcpListener> {
        Ok(TcpListener {
            shared: Arc::clone(&self.shared),
        })
    }

    /// Takes the next client; waits for ever if there is none left.
    #[track_caller]
    pub fn accept(&self) -> io::Result<(TcpStream, SocketAddr)> {
        self.accept_at(Place::caller())
    }

    fn accept_at(&self, place: Place) -> io::Result<(TcpStream, SocketAddr)> {
        let context = context_for("net::TcpListener::accept");
        let listener = self.shared.listener;
        let op = if *lock(&self.shared.nonblocking) {
            Op::Network(Action::TryAccept { listener })
        } else {
            Op::Network(Action::Accept { listener })
        };
        match context.step(op, place) {
            Ok(Outcome::Client { number }) => {
                let stream = TcpStream::new(&context, number, self.shared.address, place);
                let peer = stream.shared.peer;
                Ok((stream, peer))
            }
            Ok(_) => Err(ErrorKind::WouldBlock.into()),
            Err(Cancelled) => Err(ErrorKind::ConnectionAborted.into()),
        }
    }

    #[track_caller]
    pub fn incoming(&self) -> Incoming<'_> {
        Incoming {
            listener: self,
            place: Place::caller(),
        }
    }

    pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {
        *lock(&self.shared.nonblocking) = nonblocking;
        Ok(())
    }

    pub fn set_ttl(&self, _ttl: u32) -> io::Result<()> {
        Ok(())
    }

    pub fn ttl(&self) -> io::Result<u32> {
        Ok(64)
    }

    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        Ok(None)
    }
}

/// The clients, one after the other.
#[derive(Debug)]
pub struct Incoming<'a> {
    listener: &'a TcpListener,
    /// Where it was made: `next` may be called from inside the real `std`.
    place: Place,
}

impl Iterator for Incoming<'_> {
    type Item = io::Result<TcpStream>;

    fn next(&mut self) -> Option<io::Result<TcpStream>> {
        let accepted = self.listener.accept_at(self.place);
        Some(accepted.map(|(stream, _)| stream))
    }
}

/// The connection of one client.
#[derive(Debug)]
pub struct TcpStream {
    shared: Arc<Shared>,
}

#[derive(Debug)]
struct Shared {
    epoch: u64,
    connection: ObjectId,
    local: SocketAddr,
    peer: SocketAddr,
    settings: Mutex<Settings>,
}

#[derive(Debug, Default)]
struct Settings {
    nonblocking: bool,
    nodelay: bool,
    read_timeout: Option<Duration>,
    write_timeout: Option<Duration>,
}

impl TcpStream {
    fn new(context: &Context, client: usize, local: SocketAddr, place: Place) -> TcpStream {
        let connection = context.with(|state| state.add_connection(client, place));
        let port = CLIENT_PORT.saturating_add(u16::try_from(client).unwrap_or(u16::MAX));
        TcpStream {
            shared: Arc::new(Shared {
                epoch: context.epoch,
                connection,
                local,
                peer: SocketAddr::from((Ipv4Addr::LOCALHOST, port)),
                settings: Mutex::default(),
            }),
        }
    }

    /// Not covered: the explored program is the server.
    #[track_caller]
    pub fn connect<A: ToSocketAddrs>(_address: A) -> io::Result<TcpStream> {
        let place = Place::caller();
        context_for("net::TcpStream::connect").unsupported(format!(
            "{place} uses `TcpStream::connect`, which the explorer doesn't cover: the program is \
             the server, and its clients are given to the explorer."
        ));
        Err(ErrorKind::Unsupported.into())
    }

    pub fn peer_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.shared.peer)
    }

    pub fn local_addr(&self) -> io::Result<SocketAddr> {
        Ok(self.shared.local)
    }

    pub fn try_clone(&self) -> io::Result<TcpStream> {
        if let Some(context) = self.context() {
            context.with(|state| {
                if !state.tearing_down {
                    state.world.network.add_handle(self.shared.connection);
                }
            });
        }
        Ok(TcpStream {
            shared: Arc::clone(&self.shared),
        })
    }

    #[track_caller]
    pub fn shutdown(&self, how: Shutdown) -> io::Result<()> {
        let connection = self.shared.connection;
        let context = context_for("net::TcpStream::shutdown");
        if context
            .step(
                Op::Network(Action::Shutdown { connection }),
                Place::caller(),
            )
            .is_ok()
        {
            context.with(|state| {
                let (reading, writing) = (how != Shutdown::Write, how != Shutdown::Read);
                state.world.network.shut(connection, reading, writing);
            });
        }
        Ok(())
    }

    /// Reads without taking.
    #[track_caller]
    pub fn peek(&self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_with(Place::caller(), |context, connection| {
            context.with(|state| state.world.network.peek(connection, buffer))
        })
    }

    pub fn set_nonblocking(&self, nonblocking: bool) -> io::Result<()> {
        lock(&self.shared.settings).nonblocking = nonblocking;
        Ok(())
    }

    pub fn set_read_timeout(&self, time: Option<Duration>) -> io::Result<()> {
        lock(&self.shared.settings).read_timeout = positive(time)?;
        Ok(())
    }

    pub fn read_timeout(&self) -> io::Result<Option<Duration>> {
        Ok(lock(&self.shared.settings).read_timeout)
    }

    pub fn set_write_timeout(&self, time: Option<Duration>) -> io::Result<()> {
        lock(&self.shared.settings).write_timeout = positive(time)?;
        Ok(())
    }

    pub fn write_timeout(&self) -> io::Result<Option<Duration>> {
        Ok(lock(&self.shared.settings).write_timeout)
    }

    pub fn set_nodelay(&self, nodelay: bool) -> io::Result<()> {
        lock(&self.shared.settings).nodelay = nodelay;
        Ok(())
    }

    pub fn nodelay(&self) -> io::Result<bool> {
        Ok(lock(&self.shared.settings).nodelay)
    }

    pub fn set_ttl(&self, _ttl: u32) -> io::Result<()> {
        Ok(())
    }

    pub fn ttl(&self) -> io::Result<u32> {
        Ok(64)
    }

    pub fn take_error(&self) -> io::Result<Option<io::Error>> {
        Ok(None)
    }

    /// The context, if the connection is one of the current run.
    fn context(&self) -> Option<Context> {
        context().filter(|context| context.epoch == self.shared.epoch)
    }

    fn read_with(
        &self,
        place: Place,
        take: impl FnOnce(&Context, ObjectId) -> usize,
    ) -> io::Result<usize> {
        let context = context_for("net::TcpStream::read");
        let connection = self.shared.connection;
        let (nonblocking, time) = {
            let settings = lock(&self.shared.settings);
            (settings.nonblocking, settings.read_timeout)
        };
        let op = if nonblocking || time.is_some() {
            Op::Network(Action::ReadTimeout { connection })
        } else {
            Op::Network(Action::Read { connection })
        };
        match context.step(op, place) {
            Ok(Outcome::TimedOut) => {
                let time = time.filter(|_| !nonblocking).unwrap_or_default();
                context.with(|state| state.pass_time(context.thread, time));
                Err(ErrorKind::WouldBlock.into())
            }
            Ok(_) => {
                if context.with(|state| state.world.network.has_lost(connection)) {
                    context.remark(STOPS_READING);
                }
                Ok(take(&context, connection))
            }
            Err(Cancelled) => Ok(0),
        }
    }

    fn read_at(&self, place: Place, buffer: &mut [u8]) -> io::Result<usize> {
        if buffer.is_empty() {
            return Ok(0);
        }
        self.read_with(place, |context, connection| {
            context.with(|state| state.take_bytes(context.thread, connection, buffer))
        })
    }

    fn write_at(&self, place: Place, bytes: &[u8]) -> io::Result<usize> {
        let context = context_for("net::TcpStream::write");
        let op = Op::Network(Action::Write {
            connection: self.shared.connection,
            bytes: bytes.to_vec(),
        });
        match context.step(op, place) {
            Ok(Outcome::Disconnected) => Err(ErrorKind::BrokenPipe.into()),
            Ok(_) | Err(Cancelled) => Ok(bytes.len()),
        }
    }
}

/// The real one refuses a time-out of zero, too.
fn positive(time: Option<Duration>) -> io::Result<Option<Duration>> {
    if time == Some(Duration::ZERO) {
        return Err(ErrorKind::InvalidInput.into());
    }
    Ok(time)
}

impl Drop for TcpStream {
    fn drop(&mut self) {
        if let Some(context) = self.context() {
            let connection = self.shared.connection;
            let place = context.with(|state| state.threads[context.thread].place);
            let _ = context.step(Op::Network(Action::Close { connection }), place);
        }
    }
}

impl Read for TcpStream {
    #[track_caller]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_at(Place::caller(), buffer)
    }
}

impl Read for &TcpStream {
    #[track_caller]
    fn read(&mut self, buffer: &mut [u8]) -> io::Result<usize> {
        self.read_at(Place::caller(), buffer)
    }
}

impl Write for TcpStream {
    #[track_caller]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_at(Place::caller(), bytes)
    }

    #[track_caller]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_at(Place::caller(), bytes).map(|_| ())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Write for &TcpStream {
    #[track_caller]
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.write_at(Place::caller(), bytes)
    }

    #[track_caller]
    fn write_all(&mut self, bytes: &[u8]) -> io::Result<()> {
        self.write_at(Place::caller(), bytes).map(|_| ())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

fn lock<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
