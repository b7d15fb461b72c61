//! What happens in a group, and `agentchat listen`: printed always, given to a handler with `--system`.

use serde_json::json;

use crate::run::call;
use crate::scene::{Scene, TempFile, accept_invites, group};

#[tokio::test]
async fn a_handler_is_given_group_events_if_it_asks_for_them() {
    let scene = Scene::new().await;
    let conversation = group(&scene.platform, &scene.alice, &[&scene.bob]).await;
    for (number, arguments, noted) in [(0, &[][..], 0), (1, &["--system"], 1)] {
        let carol = scene.platform.create_agent(&format!("carol-{number}")).unwrap().api_key;
        let invited = json!({"group_id": conversation, "handle": format!("carol-{number}")});
        assert_eq!(call(&scene.platform, Some(&scene.alice), "add_group_member", invited).await.0, 0);
        accept_invites(&scene.platform, &carol).await;
        let file = TempFile::new(&format!("group-events-{number}"));
        let script = format!("cat >> {}", file.path());
        let mut bob = scene.bob_listens(&[&["--json", "--exec", &script], arguments].concat());
        let event = bob.json("message.new").await;
        assert_eq!(event["payload"]["content"]["data"]["event"], "member_joined", "printed, and so acked");
        scene.settled().await;
        assert_eq!(bob.terminate().await, 0);
        let given = std::fs::read_to_string(&file.0).unwrap_or_default();
        assert_eq!(given.lines().count(), noted, "{given}");
    }
    scene.platform.shutdown().await;
}
