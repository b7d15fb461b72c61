//! Presence as it changes, and who hears of it (contract 2.8, 5.3, 5.4 and 5.5).

use serde_json::{Map, Value, json};

use super::app::App;
use super::clock::{iso, millis};
use super::delivery::push_event;
use super::state::State;
use super::state::presence::{Presence, Status};

/// What an agent says about itself.
pub(crate) fn announce(app: &App, state: &mut State, agent: &str, status: Status, custom: Option<String>) {
    let now = app.clock.unix_millis();
    state.presences.set(agent, status, custom, now, now + millis(app.settings.presence_lifetime));
    broadcast(app, state, agent);
}

/// A socket has opened.
pub(crate) fn connected(app: &App, state: &mut State, agent: &str) {
    let now = app.clock.unix_millis();
    if state.presences.connect(agent, now, now + millis(app.settings.presence_lifetime)) {
        broadcast(app, state, agent);
    }
}

/// A socket has ended, and perhaps it was the last.
pub(crate) fn disconnected(app: &App, state: &mut State, agent: &str) {
    if state.hub.count(agent) == 0 && state.presences.disconnect(agent, app.clock.unix_millis()) {
        broadcast(app, state, agent);
    }
}

/// A client has answered a ping.
pub(crate) fn pong(app: &App, agent: &str) {
    let now = app.clock.unix_millis();
    app.state().presences.refresh(agent, now, now + millis(app.settings.presence_lifetime));
}

/// `handle`, `status` and `custom_message`: what a change looks like.
pub(crate) fn change(handle: &str, presence: &Presence) -> Map<String, Value> {
    let mut row = Map::new();
    row.insert("handle".into(), json!(handle));
    row.insert("status".into(), json!(presence.status.as_str()));
    row.insert("custom_message".into(), json!(presence.custom_message));
    row
}

/// The same with `last_seen`: what the answer to a question looks like.
pub(crate) fn row(handle: &str, presence: &Presence) -> Value {
    let mut row = change(handle, presence);
    row.insert("last_seen".into(), json!(presence.last_seen.map(iso)));
    Value::Object(row)
}

/// Tells those who have the agent as a contact.
fn broadcast(app: &App, state: &mut State, agent: &str) {
    let presence = state.presences.get(agent, app.clock.unix_millis());
    let payload = change(state.agents.handle_of(agent), &presence);
    for watcher in state.contacts.owners_of(agent) {
        if state.agents.get(&watcher).is_some_and(|watcher| watcher.is_visible()) {
            push_event(state, &app.settings, &watcher, "presence.update", Value::Object(payload.clone()));
        }
    }
}
