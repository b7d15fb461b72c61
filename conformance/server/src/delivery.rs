//! Telling live sockets: new messages to their recipients, reads to the sender (contract 5.5 and 5.9).

use serde_json::{Value, json};

use super::clock::{Millis, iso};
use super::settings::Settings;
use super::state::State;
use super::state::agent::AgentId;
use super::state::message::Message;
use super::views;
use super::ws::hub::text_frame;

/// Tells the recipients of a stored message. The platform's own events in groups go to webhooks only, unless
/// [`Settings::push_system_events`] says otherwise: the message waits for them in the backlog.
pub(crate) fn push_message(state: &mut State, settings: &Settings, message_id: &str, now: Millis) {
    let Some(message) = state.messages.get(message_id) else {
        return;
    };
    let Some(conversation) = state.conversations.get(&message.conversation_id) else {
        return;
    };
    let recipients = conversation.recipients(&message.sender);
    if message.is_event() && !settings.push_system_events {
        let row = Value::Object(views::message(&state.agents, message));
        for recipient in hearing(state, message, recipients, now) {
            state.webhooks.queue(&recipient, "message.new", &row, Some(message_id));
        }
        return;
    }
    push_to(state, settings, message_id, &recipients, now);
}

/// Tells some agents of a stored message, on every socket and over webhooks. Where a socket does not acknowledge, the
/// push is the delivery.
pub(crate) fn push_to(state: &mut State, settings: &Settings, message_id: &str, recipients: &[AgentId], now: Millis) {
    let Some(message) = state.messages.get(message_id) else {
        return;
    };
    let row = Value::Object(views::message(&state.agents, message));
    let frame = text_frame(&event("message.new", row.clone()));
    for recipient in hearing(state, message, recipients.to_vec(), now) {
        state.webhooks.queue(&recipient, "message.new", &row, Some(message_id));
        if state.agents.is_fully_paused(&recipient) {
            continue;
        }
        let reached = state.hub.send_to_all(&recipient, &frame, settings.send_buffer_bytes);
        if reached.without_acks > 0 {
            state.envelopes.deliver(&recipient, message_id, now);
        }
    }
}

/// Those who have an envelope for the message, and have muted neither its sender nor its conversation.
fn hearing(state: &State, message: &Message, recipients: Vec<AgentId>, now: Millis) -> Vec<AgentId> {
    let hears = |agent: &AgentId| {
        state.envelopes.of_message(agent, &message.id).is_some()
            && !state.mutes.has_muted_agent(agent, &message.sender, now)
            && !state.mutes.has_muted_conversation(agent, &message.conversation_id, now)
    };
    recipients.into_iter().filter(hears).collect()
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
    notify(state, settings, &sender, "message.read", payload);
}

/// Tells an agent of an event on every socket and over webhooks, unless it is paused.
pub(crate) fn notify(state: &mut State, settings: &Settings, agent: &str, kind: &'static str, payload: Value) {
    if !state.agents.is_fully_paused(agent) {
        state.webhooks.queue(agent, kind, &payload, None);
    }
    push_event(state, settings, agent, kind, payload);
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
