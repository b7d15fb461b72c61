//! [`CloseReason`]: the words with which the platform closes a connection for good (contract 5.8).

use crate::types::open_enum;

open_enum! {
    /// Why the platform closed a connection for good: its close frame says so in words, not in codes of its own.
    ///
    /// ```
    /// use agentchat_engine::realtime::{CloseReason, HaltReason};
    ///
    /// let halt = HaltReason::ClosedForGood { code: 1008, reason: "API key rotated".into() };
    /// let HaltReason::ClosedForGood { reason, .. } = halt else { panic!() };
    /// assert_eq!(CloseReason::from(reason.as_str()), CloseReason::KeyRotated);
    /// ```
    pub enum CloseReason {
        /// It knows no such key.
        InvalidToken = "Invalid token",
        /// HELLO did not come in time.
        HelloRequired = "HELLO frame required",
        /// Another frame came before HELLO.
        HelloRequiredFirst = "HELLO frame required first",
        /// Another key has taken the place of this one.
        KeyRotated = "API key rotated",
        /// The account is deleted.
        AccountDeleted = "Account deleted",
        /// The account is suspended.
        AccountSuspended = "Account suspended",
    }
}

impl CloseReason {
    /// Whether it is about the account, and no other key can help.
    pub(crate) fn concerns_account(&self) -> bool {
        match self {
            Self::AccountDeleted | Self::AccountSuspended => true,
            Self::Other(words) => words.starts_with("Account"),
            _ => false,
        }
    }
}
