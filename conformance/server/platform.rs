//! The platform as a value: start it, ask it, disturb it, stop it.

use std::{
    fmt, io,
    net::SocketAddr,
    sync::{Arc, Mutex, PoisonError},
    time::Duration,
};

use axum::{
    Router,
    extract::{ConnectInfo, Request, ws::Message},
    response::Response,
};
use tokio::{net::TcpListener, sync::mpsc, task::JoinHandle, time::timeout};
use tower::ServiceExt as _;

use super::{
    account::{Account, CreateAgentError, UnknownAgent},
    app::{App, IssuedCode, Shared},
    auth::ActingAs,
    clock::Clock,
    control::{self, Control},
    faults::Faults,
    handle::{is_acceptable, normalise},
    request_log::RecordedRequest,
    routes::{router, unobserved},
    settings::Settings,
    state::{
        State,
        agent::{AgentId, AgentStatus, CHATFATHER, PausedByOwner, Profile},
        webhook::DeadLetter,
    },
    webhooks::courier,
    wire::{Door, Peer},
    ws::{GOING_AWAY, POLICY_VIOLATION, hub::OpenSocket},
};

/// A running platform. Clones are handles of the same one; it runs until [`LocalPlatform::shutdown`], or until the
/// runtime that started it ends.
///
/// Handles of agents may be given with or without `@` and in any case.
///
/// ```
/// use agentchat_conformance::server::{LocalPlatform, Settings};
///
/// # #[tokio::main(flavor = "current_thread")]
/// # async fn main() -> Result<(), Box<dyn std::error::Error>> {
/// let platform = LocalPlatform::start(Settings::default()).await?;
/// let alice = platform.create_agent("alice")?;
/// // Hand `platform.base_url()` and `alice.api_key` to a client, then look at what happened:
/// assert_eq!(platform.open_sockets("@Alice"), 0);
/// assert_eq!(platform.undelivered("alice"), 0);
/// platform.shutdown().await;
/// # Ok(())
/// # }
/// ```
#[derive(Clone)]
pub struct LocalPlatform {
    app: Shared,
    addr: SocketAddr,
    /// Where the operator's own calls go.
    unobserved: Router,
    server: Arc<Mutex<Option<JoinHandle<io::Result<()>>>>>,
}

/// A frame that is sent as it is, whether it makes sense or not.
///
/// ```
/// # use agentchat_conformance::server::{LocalPlatform, RawFrame};
/// fn confuse(platform: &LocalPlatform) {
///     platform.push_raw("alice", RawFrame::Text("{\"type\":".into()));
///     platform.push_raw("alice", RawFrame::Binary(vec![0xff; 4]));
///     platform.push_raw("alice", RawFrame::Ping(b"still there?".to_vec()));
/// }
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum RawFrame {
    /// A text frame.
    Text(String),
    /// A binary frame; the platform itself never sends one.
    Binary(Vec<u8>),
    /// A ping with up to 125 bytes, in addition to the heartbeat.
    Ping(Vec<u8>),
}

/// Only the address: the rest is other people's messages and codes.
impl fmt::Debug for LocalPlatform {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("LocalPlatform").field("addr", &self.addr).finish_non_exhaustive()
    }
}

impl LocalPlatform {
    /// Listens, and answers from now on.
    ///
    /// # Errors
    /// Those of binding [`Settings::bind`].
    pub async fn start(settings: Settings) -> io::Result<LocalPlatform> {
        let listener = TcpListener::bind(settings.bind).await?;
        let addr = listener.local_addr()?;
        let app = Arc::new(App::new(settings, addr));
        let service = router(app.clone()).into_make_service_with_connect_info::<Peer>();
        let mut stop = app.shutting_down.subscribe();
        let server = tokio::spawn(async move {
            let stopped = async move {
                let _ = stop.wait_for(|now| *now).await;
            };
            axum::serve(Door(listener), service).with_graceful_shutdown(stopped).await
        });
        if let Some(jobs) = app.state().webhooks.jobs.take() {
            tokio::spawn(courier::run(app.clone(), jobs));
        }
        let unobserved = unobserved(app.clone());
        Ok(LocalPlatform { app, addr, unobserved, server: Arc::new(Mutex::new(Some(server))) })
    }

    /// `http://127.0.0.1:PORT`; the WebSocket is at the same place with `ws` in front.
    #[must_use]
    pub fn base_url(&self) -> String {
        format!("http://{}", self.addr)
    }

