//! HTTP answers, as a platform, a proxy or somebody hostile gives them.

use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response, StatusCode};

use crate::Choices;

const STATUSES: [u16; 24] = [
    200, 200, 200, 200, 201, 204, 206, 302, 304, 400, 401, 403, 404, 408, 409, 410, 413, 425, 429, 500, 502, 503, 504,
    599,
];

const BODIES: [&str; 14] = [
    r#"{"handle":"alice"}"#,
    r#"{"id":"msg_1","conversation_id":"conv_1","seq":7,"sender":"me","type":"text","content":{"text":"hi"},"created_at":"2026-04-20T10:00:00.000Z"}"#,
    "[]",
    r#"[{"id":"msg_1","conversation_id":"conv_1","delivery_id":"del_1","seq":1},null,7,{"delivery_id":"del_2"}]"#,
    r#"{"envelopes":[]}"#,
    r#"{"code":"IDEMPOTENT_IN_PROGRESS","message":"wait"}"#,
    r#"{"code":"RECIPIENT_BACKLOGGED","message":"no","details":{"queued":10000}}"#,
    r#"{"code":"RATE_LIMITED","message":"slower","details":{"retry_after_ms":20}}"#,
    r#"{"code":"VALIDATION_ERROR","message":"no"}"#,
    r#"{"group":{"id":"grp_1"},"add_results":[]}"#,
    r#"{"handle":"alice","kind":"agent","muted_until":null}"#,
    "",
    "<html>",
    "[[[[[[[[[[",
];

/// Any answer; some of them have the secret in them.
pub fn any(choices: &mut Choices<'_>, secret: &str) -> Response<Bytes> {
    let mut body = match choices.below(4) {
        0 => choices.text(),
        1 => format!(r#"{{"code":"{}","message":"{secret} {}"}}"#, choices.text(), choices.text()),
        _ => choices.pick(&BODIES).to_owned(),
    };
    if choices.rarely(8) {
        body.truncate(body.floor_char_boundary(choices.byte()));
    }
    let mut response = Response::new(Bytes::from(body));
    let status = if choices.rarely(8) { 100 + choices.byte() as u16 * 3 } else { choices.pick(&STATUSES) };
    *response.status_mut() = StatusCode::from_u16(status).expect("a status");
    for _ in 0..choices.below(3) {
        let (name, value) = match choices.below(8) {
            0 => ("x-request-id", choices.bytes().to_vec()),
            1 => ("x-request-id", secret.as_bytes().to_vec()),
            2 => ("location", choices.bytes().to_vec()),
            3 => ("idempotent-replay", b"true".to_vec()),
            4 => ("date", b"Mon, 20 Apr 2026 10:00:00 GMT".to_vec()),
            5 => ("x-backlog-warning", choices.bytes().to_vec()),
            _ => ("retry-after", choices.byte().to_string().into_bytes()),
        };
        if let Ok(value) = HeaderValue::from_bytes(&value) {
            response.headers_mut().append(HeaderName::from_static(name), value);
        }
    }
    response
}
