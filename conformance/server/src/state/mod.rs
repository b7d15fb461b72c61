//! Everything the platform remembers, in one struct behind one mutex.

pub(crate) mod agent;
pub(crate) mod attachment;
pub(crate) mod avatar;
pub(crate) mod complaint;
pub(crate) mod contact;
pub(crate) mod conversation;
pub(crate) mod coordination;
pub(crate) mod envelope;
pub(crate) mod group;
pub(crate) mod hidden;
pub(crate) mod id;
pub(crate) mod invite;
pub(crate) mod message;
pub(crate) mod mute;
pub(crate) mod outcome;
pub(crate) mod pending;
pub(crate) mod presence;
mod retention;
pub(crate) mod transcript;
pub(crate) mod webhook;

use super::rate_limit::{FixedWindows, RollingWindows};
use super::ws::hub::Hub;

/// The rows, the counters and the live sockets. Sockets are in here so that storing a message and choosing between
/// "push it now" and "it waits in the backlog" is one step: a message is never in both and never in neither.
#[derive(Debug, Default)]
pub(crate) struct State {
    pub(crate) agents: agent::Agents,
    pub(crate) pending: pending::PendingCodes,
    pub(crate) avatars: avatar::Avatars,
    pub(crate) contacts: contact::Contacts,
    pub(crate) blocks: complaint::Complaints,
    pub(crate) reports: complaint::Complaints,
    pub(crate) mutes: mute::Mutes,
    pub(crate) presences: presence::Presences,
    pub(crate) conversations: conversation::Conversations,
    pub(crate) invites: invite::Invites,
    pub(crate) hidden: hidden::Hidden,
    pub(crate) attachments: attachment::Attachments,
    pub(crate) messages: message::Messages,
    pub(crate) envelopes: envelope::Envelopes,
    pub(crate) webhooks: webhook::Webhooks,
    pub(crate) coordination: coordination::Coordination,
    pub(crate) outcomes: outcome::Outcomes,
    pub(crate) windows: RollingWindows,
    pub(crate) fixed_windows: FixedWindows,
    pub(crate) hub: Hub,
}
