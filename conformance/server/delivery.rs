//! Telling live sockets: new messages to their recipients, reads to the sender (wire contract sections 5.5 and 5.9).

use serde_json::{Value, json};

use super::{
    clock::{Millis, iso},
    settings::Settings,
    state::State,
    views,
    ws::hub::text_frame,
};

/// Pushes a stored message to every socket of its recipients. Where a socket does not acknowledge, that is the delivery.
pub(crate) fn push_message(state: &mut State, settings: &Settings, message_id: &str, now: Millis) {
    let Some(message) = state.messages.get(message_id) else {
        return;
    };
    let Some(conversation) = state.conversations.get(&message.conversation_id) else {
        return;
    };
    let frame = text_frame(&event("message.new", Value::Object(views::message(&state.agents, message))));
    for recipient in conversation.recipients(&message.sender) {
        if state.agents.is_fully_paused(&recipient) {
            continue;
        }
        let reached = state.hub.send_to_all(&recipient, &frame, settings.send_buffer_bytes);
        if reached.without_acks > 0 {
            state.envelopes.deliver(&recipient, message_id, now);
        }
    }
}

/// Tells the sender of a message that it was read, with further fields for the payload.
pub(crate) fn push_read(state: &mut State, settings: &Settings, message_id: &str, reader: &str, extras: Value) {
    let Some(message) = state.messages.get(message_id) else {
        return;
    };
    let sender = message.sender.clone();
    let envelope = state.envelopes.of_message(reader, message_id);
    let mut payload = json!({
        "message_id": message_id,
        "read_by": state.agents.handle_of(reader),
        "read_at": envelope.and_then(|envelope| envelope.read_at).map(iso),
    });
    if let (Value::Object(payload), Value::Object(extras)) = (&mut payload, extras) {
        payload.extend(extras);
    }
    push_event(state, settings, &sender, "message.read", payload);
}

/// Pushes an event to every socket of an agent, unless it is paused.
pub(crate) fn push_event(state: &mut State, settings: &Settings, agent: &str, kind: &str, payload: Value) {
    if !state.agents.is_fully_paused(agent) {
        let frame = text_frame(&event(kind, payload));
        state.hub.send_to_all(agent, &frame, settings.send_buffer_bytes);
    }
}

/// `{"type": …, "payload": …}`
pub(crate) fn event(kind: &str, payload: Value) -> Value {
    json!({ "type": kind, "payload": payload })
}
