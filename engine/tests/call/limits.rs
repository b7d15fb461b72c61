//! Every size and range that the platform limits (contract 1.5, 1.9, 2 and 7): the bounds themselves are sent, and one
//! step beyond is refused with the field, the limit and the value.

use agentchat_engine::rest::{GetMe, JsonCall};
use agentchat_engine::{Call, CallOptions, CallOutput, InvalidArgument, Seed};
use base64::Engine as _;
use serde_json::{Value, json};

use crate::bench::{context, start};

fn refusal(name: &str, params: Value) -> Option<InvalidArgument> {
    let call = JsonCall::new(name, params).expect("a known method");
    Call::new(&context(), call, CallOptions::default(), Seed::from_bytes([1; 32]), start()).err()
}

/// Parameters of a method, with one of them in place of what stands there.
fn with(base: &Value, field: &str, value: Value) -> Value {
    let mut params = base.clone();
    params[field] = value;
    params
}

/// Checks both bounds of a field, whose values are made from their size.
fn check(name: &str, base: &Value, field: &str, (lowest, highest): (usize, usize), make: impl Fn(usize) -> Value) {
    for size in [lowest, highest] {
        let refused = refusal(name, with(base, field, make(size)));
        assert_eq!(refused, None, "{name}: {field} of {size}");
    }
    for size in [lowest.checked_sub(1), Some(highest + 1)].into_iter().flatten() {
        let refused = refusal(name, with(base, field, make(size))).expect(field);
        assert_eq!(refused.field, field, "{name}: {size}: {refused}");
        if size > 0 {
            let bound = if size < lowest { lowest } else { highest };
            let (limit, value) = (bound.to_string(), format!("was {size}"));
            let is_told =
                |text: &str| refused.problem.contains(text) || refused.problem.contains(&text.replace("was", "had"));
            assert!(is_told(&limit) && is_told(&value), "{name}: {refused}");
        }
    }
}

#[test]
fn texts() {
    let register = json!({ "email": "a@b.co", "handle": "alice" });
    let (mine, group) = (json!({ "handle": "alice" }), json!({ "group_id": "grp_1" }));
    let upload = json!({
        "to": "bob", "filename": "f", "content_type": "text/plain", "size": 1, "sha256": "0".repeat(64),
    });
    let (code, hook) = (json!({ "pending_id": "pnd_1" }), json!({ "events": ["message.new"] }));
    let rotation = json!({ "handle": "alice", "pending_id": "pnd_1" });
    for (name, base, field, bounds) in [
        ("register", &register, "handle", (3, 30)),
        ("register", &register, "display_name", (0, 100)),
        ("register", &register, "description", (0, 500)),
        ("verify", &code, "code", (6, 6)),
        ("recover_verify", &code, "code", (6, 6)),
        ("rotate_key_verify", &rotation, "code", (6, 6)),
        ("update_agent", &mine, "display_name", (0, 100)),
        ("update_agent", &mine, "description", (0, 500)),
        ("send_message", &json!({ "to": "bob", "content": "hi" }), "client_msg_id", (1, 128)),
        ("create_group", &json!({}), "name", (1, 100)),
        ("create_group", &json!({ "name": "Team" }), "description", (0, 500)),
        ("update_group", &group, "name", (1, 100)),
        ("update_group", &group, "description", (0, 500)),
        ("update_contact_notes", &mine, "notes", (0, 1_000)),
        ("report_agent", &mine, "reason", (0, 1_000)),
        ("update_presence", &json!({ "status": "busy" }), "custom_message", (0, 200)),
        ("search_agents", &json!({}), "query", (2, 50)),
        ("create_upload", &upload, "filename", (1, 255)),
        ("create_upload", &upload, "sha256", (64, 64)),
        ("create_webhook", &hook, "url", (1, 2_048)),
    ] {
        check(name, base, field, bounds, |size| json!("a".repeat(size)));
        // The platform counts as JavaScript does: what is outside the Basic Multilingual Plane is two.
        if !matches!(field, "handle" | "sha256") && bounds.1 % 2 == 0 {
            let pairs = |count: usize| with(base, field, json!("\u{1f980}".repeat(count)));
            assert_eq!(refusal(name, pairs(bounds.1 / 2)), None, "{name}: {field}");
            let refused = refusal(name, pairs(bounds.1 / 2 + 1)).expect(field);
            assert!(refused.problem.ends_with(&format!("was {}", bounds.1 + 2)), "{name}: {refused}");
        }
    }
}

#[test]
fn white_space_around_a_search_does_not_count() {
    let refused = |query: String| refusal("search_agents", json!({ "query": query }));
    assert_eq!(refused(format!("  {}  ", "a".repeat(50))), None);
    assert_eq!(
        refused(format!("  {}  ", "a".repeat(51))).expect("too long").problem,
        "must be 2 to 50 characters long, was 51"
    );
    assert_eq!(refused(" a ".into()).expect("too short").field, "query");
}

#[test]
fn numbers() {
    let upload = json!({
        "to": "bob", "filename": "f", "content_type": "text/plain", "sha256": "0".repeat(64),
    });
    check("create_upload", &upload, "size", (1, 26_214_400), |size| json!(size));
}

