//! Sending a direct message: every check in its documented order, then one atomic store (contract 4.3).

use serde_json::json;

use super::store::{Row, store};
use super::{Draft, Sent, check_attachment, check_rate, check_standing, is_system};
use crate::app::App;
use crate::clock::{Millis, iso, millis};
use crate::error::ApiError;
use crate::settings::Settings;
use crate::state::State;
use crate::state::agent::{Agent, AgentId, AgentStatus, Audience};
use crate::state::attachment::Scope;
use crate::state::id::MessageId;
use crate::{delivery, views};

/// Sends, or says why not.
pub(crate) fn send(app: &App, sender: &AgentId, to: &str, draft: Draft) -> Result<Sent, ApiError> {
    let now = app.clock.unix_millis();
    let state = &mut *app.state();
    let settings = &app.settings;

    let recipient = check_parties(state, sender, to)?;
    check_rate(state, settings, sender, now)?;
    check_cold_outreach(state, settings, sender, &recipient, now)?;
    check_attachment(state, sender, &draft, &Scope::Agent(recipient.clone()))?;

    let undelivered = state.envelopes.undelivered(&recipient);
    let backlog = (undelivered >= settings.backlog_warning).then_some(undelivered);
    if let Some(original) = state.messages.sent_as(sender, &draft.client_msg_id) {
        return Ok(Sent {
            row: views::message(&state.agents, original),
            is_replay: true,
            skipped: Vec::new(),
            backlog,
        });
    }
    check_awaiting_reply(state, settings, sender, &recipient)?;
    check_backlog(settings, undelivered, to)?;

    let message_id = store_message(state, settings, sender, &recipient, draft, now)?;
    delivery::push_message(state, settings, &message_id, now);
    let message = state.messages.get(&message_id).ok_or_else(ApiError::internal)?;
    Ok(Sent { row: views::message(&state.agents, message), is_replay: false, skipped: Vec::new(), backlog })
}

/// Whether these two may talk at all. Returns the recipient.
fn check_parties(state: &State, sender_id: &str, to: &str) -> Result<AgentId, ApiError> {
    let recipient = state.agents.visible(to).ok_or_else(|| ApiError::agent_not_found(to))?;
    if recipient.id == sender_id {
        return Err(ApiError::invalid("You cannot send a message to yourself"));
    }
    let sender = state.agents.get(sender_id).ok_or_else(ApiError::internal)?;
    check_standing(sender)?;
    if state.blocks.is_between(&sender.id, &recipient.id) {
        return Err(ApiError::blocked());
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

/// Opens the conversation if this is its first message. A reply makes the two contacts of each other.
fn store_message(
    state: &mut State,
    settings: &Settings,
    sender: &str,
    recipient: &str,
    draft: Draft,
    now: Millis,
) -> Result<MessageId, ApiError> {
    let known = state.conversations.between(sender, recipient).map(|conversation| conversation.id.clone());
    let conversation_id = known.unwrap_or_else(|| state.conversations.open_direct(sender, recipient, now));
    let context = views::direct_context(state.agents.get(sender).ok_or_else(ApiError::internal)?, &draft.content);
    let conversation = state.conversations.get_mut(&conversation_id).ok_or_else(ApiError::internal)?;
    if conversation.establish(sender) {
        state.contacts.add(sender, recipient, now);
        state.contacts.add(recipient, sender, now);
    }
    Ok(store(state, settings, Row { conversation_id, sender: sender.to_owned(), draft, context }, now)?.message_id)
}
