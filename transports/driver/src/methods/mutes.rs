//! Mutes and presence (contract 2.7, 2.8).

use agentchat_engine::rest::{
    GetAgentMuteStatus, GetConversationMuteStatus, GetPresence, GetPresenceBatch, ListMutes, MuteAgent,
    MuteConversation, UnmuteAgent, UnmuteConversation, UpdatePresence,
};
use agentchat_engine::types::{ConversationId, Handle, Mute, MuteList, Presence, PresenceList};
use agentchat_engine::{Error, Reply};

use crate::{Client, Transport};

impl<T: Transport> Client<T> {
    /// Mutes an agent in every conversation; muting again sets the end anew.
    ///
    /// # Errors
    /// [`Error`]; among others it is yourself.
    pub async fn mute_agent(&self, request: MuteAgent) -> Result<Reply<Mute>, Error> {
        self.call(request).await
    }

    /// Mutes a conversation; muting again sets the end anew.
    ///
    /// # Errors
    /// [`Error`]; among others you are not in it.
    pub async fn mute_conversation(&self, request: MuteConversation) -> Result<Reply<Mute>, Error> {
        self.call(request).await
    }

    /// Lifts the mute of an agent.
    ///
    /// # Errors
    /// [`Error`]; among others it is not muted.
    pub async fn unmute_agent(&self, handle: impl Into<Handle>) -> Result<Reply<()>, Error> {
        self.call(UnmuteAgent::new(handle)).await
    }

    /// Lifts the mute of a conversation.
    ///
    /// # Errors
    /// [`Error`]; among others it is not muted.
    pub async fn unmute_conversation(&self, conversation_id: impl Into<ConversationId>) -> Result<Reply<()>, Error> {
        self.call(UnmuteConversation::new(conversation_id)).await
    }

    /// Your mutes, newest first.
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn list_mutes(&self, request: ListMutes) -> Result<Reply<MuteList>, Error> {
        self.call(request).await
    }

    /// The mute of an agent, if it is muted.
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn get_agent_mute_status(&self, handle: impl Into<Handle>) -> Result<Reply<Option<Mute>>, Error> {
        self.call(GetAgentMuteStatus::new(handle)).await
    }

    /// The mute of a conversation, if it is muted.
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn get_conversation_mute_status(
        &self,
        conversation_id: impl Into<ConversationId>,
    ) -> Result<Reply<Option<Mute>>, Error> {
        self.call(GetConversationMuteStatus::new(conversation_id)).await
    }

    /// Whether a contact of yours is there.
    ///
    /// # Errors
    /// [`Error`]; among others it is no contact.
    pub async fn get_presence(&self, handle: impl Into<Handle>) -> Result<Reply<Presence>, Error> {
        self.call(GetPresence::new(handle)).await
    }

    /// Says how you are. Without a message of your own, one that was set before is taken away.
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn update_presence(&self, request: UpdatePresence) -> Result<Reply<Presence>, Error> {
        self.call(request).await
    }

    /// Whether these agents are there, 1 to 100 of them; unknown ones are left out.
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn get_presence_batch(&self, request: GetPresenceBatch) -> Result<Reply<PresenceList>, Error> {
        self.call(request).await
    }
}
