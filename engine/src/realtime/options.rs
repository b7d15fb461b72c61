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
    /// Deliveries in flight over all conversations; default 64, at least 1.
    pub max_in_flight: usize,
    /// How long a missing seq is waited for; default 2 s. History is asked earlier, see [`fill_after`](Self::fill_after),
    /// and without [`fill`](Self::fill) the seq is given up then.
    pub gap_window: Duration,
    /// Whether history is asked for what is missing; default true. Otherwise it is given up.
    pub fill: bool,
    /// How long after a hole is seen history is asked, while what is missing may still arrive by itself; default 75 ms, at
    /// most [`gap_window`](Self::gap_window). Asked at once in a conversation whose last hole turned out to be no message of
    /// others, and four times later where the last one closed by itself.
    pub fill_after: Duration,
    /// How long the messages above a hole wait for it while history fails; default 30 s. Then they are delivered without
    /// it, and what is missing is delivered late.
    pub patience: Duration,
    /// How long live messages are held back for a sync that is not answered; default 5 s. While it is answered with
    /// errors, [`patience`](Self::patience) counts instead.
    pub hold: Duration,
    /// When a failed message is offered again, each time in turn; default 1 s, 5 s, 30 s.
    pub redelivery: Vec<Duration>,
    /// How often the platform may bring back a message that was given up; default 3.
    pub reoffers: u32,
    /// Messages buffered over all conversations; default 10,000, at least 1. Near it reading stops; at it live messages are
    /// shed.
    pub buffered_messages: usize,
    /// Bytes buffered over all conversations; default 64 MiB. Near it reading stops; at it live messages are shed.
    pub buffered_bytes: usize,
    /// How long reading stops at most when the buffers are nearly full; default 10 s. Zero never stops it.
    pub read_pause: Duration,
    /// A ping after as long without traffic, and the end if nothing at all comes within as long again; default 20 s, at
    /// least 1 ms.
    pub keepalive: Duration,
    /// The first wait before another connection, doubled for each further one, ± 25 %; default 500 ms, at least 1 ms.
    pub reconnect_base: Duration,
    /// The longest wait before another connection, jitter included; default 30 s, at least 1 ms. A `Retry-After` of a
    /// refused upgrade is waited out all the same.
    pub reconnect_max: Duration,
    /// Attempts in a row without a connection that lasted before the session ends; default no limit, at least 1.
    pub max_attempts: Option<u32>,
    /// How long the session waits for another key ([`Input::Start`](super::Input::Start)) after the platform has refused the
    /// one it has; default zero, which ends it at once. Handlers go on meanwhile.
    pub key_wait: Duration,
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
            fill_after: limits::FILL_AFTER,
            patience: limits::FILL_PATIENCE,
            hold: limits::HOLD,
            redelivery: limits::REDELIVERY.to_vec(),
            reoffers: limits::REOFFERS,
            buffered_messages: limits::BUFFERED_MESSAGES,
            buffered_bytes: limits::BUFFERED_BYTES,
            read_pause: limits::READ_PAUSE,
            keepalive: limits::KEEPALIVE,
            reconnect_base: limits::RECONNECT_BASE,
            reconnect_max: limits::RECONNECT_MAX,
            max_attempts: None,
            key_wait: Duration::ZERO,
            close_wait: limits::CLOSE_WAIT,
        }
    }
}

impl SessionOptions {
    /// The options with each value that is out of its range at the nearest one that is in it.
    pub(super) fn in_range(self) -> Self {
        let least = Duration::from_millis(1);
        Self {
            drain_page: self.drain_page.clamp(1, 500),
            max_in_flight: self.max_in_flight.max(1),
            fill_after: self.fill_after.min(self.gap_window),
            buffered_messages: self.buffered_messages.max(1),
            keepalive: self.keepalive.max(least),
            reconnect_base: self.reconnect_base.max(least),
            reconnect_max: self.reconnect_max.max(least),
            max_attempts: self.max_attempts.map(|attempts| attempts.max(1)),
            ..self
        }
    }
}
