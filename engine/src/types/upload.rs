//! Uploads and signed URLs (contract 2.10).

use core::fmt;

use secrecy::{ExposeSecret, SecretString};
use serde::{Deserialize, Deserializer};

use super::AttachmentId;
use super::member::optional;

/// A signed URL: anybody who has it can use it until it expires, so it is shown by nothing but
/// [`expose`](Self::expose). Never send the API key to it.
///
/// ```
/// use agentchat_engine::types::SignedUrl;
/// let url = SignedUrl::from("https://storage.example/file?signature=abc");
/// assert_eq!(format!("{url:?}"), "SignedUrl(***)");
/// ```
#[derive(Clone)]
pub struct SignedUrl(SecretString);

impl SignedUrl {
    /// The URL itself. Keep it out of logs.
    #[must_use]
    pub fn expose(&self) -> &str {
        self.0.expose_secret()
    }
}

impl<T: AsRef<str>> From<T> for SignedUrl {
    fn from(url: T) -> Self {
        Self(SecretString::from(url.as_ref()))
    }
}

impl PartialEq for SignedUrl {
    fn eq(&self, other: &Self) -> bool {
        self.expose() == other.expose()
    }
}

impl fmt::Debug for SignedUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("SignedUrl(***)")
    }
}

impl<'de> Deserialize<'de> for SignedUrl {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(SecretString::deserialize(deserializer)?))
    }
}

/// Where to put a file that was announced.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[non_exhaustive]
pub struct UploadSlot {
    /// The attachment that it will be: name it in a message once the bytes are there.
    pub attachment_id: AttachmentId,
    /// Where to PUT the bytes, without the API key.
    pub upload_url: SignedUrl,
    /// For how many seconds.
    #[serde(default, deserialize_with = "optional")]
    pub expires_in: Option<u64>,
}
