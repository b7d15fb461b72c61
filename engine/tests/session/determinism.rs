//! Same inputs, same outputs, byte for byte.

use std::time::Duration;

use agentchat_engine::realtime::{Input, SessionOptions};
use serde_json::json;

use crate::rig::{Rig, row};

fn story() -> Vec<String> {
    let mut rig = Rig::greeted(SessionOptions::default());
    rig.live_message(5);
    rig.answer("/agents/me", &json!({"handle": "me"}));
    rig.fail("/sync");
    rig.advance(Duration::from_secs(2));
    rig.answer_sync(&[row("c", 2), row("d", 9)]);
    rig.fail_delivery();
    rig.live_message(7);
    rig.advance(Duration::from_secs(3));
    rig.handle_all();
    for _ in 0..4 {
        rig.close(Some(1006), "cut");
        rig.next_socket();
        rig.greet(true);
    }
    rig.input(Input::Close);
    rig.advance(Duration::from_secs(10));
    rig.log
}

#[test]
fn the_same_inputs_give_the_same_outputs() {
    let first = story();
    assert!(first.len() > 50, "the story is long enough to mean something: {}", first.len());
    assert_eq!(first, story());
}
