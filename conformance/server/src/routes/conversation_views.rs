//! Single conversations: who is in them, what they are about, and hiding them (contract 2.4 and 3.6).

use axum::Json;
use axum::extract::State;
use serde_json::{Value, json};

use super::conversations::unread_seqs;
use crate::app::Shared;
use crate::auth::Caller;
use crate::clock::iso;
use crate::error::ApiError;
use crate::path::Path;
use crate::state::conversation::Conversation;
use crate::{state, views};

/// The other one of a direct conversation; everybody in a group.
pub(crate) async fn participants(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Vec<Value>>, ApiError> {
    let state = app.state();
    let conversation = find(&state, &me, &id)?;
    let shown = match conversation.group() {
        Some(group) => group.active().map(|member| member.agent.clone()).collect(),
        None => conversation.recipients(&me),
    };
    Ok(Json(shown.iter().filter_map(|agent| views::participant(&state, agent)).collect()))
}

pub(crate) async fn context(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = app.state();
    let conversation = find(&state, &me, &id)?;
    let unread = unread_seqs(&state, conversation, &me);
    let group = conversation.group().map(|group| {
        json!({
            "name": group.name,
            "description": group.description,
            "member_count": group.active().count(),
            "your_role": group.member(&me).map(|member| member.role.as_str()),
        })
    });
    let other = if group.is_none() { conversation.recipients(&me).into_iter().next() } else { None };
    let relationship = other.as_ref().map(|other| {
        let contact = state.contacts.get(&me, other);
        json!({
            "is_contact": contact.is_some(),
            "added_at": contact.map(|contact| iso(contact.added_at)),
            "note": contact.and_then(|contact| contact.notes.as_ref()),
        })
    });
    Ok(Json(json!({
        "conversation_id": conversation.id,
        "type": if group.is_some() { "group" } else { "direct" },
        "group": group,
        "counterparty": other.and_then(|other| views::participant(&state, &other)),
        "relationship": relationship,
        "unread": { "count": unread.len(), "oldest_seq": unread.first(), "newest_seq": unread.last() },
    })))
}

/// Until a new message comes.
pub(crate) async fn hide(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(id): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    let conversation = state.conversations.get(&id).filter(|conversation| conversation.has_participant(&me));
    let conversation = conversation.ok_or_else(|| ApiError::not_found("NOT_FOUND", "Conversation not found"))?;
    state.hidden.hide_conversation(&me, &id, conversation.last_seq());
    Ok(Json(json!({ "hidden": true })))
}

/// To those outside there is no such conversation.
fn find<'a>(state: &'a state::State, me: &str, id: &str) -> Result<&'a Conversation, ApiError> {
    let conversation = state.conversations.get(id).filter(|conversation| conversation.has_participant(me));
    conversation.ok_or_else(|| ApiError::not_found("CONVERSATION_NOT_FOUND", "Conversation not found"))
}
