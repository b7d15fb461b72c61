//! How a connection ends: W-26.

use agentchat_engine::realtime::{Advice, ConnectionState, Event};

use crate::Scene;
use crate::stage::Stage;

pub(crate) const SCENES: &[Scene] =
    &[("w26_a_hello_that_came_late_is_said_again", slow_uplink), ("w26_b_a_refused_key_is_final", refused_key)];

fn slow_uplink() -> String {
    let mut stage = Stage::live();
    stage.close(None, "");
    stage.next_socket();
    let connection = stage.connection.unwrap();
    stage.input(agentchat_engine::realtime::Input::Opened(connection));
    stage.pass_ms(3_500);
    stage.close(Some(1008), "HELLO frame required");
    stage.next_socket();
    stage.greet(true);
    stage.sync(&[]);
    assert_eq!(stage.state(), &ConnectionState::Live);
    stage.recording()
}

fn refused_key() -> String {
    let mut stage = Stage::live();
    stage.close(None, "");
    stage.next_socket();
    let connection = stage.connection.unwrap();
    stage.input(agentchat_engine::realtime::Input::Opened(connection));
    stage.pass_ms(100);
    stage.close(Some(1008), "Invalid token");
    assert!(matches!(stage.state(), ConnectionState::Halted { .. }));
    assert!(stage.said(|event| matches!(event, Event::Halted { advice: Advice::NewKey, .. })));
    stage.recording()
}
