//! [`Client::download`]: where the bytes are, and the bytes, in one call.

use agentchat_engine::transfer::{ReceiveOptions, Received, Transfer, TransferError, TransferOptions};
use agentchat_engine::types::AttachmentId;
use futures_io::AsyncWrite;
use tracing::Instrument;

use super::get;
use super::progress::{Listener, Progress};
use crate::{Client, Transport, observe};

/// An attachment to be downloaded.
///
/// ```
/// use agentchat_driver::Download;
/// let download = Download::new("att_1").limit(1024 * 1024);
/// ```
#[derive(Debug)]
#[must_use = "a download does nothing until it is given to a client"]
pub struct Download {
    attachment_id: AttachmentId,
    receive: ReceiveOptions,
    options: TransferOptions,
    progress: Listener,
}

impl Download {
    /// Of the attachment with this id.
    pub fn new(attachment_id: impl Into<AttachmentId>) -> Self {
        let (receive, options) = (ReceiveOptions::default(), TransferOptions::default());
        Self { attachment_id: attachment_id.into(), receive, options, progress: Listener::default() }
    }

    /// The largest file that is taken, in bytes; 25 MiB without it.
    pub fn limit(mut self, bytes: u64) -> Self {
        self.receive.limit = bytes;
        self
    }

    /// The SHA-256 that it must have, in hex: the platform does not tell, so the sender has to.
    pub fn sha256(mut self, hex: impl Into<String>) -> Self {
        self.receive.sha256 = Some(hex.into());
        self
    }

    /// How patiently its bytes are fetched. Asking where they are is a call with the client's own options.
    pub fn options(mut self, options: TransferOptions) -> Self {
        self.options = options;
        self
    }

    /// Sets a progress callback. It is called from the task that polls the download and must not block.
    pub fn on_progress(mut self, listener: impl FnMut(Progress) + Send + 'static) -> Self {
        self.progress = Listener::new(listener);
        self
    }
}

impl<T: Transport> Client<T> {
    /// Downloads an attachment, in one call: asks where its bytes are, and writes them as they come, fetched without the API
    /// key. What breaks off goes on where it was, so the writer gets every byte once. It is flushed, not closed.
    ///
    /// Two versions of a file are never joined: an answer is continued by a part only under one strong entity tag
    /// (`If-Range`), or if the checksum to be had is known; otherwise the file is fetched from its start and held against
    /// what was written. If the file has become another, in its size, tag or beginning, the download ends with
    /// [`Changed`](TransferError::Changed), as what was written cannot be called back. A file whose size was announced is
    /// never a success below it.
    ///
    /// Before the end nothing is known of the checksum: what was written is to be used only after success.
    /// [`download_to`](Self::download_to) sees to that for files.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Download, Transport, engine::TransferError};
    /// # async fn example<T: Transport>(client: Client<T>) -> Result<(), TransferError> {
    /// let mut picture = Vec::new();
    /// let received = client.download(Download::new("att_1").limit(1024 * 1024), &mut picture).await?;
    /// assert_eq!(received.file.size, picture.len() as u64);
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`TransferError`]; among others there is no such attachment or it is not for you, it is larger than allowed, its
    /// checksum is another, an option is out of its range, the store sent it [encoded](TransferError::Encoded), or it took so long that its URL [expired](TransferError::Expired).
    pub async fn download(
        &self,
        download: Download,
        writer: impl AsyncWrite + Unpin,
    ) -> Result<Received, TransferError> {
        let Download { attachment_id, receive, options, progress } = download;
        receive.check()?;
        options.check()?;
        async {
            let url = self.get_attachment_download_url(attachment_id).await?.into_value();
            let (seed, now) = (self.transport().seed(), self.transport().now());
            let transfer = Transfer::get(&url, receive, options, seed, now)?;
            get::run(self.transport(), transfer, writer, progress, self.watch("download")).await
        }
        .instrument(observe::transfer("download", self.agent()))
        .await
    }
}
