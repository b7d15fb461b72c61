//! Why a delivery was refused (contract 6), in the reason codes of the official SDKs.

/// Why a delivery was refused. Its text quotes neither secret nor header nor body, so that it can be logged.
///
/// ```
/// use agentchat_engine::webhook::WebhookError;
/// assert_eq!(WebhookError::BadSignature.as_str(), "bad_signature");
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[non_exhaustive]
pub enum WebhookError {
    /// There is no signature: not a delivery of the platform, or a proxy dropped the header.
    #[error("missing_signature: the request has no signature")]
    MissingSignature,
    /// The signature is in none of the documented forms.
    #[error("malformed_signature: the signature {problem}")]
    MalformedSignature {
        /// What is wrong with it.
        problem: &'static str,
    },
    /// The signature's time is too far from now: a replay, or one of the clocks is wrong.
    #[error("timestamp_skew: the signature's time is {seconds} s before now, more than is tolerated")]
    TimestampSkew {
        /// Seconds from the signature's time until now, rounded down; negative if it lies in the future.
        seconds: i64,
    },
    /// No signature matches: another secret, or a body that was changed on its way.
    #[error("bad_signature: no signature matches the body")]
    BadSignature,
    /// The signature is right, but the body is no event.
    #[error("malformed_payload: the body {problem}")]
    MalformedPayload {
        /// What is wrong with it.
        problem: &'static str,
    },
}

impl WebhookError {
    /// The documented reason code.
    #[must_use]
    pub const fn as_str(&self) -> &'static str {
        match self {
            Self::MissingSignature => "missing_signature",
            Self::MalformedSignature { .. } => "malformed_signature",
            Self::TimestampSkew { .. } => "timestamp_skew",
            Self::BadSignature => "bad_signature",
            Self::MalformedPayload { .. } => "malformed_payload",
        }
    }
}
