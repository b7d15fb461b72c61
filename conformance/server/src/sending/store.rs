//! The one place where messages come into being: number, row and envelopes in one step (contract 4.8).

use serde_json::{Map, Value};

use super::Draft;
use crate::clock::Millis;
use crate::error::ApiError;
use crate::ids::new_id;
use crate::settings::Settings;
use crate::state::State;
use crate::state::agent::AgentId;
use crate::state::id::{ConversationId, MessageId};
use crate::state::message::Message;

/// A message that has passed all checks.
#[derive(Debug)]
pub(crate) struct Row {
    pub(crate) conversation_id: ConversationId,
    pub(crate) sender: AgentId,
    pub(crate) draft: Draft,
    pub(crate) context: Value,
}

/// A message that has its number.
#[derive(Debug)]
pub(crate) struct Stored {
    pub(crate) message_id: MessageId,
    /// Recipients without an envelope, because they have too much waiting already.
    pub(crate) skipped: Vec<AgentId>,
}

pub(super) fn store(state: &mut State, settings: &Settings, row: Row, now: Millis) -> Result<Stored, ApiError> {
    insert(state, settings, new_id("msg_"), row, now)
}

/// Stores what the platform itself has to say in a conversation, in the name of an agent.
pub(crate) fn store_event(
    state: &mut State,
    settings: &Settings,
    (conversation_id, sender): (&str, &str),
    data: Value,
    context: Value,
    now: Millis,
) -> Result<MessageId, ApiError> {
    let id = new_id("msg_");
    let mut content = Map::new();
    content.insert("data".into(), data);
    let client_msg_id = Message::event_client_id(&id);
    let draft = Draft { client_msg_id, kind: "system".to_owned(), content, metadata: Map::new() };
    let row = Row { conversation_id: conversation_id.to_owned(), sender: sender.to_owned(), draft, context };
    Ok(insert(state, settings, id, row, now)?.message_id)
}

fn insert(state: &mut State, settings: &Settings, id: MessageId, row: Row, now: Millis) -> Result<Stored, ApiError> {
    let conversation = state.conversations.get_mut(&row.conversation_id).ok_or_else(ApiError::internal)?;
    let seq = conversation.next_seq();
    conversation.messages.push(id.clone());
    conversation.updated_at = now;
    let recipients = conversation.recipients(&row.sender);
    let number = state.messages.take_number();
    state.messages.insert(Message {
        id: id.clone(),
        conversation_id: row.conversation_id,
        client_msg_id: row.draft.client_msg_id,
        sender: row.sender,
        seq,
        kind: row.draft.kind,
        content: row.draft.content,
        metadata: row.draft.metadata,
        context: row.context,
        created_at: now,
        number,
    });
    let has_room = |agent: &AgentId| state.envelopes.undelivered(agent) < settings.backlog_cap;
    let (reached, skipped): (Vec<AgentId>, Vec<AgentId>) = recipients.into_iter().partition(has_room);
    for agent in reached {
        state.envelopes.store(&agent, &id);
    }
    Ok(Stored { message_id: id, skipped })
}
