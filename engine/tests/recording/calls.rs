//! Calls: what was recorded replays, however it ended.

use std::time::Duration;

use agentchat_engine::recording::replay;
use agentchat_engine::rest::{
    GetAttachmentDownloadUrl, GetMe, GetMessages, JsonCall, MuteAgent, SendMessage, SetAvatar, Verify,
};
use agentchat_engine::{CallInput, CallOptions};
use serde_json::json;

use crate::tape::{answer, fault, taped_call};

fn replays(file: &str) {
    let replayed = replay(file).unwrap_or_else(|e| panic!("{e}\n{file}"));
    assert!(replayed.outputs > 1 && !replayed.truncated, "{replayed:?}");
}

#[test]
fn retries_waits_and_the_end_replay() {
    let limited = answer(1, 429, &[("Retry-After", "1"), ("Date", "Sun, 20 Sep 2026 10:00:00 GMT")], "{}");
    let broken = CallInput::Fault { attempt: 2, fault: fault("reset") };
    let stored = r#"{"id":"m","conversation_id":"c","seq":1,"sender":"me","type":"text","content":{"text":"hi"},
        "created_at":"2026-04-20T10:00:00.000Z"}"#;
    let sent = answer(3, 201, &[("X-Request-Id", "r"), ("X-Backlog-Warning", "alice=5000")], stored);
    let inputs = vec![limited, CallInput::Timeout, broken, CallInput::Timeout, sent, CallInput::Timeout];
    let file = taped_call(SendMessage::to("alice", "hi"), CallOptions::default(), inputs);
    assert!(file.contains("\"retrying\"") && file.contains("undelivered_count"), "{file}");
    replays(&file);
}

#[test]
fn every_end_replays() {
    let strange = [0xff_u8, 0xfe, b'x'];
    let ends = [
        vec![CallInput::Cancel],
        vec![answer(1, 404, &[], r#"{"code":"AGENT_NOT_FOUND","message":"no","details":{"a":[1]},"reason":"x"}"#)],
        vec![answer(1, 404, &[], strange.to_vec())],
        vec![answer(1, 200, &[("X-Request-Id", "\u{e9}")], strange.to_vec())],
        vec![answer(1, 200, &[], "null")],
        vec![answer(1, 200, &[], format!("{}{}", "[".repeat(200), "]".repeat(200)))],
        vec![answer(
            1,
            400,
            &[],
            format!(r#"{{"code":"X","message":"","details":{}{}}}"#, "[".repeat(120), "]".repeat(120)),
        )],
    ];
    for inputs in ends {
        replays(&taped_call(GetMe::new(), CallOptions::default(), inputs.clone()));
        let by_name = JsonCall::new("get_me", json!({})).unwrap();
        replays(&taped_call(by_name, CallOptions::default(), inputs));
    }
}

#[test]
fn what_the_request_was_made_of_replays() {
    let options = CallOptions::default()
        .deadline(Duration::from_secs(3))
        .timeout(Duration::from_secs(1))
        .idempotency_key("order-12345")
        .headers([("x-trace".parse().unwrap(), "t".parse().unwrap())].into_iter().collect());
    let timeouts = vec![CallInput::Timeout, CallInput::Timeout];
    replays(&taped_call(SetAvatar::new("me", vec![0_u8, 159, 146, 150]), options.clone(), timeouts.clone()));
    replays(&taped_call(GetMessages::new("conv_1").limit(5_u32), options.clone(), timeouts.clone()));
    replays(&taped_call(MuteAgent::new("alice"), options.clone(), timeouts.clone()));
    let own_id = SendMessage::to("alice", "hi").client_msg_id("order-17");
    replays(&taped_call(own_id, options, timeouts));
}

/// What a call proves itself with is masked in what peers say, but not where the machine reads a time.
#[test]
fn a_wait_replays_whatever_a_call_proves_itself_with() {
    let year = json!({"pending_id": "2026", "code": "987654"});
    let at = [("Retry-After", "Sun, 20 Sep 2026 10:00:20 GMT"), ("Date", "Sun, 20 Sep 2026 10:00:00 GMT")];
    let file = taped_call(
        JsonCall::new("verify", year).unwrap(),
        CallOptions::default(),
        vec![answer(1, 429, &at, "{}"), CallInput::Timeout],
    );
    replays(&file);
}

#[test]
fn answers_with_secrets_replay_although_they_are_masked() {
    let verify = || Verify::new("pnd_1", "987654");
    for key in [r#""ac_x""#, r#""""#, r#"" ""#, r#""ac_\n""#, r#""ac_x\ny""#, r#""é""#, "7", "null", r#"{"a":"b"}"#] {
        let body = format!(r#"{{"agent":{{"handle":"alice"}},"api_key":{key}}}"#);
        replays(&taped_call(verify(), CallOptions::default(), vec![answer(1, 201, &[], body)]));
    }
    for target in [
        "https://storage.example/f?signature=x",
        "http://storage.example/f",
        "/f?x",
        "storage",
        "//h/f",
        "https://",
        "",
        // No URLs, for what is masked in them.
        "/f<x",
        "https://storage.example/f`x",
        "https://storage.example/f?x=<y>",
        "https://storage.example/f#<y>",
        "https://u<p@storage.example/f",
        "https://u@p@storage.example#f",
    ] {
        let redirect = vec![answer(1, 302, &[("Location", target)], "")];
        replays(&taped_call(GetAttachmentDownloadUrl::new("att_1"), CallOptions::default(), redirect));
    }
}
