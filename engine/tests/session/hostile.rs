//! No input stops a session: bad frames, huge frames, stale inputs, a clock that runs backwards.

use std::time::Duration;

use agentchat_engine::realtime::{ConnectionState, Event, Input};
use agentchat_engine::{Mono, Now, UnixTime};
use proptest::prelude::*;
use serde_json::json;

use crate::rig::{Rig, message, options, row};

#[test]
fn a_good_message_arrives_after_every_bad_frame() {
    let deep = format!("{}{}", "[".repeat(100_000), "]".repeat(100_000));
    let big = "x".repeat(1_000_000);
    let bad = [
        "".to_owned(),
        "null".into(),
        "123".into(),
        "\"x\"".into(),
        "[]".into(),
        "{}".into(),
        "{\"type\":null}".into(),
        "{\"type\":\"message.new\"}".into(),
        "{\"type\":\"message.new\",\"payload\":null}".into(),
        "{\"type\":\"message.new\",\"payload\":[1]}".into(),
        "{\"type\":\"message.new\",\"payload\":{\"id\":1,\"conversation_id\":{},\"seq\":[]}}".into(),
        "{\"type\":\"message.new\",\"payload\":{\"id\":\"m\",\"id\":\"m\"}}".into(),
        "{\"type\":\"hello.ok\",\"capabilities\":{}}".into(),
        "not json \u{0} at all".into(),
        deep.clone(),
        format!("{{\"type\":\"message.new\",\"payload\":{deep}}}"),
        format!(
            "{{\"type\":\"message.new\",\"payload\":{{\"id\":\"m\",\"conversation_id\":\"c\",\"content\":{deep}}}}}"
        ),
        format!("{{\"type\":\"{big}\"}}"),
        big,
        "x".repeat(5_000_000),
    ];
    let mut rig = Rig::live();
    for (n, text) in bad.into_iter().enumerate() {
        rig.text(text);
        rig.input(Input::Binary(rig.connection.unwrap()));
        rig.live_message(n as u64 + 1);
        assert_eq!(rig.handle_all(), [format!("c-{}", n + 1)], "after bad frame {n}");
    }
    assert_eq!(rig.session.state(), &ConnectionState::Live);
    assert!(rig.has_event(|e| matches!(e, Event::BadFrame { .. })));
}

#[test]
fn time_that_runs_backwards_is_harmless() {
    let mut rig = Rig::live();
    rig.now = Now::new(Mono::from_micros(0), UnixTime::from_millis(0));
    rig.input(Input::Timeout);
    rig.live_message(1);
    assert_eq!(rig.handle_all(), ["c-1"]);
    rig.advance(Duration::from_secs(120));
    assert!(!rig.finished);
}

/// One step of a hostile world, as numbers that are mapped to inputs.
fn step(rig: &mut Rig, (what, seq, wait): (u8, u64, u64)) {
    let connection = rig.connection;
    match what % 16 {
        0..=4 => rig.frame(json!({"type": "message.new", "payload": message(["a", "b"][seq as usize % 2], seq)})),
        5 => rig.text("null"),
        6 => rig.close([None, Some(1006), Some(1000)][seq as usize % 3], "x"),
        7 => {
            if let Some(connection) = connection {
                rig.input(Input::Opened(connection));
                rig.frame(json!({"type": "hello.ok", "capabilities": if seq % 2 == 0 { json!(["ack"]) } else { json!(null) }}));
            }
        }
        8 if rig.has_request("/sync") => rig.answer_sync(&[row("a", seq), row("b", seq + 1), json!(null)]),
        9 if rig.has_request("/sync") => rig.fail("/sync"),
        10 if rig.has_request("/sync/ack") => drop(rig.answer_ack()),
        11 if !rig.deliveries.is_empty() => drop(rig.handle()),
        12 if !rig.deliveries.is_empty() => drop(rig.fail_delivery()),
        13 => rig.input(Input::Sent { conversation_id: "a".into(), seq }),
        14 => rig.input(Input::Drain),
        _ => rig.advance(Duration::from_millis(wait)),
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(256))]

    /// Whatever happens, nothing panics or spins, at most one delivery of a conversation is open, and seqs
    /// rise unless flagged late.
    #[test]
    fn any_order_of_inputs_is_harmless(steps in proptest::collection::vec((any::<u8>(), 1_u64..30, 0_u64..40_000), 0..200)) {
        let mut rig = Rig::greeted(options());
        let mut highest = std::collections::BTreeMap::<String, u64>::new();
        let mut checked = 0;
        for item in steps {
            if rig.connection.is_some() {
                step(&mut rig, item);
            }
            let mut open = std::collections::BTreeSet::new();
            for delivery in &rig.deliveries {
                if let agentchat_engine::realtime::DeliveryBody::Message(row) = &delivery.body {
                    prop_assert!(open.insert(row.header().conversation_id.to_string()), "two open in one conversation");
                    if delivery.token > checked_token(checked) {
                        checked = checked.max(token(delivery));
                        let seq = row.header().seq.unwrap();
                        let high = highest.entry(row.header().conversation_id.to_string()).or_default();
                        prop_assert!(delivery.late || seq >= *high, "{} after {}", seq, high);
                        *high = (*high).max(seq);
                    }
                }
            }
        }
    }
}

fn token(delivery: &agentchat_engine::realtime::Delivery) -> u64 {
    serde_json::to_value(delivery.token).unwrap().as_u64().unwrap()
}

fn checked_token(n: u64) -> agentchat_engine::realtime::DeliveryToken {
    serde_json::from_value(json!(n)).unwrap()
}
