//! Addresses that callers give for others to open: webhooks and pictures of groups (contract 2.5, 2.11, 2.12).

use std::net::IpAddr;

use axum::http::Uri;

/// Whether this is an absolute `http` or `https` URL.
pub(crate) fn is_web_address(text: &str) -> bool {
    text.parse::<Uri>().is_ok_and(|uri| {
        let has_host = uri.host().is_some_and(|host| !host.is_empty());
        matches!(uri.scheme_str(), Some("http" | "https")) && has_host
    })
}

/// Whether this is an absolute `https` URL, or one of this machine: no local endpoint has a certificate.
pub(crate) fn is_private_web_address(text: &str) -> bool {
    let Ok(uri) = text.parse::<Uri>() else { return false };
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let is_local = host == "localhost" || host.parse().is_ok_and(|ip: IpAddr| ip.is_loopback());
    is_web_address(text) && (is_local || uri.scheme_str() == Some("https"))
}
