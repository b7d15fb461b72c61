//! What can be set for a session. Defaults that are times or bounds are in [`limits`](crate::limits) with their reasons.
//!
//! A new option is a field here, its range in `check`, a default in `limits`, a field in `recording::options`, and a test in
//! `tests/session/options.rs`.

use core::time::Duration;

use crate::error::InvalidArgument;
use crate::limits;
use crate::option_ranges::{at_least, lasting, within};
use crate::options_macro::options;
use crate::types::Handle;

options! {
    /// Options of a [`Session`](super::Session).
    ///
    /// ```
    /// use agentchat_engine::realtime::SessionOptions;
    ///
    /// let options = SessionOptions::default().own_handle("alice").drain(false);
    /// assert!(!options.drain);
    /// ```
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct SessionOptions {
        /// The agent's own handle, so that it never answers itself; asked of the platform if not given.
        own_handle: Option<Handle> = None, set by some(Handle);
        /// Whether our own messages are delivered too, where the platform sends them; default false.
        echo: bool = false;
        /// Whether a group's system events, such as somebody joining, are delivered like messages; default false. Otherwise each is
        /// emitted as [`Event::System`](super::Event::System) when its turn in the conversation comes, and acked.
        system_events: bool = false;
        /// Whether what is stored is fetched after every connect; default true.
        drain: bool = true;
        /// Rows a page of the drain; default 100, range 1 to 500.
        drain_page: u32 = limits::DRAIN_PAGE;
        /// Deliveries in flight over all conversations; default 64, at least 1.
        max_in_flight: usize = limits::MAX_IN_FLIGHT;
        /// Deliveries in flight of one conversation; default 1, at least 1. With more, they are offered in order, and settled in
        /// any: one that fails is offered again before what was not offered yet, and waits for none that is in flight. For handlers
        /// that take several messages of a conversation at once.
        max_in_flight_per_conversation: usize = 1;
        /// How long a missing seq is waited for; default 2 s. History is asked earlier, see [`fill_after`](Self::fill_after),
        /// and without [`fill_gaps`](Self::fill_gaps) the seq is given up then.
        gap_window: Duration = limits::GAP_WINDOW;
        /// Whether history is asked for what is missing; default true. Otherwise it is given up.
        fill_gaps: bool = true;
        /// How long after a gap is seen history is asked, while what is missing may still arrive by itself; default 75 ms. At
        /// most [`gap_window`](Self::gap_window) is waited. Asked at once in a conversation whose last gap turned out to be no message of
        /// others, and four times later where the last one closed by itself.
        fill_after: Duration = limits::FILL_AFTER;
        /// How long the messages above a gap wait for it while history fails; default 30 s. Then they are delivered without
        /// it, and what is missing is delivered late.
        fill_patience: Duration = limits::FILL_PATIENCE;
        /// How long live messages are held back for a sync that is not answered; default 5 s. While it is answered with
        /// errors, [`fill_patience`](Self::fill_patience) counts instead.
        hold_live_for: Duration = limits::HOLD_LIVE_FOR;
        /// When a failed message is offered again, each time in turn; default 1 s, 5 s, 30 s.
        redelivery: Vec<Duration> = limits::REDELIVERY.to_vec(), set by each(Duration);
        /// How often the platform may bring back a message that was given up; default 3.
        reoffers: u32 = limits::REOFFERS;
        /// Messages buffered over all conversations; default 10,000, at least 1. Near it reading stops; at it live messages are
        /// shed.
        buffered_messages: usize = limits::BUFFERED_MESSAGES;
        /// Bytes buffered over all conversations; default 64 MiB, at least 1. Near it reading stops; at it live messages are shed.
        /// A message that is larger is taken alone.
        buffered_bytes: usize = limits::BUFFERED_BYTES;
        /// How long reading stops at most when the buffers are nearly full; default 10 s. Zero never stops it.
        read_pause: Duration = limits::READ_PAUSE;
        /// A ping after as long without traffic, and the end if nothing at all comes within as long again; default 20 s, at
        /// least 1 ms.
        keepalive: Duration = limits::KEEPALIVE;
        /// The first wait before another connection, doubled for each further one up to
        /// [`reconnect_max`](Self::reconnect_max), ± 25 %; default 500 ms, at least 1 ms.
        reconnect_base: Duration = limits::RECONNECT_BASE;
        /// The longest wait before another connection, jitter included; default 30 s, at least 1 ms. A `Retry-After` of a
        /// refused upgrade is waited out all the same.
        reconnect_max: Duration = limits::RECONNECT_MAX;
        /// Attempts in a row without a connection that lasted before the session ends; default no limit, at least 1.
        max_attempts: Option<u32> = None, set by optional(u32);
        /// How long the session waits for another key ([`Input::Start`](super::Input::Start)) after the platform has refused the
        /// one it has; default zero, which ends it at once. Handlers go on meanwhile.
        key_wait: Duration = Duration::ZERO;
        /// How long [`Input::Close`](super::Input::Close) waits for deliveries in flight; default a minute.
        close_wait: Duration = limits::CLOSE_WAIT;
    }
}

impl SessionOptions {
    /// Whether every value is in its range. A session whose options are not ends as soon as it is started, with
    /// [`HaltReason::Configuration`](super::HaltReason::Configuration).
    ///
    /// ```
    /// use agentchat_engine::realtime::SessionOptions;
    ///
    /// let refused = SessionOptions::default().drain_page(501).check().unwrap_err();
    /// assert_eq!(refused.to_string(), "drain_page must be 1 to 500, was 501");
    /// ```
    ///
    /// # Errors
    /// [`InvalidArgument`], which names the option, its range and the value.
    pub fn check(&self) -> Result<(), InvalidArgument> {
        within("drain_page", self.drain_page, (1, 500))?;
        at_least("max_in_flight", self.max_in_flight, 1)?;
        at_least("max_in_flight_per_conversation", self.max_in_flight_per_conversation, 1)?;
        at_least("buffered_messages", self.buffered_messages, 1)?;
        at_least("buffered_bytes", self.buffered_bytes, 1)?;
        lasting("keepalive", self.keepalive)?;
        lasting("reconnect_base", self.reconnect_base)?;
        lasting("reconnect_max", self.reconnect_max)?;
        self.max_attempts.map_or(Ok(()), |attempts| at_least("max_attempts", attempts, 1))
    }
}
