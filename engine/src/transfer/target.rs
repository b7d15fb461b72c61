//! Which signed URLs are used.

use http::Uri;

use super::error::TransferError;
use crate::context::is_loopback;
use crate::port::port_of;
use crate::types::SignedUrl;

/// The URL, if it is absolute, and `https` unless it is on this machine.
pub(super) fn of(url: &SignedUrl) -> Result<Uri, TransferError> {
    let uri = url.expose().parse::<Uri>().map_err(|_| TransferError::Url { problem: "is not a URL" })?;
    match problem(&uri) {
        Some(problem) => Err(TransferError::Url { problem }),
        None => Ok(uri),
    }
}

/// What is wrong with a URL that the platform gave, if anything. A user name in it would become a header.
pub(crate) fn problem(url: &Uri) -> Option<&'static str> {
    let Some(host) = url.host() else {
        return Some("is not absolute");
    };
    if url.authority().is_some_and(|authority| authority.as_str().contains('@')) {
        return Some("has a user name");
    }
    if url.authority().is_some_and(|authority| port_of(authority).is_err()) {
        return Some("has a port that is not a number from 1 to 65535");
    }
    match url.scheme_str() {
        Some("https") => None,
        Some("http") if is_loopback(host) => None,
        _ => Some("is neither https nor on this machine"),
    }
}
