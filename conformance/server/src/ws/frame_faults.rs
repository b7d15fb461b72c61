//! Where the rules of the switchboard meet the frames of a socket.

use serde_json::Value;
use tokio_tungstenite::tungstenite::Message;

use super::handshake::Identity;
use super::hub::{SharedWithSession, SocketId};
use crate::app::App;
use crate::faults::frame_queue::Damage;
use crate::faults::{Direction, FrameFault};

impl Identity {
    /// What is to happen to a frame of this socket.
    pub(super) fn fault(&self, app: &App, direction: Direction, kind: Option<&str>) -> Option<FrameFault> {
        if app.faults.is_empty() {
            return None;
        }
        let handle = app.state().agents.handle_of(&self.agent).to_owned();
        app.faults.on_frame(direction, kind, &handle)
    }
}

/// The name by which rules know a frame that the platform sends.
pub(super) fn frame_type(frame: &Message) -> Option<String> {
    match frame {
        Message::Text(text) => type_of(text.as_str()),
        Message::Ping(_) => Some("ping".to_owned()),
        Message::Binary(_) | Message::Pong(_) | Message::Close(_) | Message::Frame(_) => None,
    }
}

/// The `type` of a frame, if it is JSON that has one.
pub(super) fn type_of(text: &str) -> Option<String> {
    let mut frame: Value = serde_json::from_str(text).ok()?;
    match frame.get_mut("type")?.take() {
        Value::String(kind) => Some(kind),
        _ => None,
    }
}

/// Lets the connection of a socket suffer.
pub(super) fn damage(app: &App, identity: &Identity, id: SocketId, shared: &SharedWithSession, what: Damage) {
    match what {
        Damage::Close(code, reason) => app.state().hub.close_one(&identity.agent, id, code, &reason),
        Damage::Cut => shared.cut.notify_one(),
        Damage::Reset => shared.reset(),
        Damage::Freeze => shared.freeze(),
    }
}
