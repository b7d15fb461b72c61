//! The sockets of an agent: counted, disturbed, written to.

use tokio_tungstenite::tungstenite::Message;

use super::LocalPlatform;
use crate::ws::hub::OpenSocket;

/// A frame that is sent as it is, whether it makes sense or not.
///
/// ```
/// # use agentchat_local::{LocalPlatform, RawFrame};
/// fn confuse(platform: &LocalPlatform) {
///     platform.push_raw("alice", RawFrame::Text("{\"type\":".into()));
///     platform.push_raw("alice", RawFrame::Binary(vec![0xff; 4]));
///     platform.push_raw("alice", RawFrame::Ping(b"still there?".to_vec()));
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawFrame {
    /// A text frame.
    Text(String),
    /// A binary frame; the platform itself never sends one.
    Binary(Vec<u8>),
    /// A ping with up to 125 bytes, in addition to the heartbeat.
    Ping(Vec<u8>),
}

impl LocalPlatform {
    /// Drops the connections of an agent's sockets without a close frame, and returns how many there were.
    pub fn cut_sockets(&self, handle: &str) -> usize {
        self.with_agent(handle, |state, id| state.hub.cut_all(id))
    }

    /// Resets the connections of an agent's sockets, and returns how many there were.
    pub fn reset_sockets(&self, handle: &str) -> usize {
        self.with_agent(handle, |state, id| state.hub.reset_all(id))
    }

    /// Makes an agent's sockets half-open, and returns how many there were: they stay connected, but from now on nothing is
    /// read or written on them. [`LocalPlatform::cut_sockets`] ends that.
    pub fn freeze_sockets(&self, handle: &str) -> usize {
        self.with_agent(handle, |state, id| state.hub.freeze_all(id))
    }

    /// Closes an agent's sockets with a code and a reason of up to 123 bytes, and returns how many there were.
    pub fn close_sockets(&self, handle: &str, code: u16, reason: &str) -> usize {
        self.with_agent(handle, |state, id| state.hub.close_all(id, code, reason))
    }

    /// All authenticated sockets, in the order in which they were opened.
    #[must_use]
    pub fn sockets(&self) -> Vec<OpenSocket> {
        let state = self.app.state();
        state.hub.list(|agent| state.agents.handle_of(agent).to_owned())
    }

    /// How many authenticated sockets an agent has.
    #[must_use]
    pub fn open_sockets(&self, handle: &str) -> usize {
        self.with_agent(handle, |state, id| state.hub.count(id))
    }

    /// Sends a frame to all sockets of an agent, and returns how many that were. The limit of the send buffer applies.
    pub fn push_raw(&self, handle: &str, frame: RawFrame) -> usize {
        let frame = match frame {
            RawFrame::Text(text) => Message::Text(text.into()),
            RawFrame::Binary(bytes) => Message::Binary(bytes.into()),
            RawFrame::Ping(bytes) => Message::Ping(bytes.into()),
        };
        let limit = self.app.settings.send_buffer_bytes;
        self.with_agent(handle, |state, id| state.hub.send_to_all(id, &frame, limit).sockets)
    }
}
