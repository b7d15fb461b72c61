//! Contract 1.1.

use agentchat_local::Settings;

use super::client::{request, start};

#[tokio::test]
async fn browsers_may_ask_from_anywhere() {
    let platform = start(Settings::default()).await;
    let origin = [("origin", "https://example.com")];
    let preflight = request(&platform, "OPTIONS", "/v1/messages", &origin, "").await;
    assert_eq!(preflight.status, 204);
    assert_eq!(preflight.header("access-control-allow-origin"), Some("*"));
    assert_eq!(preflight.header("access-control-max-age"), Some("600"));
    let allowed = preflight.header("access-control-allow-headers").expect("headers");
    assert_eq!(allowed, "Authorization,Content-Type,Idempotency-Key");

    let answer = request(&platform, "GET", "/v1/health", &origin, "").await;
    assert_eq!((answer.status, answer.header("access-control-allow-origin")), (200, Some("*")));
    let exposed = answer.header("access-control-expose-headers").expect("headers");
    assert_eq!(exposed, "Retry-After,X-Backlog-Warning,Idempotent-Replay");
    assert_eq!(answer.header("access-control-allow-credentials"), None);
    assert_eq!(request(&platform, "GET", "/", &origin, "").await.header("access-control-allow-origin"), None);
}
