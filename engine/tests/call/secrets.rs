//! No secret appears in what the machines print.

use agentchat_engine::rest::{JsonCall, Verify};
use agentchat_engine::{ApiKey, Call, CallOptions, Context, Error, Seed};
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