/// The platform takes the nearest number that it allows, or refuses: that is its business.
#[test]
fn what_the_platform_clamps_is_sent_as_it_is() {
    for (name, base) in [
        ("sync", json!({})),
        ("get_messages", json!({ "conversation_id": "conv_1" })),
        ("list_conversations", json!({})),
        ("list_contacts", json!({})),
        ("search_agents", json!({ "query": "al" })),
    ] {
        for limit in [0_u64, 1, 501, u64::MAX] {
            let call = JsonCall::new(name, with(&base, "limit", json!(limit))).expect("a known method");
            let options = CallOptions::default();
            let call = Call::new(&context(), call, options, Seed::from_bytes([1; 32]), start());
            let CallOutput::Send(attempt) = call.expect(name).poll_output() else { panic!("{name}") };
            let query = attempt.request.uri().query().unwrap();
            assert!(query.split('&').any(|pair| pair == format!("limit={limit}")), "{name}: {query}");
        }
    }
    assert_eq!(refusal("search_agents", json!({ "query": "al", "offset": 10_001 })), None);
}

/// By name, a number can be anything that JSON knows.
#[test]
fn numbers_that_no_type_of_ours_holds() {
    let history = |limit: Value| refusal("get_messages", json!({ "conversation_id": "conv_1", "limit": limit }));
    for number in [json!(-1), json!(1.5)] {
        let refused = history(number.clone()).expect("no limit");
        assert_eq!(refused.to_string(), format!("limit must be a whole number from 0, was {number}"));
    }
    let refused = history(json!(1e300)).expect("no limit");
    assert_eq!(refused.to_string(), "limit must be a whole number from 0 to 18446744073709551615, was 1e+300");
    let upload = |size: Value| {
        refusal(
            "create_upload",
            json!({
                "to": "bob", "filename": "f", "content_type": "text/plain", "sha256": "0".repeat(64), "size": size,
            }),
        )
    };
    assert_eq!(upload(json!(-1)).expect("no size").to_string(), "size must be 1 to 26214400, was -1");
    let search =
        |offset: Value| refusal("search_agents", json!({ "query": "al", "offset": offset })).expect("no offset");
    assert_eq!(search(json!(-1)).to_string(), "offset must be a whole number from 0, was -1");
    let far = search(json!(5_000_000_000_u64));
    assert_eq!(far.to_string(), "offset must be a whole number from 0 to 4294967295, was 5000000000");
    let before = refusal("get_messages", json!({ "conversation_id": "conv_1", "before_seq": 1.5 })).expect("no seq");
    assert_eq!(before.to_string(), "before_seq must be a whole number from 0, was 1.5");
    assert_eq!(history(json!("5")).expect("no number").to_string(), "limit has the wrong type");
    let handle = refusal("get_agent", json!({ "handle": 5 })).expect("no handle");
    assert_eq!(handle.to_string(), "handle has the wrong type");
}

#[test]
fn lists() {
    let handles = |count: usize| (0..count).map(|number| json!(format!("agent-{number}"))).collect::<Value>();
    check("create_group", &json!({ "name": "Team" }), "member_handles", (0, 255), handles);
    check("get_presence_batch", &json!({}), "handles", (1, 100), handles);
    let nothing = refusal("create_webhook", json!({ "url": "https://example.com", "events": [] })).expect("no event");
    assert_eq!(nothing.field, "events");
}

#[test]
fn a_message_with_its_metadata() {
    // `{"text":""}` is 11 bytes, and metadata that is not given is `{}` to the platform.
    let send = |bytes: usize, metadata: Value| {
        let text = "x".repeat(bytes - 11);
        refusal("send_message", json!({ "to": "bob", "content": text, "metadata": metadata }))
    };
    assert_eq!(send(32_766, Value::Null), None);
    let refused = send(32_767, Value::Null).expect("too large");
    assert_eq!(refused.to_string(), "content and metadata must be at most 32768 bytes of JSON, were 32769");
    assert_eq!(send(32_766, json!({})), None);
    assert_eq!(send(32_761, json!({ "a": 1 })), None);
    assert!(send(32_762, json!({ "a": 1 })).is_some());
    // UTF-8 counts, and so do the escapes of JSON.
    let text = |text: String| refusal("send_message", json!({ "to": "bob", "content": text }));
    assert_eq!(text("ü".repeat(16_377)), None);
    assert!(text("ü".repeat(16_378)).is_some());
    assert_eq!(text("\n".repeat(16_377)), None);
    assert!(text("\n".repeat(16_378)).is_some());
    // Members that the platform drops do not count.
    let content = json!({ "text": "x".repeat(32_755), "type": "text" });
    assert_eq!(refusal("send_message", json!({ "to": "bob", "content": content })), None);
}

#[test]
fn pictures() {
    for (name, field) in [("set_avatar", "handle"), ("set_group_avatar", "group_id")] {
        let picture = |size: usize| {
            let image = base64::engine::general_purpose::STANDARD.encode(vec![0; size]);
            refusal(name, json!({ field: "x-1", "image_base64": image }))
        };
        assert_eq!(picture(5_242_880), None);
        let refused = picture(5_242_881).expect("too large");
        assert_eq!(refused.to_string(), "image must be at most 5242880 bytes, was 5242881");
    }
}

#[test]
fn idempotency_keys() {
    let refused = |size: usize| {
        let options = CallOptions::default().idempotency_key("k".repeat(size));
        Call::new(&context(), GetMe::new(), options, Seed::from_bytes([1; 32]), start()).err()
    };
    assert_eq!((refused(8), refused(128)), (None, None));
    for size in [7, 129] {
        let refused = refused(size).expect("a refusal");
        assert_eq!(
            refused.to_string(),
            format!("idempotency_key must be 8 to 128 of A-Z a-z 0-9 _ -, was {size} long")
        );
    }
}
