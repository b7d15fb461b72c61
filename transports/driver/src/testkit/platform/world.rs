//! Everything that the platform knows, behind one lock: storing a message and pushing it is one step.

use bytes::Bytes;
use http::Request;
use serde_json::{Value, json};

use super::contacts::Contacts;
use super::files::Files;
use super::groups::{Groups, SystemEvent};
use super::sockets::Sockets;
use super::store::Store;

#[derive(Default)]
pub(super) struct World {
    pub(super) store: Store,
    pub(super) sockets: Sockets,
    pub(super) groups: Groups,
    pub(super) contacts: Contacts,
    pub(super) files: Files,
    pub(super) requests: Vec<Request<Bytes>>,
    pub(super) frames: Vec<Value>,
    pub(super) offline: bool,
}

impl World {
    /// Somebody writes; gives the message's id.
    pub(super) fn deliver(&mut self, row: &Value) -> String {
        let (id, row) = self.store.receive(row);
        self.sockets.push(&row);
        id
    }

    /// A group is told what happened in it. As on the platform that is stored and not pushed (contract 4.9).
    pub(super) fn tell(&mut self, event: Option<SystemEvent>) {
        if let Some(SystemEvent { group, sender, data }) = event {
            let row = json!({"conversation_id": group, "sender": sender, "type": "system", "content": {"data": data}});
            self.store.receive(&row);
        }
    }
}
