//! Who is on the socket: a key in the upgrade's header, or a HELLO frame in time (contract 5.1, 5.2, 5.7).

use axum::http::HeaderMap;
use futures_util::StreamExt as _;
use serde_json::Value;
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;

use super::close_code::{GOING_AWAY, POLICY_VIOLATION};
use super::upgrade::WebSocket;
use crate::app::App;
use crate::auth::{agent_of_key, bearer};
use crate::state::agent::{AgentId, AgentStatus};

/// The one capability there is: the client acknowledges what it has handled.
const ACK: &str = "ack";

/// Whose socket it is, and how it takes deliveries.
#[derive(Debug)]
pub(super) struct Identity {
    pub(super) agent: AgentId,
    pub(super) acks: bool,
}

/// Why there will be no session.
#[derive(Debug)]
pub(super) enum Refusal {
    /// The peer left by itself.
    Gone,
    /// To be closed with this code and reason.
    Close(u16, &'static str),
}

const fn violation(reason: &'static str) -> Refusal {
    Refusal::Close(POLICY_VIOLATION, reason)
}

pub(super) async fn identify(app: &App, socket: &mut WebSocket, headers: &HeaderMap) -> Result<Identity, Refusal> {
    if let Some(api_key) = bearer(headers) {
        let capabilities = headers.get("x-agentchat-capabilities").and_then(|value| value.to_str().ok());
        let acks = capabilities.is_some_and(|list| list.split(',').any(|one| one.trim() == ACK));
        return check_key(app, api_key, acks);
    }
    let mut shutting_down = app.shutting_down.subscribe();
    tokio::select! {
        hello = timeout(app.settings.hello_timeout, first_frame(socket)) => match hello {
            Ok(frame) => read_hello(app, &frame?),
            Err(_) => Err(violation("HELLO frame required")),
        },
        _ = shutting_down.wait_for(|now| *now) => Err(Refusal::Close(GOING_AWAY, "Server shutting down")),
    }
}

/// The first data frame; pings in front of it do not count.
async fn first_frame(socket: &mut WebSocket) -> Result<String, Refusal> {
    loop {
        match socket.next().await {
            Some(Ok(Message::Text(text))) => return Ok(text.to_string()),
            Some(Ok(Message::Binary(_))) => return Err(violation("HELLO frame required first")),
            Some(Ok(_)) => {}
            Some(Err(_)) | None => return Err(Refusal::Gone),
        }
    }
}

fn read_hello(app: &App, frame: &str) -> Result<Identity, Refusal> {
    let not_hello = || violation("HELLO frame required first");
    let frame: Value = serde_json::from_str(frame).map_err(|_| not_hello())?;
    if frame.get("type").and_then(Value::as_str) != Some("hello") {
        return Err(not_hello());
    }
    let api_key = frame.get("api_key").and_then(Value::as_str).ok_or_else(not_hello)?;
    let capabilities = frame.get("capabilities").and_then(Value::as_array);
    check_key(app, api_key, capabilities.is_some_and(|list| list.iter().any(|one| one == ACK)))
}

fn check_key(app: &App, api_key: &str, acks: bool) -> Result<Identity, Refusal> {
    let state = app.state();
    match agent_of_key(&state, api_key) {
        None => Err(violation("Invalid token")),
        Some(agent) if agent.status == AgentStatus::Suspended => Err(violation("Account suspended")),
        Some(agent) => Ok(Identity { agent: agent.id.clone(), acks: acks && !app.settings.legacy_realtime }),
    }
}
