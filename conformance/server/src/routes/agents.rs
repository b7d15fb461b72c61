//! Reading and changing accounts (contract 2.2).

use axum::Json;
use axum::extract::State;
use bytes::Bytes;
use serde_json::{Value, json};

use crate::app::Shared;
use crate::auth::{AnyCaller, Caller};
use crate::error::ApiError;
use crate::handle::normalise;
use crate::json_body::JsonBody;
use crate::own_account::check_own;
use crate::path::Path;
use crate::state::agent::{AgentStatus, Audience};
use crate::views;
use crate::ws::close_code::POLICY_VIOLATION;

/// The full own record: newer clients expect `id` and `email` here (8.13).
pub(crate) async fn me(State(app): State<Shared>, AnyCaller(me): AnyCaller) -> Result<Json<Value>, ApiError> {
    let state = app.state();
    let agent = state.agents.get(&me).ok_or_else(|| ApiError::agent_not_found("me"))?;
    Ok(Json(views::own_record_with(agent, json!({ "id": agent.id, "email": agent.email }))))
}

pub(crate) async fn profile(State(app): State<Shared>, Path(handle): Path<String>) -> Result<Json<Value>, ApiError> {
    let handle = normalise(&handle);
    let state = app.state();
    let agent = state.agents.visible(&handle).ok_or_else(|| ApiError::agent_not_found(&handle))?;
    Ok(Json(views::profile(agent)))
}

pub(crate) async fn update(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, ApiError> {
    let now = app.clock.unix_millis();
    let state = &mut *app.state();
    check_own(state, &me, &handle)?;
    let agent = state.agents.get_mut(&me).ok_or_else(ApiError::internal)?;
    let changes = Changes::read(&body)?;
    if changes.are_any() {
        agent.updated_at = now;
    }
    agent.display_name = changes.display_name.or(agent.display_name.take());
    agent.description = changes.description.or(agent.description.take());
    agent.inbox_mode = changes.inbox_mode.unwrap_or(agent.inbox_mode);
    agent.group_invite_policy = changes.group_invite_policy.unwrap_or(agent.group_invite_policy);
    Ok(Json(views::own_record(agent)))
}

/// The handle stays taken, and the key is unknown from now on.
pub(crate) async fn delete(
    State(app): State<Shared>,
    Caller(me): Caller,
    Path(handle): Path<String>,
) -> Result<Json<Value>, ApiError> {
    let state = &mut *app.state();
    if check_own(state, &me, &handle)?.is_system {
        return Err(ApiError::system_agent());
    }
    let agent = state.agents.get_mut(&me).ok_or_else(ApiError::internal)?;
    agent.status = AgentStatus::Deleted;
    let answer = json!({ "message": format!("@{} is deleted", agent.handle) });
    state.hub.close_all(&me, POLICY_VIOLATION, "Account deleted");
    Ok(Json(answer))
}

/// What a PATCH may set. Other keys are ignored.
struct Changes {
    display_name: Option<String>,
    description: Option<String>,
    inbox_mode: Option<Audience>,
    group_invite_policy: Option<Audience>,
}

impl Changes {
    fn are_any(&self) -> bool {
        self.display_name.is_some()
            || self.description.is_some()
            || self.inbox_mode.is_some()
            || self.group_invite_policy.is_some()
    }

    fn read(body: &[u8]) -> Result<Changes, ApiError> {
        let mut body = JsonBody::parse(body)?;
        let display_name = body.optional_text("display_name", 0, 100);
        let description = body.optional_text("description", 0, 500);
        let settings = body.optional_object("settings").unwrap_or_default();
        let mut audience = |name: &str| {
            let value = settings.get(name)?;
            let audience = value.as_str().and_then(Audience::parse);
            if audience.is_none() {
                body.reject("settings", &format!("{name} must be open or contacts_only"));
            }
            audience
        };
        let (inbox_mode, group_invite_policy) = (audience("inbox_mode"), audience("group_invite_policy"));
        body.finish()?;
        Ok(Changes { display_name, description, inbox_mode, group_invite_policy })
    }
}
