//! Any answer to a call: status from the first two bytes, a header from the first line, the rest is the body. The
//! call must end or plan another attempt, and neither its errors nor their texts may panic.
#![cfg_attr(fuzzing, no_main)]

use agentchat_engine::rest::{Endpoint, GetMessages, SendMessage, SyncMessages};
use agentchat_engine::{ApiKey, Call, CallInput, CallOptions, CallOutput, Context, Now, Seed};
use bytes::Bytes;
use http::{HeaderName, HeaderValue, Response};

fn response(data: &[u8]) {
    let Some((head, rest)) = data.split_at_checked(2) else { return };
    let status = 200 + (u16::from(head[0]) << 8 | u16::from(head[1])) % 400;
    let (header, body) = match rest.iter().position(|b| *b == b'\n') {
        Some(end) => (&rest[..end], &rest[end + 1..]),
        None => (&rest[..0], rest),
    };
    let mut response = Response::new(Bytes::copy_from_slice(body));
    *response.status_mut() = http::StatusCode::from_u16(status).expect("200 to 599");
    let mut parts = header.splitn(2, |b| *b == b':');
    if let (Some(name), Some(value)) = (parts.next(), parts.next())
        && let (Ok(name), Ok(value)) = (HeaderName::from_bytes(name), HeaderValue::from_bytes(value))
    {
        response.headers_mut().insert(name, value);
    }
    answer(SyncMessages::new(), response.clone());
    answer(GetMessages::new("conv_1"), response.clone());
    answer(SendMessage::to("alice", "hi"), response);
}

fn answer<E: Endpoint>(endpoint: E, response: Response<Bytes>) {
    let cx = Context::builder().api_key(ApiKey::new("ac_key").expect("a key")).build().expect("a context");
    let call = Call::new(&cx, endpoint, CallOptions::default(), Seed::from_bytes([0; 32]), Now::default());
    let mut call = call.expect("good arguments");
    call.handle_input(Now::default(), CallInput::Response { attempt: 1, response });
    loop {
        match call.poll_output() {
            CallOutput::Done(result) => {
                if let Err(error) = result {
                    let _ = (error.to_string(), format!("{error:?}"), error.retry_after(), error.maybe_executed());
                }
            }
            CallOutput::Idle { wake } => {
                assert!(wake.is_some(), "the call waits for nothing");
                break;
            }
            CallOutput::Finished => break,
            CallOutput::Send(_) | CallOutput::Retrying(_) => {}
        }
    }
}

#[cfg(fuzzing)]
libfuzzer_sys::fuzz_target!(|data: &[u8]| response(data));

#[cfg(not(fuzzing))]
fn main() {
    agentchat_fuzz::replay("response", response);
}
