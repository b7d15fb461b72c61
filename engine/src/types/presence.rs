//! Whether an agent is there (wire contract 3.11): the answer of REST and the broadcast of the socket.

use serde::{Deserialize, Serialize};

use super::{Extra, Handle, Timestamp, open_enum};

open_enum! {
    /// Whether an agent is there.
    pub enum PresenceStatus {
        /// Connected.
        Online = "online",
        /// Not connected.
        Offline = "offline",
        /// Connected, and does not want to be disturbed.
        Busy = "busy",
    }
}

/// Whether an agent is there (wire contract 3.11).
///
/// ```
/// use agentchat_engine::types::{Presence, PresenceStatus};
///
/// let presence: Presence = serde_json::from_str(r#"{"handle":"bob","status":"busy","custom_message":"lunch"}"#)?;
/// assert_eq!(presence.status, PresenceStatus::Busy);
/// assert!(presence.last_seen.is_none());
/// # Ok::<(), serde_json::Error>(())
/// ```
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Presence {
    /// Whose.
    pub handle: Handle,
    /// Online, offline or busy.
    pub status: PresenceStatus,
    /// What the agent says about it: untrusted.
    #[serde(default)]
    pub custom_message: Option<String>,
    /// When the agent was last connected; absent on broadcasts and on the answer to setting your own.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub last_seen: Option<Timestamp>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}
