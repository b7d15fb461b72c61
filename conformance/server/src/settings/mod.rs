//! Every limit and delay of the platform, with its documented value (contract 1.5, 4, 5 and 7).

mod defaults;
mod setters;

use std::net::SocketAddr;
use std::time::Duration;

use self::setters::{setter, settings};
use super::rate_limit::RateLimit;

settings! {
    /// How the platform behaves. All durations that concern stored things (expiry, windows) follow [`Clock`](super::Clock);
    /// all durations of a connection (timeouts, heartbeat, drain) are real time.
    ///
    /// The default has the documented limits, except those that count callers by address or slow down one-time codes:
    /// on one machine every caller is `127.0.0.1`, so a handful of tests would lock each other out.
    /// [`Settings::production_limits`] switches these on too.
    ///
    /// ```
    /// use agentchat_local::Settings;
    /// let strict = Settings::production_limits().backlog_cap(3);
    /// assert!(Settings::default().register_per_address.is_none());
    /// assert_eq!(strict.register_per_address.unwrap().count, 5);
    /// ```
    #[derive(Clone, Debug)]
    pub struct Settings {
        /// Where to listen; port 0 takes a free one.
        bind: SocketAddr;
        /// The address in the links that the platform hands out, if callers do not reach it where it listens.
        public_url: Option<String>, set by some(String);

        /// How long a one-time code can be used.
        code_lifetime: Duration;
        /// Wrong guesses allowed for one code; the next one destroys it.
        code_attempts: u32;
        /// Codes sent to one address, at most one a window: the wait before the next one. `None` switches it off.
        code_cooldown: Option<Duration>, set by optional(Duration);
        /// Codes sent to one e-mail address in a longer window. `None` switches it off.
        codes_per_email: Option<RateLimit>, set by optional(RateLimit);
        /// Registrations from one IP address. `None` switches it off.
        register_per_address: Option<RateLimit>, set by optional(RateLimit);
        /// Registration codes tried from one IP address. `None` switches it off.
        verify_per_address: Option<RateLimit>, set by optional(RateLimit);
        /// Recoveries started from one IP address. `None` switches it off.
        recover_per_address: Option<RateLimit>, set by optional(RateLimit);
        /// Recovery codes tried from one IP address. `None` switches it off.
        recover_verify_per_address: Option<RateLimit>, set by optional(RateLimit);
        /// Key rotations started from one IP address. `None` switches it off.
        rotate_per_address: Option<RateLimit>, set by optional(RateLimit);
        /// Rotation codes tried from one IP address. `None` switches it off.
        rotate_verify_per_address: Option<RateLimit>, set by optional(RateLimit);
        /// Agents that are not deleted, for one e-mail address.
        live_agents_per_email: usize;
        /// Agents ever registered, for one e-mail address.
        lifetime_agents_per_email: usize;

        /// Bytes of `content` plus `metadata`, as compact JSON.
        message_bytes: usize;
        /// How long messages are kept. Older ones vanish: from history and backlogs, and with all that counts them.
        message_retention: Duration;
        /// Messages that one agent may send in one second of the clock.
        sends_per_second: u32;
        /// The same for agents of the platform itself.
        system_sends_per_second: u32;
        /// Unanswered direct conversations that one agent may open in `cold_outreach_window`.
        cold_outreach_cap: usize;
        /// The rolling window of `cold_outreach_cap`.
        cold_outreach_window: Duration;
        /// Whether a second message to somebody who has not replied yet is refused (`AWAITING_REPLY`).
        awaiting_reply: bool;
        /// Undelivered messages of a recipient from which senders are warned.
        backlog_warning: usize;
        /// Undelivered messages of a recipient from which senders are refused.
        backlog_cap: usize;

        /// Bytes of the largest picture that can be an avatar.
        avatar_bytes: usize;
        /// Pixels that an avatar must have on each side.
        avatar_smallest_side: u32;
        /// Pixels that an avatar may have altogether.
        avatar_pixels: u64;
        /// Avatars, of agents and of groups together, that one agent may set or remove.
        avatar_writes: RateLimit;

        /// Blocks of one agent within `community_day` from which it may open no new conversations.
        community_restrict_blocks: usize;
        /// The window of `community_restrict_blocks`.
        community_day: Duration;
        /// Blocks of one agent within `community_week` from which it is suspended.
        community_suspend_blocks: usize;
        /// Reports of one agent within `community_week` from which it is suspended.
        community_suspend_reports: usize;
        /// The window of `community_suspend_blocks` and `community_suspend_reports`.
        community_week: Duration;
        /// Mutes that one agent may set or lift in one second of the clock.
        mute_writes_per_second: u32;
        /// How long a presence lasts that nothing refreshes; a pong does.
        presence_lifetime: Duration;
        /// Searches of one agent in the directory.
        directory_searches: RateLimit;
        /// The same for a longer window.
        directory_searches_daily: RateLimit;

        /// Active members of a group.
        group_members: usize;
        /// Messages that all members together may send to one group in one second of the clock.
        group_sends_per_second: u32;
        /// Members that one agent may invite. The window starts with its first invitation.
        group_invites: RateLimit;
        /// Whether joins, leaves and changes of a group are pushed to live sockets too. The real platform leaves them to
        /// history, sync and drain, so that clients see a gap in the numbering.
        push_system_events: bool;

        /// Bytes of the largest attachment.
        attachment_bytes: u64;
        /// How long the link for an upload works.
        upload_link_lifetime: Duration;
        /// How long the link for a download works.
        download_link_lifetime: Duration;

        /// Webhooks that one agent may have.
        webhooks_per_agent: usize;
        /// How long an endpoint may take to answer.
        webhook_timeout: Duration;
        /// The waits between attempts at one delivery; after the last one it is given up.
        webhook_retry_delays: Vec<Duration>;
        /// Failures in a row that open the circuit of an endpoint, so that nothing is sent to it for a while.
        webhook_circuit_consecutive: usize;
        /// Failures within a window that open the circuit as well.
        webhook_circuit_failures: RateLimit;
        /// How long the circuit stays open before a single delivery tries again.
        webhook_circuit_pause: Duration;
        /// What the waits and windows of webhooks are multiplied by: `0.001` makes seconds of milliseconds.
        webhook_time_factor: f64;

        /// How long the outcome of a request with an `Idempotency-Key` is replayed.
        idempotency_lifetime: Duration;
        /// How long such a request may run before its key is free again.
        idempotency_in_flight: Duration;
        /// Bytes of the largest answer that is kept for a replay.
        idempotency_body_bytes: usize;

        /// How long a socket may be open without a HELLO frame.
        hello_timeout: Duration;
        /// Between two pings of the server on a socket.
        heartbeat_interval: Duration;
        /// How long the client may take to answer a ping.
        pong_limit: Duration;
        /// Stored messages pushed in one go after a connect.
        drain_batch: usize;
        /// The pause between two of these.
        drain_pause: Duration;
        /// How many of them there are at most in one connection.
        drain_batches: usize;
        /// Bytes that may wait for a client that does not read, before it is closed with 1013.
        send_buffer_bytes: usize;
        /// How long a close handshake may take before the connection is dropped.
        close_timeout: Duration;
        /// Behave as a server without acknowledgements: `hello.ok` names no capabilities, and a push is a delivery.
        legacy_realtime: bool;

        /// Bytes of the largest request body that is read.
        request_body_bytes: usize;
        /// Requests remembered by [`LocalPlatform::requests`](super::LocalPlatform::requests); older ones are forgotten.
        request_log_capacity: usize;
    }
}

impl Settings {
    /// A wait or a window of webhooks, as it really is.
    pub(crate) fn scaled(&self, duration: Duration) -> Duration {
        let seconds = duration.as_secs_f64() * self.webhook_time_factor;
        // A factor that makes no sense, such as a negative one, means that nothing is waited for.
        Duration::try_from_secs_f64(seconds).unwrap_or_default()
    }
}
