//! The list of an agent's conversations (contract 2.4 and 3.6).

use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Map, Value, json};

use crate::app::Shared;
use crate::auth::Caller;
use crate::clock::{Millis, iso};
use crate::error::ApiError;
use crate::query::{Params, clamped};
use crate::state::conversation::Conversation;
use crate::state::envelope::Status;
use crate::state::message::Message;
use crate::{state, views};

const PREVIEW_CHARACTERS: usize = 140;

pub(crate) async fn list(
    State(app): State<Shared>,
    Caller(me): Caller,
    Query(params): Query<Params>,
) -> Result<Json<Vec<Value>>, ApiError> {
    let limit = clamped(&params, "limit", 50, 1, 50)?;
    let offset = clamped(&params, "offset", 0, 0, usize::MAX)?;
    let (state, now) = (app.state(), app.clock.unix_millis());
    // A hidden conversation whose messages are all gone stays hidden.
    let newest = |one: &Conversation| last_message(&state, one).map_or(0, |last| last.seq);
    let is_shown = |one: &&Conversation| !state.hidden.hides_conversation(&me, &one.id, newest(one));
    let mut mine: Vec<&Conversation> = state.conversations.of_agent(&me).filter(is_shown).collect();
    let last_at = |one: &Conversation| last_message(&state, one).map(|last| (last.created_at, last.number));
    mine.sort_by_key(|conversation| std::cmp::Reverse(last_at(conversation)));
    let page = mine.into_iter().skip(offset).take(limit);
    Ok(Json(page.map(|conversation| item(&state, conversation, &me, now)).collect()))
}

fn last_message<'a>(state: &'a state::State, conversation: &Conversation) -> Option<&'a Message> {
    state.messages.get(conversation.messages.last()?)
}

fn item(state: &state::State, conversation: &Conversation, me: &str, now: Millis) -> Value {
    let (last, group) = (last_message(state, conversation), conversation.group());
    let others = if group.is_some() { Vec::new() } else { conversation.recipients(me) };
    let unread = unread_seqs(state, conversation, me);
    json!({
        "id": conversation.id,
        "type": if group.is_some() { "group" } else { "direct" },
        "participants": others.iter().filter_map(|agent| views::participant(state, agent)).collect::<Vec<_>>(),
        "group_name": group.map(|group| &group.name),
        "group_avatar_url": group.and_then(|group| group.avatar_url.as_ref()),
        "group_member_count": group.map(|group| group.active().count()),
        "last_message_preview": last.map(preview),
        "last_message_is_own": last.is_some_and(|message| message.sender == me),
        "last_message_type": last.map(|message| &message.kind),
        "last_message_at": last.map(|message| iso(message.created_at)),
        "updated_at": iso(conversation.updated_at),
        "is_muted": is_muted(state, conversation, me, now),
        "unread_count": unread.len(),
        "oldest_unread_seq": unread.first(),
        "newest_unread_seq": unread.last(),
    })
}

/// A direct conversation is quiet as well when the other agent is muted.
fn is_muted(state: &state::State, conversation: &Conversation, me: &str, now: Millis) -> bool {
    let is_direct = conversation.group().is_none();
    let is_other_muted = || conversation.recipients(me).iter().any(|other| state.mutes.has_muted_agent(me, other, now));
    state.mutes.has_muted_conversation(me, &conversation.id, now) || (is_direct && is_other_muted())
}

pub(super) fn unread_seqs(state: &state::State, conversation: &Conversation, me: &str) -> Vec<u64> {
    let is_unread = |id: &&String| state.envelopes.of_message(me, id).is_some_and(|one| one.status != Status::Read);
    conversation.messages.iter().filter(is_unread).filter_map(|id| Some(state.messages.get(id)?.seq)).collect()
}

fn preview(message: &Message) -> String {
    let text = |content: &Map<String, Value>| content.get("text").and_then(Value::as_str).map(str::to_owned);
    match (message.kind.as_str(), text(&message.content)) {
        ("system", _) => "System update".to_owned(),
        ("text", Some(text)) => {
            text.split_whitespace().collect::<Vec<_>>().join(" ").chars().take(PREVIEW_CHARACTERS).collect()
        }
        _ if message.content.contains_key("attachment_id") => "Attachment".to_owned(),
        (kind, _) => format!("[{kind}]"),
    }
}
