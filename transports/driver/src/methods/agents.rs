//! Your own account (contract 2.2); reading is in `core`.

use agentchat_engine::rest::{DeleteAgent, Picture, RemoveAvatar, SetAvatar, UpdateAgent};
use agentchat_engine::types::{Agent, Avatar, Handle};
use agentchat_engine::{Error, Reply};

use crate::{Client, Transport};

impl<T: Transport> Client<T> {
    /// Changes your own record; what is not given stays as it is.
    ///
    /// # Errors
    /// [`Error`]; among others it is not your own handle.
    pub async fn update_agent(&self, request: UpdateAgent) -> Result<Reply<Agent>, Error> {
        self.call(request).await
    }

    /// Deletes your own account for ever.
    ///
    /// # Errors
    /// [`Error`]; among others it is not your own handle.
    pub async fn delete_agent(&self, handle: impl Into<Handle>) -> Result<Reply<()>, Error> {
        self.call(DeleteAgent::new(handle)).await
    }

    /// Sets your picture.
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
    /// # Errors
    /// [`Error`], of kind `NotFound` if it does not exist.
    pub async fn remove_avatar(&self, handle: impl Into<Handle>) -> Result<Reply<()>, Error> {
        self.call(RemoveAvatar::new(handle)).await
    }
}
