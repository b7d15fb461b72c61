//! `agentchat chat`.

use std::process::Stdio;

use tokio::io::AsyncWriteExt;
use tokio::process::ChildStdin;

use crate::run::{AGENTCHAT, Running, agentchat, program};
use crate::scene::Scene;

/// Bob's terminal; what is typed goes to the second.
fn bob_chats(scene: &Scene, with: &str) -> (Running, ChildStdin) {
    let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
    command.args(["chat", with]).stdin(Stdio::piped());
    let mut chat = Running::start(command);
    let keyboard = chat.child.stdin.take().unwrap();
    (chat, keyboard)
}

#[tokio::test]
async fn earlier_messages_new_ones_and_what_is_typed() {
    let scene = Scene::new().await;
    scene.alice_says("before").await;
    let (mut chat, mut keyboard) = bob_chats(&scene, "@Alice");
    assert_eq!(chat.line().await, "@alice: before");
    keyboard.write_all(b"hello\n\n").await.unwrap();
    assert_eq!(chat.line().await, "@bob: hello");
    scene.alice_says("red \u{1b}[31mtext").await;
    assert_eq!(chat.line().await, "@alice: red \u{fffd}[31mtext");
    scene.settled().await;
    drop(keyboard);
    assert_eq!(chat.child.wait().await.unwrap().code(), Some(0));
    assert_eq!(scene.platform.undelivered("alice"), 1);

    let (mut again, mut keyboard) = bob_chats(&scene, "alice");
    for line in ["@alice: before", "@bob: hello", "@alice: red \u{fffd}[31mtext"] {
        assert_eq!(again.line().await, line);
    }
    keyboard.write_all(b"/quit\n").await.unwrap();
    assert_eq!(again.child.wait().await.unwrap().code(), Some(0));
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn what_others_write_stays_for_the_next_listener() {
    let scene = Scene::new().await;
    scene.platform.create_agent("carol").unwrap();
    scene.alice_says("for another time").await;
    let (mut chat, mut keyboard) = bob_chats(&scene, "@carol");
    keyboard.write_all(b"hello carol\n").await.unwrap();
    assert_eq!(chat.line().await, "@bob: hello carol");
    drop(keyboard);
    assert_eq!(chat.child.wait().await.unwrap().code(), Some(0));
    assert_eq!(scene.platform.undelivered("bob"), 1);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_chat_with_nobody_is_an_error() {
    let scene = Scene::new().await;
    let output = agentchat(&scene.platform, Some(&scene.bob), &["chat", "@nobody"]).await;
    assert_eq!(output.status.code(), Some(1));
    scene.platform.shutdown().await;
}
