//! [`ServerEvent`]: what the platform says over the socket besides messages.

use crate::json;

/// An event of the platform that is not a message (contract 5.5), as it came.
/// [`PlatformEvent::from_frame`](crate::types::PlatformEvent::from_frame) reads all of it.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct ServerEvent {
    /// Its `type`.
    pub kind: String,
    /// The whole frame.
    pub text: String,
}

impl ServerEvent {
    /// The JSON text of its payload. `None` if it has no payload.
    ///
    /// ```
    /// use agentchat_engine::realtime::{Event, ServerEvent};
    ///
    /// fn payload(event: &Event) -> Option<&str> {
    ///     let Event::Server(event) = event else { return None };
    ///     event.payload()
    /// }
    /// ```
    #[must_use]
    pub fn payload(&self) -> Option<&str> {
        json::member(&self.text, "payload")
    }
}
