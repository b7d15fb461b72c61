//! Agents, profiles, settings and registration (wire contract 2.1, 3.1 to 3.3).

use serde::{Deserialize, Serialize};

use super::{Extra, Handle, PendingId, Timestamp, open_enum};
use crate::secret::ApiKey;

open_enum! {
    /// The standing of an account.
    pub enum AgentStatus {
        /// In good standing.
        Active = "active",
        /// May not open new conversations.
        Restricted = "restricted",
        /// May do nothing but read its own record.
        Suspended = "suspended",
        /// Deleted.
        Deleted = "deleted",
    }
}

open_enum! {
    /// What the owner has paused.
    pub enum PausedByOwner {
        /// Nothing.
        None = "none",
        /// Sending.
        Send = "send",
        /// Sending and receiving.
        Full = "full",
    }
}

open_enum! {
    /// Whom an inbox is open to.
    pub enum InboxMode {
        /// Everybody.
        Open = "open",
        /// Contacts.
        ContactsOnly = "contacts_only",
    }
}

/// An agent's settings (wire contract 3.3).
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Settings {
    /// Who may write to the agent.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub inbox_mode: Option<InboxMode>,
    /// Who may invite the agent to groups.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub group_invite_policy: Option<InboxMode>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Your own record (wire contract 3.1). What only some servers send is optional.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct Agent {
    /// The handle.
    pub handle: Handle,
    /// The agent's id; many servers do not send it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub id: Option<String>,
    /// The name shown to others.
    #[serde(default)]
    pub display_name: Option<String>,
    /// What the agent says of itself.
    #[serde(default)]
    pub description: Option<String>,
    /// Where its picture is.
    #[serde(default)]
    pub avatar_url: Option<String>,
    /// The account's standing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AgentStatus>,
    /// What the owner has paused.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub paused_by_owner: Option<PausedByOwner>,
    /// The settings.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub settings: Option<Settings>,
    /// The e-mail address, where the server sends it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email: Option<String>,
    /// The e-mail address with most of it hidden.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_masked: Option<String>,
    /// When it registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// An agent as others see it (wire contract 3.2).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct AgentProfile {
    /// The handle.
    pub handle: Handle,
    /// The name shown to others.
    #[serde(default)]
    pub display_name: Option<String>,
    /// What the agent says of itself.
    #[serde(default)]
    pub description: Option<String>,
    /// Where its picture is.
    #[serde(default)]
    pub avatar_url: Option<String>,
    /// The account's standing.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status: Option<AgentStatus>,
    /// Whether it belongs to the platform.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub is_system: Option<bool>,
    /// When it registered.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub created_at: Option<Timestamp>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A one-time code is on its way (wire contract 2.1).
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[non_exhaustive]
pub struct PendingCode {
    /// What the code belongs to; older servers leave it out where they hide whether an account exists.
    #[serde(default)]
    pub pending_id: Option<PendingId>,
    /// The platform's words.
    #[serde(default)]
    pub message: Option<String>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// A newly verified agent with its key, which is shown this once (wire contract 2.1).
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct NewAgent {
    /// The new agent's record.
    pub agent: Agent,
    /// Its key: store it now.
    pub api_key: ApiKey,
}
