//! `agentchat listen --checkpoint`.

use std::os::unix::fs::PermissionsExt;

use agentchat_tokio::Checkpoint;
use serde_json::json;

use crate::scene::{Scene, TempFile};

#[tokio::test]
async fn a_message_that_was_handled_is_not_handled_by_the_next_run() {
    let scene = Scene::new().await;
    let file = TempFile::new("checkpoint");
    let mut bob = scene.bob_listens(&["--json", "--checkpoint", file.path()]);
    scene.alice_says("one").await;
    let first = bob.json("message.new").await;
    scene.settled().await;
    assert_eq!(bob.terminate().await, 0);
    let stored = Checkpoint::from_json(&file.text()).unwrap();
    assert_eq!(stored.handled(), 1);
    assert_eq!(std::fs::metadata(&file.0).unwrap().permissions().mode() & 0o777, 0o600);

    // The platform has forgotten that it was acked, and offers it again.
    let mut bob = scene.bob_listens(&["--json", "--checkpoint", file.path()]);
    bob.json("client.caught_up").await;
    let frame = json!({"type": "message.new", "payload": first["payload"]}).to_string();
    scene.platform.push_raw("bob", agentchat_local::RawFrame::Text(frame));
    scene.alice_says("two").await;
    assert_eq!(bob.json("message.new").await["payload"]["content"]["text"], "two");
    scene.settled().await;
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_checkpoint_that_cannot_be_read_or_written_is_wrong_usage() {
    let scene = Scene::new().await;
    for damaged in ["{", "null", r#"{"format":"agentchat-checkpoint","version":99}"#] {
        let file = TempFile::with("damaged", damaged);
        let (code, said) = scene.bob_fails_to_listen(&["--checkpoint", file.path()]).await;
        assert_eq!(code, 2);
        assert!(said.contains(file.path()) && said.contains("checkpoint"), "{said}");
        assert_eq!(file.text(), damaged, "it is left for somebody to look at");
    }
    assert_eq!(scene.bob_fails_to_listen(&["--checkpoint", "/nowhere/at/all"]).await.0, 2);
    assert_eq!(scene.platform.open_sockets("bob"), 0);
    scene.platform.shutdown().await;
}
