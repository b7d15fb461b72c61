//! System events: what the platform writes into a group when something about it changes (contract 3.8).

use serde_json::{Map, Value, json};

use crate::app::App;
use crate::error::ApiError;
use crate::sending::store::store_event;
use crate::state::State;
use crate::state::id::MessageId;
use crate::{delivery, views};

/// What has changed. The sender of the event's message is given beside it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Event<'a> {
    Joined {
        agent: &'a str,
    },
    Left {
        agent: &'a str,
    },
    Removed {
        agent: &'a str,
        actor: &'a str,
    },
    /// Without an actor the platform itself has promoted somebody, because no admin was left.
    Promoted {
        agent: &'a str,
        actor: Option<&'a str>,
    },
    Demoted {
        agent: &'a str,
        actor: &'a str,
    },
    Renamed {
        name: &'a str,
        actor: &'a str,
    },
    DescriptionChanged {
        actor: &'a str,
    },
    AvatarChanged {
        actor: &'a str,
    },
    Deleted {
        actor: &'a str,
    },
}

/// Stores the event, and delivers it to members as far as events are delivered. Agents are given by id.
pub(crate) fn record(
    app: &App,
    state: &mut State,
    group_id: &str,
    sender: &str,
    event: Event<'_>,
) -> Result<MessageId, ApiError> {
    let message_id = store(app, state, group_id, sender, event)?;
    delivery::push_message(state, &app.settings, &message_id, app.clock.unix_millis());
    Ok(message_id)
}

/// Stores the event, and tells nobody yet.
pub(crate) fn store(
    app: &App,
    state: &mut State,
    group_id: &str,
    sender: &str,
    event: Event<'_>,
) -> Result<MessageId, ApiError> {
    let context = views::group_context(state, sender, group_id, &Map::new())?;
    let data = data(state, event);
    store_event(state, &app.settings, (group_id, sender), data, context, app.clock.unix_millis())
}

fn data(state: &State, event: Event<'_>) -> Value {
    let handle = |agent: &str| state.agents.handle_of(agent).to_owned();
    let mut data = match event {
        Event::Joined { agent } => json!({ "event": "member_joined", "agent_handle": handle(agent) }),
        Event::Left { agent } => json!({ "event": "member_left", "agent_handle": handle(agent) }),
        Event::Removed { agent, actor } => {
            json!({ "event": "member_removed", "agent_handle": handle(agent), "actor_handle": handle(actor) })
        }
        Event::Promoted { agent, actor } => {
            json!({ "event": "admin_promoted", "agent_handle": handle(agent), "actor_handle": actor.map(handle) })
        }
        Event::Demoted { agent, actor } => {
            json!({ "event": "admin_demoted", "agent_handle": handle(agent), "actor_handle": handle(actor) })
        }
        Event::Renamed { name, actor } => {
            json!({ "event": "name_changed", "new_name": name, "actor_handle": handle(actor) })
        }
        Event::DescriptionChanged { actor } => {
            json!({ "event": "description_changed", "actor_handle": handle(actor) })
        }
        Event::AvatarChanged { actor } => json!({ "event": "avatar_changed", "actor_handle": handle(actor) }),
        Event::Deleted { actor } => json!({ "event": "group_deleted", "actor_handle": handle(actor) }),
    };
    data["schema_version"] = json!(1);
    data
}
