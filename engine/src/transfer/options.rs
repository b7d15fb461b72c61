//! What can be set for one transfer.

use core::time::Duration;

use crate::limits;
use crate::rest::RetryPolicy;

/// Options of one upload or download.
///
/// ```
/// use agentchat_engine::transfer::TransferOptions;
/// assert_eq!(TransferOptions::default().retry.max_retries, 3);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TransferOptions {
    /// How long may pass without a byte moving before an attempt counts as failed; default 60 s, `None` for no limit.
    pub stall: Option<Duration>,
    /// Time for the whole transfer, waits included, however the bytes trickle; default 30 minutes, `None` for no limit.
    pub deadline: Option<Duration>,
    /// When to repeat.
    pub retry: RetryPolicy,
}

impl Default for TransferOptions {
    fn default() -> Self {
        Self {
            stall: Some(limits::TRANSFER_STALL),
            deadline: Some(limits::TRANSFER_DEADLINE),
            retry: RetryPolicy::default(),
        }
    }
}

/// What a download may bring.
///
/// ```
/// use agentchat_engine::transfer::ReceiveOptions;
/// assert_eq!(ReceiveOptions::default().limit, agentchat_engine::limits::ATTACHMENT);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ReceiveOptions {
    /// The largest file that is taken, in bytes; default 25 MiB, the largest that the platform takes.
    pub limit: u64,
    /// The SHA-256 that it must have, in hex.
    pub sha256: Option<String>,
}

impl Default for ReceiveOptions {
    fn default() -> Self {
        Self { limit: limits::ATTACHMENT, sha256: None }
    }
}
