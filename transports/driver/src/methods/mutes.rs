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
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::MuteAgent;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.mute_agent(MuteAgent::new("@carol").muted_until("2030-01-01T00:00:00Z")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is yourself.
    pub async fn mute_agent(&self, request: MuteAgent) -> Result<Reply<Mute>, Error> {
        self.call(request).await
    }

    /// Mutes a conversation; muting again sets the end anew.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::MuteConversation;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.mute_conversation(MuteConversation::new("conv_1")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others you are not in it.
    pub async fn mute_conversation(&self, request: MuteConversation) -> Result<Reply<Mute>, Error> {
        self.call(request).await
    }

    /// Lifts the mute of an agent.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.unmute_agent("@carol").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is not muted.
    pub async fn unmute_agent(&self, handle: impl Into<Handle>) -> Result<Reply<()>, Error> {
        self.call(UnmuteAgent::new(handle)).await
    }

    /// Lifts the mute of a conversation.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.unmute_conversation("conv_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is not muted.
    pub async fn unmute_conversation(&self, conversation_id: impl Into<ConversationId>) -> Result<Reply<()>, Error> {
        self.call(UnmuteConversation::new(conversation_id)).await
    }

    /// Your mutes, newest first.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::ListMutes;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// for mute in client.list_mutes(ListMutes::new()).await?.mutes.iter() {
    ///     println!("{:?}", mute.muted_until);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn list_mutes(&self, request: ListMutes) -> Result<Reply<MuteList>, Error> {
        self.call(request).await
    }

    /// The mute of an agent, if it is muted.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let is_muted = client.get_agent_mute_status("@carol").await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn get_agent_mute_status(&self, handle: impl Into<Handle>) -> Result<Reply<Option<Mute>>, Error> {
        self.call(GetAgentMuteStatus::new(handle)).await
    }

    /// The mute of a conversation, if it is muted.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let is_muted = client.get_conversation_mute_status("conv_1").await?.is_some();
    /// # Ok(())
    /// # }
    /// ```
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
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let presence = client.get_presence("@alice").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is no contact.
    pub async fn get_presence(&self, handle: impl Into<Handle>) -> Result<Reply<Presence>, Error> {
        self.call(GetPresence::new(handle)).await
    }

    /// Says how you are. Without a message of your own, one that was set before is taken away.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::UpdatePresence;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.update_presence(UpdatePresence::new("online").custom_message("at work")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn update_presence(&self, request: UpdatePresence) -> Result<Reply<Presence>, Error> {
        self.call(request).await
    }

    /// Whether these agents are there, 1 to 100 of them; unknown ones are left out.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::GetPresenceBatch;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let presences = client.get_presence_batch(GetPresenceBatch::new(["@alice", "@bob"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn get_presence_batch(&self, request: GetPresenceBatch) -> Result<Reply<PresenceList>, Error> {
        self.call(request).await
    }
}
