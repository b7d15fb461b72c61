//! The platform's side of a session.

use std::time::Duration;

use agentchat_driver::testkit::{Peer, Task};
use agentchat_driver::{Connection, Realtime};
use agentchat_engine::realtime::{Checkpoint, ConnectionState, SessionOptions};
use serde_json::{Value, json};

pub(crate) use crate::store::Rig;

/// A session whose connection runs, connected in ack mode unless said otherwise.
pub(crate) struct Session {
    pub(crate) rig: Rig,
    pub(crate) realtime: Realtime,
    pub(crate) connection: Task<ConnectionState>,
    pub(crate) peer: Peer,
}

impl Session {
    pub(crate) fn live() -> Self {
        Self::from(None)
    }

    /// A session that goes on from a checkpoint, or from none.
    pub(crate) fn from(checkpoint: Option<Checkpoint>) -> Self {
        let rig = Rig::new();
        let options = SessionOptions::default().own_handle("me").drain(false);
        let (realtime, connection) = rig.client.realtime_from(options, checkpoint);
        let mut connection = Task::new(Connection::run(connection));
        assert_eq!(connection.run(), None);
        let peer = accept(&rig, &mut connection);
        assert_eq!(realtime.state(), ConnectionState::Live);
        Self { rig, realtime, connection, peer }
    }

    /// Lets the connection do what it can.
    pub(crate) fn run(&mut self) {
        assert_eq!(self.connection.run(), None, "the session goes on");
    }

    pub(crate) fn advance(&mut self, by: Duration) {
        self.rig.script.clock().advance(by);
        self.run();
    }

    /// Lets the connection end, however long that takes.
    pub(crate) fn advance_to_end(&mut self) {
        while self.connection.run().is_none() {
            self.rig.script.clock().advance(Duration::from_secs(1));
        }
    }

    pub(crate) fn message(&mut self, conversation: &str, seq: u64) {
        say_message(&self.peer, conversation, seq);
        self.run();
    }

    /// Ids acked since the last look.
    pub(crate) fn acked(&mut self) -> Vec<String> {
        self.run();
        let frames = self.peer.sent_texts();
        frames.iter().map(|frame| frame["message_id"].as_str().expect("an ack").to_owned()).collect()
    }
}

/// Opens the socket that is being asked for and accepts its HELLO.
pub(crate) fn accept(rig: &Rig, connection: &mut Task<ConnectionState>) -> Peer {
    let peer = rig.script.next_opening().expect("a socket is asked for").accept();
    assert_eq!(connection.run(), None);
    assert_eq!(peer.sent_texts()[0]["type"], "hello");
    peer.text(&json!({"type": "hello.ok", "capabilities": ["ack"]}));
    assert_eq!(connection.run(), None);
    peer
}

pub(crate) fn say_message(peer: &Peer, conversation: &str, seq: u64) {
    peer.text(&json!({"type": "message.new", "payload": message(conversation, seq, "alice")}));
}

pub(crate) fn message(conversation: &str, seq: u64, sender: &str) -> Value {
    json!({"id": format!("{conversation}-{seq}"), "conversation_id": conversation, "seq": seq, "sender": sender,
        "type": "text", "content": {"text": "hi"}, "metadata": {}, "created_at": "2026-04-20T10:00:00.000Z"})
}
