//! Secrets at the door: validated once, redacted everywhere after.

use core::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

use crate::error::ConfigError;

/// An agent's API key (contract 1.2).
///
/// White space around it is dropped, because keys are read from files that end in a newline. Inside,
/// only visible ASCII is allowed: anything else could never be sent as a header, and would otherwise
/// surface inside some HTTP library's error text.
///
/// The key is shown by nothing but [`expose`](Self::expose); it is not serialisable.
///
/// ```
/// use agentchat_engine::ApiKey;
///
/// let key = ApiKey::new("ac_secret\n")?;
/// assert_eq!(format!("{key:?}"), "ApiKey(***)");
/// assert_eq!(key.expose(), "ac_secret");
/// let refused = ApiKey::new("ac_se\r\ncret").unwrap_err();
/// assert!(!refused.to_string().contains("cret"));
/// # Ok::<(), agentchat_engine::ConfigError>(())
/// ```
#[derive(Clone)]
pub struct ApiKey(SecretString);

impl ApiKey {
    /// Checks and wraps a key.
    ///
    /// # Errors
    /// [`ConfigError::ApiKey`] if it is empty, longer than 512 bytes, or has anything but visible ASCII
    /// inside. The error never quotes the key.
    pub fn new(text: impl AsRef<str>) -> Result<Self, ConfigError> {
        let text = text.as_ref().trim_matches(|c: char| c.is_ascii_whitespace());
        let problem = if text.is_empty() {
            "is empty"
        } else if text.len() > 512 {
            "is longer than 512 bytes"
        } else if !text.bytes().all(|b| b.is_ascii_graphic()) {
            "contains a character that is not visible ASCII"
        } else {
            return Ok(Self(SecretString::from(text)));
        };
        Err(ConfigError::ApiKey { problem })
    }

    /// The key itself. Keep it out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(***)")
    }
}

impl<'de> Deserialize<'de> for ApiKey {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = SecretString::deserialize(deserializer)?;
        Self::new(text.expose_secret()).map_err(serde::de::Error::custom)
    }
}

/// A six-digit one-time code from an e-mail (contract 2.1): sent, never shown.
///
/// ```
/// use agentchat_engine::types::OneTimeCode;
/// assert_eq!(format!("{:?}", OneTimeCode::from("123456")), "OneTimeCode(***)");
/// ```
#[derive(Clone)]
pub struct OneTimeCode(SecretString);

impl OneTimeCode {
    pub(crate) fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl<T: AsRef<str>> From<T> for OneTimeCode {
    fn from(text: T) -> Self {
        Self(SecretString::from(text.as_ref().trim()))
    }
}

impl fmt::Debug for OneTimeCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("OneTimeCode(***)")
    }
}

impl<'de> Deserialize<'de> for OneTimeCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(SecretString::deserialize(deserializer)?))
    }
}

/// A secret between the platform and the agent, such as a webhook's: shown by nothing but [`expose`](Self::expose).
///
/// ```
/// use agentchat_engine::types::SecretText;
/// let secret: SecretText = serde_json::from_str(r#""hush""#)?;
/// assert_eq!((secret.expose(), format!("{secret:?}").as_str()), ("hush", "SecretText(***)"));
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone)]
pub struct SecretText(SecretString);

impl SecretText {
    /// The secret itself. Keep it out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl<T: AsRef<str>> From<T> for SecretText {
    fn from(text: T) -> Self {
        Self(SecretString::from(text.as_ref()))
    }
}

crate::types::text_member!(SecretText);

impl fmt::Debug for SecretText {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SecretText(***)")
    }
}

impl<'de> Deserialize<'de> for SecretText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(SecretString::deserialize(deserializer)?))
    }
}
