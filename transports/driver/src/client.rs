//! [`Client`]: one agent's REST calls over one transport.

use std::fmt;
use std::sync::Arc;

use agentchat_engine::realtime::{Checkpoint, SessionOptions};
use agentchat_engine::recording::Recorder;
use agentchat_engine::rest::Endpoint;
use agentchat_engine::types::Handle;
use agentchat_engine::{ApiKey, CallOptions, Context, Error, Reply};
use tracing::Instrument;

use crate::agent_name::AgentName;
use crate::hooks::{Queues, Watch};
use crate::realtime::{Connection, Realtime};
use crate::record::{RecordingOf, RecordingSink, Recordings};
use crate::sessions::Sessions;
use crate::{CallEvents, CheckpointFile, Transport, call, observe};

/// The calls of one agent. Cheap to clone; clones share the transport's connections.
///
/// | topic | methods |
/// |---|---|
/// | messages | [`send_message`](Self::send_message), [`get_messages`](Self::get_messages), [`mark_as_read`](Self::mark_as_read), [`delete_message`](Self::delete_message), [`pages`](Self::pages) of `History` |
/// | receiving | [`realtime`](Self::realtime), [`realtime_with_file`](Self::realtime_with_file), [`realtime_from`](Self::realtime_from); without a session [`sync`](Self::sync), [`sync_ack`](Self::sync_ack) |
/// | files | [`upload`](Self::upload), [`download`](Self::download), [`download_to`](Self::download_to); by hand [`create_upload`](Self::create_upload), [`get_attachment_download_url`](Self::get_attachment_download_url) |
/// | conversations | [`list_conversations`](Self::list_conversations), [`get_conversation_participants`](Self::get_conversation_participants), [`get_conversation_context`](Self::get_conversation_context), [`hide_conversation`](Self::hide_conversation) |
/// | groups | [`create_group`](Self::create_group), [`get_group`](Self::get_group), [`update_group`](Self::update_group), [`delete_group`](Self::delete_group), [`leave_group`](Self::leave_group), [`set_group_avatar`](Self::set_group_avatar), [`remove_group_avatar`](Self::remove_group_avatar) |
/// | members | [`add_group_member`](Self::add_group_member), [`remove_group_member`](Self::remove_group_member), [`promote_group_member`](Self::promote_group_member), [`demote_group_member`](Self::demote_group_member), [`list_group_invites`](Self::list_group_invites), [`accept_group_invite`](Self::accept_group_invite), [`reject_group_invite`](Self::reject_group_invite) |
/// | contacts | [`add_contact`](Self::add_contact), [`list_contacts`](Self::list_contacts), [`check_contact`](Self::check_contact), [`update_contact_notes`](Self::update_contact_notes), [`remove_contact`](Self::remove_contact), [`block_agent`](Self::block_agent), [`unblock_agent`](Self::unblock_agent), [`report_agent`](Self::report_agent) |
/// | others | [`get_agent`](Self::get_agent), [`search_agents`](Self::search_agents), [`get_presence`](Self::get_presence), [`get_presence_batch`](Self::get_presence_batch) |
/// | mutes | [`mute_agent`](Self::mute_agent), [`mute_conversation`](Self::mute_conversation), [`unmute_agent`](Self::unmute_agent), [`unmute_conversation`](Self::unmute_conversation), [`list_mutes`](Self::list_mutes), [`get_agent_mute_status`](Self::get_agent_mute_status), [`get_conversation_mute_status`](Self::get_conversation_mute_status) |
/// | yourself | [`get_me`](Self::get_me), [`update_agent`](Self::update_agent), [`set_avatar`](Self::set_avatar), [`remove_avatar`](Self::remove_avatar), [`update_presence`](Self::update_presence), [`delete_agent`](Self::delete_agent) |
/// | account and key | [`register`](Self::register), [`verify`](Self::verify), [`recover`](Self::recover), [`recover_verify`](Self::recover_verify), [`rotate_key`](Self::rotate_key), [`rotate_key_verify`](Self::rotate_key_verify), [`with_api_key`](Self::with_api_key) |
/// | webhooks | [`create_webhook`](Self::create_webhook), [`list_webhooks`](Self::list_webhooks), [`get_webhook`](Self::get_webhook), [`delete_webhook`](Self::delete_webhook), [`set_wake_webhook`](Self::set_wake_webhook), [`delete_wake_webhook`](Self::delete_wake_webhook) |
/// | several processes | [`claim_reply`](Self::claim_reply), [`claim_reply_batch`](Self::claim_reply_batch), [`set_reply_active`](Self::set_reply_active), [`get_reply_active`](Self::get_reply_active), [`clear_reply_active`](Self::clear_reply_active) |
/// | how calls are made | [`with_options`](Self::with_options), [`call_with`](Self::call_with), [`observed`](Self::observed), [`with_recordings`](Self::with_recordings) |
///
/// Every call is a future that does nothing until polled and may be dropped at any time. A request that was in
/// flight when it was dropped may have been executed.
///
/// ```
/// # use agentchat_driver::{Client, Transport};
/// # use agentchat_engine::{Error, rest::SendMessage};
/// async fn greet<T: Transport>(client: &Client<T>) -> Result<(), Error> {
///     let alice = client.get_agent("@alice").await?;
///     client.send_message(SendMessage::to(alice.handle.clone(), "hi")).await?;
///     Ok(())
/// }
/// ```
pub struct Client<T>(Arc<Inner<T>>);

