//! The open sockets: HELLO, pushes and acks (contract 5).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::store::{Store, text};
use crate::testkit::Peer;
use crate::{SocketCommand, SocketEvent};

#[derive(Default)]
pub(super) struct Sockets {
    open: BTreeMap<u64, Socket>,
    made: u64,
}

struct Socket {
    peer: Peer,
    greeted: bool,
}

impl Sockets {
    /// A number for a socket that is about to open.
    pub(super) fn next(&mut self) -> u64 {
        self.made += 1;
        self.made
    }

    pub(super) fn add(&mut self, number: u64, peer: Peer) {
        self.open.insert(number, Socket { peer, greeted: false });
    }

    pub(super) fn greeted(&self) -> usize {
        self.open.values().filter(|socket| socket.greeted && !socket.peer.is_dropped()).count()
    }

    pub(super) fn push(&self, row: &Value) {
        self.say(&message(row));
    }

    pub(super) fn say(&self, event: &SocketEvent) {
        self.open.values().filter(|socket| socket.greeted).for_each(|socket| socket.peer.event(event.clone()));
    }

    /// What a client has sent, acted on; the frame, unless it is HELLO.
    pub(super) fn receive(&mut self, number: u64, command: &SocketCommand, store: &mut Store) -> Option<Value> {
        let socket = self.open.get_mut(&number)?;
        match command {
            SocketCommand::Ping => socket.peer.event(SocketEvent::Alive),
            SocketCommand::Close { .. } => {
                socket.peer.end();
                self.open.remove(&number);
            }
            SocketCommand::Text(frame) => {
                let frame: Value = serde_json::from_str(frame).unwrap_or_default();
                match text(&frame, "type") {
                    "hello" => {
                        socket.greet(store);
                        return None;
                    }
                    "ack" => store.ack(text(&frame, "message_id")),
                    _ => {}
                }
                return Some(frame);
            }
        }
        None
    }

    /// All of them, to be ended.
    pub(super) fn take(&mut self) -> Vec<Peer> {
        std::mem::take(&mut self.open).into_values().map(|socket| socket.peer).collect()
    }
}

impl Socket {
    /// Answers HELLO, and brings what is undelivered.
    fn greet(&mut self, store: &Store) {
        self.greeted = true;
        self.peer.text(&json!({"type": "hello.ok", "capabilities": ["ack"]}));
        for row in store.undelivered(0, usize::MAX) {
            self.peer.event(message(&row));
        }
    }
}

fn message(row: &Value) -> SocketEvent {
    SocketEvent::Text(json!({"type": "message.new", "payload": row}).to_string())
}
