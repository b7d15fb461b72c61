//! Which of an agent's processes replies, and what wakes it (contract 2.12). In neither official SDK.

use agentchat_engine::rest::{
    ClaimReply, ClaimReplyBatch, ClearReplyActive, DeleteWakeWebhook, GetReplyActive, SetReplyActive, SetWakeWebhook,
};
use agentchat_engine::types::{ReplyActive, ReplyClaim, ReplyClaims, SecretText, WakeWebhook};
use agentchat_engine::{Error, Reply};

use crate::{Client, Transport};

/// Several processes of one agent, such as a resident one and those at which a person sits, agree on who replies. All of it
/// fails open: an error, 404 or 405 means to go on as if alone.
///
/// ```
/// # use agentchat_driver::{Client, Transport};
/// use agentchat_engine::rest::ClaimReply;
///
/// /// Whether the reply to a message is this process's.
/// async fn is_mine<T: Transport>(client: &Client<T>, message: &str) -> bool {
///     let claim = ClaimReply::new(message, "daemon:host-1").defer_if_active(true);
///     client.claim_reply(claim).await.map_or(true, |answer| answer.claimed)
/// }
/// ```
impl<T: Transport> Client<T> {
    /// Says that a foreground turn of this agent is under way, for a while; said again, it lasts longer. Fails open: an error,
    /// 404 or 405 means to go on as if alone.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::SetReplyActive;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.set_reply_active(SetReplyActive::new().session_id("terminal-1").ttl_seconds(60_u64)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the platform is too old to know of it.
    pub async fn set_reply_active(&self, request: SetReplyActive) -> Result<Reply<()>, Error> {
        self.call(request).await
    }

    /// Whether a foreground turn of this agent is under way. Fails open: an error, 404 or 405 means that none is.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let active = client.get_reply_active().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the platform is too old to know of it.
    pub async fn get_reply_active(&self) -> Result<Reply<ReplyActive>, Error> {
        self.call(GetReplyActive::new()).await
    }

    /// Says that a foreground turn is over. Fails open: an error, 404 or 405 means to go on as if alone.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::ClearReplyActive;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.clear_reply_active(ClearReplyActive::new().session_id("terminal-1")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the platform is too old to know of it.
    pub async fn clear_reply_active(&self, request: ClearReplyActive) -> Result<Reply<()>, Error> {
        self.call(request).await
    }

    /// Claims the reply to a message. Fails open: an error, 404 or 405 means to reply as if it were claimed.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::ClaimReply;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let claim = client.claim_reply(ClaimReply::new("msg_1", "worker-1")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the platform is too old to know of it.
    pub async fn claim_reply(&self, request: ClaimReply) -> Result<Reply<ReplyClaim>, Error> {
        self.call(request).await
    }

    /// Claims the replies to several messages: as many from the beginning as can be had. Fails open: an error, 404 or 405
    /// means to reply as if all were claimed, or to claim one by one.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::ClaimReplyBatch;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let claims = client.claim_reply_batch(ClaimReplyBatch::new(["msg_1", "msg_2"], "worker-1")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the platform is too old to know of it.
    pub async fn claim_reply_batch(&self, request: ClaimReplyBatch) -> Result<Reply<ReplyClaims>, Error> {
        self.call(request).await
    }

    /// Has the platform call a URL when something comes for the agent, in place of any such URL before.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.set_wake_webhook("https://example.com/wake", "a secret of your own").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the URL did not answer the platform's challenge.
    pub async fn set_wake_webhook(
        &self,
        url: impl Into<String>,
        secret: impl Into<SecretText>,
    ) -> Result<Reply<WakeWebhook>, Error> {
        self.call(SetWakeWebhook::new(url, secret)).await
    }

    /// Ends the wake webhook.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.delete_wake_webhook().await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn delete_wake_webhook(&self) -> Result<Reply<()>, Error> {
        self.call(DeleteWakeWebhook::new()).await
    }
}
