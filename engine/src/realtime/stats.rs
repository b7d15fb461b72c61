//! What a session has done so far, in numbers.

use serde::Serialize;

use super::event::Event;
use super::output::Output;

/// What a session has done since it began, and what it holds now: for dashboards and alarms. Counts only grow.
///
/// ```
/// use agentchat_engine::realtime::{Session, SessionOptions, SessionStats};
/// # use agentchat_engine::{Context, Seed};
///
/// # let cx = Context::builder().build()?;
/// let session = Session::new(&cx, SessionOptions::default(), Seed::from_bytes([9; 32]), None);
/// let SessionStats { received, handled, gaps_given_up, .. } = session.stats();
/// assert_eq!((received, handled, gaps_given_up), (0, 0, 0));
/// # Ok::<(), agentchat_engine::ConfigError>(())
/// ```
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[non_exhaustive]
pub struct SessionStats {
    /// HELLOs that the platform accepted. What is more than one are reconnects.
    pub connections: u64,
    /// Connections that ended, and attempts that failed.
    pub disconnects: u64,
    /// Messages taken in, over the socket, by a drain or from history. A repeat does not count.
    pub received: u64,
    /// Deliveries made: more than messages if some failed.
    pub offered: u64,
    /// Deliveries that were handled.
    pub handled: u64,
    /// Deliveries that failed.
    pub failed: u64,
    /// Deliveries that were discarded.
    pub discarded: u64,
    /// Messages that failed as often as is allowed ([`Event::GaveUp`]).
    pub gave_up: u64,
    /// Messages offered after one with a higher seq of their conversation ([`Event::Late`]).
    pub late: u64,
    /// Gaps that history filled ([`Event::SequenceGap`]).
    pub gaps_filled: u64,
    /// Gaps that were given up while messages were missing.
    pub gaps_given_up: u64,
    /// Messages dropped because the buffers were full, to be fetched later ([`Event::Shed`]).
    pub shed: u64,
    /// Frames that were ignored ([`Event::BadFrame`]).
    pub bad_frames: u64,
    /// Requests of the session that failed after their retries ([`Event::RequestFailed`]).
    pub failed_requests: u64,
    /// Deliveries that are not settled, now.
    pub in_flight: usize,
    /// Messages held, now: waiting for their turn, offered, or waiting to be offered again ([`Buffered::messages`](super::Buffered::messages)).
    pub buffered_messages: usize,
    /// Their bytes ([`Buffered::bytes`](super::Buffered::bytes)).
    pub buffered_bytes: usize,
    /// Acks that wait for a connection, now.
    pub acks_pending: usize,
}

impl SessionStats {
    /// Counts an event that leaves the session.
    pub(super) fn count(&mut self, output: &Output) {
        let Output::Event(event) = output else { return };
        let count = match event {
            Event::Connected { .. } => &mut self.connections,
            Event::Disconnected { .. } => &mut self.disconnects,
            Event::GaveUp { .. } => &mut self.gave_up,
            Event::Late { .. } => &mut self.late,
            Event::SequenceGap { recovered: true, .. } => &mut self.gaps_filled,
            Event::SequenceGap { recovered: false, .. } => &mut self.gaps_given_up,
            Event::BadFrame { .. } => &mut self.bad_frames,
            Event::RequestFailed { .. } => &mut self.failed_requests,
            _ => return,
        };
        *count = count.saturating_add(1);
    }
}
