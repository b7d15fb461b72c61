//! No secret appears in what the machines print.

use agentchat_engine::rest::{GetMe, JsonCall, RetryPolicy, Verify};
use agentchat_engine::{
    ApiKey, Call, CallInput, CallOptions, CallOutput, Context, Error, Fault, FaultKind, Seed, WasSent,
};
use bytes::Bytes;
use http::Response;
use serde_json::json;

use crate::bench::{Bench, start};

#[test]
fn a_key_with_line_breaks_never_reaches_an_error_text() {
    for key in
        ["ac_topsecret\r\nx", "ac_topsecret\u{0}", "ac_topsecret x", "ac_topsecret\u{fc}", "\r\nac_topsecret\nx\r\n"]
    {
        let refused = ApiKey::new(key).unwrap_err();
        assert!(!format!("{refused} {refused:?}").contains("topsecret"), "{refused}");
    }
    assert_eq!(ApiKey::new(" ac_topsecret\r\n").unwrap().expose(), "ac_topsecret");
    assert!(ApiKey::new(" \n").is_err() && ApiKey::new("x".repeat(513)).is_err());
}

#[test]
fn debug_shows_neither_key_nor_code() {
    let cx = Context::builder().api_key(ApiKey::new("ac_topsecret").unwrap()).build().unwrap();
    let mut call =
        Call::new(&cx, Verify::new("pnd_1", "987654"), CallOptions::default(), Seed::from_bytes([1; 32]), start())
            .unwrap();
    let output = call.poll_output();
    let by_name = JsonCall::new("verify", json!({"pending_id": "p", "code": "987654"})).unwrap();
    let wrong = JsonCall::new("verify", json!({"pending_id": "p", "code": 987654})).unwrap();
    let refused = Call::new(&cx, wrong, CallOptions::default(), Seed::from_bytes([1; 32]), start()).unwrap_err();
    let printed =
        format!("{cx:?} {call:?} {output:?} {:?} {by_name:?} {refused} {refused:?}", Verify::new("p", "987654"));
    assert!(!printed.contains("topsecret") && !printed.contains("987654"), "{printed}");
}

