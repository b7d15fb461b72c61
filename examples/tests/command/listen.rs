//! `agentchat listen`.

use agentchat_local::RawFrame;
use serde_json::json;

use crate::run::{AGENTCHAT, call, program};
use crate::scene::{Scene, TempFile};

#[tokio::test]
async fn what_waited_and_what_comes_is_printed_and_acked() {
    let scene = Scene::new().await;
    scene.alice_says("before").await;
    let mut bob = scene.bob_listens(&["--json"]);
    bob.json("client.connected").await;
    assert_eq!(bob.json("message.new").await["payload"]["content"]["text"], "before");
    scene.alice_says("after").await;
    let message = bob.json("message.new").await;
    assert_eq!((&message["payload"]["sender"], &message["payload"]["seq"]), (&json!("alice"), &json!(2)));
    scene.settled().await;
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_cut_socket_is_reported_and_replaced() {
    let scene = Scene::new().await;
    let mut bob = scene.bob_listens(&["--json"]);
    bob.json("client.caught_up").await;
    scene.platform.push_raw("bob", RawFrame::Text("not json".into()));
    bob.json("client.error").await;
    assert_eq!(scene.platform.cut_sockets("bob"), 1);
    let lost = bob.json("client.disconnected").await;
    assert!(lost["retry_in_ms"].is_u64() && lost["code"] == 1006, "{lost}");
    scene.alice_says("meanwhile").await;
    assert_eq!(bob.json("message.new").await["payload"]["content"]["text"], "meanwhile");
    scene.settled().await;
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_terminal_close_ends_with_its_own_exit_code() {
    let scene = Scene::new().await;
    let mut bob = scene.bob_listens(&["--json"]);
    bob.json("client.caught_up").await;
    scene.platform.close_sockets("bob", 1008, "API key rotated");
    let lost = bob.json("client.disconnected").await;
    assert_eq!((&lost["code"], &lost["reason"]), (&json!(1008), &json!("API key rotated")));
    assert_eq!(bob.child.wait().await.unwrap().code(), Some(4));
    let mut wrong = program(AGENTCHAT, &scene.platform, Some("ac_wrong"));
    assert_eq!(wrong.args(["listen"]).output().await.unwrap().status.code(), Some(4));
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_command_handles_each_message_in_order_and_a_failed_one_comes_again() {
    let scene = Scene::new().await;
    let file = std::env::temp_dir().join(format!("agentchat-exec-{}", std::process::id()));
    let _ = std::fs::remove_file(&file);
    // Fails once, at the first message; then notes what it is given.
    let script = format!("if [ ! -e {0} ]; then : > {0}; exit 1; fi; cat >> {0}", file.display());
    for text in ["one", "two", "three"] {
        scene.alice_says(text).await;
    }
    let mut bob = scene.bob_listens(&["--json", "--exec", &script]);
    for text in ["one", "two", "three"] {
        assert_eq!(bob.json("message.new").await["payload"]["content"]["text"], text);
    }
    scene.settled().await;
    assert_eq!(bob.terminate().await, 0);
    let noted = std::fs::read_to_string(&file).unwrap();
    let noted: Vec<serde_json::Value> = noted.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
    let texts: Vec<_> = noted.iter().map(|object| object["payload"]["content"]["text"].as_str().unwrap()).collect();
    assert_eq!(texts, ["one", "two", "three"]);
    assert!(noted.iter().all(|object| object["type"] == "message.new"));
    std::fs::remove_file(&file).unwrap();
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_signal_lets_what_is_in_flight_finish() {
    let scene = Scene::new().await;
    let file = std::env::temp_dir().join(format!("agentchat-busy-{}", std::process::id()));
    let _ = std::fs::remove_file(&file);
    scene.alice_says("slow").await;
    // Starts, says so, and ends at a signal.
    let script = format!(": > {0}; while [ -e {0} ]; do sleep 0.01; done", file.display());
    let bob = scene.bob_listens(&["--exec", &script]);
    while !file.exists() {
        tokio::task::yield_now().await;
    }
    let ended = tokio::spawn(bob.terminate());
    std::fs::remove_file(&file).unwrap();
    assert_eq!(ended.await.unwrap(), 0);
    assert_eq!(scene.platform.undelivered("bob"), 0, "it was acked before the end");
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn without_json_a_line_is_readable_and_harmless() {
    let scene = Scene::new().await;
    let mut bob = scene.bob_listens(&[]);
    scene.alice_says("red \u{1b}[31mtext").await;
    loop {
        let line = bob.line().await;
        assert!(!line.contains('\u{1b}'));
        if line.contains("@alice: red") {
            break;
        }
    }
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn when_nobody_reads_any_more_it_ends_and_acks_nothing_unprinted() {
    let scene = Scene::new().await;
    let mut bob = scene.bob_listens(&["--json"]);
    bob.json("client.caught_up").await;
    bob.stop_reading();
    scene.alice_says("unheard").await;
    assert_eq!(bob.child.wait().await.unwrap().code(), Some(0));
    assert_eq!(scene.platform.undelivered("bob"), 1);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_command_that_does_not_end_is_given_up_and_its_message_kept() {
    let scene = Scene::new().await;
    let file = TempFile::new("endless");
    scene.alice_says("slow").await;
    // Says so, and goes on in a child of its own, as scripts do.
    let script = format!("echo begun > {0}; trap 'echo ended > {0}' TERM; while :; do sleep 0.05; done", file.path());
    let bob = scene.bob_listens(&["--exec", &script]);
    while !file.0.exists() {
        tokio::task::yield_now().await;
    }
    assert_eq!(bob.terminate().await, 0, "after five seconds");
    assert_eq!(scene.platform.undelivered("bob"), 1);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn conversations_are_handled_at_the_same_time_up_to_the_limit() {
    let scene = Scene::new().await;
    let file = TempFile::new("barrier");
    let writers = ["carol", "dave", "erin"].map(|handle| scene.platform.create_agent(handle).unwrap().api_key);
    for key in &writers {
        let sent = call(&scene.platform, Some(key), "send_message", json!({"to": "bob", "content": "hi"})).await;
        assert_eq!(sent.0, 0);
    }
    // Ends only when three have begun.
    let script = format!("echo >> {0}; while [ $(wc -l < {0}) -lt 3 ]; do sleep 0.01; done", file.path());
    let mut bob = scene.bob_listens(&["--json", "--exec", &script, "--max-in-flight", "3"]);
    for _ in &writers {
        bob.json("message.new").await;
    }
    scene.settled().await;
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}
