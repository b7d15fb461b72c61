//! Who may use the control API: programs of this machine, and no web page that a browser on it shows.
//!
//! A page reaches a listener on loopback as any program does, but a browser says where the page is from, and asks before it
//! sends JSON. A page whose name was made to resolve to loopback (DNS rebinding) has that name in `Host`.
//!
//! The platform itself does without: the contract lets any origin call it (section 1.1), and it does nothing for those who
//! have no key, or no code from the e-mail.

use std::net::IpAddr;

use axum::extract::Request;
use axum::http::header::{CONTENT_TYPE, HOST, HeaderName, ORIGIN};
use axum::http::uri::Authority;
use axum::http::{HeaderMap, Method, StatusCode};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};

use super::reply::Mistake;

/// Refuses what a web page could have sent.
pub(super) async fn layer(request: Request, next: Next) -> Response {
    match check(request.method(), request.headers()) {
        Ok(()) => next.run(request).await,
        Err(mistake) => mistake.into_response(),
    }
}

fn check(method: &Method, headers: &HeaderMap) -> Result<(), Mistake> {
    let host = one(headers, &HOST).and_then(|host| host.parse().ok()).filter(is_loopback);
    let Some(host) = host else {
        return Err(Mistake::new("Host must be localhost or a loopback address").status(StatusCode::FORBIDDEN));
    };
    let is_foreign = |origin: &str| !origin.eq_ignore_ascii_case(&format!("http://{host}"));
    if headers.contains_key(ORIGIN) && one(headers, &ORIGIN).is_none_or(is_foreign) {
        return Err(Mistake::new("web pages may not use the control API").status(StatusCode::FORBIDDEN));
    }
    if *method == Method::POST && !one(headers, &CONTENT_TYPE).is_some_and(is_json) {
        let reason = "Content-Type must be application/json: curl --json, or -H 'Content-Type: application/json'";
        return Err(Mistake::new(reason).status(StatusCode::UNSUPPORTED_MEDIA_TYPE));
    }
    Ok(())
}

/// A header that is there once.
fn one<'a>(headers: &'a HeaderMap, name: &HeaderName) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let value = values.next().filter(|_| values.next().is_none())?;
    value.to_str().ok()
}

fn is_loopback(host: &Authority) -> bool {
    let name = host.host();
    let address = name.trim_start_matches('[').trim_end_matches(']').parse::<IpAddr>();
    // What ends in `.localhost` never leaves the machine (RFC 6761, 6.3).
    let is_localhost = |name: &str| name.eq_ignore_ascii_case("localhost");
    address.map_or_else(
        |_| is_localhost(name.trim_end_matches('.').rsplit('.').next().unwrap_or(name)),
        |address| address.is_loopback(),
    )
}

fn is_json(content_type: &str) -> bool {
    let essence = content_type.split(';').next().unwrap_or_default();
    essence.trim().eq_ignore_ascii_case("application/json")
}
