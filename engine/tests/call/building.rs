//! What a request looks like, and what never becomes one.

use agentchat_engine::rest::{
    ClaimReply, ClaimReplyBatch, Endpoint, GetAgent, GetMe, GetMessages, JsonCall, MarkAsRead, Place, Register,
    SendMessage, SetReplyActive, SetWakeWebhook, SyncAck, SyncMessages, TABLE, Verify,
};
use agentchat_engine::types::Content;
use agentchat_engine::{Call, CallOptions, CallOutput, Context, Identity, InvalidArgument, Seed};
use http::Request;
use serde_json::{Value, json};

use crate::bench::{context, start};

fn build<E: Endpoint>(endpoint: E) -> Result<Request<bytes::Bytes>, InvalidArgument> {
    let call = Call::new(&context(), endpoint, CallOptions::default(), Seed::from_bytes([1; 32]), start());
    let CallOutput::Send(attempt) = call?.poll_output() else { panic!("nothing to send") };
    Ok(attempt.request)
}

fn target<E: Endpoint>(endpoint: E) -> String {
    let request = build(endpoint).unwrap();
    format!("{} {}", request.method(), request.uri().path_and_query().unwrap())
}

fn body<E: Endpoint>(endpoint: E) -> Value {
    serde_json::from_slice(build(endpoint).unwrap().body()).unwrap()
}

#[test]
fn targets_are_those_of_the_contract() {
    assert_eq!(target(GetMe::new()), "GET /v1/agents/me");
    assert_eq!(target(GetAgent::new("@Alice")), "GET /v1/agents/alice");
    assert_eq!(target(Register::new("a@b.c", "alice")), "POST /v1/register");
    assert_eq!(target(Verify::new("pnd_1", "123456")), "POST /v1/register/verify");
    assert_eq!(target(SendMessage::to("alice", "hi")), "POST /v1/messages");
    assert_eq!(
        target(GetMessages::new("conv_1").limit(50_u32).before_seq(0_u64)),
        "GET /v1/messages/conv_1?limit=50&before_seq=0"
    );
    assert_eq!(target(MarkAsRead::new("msg_1")), "POST /v1/messages/msg_1/read");
    assert_eq!(target(SyncMessages::new().after("del_1")), "GET /v1/messages/sync?after=del_1");
    assert_eq!(target(SyncAck::new("del_1")), "POST /v1/messages/sync/ack");
}

#[test]
fn headers_carry_identity_and_the_key_only_where_wanted() {
    let request = build(GetMe::new()).unwrap();
    let headers = request.headers();
    assert_eq!(headers["authorization"], "Bearer ac_key");
    assert!(headers["authorization"].is_sensitive());
    assert_eq!(headers["x-agentchat-client"], "rust_sdk");
    assert!(headers["user-agent"].to_str().unwrap().starts_with("agentchatme-rs/"));
    assert!(!headers.contains_key("content-type"));
    let anonymous = build(Register::new("a@b.c", "alice")).unwrap();
    assert!(!anonymous.headers().contains_key("authorization"));
    assert_eq!(anonymous.headers()["content-type"], "application/json");
}

#[test]
fn a_wake_webhook_is_encrypted_or_local_and_its_secret_shown_by_nothing() {
    let set = |url: &str| build(SetWakeWebhook::new(url, "hush"));
    assert!(set("https://example.com/wake?x=1").is_ok() && set("http://127.0.0.1:9/wake").is_ok());
    for url in ["", "http://example.com", "ftp://example.com", "/wake", "no url", "https://user:pw@example.com"] {
        assert_eq!(set(url).unwrap_err().field, "url", "{url}");
    }
    for secret in [String::new(), "x".repeat(257)] {
        let refused = build(SetWakeWebhook::new("https://example.com", &secret)).unwrap_err();
        assert!(refused.field == "secret" && !refused.to_string().contains("xx"), "{refused}");
    }
    assert!(!format!("{:?}", SetWakeWebhook::new("https://example.com", "hush")).contains("hush"));
    assert_eq!(build(ClaimReply::new("msg_1", "")).unwrap_err().field, "holder");
    assert_eq!(build(SetReplyActive::new().session_id("")).unwrap_err().field, "session_id");
    assert_eq!(build(ClaimReplyBatch::new([".."], "me")).unwrap_err().field, "message_ids");
}

/// A product that does not know its version says none (contract 1.3).
#[test]
fn an_identity_without_a_version_sends_none() {
    let identity = Identity::new("my_product", "").unwrap();
    assert_eq!(identity.version(), None);
    let cx = context().with_identity(identity);
    let mut call = Call::new(&cx, GetMe::new(), CallOptions::default(), Seed::from_bytes([1; 32]), start()).unwrap();
    let CallOutput::Send(attempt) = call.poll_output() else { panic!("nothing to send") };
    assert_eq!(attempt.request.headers()["x-agentchat-client"], "my_product");
    assert!(!attempt.request.headers().contains_key("x-agentchat-client-version"));
    assert!(Identity::new("", "1").is_err() && Identity::new("x", "a b").is_err() && Identity::new("x", " ").is_err());
}

#[test]
fn optional_members_are_left_out_and_never_null() {
    assert_eq!(body(Register::new("a@b.c", "@alice")), json!({"email": "a@b.c", "handle": "alice"}));
    let named = body(Register::new("a@b.c", "alice").display_name("Alice"));
    assert_eq!(named["display_name"], "Alice");
    assert_eq!(body(Verify::new("pnd_1", "123456")), json!({"pending_id": "pnd_1", "code": "123456"}));
}

