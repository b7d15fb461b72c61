//! What every request and every socket shares: settings, clock, rows, and who receives one-time codes.

use std::fmt;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use tokio::sync::{mpsc, watch};

use super::clock::{Clock, millis};
use super::faults::Switchboard;
use super::links::Links;
use super::request_log::RequestLog;
use super::settings::Settings;
use super::state::State;

/// The platform, as handlers see it.
pub(crate) type Shared = Arc<App>;

/// The parts of a running platform.
#[derive(Debug)]
pub(crate) struct App {
    pub(crate) settings: Settings,
    pub(crate) clock: Clock,
    pub(crate) requests: RequestLog,
    pub(crate) faults: Arc<Switchboard>,
    /// What links to this platform begin with, without a slash at the end.
    pub(crate) public_url: String,
    pub(crate) links: Links,
    /// Its receivers are the listener and the open sockets: when none is left, everything has ended.
    pub(crate) shutting_down: watch::Sender<bool>,
    state: Mutex<State>,
    code_listeners: Mutex<Vec<mpsc::UnboundedSender<IssuedCode>>>,
}

impl App {
    pub(crate) fn new(settings: Settings, addr: SocketAddr) -> App {
        let clock = Clock::start();
        let public_url = settings.public_url.clone().unwrap_or_else(|| format!("http://{addr}"));
        let public_url = public_url.trim_end_matches('/').to_owned();
        let mut state = State::default();
        state.agents.create_chatfather(clock.unix_millis());
        App {
            faults: Arc::default(),
            requests: RequestLog::new(settings.request_log_capacity),
            public_url,
            links: Links::new(),
            settings,
            clock,
            shutting_down: watch::Sender::new(false),
            state: Mutex::new(state),
            code_listeners: Mutex::default(),
        }
    }

    /// The rows, without messages that are too old. A panic elsewhere leaves them as they were, which is good enough for a
    /// test server.
    pub(crate) fn state(&self) -> MutexGuard<'_, State> {
        let mut state = self.state.lock().unwrap_or_else(PoisonError::into_inner);
        state.forget_before(self.clock.unix_millis().saturating_sub(millis(self.settings.message_retention)));
        state
    }

    pub(crate) fn listen_for_codes(&self) -> mpsc::UnboundedReceiver<IssuedCode> {
        let (sender, receiver) = mpsc::unbounded_channel();
        self.code_listeners.lock().unwrap_or_else(PoisonError::into_inner).push(sender);
        receiver
    }

    /// "Sends the mail".
    pub(crate) fn announce_code(&self, issued: &IssuedCode) {
        let mut listeners = self.code_listeners.lock().unwrap_or_else(PoisonError::into_inner);
        listeners.retain(|listener| listener.send(issued.clone()).is_ok());
    }
}

/// A one-time code that the real platform would have sent by e-mail (contract 2.1).
///
/// ```
/// use agentchat_local::{IssuedCode, LocalPlatform};
/// async fn print_codes(platform: LocalPlatform) {
///     let mut codes = platform.codes();
///     while let Some(IssuedCode { email, handle, code, .. }) = codes.recv().await {
///         println!("to {email}: {code} makes you @{handle}");
///     }
/// }
/// ```
///
/// Its `Debug` does not show the code.
#[derive(Clone, PartialEq, Eq)]
pub struct IssuedCode {
    /// To whom it was sent.
    pub email: String,
    /// The agent that it is about.
    pub handle: String,
    /// What it is good for.
    pub purpose: CodePurpose,
    /// The id that has to be sent back together with the code.
    pub pending_id: String,
    /// Six digits.
    pub code: String,
}

impl fmt::Debug for IssuedCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("IssuedCode")
            .field("email", &self.email)
            .field("handle", &self.handle)
            .field("purpose", &self.purpose)
            .field("pending_id", &self.pending_id)
            .field("code", &"[redacted]")
            .finish()
    }
}

/// What a one-time code confirms.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum CodePurpose {
    /// The e-mail address of a new agent.
    Register,
    /// That the owner of an agent wants a new key because the old one is lost.
    Recover,
    /// That an agent's own wish for a new key is its owner's wish too.
    RotateKey,
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;
    use crate::state::agent::Profile;
    use crate::state::pending::Intent;

    const REDACTED: &str = "SecretBox<str>([REDACTED])";

    #[test]
    fn the_secrets_of_a_platform_are_not_printed() {
        let app = App::new(Settings::default(), SocketAddr::from(([127, 0, 0, 1], 0)));
        let signature = app.links.signed("GET", "/x", 1).rsplit_once('=').expect("a signature").1.to_owned();
        let mut state = app.state();
        let profile =
            Profile { handle: "alice".into(), email: "a@example.com".into(), display_name: None, description: None };
        let (pending_id, code) = state.pending.open(Intent::Register(profile.clone()), u64::MAX);
        let (agent, api_key) = state.agents.create(profile, 0);
        let webhook =
            state.webhooks.add(&agent, "http://127.0.0.1/".into(), Vec::new(), 0).secret.expose_secret().to_owned();
        let shown = format!("{:?} {:?}", &*state, app.links);
        assert!(shown.contains(&pending_id) && shown.contains("http://127.0.0.1/"), "{shown}");
        assert!(shown.contains(&format!("code: Some({REDACTED})")), "{shown}");
        assert_eq!(shown.matches(&format!("secret: {REDACTED}")).count(), 2, "{shown}");
        for secret in [code, api_key, webhook, signature, app.links.secret.expose_secret().to_owned()] {
            assert!(!shown.contains(&secret), "{shown}");
        }
    }

    #[test]
    fn a_code_is_not_printed() {
        let issued = IssuedCode {
            email: "a@example.com".into(),
            handle: "alice".into(),
            purpose: CodePurpose::Register,
            pending_id: "pnd_1".into(),
            code: "271828".into(),
        };
        let shown = format!("{issued:?}");
        assert!(shown.contains("alice") && !shown.contains("271828"), "{shown}");
    }
}
