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
    /// # Errors
    /// [`Error`]; among others one has blocked the other.
    pub async fn create_upload(&self, request: CreateUpload) -> Result<Reply<UploadSlot>, Error> {
        self.call(request).await
    }

    /// Where an attachment's bytes are, for a few minutes. Fetch them without the API key.
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
    /// # Errors
    /// [`Error`]; among others there are as many as allowed.
    pub async fn create_webhook(&self, request: CreateWebhook) -> Result<Reply<Webhook>, Error> {
        self.call(request).await
    }

    /// Your webhooks, without their secrets.
    ///
    /// # Errors
    /// [`Error`]; among others the key is not accepted.
    pub async fn list_webhooks(&self) -> Result<Reply<WebhookList>, Error> {
        self.call(ListWebhooks::new()).await
    }

    /// One of your webhooks, without its secret.
    ///
    /// # Errors
    /// [`Error`], of kind `NotFound` if it does not exist.
    pub async fn get_webhook(&self, webhook_id: impl Into<WebhookId>) -> Result<Reply<Webhook>, Error> {
        self.call(GetWebhook::new(webhook_id)).await
    }

    /// Ends a webhook.
    ///
    /// # Errors
    /// [`Error`], of kind `NotFound` if it does not exist.
    pub async fn delete_webhook(&self, webhook_id: impl Into<WebhookId>) -> Result<Reply<()>, Error> {
        self.call(DeleteWebhook::new(webhook_id)).await
    }
}
