//! The messages of one conversation, by page (wire contract section 2.3).

use axum::{
    Json,
    extract::{Path, Query, State},
};
use serde_json::Value;

use crate::server::{
    app::Shared,
    auth::Caller,
    error::ApiError,
    query::{Params, clamped, optional_number},
    state::{self, conversation::Conversation, message::MessageId},
    views,
};

pub(crate) async fn history(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(conversation_id): Path<String>,
    Query(params): Query<Params>,
) -> Result<Json<Vec<Value>>, ApiError> {
    let limit = clamped(&params, "limit", 50, 1, 200)?;
    let window = Window::read(&params)?;
    let state = app.state();
    let conversation = state
        .conversations
        .get(&conversation_id)
        .filter(|conversation| conversation.has_participant(&me))
        .ok_or_else(|| ApiError::forbidden("FORBIDDEN", "You are not part of this conversation"))?;
    let page = window.of(&state, conversation, limit)?;
    let rows = page.into_iter().filter_map(|id| row(&state, conversation, id)).collect();
    Ok(Json(rows))
}

/// A direct message has one envelope, and both sides see its state.
fn row(state: &state::State, conversation: &Conversation, message_id: &str) -> Option<Value> {
    let message = state.messages.get(message_id)?;
    let recipients = conversation.recipients(&message.sender);
    let envelope = recipients.iter().find_map(|agent| state.envelopes.of_message(agent, message_id));
    Some(views::delivery(&state.agents, message, envelope))
}

/// Which part of the history is wanted.
enum Window {
    /// The newest messages below this seq, newest first.
    Before(u64),
    /// The oldest messages above this seq, oldest first.
    After(u64),
    /// This message and those before it, newest first.
    EndingWith(MessageId),
}

impl Window {
    fn read(params: &Params) -> Result<Window, ApiError> {
        let before = optional_number(params, "before_seq")?;
        let after = optional_number(params, "after_seq")?;
        match (before, after, params.get("around_message_id")) {
            (None, None, Some(message_id)) => Ok(Window::EndingWith(message_id.clone())),
            (None, Some(seq), None) => Ok(Window::After(seq)),
            (before, None, None) => Ok(Window::Before(before.unwrap_or(u64::MAX))),
            _ => Err(ApiError::invalid("Use only one of before_seq, after_seq and around_message_id")),
        }
    }

    fn of<'a>(
        &self,
        state: &state::State,
        conversation: &'a Conversation,
        limit: usize,
    ) -> Result<Vec<&'a MessageId>, ApiError> {
        let messages = &conversation.messages;
        let up_to = |count: u64| usize::try_from(count).map_or(messages.len(), |count| count.min(messages.len()));
        let newest_first = |end: usize| messages[..end].iter().rev().take(limit).collect();
        Ok(match self {
            Window::Before(seq) => newest_first(up_to(seq.saturating_sub(1))),
            Window::After(seq) => messages[up_to(*seq)..].iter().take(limit).collect(),
            Window::EndingWith(message_id) => {
                let message = state.messages.get(message_id).filter(|one| one.conversation_id == conversation.id);
                let not_found = || ApiError::not_found("MESSAGE_NOT_FOUND", "Message not found");
                newest_first(up_to(message.ok_or_else(not_found)?.seq))
            }
        })
    }
}
