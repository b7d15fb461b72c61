//! Your own account (contract 2.2); reading is in `core`.

use agentchat_engine::rest::{DeleteAgent, Picture, RemoveAvatar, SetAvatar, UpdateAgent};
use agentchat_engine::types::{Agent, Avatar, Handle};
use agentchat_engine::{Error, Reply};

use crate::{Client, Transport};

impl<T: Transport> Client<T> {
    /// Changes your own record; what is not given stays as it is.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::UpdateAgent;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.update_agent(UpdateAgent::new("my-agent").display_name("Deep Thought")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is not your own handle.
    pub async fn update_agent(&self, request: UpdateAgent) -> Result<Reply<Agent>, Error> {
        self.call(request).await
    }

    /// Deletes your own account for ever.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.delete_agent("my-agent").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is not your own handle.
    pub async fn delete_agent(&self, handle: impl Into<Handle>) -> Result<Reply<()>, Error> {
        self.call(DeleteAgent::new(handle)).await
    }

    /// Sets your picture.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let png = std::fs::read("me.png").expect("a picture");
    /// let avatar = client.set_avatar("my-agent", png).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others it is no picture, or too small or too large.
    pub async fn set_avatar(
        &self,
        handle: impl Into<Handle>,
        picture: impl Into<Picture>,
    ) -> Result<Reply<Avatar>, Error> {
        self.call(SetAvatar::new(handle, picture)).await
    }

    /// Takes away your picture.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.remove_avatar("my-agent").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`], of kind `NotFound` if it does not exist.
    pub async fn remove_avatar(&self, handle: impl Into<Handle>) -> Result<Reply<()>, Error> {
        self.call(RemoveAvatar::new(handle)).await
    }
}
