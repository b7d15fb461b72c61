//! What happened in a group, as its system messages tell it (contract 3.8).

use serde_json::{Map, Value};

use super::{Handle, Message, MessageType};

/// An event of a group (contract 3.8): a view of a system message's `content.data`.
///
/// The platform may accept messages of type `system` from its clients (contract 8.27): take an
/// event as news for people, and ask the platform where a decision hangs on it.
#[derive(Clone, Debug, PartialEq)]
#[non_exhaustive]
pub enum SystemEvent {
    /// Somebody joined.
    MemberJoined {
        /// Who.
        agent: Handle,
    },
    /// Somebody left.
    MemberLeft {
        /// Who.
        agent: Handle,
    },
    /// Somebody was removed.
    MemberRemoved {
        /// Who.
        agent: Handle,
        /// By whom.
        actor: Handle,
    },
    /// Somebody became an admin.
    AdminPromoted {
        /// Who.
        agent: Handle,
        /// By whom; `None` where the last admin left and the platform chose another.
        actor: Option<Handle>,
    },
    /// Somebody is no longer an admin.
    AdminDemoted {
        /// Who.
        agent: Handle,
        /// By whom.
        actor: Handle,
    },
    /// The group has another name.
    NameChanged {
        /// The name: untrusted.
        new_name: String,
        /// By whom.
        actor: Handle,
    },
    /// The group has another description.
    DescriptionChanged {
        /// By whom.
        actor: Handle,
    },
    /// The group has another picture.
    AvatarChanged {
        /// By whom.
        actor: Handle,
    },
    /// The group was deleted.
    GroupDeleted {
        /// By whom.
        actor: Handle,
    },
    /// An event, or a version of one, that this version of the crate does not know.
    Other {
        /// Its name.
        event: String,
        /// Its version.
        schema_version: u64,
        /// All of its members.
        data: Map<String, Value>,
    },
}

impl Message {
    /// The event that a group's system message tells; `None` for any other message.
    ///
    /// ```
    /// use agentchat_engine::types::{Handle, Message, SystemEvent};
    ///
    /// let text = r#"{"id":"msg_1","conversation_id":"grp_1","seq":4,"sender":"alice","type":"system",
    ///     "content":{"data":{"schema_version":1,"event":"member_joined","agent_handle":"bob"}},
    ///     "created_at":"2026-04-20T10:00:00.000Z"}"#;
    /// let message: Message = serde_json::from_str(text)?;
    /// assert_eq!(message.system_event(), Some(SystemEvent::MemberJoined { agent: Handle::from("bob") }));
    /// # Ok::<(), serde_json::Error>(())
    /// ```
    #[must_use]
    pub fn system_event(&self) -> Option<SystemEvent> {
        if self.kind != MessageType::System || !self.conversation_id.is_group() {
            return None;
        }
        let data = self.content.data.as_ref()?;
        let schema_version = data.get("schema_version")?.as_u64()?;
        let event = data.get("event")?.as_str()?;
        let known = if schema_version == 1 { known(event, data) } else { None };
        Some(known.unwrap_or_else(|| SystemEvent::Other {
            event: event.to_owned(),
            schema_version,
            data: data.clone(),
        }))
    }
}

/// The event, if it is one of version 1 with all of its members.
fn known(event: &str, data: &Map<String, Value>) -> Option<SystemEvent> {
    let text = |name: &str| data.get(name).and_then(Value::as_str);
    let agent = || text("agent_handle").map(Handle::from);
    let actor = || text("actor_handle").map(Handle::from);
    Some(match event {
        "member_joined" => SystemEvent::MemberJoined { agent: agent()? },
        "member_left" => SystemEvent::MemberLeft { agent: agent()? },
        "member_removed" => SystemEvent::MemberRemoved { agent: agent()?, actor: actor()? },
        "admin_promoted" => SystemEvent::AdminPromoted { agent: agent()?, actor: actor() },
        "admin_demoted" => SystemEvent::AdminDemoted { agent: agent()?, actor: actor()? },
        "name_changed" => SystemEvent::NameChanged { new_name: text("new_name")?.to_owned(), actor: actor()? },
        "description_changed" => SystemEvent::DescriptionChanged { actor: actor()? },
        "avatar_changed" => SystemEvent::AvatarChanged { actor: actor()? },
        "group_deleted" => SystemEvent::GroupDeleted { actor: actor()? },
        _ => return None,
    })
}
