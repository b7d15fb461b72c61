//! What clients send after HELLO; anything unknown is ignored (wire contract sections 5.6 and 5.7).

use serde_json::Value;

use super::handshake::Identity;
use crate::server::app::App;

pub(super) fn handle(app: &App, identity: &Identity, text: &str) {
    let Ok(frame) = serde_json::from_str::<Value>(text) else {
        return;
    };
    if frame.get("type").and_then(Value::as_str) == Some("ack") {
        acknowledge(app, identity, &frame);
    }
}

/// The client has handled a message. Ids that are unknown, foreign or already acknowledged change nothing.
fn acknowledge(app: &App, identity: &Identity, frame: &Value) {
    let Some(message_id) = frame.get("message_id").and_then(Value::as_str) else {
        return;
    };
    if identity.acks {
        app.state()
            .envelopes
            .deliver(&identity.agent, message_id, app.clock.unix_millis());
    }
}
