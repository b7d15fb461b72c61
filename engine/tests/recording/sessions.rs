//! Sessions: whatever happens to one, its recording replays.

use agentchat_engine::realtime::{Input, Outcome, SessionOptions, Signal};
use agentchat_engine::recording::{ReplayError, replay};
use agentchat_engine::{ApiKey, Fault};
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::tape::{KEY, Taped, fault};

fn message(conversation: &str, seq: u64) -> Value {
    json!({"id": format!("{conversation}-{seq}"), "conversation_id": conversation, "seq": seq, "sender": "alice",
        "type": "text", "content": {"text": "see https://h/p?signature=abc"}, "created_at": "2026-04-20T10:00:00.000Z"})
}

/// One step of a hostile world, as numbers that are mapped to inputs.
fn step(taped: &mut Taped, (what, seq, ms): (u8, u64, u64)) {
    let connection = taped.connection.unwrap();
    taped.now.mono = taped.now.mono + std::time::Duration::from_millis(ms);
    taped.now.unix = agentchat_engine::UnixTime::from_millis(taped.now.unix.as_millis() - ms as i64);
    match what % 24 {
        0..=4 => {
            taped.frame(json!({"type": "message.new", "payload": message(["a", "b"][seq as usize % 2], seq)}));
        }
        5 => taped.input(Input::Text(connection, format!("{{\"type\":\"x\",\"token\":\"{seq}\""))),
        6 => taped.input(Input::Closed { connection, code: [None, Some(1006)][seq as usize % 2], reason: KEY.into() }),
        7 => taped.greet(),
        8 => {
            let mut row = message("a", seq);
            row["delivery_id"] = json!(format!("del_{seq}"));
            taped.answer("/sync", 200, &[], &json!([row, null, {"delivery_id": "x"}]).to_string());
        }
        9 => {
            taped.answer("/sync", 503, &[("Retry-After", "1")], "<html>");
        }
        10 => {
            taped.answer("/ack", 200, &[], r#"{"acked":1}"#);
        }
        11 => {
            taped.answer("/me", 200, &[], r#"{"handle":"me"}"#);
        }
        12 => {
            let rows = json!([message("a", seq), message("a", seq + 1)]);
            taped.answer("/messages/a", 200, &[], &rows.to_string());
        }
        13 => taped.frame(json!({"type": "presence.update", "payload": {"handle": "alice"}})),
        14 => taped.input(Input::Sent { conversation_id: "a".into(), seq }),
        15 => taped.input(Input::Fault(connection, Fault::upgrade_refused(503, None))),
        16 if !taped.requests.is_empty() => {
            let (request, _) = taped.requests.remove(0);
            taped.input(Input::Response { request, result: Err(fault("reset by https://h/?a=b")) });
        }
        17 if !taped.deliveries.is_empty() => {
            let outcome =
                [Outcome::Handled, Outcome::Failed { retry_after: None }, Outcome::Discarded { reason: "x".into() }];
            let delivery = taped.deliveries.remove(0);
            taped.input(Input::Settled { delivery, outcome: outcome[seq as usize % 3].clone() });
        }
        18 => taped.input(Input::Start { api_key: Some(ApiKey::new("ac_another_key_that_is_long").unwrap()) }),
        19 => taped.input(Input::Binary(connection)),
        20 => taped.input(Input::Alive(connection)),
        21 => taped.input(Input::Drain),
        _ => taped.wake(),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(128))]

    #[test]
    fn whatever_happened_replays(steps in proptest::collection::vec((any::<u8>(), 1_u64..30, 0_u64..40_000), 0..120)) {
        let mut taped = Taped::greeted();
        steps.into_iter().for_each(|item| step(&mut taped, item));
        taped.input(Input::Close);
        let file = taped.file.text();
        let replayed = replay(&file);
        prop_assert!(replayed.is_ok(), "{}", replayed.unwrap_err());
        for secret in [KEY, "another_key", "signature=abc", "a=b"] {
            prop_assert!(!file.contains(secret), "{}", secret);
        }
    }
}

#[test]
fn waiting_is_written_once() {
    let mut taped = Taped::greeted();
    let before = taped.file.text().lines().count();
    for _ in 0..3 {
        let _ = taped.session.poll_output();
    }
    assert_eq!(taped.file.text().lines().count(), before);
}

#[test]
fn the_first_difference_is_named() {
    let mut taped = Taped::greeted();
    taped.frame(json!({"type": "message.new", "payload": message("a", 1)}));
    let file = taped.file.text();
    let at = file.lines().position(|line| line.contains("\"open\"")).unwrap();
    let change =
        |line: &str| if line.contains("\"open\"") { line.replace("/v1/ws", "/v2/ws") } else { line.to_owned() };
    let changed: String = file.split_inclusive('\n').map(change).collect();
    let Err(ReplayError::Different(difference)) = replay(&changed) else { panic!("{changed}") };
    assert_eq!(difference.line, at as u64 + 1);
    assert!(difference.expected.contains("/v2/ws") && difference.got.contains("/v1/ws"), "{difference}");
    let missing: String = file.split_inclusive('\n').filter(|line| !line.contains("\"open\"")).collect();
    assert!(matches!(replay(&missing), Err(ReplayError::Different(_))));
}

#[test]
fn an_option_that_an_older_recording_does_not_know_has_its_default() {
    let file = Taped::greeted().file.text();
    let older = file.replacen("\"reoffers\":3,", "", 1);
    assert_ne!(older, file);
    assert_eq!(SessionOptions::default().reoffers, 3);
    assert!(replay(&older).is_ok());
}

#[test]
fn a_session_that_goes_on_from_a_checkpoint_replays_with_its_signals() {
    let mut taped = Taped::greeted();
    taped.frame(json!({"type": "message.new", "payload": {"id": "m1", "conversation_id": "c", "seq": 1}}));
    assert!(taped.answer("/sync", 200, &[], "[]"));
    let delivery = taped.deliveries.pop().unwrap();
    taped.input(Input::Settled { delivery, outcome: Outcome::Handled });
    let checkpoint = taped.session.machine().checkpoint();
    assert_eq!(checkpoint.handled(), 1);

    let mut taped = Taped::resuming(Some(checkpoint));
    let typing = Signal::TypingStart { conversation_id: "c".into() };
    taped.input(Input::Signal(typing.clone()));
    taped.input(Input::Start { api_key: None });
    taped.greet();
    taped.input(Input::Signal(typing));
    taped.frame(json!({"type": "message.new", "payload": {"id": "m1", "conversation_id": "c", "seq": 1}}));
    let text = taped.file.text();
    assert!(text.contains("unsent") && text.contains("typing.start"), "{text}");
    assert!(text.contains(r#"\"message_id\":\"m1\""#), "what was handled before is acked again: {text}");
    assert_eq!(replay(&text).unwrap().inputs, 6);
}

/// Events that only one kind of trouble brings are written and compared like all others.
#[test]
fn every_kind_of_event_replays() {
    let options = SessionOptions::default()
        .own_handle("me")
        .buffered_messages(3)
        .drain_page(1)
        .key_wait(std::time::Duration::from_secs(60));
    let mut taped = Taped::with(options, None);
    taped.input(Input::Consumer(true));
    taped.input(Input::Start { api_key: None });
    taped.greet();
    let mut row = message("a", 1);
    row["delivery_id"] = json!("del_1");
    for _ in 0..2 {
        taped.answer("/sync", 200, &[], &json!([row]).to_string());
    }
    let mut event = message("grp_a", 1);
    event["type"] = json!("system");
    event["content"] = json!({"data": {"schema_version": 1, "event": "member_joined", "agent_handle": "bob"}});
    taped.frame(json!({"type": "message.new", "payload": event}));
    taped.frame(json!({"type": "message.new", "payload": message("a", 90_000)}));
    for seq in 2..6 {
        taped.frame(json!({"type": "message.new", "payload": message("b", seq)}));
    }
    for _ in 0..5 {
        let connection = taped.connection.unwrap();
        taped.input(Input::Closed { connection, code: Some(1006), reason: String::new() });
        taped.wake();
        taped.greet();
    }
    let connection = taped.connection.unwrap();
    taped.input(Input::Closed { connection, code: Some(4401), reason: "no".into() });
    let file = taped.file.text();
    for event in ["drain_stuck", "system", "implausible_seq", "shed", "unstable", "key_refused"] {
        assert!(file.contains(&format!(r#""event":{{"{event}""#)), "{event} did not happen: {file}");
    }
    assert!(replay(&file).is_ok(), "{:?}", replay(&file));
}

/// A session counts the length of a frame's text, not its capacity: a recording does not have that.
#[test]
fn a_frame_with_room_to_spare_counts_like_any_other() {
    let options = SessionOptions::default().own_handle("me").drain(false).buffered_bytes(6_000);
    let mut taped = Taped::with(options, None);
    taped.input(Input::Start { api_key: None });
    taped.greet();
    for seq in 1..=4 {
        let mut text = String::with_capacity(1_500);
        text.push_str(&json!({"type": "message.new", "payload": message("a", seq)}).to_string());
        taped.input(Input::Text(taped.connection.unwrap(), text));
    }
    let file = taped.file.text();
    assert!(replay(&file).is_ok(), "{:?}", replay(&file));
}
