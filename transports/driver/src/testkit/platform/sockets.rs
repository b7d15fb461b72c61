//! The open sockets: HELLO, pushes and acks (contract 5).

use std::collections::BTreeMap;

use serde_json::{Value, json};

use super::World;
use super::store::text;
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

    /// All of them, to be ended.
    pub(super) fn take(&mut self) -> Vec<Peer> {
        std::mem::take(&mut self.open).into_values().map(|socket| socket.peer).collect()
    }
}

impl World {
    /// What a client has sent.
    pub(super) fn take(&mut self, number: u64, command: &SocketCommand) {
        let Some(socket) = self.sockets.open.get_mut(&number) else { return };
        match command {
            SocketCommand::Ping => socket.peer.event(SocketEvent::Alive),
            SocketCommand::Close { .. } => {
                socket.peer.end();
                self.sockets.open.remove(&number);
            }
            SocketCommand::Text(frame) => {
                let frame: Value = serde_json::from_str(frame).unwrap_or_default();
                if text(&frame, "type") == "hello" {
                    socket.greeted = true;
                    socket.peer.text(&json!({"type": "hello.ok", "capabilities": ["ack"]}));
                    for row in self.store.undelivered(0, usize::MAX) {
                        socket.peer.event(message(&row));
                    }
                    return;
                }
                if text(&frame, "type") == "ack" {
                    self.store.ack(text(&frame, "message_id"));
                }
                self.frames.push(frame);
            }
        }
    }
}

fn message(row: &Value) -> SocketEvent {
    SocketEvent::Text(json!({"type": "message.new", "payload": row}).to_string())
}
