//! Typing and read signals: sent now, or handed back.

use agentchat_engine::realtime::{Input, Refusal, Signal};
use serde_json::json;

use crate::rig::{Rig, options};

fn signals() -> [Signal; 3] {
    [
        Signal::TypingStart { conversation_id: "c".into() },
        Signal::TypingStop { conversation_id: "c".into() },
        Signal::ReadUpTo { conversation_id: "c".into(), through_seq: 7 },
    ]
}

fn signal_all(rig: &mut Rig) {
    for signal in signals() {
        rig.input(Input::Signal(signal));
    }
}

#[test]
fn signals_are_frames_on_the_connection_that_is_up() {
    let mut rig = Rig::live();
    signal_all(&mut rig);
    let payload = json!({"conversation_id": "c"});
    assert_eq!(
        rig.sent,
        [
            json!({"type": "typing.start", "payload": payload}),
            json!({"type": "typing.stop", "payload": payload}),
            json!({"type": "message.read_ack", "payload": {"conversation_id": "c", "through_seq": 7}}),
        ]
    );
    assert!(rig.unsent.is_empty());
}

#[test]
fn a_signal_that_cannot_be_sent_is_handed_back_and_not_kept() {
    let handed_back = |rig: &mut Rig, why: Refusal| {
        rig.sent.clear();
        signal_all(rig);
        assert!(rig.sent.is_empty());
        assert_eq!(std::mem::take(&mut rig.unsent), signals().map(|signal| (signal, why)));
    };
    let mut rig = Rig::idle(options());
    handed_back(&mut rig, Refusal::NotConnected);
    rig.input(Input::Start { api_key: None });
    handed_back(&mut rig, Refusal::NotConnected);
    rig.input(Input::Opened(rig.connection.unwrap()));
    handed_back(&mut rig, Refusal::NotConnected);
    let mut rig = Rig::live();
    rig.close(Some(1006), "");
    handed_back(&mut rig, Refusal::NotConnected);
    rig.next_socket();
    rig.greet(true);
    assert!(rig.sent.is_empty(), "what was handed back is not sent later");
    rig.answer_sync(&[]);
    rig.live_message(1);
    rig.input(Input::Close);
    handed_back(&mut rig, Refusal::Closing);
    rig.handle();
    assert!(rig.finished);
    handed_back(&mut rig, Refusal::Closing);
}

#[test]
fn a_signal_out_of_range_is_handed_back() {
    let mut rig = Rig::live();
    for signal in [
        Signal::TypingStart { conversation_id: "".into() },
        Signal::TypingStop { conversation_id: "x".repeat(257).into() },
        Signal::ReadUpTo { conversation_id: "c".into(), through_seq: 0 },
        Signal::ReadUpTo { conversation_id: "c".into(), through_seq: 1 << 53 },
    ] {
        rig.input(Input::Signal(signal.clone()));
        assert_eq!(rig.unsent.pop(), Some((signal, Refusal::Invalid)));
    }
    assert!(rig.sent.is_empty());
}
