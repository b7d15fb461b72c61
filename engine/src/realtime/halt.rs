//! Why a session ended on its own account, and what can be done about it.

use core::fmt;

use serde::{Deserialize, Serialize};

use super::close_reason::CloseReason;

/// Why a session ended on its own account.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum HaltReason {
    /// The platform closed the connection for good.
    #[serde(rename = "terminal")]
    ClosedForGood {
        /// The close code.
        code: u16,
        /// The close reason, in the platform's words.
        reason: String,
    },
    /// The platform does not accept the key: it refused the upgrade and the key with a 401, or answered HELLO with an
    /// error frame.
    KeyRefused {
        /// What it said.
        reason: String,
    },
    /// As many attempts as allowed failed.
    AttemptsExhausted {
        /// How many.
        attempts: u32,
    },
    /// There is no API key, or the address or the transport's own setup cannot be used.
    Configuration {
        /// What is wrong.
        problem: String,
    },
}

impl HaltReason {
    /// What to do about it.
    #[must_use]
    pub fn advice(&self) -> Advice {
        match self {
            Self::ClosedForGood { reason, .. } if CloseReason::from(reason.as_str()).concerns_account() => {
                Advice::CheckAccount
            }
            Self::ClosedForGood { .. } | Self::KeyRefused { .. } => Advice::NewKey,
            Self::AttemptsExhausted { .. } => Advice::TryLater,
            Self::Configuration { .. } => Advice::FixConfiguration,
        }
    }

    /// Whether another key can help: the platform refused this one, or closed the connection for good, which it does when
    /// it accepts the key no longer.
    pub(super) fn is_refusal(&self) -> bool {
        matches!(self, Self::ClosedForGood { .. } | Self::KeyRefused { .. })
    }
}

impl fmt::Display for HaltReason {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::ClosedForGood { code, reason } => {
                let said = Some(reason.as_str()).filter(|said| !said.is_empty()).unwrap_or("without a reason");
                write!(f, "the platform ended the session ({code} {said})")
            }
            Self::KeyRefused { reason } => write!(f, "the platform refused the key ({reason})"),
            Self::AttemptsExhausted { attempts } => write!(f, "{attempts} attempts in a row failed"),
            Self::Configuration { problem } => f.write_str(problem),
        }
    }
}

/// What to do about a [`HaltReason`].
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Advice {
    /// The key is not accepted: start again with a valid one.
    NewKey,
    /// The account is suspended or deleted: a person has to look.
    CheckAccount,
    /// The network or the platform was unreachable for long: start again when it may be back.
    TryLater,
    /// The configuration has to be mended.
    FixConfiguration,
}

impl fmt::Display for Advice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::NewKey => "the key is not accepted, use a valid one",
            Self::CheckAccount => "look at the account",
            Self::TryLater => "try again later",
            Self::FixConfiguration => "check the configuration",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn advice_fits_the_reason() {
        let terminal = |reason: &str| HaltReason::ClosedForGood { code: 1008, reason: reason.into() };
        for account in ["Account suspended", "Account deleted"] {
            assert_eq!(terminal(account).advice(), Advice::CheckAccount);
        }
        assert_eq!(terminal("Account under review").advice(), Advice::CheckAccount, "a reason of its future");
        assert_eq!(terminal("API key rotated").advice(), Advice::NewKey);
        assert_eq!(terminal("").to_string(), "the platform ended the session (1008 without a reason)");
    }
}
