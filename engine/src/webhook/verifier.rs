//! The check of a delivery (contract 6): signature, time, hash, and only then the body.

use core::time::Duration;

use hmac::Mac;
use hmac::digest::CtOutput;
use http::HeaderMap;

use super::error::WebhookError;
use super::event::WebhookEvent;
use super::secret::WebhookSecret;
use super::signature::Signature;
use super::{BARE_SIGNATURE_HEADER, SIGNATURE_HEADER};
use crate::error::InvalidArgument;
use crate::time::UnixTime;

/// How far a signature's time may be from now, as in the official SDKs.
const TOLERANCE: Duration = Duration::from_secs(300);

/// Tells the platform's deliveries from everybody else's.
///
/// The platform also documents bare signatures, without a time. They can be replayed for ever, and are accepted
/// unless [`require_timestamp`](Self::require_timestamp) is set: set it if your endpoint's deliveries carry
/// `Agentchat-Signature`.
///
/// ```
/// use agentchat_engine::UnixTime;
/// use agentchat_engine::webhook::{Verifier, WebhookError, WebhookSecret, sign};
///
/// let (old, new) = (WebhookSecret::new("old")?, WebhookSecret::new("new")?);
/// let verifier = Verifier::new([new, old.clone()])?.require_timestamp(true);
///
/// let sent = UnixTime::from_millis(1_790_000_000_000);
/// let header = sign(&old, sent, b"{}");
/// assert!(verifier.verify(b"{}", &header, sent).is_ok());
/// let late = UnixTime::from_millis(1_790_000_301_000);
/// assert_eq!(verifier.verify(b"{}", &header, late), Err(WebhookError::TimestampSkew { seconds: 301 }));
/// # Ok::<(), agentchat_engine::InvalidArgument>(())
/// ```
#[derive(Clone, Debug)]
pub struct Verifier {
    secrets: Vec<WebhookSecret>,
    tolerance: Duration,
    require_timestamp: bool,
}

impl Verifier {
    /// A verifier that accepts what was signed with any of `secrets`: several while one replaces another.
    ///
    /// # Errors
    /// [`InvalidArgument`] if there are no secrets.
    pub fn new(secrets: impl IntoIterator<Item = WebhookSecret>) -> Result<Self, InvalidArgument> {
        let secrets = Vec::from_iter(secrets);
        if secrets.is_empty() {
            return Err(InvalidArgument::new("webhook secrets", "must not be empty"));
        }
        Ok(Self { secrets, tolerance: TOLERANCE, require_timestamp: false })
    }

    /// How far a signature's time may be from now, in either direction; 300 s by default, and exactly that far
    /// still passes. Zero switches the check off, and with it the protection against replays.
    #[must_use]
    pub fn tolerance(mut self, tolerance: Duration) -> Self {
        self.tolerance = tolerance;
        self
    }

    /// Whether bare signatures, which have no time, are refused as `malformed_signature`; they are accepted by default. A list
    /// without a time always is.
    #[must_use]
    pub fn require_timestamp(mut self, require: bool) -> Self {
        self.require_timestamp = require;
        self
    }

    /// Checks the body of a request, byte for byte as it came, against the value of its signature header.
    ///
    /// # Errors
    /// In this order: [`MissingSignature`](WebhookError::MissingSignature) if the value is empty,
    /// [`MalformedSignature`](WebhookError::MalformedSignature), [`TimestampSkew`](WebhookError::TimestampSkew),
    /// [`BadSignature`](WebhookError::BadSignature), [`MalformedPayload`](WebhookError::MalformedPayload) if the
    /// body is not a JSON object.
    pub fn verify(&self, body: &[u8], signature_header: &str, now: UnixTime) -> Result<WebhookEvent, WebhookError> {
        if signature_header.is_empty() {
            return Err(WebhookError::MissingSignature);
        }
        let signature = Signature::read(signature_header)?;
        if let Some((seconds, _)) = signature.timestamp {
            self.check_time(seconds, now)?;
        } else if self.require_timestamp {
            return Err(WebhookError::MalformedSignature { problem: "has no t, which is required" });
        }
        if !self.matches(&signature, body) {
            return Err(WebhookError::BadSignature);
        }
        WebhookEvent::read(body)
    }

    /// As [`verify`](Self::verify), with the signature taken from the request's headers.
    ///
    /// `Agentchat-Signature` alone counts where it is present: a stale one is not saved by the bare signature
    /// beside it. Otherwise `X-AgentChat-Signature` is taken. A header that stands several times is one list.
    ///
    /// # Errors
    /// As [`verify`](Self::verify).
    ///
    /// ```
    /// use agentchat_engine::UnixTime;
    /// use agentchat_engine::webhook::{self, Verifier, WebhookError, WebhookSecret};
    /// use http::HeaderMap;
    ///
    /// let secret = WebhookSecret::new("s")?;
    /// let now = UnixTime::from_millis(1_790_000_000_000);
    /// let mut headers = HeaderMap::new();
    /// headers.insert("agentchat-signature", webhook::sign(&secret, now, b"{}").parse()?);
    /// let verifier = Verifier::new([secret])?;
    /// assert!(verifier.verify_headers(&headers, b"{}", now).is_ok());
    /// assert_eq!(verifier.verify_headers(&HeaderMap::new(), b"{}", now), Err(WebhookError::MissingSignature));
    /// # Ok::<(), Box<dyn std::error::Error>>(())
    /// ```
    pub fn verify_headers(
        &self,
        headers: &HeaderMap,
        body: &[u8],
        now: UnixTime,
    ) -> Result<WebhookEvent, WebhookError> {
        let name = if headers.contains_key(SIGNATURE_HEADER) { SIGNATURE_HEADER } else { BARE_SIGNATURE_HEADER };
        let lines = headers.get_all(name).iter().map(http::HeaderValue::to_str).collect::<Result<Vec<_>, _>>();
        let value = lines.map_err(|_| WebhookError::MalformedSignature { problem: "is not ASCII" })?.join(",");
        self.verify(body, &value, now)
    }

    fn check_time(&self, seconds: i64, now: UnixTime) -> Result<(), WebhookError> {
        let signed = seconds.saturating_mul(1_000);
        let distance = u128::from(now.as_millis().abs_diff(signed));
        if self.tolerance.is_zero() || distance <= self.tolerance.as_millis() {
            return Ok(());
        }
        let seconds = now.as_millis().saturating_sub(signed).div_euclid(1_000);
        Err(WebhookError::TimestampSkew { seconds })
    }

    /// Compares every digest with every secret in constant time, so that time tells only how many there are.
    fn matches(&self, signature: &Signature<'_>, body: &[u8]) -> bool {
        let timestamp = signature.timestamp.map(|(_, text)| text);
        let mut matched = false;
        for secret in &self.secrets {
            let expected = secret.mac(timestamp, body).finalize();
            for digest in &signature.digests {
                matched |= CtOutput::new((*digest).into()) == expected;
            }
        }
        matched
    }
}
