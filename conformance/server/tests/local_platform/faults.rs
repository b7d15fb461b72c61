//! The fault switchboard, over the REST API.

use std::time::Duration;

use agentchat_local::faults::{BodyFault, RequestFault, Requests, Rule, RuleHits, Wait};
use agentchat_local::{LocalPlatform, Settings};
use serde_json::json;
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::TcpStream;
use tokio::time::timeout;

use super::client::{Agent, PATIENCE, agent, alice_and_bob, start};

fn rule(on: Requests, fault: RequestFault) -> Rule {
    Rule::request(on, fault)
}

/// What comes on a connection after a request, up to its end, and how it ends.
async fn raw(platform: &LocalPlatform, request: &str) -> (Vec<u8>, std::io::Result<()>) {
    let mut connection = TcpStream::connect(platform.addr()).await.expect("connect");
    connection.write_all(request.as_bytes()).await.expect("write");
    let mut bytes = Vec::new();
    let end = timeout(PATIENCE, connection.read_to_end(&mut bytes)).await.expect("an end in time");
    (bytes, end.map(|_| ()))
}

fn get_me(agent: &Agent) -> String {
    format!("GET /v1/agents/me HTTP/1.1\r\nhost: l\r\nauthorization: Bearer {}\r\n\r\n", agent.account.api_key)
}

#[tokio::test]
async fn a_route_answers_what_the_rule_says_and_does_nothing() {
    let (platform, alice, _) = alice_and_bob(Settings::default()).await;
    let busy = RequestFault::respond(503).header("Retry-After", "7").json(json!({ "code": "X", "message": "busy" }));
    let id = platform.faults().add(rule(Requests::route("send_message"), busy).times(1)).expect("valid");
    let reply = alice.send("bob", "1").await;
    reply.refused(503, "X");
    assert_eq!(reply.header("retry-after"), Some("7"));
    assert_eq!(reply.header("content-type"), Some("application/json"));
    assert!(reply.header("x-request-id").is_some());
    assert_eq!(platform.undelivered("bob"), 0);
    alice.send("bob", "1").await.ok(201);
    assert_eq!(platform.faults().hits(id), Some(RuleHits { matched: 2, applied: 1 }));
    assert_eq!(platform.requests().len(), 2, "requests that suffer are recorded like others");
}

#[tokio::test]
async fn a_call_can_be_carried_out_and_its_answer_lost() {
    let (platform, alice, _) = alice_and_bob(Settings::default()).await;
    let faults = platform.faults();
    faults.add(rule(Requests::route("send_message"), RequestFault::respond(500).carried_out()).times(1)).unwrap();
    assert_eq!(alice.send("bob", "1").await.status, 500);
    assert_eq!(platform.undelivered("bob"), 1);
    alice.send("bob", "1").await.ok(200); // A replay: it was stored the first time.
}

#[tokio::test]
async fn rules_are_for_routes_methods_paths_and_agents() {
    let (platform, alice, bob) = alice_and_bob(Settings::default()).await;
    let faults = platform.faults();
    let cases = [
        (Requests::route("get_me"), [true, false, false, true]),
        (Requests::route("get_agent"), [false, true, false, false]),
        (Requests::path("/v1/agents/*"), [true, true, false, true]),
        (Requests::path("/v1/**").method("get"), [true, true, true, true]),
        (Requests::any().method("POST"), [false; 4]),
        (Requests::any().agent("@Alice"), [true, true, true, false]),
    ];
    for (on, expected) in cases {
        let id = faults.add(rule(on.clone(), RequestFault::respond(418))).unwrap();
        let replies = [
            alice.get("/v1/agents/me").await,
            alice.get("/v1/agents/bob").await,
            alice.get("/v1/conversations").await,
            bob.get("/v1/agents/me").await,
        ];
        assert_eq!(replies.map(|reply| reply.status == 418), expected, "{on:?}");
        faults.remove(id).expect("still there");
    }
}

