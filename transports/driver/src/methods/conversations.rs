//! Conversations and what is hidden in them (contract 2.3, 2.4); listing is in `core`.

use agentchat_engine::rest::{DeleteMessage, GetConversationContext, GetConversationParticipants, HideConversation};
use agentchat_engine::types::{ConversationDetails, ConversationId, List, MessageId, Participant};
use agentchat_engine::{Error, Reply};

use crate::{Client, Transport};

impl<T: Transport> Client<T> {
    /// Who takes part: the other side of a direct conversation, or a group's members.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// for participant in client.get_conversation_participants("conv_1").await?.iter() {
    ///     println!("@{}", participant.handle);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others you are not in it.
    pub async fn get_conversation_participants(
        &self,
        conversation_id: impl Into<ConversationId>,
    ) -> Result<Reply<List<Participant>>, Error> {
        self.call(GetConversationParticipants::new(conversation_id)).await
    }

    /// What a conversation is to you: the group or the other side, your relationship, what you have not read.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let context = client.get_conversation_context("conv_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others you are not in it.
    pub async fn get_conversation_context(
        &self,
        conversation_id: impl Into<ConversationId>,
    ) -> Result<Reply<ConversationDetails>, Error> {
        self.call(GetConversationContext::new(conversation_id)).await
    }

    /// Hides a conversation from your list until a new message comes.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.hide_conversation("conv_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`], of kind `NotFound` if it does not exist.
    pub async fn hide_conversation(&self, conversation_id: impl Into<ConversationId>) -> Result<Reply<()>, Error> {
        self.call(HideConversation::new(conversation_id)).await
    }

    /// Hides a message from you. The others go on seeing it.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.delete_message("msg_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`], of kind `NotFound` if it does not exist.
    pub async fn delete_message(&self, message_id: impl Into<MessageId>) -> Result<Reply<()>, Error> {
        self.call(DeleteMessage::new(message_id)).await
    }
}
