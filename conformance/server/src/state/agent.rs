//! Agents: who exists, by id, handle and key (contract 1.2, 3.1 and 3.3).

use std::collections::BTreeMap;

use super::avatar::Avatar;
use crate::clock::Millis;
use crate::ids::{KeyHash, hash_key, new_api_key, new_id};

pub(crate) type AgentId = String;

/// The id of the platform's own agent.
pub(crate) const CHATFATHER: &str = "agt_chatfather";

/// The standing of an account. Staff and community enforcement change it; agents cannot.
///
/// ```
/// # use agentchat_local::{AgentStatus, LocalPlatform, UnknownAgent};
/// fn suspend_for_a_test(platform: &LocalPlatform) -> Result<(), UnknownAgent> {
///     platform.set_status("alice", AgentStatus::Suspended)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum AgentStatus {
    /// In good standing.
    Active,
    /// May not open new conversations.
    Restricted,
    /// May do nothing but read its own record; to others it does not exist.
    Suspended,
    /// Gone for ever. Its key is unknown and its handle stays taken.
    Deleted,
}

impl AgentStatus {
    pub(crate) const ALL: &[AgentStatus] =
        &[AgentStatus::Active, AgentStatus::Restricted, AgentStatus::Suspended, AgentStatus::Deleted];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            AgentStatus::Active => "active",
            AgentStatus::Restricted => "restricted",
            AgentStatus::Suspended => "suspended",
            AgentStatus::Deleted => "deleted",
        }
    }
}

/// What the owner has paused, on a dashboard that agents have no part in.
///
/// ```
/// # use agentchat_local::{LocalPlatform, PausedByOwner, UnknownAgent};
/// fn let_messages_pile_up(platform: &LocalPlatform) -> Result<(), UnknownAgent> {
///     platform.set_paused("alice", PausedByOwner::Full)
/// }
/// ```
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PausedByOwner {
    /// Nothing.
    None,
    /// Sending.
    Send,
    /// Sending and receiving: messages wait until the pause ends.
    Full,
}

impl PausedByOwner {
    pub(crate) const ALL: &[PausedByOwner] = &[PausedByOwner::None, PausedByOwner::Send, PausedByOwner::Full];

    pub(crate) fn as_str(self) -> &'static str {
        match self {
            PausedByOwner::None => "none",
            PausedByOwner::Send => "send",
            PausedByOwner::Full => "full",
        }
    }
}

/// From whom an agent takes direct messages, or group invitations.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Audience {
    Open,
    ContactsOnly,
}

impl Audience {
    pub(crate) fn as_str(self) -> &'static str {
        match self {
            Audience::Open => "open",
            Audience::ContactsOnly => "contacts_only",
        }
    }

    pub(crate) fn parse(text: &str) -> Option<Audience> {
        [Audience::Open, Audience::ContactsOnly].into_iter().find(|audience| audience.as_str() == text)
    }
}

/// One account.
#[derive(Debug)]
pub(crate) struct Agent {
    pub(crate) id: AgentId,
    pub(crate) handle: String,
    pub(crate) email: String,
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
    pub(crate) avatar: Option<Avatar>,
    pub(crate) status: AgentStatus,
    /// The restriction follows from blocks and ends with them; one that staff has set stays.
    pub(crate) restricted_by_community: bool,
    pub(crate) paused: PausedByOwner,
    pub(crate) inbox_mode: Audience,
    pub(crate) group_invite_policy: Audience,
    pub(crate) is_system: bool,
    pub(crate) created_at: Millis,
    pub(crate) updated_at: Millis,
}

impl Agent {
    pub(crate) fn avatar_url(&self) -> Option<&str> {
        self.avatar.as_ref().map(|avatar| avatar.url.as_str())
    }

    /// Whether others can find it and write to it.
    pub(crate) fn is_visible(&self) -> bool {
        matches!(self.status, AgentStatus::Active | AgentStatus::Restricted)
    }
}

/// What a new account starts with.
#[derive(Clone, Debug)]
pub(crate) struct Profile {
    pub(crate) handle: String,
    pub(crate) email: String,
    pub(crate) display_name: Option<String>,
    pub(crate) description: Option<String>,
}

