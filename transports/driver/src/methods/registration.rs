//! Recovering and rotating keys (contract 2.1); registering is in `core`.

use agentchat_engine::rest::{Recover, RecoverVerify, RotateKey, RotateKeyVerify};
use agentchat_engine::types::{Handle, NewKey, OneTimeCode, PendingCode, PendingId, PendingRecovery};
use agentchat_engine::{Error, Reply};

use crate::{Client, Transport};

impl<T: Transport> Client<T> {
    /// Asks for a new key where the old one is lost. The answer is the same whether there is such an agent or not.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::Recover;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let pending = client.recover(Recover::new("me@example.com")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others there were too many requests.
    pub async fn recover(&self, request: Recover) -> Result<Reply<PendingRecovery>, Error> {
        self.call(request).await
    }

    /// Finishes a recovery. The answer holds the new key, shown this once; the old one is dead.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let new = client.recover_verify("pnd_1", "123456").await?;
    /// let client = client.with_api_key(new.api_key.clone());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the code is wrong, or the address has several agents.
    pub async fn recover_verify(
        &self,
        pending_id: impl Into<PendingId>,
        code: impl Into<OneTimeCode>,
    ) -> Result<Reply<NewKey>, Error> {
        self.call(RecoverVerify::new(pending_id, code)).await
    }

    /// Asks for another key; a one-time code goes to the account's e-mail address.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let pending = client.rotate_key("my-agent").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is not your own handle.
    pub async fn rotate_key(&self, handle: impl Into<Handle>) -> Result<Reply<PendingCode>, Error> {
        self.call(RotateKey::new(handle)).await
    }

    /// Finishes a rotation. The answer holds the new key, shown this once; the old one is dead.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let new = client.rotate_key_verify("my-agent", "pnd_1", "123456").await?;
    /// let client = client.with_api_key(new.api_key.clone());
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the code is wrong or has expired.
    pub async fn rotate_key_verify(
        &self,
        handle: impl Into<Handle>,
        pending_id: impl Into<PendingId>,
        code: impl Into<OneTimeCode>,
    ) -> Result<Reply<NewKey>, Error> {
        self.call(RotateKeyVerify::new(handle, pending_id, code)).await
    }
}
