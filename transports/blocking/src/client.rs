//! [`Client`]: the async client, waited for.

use std::io::Write;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use agentchat_driver::{
    CheckpointFile, Client as Async, Connection, Download, Paged, Realtime as Handle, RecordingOf, RecordingSink,
    Source, Upload, Uploaded,
};
use agentchat_engine::paging::{Listing, PagingError};
use agentchat_engine::realtime::{Checkpoint, SessionOptions};
use agentchat_engine::rest::Endpoint;
use agentchat_engine::transfer::Received;
use agentchat_engine::{ApiKey, CallOptions, Context, Error, Reply, TransferError};
use futures_util::io::AllowStdIo;
use futures_util::stream::Stream;

use crate::session::Session;
use crate::{Blocking, BlockingTransport, Realtime, StartError, block_on};

/// The calls of one agent, each of which waits for its answer. Cheap to clone, and to be shared by threads; clones share the
/// connections.
///
/// What each call does is documented where it is [defined](agentchat_driver::Client).
///
/// ```
/// use agentchat_blocking::{Client, Error, SendMessage};
///
/// fn greet(client: &Client) -> Result<(), Error> {
///     let alice = client.get_agent("@alice")?;
///     client.send_message(SendMessage::to(alice.handle.clone(), "hi"))?;
///     Ok(())
/// }
/// ```
#[derive(Clone, Debug)]
pub struct Client(pub(crate) Async<BlockingTransport>);

impl From<Async<BlockingTransport>> for Client {
    fn from(client: Async<BlockingTransport>) -> Self {
        Self(client)
    }
}

impl Client {
    /// The async client inside, whose futures [`block_on`] runs: for several calls at the same time.
    #[must_use]
    pub fn as_async(&self) -> &Async<BlockingTransport> {
        &self.0
    }

    /// The same client with [another key](agentchat_driver::Client::with_api_key).
    #[must_use]
    pub fn with_api_key(&self, key: ApiKey) -> Self {
        Self(self.0.with_api_key(key))
    }

    /// The same client with [other options](agentchat_driver::Client::with_options).
    #[must_use]
    pub fn with_options(&self, options: CallOptions) -> Self {
        Self(self.0.with_options(options))
    }

    /// The same client, whose calls and sessions [are recorded](agentchat_driver::Client::with_recordings).
    #[must_use]
    pub fn with_recordings(&self, open: impl Fn(RecordingOf) -> Option<RecordingSink> + Send + Sync + 'static) -> Self {
        Self(self.0.with_recordings(open))
    }

    /// Where the platform is, the key, the identity.
    #[must_use]
    pub fn context(&self) -> &Context {
        self.0.context()
    }

    /// The options of every call that is not given its own.
    #[must_use]
    pub fn options(&self) -> &CallOptions {
        self.0.options()
    }

    /// Makes a call with the client's options.
    ///
    /// # Errors
    /// [`Error`], which says whether the platform may have acted.
    pub fn call<E: Endpoint>(&self, endpoint: E) -> Result<Reply<E::Output>, Error> {
        block_on(self.0.call(endpoint))
    }

    /// Makes a call with options of its own.
    ///
    /// # Errors
    /// [`Error`], which says whether the platform may have acted.
    pub fn call_with<E: Endpoint>(&self, endpoint: E, options: CallOptions) -> Result<Reply<E::Output>, Error> {
        block_on(self.0.call_with(endpoint, options))
    }

    /// Reads a list row by row, whatever its [pages](agentchat_driver::Client::pages).
    ///
    /// ```
    /// # use agentchat_blocking::{Client, Contacts, PagingError};
    /// # fn example(client: &Client) -> Result<(), PagingError> {
    /// for contact in client.pages(Contacts::new()) {
    ///     println!("{}", contact?.handle);
    /// }
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// Those of the items: a call that failed with all its retries, or a server that does not move on.
    pub fn pages<L: Listing>(
        &self,
        listing: L,
    ) -> Blocking<Paged<L, impl Stream<Item = Result<L::Item, PagingError>> + use<L>>> {
        Blocking::new(self.0.pages(listing))
    }

    /// [Uploads](agentchat_driver::Client::upload) a file of up to 25 MiB, in one call.
    ///
    /// # Errors
    /// [`TransferError`]; among others the file cannot be read, or is larger than allowed.
    pub fn upload<S: Source>(&self, upload: Upload<S>) -> Result<Uploaded, TransferError> {
        block_on(self.0.upload(upload))
    }

    /// [Downloads](agentchat_driver::Client::download) an attachment, in one call, and writes its bytes as they come.
    ///
    /// ```
    /// # use agentchat_blocking::{Client, Download, TransferError};
    /// # fn example(client: &Client) -> Result<(), TransferError> {
    /// let mut picture = Vec::new();
    /// client.download(Download::new("att_1").limit(1024 * 1024), &mut picture)?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`TransferError`]; among others there is no such attachment, or its checksum is another.
    pub fn download(&self, download: Download, writer: impl Write) -> Result<Received, TransferError> {
        block_on(self.0.download(download, AllowStdIo::new(writer)))
    }

    /// Downloads an attachment to a [file](agentchat_driver::Client::download_to), whole or not at all.
    ///
    /// # Errors
    /// As for [`download`](Self::download).
    pub fn download_to(&self, download: Download, path: impl AsRef<Path>) -> Result<Received, TransferError> {
        block_on(self.0.download_to(download, path))
    }

    /// Starts a realtime session on a thread of its own.
    ///
    /// # Errors
    /// [`StartError`] if the operating system gives no thread.
    pub fn realtime(&self, options: SessionOptions) -> Result<Realtime, StartError> {
        self.realtime_from(options, None)
    }

    /// The same, going on where another session of this agent [was](agentchat_driver::Client::realtime_from).
    ///
    /// # Errors
    /// As for [`realtime`](Self::realtime).
    pub fn realtime_from(&self, options: SessionOptions, resume: Option<Checkpoint>) -> Result<Realtime, StartError> {
        start(options.close_wait, self.0.realtime_from(options, resume))
    }

    /// The same, going on from what a file holds, and keeping the checkpoint [there](agentchat_driver::Client::realtime_with_file).
    ///
    /// # Errors
    /// As for [`realtime`](Self::realtime).
    pub fn realtime_with_file(&self, options: SessionOptions, file: CheckpointFile) -> Result<Realtime, StartError> {
        start(options.close_wait, self.0.realtime_with_file(options, file))
    }
}

fn start(close_wait: Duration, session: (Handle, Connection<BlockingTransport>)) -> Result<Realtime, StartError> {
    Ok(Realtime(Arc::new(Session::start(close_wait, session)?)))
}