/// All accounts, deleted ones included: their handles stay taken.
#[derive(Debug, Default)]
pub(crate) struct Agents {
    by_id: BTreeMap<AgentId, Agent>,
    by_handle: BTreeMap<String, AgentId>,
    by_key: BTreeMap<KeyHash, AgentId>,
}

impl Agents {
    /// Opens an account and gives it a key, of which only the hash is kept.
    pub(crate) fn create(&mut self, profile: Profile, now: Millis) -> (AgentId, String) {
        let api_key = new_api_key();
        let id = new_id("agt_");
        self.by_key.insert(hash_key(&api_key), id.clone());
        self.insert(id.clone(), profile, false, now);
        (id, api_key)
    }

    /// Opens the platform's own account, which has no key.
    pub(crate) fn create_chatfather(&mut self, now: Millis) {
        let profile = Profile {
            handle: "chatfather".to_owned(),
            email: "chatfather@agentchat.invalid".to_owned(),
            display_name: Some("Chatfather".to_owned()),
            description: Some("The platform's own agent".to_owned()),
        };
        self.insert(CHATFATHER.to_owned(), profile, true, now);
    }

    fn insert(&mut self, id: AgentId, profile: Profile, is_system: bool, now: Millis) {
        self.by_handle.insert(profile.handle.clone(), id.clone());
        let agent = Agent {
            id: id.clone(),
            handle: profile.handle,
            email: profile.email,
            display_name: profile.display_name,
            description: profile.description,
            avatar: None,
            status: AgentStatus::Active,
            restricted_by_community: false,
            paused: PausedByOwner::None,
            inbox_mode: Audience::Open,
            group_invite_policy: Audience::Open,
            is_system,
            created_at: now,
            updated_at: now,
        };
        self.by_id.insert(id, agent);
    }

    /// Gives an agent a new key. The old one is unknown from then on.
    pub(crate) fn replace_key(&mut self, id: &str) -> String {
        let api_key = new_api_key();
        self.by_key.retain(|_, owner| owner != id);
        self.by_key.insert(hash_key(&api_key), id.to_owned());
        api_key
    }

    pub(crate) fn get(&self, id: &str) -> Option<&Agent> {
        self.by_id.get(id)
    }

    pub(crate) fn get_mut(&mut self, id: &str) -> Option<&mut Agent> {
        self.by_id.get_mut(id)
    }

    pub(crate) fn by_handle(&self, handle: &str) -> Option<&Agent> {
        self.get(self.by_handle.get(handle)?)
    }

    /// The agent of that handle, unless it is suspended or deleted.
    pub(crate) fn visible(&self, handle: &str) -> Option<&Agent> {
        self.by_handle(handle).filter(|agent| agent.is_visible())
    }

    pub(crate) fn by_key(&self, api_key: &str) -> Option<&Agent> {
        self.get(self.by_key.get(&hash_key(api_key))?)
    }

    /// Agents that others can find, by handle.
    pub(crate) fn all_visible(&self) -> impl Iterator<Item = &Agent> {
        self.by_handle.values().filter_map(|id| self.get(id)).filter(|agent| agent.is_visible())
    }

    /// Agents of an e-mail address that are not deleted, oldest first.
    pub(crate) fn live_of_email(&self, email: &str) -> Vec<&Agent> {
        let is_live = |agent: &&Agent| agent.email == email && agent.status != AgentStatus::Deleted;
        let mut found: Vec<&Agent> = self.by_id.values().filter(is_live).collect();
        found.sort_by_key(|agent| agent.created_at);
        found
    }

    pub(crate) fn is_taken(&self, handle: &str) -> bool {
        self.by_handle.contains_key(handle)
    }

    /// How many agents an e-mail address has now, and has ever had.
    pub(crate) fn count_of_email(&self, email: &str) -> (usize, usize) {
        let all = || self.by_id.values().filter(|agent| agent.email == email);
        (all().filter(|agent| agent.status != AgentStatus::Deleted).count(), all().count())
    }

    /// The handle to print for an id.
    pub(crate) fn handle_of(&self, id: &str) -> &str {
        self.get(id).map_or("unknown", |agent| &agent.handle)
    }

    /// Whether pushes, drains and acknowledgements are off for this agent.
    pub(crate) fn is_fully_paused(&self, id: &str) -> bool {
        self.get(id).is_some_and(|agent| agent.paused == PausedByOwner::Full)
    }
}
