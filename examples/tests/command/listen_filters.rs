//! `listen --from` and `--only`: what is handled and printed.

use agentchat_local::RawFrame;
use serde_json::{Value, json};

use crate::run::call;
use crate::scene::Scene;

#[tokio::test]
async fn only_what_was_asked_for_is_printed_and_all_of_it_is_acked() {
    let scene = Scene::new().await;
    let carol = scene.platform.create_agent("carol").unwrap().api_key;
    scene.alice_says("one").await;
    let said = json!({"to": "bob", "content": "from somebody else"});
    assert_eq!(call(&scene.platform, Some(&carol), "send_message", said).await.0, 0);
    let said = json!({"to": "bob", "content": {"data": {"n": 1}}, "type": "structured"});
    assert_eq!(call(&scene.platform, Some(&scene.alice), "send_message", said).await.0, 0);
    scene.alice_says("two").await;

    let arguments = ["--json", "--from", "@Alice", "--only", "text,client.caught_up", "--count", "2"];
    let mut bob = scene.bob_listens(&arguments);
    let mut lines = bob.lines();
    let mut printed = Vec::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        printed.push(serde_json::from_str::<Value>(&line).unwrap());
    }
    assert_eq!(bob.child.wait().await.unwrap().code(), Some(0));
    let texts: Vec<_> = printed.iter().filter_map(|line| line["payload"]["content"]["text"].as_str()).collect();
    assert_eq!(texts, ["one", "two"]);
    let others = printed.iter().filter(|line| line["type"] != "message.new");
    assert!(others.clone().all(|line| line["type"] == "client.caught_up"), "{printed:?}");
    assert_eq!(scene.platform.undelivered("bob"), 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn events_are_chosen_by_the_type_of_their_line() {
    let scene = Scene::new().await;
    let mut bob = scene.bob_listens(&["--json", "--only", "odd.event"]);
    while scene.platform.open_sockets("bob") == 0 {
        tokio::task::yield_now().await;
    }
    scene.alice_says("not printed").await;
    scene.settled().await;
    for kind in ["other.event", "odd.event"] {
        scene.platform.push_raw("bob", RawFrame::Text(json!({"type": kind, "payload": {}}).to_string()));
    }
    let line: Value = serde_json::from_str(&bob.line().await).unwrap();
    assert_eq!(line["type"], "odd.event");
    assert_eq!(bob.terminate().await, 0);

    for wrong in ["txet", "text,", "Message.New", "a.b.c"] {
        let (code, said) = scene.bob_fails_to_listen(&["--only", wrong]).await;
        assert!(code == 2 && said.contains("--only has no type"), "{wrong}: {said}");
    }
    scene.platform.shutdown().await;
}
