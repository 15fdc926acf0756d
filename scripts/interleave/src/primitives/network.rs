//! Listeners and connections. The clients are scripted and all there from the
//! start: they connect in their order, and each has sent what it sends.
//!
//! | two steps of different threads | independent? |
//! |---|---|
//! | two that accept a client, at whatever listener | no: who gets which |
//! | `accept` in vain and any other | yes: no client comes later |
//! | two reads of a connection, or two writes | no: their order in the stream |
//! | a read and a write | yes: the two directions have nothing to do with each other |
//! | two reads in vain | yes |
//! | a shutdown or close, and a read or write | no: what comes after it fails, or finds the end |

use super::rules::{Effect, Links, Names, Part, Rules, Vain, Visitor};
use crate::config::{Config, Then};
use crate::fact::facts;
use crate::vocabulary::{EventId, ObjectId, Outcome, ThreadId};
use ::std::collections::BTreeMap;
use ::std::sync::Arc;

/// What is done with the network.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Action {
    /// Listen on an address.
    Bind { listener: ObjectId },
    /// Wait for a client.
    Accept { listener: ObjectId },
    /// Take a client if one is there.
    TryAccept { listener: ObjectId },
    /// Read from a client.
    Read { connection: ObjectId },
    /// Read from a client, not for ever.
    ReadTimeout { connection: ObjectId },
    /// Write to a client.
    Write {
        connection: ObjectId,
        bytes: Vec<u8>,
    },
    /// Shut the writing side of a connection.
    Shutdown { connection: ObjectId },
    /// Drop one of the program's handles of a connection; with the last one
    /// the connection is closed.
    Close { connection: ObjectId },
}

facts!(enum Action {
    "bind" Bind { listener },
    "accept" Accept { listener },
    "try-accept" TryAccept { listener },
    "read" Read { connection },
    "read-timeout" ReadTimeout { connection },
    "write" Write { connection, bytes },
    "shutdown" Shutdown { connection },
    "close" Close { connection },
});

/// One connection.
#[derive(Clone, Debug)]
struct Connection {
    /// The number of its client.
    number: usize,
    /// How many bytes of what the client sends were read.
    taken: usize,
    writes: usize,
    shut_for_reading: bool,
    shut_for_writing: bool,
    /// How many handles the program has of it.
    handles: usize,
    last_read: Option<EventId>,
    /// Who found nothing to read since the last read.
    empty: Vec<EventId>,
    last_write: Option<EventId>,
    /// The last time that it was shut or a handle of it dropped. Kept apart: it doesn't take what
    /// a read or a write has taken, and must not stand in front of that.
    last_shut: Option<EventId>,
}

/// All clients and connections.
#[derive(Clone, Debug)]
pub struct Network {
    config: Arc<Config>,
    connections: BTreeMap<ObjectId, Connection>,
    accepted: usize,
    /// The last event that took a client, at whatever listener.
    last_accept: Option<EventId>,
    /// What was written to each client that was accepted.
    pub answers: BTreeMap<usize, Vec<u8>>,
}

impl Network {
    /// A network where the clients of `config` connect.
    pub fn new(config: Arc<Config>) -> Network {
        Network {
            config,
            connections: BTreeMap::new(),
            accepted: 0,
            last_accept: None,
            answers: BTreeMap::new(),
        }
    }

    /// The connection of client number `number`, with one handle.
    pub fn connect(&mut self, connection: ObjectId, number: usize) {
        let new = Connection {
            number,
            taken: 0,
            writes: 0,
            shut_for_reading: false,
            shut_for_writing: false,
            handles: 1,
            last_read: None,
            empty: Vec::new(),
            last_write: None,
            last_shut: None,
        };
        self.connections.insert(connection, new);
    }

    /// Another handle of a connection.
    pub fn add_handle(&mut self, connection: ObjectId) {
        self.connection_mut(connection).handles += 1;
    }

    /// Shuts a connection, from the step on that did so.
    pub fn shut(&mut self, connection: ObjectId, reading: bool, writing: bool) {
        let body = self.connection_mut(connection);
        body.shut_for_reading |= reading;
        body.shut_for_writing |= writing;
    }

