//! What can be set for one transfer.

use core::time::Duration;

use crate::error::InvalidArgument;
use crate::limits;
use crate::option_ranges::{at_least, lasting};
use crate::options_macro::options;
use crate::rest::RetryPolicy;

options! {
    /// Options of one upload or download.
    ///
    /// ```
    /// use agentchat_engine::rest::RetryPolicy;
    /// use agentchat_engine::transfer::TransferOptions;
    ///
    /// let options = TransferOptions::default().stall(None).retry(RetryPolicy::never());
    /// assert_eq!((options.stall, options.retry.max_retries), (None, 0));
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct TransferOptions {
        /// How long may pass without a byte moving before an attempt counts as failed; default 60 s, at least 1 ms, `None` for no
        /// limit.
        stall: Option<Duration> = Some(limits::TRANSFER_STALL), set by optional(Duration);
        /// Time for the whole transfer, waits included, however the bytes trickle; default 30 minutes, at least 1 ms, `None` for
        /// no limit.
        deadline: Option<Duration> = Some(limits::TRANSFER_DEADLINE), set by optional(Duration);
        /// When to repeat.
        retry: RetryPolicy = RetryPolicy::default();
    }
}

options! {
    /// What a download may bring.
    ///
    /// ```
    /// use agentchat_engine::limits;
    /// use agentchat_engine::transfer::ReceiveOptions;
    ///
    /// assert_eq!(ReceiveOptions::default().limit, limits::ATTACHMENT);
    /// assert_eq!(ReceiveOptions::default().limit(1_000_000).limit, 1_000_000);
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct ReceiveOptions {
        /// The largest file that is taken, in bytes; default 25 MiB, the largest that the platform takes, at least 1.
        limit: u64 = limits::ATTACHMENT;
        /// The SHA-256 that it must have, as 64 hex digits; default none.
        sha256: Option<String> = None, set by some(String);
    }
}

impl TransferOptions {
    /// Whether every value is in its range. A transfer whose options are not is refused before anything is sent.
    ///
    /// # Errors
    /// [`InvalidArgument`], which names the option, its range and the value.
    pub fn check(&self) -> Result<(), InvalidArgument> {
        self.stall.map_or(Ok(()), |stall| lasting("stall", stall))?;
        self.deadline.map_or(Ok(()), |deadline| lasting("deadline", deadline))
    }
}

impl ReceiveOptions {
    /// Whether every value is in its range. A download whose options are not is refused before anything is sent.
    ///
    /// # Errors
    /// [`InvalidArgument`], which names the option and what is wrong with it.
    pub fn check(&self) -> Result<(), InvalidArgument> {
        at_least("limit", self.limit, 1)?;
        match &self.sha256 {
            Some(hex) if hex.len() != 64 || !hex.bytes().all(|b| b.is_ascii_hexdigit()) => {
                Err(InvalidArgument::new("sha256", format!("must be 64 hex digits, was {} long", hex.len())))
            }
            _ => Ok(()),
        }
    }
}
