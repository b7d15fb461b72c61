//! What a peer or a network can do to a session: W-05, W-06, W-20, W-24, W-25, W-45, W-48.

use agentchat_engine::realtime::{ConnectionState, Event, HaltReason, Input};
use serde_json::json;

use crate::Scene;
use crate::stage::{Stage, ids, options, row};

pub(crate) const SCENES: &[Scene] = &[
    ("w05_deeply_nested_json_is_survived", nested),
    ("w06_frames_that_are_none_stop_nothing", no_frames),
    ("w20_an_old_socket_changes_nothing", old_socket),
    ("w24_who_is_accepted_and_dropped_waits_longer_each_time", flapping),
    ("w25_the_last_attempt_is_said", exhausted),
    ("w45_a_dead_connection_is_noticed", half_open),
    ("w48_a_sync_that_is_an_error_is_no_empty_one", error_shaped),
];

fn nested() -> String {
    let deep = format!("{}{}", "[".repeat(1_000), "]".repeat(1_000));
    let poison = format!(r#"{{"id":"poison","conversation_id":"conv","delivery_id":"del_poison","content":{deep}}}"#);
    let mut stage = Stage::greeted(options());
    let rows = format!("[{poison},{}]", row("conv", 1));
    stage.answer_text("/sync", 200, &rows);
    stage.input(Input::Text(stage.connection.unwrap(), format!(r#"{{"type":"message.new","payload":{poison}}}"#)));
    assert!(stage.said(|event| matches!(event, Event::BadFrame { .. })));
    stage.push(2);
    let handled = stage.handle_all();
    assert!(handled[0].starts_with("unreadable: ") && handled[1..] == ids([1, 2]), "{handled:?}");
    stage.recording()
}

fn no_frames() -> String {
    let mut stage = Stage::live();
    for text in ["null", "7", "[]", "{", "", r#"{"type":7}"#, r#"{"type":"message.new","payload":null}"#] {
        stage.input(Input::Text(stage.connection.unwrap(), text.to_owned()));
    }
    stage.input(Input::Binary(stage.connection.unwrap()));
    stage.push(1);
    assert_eq!(stage.handle_all(), ids([1]));
    stage.recording()
}

fn old_socket() -> String {
    let mut stage = Stage::live();
    let old = stage.connection.unwrap();
    stage.reconnect(true);
    stage.sync(&[]);
    stage.input(Input::Text(old, json!({"type": "message.new", "payload": row("conv", 1)}).to_string()));
    stage.input(Input::Opened(old));
    stage.input(Input::Closed { connection: old, code: Some(1008), reason: "Invalid token".into() });
    assert_eq!(stage.state(), &ConnectionState::Live);
    assert!(stage.open.is_empty());
    stage.recording()
}

fn flapping() -> String {
    let mut stage = Stage::greeted(options().drain(false));
    for _ in 0..4 {
        stage.reconnect(true);
    }
    stage.close(None, "");
    assert!(stage.said(|event| matches!(event, Event::Unstable { in_a_row: 5 })));
    assert!(matches!(stage.state(), ConnectionState::Waiting { attempt: 6, .. }), "{:?}", stage.state());
    stage.recording()
}

fn exhausted() -> String {
    let mut stage = Stage::empty(options().max_attempts(2));
    stage.input(Input::Start { api_key: None });
    stage.close(None, "");
    stage.next_socket();
    stage.close(None, "");
    let ended =
        |event: &Event| matches!(event, Event::Halted { reason: HaltReason::AttemptsExhausted { attempts: 2 }, .. });
    assert!(stage.said(ended), "{:?}", stage.events);
    stage.recording()
}

fn half_open() -> String {
    let mut stage = Stage::live();
    stage.pass_ms(20_000);
    assert_eq!(stage.pings, 1);
    stage.pass_ms(20_000);
    assert_eq!(stage.closes, [1_001]);
    stage.next_socket();
    stage.greet(true);
    stage.sync(&[]);
    assert_eq!(stage.state(), &ConnectionState::Live);
    stage.recording()
}

fn error_shaped() -> String {
    let mut stage = Stage::greeted(options());
    // The call asks three times more before it has failed.
    for _ in 0..4 {
        stage.answer("/sync", 200, &json!({"code": "INTERNAL_ERROR", "message": "oops"}));
    }
    assert!(stage.said(|event| matches!(event, Event::RequestFailed { .. })));
    stage.pass_ms(2_000);
    stage.sync(&[row("conv", 1)]);
    assert_eq!(stage.handle_all(), ids([1]));
    stage.recording()
}
