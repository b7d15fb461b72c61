//! [`Client`]: the async client, waited for.

use agentchat_driver::Client as Async;
use agentchat_engine::realtime::{Checkpoint, SessionOptions};
use agentchat_engine::rest::Endpoint;
use agentchat_engine::{ApiKey, CallOptions, Context, Error, Reply};

use crate::{BlockingTransport, Realtime, block_on};

/// The calls of one agent, each of which waits for its answer. Cheap to clone, and to be shared by threads; clones share the
/// connections.
///
/// What each call does is said where it is [defined](agentchat_driver::Client).
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

    /// Starts a realtime session on a thread of its own.
    ///
    /// # Panics
    /// If the operating system gives no thread.
    pub fn realtime(&self, options: SessionOptions) -> Realtime {
        self.realtime_from(options, None)
    }

    /// The same, going on where another session of this agent [was](agentchat_driver::Client::realtime_from).
    ///
    /// # Panics
    /// If the operating system gives no thread.
    pub fn realtime_from(&self, options: SessionOptions, resume: Option<Checkpoint>) -> Realtime {
        Realtime::start(&self.0, options, resume)
    }
}
