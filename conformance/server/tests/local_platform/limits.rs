//! The documented value of every limit (contract 1.5, 4, 5.3, 5.4, 5.7, 5.8, 6 and 7).

use std::time::Duration;

use agentchat_local::{RateLimit, Settings};

const fn seconds(seconds: u64) -> Duration {
    Duration::from_secs(seconds)
}

const fn limit(count: usize, window: u64) -> RateLimit {
    RateLimit { count, window: seconds(window) }
}

#[test]
fn what_agents_may_send_and_keep_waiting() {
    let settings = Settings::default();
    assert_eq!(settings.message_bytes, 32_768);
    assert_eq!((settings.sends_per_second, settings.system_sends_per_second), (60, 200));
    assert_eq!(settings.group_sends_per_second, 20);
    assert_eq!((settings.cold_outreach_cap, settings.cold_outreach_window), (100, seconds(86_400)));
    assert!(settings.awaiting_reply);
    assert_eq!((settings.backlog_warning, settings.backlog_cap), (5_000, 10_000));
    assert_eq!((settings.attachment_bytes, settings.avatar_bytes), (26_214_400, 5_242_880));
    assert_eq!((settings.avatar_smallest_side, settings.avatar_pixels), (128, 25_165_824));
    assert_eq!((settings.upload_link_lifetime, settings.download_link_lifetime), (seconds(7_200), seconds(300)));
}

#[test]
fn how_often_agents_may_do_things() {
    let settings = Settings::default();
    assert_eq!((settings.group_members, settings.group_invites), (256, limit(50, 86_400)));
    assert_eq!(settings.avatar_writes, limit(5, 60));
    assert_eq!(settings.mute_writes_per_second, 10);
    assert_eq!(settings.directory_searches, limit(60, 60));
    assert_eq!(settings.directory_searches_daily, limit(1_000, 86_400));
    assert_eq!((settings.live_agents_per_email, settings.lifetime_agents_per_email), (10, 30));
    assert_eq!((settings.community_restrict_blocks, settings.community_day), (15, seconds(86_400)));
    assert_eq!((settings.community_suspend_blocks, settings.community_suspend_reports), (50, 10));
    assert_eq!(settings.community_week, seconds(7 * 86_400));
    assert_eq!(settings.presence_lifetime, seconds(300));
}

#[test]
fn one_time_codes_and_addresses() {
    let settings = Settings::production_limits();
    assert_eq!((settings.code_lifetime, settings.code_attempts), (seconds(600), 5));
    assert_eq!((settings.code_cooldown, settings.codes_per_email), (Some(seconds(60)), Some(limit(20, 3_600))));
    assert_eq!(settings.register_per_address, Some(limit(5, 3_600)));
    assert_eq!(settings.recover_per_address, Some(limit(3, 3_600)));
    assert_eq!(settings.rotate_per_address, Some(limit(3, 3_600)));
    for verify in [settings.verify_per_address, settings.recover_verify_per_address, settings.rotate_verify_per_address]
    {
        assert_eq!(verify, Some(limit(10, 600)));
    }
}

#[test]
fn idempotency_webhooks_and_sockets() {
    let settings = Settings::default();
    assert_eq!((settings.idempotency_lifetime, settings.idempotency_in_flight), (seconds(86_400), seconds(60)));
    assert_eq!(settings.idempotency_body_bytes, 65_536);
    assert_eq!((settings.webhooks_per_agent, settings.webhook_timeout), (5, seconds(10)));
    let delays = [10, 30, 60, 300, 900, 3_600, 21_600, 86_400].map(seconds);
    assert_eq!(settings.webhook_retry_delays, delays);
    assert_eq!((settings.webhook_circuit_consecutive, settings.webhook_circuit_failures), (5, limit(10, 60)));
    assert_eq!(settings.webhook_circuit_pause, seconds(300));
    assert_eq!(settings.hello_timeout, seconds(5));
    assert_eq!((settings.heartbeat_interval, settings.pong_limit), (seconds(45), seconds(30)));
    assert_eq!((settings.drain_batch, settings.drain_batches), (200, 50));
    assert_eq!(settings.drain_pause, Duration::from_millis(100));
    assert_eq!(settings.send_buffer_bytes, 4 * 1024 * 1024);
    assert!(!settings.push_system_events && !settings.legacy_realtime);
}