    /// Copies what a client has sent into `buffer`.
    pub fn peek(&self, connection: ObjectId, buffer: &mut [u8]) -> usize {
        let body = self.connection(connection);
        if body.shut_for_reading {
            return 0;
        }
        let rest = &self.config.clients[body.number].sends[body.taken..];
        let count = rest.len().min(buffer.len());
        buffer[..count].copy_from_slice(&rest[..count]);
        count
    }

    /// Whether something was still to be read when the connection was shut for reading.
    pub fn has_lost(&self, connection: ObjectId) -> bool {
        let body = self.connection(connection);
        body.shut_for_reading && body.taken < self.config.clients[body.number].sends.len()
    }

    /// Moves what a client has sent into `buffer`.
    pub fn take(&mut self, connection: ObjectId, buffer: &mut [u8]) -> usize {
        let count = self.peek(connection, buffer);
        self.connection_mut(connection).taken += count;
        count
    }

    fn connection(&self, connection: ObjectId) -> &Connection {
        &self.connections[&connection]
    }

    fn connection_mut(&mut self, connection: ObjectId) -> &mut Connection {
        match self.connections.get_mut(&connection) {
            Some(found) => found,
            None => unreachable!("object {connection} is a connection"),
        }
    }

    fn has_client(&self) -> bool {
        self.accepted < self.config.clients.len()
    }

    fn hung_up(&self, connection: &Connection) -> bool {
        self.config.clients[connection.number].then == Then::HangsUp
    }

    /// Whether a read gives something at once: bytes or the end.
    fn readable(&self, connection: ObjectId) -> bool {
        let body = self.connection(connection);
        // One that waits for its answer hangs up when the answer has come to its end.
        body.shut_for_reading
            || body.shut_for_writing
            || body.taken < self.config.clients[body.number].sends.len()
            || self.hung_up(body)
    }

    fn accept(&mut self, event: EventId) -> Effect {
        if !self.has_client() {
            return Effect::idle(Outcome::Refused);
        }
        self.last_accept = Some(event);
        let number = self.accepted;
        self.accepted += 1;
        self.answers.insert(number, Vec::new());
        Effect::progress(Outcome::Client { number })
    }

    fn read(&mut self, connection: ObjectId, event: EventId) -> Effect {
        let ready = self.readable(connection);
        let body = self.connection_mut(connection);
        if !ready {
            body.empty.push(event);
            return Effect::idle(Outcome::TimedOut);
        }
        body.last_read = Some(event);
        body.empty.clear();
        Effect::progress(Outcome::Done)
    }

    fn write(&mut self, connection: ObjectId, bytes: &[u8], event: EventId) -> Effect {
        let body = self.connection_mut(connection);
        body.last_write = Some(event);
        body.writes += 1;
        let first = body.writes == 1;
        let body = self.connection(connection);
        // The first write to somebody who has hung up still succeeds.
        if body.shut_for_writing || (!first && self.hung_up(body)) {
            return Effect::progress(Outcome::Disconnected);
        }
        let answer = self.answers.entry(body.number).or_default();
        answer.extend(bytes);
        Effect::progress(Outcome::Count { count: bytes.len() })
    }

    fn end_of_both(&mut self, connection: ObjectId, event: EventId) -> &mut Connection {
        let body = self.connection_mut(connection);
        body.last_shut = Some(event);
        body.empty.clear();
        body
    }

    fn close(&mut self, connection: ObjectId, event: EventId) -> Effect {
        let body = self.end_of_both(connection, event);
        body.handles = body.handles.saturating_sub(1);
        Effect::progress(if body.handles == 0 {
            Outcome::Disconnected
        } else {
            Outcome::Done
        })
    }
}

impl Action {
    /// Whether this waits for a client, when it waits.
    pub fn waits_for_client(&self) -> bool {
        match self {
            Action::Accept { .. } | Action::Read { .. } => true,
            Action::Bind { .. }
            | Action::TryAccept { .. }
            | Action::ReadTimeout { .. }
            | Action::Write { .. }
            | Action::Shutdown { .. }
            | Action::Close { .. } => false,
        }
    }
}

impl Rules for Action {
    type State = Network;