#[tokio::test]
async fn a_connection_can_be_closed_or_reset_instead_of_answered() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let faults = platform.faults();
    faults.add(rule(Requests::route("get_me"), RequestFault::close()).times(1)).unwrap();
    let (bytes, end) = raw(&platform, &get_me(&alice)).await;
    assert!(bytes.is_empty() && end.is_ok(), "{bytes:?} {end:?}");
    faults.add(rule(Requests::route("get_me"), RequestFault::reset()).times(1)).unwrap();
    let (bytes, end) = raw(&platform, &get_me(&alice)).await;
    assert!(bytes.is_empty());
    assert_eq!(end.unwrap_err().kind(), std::io::ErrorKind::ConnectionReset);
    alice.get("/v1/agents/me").await.ok(200);
}

#[tokio::test]
async fn a_body_can_be_cut_off() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let whole = alice.get("/v1/agents/me").await;
    let cut = RequestFault::body(BodyFault::Truncate { after: 10 });
    platform.faults().add(rule(Requests::route("get_me"), cut)).unwrap();
    let (bytes, _) = raw(&platform, &get_me(&alice)).await;
    let text = String::from_utf8(bytes).unwrap();
    let (head, body) = text.split_once("\r\n\r\n").expect("a head");
    assert!(head.contains(&format!("content-length: {}", whole.body.len())), "{head}");
    assert_eq!(body.as_bytes(), &whole.body[..10]);
}

#[tokio::test]
async fn answers_can_be_late_in_their_middle_or_in_drops() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    let whole = alice.get("/v1/agents/me").await.body;
    let soon = Duration::from_millis(2);
    for fault in [
        RequestFault::slow(soon),
        RequestFault::body(BodyFault::Stall { after: 5, wait: Wait::For(soon) }),
        RequestFault::body(BodyFault::Drip { bytes: 100, every: soon }),
        RequestFault::body(BodyFault::Drip { bytes: 0, every: Duration::ZERO }),
    ] {
        platform.faults().clear();
        let id = platform.faults().add(rule(Requests::any(), fault.clone())).unwrap();
        assert_eq!(alice.get("/v1/agents/me").await.body, whole, "{fault:?}");
        assert_eq!(platform.faults().hits(id).unwrap().applied, 1);
    }
}

#[tokio::test]
async fn silence_lasts_until_the_platform_stops() {
    let platform = start(Settings::default()).await;
    let alice = agent(&platform, "alice");
    for fault in [
        RequestFault::silence(),
        RequestFault { wait: Wait::Forever, ..RequestFault::respond(200) },
        RequestFault::body(BodyFault::Stall { after: 3, wait: Wait::Forever }),
    ] {
        platform.faults().add(rule(Requests::route("get_me"), fault).times(1)).unwrap();
    }
    let mut waiting = Vec::new();
    for _ in 0..3 {
        let (platform, request) = (platform.clone(), get_me(&alice));
        waiting.push(tokio::spawn(async move { raw(&platform, &request).await }));
    }
    for listed in platform.faults().list() {
        timeout(PATIENCE, platform.faults().applied(listed.id, 1)).await.expect("applied in time");
    }
    assert!(waiting.iter().all(|one| !one.is_finished()));
    timeout(PATIENCE, platform.shutdown()).await.expect("silence does not keep the platform");
    for one in waiting {
        let _ = one.await.expect("no panic");
    }
}

#[tokio::test]
async fn an_upgrade_can_be_refused() {
    let platform = start(Settings::default()).await;
    platform.faults().add(rule(Requests::route("ws"), RequestFault::respond(503)).times(1)).unwrap();
    let upgrade = "GET /v1/ws HTTP/1.1\r\nhost: l\r\nconnection: upgrade, close\r\nupgrade: websocket\r\n\
                   sec-websocket-version: 13\r\nsec-websocket-key: AAAAAAAAAAAAAAAAAAAAAA==\r\n\r\n";
    let (bytes, _) = raw(&platform, upgrade).await;
    assert!(bytes.starts_with(b"HTTP/1.1 503 "), "{}", String::from_utf8_lossy(&bytes));
}
