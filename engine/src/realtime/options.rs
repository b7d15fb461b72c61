//! What can be set for a session. Every default is in [`limits`](crate::limits) with its reason.

use core::time::Duration;

use crate::limits;
use crate::types::Handle;

/// Options of a [`Session`](super::Session).
///
/// ```
/// use agentchat_engine::realtime::SessionOptions;
///
/// let options = SessionOptions { own_handle: Some("alice".into()), ..SessionOptions::default() };
/// assert!(options.drain);
/// ```
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SessionOptions {
    /// The agent's own handle, so that it never answers itself; asked of the platform if not given.
    pub own_handle: Option<Handle>,
    /// Whether our own messages are delivered too, where the platform sends them; default false.
    pub echo: bool,
    /// Whether a group's system events, such as somebody joining, are delivered like messages; default false. Otherwise each is
    /// told by [`Event::System`](super::Event::System) when its turn in the conversation comes, and acked.
    pub system_events: bool,
    /// Whether what is stored is fetched after every connect; default true.
    pub drain: bool,
    /// Rows a page of the drain; default 100, at most 500.
    pub drain_page: u32,
    /// Deliveries in flight over all conversations; default 64.
    pub max_in_flight: usize,
    /// How long a missing seq is waited for before history is asked; default 2 s.
    pub gap_window: Duration,
    /// Whether history is asked for what is missing; default true. Otherwise it is given up.
    pub fill: bool,
    /// Asks history earlier, while what is missing may still arrive by itself; default off.
    pub fill_after: Option<Duration>,
    /// How long live messages are held back for a drain that does not end; default 5 s.
    pub hold: Duration,
    /// When a failed message is offered again, each time in turn; default 1 s, 5 s, 30 s.
    pub redelivery: Vec<Duration>,
    /// How often the platform may bring back a message that was given up; default 3.
    pub reoffers: u32,
    /// Messages buffered over all conversations before live ones are shed; default 10,000.
    pub buffered_messages: usize,
    /// Bytes buffered over all conversations before live messages are shed; default 64 MiB.
    pub buffered_bytes: usize,
    /// A ping after as long without traffic, and the end if nothing at all comes within as long again; default 20 s.
    pub keepalive: Duration,
    /// The first wait before another connection, doubled for each further one, ± 25 %; default 500 ms.
    pub reconnect_base: Duration,
    /// The longest wait before another connection; default 30 s.
    pub reconnect_max: Duration,
    /// Attempts in a row without a connection that lasted before the session ends; default no limit.
    pub max_attempts: Option<u32>,
    /// How long [`Input::Close`](super::Input::Close) waits for deliveries in flight; default a minute.
    pub close_wait: Duration,
}

impl Default for SessionOptions {
    fn default() -> Self {
        Self {
            own_handle: None,
            echo: false,
            system_events: false,
            drain: true,
            drain_page: limits::DRAIN_PAGE,
            max_in_flight: limits::MAX_IN_FLIGHT,
            gap_window: limits::GAP_WINDOW,
            fill: true,
            fill_after: None,
            hold: limits::HOLD,
            redelivery: limits::REDELIVERY.to_vec(),
            reoffers: limits::REOFFERS,
            buffered_messages: limits::BUFFERED_MESSAGES,
            buffered_bytes: limits::BUFFERED_BYTES,
            keepalive: limits::KEEPALIVE,
            reconnect_base: limits::RECONNECT_BASE,
            reconnect_max: limits::RECONNECT_MAX,
            max_attempts: None,
            close_wait: limits::CLOSE_WAIT,
        }
    }
}

impl SessionOptions {
    /// How long a missing seq is waited for before something is done about it.
    pub(super) fn fill_window(&self) -> Duration {
        match self.fill_after.filter(|_| self.fill) {
            Some(after) => after.min(self.gap_window),
            None => self.gap_window,
        }
    }
}
