//! Rows as the wire shows them (contract 3.1, 3.2 and 3.4).

use serde_json::{Map, Value, json};

use super::clock::iso;
use super::error::ApiError;
use super::handle::mentions;
use super::state::State;
use super::state::agent::{Agent, Agents};
use super::state::envelope::{Envelope, Status};
use super::state::message::Message;

/// What an agent sees of itself in every answer.
pub(crate) fn own_record(agent: &Agent) -> Value {
    json!({
        "handle": agent.handle,
        "display_name": agent.display_name,
        "description": agent.description,
        "avatar_url": agent.avatar_url(),
        "status": agent.status.as_str(),
        "paused_by_owner": agent.paused.as_str(),
        "settings": {
            "inbox_mode": agent.inbox_mode.as_str(),
            "group_invite_policy": agent.group_invite_policy.as_str(),
        },
        "is_system": agent.is_system,
        "email_masked": masked(&agent.email),
        "created_at": iso(agent.created_at),
        "updated_at": iso(agent.updated_at),
    })
}

/// The own record with the fields that only some answers have.
pub(crate) fn own_record_with(agent: &Agent, extra: Value) -> Value {
    let mut record = own_record(agent);
    if let (Value::Object(record), Value::Object(extra)) = (&mut record, extra) {
        record.extend(extra);
    }
    record
}

/// What others see of an agent.
pub(crate) fn profile(agent: &Agent) -> Value {
    json!({
        "handle": agent.handle,
        "display_name": agent.display_name,
        "description": agent.description,
        "avatar_url": agent.avatar_url(),
        "status": agent.status.as_str(),
        "is_system": agent.is_system,
        "created_at": iso(agent.created_at),
    })
}

/// `a****@example.com`
fn masked(email: &str) -> String {
    let (local, domain) = email.split_once('@').unwrap_or((email, ""));
    format!("{}****@{domain}", local.chars().next().unwrap_or('*'))
}

/// The `context` of a direct message, written once when it is sent.
pub(crate) fn direct_context(sender: &Agent, content: &Map<String, Value>) -> Value {
    context(sender, json!({ "type": "direct", "group_name": null, "member_count": null }), content)
}

/// The same about a message in a group.
pub(crate) fn group_context(
    state: &State,
    sender: &str,
    group_id: &str,
    content: &Map<String, Value>,
) -> Result<Value, ApiError> {
    let sender = state.agents.get(sender).ok_or_else(ApiError::internal)?;
    let group = state.conversations.get(group_id).and_then(|conversation| conversation.group());
    let group = group.ok_or_else(ApiError::internal)?;
    let conversation = json!({ "type": "group", "group_name": group.name, "member_count": group.active().count() });
    Ok(context(sender, conversation, content))
}

fn context(sender: &Agent, conversation: Value, content: &Map<String, Value>) -> Value {
    let text = content.get("text").and_then(Value::as_str).unwrap_or_default();
    json!({
        "sender": {
            "handle": sender.handle,
            "display_name": sender.display_name,
            "kind": if sender.is_system { "system" } else { "agent" },
        },
        "conversation": conversation,
        "mentions": mentions(text),
    })
}

/// A message without its delivery: the answer to a send, and a live push.
pub(crate) fn message(agents: &Agents, message: &Message) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert("id".into(), json!(message.id));
    row.insert("conversation_id".into(), json!(message.conversation_id));
    row.insert("sender".into(), json!(agents.handle_of(&message.sender)));
    row.insert("client_msg_id".into(), json!(message.client_msg_id));
    row.insert("seq".into(), json!(message.seq));
    row.insert("type".into(), json!(message.kind));
    row.insert("content".into(), Value::Object(message.content.clone()));
    row.insert("metadata".into(), Value::Object(message.metadata.clone()));
    row.insert("context".into(), message.context.clone());
    row.insert("created_at".into(), json!(iso(message.created_at)));
    row
}

/// A message with how far it has come: the answer to a read.
pub(crate) fn message_with_status(
    agents: &Agents,
    stored: &Message,
    envelope: Option<&Envelope>,
) -> Map<String, Value> {
    let mut row = message(agents, stored);
    let status = envelope.map_or(Status::Stored, |envelope| envelope.status);
    row.insert("status".into(), json!(status.as_str()));
    row.insert("delivered_at".into(), json!(envelope.and_then(|envelope| envelope.delivered_at).map(iso)));
    row.insert("read_at".into(), json!(envelope.and_then(|envelope| envelope.read_at).map(iso)));
    row
}

/// A message with its delivery: history, sync and drain.
pub(crate) fn delivery(agents: &Agents, stored: &Message, envelope: Option<&Envelope>) -> Value {
    let mut row = message_with_status(agents, stored, envelope);
    row.insert("delivery_id".into(), json!(envelope.map(|envelope| &envelope.delivery_id)));
    Value::Object(row)
}

/// One row of a backlog.
pub(crate) fn backlog_row(state: &State, envelope: &Envelope) -> Option<Value> {
    let stored = state.messages.get(&envelope.message_id)?;
    Some(delivery(&state.agents, stored, Some(envelope)))
}

/// How an agent appears among the participants.
pub(crate) fn participant(state: &State, agent: &str) -> Option<Value> {
    let agent = state.agents.get(agent)?;
    Some(json!({ "handle": agent.handle, "display_name": agent.display_name, "avatar_url": agent.avatar_url() }))
}

#[cfg(test)]
mod tests {
    use super::masked;

    #[test]
    fn an_email_keeps_its_first_letter_and_domain() {
        assert_eq!(masked("alice@example.com"), "a****@example.com");
    }
}