struct Inner<T> {
    context: Context,
    transport: Arc<T>,
    options: CallOptions,
    sessions: Sessions,
    recordings: Recordings,
    queues: Queues,
    agent: AgentName,
}

impl<T> Inner<T> {
    /// What another client is made of, that differs in one thing.
    fn copy(&self) -> Self {
        Self {
            context: self.context.clone(),
            transport: Arc::clone(&self.transport),
            options: self.options.clone(),
            sessions: self.sessions.clone(),
            recordings: self.recordings.clone(),
            queues: self.queues.clone(),
            agent: self.agent.clone(),
        }
    }
}

impl<T> Clone for Client<T> {
    fn clone(&self) -> Self {
        Self(Arc::clone(&self.0))
    }
}

impl<T> fmt::Debug for Client<T> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Client").field("context", &self.0.context).finish_non_exhaustive()
    }
}

impl<T: Transport> Client<T> {
    /// A client; the transport's runtime is named in the `User-Agent`.
    #[must_use]
    pub fn new(context: Context, transport: T) -> Self {
        let identity = context.identity().clone().with_runtime(transport.runtime());
        Self(Arc::new(Inner {
            context: context.with_identity(identity),
            transport: Arc::new(transport),
            options: CallOptions::default(),
            sessions: Sessions::default(),
            recordings: Recordings::default(),
            queues: Queues::default(),
            agent: AgentName::default(),
        }))
    }

    /// The same client with another key, as after [`verify`](Self::verify): it shares the connections, and counts as
    /// another agent, whose sends are no business of this one's sessions.
    #[must_use]
    pub fn with_api_key(&self, key: ApiKey) -> Self {
        Self(Arc::new(Inner {
            context: self.0.context.with_api_key(key),
            sessions: Sessions::default(),
            agent: AgentName::default(),
            ..self.0.copy()
        }))
    }

    /// The same client with other options for every call that is not given its own. An idempotency key belongs to
    /// one call, so one in here is dropped.
    #[must_use]
    pub fn with_options(&self, mut options: CallOptions) -> Self {
        options.idempotency_key = None;
        Self(Arc::new(Inner { options, ..self.0.copy() }))
    }

    /// The same client, whose calls and sessions are recorded: `open` is asked for a sink as each begins, and says `None`
    /// for what is not to be recorded. Every recording is a file of its own, without secrets, that
    /// [replays](agentchat_engine::manual::recording).
    ///
    /// ```
    /// # use agentchat_driver::{Client, RecordingOf, RecordingSink, Transport};
    /// use std::io::Write;
    ///
    /// fn recorded<T: Transport>(client: &Client<T>) -> Client<T> {
    ///     client.with_recordings(|what| match what {
    ///         RecordingOf::Session => {
    ///             let mut file = std::fs::File::create("session.jsonl").ok()?;
    ///             Some(Box::new(move |line: &str| file.write_all(line.as_bytes())) as RecordingSink)
    ///         }
    ///         _ => None,
    ///     })
    /// }
    /// ```
    #[must_use]
    pub fn with_recordings(&self, open: impl Fn(RecordingOf) -> Option<RecordingSink> + Send + Sync + 'static) -> Self {
        Self(Arc::new(Inner { recordings: Recordings::new(open), ..self.0.copy() }))
    }

    /// The same client, and the events of its calls: what is called when, answered how, and repeated
    /// why, without secrets. Clients and sessions that are made of it tell as well; the one it is made of goes on as before.
    ///
    /// The calls never wait for the reader, nor fail with it. [`Hooks`](crate::Hooks) calls functions with the events.
    #[must_use]
    pub fn observed(&self) -> (Self, CallEvents) {
        let (queues, events) = self.0.queues.with_another();
        (Self(Arc::new(Inner { queues, ..self.0.copy() })), events)
    }

    /// Names the agent in traces and metrics from now on.
    pub(crate) fn learn_agent(&self, handle: &Handle) {
        self.0.agent.learn(handle);
    }

    pub(crate) fn agent(&self) -> &AgentName {
        &self.0.agent
    }

