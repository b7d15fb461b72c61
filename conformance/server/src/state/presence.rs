//! Who is there, as far as one can tell (contract 2.8 and 3.11).

use std::collections::BTreeMap;

use super::agent::AgentId;
use crate::clock::Millis;

/// What an agent says about itself, or what its connections say.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) enum Status {
    Online,
    #[default]
    Offline,
    Busy,
}

impl Status {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Status::Online => "online",
            Status::Offline => "offline",
            Status::Busy => "busy",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Status> {
        [Status::Online, Status::Offline, Status::Busy].into_iter().find(|status| status.as_str() == text)
    }
}

/// What others see.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) struct Presence {
    pub(crate) status: Status,
    pub(crate) custom_message: Option<String>,
    pub(crate) last_seen: Option<Millis>,
}

#[derive(Debug, Default)]
struct Entry {
    presence: Presence,
    expires_at: Millis,
    /// Its sockets have been announced, and their end has not.
    is_connected: bool,
}

/// The presence of every agent that was ever there.
#[derive(Debug, Default)]
pub(crate) struct Presences {
    by_agent: BTreeMap<AgentId, Entry>,
}

impl Presences {
    /// Without a sign of life for too long, an agent is offline and says nothing.
    pub(crate) fn get(&self, agent: &str, now: Millis) -> Presence {
        let Some(entry) = self.by_agent.get(agent) else { return Presence::default() };
        if now < entry.expires_at {
            return entry.presence.clone();
        }
        Presence { last_seen: entry.presence.last_seen, ..Presence::default() }
    }

    pub(crate) fn set(&mut self, agent: &str, status: Status, custom: Option<String>, now: Millis, until: Millis) {
        let entry = self.by_agent.entry(agent.to_owned()).or_default();
        entry.presence = Presence { status, custom_message: custom, last_seen: Some(now) };
        entry.expires_at = until;
    }

    /// A socket has opened; true if that is news to others.
    pub(crate) fn connect(&mut self, agent: &str, now: Millis, until: Millis) -> bool {
        if self.by_agent.get(agent).is_some_and(|entry| entry.is_connected) {
            return false;
        }
        self.set(agent, Status::Online, None, now, until);
        self.set_connected(agent, true);
        true
    }

    /// The last socket has gone; true if that is news to others.
    pub(crate) fn disconnect(&mut self, agent: &str, now: Millis) -> bool {
        if !self.by_agent.get(agent).is_some_and(|entry| entry.is_connected) {
            return false;
        }
        self.set(agent, Status::Offline, None, now, now);
        self.set_connected(agent, false);
        true
    }

    /// A sign of life on a socket keeps up what was there before.
    pub(crate) fn refresh(&mut self, agent: &str, now: Millis, until: Millis) {
        if let Some(entry) = self.by_agent.get_mut(agent) {
            (entry.presence.last_seen, entry.expires_at) = (Some(now), until);
        }
    }

    fn set_connected(&mut self, agent: &str, is_connected: bool) {
        if let Some(entry) = self.by_agent.get_mut(agent) {
            entry.is_connected = is_connected;
        }
    }
}