    /// Where it listens.
    #[must_use]
    pub fn addr(&self) -> SocketAddr {
        self.addr
    }

    /// The code that was "mailed" for a pending id, as long as it has not been used.
    #[must_use]
    pub fn one_time_code(&self, pending_id: &str) -> Option<String> {
        self.app.state().pending.code(pending_id)
    }

    /// Every code issued from now on. Each call makes a receiver of its own, and all get every code.
    #[must_use]
    pub fn codes(&self) -> mpsc::UnboundedReceiver<IssuedCode> {
        self.app.listen_for_codes()
    }

    /// Creates an agent without e-mail and code. Its address is `<handle>@agents.invalid`.
    ///
    /// # Errors
    /// If the handle cannot be used; the rules are those of a registration.
    pub fn create_agent(&self, handle: &str) -> Result<Account, CreateAgentError> {
        let handle = normalise(handle);
        let mut state = self.app.state();
        if state.agents.is_taken(&handle) {
            return Err(CreateAgentError::HandleTaken);
        }
        if !is_acceptable(&handle) {
            return Err(CreateAgentError::InvalidHandle);
        }
        let email = format!("{handle}@agents.invalid");
        let profile = Profile { handle: handle.clone(), email, display_name: None, description: None };
        let (_, api_key) = state.agents.create(profile, self.app.clock.unix_millis());
        Ok(Account { handle, api_key })
    }

    /// Gives the platform's own agent, `chatfather`, a new key. Until the first call it has none.
    #[must_use]
    pub fn system_account(&self) -> Account {
        let api_key = self.app.state().agents.replace_key(CHATFATHER);
        Account { handle: "chatfather".to_owned(), api_key }
    }

    /// Changes the standing of an agent, as the platform's staff would. Suspending and deleting closes its sockets.
    /// A restriction set here stays until it is lifted here; one that follows from blocks ends with them.
    ///
    /// # Errors
    /// If there is no such agent.
    pub fn set_status(&self, handle: &str, status: AgentStatus) -> Result<(), UnknownAgent> {
        let state = &mut *self.app.state();
        let id = agent_id(state, handle).ok_or(UnknownAgent)?;
        let agent = state.agents.get_mut(&id).ok_or(UnknownAgent)?;
        (agent.status, agent.restricted_by_community) = (status, false);
        match status {
            AgentStatus::Suspended => state.hub.close_all(&id, POLICY_VIOLATION, "Account suspended"),
            AgentStatus::Deleted => state.hub.close_all(&id, POLICY_VIOLATION, "Account deleted"),
            AgentStatus::Active | AgentStatus::Restricted => 0,
        };
        Ok(())
    }

    /// Pauses an agent or lets it go on, as its owner would on the dashboard.
    ///
    /// # Errors
    /// If there is no such agent.
    pub fn set_paused(&self, handle: &str, paused: PausedByOwner) -> Result<(), UnknownAgent> {
        let state = &mut *self.app.state();
        let id = agent_id(state, handle).ok_or(UnknownAgent)?;
        state.agents.get_mut(&id).ok_or(UnknownAgent)?.paused = paused;
        Ok(())
    }

    /// Drops the connections of an agent's sockets without a close frame, and returns how many there were.
    pub fn cut_sockets(&self, handle: &str) -> usize {
        self.with_agent(handle, |state, id| state.hub.cut_all(id))
    }

    /// Resets the connections of an agent's sockets, and returns how many there were.
    pub fn reset_sockets(&self, handle: &str) -> usize {
        self.with_agent(handle, |state, id| state.hub.reset_all(id))
    }

    /// Makes an agent's sockets half-open, and returns how many there were: they stay connected, but from now on nothing is
    /// read or written on them. [`LocalPlatform::cut_sockets`] ends that.
    pub fn freeze_sockets(&self, handle: &str) -> usize {
        self.with_agent(handle, |state, id| state.hub.freeze_all(id))
    }

    /// Closes an agent's sockets with a code and a reason of up to 123 bytes, and returns how many there were.
    pub fn close_sockets(&self, handle: &str, code: u16, reason: &str) -> usize {
        self.with_agent(handle, |state, id| state.hub.close_all(id, code, reason))
    }

    /// All authenticated sockets, in the order in which they were opened.
    #[must_use]
    pub fn sockets(&self) -> Vec<OpenSocket> {
        let state = self.app.state();
        state.hub.list(|agent| state.agents.handle_of(agent).to_owned())
    }

