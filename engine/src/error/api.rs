//! An error answer of the platform, read forgivingly (contract 1.6, 1.7).

use core::fmt;
use core::time::Duration;

use bytes::Bytes;
use http::header::{HeaderMap, HeaderName};
use http::{Response, StatusCode};
use serde_json::Number;

use super::code::ErrorCode;
use super::fault::{EARLIER, WasSent};
use super::json_text::{ErrorBody, JsonText};
use crate::limits;
use crate::redact::Mask;
use crate::rest::BodyTooLarge;
use crate::words::{bounded, printable};

/// The platform's id of the request.
pub(crate) const REQUEST_ID: HeaderName = HeaderName::from_static("x-request-id");

/// Whether the answer is a stored one.
pub(crate) const REPLAYED: HeaderName = HeaderName::from_static("idempotent-replay");

/// The class of an [`ApiError`]: the error classes of the official SDKs, to match on instead of codes.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The request was malformed.
    Validation,
    /// The key is not accepted.
    Unauthorized,
    /// One of the two has blocked the other.
    Blocked,
    /// The account is suspended.
    Suspended,
    /// The account may not open new conversations.
    Restricted,
    /// Not allowed.
    Forbidden,
    /// A stranger has not replied yet.
    AwaitingReply,
    /// It does not exist, or not for you.
    NotFound,
    /// System agents are protected.
    SystemAgentProtected,
    /// The group was deleted.
    GroupDeleted,
    /// Too many requests.
    RateLimited,
    /// The recipient is too far behind.
    RecipientBacklogged,
    /// The e-mail address has as many live agents as allowed.
    EmailLimitReached,
    /// The e-mail address has had as many agents as allowed.
    EmailExhausted,
    /// Say which of the address's agents is meant.
    HandleRequired,
    /// The platform failed.
    Server,
    /// None of the above; look at the code.
    AgentChat,
}

/// An error answer of the platform. Secrets that the client itself sent are masked wherever it quotes them; see
/// [`manual::secrets`](crate::manual::secrets).
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct ApiError {
    /// The HTTP status.
    pub status: u16,
    /// The code; `HTTP_<status>` where the body had none.
    pub code: ErrorCode,
    /// The platform's words, at most [`limits::PEER_TEXT`] bytes of them; the status's reason phrase where the body had none, and
    /// that the body was left out where it was larger than [`limits::ERROR_BODY`].
    pub message: String,
    /// The `details` of the body; for another JSON than the platform's errors, that JSON under `body`, as in the official
    /// SDKs.
    pub details: Option<JsonText>,
    /// Other members of the body, such as `reason` of a suspension, as an object.
    pub extra: Option<JsonText>,
    /// The platform's id of the request: quote it when asking for help.
    pub request_id: Option<String>,
    /// How long to wait before trying again: the `Retry-After` header, else `retry_after_ms` of the body.
    pub retry_after: Option<Duration>,
    /// Whether this is a stored answer replayed for the idempotency key: asking again brings the same.
    pub replayed: bool,
    /// Attempts made, this one included.
    pub attempts: u32,
    /// Whether the platform may have acted: because this answer does not rule it out, or in an earlier attempt that brought
    /// none. A refusal says nothing of the attempt before it.
    pub sent: WasSent,
}

