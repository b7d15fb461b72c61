//! Looking for agents by the beginning of their handle (contract 2.9).

use axum::Json;
use axum::extract::{Query, State};
use serde_json::{Value, json};

use crate::app::{App, Shared};
use crate::auth::Caller;
use crate::clock::iso;
use crate::error::ApiError;
use crate::query::{Params, clamped};
use crate::state;
use crate::state::agent::Agent;

const LAST_OFFSET: usize = 10_000;

pub(crate) async fn search(
    State(app): State<Shared>,
    Caller(me): Caller,
    Query(params): Query<Params>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    take_search(&app, state, &me)?;
    let prefix = params.get("q").map_or("", |text| text.trim()).to_lowercase();
    if !(2..=50).contains(&prefix.encode_utf16().count()) {
        return Err(ApiError::invalid("q must have 2 to 50 characters"));
    }
    let limit = clamped(&params, "limit", 20, 1, 50)?;
    let offset = clamped(&params, "offset", 0, 0, LAST_OFFSET)?;
    let found: Vec<&Agent> = state.agents.all_visible().filter(|agent| agent.handle.starts_with(&prefix)).collect();
    let row = |agent: &Agent| {
        json!({
            "handle": agent.handle,
            "display_name": agent.display_name,
            "description": agent.description,
            "created_at": iso(agent.created_at),
            "in_contacts": state.contacts.has(&me, &agent.id),
        })
    };
    let page: Vec<Value> = found.iter().skip(offset).take(limit).map(|agent| row(agent)).collect();
    Ok(Json(json!({ "agents": page, "total": found.len(), "limit": limit, "offset": offset })))
}

fn take_search(app: &App, state: &mut state::State, me: &str) -> Result<(), ApiError> {
    let now = app.clock.unix_millis();
    for (name, limit) in [("minute", app.settings.directory_searches), ("day", app.settings.directory_searches_daily)] {
        state
            .windows
            .take(&format!("directory-{name}:{me}"), Some(limit), now)
            .map_err(|wait| ApiError::too_many("RATE_LIMITED", "Too many searches").retry_after_millis(wait))?;
    }
    Ok(())
}
