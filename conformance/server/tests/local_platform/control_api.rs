//! The control API over HTTP.

use agentchat_local::Settings;
use agentchat_local::control::Control;
use serde_json::{Value, json};

use super::client::{Agent, Reply, agent, exchange, request, start};
use super::socket::Socket;

const JSON: (&str, &str) = ("content-type", "application/json");

async fn desk() -> (Agent, Control) {
    let platform = start(Settings::default()).await;
    let control = platform.serve_control(([127, 0, 0, 1], 0).into()).await.expect("a free port");
    (agent(&platform, "alice"), control)
}

async fn call(control: &Control, method: &str, path: &str, body: Value) -> Reply {
    let body = if body.is_null() { String::new() } else { body.to_string() };
    exchange(control.addr(), method, path, &[JSON], body).await
}

#[tokio::test]
async fn rules_are_added_listed_and_removed() {
    let (alice, control) = desk().await;
    let rule = json!({ "request": { "on": { "route": "get_me" }, "do": { "answer": { "respond": { "status": 503 } } } },
                       "times": 1 });
    let id = call(&control, "POST", "/faults", rule).await.ok(201)["id"].clone();
    assert_eq!(alice.get("/v1/agents/me").await.status, 503);
    let listed = call(&control, "GET", "/faults", Value::Null).await.ok(200);
    assert_eq!(listed["rules"][0]["hits"], json!({ "matched": 1, "applied": 1 }));
    assert_eq!(listed["rules"][0]["rule"]["request"]["on"], json!({ "route": "get_me" }));
    let again = call(&control, "POST", "/faults", listed["rules"][0]["rule"].clone()).await.ok(201);
    assert_eq!(again["id"], 2, "what is listed can be added");
    let one = call(&control, "GET", &format!("/faults/{id}"), Value::Null).await.ok(200);
    assert_eq!(one, listed["rules"][0]);
    let hits = call(&control, "DELETE", &format!("/faults/{id}"), Value::Null).await.ok(200);
    assert_eq!(hits, json!({ "matched": 1, "applied": 1 }));
    assert_eq!(call(&control, "DELETE", &format!("/faults/{id}"), Value::Null).await.status, 404);
    call(&control, "DELETE", "/faults", Value::Null).await.ok(200);
    assert_eq!(call(&control, "GET", "/faults", Value::Null).await.ok(200), json!({ "rules": [] }));
}

#[tokio::test]
async fn mistakes_are_explained() {
    let (_, control) = desk().await;
    for (path, body) in [
        ("/faults", json!({})),
        ("/faults", json!({ "request": { "do": { "answer": "reset" } }, "tims": 1 })),
        ("/faults", json!({ "request": { "on": { "rout": "x" }, "do": {} } })),
        ("/faults", json!({ "request": { "on": { "route": "x" }, "do": {} } })),
        ("/faults", json!({ "frame": { "do": { "close": { "code": 5, "reason": "" } } } })),
        ("/clock/advance", json!({ "ms": -1 })),
        ("/sockets/push", json!({ "handle": "alice" })),
        ("/sockets/push", json!({ "handle": "alice", "binary_base64": "?" })),
        ("/sockets/close", json!({ "handle": "alice", "code": 12 })),
        ("/agents", json!({ "handle": "alice" })),
        ("/agents/alice", json!({ "status": "sleepy" })),
        ("/as/alice", json!({ "method": "G T", "path": "/" })),
        ("/as/alice", json!({ "method": "GET", "path": "/", "headers": { "a b": "c" } })),
    ] {
        let reply = call(&control, "POST", path, body.clone()).await;
        assert_eq!(reply.status, 400, "{path} {body}");
        assert!(reply.json()["error"].is_string());
    }
    for (method, path, body) in [
        ("GET", "/nowhere", Value::Null),
        ("PATCH", "/faults", Value::Null),
        ("GET", "/faults/7", Value::Null),
        ("GET", "/faults/x", Value::Null),
        ("GET", "/agents/nobody", Value::Null),
        ("POST", "/sockets/stroke", json!({ "handle": "alice" })),
        ("POST", "/agents/nobody", json!({ "status": "active" })),
        ("POST", "/as/nobody", json!({ "method": "GET", "path": "/" })),
    ] {
        assert_eq!(call(&control, method, path, body).await.status, 404, "{method} {path}");
    }
    assert_eq!(exchange(control.addr(), "POST", "/faults", &[JSON], "{").await.status, 400);
    assert_eq!(exchange(control.addr(), "GET", "/requests?after=x", &[], "").await.status, 400);
}

#[tokio::test]
async fn time_passes_on_request() {
    let (alice, control) = desk().await;
    let before = call(&control, "GET", "/clock", Value::Null).await.ok(200)["unix_ms"].as_u64().unwrap();
    let after = call(&control, "POST", "/clock/advance", json!({ "ms": 600_000 })).await.ok(200);
    assert!(after["unix_ms"].as_u64().unwrap() >= before + 600_000);
    assert!(alice.platform.clock().unix_millis() >= before + 600_000);
}

