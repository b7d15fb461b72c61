//! Sending to a group: fewer checks, more recipients (contract 4.3 and 4.9).

use super::store::{Row, store};
use super::{Draft, Sent, check_attachment, check_rate, check_standing};
use crate::app::App;
use crate::error::ApiError;
use crate::groups::access;
use crate::rate_limit::RateLimit;
use crate::state::State;
use crate::state::agent::AgentId;
use crate::state::attachment::Scope;
use crate::{delivery, views};

/// Sends, or says why not. Blocks, inbox modes and the rules of first contact do not apply among members.
pub(crate) fn send(app: &App, sender: &AgentId, group_id: &str, draft: Draft) -> Result<Sent, ApiError> {
    let now = app.clock.unix_millis();
    let state = &mut *app.state();
    let settings = &app.settings;

    if state.conversations.get(group_id).is_some_and(|conversation| conversation.group().is_none()) {
        return Err(ApiError::invalid("Direct messages are addressed with `to`"));
    }
    access::not_deleted(state, sender, group_id)?;
    check_standing(state.agents.get(sender).ok_or_else(ApiError::internal)?)?;
    access::member(state, sender, group_id)?;
    check_rate(state, settings, sender, now)?;
    check_group_rate(app, state, group_id)?;
    check_attachment(state, sender, &draft, &Scope::Group(group_id.to_owned()))?;

    if let Some(original) = state.messages.sent_as(sender, &draft.client_msg_id) {
        let row = views::message(&state.agents, original);
        return Ok(Sent { row, is_replay: true, skipped: Vec::new(), backlog: None });
    }
    let context = views::group_context(state, sender, group_id, &draft.content)?;
    let row = Row { conversation_id: group_id.to_owned(), sender: sender.clone(), draft, context };
    let stored = store(state, settings, row, now)?;
    delivery::push_message(state, settings, &stored.message_id, now);
    let message = state.messages.get(&stored.message_id).ok_or_else(ApiError::internal)?;
    let skipped = stored.skipped.iter().map(|agent| state.agents.handle_of(agent).to_owned()).collect();
    Ok(Sent { row: views::message(&state.agents, message), is_replay: false, skipped, backlog: None })
}

/// One budget for all members together.
fn check_group_rate(app: &App, state: &mut State, group_id: &str) -> Result<(), ApiError> {
    let (limit, now) = (app.settings.group_sends_per_second, app.clock.unix_millis());
    state.fixed_windows.take(&format!("group:{group_id}"), RateLimit::a_second(limit), now).map_err(|wait| {
        let message = format!("At most {limit} messages a second in one group");
        ApiError::too_many("RATE_LIMITED", message).retry_after_millis(wait)
    })
}
