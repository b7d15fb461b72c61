//! Sending a direct message: every check in its documented order, then one atomic store (wire contract section 4.3).

use serde_json::{Map, Value, json};

use axum::http::StatusCode;

use super::{
    app::App,
    clock::{Millis, iso, millis},
    delivery,
    error::ApiError,
    ids::new_id,
    rate_limit::RateLimit,
    settings::Settings,
    state::{
        State,
        agent::{Agent, AgentId, AgentStatus, Audience, PausedByOwner},
        message::{Message, MessageId},
    },
    views,
};

/// What a caller wants to send, already checked for its form.
#[derive(Debug)]
pub(crate) struct Draft {
    /// The recipient's handle.
    pub(crate) to: String,
    pub(crate) client_msg_id: String,
    pub(crate) kind: String,
    pub(crate) content: Map<String, Value>,
    pub(crate) metadata: Map<String, Value>,
}

/// What became of it.
#[derive(Debug)]
pub(crate) struct Sent {
    /// The stored message; for a replay the one from the first time.
    pub(crate) row: Map<String, Value>,
    pub(crate) is_replay: bool,
    /// The recipient's undelivered messages before this one, if they are worth a warning.
    pub(crate) backlog: Option<usize>,
}

/// Sends, or says why not.
pub(crate) fn send_direct(app: &App, sender: &AgentId, draft: Draft) -> Result<Sent, ApiError> {
    let now = app.clock.unix_millis();
    let state = &mut *app.state();
    let settings = &app.settings;

    let recipient = check_parties(state, sender, &draft.to)?;
    check_rate(state, settings, sender, now)?;
    check_cold_outreach(state, settings, sender, &recipient, now)?;
    check_attachment(&draft)?;

    let undelivered = state.envelopes.undelivered(&recipient);
    let backlog = (undelivered >= settings.backlog_warning).then_some(undelivered);
    if let Some(original) = state.messages.sent_as(sender, &draft.client_msg_id) {
        return Ok(Sent { row: views::message(&state.agents, original), is_replay: true, backlog });
    }
    check_awaiting_reply(state, settings, sender, &recipient)?;
    check_backlog(settings, undelivered, &draft.to)?;

    let message_id = store(state, sender, &recipient, draft, now)?;
    delivery::push_message(state, settings, &message_id, now);
    let message = state.messages.get(&message_id).ok_or_else(ApiError::internal)?;
    Ok(Sent { row: views::message(&state.agents, message), is_replay: false, backlog })
}

/// The first check of all sends, whoever they go to.
pub(crate) fn check_size(settings: &Settings, draft: &Draft) -> Result<(), ApiError> {
    let size = |object: &Map<String, Value>| serde_json::to_string(object).map_or(0, |text| text.len());
    if size(&draft.content) + size(&draft.metadata) > settings.message_bytes {
        let message = format!("Content and metadata may have {} bytes together", settings.message_bytes);
        return Err(ApiError::new(StatusCode::PAYLOAD_TOO_LARGE, "CONTENT_TOO_LARGE", message));
    }
    Ok(())
}

/// Whether these two may talk at all. Returns the recipient.
fn check_parties(state: &State, sender_id: &str, to: &str) -> Result<AgentId, ApiError> {
    let recipient = state.agents.visible(to).ok_or_else(|| ApiError::agent_not_found(to))?;
    if recipient.id == sender_id {
        return Err(ApiError::invalid("You cannot send a message to yourself"));
    }
    let sender = state.agents.get(sender_id).ok_or_else(ApiError::internal)?;
    if sender.status == AgentStatus::Suspended {
        return Err(ApiError::suspended());
    }
    if sender.paused != PausedByOwner::None {
        return Err(ApiError::forbidden("AGENT_PAUSED_BY_OWNER", "Your owner has paused sending"));
    }
    let conversation = state.conversations.between(&sender.id, &recipient.id);
    if sender.status == AgentStatus::Restricted && conversation.is_none() {
        return Err(ApiError::forbidden("RESTRICTED", "A restricted agent cannot open new conversations"));
    }
    let is_established = conversation.is_some_and(|conversation| conversation.is_established());
    if !is_established && !accepts_strangers(state, recipient, &sender.id) {
        return Err(ApiError::forbidden("INBOX_RESTRICTED", format!("@{to} takes messages from contacts only")));
    }
    Ok(recipient.id.clone())
}

