//! Which process replies, and what wakes the agent (contract 2.12).

use agentchat_tokio::engine::rest::{ClaimReply, ClaimReplyBatch, ClearReplyActive, SetReplyActive};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpListener;

use super::world::World;

pub(crate) async fn story(world: &World) {
    let odile = world.agent("odile");
    odile.set_reply_active(SetReplyActive::new().session_id("turn-1").ttl_seconds(60_u64)).await.expect("leased");
    assert!(odile.get_reply_active().await.expect("an answer").active);
    let deferred =
        odile.claim_reply(ClaimReply::new("msg_1", "daemon").defer_if_active(true)).await.expect("an answer");
    assert_eq!((deferred.claimed, deferred.deferred), (false, Some(true)));
    odile.clear_reply_active(ClearReplyActive::new().session_id("turn-1")).await.expect("released");
    assert!(!odile.get_reply_active().await.expect("an answer").active);

    let claimed = odile.claim_reply(ClaimReply::new("msg_1", "daemon").defer_if_active(true)).await.expect("an answer");
    assert_eq!((claimed.claimed, claimed.deferred), (true, None));
    let batch = ClaimReplyBatch::new(["msg_0", "msg_1", "msg_2"], "session");
    assert_eq!(odile.claim_reply_batch(batch).await.expect("an answer").claimed_count, 1);

    let url = answering().await;
    let set = odile.set_wake_webhook(url.as_str(), "hush").await.expect("the challenge is answered");
    assert_eq!(set.state.as_deref(), Some("active"));
    assert_eq!(world.platform.wake_webhook("odile"), Some(url));
    odile.delete_wake_webhook().await.expect("ended");
    assert_eq!(world.platform.wake_webhook("odile"), None);
}

/// A URL that answers one request with success.
async fn answering() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let url = format!("http://{}/wake", listener.local_addr().expect("an address"));
    tokio::spawn(async move {
        let (mut stream, _) = listener.accept().await.expect("a connection");
        let mut read = [0; 4096];
        assert!(stream.read(&mut read).await.expect("a request") > 0);
        stream.write_all(b"HTTP/1.1 204 No Content\r\n\r\n").await.expect("answered");
    });
    url
}
