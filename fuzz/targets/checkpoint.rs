//! Any checkpoint: refused, or read and written again without loss, and a session goes on from it. The first line is the
//! checkpoint; the others are frames, or rows of the drain if they are arrays.
#![cfg_attr(fuzzing, no_main)]

use agentchat_engine::realtime::{Checkpoint, Input, Outcome, Output, Session, SessionOptions};
use agentchat_engine::{ApiKey, Context, Now, Seed};
use bytes::Bytes;
use http::Response;

fn checkpoint(data: &[u8]) {
    let Ok(text) = core::str::from_utf8(data) else { return };
    let (stored, rest) = text.split_once('\n').unwrap_or((text, ""));
    let checkpoint = match Checkpoint::from_json(stored) {
        Ok(checkpoint) => checkpoint,
        Err(error) => return drop((error.to_string(), format!("{error:?}"))),
    };
    let again = Checkpoint::from_json(&checkpoint.to_json());
    assert_eq!(again.as_ref(), Ok(&checkpoint), "what was read can be written and read");
    resume(checkpoint, rest);
}

/// A session that goes on from it neither panics nor spins nor stops, and its own checkpoint can be read.
fn resume(checkpoint: Checkpoint, rest: &str) {
    let key = ApiKey::new("ac_key").expect("a key");
    let cx = Context::builder().api_key(key).build().expect("a context");
    let options = SessionOptions { own_handle: Some("me".into()), ..SessionOptions::default() };
    let mut now = Now::default();
    let mut session = Session::new(cx, options, Seed::from_bytes([0; 32]), Some(checkpoint), now);
    session.handle_input(now, Input::Consumer(true));
    session.handle_input(now, Input::Start { api_key: None });
    let Output::Open { connection, .. } = session.poll_output() else { panic!("no socket was asked for") };
    session.handle_input(now, Input::Opened(connection));
    session.handle_input(now, Input::Text(connection, r#"{"type":"hello.ok","capabilities":["ack"]}"#.into()));
    let mut requests = Vec::new();
    for line in rest.lines().map(Some).chain([None; 8]) {
        match (line, requests.pop()) {
            (Some(line), Some(request)) if line.starts_with('[') => {
                let result = Ok(Response::new(Bytes::copy_from_slice(line.as_bytes())));
                session.handle_input(now, Input::Response { request, result });
            }
            (Some(line), request) => {
                requests.extend(request);
                session.handle_input(now, Input::Text(connection, line.into()));
            }
            (None, _) => session.handle_input(now, Input::Timeout),
        }
        loop {
            match session.poll_output() {
                Output::Deliver(delivery) => {
                    session.handle_input(now, Input::Settled { delivery: delivery.token, outcome: Outcome::Handled });
                }
                Output::Request { request, .. } => requests.push(request),
                Output::Idle { wake } => {
                    let wake = wake.expect("a live session has a timer");
                    if line.is_none() {
                        assert!(wake > now.mono, "a timeout was handled and is still due");
                        now.mono = wake;
                    }
                    break;
                }
                Output::Finished => panic!("a checkpoint stopped the session"),
                _ => {}
            }
        }
    }
    let stored = session.checkpoint().to_json();
    let read = Checkpoint::from_json(&stored).expect("what a session stores can be read");
    assert_eq!(read.to_json(), stored);
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| checkpoint(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("checkpoint", checkpoint);
}
