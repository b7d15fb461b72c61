//! Acks that cannot be sent yet: they wait for a connection that is accepted, however many attempts that takes.

use agentchat_engine::realtime::{Event, Input};

use crate::rig::{Rig, options};

#[test]
fn an_ack_that_waits_outlives_attempts_that_fail() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.close(Some(1006), "");
    assert_eq!(rig.handle(), "c-1");
    for _ in 0..2 {
        rig.next_socket();
        rig.close(Some(1006), "");
    }
    rig.next_socket();
    rig.input(Input::Opened(rig.connection.unwrap()));
    rig.close(Some(1001), "Server shutting down");
    rig.sent.clear();
    rig.next_socket();
    assert!(rig.acks().is_empty(), "nothing is acked before hello.ok");
    rig.greet(true);
    assert_eq!(rig.acks(), ["c-1"]);
    rig.reconnect();
    assert!(rig.acks().is_empty(), "it was sent");
}

#[test]
fn an_ack_that_waits_outlives_a_halt() {
    let mut rig = Rig::live();
    rig.live_message(1);
    rig.close(Some(4401), "");
    assert!(rig.finished && rig.has_event(|event| matches!(event, Event::Halted { .. })));
    assert_eq!(rig.handle(), "c-1");
    let stored = rig.stored();
    rig.finished = false;
    rig.input(Input::Start { api_key: agentchat_engine::ApiKey::new("ac_another").ok() });
    rig.greet(true);
    assert_eq!(rig.acks(), ["c-1"], "by the same session");
    let mut next = Rig::idle(options()).restart(&stored);
    assert_eq!(next.acks(), ["c-1"], "by the next process");
}
