//! Machines that are driven by hand, so that what goes through their doors is printed as well.

use agentchat_driver::{BodyLimit, Transport as _};
use agentchat_tokio::engine::realtime::{Input, Output, Session};
use agentchat_tokio::engine::rest::Verify;
use agentchat_tokio::engine::{Call, CallInput, CallOutput, Seed};
use agentchat_tokio::{ApiKey, CallOptions, Client, SessionOptions};

use super::collector::Collector;

/// Proves a code.
pub(crate) async fn verify(client: &Client, seen: &Collector, pending_id: &str, code: &str) -> ApiKey {
    let transport = client.transport();
    let (seed, options) = (Seed::from_bytes([7; 32]), CallOptions::default());
    let request = seen.see(Verify::new(pending_id, code));
    let mut call = Call::new(client.context(), request, options, seed, transport.now()).expect("good arguments");
    loop {
        seen.see(&call);
        match seen.see(call.poll_output()) {
            CallOutput::Send(attempt) => {
                let number = attempt.number;
                let response = transport.request(attempt.request, BodyLimit::default()).await.expect("an answer");
                let input = seen.see(CallInput::Response { attempt: number, response });
                call.handle_input(transport.now(), input);
            }
            CallOutput::Done(result) => return result.expect("verified").into_value().api_key,
            other => panic!("{other:?}"),
        }
    }
}

/// Says HELLO to nobody, and asks for the backlog.
pub(crate) fn greet(client: &Client, seen: &Collector) {
    let now = client.transport().now();
    let (options, seed) = (SessionOptions::default(), Seed::from_bytes([8; 32]));
    let mut session = Session::new(client.context(), options, seed, None);
    let mut requests = 0;
    let start = Input::Start { api_key: client.context().api_key().cloned() };
    for input in [seen.see(start), seen.see(Input::Consumer(true))] {
        session.handle_input(now, input);
    }
    loop {
        let output = seen.see(session.poll_output());
        seen.see(&session);
        match output {
            Output::Open { connection, .. } => session.handle_input(now, Input::Opened(connection)),
            Output::Text(connection, _) => {
                let hello_ok = r#"{"type":"hello.ok","capabilities":["ack"]}"#.to_owned();
                session.handle_input(now, Input::Text(connection, hello_ok));
            }
            Output::Request { .. } => requests += 1,
            Output::Idle { .. } | Output::Finished => break,
            _ => {}
        }
    }
    assert!(requests > 0, "it asks for the backlog");
}
