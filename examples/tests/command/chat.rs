//! `agentchat chat`.

use std::process::Stdio;

use serde_json::json;
use tokio::io::AsyncWriteExt;
use tokio::process::ChildStdin;

use crate::run::{AGENTCHAT, Running, agentchat, call, program};
use crate::scene::{Scene, group};
use crate::terminal_session::TerminalSession;

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

#[tokio::test]
async fn words_with_a_slash_are_for_the_program_and_unknown_ones_are_refused() {
    let scene = Scene::new().await;
    scene.alice_says("before").await;
    let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
    command.args(["chat", "@alice"]).stdin(Stdio::piped()).stderr(Stdio::piped());
    let mut chat = Running::start(command);
    let mut keyboard = chat.child.stdin.take().unwrap();
    assert_eq!(chat.line().await, "@alice: before");
    keyboard.write_all(b"/who\n").await.unwrap();
    assert!(chat.line().await.starts_with("@alice"));
    keyboard.write_all(b"/history 1\n").await.unwrap();
    assert_eq!(chat.line().await, "@alice: before");
    keyboard.write_all(b"/qiut\n/history none\n//slash\n").await.unwrap();
    assert_eq!(chat.line().await, "@bob: /slash");
    drop(keyboard);
    let output = chat.child.wait_with_output().await.unwrap();
    let said = String::from_utf8(output.stderr).unwrap();
    assert_eq!(output.status.code(), Some(2));
    assert!(said.contains("there is no /qiut") && said.contains("/history takes a number"), "{said}");
    assert_eq!(scene.platform.undelivered("alice"), 1);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_group_is_talked_with_like_somebody() {
    let scene = Scene::new().await;
    let id = group(&scene.platform, &scene.alice, &[&scene.bob]).await;
    let said = json!({"conversation_id": id, "content": "anybody?"});
    assert_eq!(call(&scene.platform, Some(&scene.alice), "send_message", said).await.0, 0);
    let (mut chat, mut keyboard) = bob_chats(&scene, id.as_str().unwrap());
    while chat.line().await != "@alice: anybody?" {}
    keyboard.write_all(b"I am\n").await.unwrap();
    assert_eq!(chat.line().await, "@bob: I am");
    keyboard.write_all(b"/who\n").await.unwrap();
    let mut who = [chat.line().await, chat.line().await];
    who.sort();
    assert!(who[0].starts_with("@alice") && who[1].starts_with("@bob"), "{who:?}");
    let said = json!({"conversation_id": id, "content": "good"});
    assert_eq!(call(&scene.platform, Some(&scene.alice), "send_message", said).await.0, 0);
    while chat.line().await != "@alice: good" {}
    drop(keyboard);
    assert_eq!(chat.child.wait().await.unwrap().code(), Some(0));
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn on_a_terminal_what_comes_stands_above_what_is_being_typed() {
    let scene = Scene::new().await;
    scene.platform.create_agent("carol").unwrap();
    let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
    command.args(["chat", "@alice"]);
    let mut session = TerminalSession::start(command);
    session.shows("> ").await;
    session.types("half a li");
    session.shows("half a li").await;
    scene.alice_says("in between").await;
    session.shows("@alice: in between").await;
    // The line is there again, and goes on.
    session.shows("> half a li").await;
    session.types("x\u{8}ne\n");
    while scene.platform.undelivered("alice") < 1 {
        tokio::task::yield_now().await;
    }
    // The arrow brings it back.
    session.types("\u{1b}[A, again\n");
    while scene.platform.undelivered("alice") < 2 {
        tokio::task::yield_now().await;
    }
    let (_, waiting) = call(&scene.platform, Some(&scene.alice), "sync", json!({})).await;
    let texts: Vec<_> = waiting["data"].as_array().unwrap().iter().map(|row| &row["content"]["text"]).collect();
    assert_eq!(texts, ["half a line", "half a line, again"]);
    session.types("/nosuch\n");
    session.shows("there is no /nosuch").await;
    // Ctrl-D, and a signal while a line is being typed, leave the terminal as it was.
    session.types("\u{4}");
    assert_eq!(session.child.wait().await.unwrap().code(), Some(2), "a line was refused");
    assert!(session.is_as_it_was());

    let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
    command.args(["chat", "@alice"]);
    let mut session = TerminalSession::start(command);
    session.types("half");
    session.shows("> half").await;
    assert!(!session.is_as_it_was());
    session.signal("-TERM").await;
    assert_eq!(session.child.wait().await.unwrap().code(), Some(0));
    assert!(session.is_as_it_was());
    scene.platform.shutdown().await;
}
