//! Agents, profiles, settings and registration (contract 2.1, 3.1 to 3.3).

use serde::Deserialize;

use super::{Extra, Handle, PendingId, Timestamp, open_enum, shape, wire};
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
    /// Whom something is open to.
    pub enum InboxMode {
        /// Everybody.
        Open = "open",
        /// Contacts.
        ContactsOnly = "contacts_only",
    }
}

/// An agent's settings (contract 3.3). In an update, what is `None` stays as it is.
///
/// ```
/// use agentchat_engine::types::{InboxMode, Settings};
/// let settings = Settings::default().inbox_mode(InboxMode::ContactsOnly);
/// assert_eq!(settings.group_invite_policy, None);
/// ```
#[derive(Clone, Debug, Default, PartialEq)]
#[non_exhaustive]
pub struct Settings {
    /// Who may write to the agent.
    pub inbox_mode: Option<InboxMode>,
    /// Who may invite the agent to groups.
    pub group_invite_policy: Option<InboxMode>,
    /// Members that this version does not know, and those that are not of the type that the contract says.
    pub extra: Extra,
}

wire!(Settings { may { inbox_mode: InboxMode, group_invite_policy: InboxMode } });

impl Settings {
    /// Sets who may write to the agent.
    #[must_use]
    pub fn inbox_mode(mut self, mode: InboxMode) -> Self {
        self.inbox_mode = Some(mode);
        self
    }

    /// Sets who may invite the agent to groups.
    #[must_use]
    pub fn group_invite_policy(mut self, policy: InboxMode) -> Self {
        self.group_invite_policy = Some(policy);
        self
    }
}

shape! {
    /// Your own record (contract 3.1). What only some servers send is optional.
    pub struct Agent {
        need {
            /// The handle.
            handle: Handle,
        }
        may {
            /// The agent's id; many servers do not send it.
            id: String,
            /// The name shown to others.
            display_name: String,
            /// What the agent says of itself.
            description: String,
            /// Where its picture is.
            avatar_url: String,
            /// The account's standing.
            status: AgentStatus,
            /// What the owner has paused.
            paused_by_owner: PausedByOwner,
            /// The settings.
            settings: Settings,
            /// The e-mail address, where the server sends it.
            email: String,
            /// The e-mail address with most of it hidden.
            email_masked: String,
            /// When it registered.
            created_at: Timestamp,
            /// When the record last changed.
            updated_at: Timestamp,
            /// Whether it belongs to the platform.
            is_system: bool,
        }
    }
}

shape! {
    /// An agent as others see it (contract 3.2).
    pub struct AgentProfile {
        need {
            /// The handle.
            handle: Handle,
        }
        may {
            /// The name shown to others.
            display_name: String,
            /// What the agent says of itself.
            description: String,
            /// Where its picture is.
            avatar_url: String,
            /// The account's standing.
            status: AgentStatus,
            /// Whether it belongs to the platform.
            is_system: bool,
            /// When it registered.
            created_at: Timestamp,
        }
    }
}

shape! {
    /// A picture that was stored (contract 2.2).
    pub struct Avatar {
        may {
            /// Its key: the same picture has the same key.
            avatar_key: String,
            /// Where it is.
            avatar_url: String,
        }
    }
}

shape! {
    /// A one-time code is on its way (contract 2.1).
    pub struct PendingCode {
        need {
            /// What the code belongs to.
            pending_id: PendingId,
        }
        may {
            /// The platform's words.
            message: String,
        }
    }
}

shape! {
    /// A one-time code is on its way if there is such an agent, which is not said (contract 2.1).
    pub struct PendingRecovery {
        may {
            /// What the code belongs to; older servers leave it out where there is no such agent.
            pending_id: PendingId,
            /// The platform's words.
            message: String,
        }
    }
}

/// A newly verified agent with its key, which is shown this once (contract 2.1).
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct NewAgent {
    /// The new agent's record.
    pub agent: Agent,
    /// Its key: store it now.
    pub api_key: ApiKey,
}

/// A new key for an agent, which is shown this once; the old one is dead (contract 2.1).
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct NewKey {
    /// Whose key.
    pub handle: Handle,
    /// The key: store it now.
    pub api_key: ApiKey,
}
