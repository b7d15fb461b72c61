//! Where the links lead that the platform hands out: pictures and attachments, as bytes (wire contract section 2.10).

use axum::{
    extract::{Path, State},
    http::{HeaderValue, StatusCode, header::CONTENT_TYPE},
    response::{IntoResponse as _, Response},
};
use bytes::Bytes;

use crate::server::app::Shared;

pub(crate) async fn avatar(State(app): State<Shared>, Path((owner, file)): Path<(String, String)>) -> Response {
    let state = app.state();
    match state.avatars.get(&format!("{owner}/{file}")) {
        Some(picture) => served(HeaderValue::from_static(picture.content_type), picture.bytes.clone()),
        None => missing(),
    }
}

fn served(content_type: HeaderValue, bytes: Bytes) -> Response {
    ([(CONTENT_TYPE, content_type)], bytes).into_response()
}

fn missing() -> Response {
    (StatusCode::NOT_FOUND, "Not found").into_response()
}
