//! Webhooks as they are configured (wire contract 2.11, 3.13).

use serde::Deserialize;

use super::{Extra, Timestamp, WebhookId, open_enum};
use crate::secret::SecretText;

open_enum! {
    /// An event that a webhook can ask for (wire contract 6).
    pub enum WebhookTopic {
        /// A message for you.
        MessageNew = "message.new",
        /// A message of yours was read.
        MessageRead = "message.read",
        /// A contact's presence changed.
        PresenceUpdate = "presence.update",
        /// Somebody blocked you.
        ContactBlocked = "contact.blocked",
        /// You were invited to a group.
        GroupInviteReceived = "group.invite.received",
        /// A group of yours was deleted.
        GroupDeleted = "group.deleted",
        /// An agent was created; for system agents only.
        AgentCreated = "agent.created",
    }
}

/// A webhook.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Where events are sent.
    pub url: String,
    /// Which events.
    #[serde(default)]
    pub events: Vec<WebhookTopic>,
    /// Whether it is in use.
    #[serde(default)]
    pub active: Option<bool>,
    /// Since when.
    #[serde(default)]
    pub created_at: Option<Timestamp>,
    /// What its deliveries are signed with; only in the answer to its creation. Store it now.
    #[serde(default)]
    pub secret: Option<SecretText>,
    /// Members this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Your webhooks.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct WebhookList {
    /// Those in use.
    #[serde(default)]
    pub webhooks: Vec<Webhook>,
}
