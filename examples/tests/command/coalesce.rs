//! `listen --coalesce`: one run of the handler for what a conversation says within a while.

use serde_json::{Value, json};

use crate::run::call;
use crate::scene::{Scene, TempFile};

/// The runs of a handler that appends its input to a file: the texts of each.
fn runs(file: &TempFile) -> Vec<Vec<String>> {
    let text = |object: &Value| object["payload"]["content"]["text"].as_str().unwrap().to_owned();
    let run = |line: &str| serde_json::from_str::<Vec<Value>>(line).unwrap().iter().map(text).collect();
    file.text().lines().map(run).collect()
}

#[tokio::test]
async fn a_run_has_what_a_conversation_said_and_acks_all_of_it() {
    let scene = Scene::new().await;
    let carol = scene.platform.create_agent("carol").unwrap().api_key;
    for text in ["1", "2", "3", "4"] {
        scene.alice_says(text).await;
    }
    let said = json!({"to": "bob", "content": "another conversation"});
    assert_eq!(call(&scene.platform, Some(&carol), "send_message", said).await.0, 0);
    let file = TempFile::new("coalesced");
    let script = format!("cat >> {}", file.path());
    // All of it is there already: a window that lasts is cut short by the number, and the rest waits for its own.
    let arguments = ["--json", "--exec", &script, "--coalesce", "500", "--coalesce-max", "3", "--count", "5"];
    let mut bob = scene.bob_listens(&arguments);
    for _ in 0..5 {
        bob.json("message.new").await;
    }
    assert_eq!(bob.child.wait().await.unwrap().code(), Some(0));
    assert_eq!(scene.platform.undelivered("bob"), 0);
    let (alices, others): (Vec<_>, Vec<_>) = runs(&file).into_iter().partition(|run| run[0].len() == 1);
    assert_eq!(alices, [vec!["1", "2", "3"], vec!["4"]]);
    assert_eq!(others, [["another conversation"]]);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn a_run_that_fails_has_all_of_it_offered_again_in_order() {
    let scene = Scene::new().await;
    for text in ["1", "2", "3"] {
        scene.alice_says(text).await;
    }
    let (file, marker) = (TempFile::new("coalesced-again"), TempFile::new("coalesced-failed"));
    let script = format!("cat >> {}; if [ ! -e {1} ]; then : > {1}; exit 1; fi", file.path(), marker.path());
    let mut bob = scene.bob_listens(&["--json", "--exec", &script, "--coalesce", "50", "--coalesce-max", "2"]);
    for text in ["1", "2", "3"] {
        assert_eq!(bob.json("message.new").await["payload"]["content"]["text"], text);
    }
    scene.settled().await;
    assert_eq!(bob.terminate().await, 0);
    assert_eq!(runs(&file), [vec!["1", "2"], vec!["1", "2"], vec!["3"]]);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn it_needs_a_handler_and_a_number() {
    let scene = Scene::new().await;
    for arguments in [
        &["--coalesce", "100"][..],
        &["--exec", "true", "--coalesce", "0"],
        &["--exec", "true", "--coalesce", "-1"],
        &["--exec", "true", "--coalesce", "100", "--coalesce-max", "0"],
    ] {
        let (code, said) = scene.bob_fails_to_listen(arguments).await;
        assert!(code == 2 && said.contains("--coalesce"), "{arguments:?}: {said}");
    }
    scene.platform.shutdown().await;
}
