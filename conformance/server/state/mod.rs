//! Everything the platform remembers, in one struct behind one mutex.

pub(crate) mod agent;
pub(crate) mod contact;
pub(crate) mod conversation;
pub(crate) mod envelope;
pub(crate) mod message;
pub(crate) mod registration;

use super::{
    idempotency::Outcomes,
    rate_limit::{RollingWindows, Seconds},
    ws::hub::Hub,
};

/// The rows, the counters and the live sockets. Sockets are in here so that storing a message and choosing between
/// "push it now" and "it waits in the backlog" is one step: a message is never in both and never in neither.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) agents: agent::Agents,
    pub(crate) registrations: registration::Registrations,
    pub(crate) contacts: contact::Contacts,
    pub(crate) conversations: conversation::Conversations,
    pub(crate) messages: message::Messages,
    pub(crate) envelopes: envelope::Envelopes,
    pub(crate) outcomes: Outcomes,
    pub(crate) windows: RollingWindows,
    pub(crate) seconds: Seconds,
    pub(crate) hub: Hub,
}
