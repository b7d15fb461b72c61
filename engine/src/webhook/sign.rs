//! The sending half of webhook signatures (contract 6): for tests, local platforms and relays.

use hmac::Mac;

use super::secret::WebhookSecret;
use crate::time::UnixTime;

/// Signs a body together with a time: the value of [`SIGNATURE_HEADER`](super::SIGNATURE_HEADER).
///
/// The time is written in whole seconds; a time before 1970 is written as 0.
///
/// ```
/// use agentchat_engine::UnixTime;
/// use agentchat_engine::webhook::{WebhookSecret, sign};
///
/// let header = sign(&WebhookSecret::new("s")?, UnixTime::from_millis(1_700_000_000_999), b"{}");
/// assert!(header.starts_with("t=1700000000,v1="));
/// # Ok::<(), agentchat_engine::InvalidArgument>(())
/// ```
#[must_use]
pub fn sign(secret: &WebhookSecret, at: UnixTime, body: &[u8]) -> String {
    let timestamp = at.as_secs().max(0).to_string();
    let digest = hex::encode(secret.mac(Some(&timestamp), body).finalize().into_bytes());
    format!("t={timestamp},v1={digest}")
}

/// Signs a body alone: the value of [`BARE_SIGNATURE_HEADER`](super::BARE_SIGNATURE_HEADER), lower-case hex.
///
/// Nothing in it says when it was made, so that anybody who has seen one can send it again for ever: prefer
/// [`sign`].
///
/// ```
/// use agentchat_engine::webhook::{WebhookSecret, sign_body};
/// assert_eq!(sign_body(&WebhookSecret::new("s")?, b"{}").len(), 64);
/// # Ok::<(), agentchat_engine::InvalidArgument>(())
/// ```
#[must_use]
pub fn sign_body(secret: &WebhookSecret, body: &[u8]) -> String {
    hex::encode(secret.mac(None, body).finalize().into_bytes())
}