    /// Whether there is, or was, an agent of that handle.
    #[must_use]
    pub fn has_agent(&self, handle: &str) -> bool {
        self.app.state().agents.is_taken(&normalise(handle))
    }

    /// How many authenticated sockets an agent has.
    #[must_use]
    pub fn open_sockets(&self, handle: &str) -> usize {
        self.with_agent(handle, |state, id| state.hub.count(id))
    }

    /// Sends a frame to all sockets of an agent, and returns how many that were. The limit of the send buffer applies.
    pub fn push_raw(&self, handle: &str, frame: RawFrame) -> usize {
        let frame = match frame {
            RawFrame::Text(text) => Message::Text(text.into()),
            RawFrame::Binary(bytes) => Message::Binary(bytes.into()),
            RawFrame::Ping(bytes) => Message::Ping(bytes.into()),
        };
        let limit = self.app.settings.send_buffer_bytes;
        self.with_agent(handle, |state, id| state.hub.send_to_all(id, &frame, limit).sockets)
    }

    /// How many messages for an agent are stored and not yet delivered.
    #[must_use]
    pub fn undelivered(&self, handle: &str) -> usize {
        self.with_agent(handle, |state, id| state.envelopes.undelivered(id))
    }

    /// Webhook deliveries that were given up, oldest first.
    #[must_use]
    pub fn dead_letters(&self) -> Vec<DeadLetter> {
        self.app.state().webhooks.dead_letters.clone()
    }

    /// The last requests, oldest first; at most [`Settings::request_log_capacity`]. Upgrades to WebSocket are included.
    #[must_use]
    pub fn requests(&self) -> Vec<RecordedRequest> {
        self.app.requests.all()
    }

    /// Forgets the requests so far.
    pub fn forget_requests(&self) {
        self.app.requests.clear();
    }

    /// Makes a call of the REST API in the name of an agent, without its key. It is neither recorded nor disturbed by
    /// [`LocalPlatform::faults`].
    ///
    /// # Errors
    /// If there is no such agent.
    pub async fn act_as(&self, handle: &str, mut request: Request) -> Result<Response, UnknownAgent> {
        let id = agent_id(&self.app.state(), handle).ok_or(UnknownAgent)?;
        request.extensions_mut().insert(ActingAs(id));
        request.extensions_mut().insert(ConnectInfo(Peer::local(self.addr)));
        let Ok(response) = self.unobserved.clone().oneshot(request).await;
        Ok(response)
    }

    /// Offers the [control API](super::control) on a listener of its own; port 0 takes a free one. It stops with the
    /// platform.
    ///
    /// # Errors
    /// Those of binding, and `InvalidInput` for an address that is not on loopback.
    pub async fn serve_control(&self, bind: SocketAddr) -> io::Result<Control> {
        control::serve(self.clone(), &self.app, bind).await
    }

    /// The platform's idea of the time.
    #[must_use]
    pub fn clock(&self) -> Clock {
        self.app.clock.clone()
    }

    /// The rules that make this platform misbehave.
    #[must_use]
    pub fn faults(&self) -> Faults {
        Faults::new(self.app.faults.clone())
    }

    /// Stops: takes no more connections, closes every socket with 1001 `Server shutting down`, and waits for those that
    /// are still busy, but no longer than [`Settings::close_timeout`] and a second. A second call returns at once.
    pub async fn shutdown(&self) {
        {
            let mut state = self.app.state();
            self.app.shutting_down.send_replace(true);
            state.hub.close_everybody(GOING_AWAY, "Server shutting down");
        }
        let server = self.server.lock().unwrap_or_else(PoisonError::into_inner).take();
        let Some(mut server) = server else { return };
        let patience = self.app.settings.close_timeout + Duration::from_secs(1);
        let everything_ended = async {
            let _ = (&mut server).await;
            self.app.shutting_down.closed().await;
        };
        if timeout(patience, everything_ended).await.is_err() {
            server.abort();
        }
    }

    fn with_agent(&self, handle: &str, ask: impl FnOnce(&mut State, &AgentId) -> usize) -> usize {
        let state = &mut *self.app.state();
        agent_id(state, handle).map_or(0, |id| ask(state, &id))
    }
}

fn agent_id(state: &State, handle: &str) -> Option<AgentId> {
    Some(state.agents.by_handle(&normalise(handle))?.id.clone())
}