    fn enabled(&self, network: &Network, _: ThreadId) -> bool {
        match self {
            Action::Accept { .. } => network.has_client(),
            Action::Read { connection } => network.readable(*connection),
            Action::Bind { .. }
            | Action::TryAccept { .. }
            | Action::ReadTimeout { .. }
            | Action::Write { .. }
            | Action::Shutdown { .. }
            | Action::Close { .. } => true,
        }
    }

    fn waits_for(&self, _: &Network, _: ThreadId) -> Option<ThreadId> {
        match self {
            Action::Bind { .. }
            | Action::Accept { .. }
            | Action::TryAccept { .. }
            | Action::Read { .. }
            | Action::ReadTimeout { .. }
            | Action::Write { .. }
            | Action::Shutdown { .. }
            | Action::Close { .. } => None,
        }
    }

    fn in_vain(&self, network: &Network, _: ThreadId) -> Option<Vain> {
        match self {
            Action::TryAccept { .. } if !network.has_client() => Vain::poll(0),
            Action::ReadTimeout { connection } if !network.readable(*connection) => Vain::poll(0),
            Action::TryAccept { .. }
            | Action::ReadTimeout { .. }
            | Action::Bind { .. }
            | Action::Accept { .. }
            | Action::Read { .. }
            | Action::Write { .. }
            | Action::Shutdown { .. }
            | Action::Close { .. } => None,
        }
    }

    fn order(&self, network: &Network, _: ThreadId, links: &mut Links) {
        match self {
            Action::Bind { .. } => {}
            Action::Accept { .. } | Action::TryAccept { .. } => links.race(&network.last_accept),
            Action::Read { connection } | Action::ReadTimeout { connection } => {
                let body = network.connection(*connection);
                links.race(&body.last_read);
                links.race(&body.last_shut);
            }
            Action::Write { connection, .. } => {
                let body = network.connection(*connection);
                links.race(&body.last_write);
                links.race(&body.last_shut);
            }
            Action::Shutdown { connection } | Action::Close { connection } => {
                let body = network.connection(*connection);
                links.race(&body.last_read);
                links.race(&body.empty);
                links.race(&body.last_write);
                links.race(&body.last_shut);
            }
        }
    }

    fn perform(&self, network: &mut Network, _: ThreadId, event: EventId) -> Effect {
        match self {
            Action::Bind { .. } => Effect::idle(Outcome::Done),
            Action::Accept { .. } | Action::TryAccept { .. } => network.accept(event),
            Action::Read { connection } | Action::ReadTimeout { connection } => {
                network.read(*connection, event)
            }
            Action::Write { connection, bytes } => network.write(*connection, bytes, event),
            Action::Shutdown { connection } => {
                network.end_of_both(*connection, event);
                Effect::progress(Outcome::Done)
            }
            Action::Close { connection } => network.close(*connection, event),
        }
    }

    fn words(&self, object: &str, _: &dyn Names) -> String {
        match self {
            Action::Bind { .. } => "listen".to_string(),
            Action::Accept { .. } => "accept a client".to_string(),
            Action::TryAccept { .. } => "accept a client if one is there".to_string(),
            Action::Read { .. } => format!("read from {object}"),
            Action::ReadTimeout { .. } => format!("read from {object} with a time-out"),
            Action::Write { .. } => format!("write to {object}"),
            Action::Shutdown { .. } => format!("shut {object} down"),
            Action::Close { .. } => format!("close {object}"),
        }
    }

    fn visit(&mut self, visitor: &mut dyn Visitor) {
        match self {
            Action::Bind { listener: object }
            | Action::Accept { listener: object }
            | Action::TryAccept { listener: object }
            | Action::Read { connection: object }
            | Action::ReadTimeout { connection: object }
            | Action::Write {
                connection: object, ..
            }
            | Action::Shutdown { connection: object }
            | Action::Close { connection: object } => visitor.object(object),
        }
    }
}

impl Part for Action {
    fn object(&self) -> Option<ObjectId> {
        match self {
            Action::Bind { listener: object }
            | Action::Accept { listener: object }
            | Action::TryAccept { listener: object } => Some(*object),
            Action::Read { connection: object }
            | Action::ReadTimeout { connection: object }
            | Action::Write {
                connection: object, ..
            }
            | Action::Shutdown { connection: object }
            | Action::Close { connection: object } => Some(*object),
        }
    }
}
