//! What a peer says of a connection is shown without the key; what it sends on it passes as it came.

use agentchat_engine::realtime::{Event, Input};
use agentchat_engine::{ApiKey, Fault, FaultKind, WasSent};
use serde_json::json;

use crate::rig::{Rig, options};

/// Neither the shape of the platform's keys nor that of anything else.
const KEY: &str = "not-of-the-usual-shape";

fn started() -> Rig {
    let mut rig = Rig::idle(options());
    rig.input(Input::Consumer(true));
    rig.input(Input::Start { api_key: Some(ApiKey::new(KEY).unwrap()) });
    rig
}

#[test]
fn a_close_reason_or_a_fault_that_quotes_the_key_is_shown_without_it() {
    for code in [1008, 1011] {
        let mut rig = started();
        rig.greet(true);
        rig.close(Some(code), &format!("Invalid token {KEY}, sorry"));
        let said = format!("{:?} {:?} {:?}", rig.events, rig.log, rig.session.state());
        assert!(!said.contains(KEY), "{said}");
        let told = rig.events.iter().any(|event| {
            matches!(event, Event::Disconnected { info, .. }
                if info.reason == format!("Invalid token {}, sorry", "*".repeat(KEY.len())))
        });
        assert!(told, "{:?}", rig.events);
    }
    for kind in [FaultKind::Connect, FaultKind::Config] {
        let mut rig = started();
        let fault = Fault::new(kind, WasSent::No, format!("header Bearer {KEY} is refused"));
        rig.input(Input::Fault(rig.connection.unwrap(), fault));
        let said = format!("{:?} {:?} {:?}", rig.events, rig.log, rig.session.state());
        assert!(said.contains("header Bearer ****") && !said.contains(KEY), "{said}");
    }
}

#[test]
fn a_close_reason_is_bounded() {
    let mut rig = started();
    rig.close(Some(1011), &"x".repeat(1 << 20));
    assert!(format!("{:?}", rig.events).len() < 10_000);
}

#[test]
fn frames_pass_as_they_came() {
    let mut rig = started();
    rig.greet(true);
    let frame = json!({"type": "odd", "payload": {"seen": KEY}});
    let text = frame.to_string();
    rig.frame(frame);
    let passed = rig.events.iter().any(|event| matches!(event, Event::Server(server) if server.text == text));
    assert!(passed, "{:?}", rig.events);
}
