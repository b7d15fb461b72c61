//! What clients send after HELLO; anything unknown is ignored (contract 5.6 and 5.7).

use serde_json::{Value, json};

use super::handshake::Identity;
use crate::app::App;
use crate::delivery;
use crate::json_body::whole;
use crate::state::conversation::{Conversation, Conversations};

pub(super) fn handle(app: &App, identity: &Identity, text: &str) {
    let Ok(frame) = serde_json::from_str::<Value>(text) else {
        return;
    };
    match frame.get("type").and_then(Value::as_str) {
        Some("ack") => acknowledge(app, identity, &frame),
        Some(kind @ ("typing.start" | "typing.stop")) => relay_typing(app, identity, kind, &frame),
        Some("message.read_ack") => read_through(app, identity, &frame),
        _ => {}
    }
}

/// The client has handled a message. Ids that are unknown, foreign or already acknowledged change nothing.
fn acknowledge(app: &App, identity: &Identity, frame: &Value) {
    let Some(message_id) = frame.get("message_id").and_then(Value::as_str) else {
        return;
    };
    if identity.acks {
        let now = app.clock.unix_millis();
        app.state().envelopes.deliver(&identity.agent, message_id, now);
    }
}

/// Tells the others in the conversation, and keeps nothing.
fn relay_typing(app: &App, identity: &Identity, kind: &str, frame: &Value) {
    let state = &mut *app.state();
    let Some(conversation) = conversation_of(&state.conversations, identity, frame) else {
        return;
    };
    let (conversation_id, others) = (conversation.id.clone(), conversation.recipients(&identity.agent));
    let sender = state.agents.handle_of(&identity.agent).to_owned();
    for other in others {
        let payload = json!({ "conversation_id": conversation_id, "sender": sender });
        delivery::push_event(state, &app.settings, &other, kind, payload);
    }
}

/// Reads everything up to a seq. What the real platform then sends is not known; contract 8.5 settles on one
/// `message.read` for the highest message, with the frame's own fields beside the usual ones.
fn read_through(app: &App, identity: &Identity, frame: &Value) {
    let Some(through_seq) = frame.pointer("/payload/through_seq").and_then(whole) else {
        return;
    };
    let (now, state) = (app.clock.unix_millis(), &mut *app.state());
    let Some(conversation) = conversation_of(&state.conversations, identity, frame) else {
        return;
    };
    let extras = json!({ "conversation_id": conversation.id, "through_seq": through_seq });
    let mut highest = None;
    for message_id in conversation.messages.range(0, through_seq) {
        if state.envelopes.read(&identity.agent, message_id, now) {
            highest = Some(message_id.clone());
        }
    }
    if let Some(message_id) = highest {
        delivery::push_read(state, &app.settings, &message_id, &identity.agent, extras);
    }
}

/// The conversation that a frame names, if the client takes part in it.
fn conversation_of<'a>(
    conversations: &'a Conversations,
    identity: &Identity,
    frame: &Value,
) -> Option<&'a Conversation> {
    let id = frame.pointer("/payload/conversation_id")?.as_str()?;
    conversations.get(id).filter(|conversation| conversation.has_participant(&identity.agent))
}
