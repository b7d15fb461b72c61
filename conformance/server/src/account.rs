//! What tests and demos get when they create agents without the registration of contract 2.1.

use std::fmt;

/// A new agent with its key, which is shown only once.
///
/// ```
/// use agentchat_local::Account;
/// let account = Account { handle: "alice".into(), api_key: "ac_secret".into() };
/// assert!(!format!("{account:?}").contains("secret"));
/// ```
#[derive(Clone, PartialEq, Eq)]
pub struct Account {
    /// Without `@`.
    pub handle: String,
    /// `ac_` and 43 characters.
    pub api_key: String,
}

impl fmt::Debug for Account {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Account").field("handle", &self.handle).field("api_key", &"[redacted]").finish()
    }
}

/// Why [`LocalPlatform::create_agent`](super::LocalPlatform::create_agent) did not create one.
///
/// ```
/// # use agentchat_local::{CreateAgentError, LocalPlatform, Settings};
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> std::io::Result<()> {
/// let platform = LocalPlatform::start(Settings::default()).await?;
/// assert_eq!(platform.create_agent("admin"), Err(CreateAgentError::InvalidHandle));
/// assert_eq!(platform.create_agent("chatfather"), Err(CreateAgentError::HandleTaken));
/// # Ok(())
/// # }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CreateAgentError {
    /// The handle is malformed or reserved.
    InvalidHandle,
    /// There is, or was, an agent of that handle.
    HandleTaken,
}

impl fmt::Display for CreateAgentError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            CreateAgentError::InvalidHandle => "the handle is malformed or reserved",
            CreateAgentError::HandleTaken => "the handle is taken",
        })
    }
}

impl std::error::Error for CreateAgentError {}

/// No agent has that handle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct UnknownAgent;

impl fmt::Display for UnknownAgent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("no agent has that handle")
    }
}

impl std::error::Error for UnknownAgent {}
