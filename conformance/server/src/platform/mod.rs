//! The platform as a value: start it, ask it, disturb it, stop it. [`agents`] and [`sockets`] hold what it does to those.

mod agents;
mod sockets;

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use std::{fmt, io};

use axum::Router;
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinHandle;
use tokio::time::timeout;

pub use self::sockets::RawFrame;
use super::app::{App, IssuedCode, Shared};
use super::clock::Clock;
use super::faults::Faults;
use super::request_log::RecordedRequest;
use super::routes::{router, unobserved};
use super::settings::Settings;
use super::state::webhook::DeadLetter;
use super::webhooks::courier;
use super::wire::{Door, Peer};
use super::ws::close_code::GOING_AWAY;

/// A running platform. Clones are handles of the same one; it runs until [`LocalPlatform::shutdown`], or until the
/// runtime that started it ends.
///
/// Handles of agents may be given with or without `@` and in any case.
///
/// ```
/// use agentchat_local::{LocalPlatform, Settings};
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
    pub(super) app: Shared,
    addr: SocketAddr,
    /// Where the operator's own calls go.
    unobserved: Router,
    server: Arc<Mutex<Option<JoinHandle<io::Result<()>>>>>,
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
    pub fn clear_request_log(&self) {
        self.app.requests.clear();
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
}
