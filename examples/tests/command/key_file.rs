//! `listen` follows its key file: a rotated key costs neither a message nor the process.

use std::time::Duration;

use tokio::time::sleep;

use crate::run::{AGENTCHAT, Running, program};
use crate::scene::{Scene, TempFile};

fn listens(scene: &Scene, file: &TempFile) -> Running {
    let mut command = program(AGENTCHAT, &scene.platform, None);
    command.args(["listen", "--json", "--reconnect-base-ms", "10", "--api-key-file", file.path()]);
    Running::start(command)
}

#[tokio::test]
async fn a_rotated_key_costs_no_message_and_no_restart() {
    let scene = Scene::new().await;
    let file = TempFile::with("key-file-rotated", &scene.bob);
    let mut listening = listens(&scene, &file);
    listening.json("client.caught_up").await;
    let mut key = scene.bob.clone();
    for turn in 0..3 {
        scene.alice_says(&format!("before {turn}")).await;
        assert_eq!(listening.json("message.new").await["payload"]["content"]["text"], format!("before {turn}"));
        scene.settled().await;
        key = scene.bob_rotates(&key).await;
        listening.json("client.disconnected").await;
        // Written a moment later, and not at once whole.
        scene.alice_says(&format!("meanwhile {turn}")).await;
        std::fs::write(&file.0, &key[..key.len() / 2]).unwrap();
        sleep(Duration::from_millis(150)).await;
        std::fs::write(&file.0, &key).unwrap();
        assert_eq!(listening.json("message.new").await["payload"]["content"]["text"], format!("meanwhile {turn}"));
    }
    scene.settled().await;

    // The new key is claimed, and the old one is not any more.
    let mut second = program(AGENTCHAT, &scene.platform, Some(&key));
    let second = second.args(["listen"]).output().await.unwrap();
    assert_eq!(second.status.code(), Some(2));
    assert!(String::from_utf8_lossy(&second.stderr).contains("another process"), "{second:?}");
    // So that a listener with the old one learns from the platform what is wrong with it.
    let (code, said) = scene.bob_fails_to_listen(&[]).await;
    assert_eq!(code, 4, "{said}");
    assert_eq!(listening.terminate().await, 0);
}

#[tokio::test]
async fn a_file_that_keeps_a_refused_key_is_waited_for_and_then_it_ends() {
    let scene = Scene::new().await;
    let file = TempFile::with("key-file-refused", "ac_this_key_is_known_to_nobody_at_all");
    let mut listening = listens(&scene, &file);
    // Its own call is refused as well, before or after.
    let mut said = Vec::new();
    while !said.iter().any(|message: &String| message.contains("ended the session") && !message.contains("waiting")) {
        said.push(listening.json("client.error").await["message"].as_str().unwrap().to_owned());
    }
    let waits = said.iter().filter(|message| message.contains("waiting 5 s for another key")).count();
    assert_eq!(waits, 1, "{said:?}");
    assert_eq!(listening.child.wait().await.unwrap().code(), Some(4));
}

/// A key that another process listens with ends this one, and what is in flight is finished first.
#[tokio::test]
async fn a_new_key_that_another_process_has_ends_it_in_order() {
    let scene = Scene::new().await;
    let file = TempFile::with("key-file-taken", &scene.bob);
    let mut first = listens(&scene, &file);
    first.json("client.caught_up").await;
    let key = scene.bob_rotates(&scene.bob).await;
    let taken = TempFile::with("key-file-of-another", &key);
    let mut second = listens(&scene, &taken);
    second.json("client.caught_up").await;
    std::fs::write(&file.0, &key).unwrap();
    let code = first.child.wait().await.unwrap().code();
    assert_eq!(code, Some(2), "another process listens with it");
    assert_eq!(second.terminate().await, 0);
}