#[test]
fn a_new_key_is_wrapped_as_it_comes_in() {
    let mut bench = Bench::new(Verify::new("pnd_1", "987654"), CallOptions::default());
    bench.answer(201, &[], r#"{"agent":{"handle":"alice"},"api_key":"ac_topsecret"}"#);
    let reply = bench.done.unwrap().unwrap();
    assert!(!format!("{reply:?}").contains("topsecret"));
    assert_eq!(reply.api_key.expose(), "ac_topsecret");
    let mut bench = Bench::new(Verify::new("pnd_1", "987654"), CallOptions::default());
    bench.answer(201, &[], r#"{"agent":{"handle":"alice"},"api_key":"ac_top\nsecret"}"#);
    let Err(error @ Error::Undecodable { .. }) = bench.done.unwrap() else { panic!() };
    assert!(!format!("{error} {error:?}").contains("secret"));
}

/// Neither the shape of the platform's keys nor that of anything else.
const KEY: &str = "not-of-the-usual-shape";

/// How a call ends that a gateway answers so, in all the words that there are for it.
fn printed(endpoint: JsonCall, end: impl Fn(u32) -> CallInput) -> String {
    let cx = Context::builder().api_key(ApiKey::new(KEY).unwrap()).build().unwrap();
    let options = CallOptions::default().retry(RetryPolicy::default().max_retries(1));
    let mut call = Call::new(&cx, endpoint, options, Seed::from_bytes([1; 32]), start()).unwrap();
    let (mut said, mut now) = (String::new(), start());
    loop {
        match call.poll_output() {
            CallOutput::Send(attempt) => call.handle_input(now, end(attempt.number)),
            CallOutput::Idle { wake } => {
                now.mono = wake.expect("it waits for something");
                call.handle_input(now, CallInput::Timeout);
            }
            CallOutput::Finished => return said,
            CallOutput::Retrying(plan) => said += &format!("{plan:?} {}", plan.cause),
            CallOutput::Done(Ok(reply)) => {
                said += &format!("{:?} {:?}", reply.meta.request_id, reply.meta.backlog_warning)
            }
            CallOutput::Done(Err(error)) => {
                said += &format!("{error} {error:?}");
                let api = error.api();
                said += &format!("{:?}", api.map(|api| (api.code.as_str(), &api.message)));
                said +=
                    &format!("{:?}", api.and_then(|api| Some((api.details.as_ref()?.value()?, api.field_issues()))));
            }
        }
    }
}

#[test]
fn an_answer_that_quotes_a_secret_of_the_request_is_shown_without_it() {
    let (code, pending) = ("987654", "pnd_1234");
    let verify = || JsonCall::new("verify", json!({"pending_id": pending, "code": code})).unwrap();
    let get_me = || JsonCall::new("get_me", json!({})).unwrap();
    let quoted = format!("Bearer {KEY}; code {code} of {pending}; https://u:hush@h/p?sig=hush");
    let answer = |status: u16, body: String| {
        let quoted = quoted.clone();
        move |attempt| {
            let response = Response::builder().status(status).header("x-request-id", &quoted);
            let response = response.header("x-backlog-warning", format!("{KEY}=7"));
            let response = response.body(Bytes::from(body.clone())).unwrap();
            CallInput::Response { attempt, response }
        }
    };
    let errors = [
        json!({"code": quoted, "message": quoted, "details": {"fieldErrors": {"a": [quoted]}, "n": 987_654}}),
        json!({"code": code, "message": code, "reason": quoted, "details": [quoted, {"token": "hush"}]}),
        json!({"error": quoted, "echo": {"authorization": "hush"}}),
        json!({"error": {"code": KEY, "message": quoted}}),
        json!([quoted, 987_654]),
        json!(quoted),
    ];
    let mut said = String::new();
    for status in [400, 401, 500] {
        for body in &errors {
            said += &printed(verify(), answer(status, body.to_string()));
            said += &printed(get_me(), answer(status, body.to_string()));
        }
    }
    for body in ["{}", "<html>", "null"] {
        said += &printed(verify(), answer(200, body.to_owned()));
    }
    let fault = Fault::new(FaultKind::Io, WasSent::Maybe, quoted.clone());
    said += &printed(verify(), |attempt| CallInput::Fault { attempt, fault: fault.clone() });

    assert!(!said.contains(KEY) && !said.contains("hush"), "{said}");
    assert!(said.contains("Bearer *********************"), "what is not secret stays: {said}");
    // `get_me` has sent no code, so that six digits are nobody's secret there.
    let mut said = String::new();
    for body in &errors {
        said += &printed(verify(), answer(400, body.to_string()));
    }
    said += &printed(verify(), |attempt| CallInput::Fault { attempt, fault: fault.clone() });
    assert!(!said.contains(code) && !said.contains(pending), "{said}");
}

#[test]
fn the_secret_of_a_webhook_is_shown_by_no_error() {
    let secret = "0123456789abcdef";
    let set = JsonCall::new("set_wake_webhook", json!({"url": "https://h.example/wake", "secret": secret})).unwrap();
    let said = printed(set, |attempt| {
        let body =
            json!({"code": "VALIDATION_ERROR", "message": format!("weak: {secret}"), "details": {"was": secret}});
        let response = Response::builder().status(400).body(Bytes::from(body.to_string())).unwrap();
        CallInput::Response { attempt, response }
    });
    assert!(said.contains("weak: ****") && !said.contains(secret), "{said}");
}

#[test]
fn what_is_answered_passes_as_it_came() {
    let cx = Context::builder().api_key(ApiKey::new(KEY).unwrap()).build().unwrap();
    let mut call = Call::new(&cx, GetMe::new(), CallOptions::default(), Seed::from_bytes([1; 32]), start()).unwrap();
    let CallOutput::Send(attempt) = call.poll_output() else { panic!("it begins with a request") };
    let response = Response::new(Bytes::from(json!({"handle": "alice", "display_name": KEY}).to_string()));
    call.handle_input(start(), CallInput::Response { attempt: attempt.number, response });
    let CallOutput::Done(Ok(me)) = call.poll_output() else { panic!("it succeeds") };
    assert_eq!(me.display_name.as_deref(), Some(KEY));
}

#[test]
fn debug_of_inputs_and_options_shows_what_they_are_and_not_what_is_in_them() {
    let mut response = Response::new(Bytes::from_static(b"topsecret"));
    response.headers_mut().insert("location", "https://h/f?topsecret".parse().unwrap());
    let answer = format!("{:?}", CallInput::Response { attempt: 3, response });
    assert_eq!(answer, "Response { attempt: 3, status: 200, body_bytes: 9, .. }");
    let fault = Fault::new(FaultKind::Io, WasSent::No, "reset");
    assert!(format!("{:?}", CallInput::Fault { attempt: 2, fault }).contains("reset"));
    assert_eq!(format!("{:?} {:?}", CallInput::Timeout, CallInput::Cancel), "Timeout Cancel");

    let mut options = CallOptions::default().idempotency_key("topsecret-key");
    options.headers.insert("x-token", "topsecret".parse().unwrap());
    let printed = format!("{options:?}");
    assert!(printed.contains("x-token") && !printed.contains("topsecret"), "{printed}");
    assert_eq!(format!("{:?}", Seed::from_bytes([7; 32])), "Seed(..)");
}
