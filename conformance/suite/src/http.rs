//! HTTP/1.1: answers, retries, connections, and what each failure is taken for.

use std::net::SocketAddr;
use std::time::Duration;

use agentchat_driver::{BodyLimit, Transport};
use agentchat_engine::rest::{RetryPolicy, SendMessage};
use agentchat_engine::{CallOptions, Error, Fault, FaultKind, WasSent};
use agentchat_net::Runtime;
use axum::http::{Request, Response};
use bytes::Bytes;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::adapter::{Adapter, client, direct};
use super::server::{answer, answer_and_tell, listen, read_request, serve, servers};

pub(super) const ALICE: &str =
    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 18\r\n\r\n{\"handle\":\"alice\"}";

pub(super) async fn exchange<A: Adapter>(address: SocketAddr, limit: usize) -> Result<Response<Bytes>, Fault> {
    let request = Request::get(format!("http://{address}/secret?also=secret")).body(Bytes::new()).unwrap();
    client::<A>(address).transport().request(request, BodyLimit::new(limit)).await
}

pub(super) async fn a_call_arrives_as_it_should_and_is_answered<A: Adapter>() {
    let (address, mut heard) = answer_and_tell(ALICE);
    let me = client::<A>(address).get_me().await.unwrap();
    assert_eq!((me.handle.as_str(), me.meta.attempts), ("alice", 1));
    let request = heard.recv().await.unwrap().to_lowercase();
    assert!(request.starts_with("get /v1/agents/me http/1.1\r\n"), "{request}");
    assert!(request.contains(&format!("\r\nhost: {address}\r\n")), "{request}");
    assert!(request.contains("\r\nauthorization: bearer ac_key\r\n"), "{request}");
    let runtime = A::Runtime::default();
    assert!(request.contains(&format!(" {}\r\n", runtime.name())), "{request}");
}

/// Some servers refuse a POST that does not say how long it is (RFC 9110, 8.6).
pub(super) async fn a_post_without_a_body_says_so<A: Adapter>() {
    let (address, mut heard) = answer_and_tell(ALICE);
    client::<A>(address).leave_group("grp_1").await.unwrap();
    let request = heard.recv().await.unwrap().to_lowercase();
    assert_eq!(request.matches("\r\ncontent-length: 0\r\n").count(), 1, "{request}");
}

/// Written in one piece, so that a peer which has the head has the body, and neither waits for the other's acknowledgement.
pub(super) async fn a_request_and_its_small_body_arrive_at_once<A: Adapter>() {
    let (tell, mut told) = mpsc::unbounded_channel();
    let address = serve(move |_, mut stream| {
        let tell = tell.clone();
        async move {
            let mut first = vec![0; 64 * 1024];
            let length = stream.read(&mut first).await.unwrap();
            tell.send(String::from_utf8_lossy(&first[..length]).into_owned()).unwrap();
        }
    });
    let once = CallOptions::default().retry(RetryPolicy::never());
    client::<A>(address).with_options(once).send_message(SendMessage::to("bob", "hi")).await.unwrap_err();
    let first = told.recv().await.unwrap();
    assert!(first.starts_with("POST /v1/messages ") && first.ends_with('}'), "{first}");
}

pub(super) async fn a_503_is_retried<A: Adapter>() {
    let address = answer(&["HTTP/1.1 503 Busy\r\nconnection: close\r\ncontent-length: 0\r\n\r\n", ALICE]);
    let retry = RetryPolicy::default().base(Duration::from_millis(1));
    let client = client::<A>(address).with_options(CallOptions::default().retry(retry));
    assert_eq!(client.get_me().await.unwrap().meta.attempts, 2);
}

pub(super) async fn where_nobody_listens_nothing_was_sent<A: Adapter>() {
    let (listener, address) = listen();
    drop(listener);
    let client = client::<A>(address).with_options(CallOptions::default().retry(RetryPolicy::never()));
    match client.get_me().await.unwrap_err() {
        Error::Transport { fault, .. } => assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, WasSent::No)),
        other => panic!("{other:?}"),
    }
}