#[tokio::test]
async fn codes_and_requests_can_be_read() {
    let (alice, control) = desk().await;
    let platform = &alice.platform;
    let body = json!({ "email": "b@example.com", "handle": "bob" }).to_string();
    let pending = request(platform, "POST", "/v1/register?a=%20b&a=c", &[("x-agentchat-client", "t")], body).await;
    let pending_id = pending.ok(200)["pending_id"].take();
    let codes = call(&control, "GET", "/codes?handle=@Bob", Value::Null).await.ok(200);
    assert_eq!(codes["codes"][0]["pending_id"], pending_id);
    assert_eq!(codes["codes"][0]["purpose"], "register");
    assert_eq!(codes["codes"][0]["code"].as_str(), platform.one_time_code(pending_id.as_str().unwrap()).as_deref());
    let none = call(&control, "GET", "/codes?email=other@example.com", Value::Null).await.ok(200);
    assert_eq!(none, json!({ "codes": [] }));

    alice.put("/v1/agents/alice/avatar", b"\xff").await;
    let requests = call(&control, "GET", "/requests", Value::Null).await.ok(200)["requests"].take();
    assert_eq!(requests[0]["path"], "/v1/register");
    assert_eq!(requests[0]["query_pairs"], json!([["a", " b"], ["a", "c"]]));
    assert_eq!(requests[0]["headers"]["x-agentchat-client"], "t");
    assert_eq!(requests[0]["body"], json!({ "email": "b@example.com", "handle": "bob" }));
    assert_eq!((&requests[1]["body"], &requests[1]["body_base64"]), (&Value::Null, &json!("/w==")));
    assert_eq!(requests[1]["headers"]["authorization"], "Bearer [redacted]");
    let later = call(&control, "GET", "/requests?after=1", Value::Null).await.ok(200)["requests"].take();
    assert_eq!(later, json!([requests[1]]));
    call(&control, "DELETE", "/requests", Value::Null).await.ok(200);
    assert!(platform.requests().is_empty());
}

#[tokio::test]
async fn sockets_can_be_seen_and_ended() {
    let (alice, control) = desk().await;
    let mut socket = Socket::with_acks(&alice).await;
    let sockets = call(&control, "GET", "/sockets", Value::Null).await.ok(200)["sockets"].take();
    assert_eq!((&sockets[0]["handle"], &sockets[0]["acks"]), (&json!("alice"), &json!(true)));
    let one = json!({ "sockets": 1 });
    let push = json!({ "handle": "@alice", "text": r#"{"type":"x"}"# });
    assert_eq!(call(&control, "POST", "/sockets/push", push).await.ok(200), one);
    assert_eq!(socket.json().await, json!({ "type": "x" }));
    let close = json!({ "handle": "alice", "code": 1012, "reason": "restart" });
    assert_eq!(call(&control, "POST", "/sockets/close", close).await.ok(200), one);
    assert_eq!(socket.closed().await, (1012, "restart".to_owned()));
    for action in ["cut", "reset"] {
        let mut socket = Socket::with_acks(&alice).await;
        let path = format!("/sockets/{action}");
        assert_eq!(call(&control, "POST", &path, json!({ "handle": "alice" })).await.ok(200), one);
        assert!(matches!(socket.frame().await, Some(Err(_)) | None), "no close frame");
    }
}

#[tokio::test]
async fn calls_are_made_in_the_name_of_an_agent() {
    let (alice, control) = desk().await;
    let bob = call(&control, "POST", "/agents", json!({ "handle": "bob" })).await.ok(201);
    assert!(bob["api_key"].as_str().unwrap().starts_with("ac_"));
    alice
        .platform
        .faults()
        .add(serde_json::from_value(json!({ "request": { "do": { "answer": "reset" } } })).unwrap())
        .unwrap();
    let body = json!({ "to": "alice", "client_msg_id": "1", "content": { "text": "hi" } });
    let deed = json!({ "method": "POST", "path": "/v1/messages", "body": body });
    let sent = call(&control, "POST", "/as/bob", deed).await.ok(200);
    assert_eq!((&sent["status"], &sent["body"]["sender"]), (&json!(201), &json!("bob")));
    assert!(alice.platform.requests().is_empty(), "the operator's own calls are not recorded");
    let seen = call(&control, "GET", "/agents/alice", Value::Null).await.ok(200);
    assert_eq!(seen, json!({ "handle": "alice", "undelivered": 1, "open_sockets": 0 }));
    let change = json!({ "status": "suspended", "paused_by_owner": "send" });
    call(&control, "POST", "/agents/bob", change).await.ok(200);
    let deed = json!({ "method": "GET", "path": "/v1/conversations" });
    let refused = call(&control, "POST", "/as/bob", deed).await.ok(200);
    assert_eq!((&refused["status"], &refused["body"]["code"]), (&json!(403), &json!("SUSPENDED")));
    assert_eq!(call(&control, "GET", "/dead-letters", Value::Null).await.ok(200), json!({ "dead_letters": [] }));
}

#[tokio::test]
async fn it_is_for_this_machine_only_and_ends_with_the_platform() {
    let (alice, control) = desk().await;
    let elsewhere = alice.platform.serve_control(([0, 0, 0, 0], 0).into()).await;
    assert_eq!(elsewhere.unwrap_err().kind(), std::io::ErrorKind::InvalidInput);
    let help = call(&control, "GET", "/", Value::Null).await;
    assert_eq!((help.status, help.body.starts_with(b"The control API")), (200, true));
    alice.platform.shutdown().await;
    super::client::until(|| std::net::TcpStream::connect(control.addr()).is_err()).await;
}