#[test]
fn a_message_has_one_address_wrapped_content_and_a_minted_id() {
    let sent = body(SendMessage::to("@alice", "hi"));
    assert_eq!((&sent["to"], &sent["content"]), (&json!("alice"), &json!({"text": "hi"})));
    assert_eq!(sent["client_msg_id"].as_str().unwrap().len(), 36);
    let group = body(SendMessage::to_group("grp_1", Content::from_attachment("att_1")).client_msg_id("mine"));
    assert_eq!(
        group,
        json!({"conversation_id": "grp_1", "content": {"attachment_id": "att_1"}, "client_msg_id": "mine"})
    );
}

#[test]
fn what_could_change_a_url_is_refused_before_a_request_exists() {
    for handle in
        ["", "@", "@@bob", ".", "..", "@..", "a/b", "a\\b", "a\r\nb", "a b", "\u{0}", "a\u{85}b", &"x".repeat(257)]
    {
        let refused = build(GetAgent::new(handle)).unwrap_err();
        assert_eq!(refused.field, "handle", "{handle:?}");
        assert!(build(SendMessage::to(handle, "hi")).is_err(), "{handle:?}");
        assert!(build(JsonCall::new("get_agent", json!({"handle": handle})).unwrap()).is_err(), "{handle:?}");
    }
    for id in ["", ".", "..", "a/b", "a\nb"] {
        assert!(build(GetMessages::new(id)).is_err() && build(MarkAsRead::new(id)).is_err(), "{id:?}");
        assert!(build(SyncAck::new(id)).is_err() && build(SyncMessages::new().after(id)).is_err(), "{id:?}");
    }
    assert_eq!(target(GetAgent::new("%2e%2e?x#y")), "GET /v1/agents/%252e%252e%3Fx%23y");
    assert_eq!(target(GetAgent::new("müller")), "GET /v1/agents/m%C3%BCller");
}

#[test]
fn limits_are_checked_with_field_limit_and_value() {
    let refused = build(Register::new("a@b.c", "al")).unwrap_err();
    assert_eq!(refused.to_string(), "handle must be 3 to 30 characters long, was 2");
    let refused = build(Register::new("a@b.c", "alice").description("x".repeat(501))).unwrap_err();
    assert_eq!(refused.to_string(), "description must be 0 to 500 characters long, was 501");
    assert!(build(GetMessages::new("c").before_seq(1_u64).after_seq(1_u64)).is_err());
    assert!(build(SendMessage::to("alice", Content::default())).is_err());
    assert!(build(SendMessage::to("alice", "").client_msg_id("")).is_err());
    assert!(build(SendMessage::to("alice", "")).is_ok(), "an empty text is a text");
    assert!(build(Verify::new("pnd_1", "12345")).is_err());
}

#[test]
fn options_that_cannot_be_sent_are_refused() {
    let try_with = |options| Call::new(&context(), GetMe::new(), options, Seed::from_bytes([1; 32]), start()).err();
    for key in ["", "short", "has space", "new\r\nline", "ümlaut-ümlaut", &"k".repeat(129)] {
        let options = CallOptions::default().idempotency_key(key);
        assert_eq!(try_with(options).unwrap().field, "idempotency_key", "{key:?}");
    }
    for name in ["authorization", "host", "cookie", "content-length", "transfer-encoding", "idempotency-key"] {
        let mut options = CallOptions::default();
        options.headers.insert(http::HeaderName::from_static(name), http::HeaderValue::from_static("x"));
        assert_eq!(try_with(options).unwrap().field, "headers", "{name}");
    }
    let keyless = Context::builder().build().unwrap();
    let refused = Call::new(&keyless, GetMe::new(), CallOptions::default(), Seed::from_bytes([1; 32]), start());
    assert_eq!(refused.unwrap_err().field, "api_key");
}

#[test]
fn calls_by_name_take_the_official_parameter_names() {
    let by_name = |name: &str, params: Value| build(JsonCall::new(name, params).unwrap());
    let sent = by_name("send_message", json!({"to": "@alice", "content": "hi", "client_msg_id": "m"})).unwrap();
    let sent: Value = serde_json::from_slice(sent.body()).unwrap();
    assert_eq!(sent, json!({"to": "alice", "content": {"text": "hi"}, "client_msg_id": "m"}));
    let spelled =
        by_name("send_message", json!({"conversation_id": "grp_1", "text": "hi", "client_msg_id": "m"})).unwrap();
    assert_eq!(serde_json::from_slice::<Value>(spelled.body()).unwrap()["content"], json!({"text": "hi"}));
    let history = by_name("get_messages", json!({"conversation_id": "conv_1", "limit": 50, "after_seq": 12})).unwrap();
    assert_eq!(history.uri().path_and_query().unwrap(), "/v1/messages/conv_1?limit=50&after_seq=12");
    for (name, params, field) in [
        ("get_agent", json!({}), "handle"),
        ("get_agent", json!({"handle": 7}), "handle"),
        ("get_agent", json!({"handle": "a", "extra": 1}), "parameters"),
        ("get_agent", json!([]), "parameters"),
        ("send_message", json!({"content": "hi"}), "to"),
        ("send_message", json!({"to": "a", "conversation_id": "grp_1", "content": "hi"}), "to"),
        ("send_message", json!({"to": "a", "content": 7}), "content"),
    ] {
        assert_eq!(by_name(name, params).unwrap_err().field, field, "{name}");
    }
}

#[test]
fn the_table_is_consistent() {
    let mut names = std::collections::BTreeSet::new();
    for route in TABLE {
        assert!(names.insert(route.name), "{} stands twice", route.name);
        assert!(route.template.starts_with("/v1/") && !route.contract.is_empty());
        for param in route.params.iter().filter(|param| param.place == Place::Path) {
            assert!(route.template.contains(&format!("{{{}}}", param.name)), "{}", route.name);
        }
    }
}
