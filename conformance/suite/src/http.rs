//! HTTP/1.1: answers, retries, and what each failure is taken for.

use std::net::SocketAddr;
use std::time::Duration;

use agentchat_driver::{BodyLimit, Outgoing, Transport};
use agentchat_engine::rest::{GetMessages, RetryPolicy, SendMessage};
use agentchat_engine::{CallOptions, Error, Fault, FaultKind, WasSent};
use agentchat_net::Runtime;
use axum::http::{Request, Response};
use bytes::Bytes;
use futures_util::future::join;
use futures_util::{StreamExt, TryStreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpStream;
use tokio::sync::mpsc;

use super::adapter::{Adapter, client, direct};
use super::server::{answer, answer_and_tell, listen, read_request, serve, servers};

pub(super) const ALICE: &str =
    "HTTP/1.1 200 OK\r\nconnection: close\r\ncontent-length: 18\r\n\r\n{\"handle\":\"alice\"}";

async fn exchange<A: Adapter>(address: SocketAddr, limit: usize) -> Result<Response<Bytes>, Fault> {
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

pub(super) async fn a_body_above_the_limit_is_refused_whether_announced_or_not<A: Adapter>() {
    let announced = answer(&[ALICE]);
    let chunked = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n9\r\n123456789\r\n9\r\n123456789\r\n0\r\n\r\n";
    let chunked = answer(Box::leak(Box::new([chunked])));
    for address in [announced, chunked] {
        assert_eq!(exchange::<A>(address, 18).await.unwrap().body().len(), 18);
        let fault = exchange::<A>(address, 17).await.unwrap_err();
        assert_eq!((fault.kind, fault.sent), (FaultKind::TooLarge, WasSent::Maybe));
    }
}

/// Answers with this head and then so many spaces, or until the client has heard enough.
fn answer_at_length(head: &'static str, length: usize) -> SocketAddr {
    serve(move |_, mut stream| async move {
        read_request(&mut stream).await;
        let _ = stream.write_all(head.as_bytes()).await;
        let chunk = [b' '; 64 * 1024];
        let chunked = head.contains("chunked");
        for _ in 0..length / chunk.len() {
            let written = match chunked {
                true => stream.write_all(&[b"10000\r\n", &chunk[..], b"\r\n"].concat()).await,
                false => stream.write_all(&chunk).await,
            };
            if written.is_err() {
                return;
            }
        }
        if chunked {
            let _ = stream.write_all(b"0\r\n\r\n").await;
        }
    })
}

/// Fifty megabytes of an error page: what the head says is the error.
pub(super) async fn an_error_keeps_its_status_however_large_its_body_is<A: Adapter>() {
    const ANNOUNCED: &str = "HTTP/1.1 500 Oh\r\nconnection: close\r\nx-request-id: req_1\r\nretry-after: 7\r\ncontent-length: 52428800\r\n\r\n";
    const CHUNKED: &str = "HTTP/1.1 500 Oh\r\nconnection: close\r\nx-request-id: req_1\r\nretry-after: 7\r\ntransfer-encoding: chunked\r\n\r\n";
    for head in [ANNOUNCED, CHUNKED] {
        let once = CallOptions::default().retry(RetryPolicy::never());
        let client = client::<A>(answer_at_length(head, 50 * 1024 * 1024)).with_options(once);
        let error = client.get_me().await.unwrap_err();
        let Error::Api(api) = &error else { panic!("{error:?}") };
        assert_eq!((api.status, api.request_id.as_deref()), (500, Some("req_1")));
        assert_eq!((api.retry_after, &api.details), (Some(Duration::from_secs(7)), &None));
        assert!(api.message.contains("larger than 1048576 bytes"), "{api}");
    }
}

/// Broken off, ambiguous, or cut in the middle of a chunk: a refusal stays one, and a `Retry-After` is obeyed.
pub(super) async fn an_error_keeps_its_status_if_its_body_breaks_off<A: Adapter>() {
    for rest in [
        "content-length: 100\r\n\r\n{\"code\":",
        "transfer-encoding: chunked\r\n\r\n9\r\n{\"code\"",
        "transfer-encoding: chunked\r\ncontent-length: 2\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
    ] {
        let refused = &*format!("HTTP/1.1 403 No\r\nconnection: close\r\nx-request-id: req_1\r\n{rest}").leak();
        let error = client::<A>(answer(Box::leak(Box::new([refused])))).get_me().await.unwrap_err();
        let Error::Api(api) = &error else { panic!("{rest}: {error:?}") };
        assert_eq!((api.status, api.attempts, api.request_id.as_deref()), (403, 1, Some("req_1")));
        let busy = &*format!("HTTP/1.1 503 Busy\r\nconnection: close\r\nretry-after: 0\r\n{rest}").leak();
        let me = client::<A>(answer(Box::leak(Box::new([busy, ALICE])))).get_me().await.unwrap();
        assert_eq!(me.meta.attempts, 2, "{rest}");
    }
}

/// An agent's own account takes a few hundred bytes, whatever other answers may take.
pub(super) async fn an_answer_may_be_as_large_as_its_endpoint_has_it<A: Adapter>() {
    const HEAD: &str = "HTTP/1.1 200 OK\r\nconnection: close\r\nx-request-id: req_1\r\ncontent-length: 2097152\r\n\r\n";
    let address = answer_at_length(HEAD, 2 * 1024 * 1024);
    let error = client::<A>(address).get_me().await.unwrap_err();
    assert_eq!(error.request_id(), Some("req_1"));
    match error {
        Error::Transport { fault, attempts: 1, .. } => {
            assert_eq!((fault.kind, fault.status, fault.sent), (FaultKind::TooLarge, Some(200), WasSent::Maybe));
        }
        other => panic!("{other:?}"),
    }
    // The same length is not too many for a page of messages, but these are no messages.
    match client::<A>(address).get_messages(GetMessages::new("conv_1")).await.unwrap_err() {
        Error::Undecodable { status: 200, .. } => {}
        other => panic!("{other:?}"),
    }
}

pub(super) async fn a_client_can_have_a_lower_limit<A: Adapter>() {
    let address = answer(&[ALICE]);
    let request = || Request::get(format!("http://{address}/")).body(Bytes::new()).unwrap();
    for (limit, expected) in [(18, None), (17, Some(FaultKind::TooLarge))] {
        let transport = direct::<A>().response_limit(limit).transport();
        let answered = transport.request(request(), BodyLimit::default()).await;
        assert_eq!(answered.err().map(|fault| fault.kind), expected);
    }
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

pub(super) async fn a_body_whose_end_is_a_matter_of_opinion_is_refused<A: Adapter>() {
    for fields in [
        "transfer-encoding: chunked\r\ncontent-length: 7\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "content-length: 2\r\ntransfer-encoding: chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "transfer-encoding: gzip, chunked\r\n\r\n2\r\n{}\r\n0\r\n\r\n",
        "transfer-encoding: gzip\r\n\r\n{}",
        "content-length: 2\r\ncontent-length: 3\r\n\r\n{}",
        "content-length: +2\r\n\r\n{}",
    ] {
        let broken = &*format!("HTTP/1.1 200 OK\r\n{fields}").leak();
        let fault = exchange::<A>(answer(Box::leak(Box::new([broken]))), 100).await.unwrap_err();
        assert_eq!((fault.kind, fault.sent), (FaultKind::Protocol, WasSent::Maybe), "{fields}");
    }
    // A caller that asks for the status only gets it.
    let both = "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\ncontent-length: 7\r\n\r\n2\r\n{}\r\n0\r\n\r\n";
    let address = answer(Box::leak(Box::new([both])));
    let request = Request::get(format!("http://{address}/")).body(Outgoing::from(Bytes::new())).unwrap();
    let response = client::<A>(address).transport().exchange(request).await.unwrap();
    assert_eq!(response.status(), 200);
    let read: Vec<_> = response.into_body().map(|chunk| chunk.map_err(|fault| fault.kind)).collect().await;
    assert_eq!(read, [Err(FaultKind::Protocol)]);
    for taken in [
        "HTTP/1.1 200 OK\ncontent-length: 2\n\n{}",
        "HTTP/1.1 200 OK\r\ntransfer-encoding: Chunked\r\n\r\n000000000000000000000002\r\n{}\r\n0\r\n\r\n",
    ] {
        let response = exchange::<A>(answer(Box::leak(Box::new([taken]))), 100).await.unwrap();
        assert_eq!(response.body().as_ref(), b"{}", "{taken}");
    }
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

pub(super) async fn bodies_stream_both_ways<A: Adapter>() {
    let (say, mut heard) = mpsc::unbounded_channel();
    let address = serve(move |_, mut stream| {
        let say = say.clone();
        async move {
            say.send(read_request(&mut stream).await).unwrap();
            for announced in [b"ab", b"cd"] {
                let mut chunk = [0; 2];
                stream.read_exact(&mut chunk).await.unwrap();
                assert_eq!(&chunk, announced);
                say.send(String::new()).unwrap();
            }
            stream.write_all(b"HTTP/1.1 200 OK\r\ncontent-length: 4\r\n\r\nef").await.unwrap();
            stream.write_all(b"gh").await.unwrap();
        }
    });
    let (mut feed, body) = Outgoing::fed(4);
    let client = client::<A>(address);
    let exchange = client.transport().exchange(Request::put(format!("http://{address}/")).body(body).unwrap());
    let feeding = async {
        assert!(feed.push(Bytes::from_static(b"ab")).await);
        assert!(heard.recv().await.unwrap().to_lowercase().contains("content-length: 4"));
        heard.recv().await.unwrap();
        assert!(feed.push(Bytes::from_static(b"cd")).await, "the first chunk arrived before the second was there");
        heard.recv().await.unwrap();
    };
    let (answer, ()) = join(exchange, feeding).await;
    let answer: Vec<Bytes> = answer.unwrap().into_body().try_collect().await.unwrap();
    assert_eq!(answer.concat(), b"efgh");
}

pub(super) async fn a_body_that_is_cut_short_is_no_whole_request<A: Adapter>() {
    let address = serve(|_, mut stream| async move {
        read_request(&mut stream).await;
        let mut rest = Vec::new();
        // Ends by a reset or without the announced length.
        let _ = stream.read_to_end(&mut rest).await;
        assert!(rest.len() < 4);
    });
    let (mut feed, body) = Outgoing::fed(4);
    let client = client::<A>(address);
    let exchange = client.transport().exchange(Request::put(format!("http://{address}/")).body(body).unwrap());
    let feeding = async move {
        assert!(feed.push(Bytes::from_static(b"ab")).await);
        drop(feed);
    };
    let (answer, ()) = join(exchange, feeding).await;
    let fault = answer.map(drop).unwrap_err();
    assert_eq!((fault.kind, fault.sent), (FaultKind::Io, WasSent::Maybe));
}
