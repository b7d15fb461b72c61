//! Webhooks as they are configured (wire contract 2.11, 2.12, 3.13).

use serde::Deserialize;

use super::{EventKind, Extra, Timestamp, WebhookId, shape};
use crate::secret::SecretText;

/// A webhook.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct Webhook {
    /// Its id.
    pub id: WebhookId,
    /// Where events are sent.
    pub url: String,
    /// Which events.
    #[serde(default, deserialize_with = "super::shape::or_empty")]
    pub events: Vec<EventKind>,
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
    #[serde(default, deserialize_with = "super::shape::or_empty")]
    pub webhooks: Vec<Webhook>,
}

shape! {
    /// The webhook that wakes an agent (wire contract 2.12).
    pub struct WakeWebhook {
        may {
            /// Its state, such as `active`.
            state: String,
        }
    }
}
