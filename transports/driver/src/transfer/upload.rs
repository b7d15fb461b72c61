//! [`Client::upload`]: checksum, announcement, bytes, in one call.

use agentchat_engine::InvalidArgument;
use agentchat_engine::rest::{ATTACHMENT_TYPES, CreateUpload, Recipient};
use agentchat_engine::transfer::{Fingerprint, Transfer, TransferError, TransferOptions, content_type_of};
use agentchat_engine::types::{AttachmentId, ConversationId, Handle};
use tracing::Instrument;

use super::progress::{Listener, Progress};
use super::put;
use super::source::{Source, fingerprint};
use crate::{Client, Transport, observe};

/// A file to be uploaded, and for whom: only those it is for can download it.
///
/// ```
/// use agentchat_driver::Upload;
/// use bytes::Bytes;
/// use std::path::Path;
///
/// let report = Upload::to("@alice", Path::new("report.pdf"));
/// let table = Upload::to_group("grp_1", Bytes::from_static(b"a,b\n1,2\n")).filename("table.csv");
/// ```
#[derive(Debug)]
#[must_use = "an upload does nothing until it is given to a client"]
pub struct Upload<S> {
    source: S,
    recipient: Recipient,
    filename: Option<String>,
    content_type: Option<String>,
    options: TransferOptions,
    progress: Listener,
}

impl<S: Source> Upload<S> {
    /// For an agent.
    pub fn to(handle: impl Into<Handle>, source: S) -> Self {
        Self::new(Recipient::Agent(handle.into()), source)
    }

    /// For the members of a group.
    pub fn to_group(conversation_id: impl Into<ConversationId>, source: S) -> Self {
        Self::new(Recipient::Group(conversation_id.into()), source)
    }

    fn new(recipient: Recipient, source: S) -> Self {
        let (filename, content_type, options) = (None, None, TransferOptions::default());
        Self { source, recipient, filename, content_type, options, progress: Listener::default() }
    }

    /// Its name, 1 to 255 characters; the source's own without it.
    pub fn filename(mut self, filename: impl Into<String>) -> Self {
        self.filename = Some(filename.into());
        self
    }

    /// Its type, one of [`ATTACHMENT_TYPES`](agentchat_engine::rest::ATTACHMENT_TYPES); found by its name without it.
    pub fn content_type(mut self, content_type: impl Into<String>) -> Self {
        self.content_type = Some(content_type.into());
        self
    }

    /// How patiently its bytes are sent. The announcement is a call with the client's own options.
    pub fn options(mut self, options: TransferOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets a progress callback. It is called from the task that polls the upload and must not block.
    pub fn on_progress(mut self, listener: impl FnMut(Progress) + Send + 'static) -> Self {
        self.progress = Listener::new(listener);
        self
    }

    fn named(&self) -> Result<(String, String), InvalidArgument> {
        let missing = |field, problem: String| InvalidArgument { field, problem };
        let filename = self.filename.clone().or_else(|| self.source.name());
        let filename =
            filename.ok_or_else(|| missing("filename", "is needed: what is uploaded has no name".to_owned()))?;
        let found = || content_type_of(&filename).map(str::to_owned);
        let content_type = self.content_type.clone().or_else(found).ok_or_else(|| {
            let types = ATTACHMENT_TYPES.join(", ");
            missing("content_type", format!("is needed, as the file's name does not tell it: one of {types}"))
        })?;
        Ok((filename, content_type))
    }
}

/// A file that was uploaded. Name it in a message: who uploads it sends nothing yet.
#[derive(Clone, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub struct Uploaded {
    /// The attachment.
    pub attachment_id: AttachmentId,
    /// Its name.
    pub filename: String,
    /// Its type.
    pub content_type: String,
    /// Its size and SHA-256.
    pub file: Fingerprint,
}

impl<T: Transport> Client<T> {
    /// Uploads a file of up to 25 MiB, in one call: reads it for its checksum, announces it, and sends its bytes to the
    /// platform's store, without the API key. The file is read in pieces and never as a whole in memory. An attempt that
    /// breaks off is repeated, and reads it again.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport, Upload};
    /// # use agentchat_engine::{rest::SendMessage, types::Content};
    /// # use std::path::Path;
    /// # async fn example<T: Transport>(client: Client<T>) -> Result<(), Box<dyn std::error::Error>> {
    /// let report = client.upload(Upload::to("@alice", Path::new("report.pdf"))).await?;
    /// let content = Content::from_attachment(report.attachment_id.as_str());
    /// client.send_message(SendMessage::to("@alice", content)).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`TransferError`]; among others the file cannot be read, is larger than allowed, or was written to meanwhile. An
    /// option out of its range is refused before anything is sent. What was announced and not sent costs nothing.
    pub async fn upload<S: Source>(&self, upload: Upload<S>) -> Result<Uploaded, TransferError> {
        let (filename, content_type) = upload.named()?;
        upload.options.check()?;
        let Upload { source, recipient, options, progress, .. } = upload;
        let span = observe::transfer("upload", self.agent());
        async {
            let file = fingerprint(&source).await?;
            let announcement =
                CreateUpload::new(filename.as_str(), content_type.as_str(), file.size, file.sha256.as_str());
            let announcement = match recipient {
                Recipient::Agent(handle) => announcement.to(handle),
                Recipient::Group(id) => announcement.conversation_id(id),
                _ => announcement,
            };
            let slot = self.create_upload(announcement).await?.into_value();
            let (seed, now) = (self.transport().seed(), self.transport().now());
            let transfer = Transfer::put(&slot.upload_url, &content_type, file.size, options, seed, now)?;
            put::run(self.transport(), transfer, &source, &file, progress, self.watch("upload")).await?;
            Ok(Uploaded { attachment_id: slot.attachment_id, filename, content_type, file })
        }
        .instrument(span)
        .await
    }
}