/// The message was taken whole; what comes after says nothing of that.
pub(super) async fn a_message_that_may_have_arrived_is_never_said_to_be_unsent<A: Adapter>() {
    let retry = RetryPolicy::default().base(Duration::from_millis(1));
    let options = CallOptions::default().retry(retry);
    let told = async |address| {
        let client = client::<A>(address).with_options(options.clone());
        client.send_message(SendMessage::to("bob", "hi")).await.unwrap_err()
    };

    let (listener, address) = listen();
    servers().spawn(async move {
        let (mut stream, _) = listener.accept().await.unwrap();
        read_message(&mut stream).await;
    });
    let error = told(address).await;
    let Error::Transport { fault, attempts: 4, .. } = &error else { panic!("{error:?}") };
    assert_eq!((fault.kind, fault.sent), (FaultKind::Connect, WasSent::No), "all after the first were refused");
    assert!(error.maybe_executed() && error.to_string().ends_with("(an earlier attempt may have arrived)"), "{error}");

    let address = serve(|number, mut stream| async move {
        read_message(&mut stream).await;
        if number > 0 {
            let body = r#"{"code":"BLOCKED","message":"no"}"#;
            let length = body.len();
            let answer = format!("HTTP/1.1 403 Forbidden\r\ncontent-length: {length}\r\n\r\n{body}");
            stream.write_all(answer.as_bytes()).await.unwrap();
        }
    });
    let error = told(address).await;
    assert!(matches!(&error, Error::Api(api) if api.attempts == 2), "{error:?}");
    assert!(error.maybe_executed() && error.to_string().ends_with("(an earlier attempt may have arrived)"), "{error}");
}

/// Reads a request and its body of announced length.
async fn read_message(stream: &mut TcpStream) {
    let head = read_request(stream).await.to_lowercase();
    let length = head.lines().find_map(|line| line.strip_prefix("content-length: "));
    let mut body = vec![0; length.expect("a length").parse().unwrap()];
    stream.read_exact(&mut body).await.unwrap();
}

/// Answers every request of every connection; tells the connection's number with each.
fn keeping() -> (SocketAddr, mpsc::UnboundedReceiver<usize>) {
    let (say, heard) = mpsc::unbounded_channel();
    let address = serve(move |number, mut stream| {
        let say = say.clone();
        async move {
            let mut first = [0];
            while stream.peek(&mut first).await.is_ok_and(|read| read > 0) {
                read_request(&mut stream).await;
                // The test may be over.
                let _ = say.send(number);
                stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 0\r\n\r\n").await.unwrap();
            }
        }
    });
    (address, heard)
}

pub(super) async fn a_connection_is_kept_for_the_next_call<A: Adapter>() {
    let (address, mut heard) = keeping();
    let transport = direct::<A>().transport();
    let mut last = None;
    // A request can overtake the connection on its way back to the pool, but not for ever.
    for _ in 0..100 {
        let request = Request::get(format!("http://{address}/")).body(Bytes::new()).unwrap();
        transport.request(request, BodyLimit::default()).await.unwrap();
        let number = heard.recv().await;
        if number == last {
            return;
        }
        last = number;
    }
    panic!("every request had a connection of its own");
}

pub(super) async fn a_connection_is_not_kept_for_longer_than_asked<A: Adapter>() {
    let (address, mut heard) = keeping();
    let transport = direct::<A>().pool_idle_timeout(Duration::ZERO).transport();
    for expected in 0..3 {
        let request = Request::get(format!("http://{address}/")).body(Bytes::new()).unwrap();
        transport.request(request, BodyLimit::default()).await.unwrap();
        assert_eq!(heard.recv().await, Some(expected));
    }
}

pub(super) async fn an_answer_that_breaks_off_may_have_been_acted_upon<A: Adapter>() {
    for broken in ["", "HTTP/1.1 200 OK\r\ncontent-le", "HTTP/1.1 200 OK\r\ncontent-length: 18\r\n\r\n{\"handle"] {
        let fault = exchange::<A>(answer(Box::leak(Box::new([broken]))), 100).await.unwrap_err();
        assert_eq!((fault.kind, fault.sent), (FaultKind::Io, WasSent::Maybe), "{broken}");
        assert!(!fault.message.contains("secret"), "{fault}");
    }
}

pub(super) async fn what_is_not_http_is_a_protocol_fault<A: Adapter>() {
    let fault = exchange::<A>(answer(&["SSH-2.0-OpenSSH_9.9\r\n\r\n"]), 100).await.unwrap_err();
    assert_eq!((fault.kind, fault.sent), (FaultKind::Protocol, WasSent::Maybe));
}

pub(super) async fn redirects_are_not_followed<A: Adapter>() {
    let moved = "HTTP/1.1 307 Moved\r\nlocation: http://127.0.0.1:1/\r\ncontent-length: 0\r\n\r\n";
    let response = exchange::<A>(answer(Box::leak(Box::new([moved]))), 100).await.unwrap();
    assert_eq!(response.status(), 307);
}

pub(super) async fn a_name_is_looked_up<A: Adapter>() {
    let address = answer(&[ALICE]);
    let request = Request::get(format!("http://localhost:{}/", address.port())).body(Bytes::new()).unwrap();
    let answered = client::<A>(address).transport().request(request, BodyLimit::default()).await;
    assert_eq!(answered.unwrap().status(), 200);
}
