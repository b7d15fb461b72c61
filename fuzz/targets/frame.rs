//! Any sequence of text frames, one a line, at a live session: it must neither panic nor spin nor stop.
#![cfg_attr(fuzzing, no_main)]

use agentchat_engine::realtime::{Input, Outcome, Output, Session, SessionOptions};
use agentchat_engine::{ApiKey, Context, Now, Seed};

fn frame(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let key = ApiKey::new("ac_key").expect("a key");
    let cx = Context::builder().api_key(key).build().expect("a context");
    let options = SessionOptions { own_handle: Some("me".into()), ..SessionOptions::default() };
    let (mut session, mut now) =
        (Session::new(cx, options, Seed::from_bytes([0; 32]), None, Now::default()), Now::default());
    session.handle_input(now, Input::Consumer(true));
    session.handle_input(now, Input::Start { api_key: None });
    let Output::Open { connection, .. } = session.poll_output() else { panic!("no socket was asked for") };
    session.handle_input(now, Input::Opened(connection));
    session.handle_input(now, Input::Text(connection, r#"{"type":"hello.ok","capabilities":["ack"]}"#.into()));
    let lines = text.lines().map(Some).chain([None; 8]);
    for line in lines {
        match line {
            Some(line) => session.handle_input(now, Input::Text(connection, line.into())),
            None => session.handle_input(now, Input::Timeout),
        }
        loop {
            match session.poll_output() {
                Output::Deliver(delivery) => {
                    session.handle_input(now, Input::Settled { delivery: delivery.token, outcome: Outcome::Handled });
                }
                Output::Idle { wake } => {
                    let wake = wake.expect("a live session has a timer");
                    if line.is_none() {
                        assert!(wake > now.mono, "a timeout was handled and is still due");
                        now.mono = wake;
                    }
                    break;
                }
                Output::Finished => panic!("a frame stopped the session"),
                _ => {}
            }
        }
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| frame(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("frame", frame);
}
