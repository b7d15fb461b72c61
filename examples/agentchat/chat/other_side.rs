//! With whom a chat is: an agent or a group.

use agentchat_driver::{Client, Transport};
use agentchat_tokio::engine::types::{ConversationId, Handle, Message};
use agentchat_tokio::{Error, ListConversations, SendMessage};

/// Conversations that are looked through for the one with an agent, a page of them at a time: the most that the platform
/// gives.
const CONVERSATIONS: u32 = 1_000;
const PAGE: u32 = 50;

#[derive(Debug)]
pub(super) enum OtherSide {
    Agent(Handle),
    Group(ConversationId),
}

impl OtherSide {
    /// The agent of this handle, or the group of this id, as the platform knows it.
    pub(super) async fn find<T: Transport>(client: &Client<T>, with: &str) -> Result<Self, Error> {
        let id = ConversationId::from(with);
        match id.is_group() {
            true => Ok(Self::Group(client.get_group(id).await?.id.clone())),
            false => Ok(Self::Agent(client.get_agent(with).await?.handle.clone())),
        }
    }

    /// Whether a message is part of the chat.
    pub(super) fn says(&self, message: &Message) -> bool {
        match self {
            Self::Agent(handle) => message.sender == *handle && !message.conversation_id.is_group(),
            Self::Group(id) => message.conversation_id == *id,
        }
    }

    pub(super) fn message(&self, text: &str) -> SendMessage {
        match self {
            Self::Agent(handle) => SendMessage::to(handle.clone(), text),
            Self::Group(id) => SendMessage::to_group(id.clone(), text),
        }
    }

    /// The conversation, if there is one; a direct one among the most recent.
    pub(super) async fn conversation<T: Transport>(&self, client: &Client<T>) -> Result<Option<ConversationId>, Error> {
        let handle = match self {
            Self::Agent(handle) => handle,
            Self::Group(id) => return Ok(Some(id.clone())),
        };
        for offset in (0..CONVERSATIONS).step_by(PAGE as usize) {
            let page = client.list_conversations(ListConversations::new().limit(PAGE).offset(offset)).await?;
            // A group lists nobody.
            let direct = page.iter().find(|one| one.participants.iter().any(|other| other.handle == *handle));
            if direct.is_some() || page.len() < PAGE as usize {
                return Ok(direct.map(|one| one.id.clone()));
            }
        }
        Ok(None)
    }

    /// Who is here, a line each.
    pub(super) async fn who<T: Transport>(&self, client: &Client<T>) -> Result<Vec<String>, Error> {
        match self {
            Self::Agent(handle) => {
                let profile = client.get_agent(handle.clone()).await?;
                let name = profile.display_name.as_deref();
                // The platform tells the presence of contacts only.
                let presence = client.get_presence(handle.clone()).await.ok();
                let presence = presence.map(|presence| format!(", {}", presence.status)).unwrap_or_default();
                Ok(vec![line(handle, name, &presence)])
            }
            Self::Group(id) => {
                let members = client.get_conversation_participants(id.clone()).await?;
                Ok(members.iter().map(|one| line(&one.handle, one.display_name.as_deref(), "")).collect())
            }
        }
    }
}

fn line(handle: &Handle, name: Option<&str>, presence: &str) -> String {
    let name = name.filter(|name| !name.is_empty()).map(|name| format!(" ({name})")).unwrap_or_default();
    format!("@{handle}{name}{presence}")
}
