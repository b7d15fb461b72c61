//! Pictures of agents (wire contract section 2.2).

use std::time::Duration;

use agentchat_conformance::server::Settings;

use super::client::{agent, request, start};

/// The beginning of a PNG of this size.
pub(crate) fn png(width: u32, height: u32) -> Vec<u8> {
    let (width, height) = (width.to_be_bytes(), height.to_be_bytes());
    [b"\x89PNG\r\n\x1a\n\0\0\0\x0dIHDR".as_slice(), &width, &height, b"\x08\x02\0\0\0"].concat()
}

#[tokio::test]
async fn a_picture_has_an_address_that_follows_from_its_contents() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let first = alice.put("/v1/agents/@alice/avatar", png(128, 300)).await.ok(200);
    let key = first["avatar_key"].as_str().expect("a key");
    assert!(key.len() == 16 + 1 + 32 + 4 && key.as_bytes()[16] == b'/', "{key}");
    assert_eq!(alice.put("/v1/agents/alice/avatar", png(128, 300)).await.ok(200), first);
    let second = alice.put("/v1/agents/alice/avatar", png(128, 301)).await.ok(200);
    assert_ne!(second, first);

    assert_eq!(alice.get("/v1/agents/me").await.ok(200)["avatar_url"], second["avatar_url"]);
    assert_eq!(alice.get("/v1/agents/alice").await.ok(200)["avatar_url"], second["avatar_url"]);
    let url = second["avatar_url"].as_str().expect("a URL");
    let path = url.strip_prefix(&platform.base_url()).expect("a URL of this platform");
    let picture = request(&platform, "GET", path, &[], "").await;
    assert_eq!((picture.status, picture.header("content-type")), (200, Some("image/png")));
    assert_eq!(picture.body, png(128, 301));

    assert_eq!(alice.delete("/v1/agents/alice/avatar").await.ok(200)["ok"], true);
    assert_eq!(alice.get("/v1/agents/me").await.ok(200)["avatar_url"], serde_json::Value::Null);
    alice.delete("/v1/agents/alice/avatar").await.refused(404, "NOT_FOUND");
}

#[tokio::test]
async fn other_bytes_are_refused() {
    let platform = start(Settings { avatar_bytes: 100, ..Settings::default() }).await;
    let alice = agent(&platform, "alice");
    alice.put("/v1/agents/bob/avatar", png(128, 128)).await.refused(403, "FORBIDDEN");
    let unreadable = &png(128, 128)[..12];
    let refusals: [(&[u8], u16, &str); 6] = [
        (b"", 400, "EMPTY_BODY"),
        (&[0; 101], 413, "PAYLOAD_TOO_LARGE"),
        (b"BM", 400, "UNSUPPORTED_FORMAT"),
        (unreadable, 400, "DECODE_FAILED"),
        (&png(100_000, 100_000), 400, "DECODE_FAILED"),
        (&png(127, 500), 400, "IMAGE_TOO_SMALL"),
    ];
    for (bytes, status, code) in refusals {
        alice.put("/v1/agents/alice/avatar", bytes).await.refused(status, code);
        platform.clock().advance(Duration::from_secs(60));
    }
}

#[tokio::test]
async fn changes_are_counted_by_the_minute() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    // Five changes can fall into two minutes; ten cannot.
    let mut limited = None;
    for size in 128..138 {
        let reply = alice.put("/v1/agents/alice/avatar", png(size, size)).await;
        if reply.status != 200 {
            limited = Some(reply);
        }
    }
    let limited = limited.expect("a refusal");
    assert!(limited.refused(429, "RATE_LIMITED")["retry_after_ms"].is_u64());
    assert!(limited.header("retry-after").is_some());
    alice.delete("/v1/agents/alice/avatar").await.refused(429, "RATE_LIMITED");
    platform.clock().advance(Duration::from_secs(60));
    alice.delete("/v1/agents/alice/avatar").await.ok(200);
}
