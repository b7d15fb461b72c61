//! Webhooks as they are configured (contract 2.11, 2.12, 3.13).

use serde::Deserialize;
use serde::de::MapAccess;

use super::member::{Member, Read, derived, optional, or_empty};
use super::{EventKind, Extra, List, Timestamp, WebhookId, shape};
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
    #[serde(default, deserialize_with = "or_empty")]
    pub events: List<EventKind>,
    /// Whether it is in use.
    #[serde(default, deserialize_with = "optional")]
    pub active: Option<bool>,
    /// Since when.
    #[serde(default, deserialize_with = "optional")]
    pub created_at: Option<Timestamp>,
    /// What its deliveries are signed with; only in the answer to its creation. Store it now.
    #[serde(default, deserialize_with = "optional")]
    pub secret: Option<SecretText>,
    /// Members that this version does not know.
    #[serde(flatten)]
    pub extra: Extra,
}

/// Your webhooks.
#[derive(Clone, Debug, Deserialize)]
#[non_exhaustive]
pub struct WebhookList {
    /// Those in use.
    #[serde(default, deserialize_with = "or_empty")]
    pub webhooks: List<Webhook>,
}

impl Member for Webhook {
    fn from_object<'de, A: MapAccess<'de>>(members: A) -> Result<Read<Self>, A::Error> {
        derived(members)
    }
}

shape! {
    /// The webhook that wakes an agent (contract 2.12).
    pub struct WakeWebhook {
        may {
            /// Its state, such as `active`.
            state: String,
        }
    }
}
