//! A gateway that quotes what it was sent, and a platform that closes with the key in its reason: the command tells neither
//! key nor code. What is data passes as it came.

use std::process::Stdio;

use agentchat_local::RawFrame;
use serde_json::json;
use tokio::io::{AsyncBufReadExt, BufReader};

use crate::hostile::answering;
use crate::run::{AGENTCHAT, agentchat, platform, program};
use crate::scene::Scene;

#[tokio::test]
async fn an_error_that_quotes_the_request_is_printed_without_its_secrets() {
    let platform = platform().await;
    let (key, code, pending) = ("not-of-the-usual-shape", "987654", "pnd_1234");
    let quoted = format!("Bearer {key}; code {code} of {pending}");
    let body = json!({"code": quoted, "message": quoted, "details": {"seen": [quoted, 987_654]}}).to_string();
    let base = answering(401, &[("x-request-id", quoted)], body).await;
    let verify = json!({"pending_id": pending, "code": code}).to_string();
    for (arguments, secrets) in [
        (&["call", "verify", &verify][..], &[key, code, pending][..]),
        (&["call", "get_me"], &[key]),
        (&["send", "@bob", "hi"], &[key]),
        (&["chat", "@bob"], &[key]),
        (&["call", "get_me", "{\"_max_retries\":0}", "--runtime", "blocking"], &[key]),
    ] {
        let output = agentchat(&platform, Some(key), &[arguments, &["--base-url", &base]].concat()).await;
        assert_eq!(output.status.code(), Some(1));
        let said = String::from_utf8([output.stdout, output.stderr].concat()).unwrap();
        assert!(said.contains("Bearer ****"), "{said}");
        for secret in secrets {
            assert!(!said.contains(secret), "{secret} is in {said}");
        }
    }
    platform.shutdown().await;
}

#[tokio::test]
async fn a_close_reason_is_printed_without_the_key_and_a_frame_as_it_came() {
    let scene = Scene::new().await;
    let reason = format!("Invalid token {}", scene.bob);
    let frame = json!({"type": "odd", "payload": {"seen": scene.bob}});
    let mut bob = scene.bob_listens(&["--json"]);
    bob.json("client.caught_up").await;
    scene.platform.push_raw("bob", RawFrame::Text(frame.to_string()));
    assert_eq!(bob.json("odd").await, frame);
    assert_eq!(scene.platform.close_sockets("bob", 1011, &reason), 1);
    let lost = bob.json("client.disconnected").await;
    assert_eq!(lost["reason"], json!(format!("Invalid token {}", "*".repeat(scene.bob.len()))));
    bob.json("client.caught_up").await;
    scene.platform.close_sockets("bob", 1008, &reason);
    let lost = bob.json("client.disconnected").await;
    assert!(!lost.to_string().contains(&scene.bob), "{lost}");
    assert_eq!(bob.child.wait().await.unwrap().code(), Some(4));
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn nothing_on_standard_error_has_the_key() {
    let scene = Scene::new().await;
    let mut command = program(AGENTCHAT, &scene.platform, Some(&scene.bob));
    command.args(["listen", "--reconnect-base-ms", "10"]).stdout(Stdio::null()).stderr(Stdio::piped());
    let mut child = command.spawn().unwrap();
    let mut lines = BufReader::new(child.stderr.take().unwrap()).lines();
    let mut said = String::new();
    while let Some(line) = lines.next_line().await.unwrap() {
        said += &line;
        // Each connection but the last is closed so that another follows.
        if line.contains("drained") {
            let code = if said.matches("drained").count() == 1 { 1011 } else { 4401 };
            scene.platform.close_sockets("bob", code, &format!("go {}", scene.bob));
        }
    }
    assert!(said.matches("go ****").count() >= 2 && !said.contains(&scene.bob), "{said}");
    assert_eq!(child.wait().await.unwrap().code(), Some(4));
    scene.platform.shutdown().await;
}
