//! `agentchat listen --record` and `agentchat replay`.

use crate::run::agentchat;
use crate::scene::{Scene, TempFile};

async fn replay(scene: &Scene, path: &str) -> (i32, String) {
    let output = agentchat(&scene.platform, None, &["replay", path]).await;
    (output.status.code().unwrap(), String::from_utf8(output.stdout).unwrap())
}

#[tokio::test]
async fn a_session_is_recorded_without_secrets_and_replays() {
    let scene = Scene::new().await;
    let file = TempFile::new("recording");
    scene.alice_says("before").await;
    let mut bob = scene.bob_listens(&["--json", "--record", file.path()]);
    bob.json("message.new").await;
    scene.platform.cut_sockets("bob");
    scene.alice_says("after").await;
    bob.json("message.new").await;
    scene.settled().await;
    assert_eq!(bob.terminate().await, 0);
    let recording = file.text();
    assert!(!recording.contains(&scene.bob) && recording.contains("after"), "{recording}");
    assert!(recording.trim_end().ends_with(r#"{"out":"finished"}"#), "to the end");

    let (code, said) = replay(&scene, file.path()).await;
    assert!(code == 0 && said.starts_with("no difference"), "{code} {said}");
    std::fs::write(&file.0, &recording[..recording.len() - 5]).unwrap();
    let (code, said) = replay(&scene, file.path()).await;
    assert!(code == 0 && said.contains("breaks off"), "{code} {said}");
    std::fs::write(&file.0, recording.replacen("\"ack_mode\":true", "\"ack_mode\":false", 1)).unwrap();
    let (code, said) = replay(&scene, file.path()).await;
    let lines: Vec<_> = said.lines().collect();
    assert!(code == 1 && lines.len() == 3 && lines[0].starts_with("line ") && lines[0].ends_with(" differs"), "{said}");
    assert!(lines[1].contains("\"ack_mode\":false") && lines[2].contains("\"ack_mode\":true"), "{said}");
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn what_cannot_be_replayed_or_recorded_is_wrong_usage() {
    let scene = Scene::new().await;
    for content in ["", "hello\n", "{\"agentchat_recording\":99}\n", "\u{0}\u{1}"] {
        let file = TempFile::with("no-recording", content);
        let (code, said) = replay(&scene, file.path()).await;
        assert_eq!((code, said.as_str()), (2, ""), "{content:?}");
    }
    assert_eq!(replay(&scene, "/nowhere").await.0, 2);
    assert_eq!(scene.bob_fails_to_listen(&["--record", "/nowhere/at/all"]).await.0, 2);
    scene.platform.shutdown().await;
}
