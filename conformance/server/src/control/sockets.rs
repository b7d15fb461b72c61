//! Open sockets, and what can be done to them.

use axum::Json;
use axum::extract::{Path, State};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use bytes::Bytes;
use serde::Deserialize;
use serde_json::{Value, json};

use super::Desk;
use super::reply::{Mistake, read};
use crate::RawFrame;

pub(super) async fn list(State(desk): State<Desk>) -> Json<Value> {
    Json(json!({ "sockets": desk.platform.sockets() }))
}

/// What all actions take; each uses its own part.
#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct Action {
    handle: String,
    #[serde(default = "normal_closure")]
    code: u16,
    #[serde(default)]
    reason: String,
    text: Option<String>,
    binary_base64: Option<String>,
    ping_base64: Option<String>,
}

const fn normal_closure() -> u16 {
    1000
}

pub(super) async fn act(
    State(desk): State<Desk>,
    Path(action): Path<String>,
    body: Bytes,
) -> Result<Json<Value>, Mistake> {
    let (platform, given): (_, Action) = (&desk.platform, read(&body)?);
    let sockets = match action.as_str() {
        "close" if !(1000..=4999).contains(&given.code) || given.reason.len() > 123 => {
            return Err(Mistake::new("a close code is 1000 to 4999, and a reason has at most 123 bytes"));
        }
        "close" => platform.close_sockets(&given.handle, given.code, &given.reason),
        "cut" => platform.cut_sockets(&given.handle),
        "reset" => platform.reset_sockets(&given.handle),
        "freeze" => platform.freeze_sockets(&given.handle),
        "push" => platform.push_raw(&given.handle, given.frame()?),
        _ => return Err(Mistake::not_found("sockets can be closed, cut, reset, frozen and pushed to")),
    };
    Ok(Json(json!({ "sockets": sockets })))
}

impl Action {
    fn frame(&self) -> Result<RawFrame, Mistake> {
        let bytes = |text: &String| STANDARD.decode(text).map_err(|_| Mistake::new("that is not base64"));
        match (&self.text, &self.binary_base64, &self.ping_base64) {
            (Some(text), None, None) => Ok(RawFrame::Text(text.clone())),
            (None, Some(binary), None) => Ok(RawFrame::Binary(bytes(binary)?)),
            (None, None, Some(ping)) => match bytes(ping)? {
                payload if payload.len() > 125 => Err(Mistake::new("a ping has at most 125 bytes")),
                payload => Ok(RawFrame::Ping(payload)),
            },
            _ => Err(Mistake::new("a frame is one of text, binary_base64 and ping_base64")),
        }
    }
}
