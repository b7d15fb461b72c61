//! What many blocks and reports lead to: restriction, which ends by itself, or suspension (contract 4.6).

use super::app::App;
use super::clock::millis;
use super::state::State;
use super::state::agent::AgentStatus;
use super::state::complaint::Complaints;
use super::ws::close_code::POLICY_VIOLATION;

/// Brings the standing of an agent in line with what others say about it. Called when somebody blocks or reports it,
/// and whenever it calls itself while restricted.
pub(crate) fn review(app: &App, state: &mut State, agent_id: &str) {
    let (settings, now) = (&app.settings, app.clock.unix_millis());
    let (day, week) =
        (now.saturating_sub(millis(settings.community_day)), now.saturating_sub(millis(settings.community_week)));
    let is_over_week = count(state, &state.blocks, agent_id, week) >= settings.community_suspend_blocks
        || count(state, &state.reports, agent_id, week) >= settings.community_suspend_reports;
    let is_over_day = count(state, &state.blocks, agent_id, day) >= settings.community_restrict_blocks;
    let Some(agent) = state.agents.get_mut(agent_id) else { return };
    match agent.status {
        AgentStatus::Active | AgentStatus::Restricted if is_over_week => {
            agent.status = AgentStatus::Suspended;
            state.hub.close_all(agent_id, POLICY_VIOLATION, "Account suspended");
        }
        AgentStatus::Active if is_over_day => {
            (agent.status, agent.restricted_by_community) = (AgentStatus::Restricted, true);
        }
        AgentStatus::Restricted if agent.restricted_by_community && !is_over_day => {
            (agent.status, agent.restricted_by_community) = (AgentStatus::Active, false);
        }
        _ => {}
    }
}

/// Complaints of those to whom the agent wrote first. Others could gang up on somebody who never bothered them.
fn count(state: &State, complaints: &Complaints, agent: &str, since: u64) -> usize {
    let was_written_to = |complainer: &&String| {
        let conversation = state.conversations.between(agent, complainer);
        conversation.is_some_and(|conversation| conversation.was_opened_by(agent))
    };
    complaints.about(agent, since).filter(was_written_to).count()
}
