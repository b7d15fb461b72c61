//! `agentchat listen --record` and `agentchat replay`.

use std::os::unix::fs::PermissionsExt;
use std::path::Path;
use std::process::Stdio;

use tokio::io::AsyncReadExt;

use crate::run::{Running, agentchat};
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

/// A file may have 4 KiB, as if the disk were full then.
#[tokio::test]
async fn a_recording_that_finds_no_room_is_reported_once_and_holds_up_nothing() {
    let scene = Scene::new().await;
    let file = TempFile::new("recording-without-room");
    let mut listen = scene.bob_listens_after("ulimit -f 8", &["--json", "--record", file.path()]);
    listen.stderr(Stdio::piped());
    let mut bob = Running::start(listen);
    for text in ["x".repeat(8 * 1024), "two".to_owned(), "three".to_owned()] {
        scene.alice_says(&text).await;
        assert_eq!(bob.json("message.new").await["payload"]["content"]["text"], text);
    }
    scene.settled().await;
    let mut stderr = bob.child.stderr.take().unwrap();
    assert_eq!(bob.terminate().await, 0);
    let mut said = String::new();
    stderr.read_to_string(&mut said).await.unwrap();
    assert!(
        said.starts_with(&format!("agentchat: the recording {} ends early: File too large", file.path())),
        "{said}"
    );
    assert_eq!(said.lines().count(), 1, "{said}");
    // What is there is of use.
    let (code, said) = replay(&scene, file.path()).await;
    assert!(code == 0 && said.contains("breaks off"), "{code} {said}");
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

/// Records a session in which nothing is said.
async fn record(scene: &Scene, path: &str) {
    let mut bob = scene.bob_listens(&["--json", "--record", path]);
    bob.json("client.caught_up").await;
    assert_eq!(bob.terminate().await, 0);
}

#[tokio::test]
async fn zeros_are_no_end_that_breaks_off() {
    let scene = Scene::new().await;
    let file = TempFile::new("zeros");
    record(&scene, file.path()).await;
    assert_eq!(replay(&scene, file.path()).await.0, 0);
    // A gigabyte of them behind what was recorded, as a disk that lost power may leave them.
    let recording = std::fs::File::options().write(true).open(&file.0).unwrap();
    recording.set_len(1 << 30).unwrap();
    assert_eq!(replay(&scene, file.path()).await, (2, String::new()));
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_recording_that_is_there_is_kept_and_no_longer_readable_for_others() {
    let scene = Scene::new().await;
    let folder = tempfile::tempdir().unwrap();
    let [file, first, second] = ["s.jsonl", "s.jsonl.1", "s.jsonl.2"].map(|name| folder.path().join(name));
    let mode = |path: &Path| std::fs::metadata(path).unwrap().permissions().mode() & 0o777;
    std::fs::write(&file, "the only record of a rare fault\n").unwrap();
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o644)).unwrap();
    for _ in 0..2 {
        record(&scene, file.to_str().unwrap()).await;
    }
    assert_eq!(std::fs::read_to_string(&first).unwrap(), "the only record of a rare fault\n");
    for recording in [&second, &file] {
        assert_eq!(replay(&scene, recording.to_str().unwrap()).await.0, 0);
    }
    assert_eq!([&file, &first, &second].map(|path| mode(path)), [0o600; 3]);
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);

    // An empty file is used as it is, and a device for what it is.
    std::fs::write(&file, "").unwrap();
    std::fs::set_permissions(&file, PermissionsExt::from_mode(0o666)).unwrap();
    for path in [file.to_str().unwrap(), "/dev/null"] {
        record(&scene, path).await;
    }
    assert_eq!((mode(&file), replay(&scene, file.to_str().unwrap()).await.0), (0o600, 0));
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 3);
    scene.platform.shutdown().await;
}
