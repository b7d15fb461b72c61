//! The secret that a webhook endpoint shares with the platform (contract 2.11, 6).

use core::fmt;

use hmac::{Hmac, KeyInit, Mac};
use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};
use sha2::Sha256;

use crate::error::InvalidArgument;

/// The secret of a webhook endpoint, shown once when the endpoint is created.
///
/// The key is its text, as UTF-8; hex is not decoded. White space around it is dropped, because secrets are
/// read from files that end in a newline; the platform's own consist of 64 hex digits. The text is not
/// kept, only the keyed hash: it can be neither shown nor serialised.
///
/// ```
/// use agentchat_engine::webhook::WebhookSecret;
///
/// let secret = WebhookSecret::new("not shown\n")?;
/// assert_eq!(format!("{secret:?}"), "WebhookSecret(***)");
/// assert!(WebhookSecret::new(" \n").is_err(), "an empty key would let everybody sign");
/// # Ok::<(), agentchat_engine::InvalidArgument>(())
/// ```
#[derive(Clone)]
pub struct WebhookSecret(Hmac<Sha256>);

impl WebhookSecret {
    /// Checks and wraps a secret.
    ///
    /// # Errors
    /// [`InvalidArgument`] if it is empty. The error never quotes the secret.
    pub fn new(text: impl AsRef<str>) -> Result<Self, InvalidArgument> {
        let text = text.as_ref().trim_matches(|c: char| c.is_ascii_whitespace());
        if text.is_empty() {
            return Err(InvalidArgument::new("webhook secret", "is empty"));
        }
        // HMAC takes keys of every length; the error is the trait's, not the algorithm's.
        Hmac::new_from_slice(text.as_bytes())
            .map(Self)
            .map_err(|_| InvalidArgument::new("webhook secret", "cannot be used as a key"))
    }

    /// The hash of `timestamp.body`, or of the body alone.
    pub(super) fn mac(&self, timestamp: Option<&str>, body: &[u8]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        if let Some(timestamp) = timestamp {
            mac.update(timestamp.as_bytes());
            mac.update(b".");
        }
        mac.update(body);
        mac
    }
}

impl fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("WebhookSecret(***)")
    }
}

impl<'de> Deserialize<'de> for WebhookSecret {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = SecretString::deserialize(deserializer)?;
        Self::new(text.expose_secret()).map_err(serde::de::Error::custom)
    }
}