impl ApiError {
    pub(crate) fn read(response: &Response<Bytes>, mask: &Mask, retry_after: Option<Duration>, attempts: u32) -> Self {
        let (status, headers) = (response.status(), response.headers());
        let too_large = BodyTooLarge::of(response, limits::ERROR_BODY);
        let text = if too_large.is_some() { "" } else { core::str::from_utf8(response.body()).unwrap_or_default() };
        let ErrorBody { code, message, mut details, extra } = ErrorBody::read(text);
        if details.is_none() && !(code.is_some() && message.is_some()) && text.trim() != "null" {
            details = JsonText::new(text.to_owned()).and_then(|_| JsonText::new(format!(r#"{{"body":{text}}}"#)));
        }
        let code = match &code {
            Some(code) => ErrorCode::from(bounded(&mask.text(code), limits::IDENTIFIER).as_str()),
            None => ErrorCode::from(format!("HTTP_{}", status.as_u16()).as_str()),
        };
        let message = match (message, too_large) {
            (Some(message), _) => bounded(&mask.text(&message), limits::PEER_TEXT),
            (None, None) => reason(status).to_owned(),
            (None, Some(limit)) => {
                format!("{} (the body was larger than {limit} bytes and was left out)", reason(status))
            }
        };
        let hint = retry_after.or_else(|| {
            let said =
                |text: &Option<JsonText>| text.as_ref()?.get::<Number>("retry_after_ms").as_ref().and_then(millis);
            said(&details).or_else(|| said(&extra))
        });
        Self {
            status: status.as_u16(),
            sent: sent(status.as_u16(), &code),
            code,
            message,
            details: details.and_then(|details| details.masked(mask)),
            extra: extra.and_then(|extra| extra.masked(mask)),
            request_id: header_text(headers, &REQUEST_ID, mask),
            retry_after: hint,
            replayed: headers.get(REPLAYED).is_some_and(|v| v.as_bytes().eq_ignore_ascii_case(b"true")),
            attempts,
        }
    }

    /// The same answer, after attempts that may have arrived or not.
    pub(crate) fn after(self, earlier: WasSent) -> Self {
        Self { sent: self.sent.or(earlier), ..self }
    }

    /// Whether this answer refuses the request and an attempt before it may have arrived all the same.
    #[must_use]
    pub fn earlier_may_have_arrived(&self) -> bool {
        self.sent == WasSent::Maybe && sent(self.status, &self.code) == WasSent::No
    }

    /// The class, by code, else by status.
    #[must_use]
    pub fn kind(&self) -> ErrorKind {
        match &self.code {
            ErrorCode::ValidationError => ErrorKind::Validation,
            ErrorCode::Unauthorized | ErrorCode::InvalidApiKey => ErrorKind::Unauthorized,
            ErrorCode::Blocked => ErrorKind::Blocked,
            ErrorCode::Suspended | ErrorCode::AgentSuspended => ErrorKind::Suspended,
            ErrorCode::Restricted | ErrorCode::AgentRestricted => ErrorKind::Restricted,
            ErrorCode::Forbidden | ErrorCode::AgentPausedByOwner => ErrorKind::Forbidden,
            ErrorCode::AwaitingReply => ErrorKind::AwaitingReply,
            ErrorCode::AgentNotFound
            | ErrorCode::ConversationNotFound
            | ErrorCode::MessageNotFound
            | ErrorCode::OwnerNotFound
            | ErrorCode::ClaimNotFound => ErrorKind::NotFound,
            ErrorCode::SystemAgentProtected => ErrorKind::SystemAgentProtected,
            ErrorCode::GroupDeleted => ErrorKind::GroupDeleted,
            ErrorCode::RateLimited | ErrorCode::ColdCapExceeded => ErrorKind::RateLimited,
            ErrorCode::RecipientBacklogged => ErrorKind::RecipientBacklogged,
            ErrorCode::EmailLimitReached | ErrorCode::EmailTaken => ErrorKind::EmailLimitReached,
            ErrorCode::EmailExhausted => ErrorKind::EmailExhausted,
            ErrorCode::HandleRequired => ErrorKind::HandleRequired,
            ErrorCode::InternalError => ErrorKind::Server,
            _ => self.kind_by_status(),
        }
    }

    fn kind_by_status(&self) -> ErrorKind {
        let bare = self.code.as_str().starts_with("HTTP_");
        match self.status {
            400 if bare => ErrorKind::Validation,
            401 => ErrorKind::Unauthorized,
            403 => ErrorKind::Forbidden,
            404 => ErrorKind::NotFound,
            429 => ErrorKind::RateLimited,
            500.. => ErrorKind::Server,
            _ => ErrorKind::AgentChat,
        }
    }
}

impl fmt::Display for ApiError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} ({}): {}", printable(self.code.as_str()), self.status, printable(&self.message))?;
        if let Some(wait) = self.retry_after {
            write!(f, "; try again in {} ms", wait.as_millis())?;
        }
        if self.earlier_may_have_arrived() {
            f.write_str(EARLIER)?;
        }
        if let Some(id) = &self.request_id {
            write!(f, " [request {}]", printable(id))?;
        }
        Ok(())
    }
}

impl core::error::Error for ApiError {}

fn reason(status: StatusCode) -> &'static str {
    status.canonical_reason().unwrap_or("Request failed")
}

/// Whether the attempt that was answered so may have been executed. A 4xx refuses it, with two exceptions: programs in
/// front of the platform answer 408 as well when they have waited long enough for it, and `IDEMPOTENT_IN_PROGRESS` says that
/// a request under the same key is at work.
fn sent(status: u16, code: &ErrorCode) -> WasSent {
    let refused = (400..500).contains(&status) && status != 408 && *code != ErrorCode::IdempotentInProgress;
    if refused { WasSent::No } else { WasSent::Maybe }
}

/// Milliseconds, none of them negative; a part of one counts as a whole.
fn millis(number: &Number) -> Option<Duration> {
    let whole = number.as_u64();
    whole.or_else(|| number.as_f64().filter(|f| *f >= 0.0).map(|f| f.ceil() as u64)).map(Duration::from_millis)
}

/// What a header says, or as much of it as is kept.
pub(crate) fn header_text(headers: &HeaderMap, name: &HeaderName, mask: &Mask) -> Option<String> {
    let text = headers.get(name).and_then(|v| v.to_str().ok()).map(str::trim).filter(|v| !v.is_empty());
    text.map(|text| bounded(&mask.text(text), limits::IDENTIFIER))
}
