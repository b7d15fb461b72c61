//! Size and SHA-256 of a file, taken as its bytes pass.

use sha2::{Digest as _, Sha256};

use super::error::TransferError;
use crate::limits;

/// What identifies a file's bytes.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Fingerprint {
    /// Its size in bytes.
    pub size: u64,
    /// Its SHA-256 in lower-case hex.
    pub sha256: String,
}

/// Takes a [`Fingerprint`].
///
/// ```
/// use agentchat_engine::transfer::Fingerprinter;
/// let mut file = Fingerprinter::new();
/// file.update(b"a");
/// file.update(b"bc");
/// let abc = file.finish();
/// assert_eq!(abc.size, 3);
/// assert!(abc.sha256.starts_with("ba7816bf"));
/// ```
#[derive(Clone, Debug, Default)]
pub struct Fingerprinter {
    size: u64,
    sha256: Sha256,
}

impl Fingerprinter {
    /// Of no bytes yet.
    #[must_use]
    pub fn new() -> Self {
        Self::default()
    }

    /// Takes the next bytes in.
    pub fn update(&mut self, bytes: &[u8]) {
        self.size = self.size.saturating_add(u64::try_from(bytes.len()).unwrap_or(u64::MAX));
        self.sha256.update(bytes);
    }

    /// Takes in the next bytes of a file that is to be uploaded.
    ///
    /// # Errors
    /// [`TransferError::TooLarge`] as soon as it is larger than the platform takes, so that the rest need not be read.
    pub fn announce(&mut self, bytes: &[u8]) -> Result<(), TransferError> {
        self.update(bytes);
        let limit = limits::ATTACHMENT;
        if self.size > limit { Err(TransferError::TooLarge { limit }) } else { Ok(()) }
    }

    /// Bytes so far.
    #[must_use]
    pub fn size(&self) -> u64 {
        self.size
    }

    /// All bytes have passed.
    #[must_use]
    pub fn finish(self) -> Fingerprint {
        Fingerprint { size: self.size, sha256: hex::encode(self.sha256.finalize()) }
    }
}

/// Holds a file against what was announced of it, while it is sent: an attempt of an upload has one.
///
/// ```
/// use agentchat_engine::transfer::{Announced, Fingerprinter};
/// let mut file = Fingerprinter::new();
/// file.update(b"abc");
/// let file = file.finish();
/// let mut sent = Announced::new(&file);
/// sent.check(b"ab")?;
/// assert!(sent.check(b"x").is_err(), "before the last byte has left");
/// # Ok::<(), agentchat_engine::transfer::TransferError>(())
/// ```
#[derive(Clone, Debug)]
pub struct Announced {
    file: Fingerprint,
    sent: Fingerprinter,
}

impl Announced {
    /// Nothing was sent yet.
    #[must_use]
    pub fn new(file: &Fingerprint) -> Self {
        Self { file: file.clone(), sent: Fingerprinter::new() }
    }

    /// Bytes still to be sent.
    #[must_use]
    pub fn remaining(&self) -> u64 {
        self.file.size.saturating_sub(self.sent.size())
    }

    /// The next bytes are about to be sent; none if the file has ended.
    ///
    /// # Errors
    /// [`TransferError::Changed`] if they must not be: the file is another than was announced. That is known before its
    /// last byte has left, so that it is never stored.
    pub fn check(&mut self, bytes: &[u8]) -> Result<(), TransferError> {
        self.sent.update(bytes);
        let ended = bytes.is_empty() && self.remaining() > 0;
        if ended || self.sent.size() > self.file.size {
            return Err(TransferError::Changed);
        }
        if self.remaining() == 0 && self.sent.clone().finish() != self.file {
            return Err(TransferError::Changed);
        }
        Ok(())
    }
}
