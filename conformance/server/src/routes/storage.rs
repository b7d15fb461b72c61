//! Where the links lead that the platform hands out: pictures and attachments, as bytes (contract 2.10).

use axum::extract::{Query, State};
use axum::http::header::CONTENT_TYPE;
use axum::http::{HeaderValue, StatusCode};
use axum::response::{IntoResponse as _, Response};
use bytes::Bytes;

use crate::app::{App, Shared};
use crate::path::Path;
use crate::query::Params;

pub(crate) async fn avatar(State(app): State<Shared>, Path((owner, file)): Path<(String, String)>) -> Response {
    let state = app.state();
    match state.avatars.get(&format!("{owner}/{file}")) {
        Some(picture) => served("image/webp", picture.clone()),
        None => refused(StatusCode::NOT_FOUND),
    }
}

/// Takes any bytes: what was announced about them is not checked, as on the real platform.
pub(crate) async fn upload(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Query(params): Query<Params>,
    body: Bytes,
) -> Response {
    if !is_allowed(&app, "PUT", &id, &params) {
        return refused(StatusCode::FORBIDDEN);
    }
    if app.state().attachments.fill(&id, body) {
        StatusCode::OK.into_response()
    } else {
        refused(StatusCode::NOT_FOUND)
    }
}

pub(crate) async fn download(
    State(app): State<Shared>,
    Path(id): Path<String>,
    Query(params): Query<Params>,
) -> Response {
    if !is_allowed(&app, "GET", &id, &params) {
        return refused(StatusCode::FORBIDDEN);
    }
    let state = app.state();
    let file = state.attachments.get(&id).and_then(|file| Some((file.content_type, file.bytes.clone()?)));
    file.map_or_else(|| refused(StatusCode::NOT_FOUND), |(content_type, bytes)| served(content_type, bytes))
}

fn is_allowed(app: &App, method: &str, id: &str, params: &Params) -> bool {
    app.links.allow(method, &format!("/storage/attachments/{id}"), params, app.clock.unix_millis())
}

fn served(content_type: &'static str, bytes: Bytes) -> Response {
    ([(CONTENT_TYPE, HeaderValue::from_static(content_type))], bytes).into_response()
}

/// A store of files speaks no JSON.
fn refused(status: StatusCode) -> Response {
    (status, status.canonical_reason().unwrap_or_default()).into_response()
}
