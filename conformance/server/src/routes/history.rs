//! The messages of one conversation, by page (contract 2.3).

use axum::Json;
use axum::extract::{Query, State};
use serde_json::Value;

use crate::app::Shared;
use crate::auth::Caller;
use crate::error::ApiError;
use crate::groups::access;
use crate::path::Path;
use crate::query::{Params, clamped, optional_number};
use crate::state::agent::AgentId;
use crate::state::conversation::Conversation;
use crate::state::id::MessageId;
use crate::state::message::Message;
use crate::{state, views};

pub(crate) async fn history(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(conversation_id): Path<String>,
    Query(params): Query<Params>,
) -> Result<Json<Vec<Value>>, ApiError> {
    let limit = clamped(&params, "limit", 50, 1, 200)?;
    let window = Window::read(&params)?;
    let state = app.state();
    let conversation = readable(&state, &me, &conversation_id)?;
    let page = window.of(&state, conversation, conversation.first_visible_seq(&me), limit)?;
    // Hiding comes after the limit, so that a page can be short without being the last.
    let seen = page.into_iter().filter_map(|id| state.messages.get(id));
    let seen = seen.filter(|message| !state.hidden.hides_message(&me, message));
    Ok(Json(seen.map(|message| row(&state, conversation, &me, message)).collect()))
}

fn readable<'a>(state: &'a state::State, me: &str, id: &str) -> Result<&'a Conversation, ApiError> {
    if let Some(deletion) = access::deletion(state, me, id) {
        return Err(deletion);
    }
    let conversation = state.conversations.get(id).filter(|conversation| conversation.has_participant(me));
    conversation.ok_or_else(|| ApiError::forbidden("FORBIDDEN", "You are not part of this conversation"))
}

/// A direct message has one envelope, and both sides see its state. In a group everybody sees their own.
fn row(state: &state::State, conversation: &Conversation, me: &AgentId, message: &Message) -> Value {
    let holders = match conversation.group() {
        Some(_) => vec![me.clone()],
        None => conversation.recipients(&message.sender),
    };
    let envelope = holders.iter().find_map(|agent| state.envelopes.of_message(agent, &message.id));
    views::delivery(&state.agents, message, envelope)
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

    /// The page, without the rows before `first`.
    fn of<'a>(
        &self,
        state: &state::State,
        conversation: &'a Conversation,
        first: u64,
        limit: usize,
    ) -> Result<Vec<&'a MessageId>, ApiError> {
        let (messages, before_first) = (&conversation.messages, first.saturating_sub(1));
        let newest_first = |through| messages.range(before_first, through).rev().take(limit).collect();
        Ok(match self {
            Window::Before(seq) => newest_first(seq.saturating_sub(1)),
            Window::After(seq) => messages.range(before_first.max(*seq), u64::MAX).take(limit).collect(),
            Window::EndingWith(message_id) => {
                let message = state.messages.get(message_id).filter(|one| one.conversation_id == conversation.id);
                let not_found = || ApiError::not_found("MESSAGE_NOT_FOUND", "Message not found");
                newest_first(message.ok_or_else(not_found)?.seq)
            }
        })
    }
}
