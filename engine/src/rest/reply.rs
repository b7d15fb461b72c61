//! A success answer with what its headers say.

use bytes::Bytes;
use http::Response;
use http::header::HeaderName;
use serde::Serialize;

use crate::error::{REPLAYED, REQUEST_ID, header_text};
use crate::redact::Mask;
use crate::types::Handle;

/// The recipient of a send is far behind (contract 1.4): its undelivered messages before this one.
#[derive(Clone, Debug, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct BacklogWarning {
    /// Who is behind.
    pub recipient_handle: Handle,
    /// How many messages wait.
    pub undelivered_count: u64,
}

/// A success answer. Dereferences to its value, so `reply.status` is a member of the answer; what the HTTP response said is in
/// [`meta`](Self::meta).
///
/// ```
/// # use agentchat_engine::{rest::Reply, types::Agent};
/// fn greet(me: &Reply<Agent>) -> String {
///     format!("I am {}, {:?} (request {:?})", me.handle, me.status, me.meta.request_id)
/// }
/// ```
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct Reply<T> {
    /// The answer.
    pub value: T,
    /// How it came.
    pub meta: ReplyMeta,
}

/// What the response of a success said beside its body, and how many attempts it took.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct ReplyMeta {
    /// The HTTP status; 201 for a stored message, 200 for a repeat.
    pub status: u16,
    /// The platform's id of the request.
    pub request_id: Option<String>,
    /// Attempts made.
    pub attempts: u32,
    /// Whether this is a stored answer replayed for the idempotency key.
    pub replayed: bool,
    /// The recipient is far behind.
    pub backlog_warning: Option<BacklogWarning>,
}

impl<T> Reply<T> {
    pub(crate) fn new(value: T, response: &Response<Bytes>, mask: &Mask, attempts: u32) -> Self {
        let said = |name| header_text(response.headers(), name, mask);
        let meta = ReplyMeta {
            status: response.status().as_u16(),
            request_id: said(&REQUEST_ID),
            attempts,
            replayed: said(&REPLAYED).is_some_and(|v| v.eq_ignore_ascii_case("true")),
            backlog_warning: said(&BACKLOG_WARNING).as_deref().and_then(backlog_warning),
        };
        Self { value, meta }
    }

    /// The answer alone.
    pub fn into_value(self) -> T {
        self.value
    }
}

impl<T> core::ops::Deref for Reply<T> {
    type Target = T;

    fn deref(&self) -> &T {
        &self.value
    }
}

/// The recipient is far behind.
const BACKLOG_WARNING: HeaderName = HeaderName::from_static("x-backlog-warning");

/// `<handle>=<count>`, split at the first `=`; anything else is ignored.
fn backlog_warning(text: &str) -> Option<BacklogWarning> {
    let (handle, count) = text.split_once('=')?;
    let (handle, count) = (handle.trim(), count.trim());
    let digits = !count.is_empty() && count.bytes().all(|b| b.is_ascii_digit());
    let undelivered_count = digits.then(|| count.parse().ok())??;
    (!handle.is_empty()).then(|| BacklogWarning { recipient_handle: Handle::from(handle), undelivered_count })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_warning_is_a_handle_and_a_count() {
        let warning = backlog_warning(" alice = 5000 ").unwrap();
        assert_eq!((warning.recipient_handle.as_str(), warning.undelivered_count), ("alice", 5_000));
        for other in ["", "alice", "=5", "alice=", "alice= ", "alice=+5", "alice=-1", "alice=6.0", "a=b=5", "a=1_000"] {
            assert_eq!(backlog_warning(other), None, "{other}");
        }
    }
}
