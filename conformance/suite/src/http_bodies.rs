//! Bodies over HTTP/1.1: how they stream, how large they may be, and what a broken one leaves of its answer.

use std::net::SocketAddr;
use std::time::Duration;

use agentchat_driver::{BodyLimit, Outgoing, Transport};
use agentchat_engine::rest::{GetMessages, RetryPolicy};
use agentchat_engine::{CallOptions, Error, FaultKind, WasSent};
use axum::http::Request;
use bytes::Bytes;
use futures_util::future::join;
use futures_util::{StreamExt, TryStreamExt};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::sync::mpsc;

use super::adapter::{Adapter, client, direct};
use super::http::{ALICE, exchange};
use super::server::{answer, read_request, serve};

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
