//! Attachments and webhooks (contract 2.10, 2.11).

use agentchat_engine::rest::{
    CreateUpload, CreateWebhook, DeleteWebhook, GetAttachmentDownloadUrl, GetWebhook, ListWebhooks,
};
use agentchat_engine::types::{AttachmentId, SignedUrl, UploadSlot, Webhook, WebhookId, WebhookList};
use agentchat_engine::{Error, Reply};

use crate::{Client, Transport};

impl<T: Transport> Client<T> {
    /// Announces a file; the answer says where to PUT its bytes, without the API key.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::CreateUpload;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// # let (size, sha256) = (5_u64, "2cf24dba5fb0a30e26e83b2ac5b9e29e1b161e5c1fa7425e73043362938b9824");
    /// let slot = client.create_upload(CreateUpload::new("hello.txt", "text/plain", size, sha256).to("@alice")).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others one has blocked the other.
    pub async fn create_upload(&self, request: CreateUpload) -> Result<Reply<UploadSlot>, Error> {
        self.call(request).await
    }

    /// Where an attachment's bytes are, for a few minutes. Fetch them without the API key.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let signed = client.get_attachment_download_url("att_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`], of kind `NotFound` if it does not exist or is not for you.
    pub async fn get_attachment_download_url(
        &self,
        attachment_id: impl Into<AttachmentId>,
    ) -> Result<Reply<SignedUrl>, Error> {
        self.call(GetAttachmentDownloadUrl::new(attachment_id)).await
    }

    /// Has events sent to a URL. The answer holds the secret that they are signed with, shown this once.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// use agentchat_driver::engine::rest::CreateWebhook;
    ///
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let webhook = client.create_webhook(CreateWebhook::new("https://example.com/hook", ["message.new"])).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others there are as many as allowed.
    pub async fn create_webhook(&self, request: CreateWebhook) -> Result<Reply<Webhook>, Error> {
        self.call(request).await
    }

    /// Your webhooks, without their secrets.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// for webhook in client.list_webhooks().await?.webhooks.iter() {
    ///     println!("{}", webhook.url);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn list_webhooks(&self) -> Result<Reply<WebhookList>, Error> {
        self.call(ListWebhooks::new()).await
    }

    /// One of your webhooks, without its secret.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let webhook = client.get_webhook("wh_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`], of kind `NotFound` if it does not exist.
    pub async fn get_webhook(&self, webhook_id: impl Into<WebhookId>) -> Result<Reply<Webhook>, Error> {
        self.call(GetWebhook::new(webhook_id)).await
    }

    /// Ends a webhook.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, engine::Error};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// client.delete_webhook("wh_1").await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`], of kind `NotFound` if it does not exist.
    pub async fn delete_webhook(&self, webhook_id: impl Into<WebhookId>) -> Result<Reply<()>, Error> {
        self.call(DeleteWebhook::new(webhook_id)).await
    }
}
