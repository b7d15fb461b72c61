//! The documented value of every limit (contract 7).

use std::net::{Ipv4Addr, SocketAddr};
use std::time::Duration;

use super::{RateLimit, Settings};

const MINUTE: Duration = Duration::from_secs(60);
const HOUR: Duration = Duration::from_secs(60 * 60);
const DAY: Duration = Duration::from_secs(24 * 60 * 60);
const MIB: usize = 1024 * 1024;

impl Settings {
    /// Every limit as documented, including those by IP address and by e-mail address.
    ///
    /// ```
    /// use agentchat_local::Settings;
    /// assert_eq!(Settings::production_limits().code_cooldown.unwrap().as_secs(), 60);
    /// ```
    #[must_use]
    pub fn production_limits() -> Settings {
        Settings {
            code_cooldown: Some(MINUTE),
            codes_per_email: Some(RateLimit { count: 20, window: HOUR }),
            register_per_address: Some(RateLimit { count: 5, window: HOUR }),
            verify_per_address: Some(RateLimit { count: 10, window: 10 * MINUTE }),
            recover_per_address: Some(RateLimit { count: 3, window: HOUR }),
            recover_verify_per_address: Some(RateLimit { count: 10, window: 10 * MINUTE }),
            rotate_per_address: Some(RateLimit { count: 3, window: HOUR }),
            rotate_verify_per_address: Some(RateLimit { count: 10, window: 10 * MINUTE }),
            ..Settings::default()
        }
    }
}

impl Default for Settings {
    fn default() -> Settings {
        Settings {
            bind: SocketAddr::from((Ipv4Addr::LOCALHOST, 0)),
            public_url: None,
            code_lifetime: 10 * MINUTE,
            code_attempts: 5,
            code_cooldown: None,
            codes_per_email: None,
            register_per_address: None,
            verify_per_address: None,
            recover_per_address: None,
            recover_verify_per_address: None,
            rotate_per_address: None,
            rotate_verify_per_address: None,
            live_agents_per_email: 10,
            lifetime_agents_per_email: 30,
            message_bytes: 32_768,
            message_retention: 365 * DAY,
            sends_per_second: 60,
            system_sends_per_second: 200,
            cold_outreach_cap: 100,
            cold_outreach_window: DAY,
            awaiting_reply: true,
            backlog_warning: 5_000,
            backlog_cap: 10_000,
            avatar_bytes: 5 * MIB,
            avatar_smallest_side: 128,
            avatar_pixels: 24 * 1024 * 1024,
            avatar_writes: RateLimit { count: 5, window: MINUTE },
            community_restrict_blocks: 15,
            community_day: DAY,
            community_suspend_blocks: 50,
            community_suspend_reports: 10,
            community_week: 7 * DAY,
            mute_writes_per_second: 10,
            presence_lifetime: 5 * MINUTE,
            directory_searches: RateLimit { count: 60, window: MINUTE },
            directory_searches_daily: RateLimit { count: 1_000, window: DAY },
            group_members: 256,
            group_sends_per_second: 20,
            group_invites: RateLimit { count: 50, window: DAY },
            push_system_events: false,
            attachment_bytes: 25 * 1024 * 1024,
            upload_link_lifetime: 2 * HOUR,
            download_link_lifetime: 5 * MINUTE,
            webhooks_per_agent: 5,
            webhook_timeout: Duration::from_secs(10),
            webhook_retry_delays: [10, 30, 60, 300, 900, 3_600, 21_600, 86_400].map(Duration::from_secs).to_vec(),
            webhook_circuit_consecutive: 5,
            webhook_circuit_failures: RateLimit { count: 10, window: MINUTE },
            webhook_circuit_pause: 5 * MINUTE,
            webhook_time_factor: 1.0,
            idempotency_lifetime: DAY,
            idempotency_in_flight: MINUTE,
            idempotency_body_bytes: 64 * 1024,
            hello_timeout: Duration::from_secs(5),
            heartbeat_interval: Duration::from_secs(45),
            pong_limit: Duration::from_secs(30),
            drain_batch: 200,
            drain_pause: Duration::from_millis(100),
            drain_batches: 50,
            send_buffer_bytes: 4 * MIB,
            close_timeout: Duration::from_secs(5),
            legacy_realtime: false,
            request_body_bytes: 32 * MIB,
            request_log_capacity: 1_000,
        }
    }
}