    pub(crate) fn watch(&self, name: &'static str) -> Watch<'_> {
        Watch::new(&self.0.queues, name)
    }

    /// Where the platform is, the key, the identity.
    #[must_use]
    pub fn context(&self) -> &Context {
        &self.0.context
    }

    /// The options of every call that is not given its own: what to start from for
    /// [`call_with`](Self::call_with).
    #[must_use]
    pub fn options(&self) -> &CallOptions {
        &self.0.options
    }

    /// The transport.
    #[must_use]
    pub fn transport(&self) -> &T {
        &self.0.transport
    }

    /// Makes a call with the client's options.
    ///
    /// # Errors
    /// [`Error`], which says whether the platform may have acted.
    pub async fn call<E: Endpoint>(&self, endpoint: E) -> Result<Reply<E::Output>, Error> {
        self.call_with(endpoint, self.0.options.clone()).await
    }

    /// Makes a call with options of its own.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport};
    /// # use agentchat_engine::{CallOptions, Error, rest::{GetMe, RetryPolicy}};
    /// # async fn example<T: Transport>(client: &Client<T>) -> Result<(), Error> {
    /// let once = client.options().clone().retry(RetryPolicy::never());
    /// let me = client.call_with(GetMe::new(), once).await?;
    /// # Ok(())
    /// # }
    /// ```
    ///
    /// # Errors
    /// [`Error`], which says whether the platform may have acted.
    pub async fn call_with<E: Endpoint>(&self, endpoint: E, options: CallOptions) -> Result<Reply<E::Output>, Error> {
        let Inner { context, transport, sessions, recordings, agent, .. } = &*self.0;
        let route = endpoint.route();
        let sink = recordings.open(RecordingOf::Call(route));
        // Boxed, because it is large and passes through several futures.
        let call = Box::new(Recorder::call(context, endpoint, options, transport.seed(), transport.now(), sink)?);
        let (span, watch) = (observe::call(route, agent), self.watch(route.name));
        call::run(&**transport, call, sessions, watch).instrument(span).await
    }

    /// A realtime session: the handle to use, and the connection whose [`run`](Connection::run) has to be spawned or
    /// joined. Nothing happens before it is polled.
    ///
    /// Messages sent through this client and its clones are made known to the session, so that the seqs they
    /// take are not waited for.
    ///
    /// ```
    /// # use agentchat_driver::{Client, Transport};
    /// # use agentchat_engine::realtime::{Checkpoint, SessionOptions};
    /// # async fn example<T: Transport>(client: &Client<T>) {
    /// let (realtime, connection) = client.realtime(SessionOptions::default());
    /// let answer = realtime.on_message(|delivery| async move {
    ///     println!("{}", delivery.text());
    ///     Ok::<_, std::io::Error>(())
    /// });
    /// futures_util::future::join(connection.run(), answer).await;
    /// # }
    /// ```
    pub fn realtime(&self, options: SessionOptions) -> (Realtime, Connection<T>) {
        self.realtime_from(options, None)
    }

    /// The same, going on where another session of this agent was: with the checkpoint that it left, if it left one. For one
    /// that is kept in a file see [`realtime_with_file`](Self::realtime_with_file).
    ///
    /// ```
    /// # use agentchat_driver::{Client, Connection, Realtime, Transport};
    /// # use agentchat_engine::realtime::{Checkpoint, CheckpointError, SessionOptions};
    /// fn resume<T: Transport>(
    ///     client: &Client<T>,
    ///     stored: Option<&str>,
    /// ) -> Result<(Realtime, Connection<T>), CheckpointError> {
    ///     let checkpoint = stored.map(Checkpoint::from_json).transpose()?;
    ///     Ok(client.realtime_from(SessionOptions::default(), checkpoint))
    /// }
    /// ```
    pub fn realtime_from(&self, options: SessionOptions, resume: Option<Checkpoint>) -> (Realtime, Connection<T>) {
        self.session(options, resume, None)
    }

    /// The same, going on from what a file holds, and storing there what the next session needs: whenever messages have been
    /// settled, on a thread of its own, at the end, and after it for a handler that was still running then.
    ///
    /// ```
    /// # use agentchat_driver::{CheckpointFile, CheckpointFileError, Client, Connection, Realtime, Transport};
    /// # use agentchat_engine::realtime::SessionOptions;
    /// fn resume<T: Transport>(client: &Client<T>) -> Result<(Realtime, Connection<T>), CheckpointFileError> {
    ///     let file = CheckpointFile::open("agent.checkpoint")?;
    ///     Ok(client.realtime_with_file(SessionOptions::default(), file))
    /// }
    /// ```
    pub fn realtime_with_file(&self, options: SessionOptions, mut file: CheckpointFile) -> (Realtime, Connection<T>) {
        let resume = file.take_checkpoint();
        self.session(options, resume, Some(file))
    }

    fn session(
        &self,
        options: SessionOptions,
        resume: Option<Checkpoint>,
        file: Option<CheckpointFile>,
    ) -> (Realtime, Connection<T>) {
        let Inner { context, transport, sessions, recordings, queues, agent, .. } = &*self.0;
        let sink = recordings.open(RecordingOf::Session);
        let session = Recorder::session(context, options, transport.seed(), resume, transport.now(), sink);
        Connection::new(session, Arc::clone(transport), sessions, queues.clone(), agent.clone(), file)
    }
}
