//! `agentchat listen --forward-to`.

use std::collections::VecDeque;
use std::sync::{Arc, Mutex};

use agentchat_local::RawFrame;
use agentchat_tokio::engine::UnixTime;
use agentchat_tokio::engine::types::PlatformEvent;
use agentchat_tokio::engine::webhook::{Verifier, WebhookSecret, sign_body};
use axum::Router;
use axum::body::Bytes;
use axum::http::{HeaderMap, StatusCode};
use axum::response::Redirect;
use axum::routing::post;
use tokio::sync::mpsc::{UnboundedReceiver, unbounded_channel};

use crate::scene::{Scene, TempFile};

const SECRET: &str = "a-webhook-secret";

/// A web server that gives the answers it was given, in turn, and 204 from then on.
struct Endpoint {
    url: String,
    posts: UnboundedReceiver<(HeaderMap, Bytes)>,
}

impl Endpoint {
    async fn answering(statuses: &[u16]) -> Self {
        let answers: VecDeque<_> = statuses.iter().map(|status| StatusCode::from_u16(*status).unwrap()).collect();
        let answers = Arc::new(Mutex::new(answers));
        let (seen, posts) = unbounded_channel();
        let hook = move |headers: HeaderMap, body: Bytes| async move {
            seen.send((headers, body)).unwrap();
            answers.lock().unwrap().pop_front().unwrap_or(StatusCode::NO_CONTENT)
        };
        let app = Router::new().route("/hook", post(hook)).route("/moved", post(|| async { Redirect::to("/hook") }));
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let url = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, app).await });
        Self { url, posts }
    }
}

fn now() -> UnixTime {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH).unwrap();
    UnixTime::from_millis(now.as_millis() as i64)
}

#[tokio::test]
async fn each_message_is_posted_signed_until_it_is_taken() {
    let scene = Scene::new().await;
    let secret = TempFile::with("secret", &format!("{SECRET}\n"));
    let mut endpoint = Endpoint::answering(&[500]).await;
    scene.alice_says("one").await;
    let to = format!("{}/hook?from=agentchat", endpoint.url);
    let mut bob = scene.bob_listens(&["--json", "--forward-to", &to, "--secret-file", secret.path()]);
    assert_eq!(bob.json("message.new").await["payload"]["content"]["text"], "one");
    scene.settled().await;

    let (refused, body) = endpoint.posts.recv().await.unwrap();
    let (taken, again) = endpoint.posts.recv().await.unwrap();
    assert_eq!(body, again, "the same message");
    assert_eq!(refused["x-agentchat-delivery"], taken["x-agentchat-delivery"], "whose id is the same on every try");
    assert!(taken["x-agentchat-delivery"].to_str().unwrap().starts_with("whd_"));
    assert_eq!(
        (&taken["x-agentchat-event"], &taken["content-type"]),
        (&"message.new".parse().unwrap(), &"application/json".parse().unwrap())
    );
    let secret = WebhookSecret::new(SECRET).unwrap();
    assert_eq!(taken["x-agentchat-signature"], sign_body(&secret, &again), "the older form");
    assert!(!taken.contains_key("authorization"));
    let verifier = Verifier::new([secret]).unwrap().require_timestamp(true);
    let event = verifier.verify_headers(&taken, &again, now()).unwrap();
    let PlatformEvent::MessageNew(message) = event.typed().unwrap() else { panic!("{event:?}") };
    assert_eq!(message.content.text.as_deref(), Some("one"));
    assert_eq!(event.timestamp, message.created_at);
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn other_events_are_posted_too_but_those_of_the_moment() {
    let scene = Scene::new().await;
    let secret = TempFile::with("secret-of-events", SECRET);
    let mut endpoint = Endpoint::answering(&[]).await;
    let to = format!("{}/hook", endpoint.url);
    let mut bob = scene.bob_listens(&["--json", "--forward-to", &to, "--secret-file", secret.path()]);
    bob.json("client.caught_up").await;
    for kind in ["typing.start", "message.read"] {
        let frame = format!(r#"{{"type":"{kind}","payload":{{"read_by":"alice"}}}}"#);
        scene.platform.push_raw("bob", RawFrame::Text(frame));
    }
    let (headers, body) = endpoint.posts.recv().await.unwrap();
    assert_eq!(headers["x-agentchat-event"], "message.read");
    let verifier = Verifier::new([WebhookSecret::new(SECRET).unwrap()]).unwrap();
    let event = verifier.verify_headers(&headers, &body, now()).unwrap();
    assert!(matches!(event.typed().unwrap(), PlatformEvent::MessageRead(_)));
    assert_eq!(bob.terminate().await, 0);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn what_is_not_taken_is_neither_printed_nor_acked() {
    let scene = Scene::new().await;
    let secret = TempFile::with("secret-of-moved", SECRET);
    let endpoint = Endpoint::answering(&[]).await;
    let to = format!("{}/moved", endpoint.url);
    scene.alice_says("one").await;
    let mut bob = scene.bob_listens(&["--json", "--forward-to", &to, "--secret-file", secret.path()]);
    bob.json("client.caught_up").await;
    let (code, lines) = bob.terminate_and_read().await;
    assert_eq!(code, 0);
    assert!(!lines.iter().any(|line| line.contains("message.new")), "a redirect is not followed: {lines:?}");
    assert_eq!(scene.platform.undelivered("bob"), 1);
    scene.platform.shutdown().await;
}

#[tokio::test]
async fn an_address_or_a_secret_that_cannot_be_used_is_wrong_usage() {
    let scene = Scene::new().await;
    let secret = TempFile::with("secret-of-usage", SECRET);
    let empty = TempFile::with("secret-empty", " \n");
    for arguments in [
        &["--forward-to", "http://example.com/hook", "--secret-file", secret.path()][..],
        &["--forward-to", "ftp://localhost/hook", "--secret-file", secret.path()],
        &["--forward-to", "/hook", "--secret-file", secret.path()],
        &["--forward-to", "http://localhost:80443/hook", "--secret-file", secret.path()],
        &["--forward-to", "https://u:pw@localhost/hook", "--secret-file", secret.path()],
        &["--forward-to", "https://localhost/hook", "--secret-file", empty.path()],
        &["--forward-to", "https://localhost/hook", "--secret-file", "/nowhere"],
        &["--forward-to", "https://localhost/hook"],
        &["--secret-file", secret.path()],
        &["--forward-to", "https://localhost/hook", "--secret-file", secret.path(), "--exec", "true"],
    ] {
        let (code, said) = scene.bob_fails_to_listen(arguments).await;
        assert_eq!(code, 2, "{arguments:?}: {said}");
        assert!(!said.contains(SECRET), "{said}");
    }
    scene.platform.shutdown().await;
}
