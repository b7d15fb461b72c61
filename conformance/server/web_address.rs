//! Addresses that callers give for others to open: webhooks and pictures of groups (wire contract sections 2.5, 2.11).

use axum::http::Uri;

/// Whether this is an absolute `http` or `https` URL.
pub(crate) fn is_web_address(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        let has_host = uri.host().is_some_and(|host| !host.is_empty());
        matches!(uri.scheme_str(), Some("http" | "https")) && has_host
    })
}
