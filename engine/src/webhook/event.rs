//! The body of a delivery (contract 6): `{event, timestamp, data}`.

use super::error::WebhookError;
use crate::json::{self, members};
use crate::types::{EventKind, PlatformEvent, Timestamp, UnreadableEvent};

/// A delivery whose signature was right.
///
/// Only its envelope is read here. Its data partly stems from strangers, and a delivery that is refused for
/// them comes back for days: so data that cannot be read are an error of [`typed`](Self::typed), and no
/// reason to refuse the delivery.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub struct WebhookEvent {
    /// Its name; an unknown one with empty text if the body has none.
    pub event: EventKind,
    /// When it happened.
    pub timestamp: Option<Timestamp>,
    /// The JSON text of its data as it came; `null` if it has no data.
    pub data: String,
}

impl WebhookEvent {
    pub(super) fn read(body: &[u8]) -> Result<Self, WebhookError> {
        let malformed = |problem| WebhookError::MalformedPayload { problem };
        let text = core::str::from_utf8(body).map_err(|_| malformed("is not UTF-8"))?;
        let mut read = Self { event: EventKind::from(""), timestamp: None, data: "null".to_owned() };
        members(text, |name, value| match name {
            "event" => read.event = EventKind::from(&*json::text(value).unwrap_or_default()),
            "timestamp" => read.timestamp = json::text(value).map(|text| Timestamp::from(&*text)),
            "data" => read.data = value.to_owned(),
            _ => {}
        })
        .map_err(|_| malformed("is not a JSON object"))?;
        Ok(read)
    }

    /// The event with its data.
    ///
    /// # Errors
    /// [`UnreadableEvent`] if a known event's data are not what the contract says. Still answer 2xx.
    pub fn typed(&self) -> Result<PlatformEvent, UnreadableEvent> {
        PlatformEvent::read(self.event.clone(), &self.data)
    }
}