fn accepts_strangers(state: &State, recipient: &Agent, sender_id: &str) -> bool {
    recipient.inbox_mode == Audience::Open || state.contacts.has(&recipient.id, sender_id)
}

fn check_rate(state: &mut State, settings: &Settings, sender: &str, now: Millis) -> Result<(), ApiError> {
    let limit = if is_system(state, sender) { settings.system_sends_per_second } else { settings.sends_per_second };
    state.fixed_windows.take(&format!("send:{sender}"), RateLimit::a_second(limit), now).map_err(|wait| {
        ApiError::too_many("RATE_LIMITED", format!("At most {limit} messages a second")).retry_after_millis(wait)
    })
}

fn check_cold_outreach(
    state: &State,
    settings: &Settings,
    sender: &str,
    recipient: &str,
    now: Millis,
) -> Result<(), ApiError> {
    if is_system(state, sender) || state.conversations.between(sender, recipient).is_some() {
        return Ok(());
    }
    let since = now.saturating_sub(millis(settings.cold_outreach_window));
    if state.conversations.cold_since(sender, since) >= settings.cold_outreach_cap {
        return Err(ApiError::too_many("RATE_LIMITED", "Too many unanswered new conversations"));
    }
    Ok(())
}

/// Nothing can be uploaded to this platform yet, so no attachment is ever found.
fn check_attachment(draft: &Draft) -> Result<(), ApiError> {
    match draft.content.get("attachment_id") {
        Some(_) => Err(ApiError::not_found("ATTACHMENT_NOT_FOUND", "You have not uploaded that attachment")),
        None => Ok(()),
    }
}

/// One message to a stranger, then wait. Comes after the replay lookup: repeating the first message is not a second one.
fn check_awaiting_reply(state: &State, settings: &Settings, sender: &str, recipient: &str) -> Result<(), ApiError> {
    let Some(conversation) = state.conversations.between(sender, recipient) else {
        return Ok(());
    };
    if !settings.awaiting_reply || is_system(state, sender) || !conversation.is_cold_for(sender) {
        return Ok(());
    }
    let Some(opener) = conversation.messages.first().and_then(|id| state.messages.get(id)) else {
        return Ok(());
    };
    let details = json!({
        "recipient_handle": state.agents.handle_of(recipient),
        "waiting_since": iso(opener.created_at),
    });
    Err(ApiError::forbidden("AWAITING_REPLY", "Wait for a reply before you send more").with_details(details))
}

fn check_backlog(settings: &Settings, undelivered: usize, to: &str) -> Result<(), ApiError> {
    if undelivered < settings.backlog_cap {
        return Ok(());
    }
    let details = json!({ "recipient_handle": to, "undelivered_count": undelivered });
    Err(ApiError::too_many("RECIPIENT_BACKLOGGED", format!("@{to} has too many undelivered messages"))
        .with_details(details))
}

fn store(state: &mut State, sender: &str, recipient: &str, draft: Draft, now: Millis) -> Result<MessageId, ApiError> {
    let known = state.conversations.between(sender, recipient).map(|conversation| conversation.id.clone());
    let conversation_id = known.unwrap_or_else(|| state.conversations.open_direct(sender, recipient, now));
    let context = views::direct_context(state.agents.get(sender).ok_or_else(ApiError::internal)?, &draft.content);

    let conversation = state.conversations.get_mut(&conversation_id).ok_or_else(ApiError::internal)?;
    if conversation.establish(sender) {
        state.contacts.add(sender, recipient);
        state.contacts.add(recipient, sender);
    }
    let message_id = new_id("msg_");
    let seq = conversation.next_seq();
    conversation.messages.push(message_id.clone());
    conversation.updated_at = now;
    let recipients = conversation.recipients(sender);

    state.messages.insert(Message {
        id: message_id.clone(),
        conversation_id,
        client_msg_id: draft.client_msg_id,
        sender: sender.to_owned(),
        seq,
        kind: draft.kind,
        content: draft.content,
        metadata: draft.metadata,
        context,
        created_at: now,
    });
    for agent in recipients {
        state.envelopes.store(&agent, &message_id);
    }
    Ok(message_id)
}

fn is_system(state: &State, agent: &str) -> bool {
    state.agents.get(agent).is_some_and(|agent| agent.is_system)
}
