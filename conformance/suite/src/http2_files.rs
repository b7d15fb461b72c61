//! Files over HTTP/2: flow control both ways, and streams that are reset in the middle while their connection goes on.

use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agentchat_driver::{Download, Upload};
use agentchat_engine::rest::RetryPolicy;
use agentchat_engine::transfer::TransferOptions;
use agentchat_engine::{ApiKey, Context};
use agentchat_net::rustls::ClientConfig;
use axum::http::{Method, Request, Response, Version};
use bytes::Bytes;
use futures_util::stream;
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::http2;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio_util::compat::FuturesAsyncReadCompatExt;

use super::adapter::{Adapter, direct};
use super::certificate;
use super::tls::accept_tls;

/// More than the windows of a connection and all its buffers take at once.
const SIZE: usize = 6 * 1024 * 1024;

/// Where the first attempt of either way breaks off.
const BREAK: usize = 2 * 1024 * 1024;

type Body = BoxBody<Bytes, io::Error>;

/// What the store has, and what was asked of it.
#[derive(Default)]
struct Store {
    connections: AtomicUsize,
    puts: AtomicUsize,
    gets: AtomicUsize,
    file: Mutex<Vec<u8>>,
}

fn reset() -> io::Error {
    io::Error::other("reset")
}

fn answer(status: u16, body: impl Into<Bytes>) -> Response<Body> {
    let body = Full::new(body.into()).map_err(|never| match never {}).boxed();
    Response::builder().status(status).body(body).unwrap()
}

/// Takes a file, but for the first time.
async fn put(store: &Store, mut body: Incoming) -> io::Result<Response<Body>> {
    let first = store.puts.fetch_add(1, Ordering::SeqCst) == 0;
    let mut file = Vec::new();
    while let Some(frame) = body.frame().await {
        file.extend_from_slice(&frame.map_err(io::Error::other)?.into_data().unwrap());
        if first && file.len() >= BREAK {
            return Err(reset());
        }
    }
    *store.file.lock().unwrap() = file;
    Ok(answer(200, ""))
}

/// Gives the file from where it is asked for, in pieces; the first time not to its end.
fn get(store: &Store, request: &Request<Incoming>) -> Response<Body> {
    let first = store.gets.fetch_add(1, Ordering::SeqCst) == 0;
    let file = store.file.lock().unwrap().clone();
    let range = request.headers().get("range").map(|range| range.to_str().unwrap().to_owned());
    let from = range.map(|range| range.strip_prefix("bytes=").unwrap().trim_end_matches('-').parse::<usize>().unwrap());
    assert_eq!(from.is_some(), !first, "it goes on where it was");
    let start = from.unwrap_or(0);
    let end = if first { BREAK } else { file.len() };
    let pieces = file[start..end].chunks(50_000).map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece))));
    let mut pieces: Vec<io::Result<_>> = pieces.collect();
    if first {
        pieces.push(Err(reset()));
    }
    let body = StreamBody::new(stream::iter(pieces)).boxed();
    let answer = Response::builder().status(if first { 200 } else { 206 });
    let total = file.len();
    answer.header("content-range", format!("bytes {start}-{}/{total}", total - 1)).body(body).unwrap()
}

async fn serve_request(store: Arc<Store>, at: String, request: Request<Incoming>) -> io::Result<Response<Body>> {
    assert_eq!(request.version(), Version::HTTP_2);
    let is_file = request.uri().path() == "/f";
    assert_eq!(request.headers().contains_key("authorization"), !is_file, "the store gets no key");
    let url = format!("https://{at}/f?signature=hush");
    match (request.method(), is_file) {
        (&Method::PUT, true) => put(&store, request.into_body()).await,
        (&Method::GET, true) => Ok(get(&store, &request)),
        (&Method::POST, _) => Ok(answer(201, format!(r#"{{"attachment_id":"att_1","upload_url":"{url}"}}"#))),
        _ => {
            let mut found = answer(302, "");
            found.headers_mut().insert("location", url.parse().unwrap());
            Ok(found)
        }
    }
}

/// A platform that is its own store, and speaks nothing but HTTP/2.
fn platform() -> (SocketAddr, Arc<ClientConfig>, Arc<Store>) {
    let (tls, config) = certificate::made();
    let store = Arc::<Store>::default();
    let shared = Arc::clone(&store);
    let address = accept_tls(tls, &[b"h2"], move |tls| {
        let store = Arc::clone(&shared);
        async move {
            let at = format!("localhost:{}", tls.get_ref().0.get_ref().local_addr().unwrap().port());
            store.connections.fetch_add(1, Ordering::SeqCst);
            let service = service_fn(|request| serve_request(Arc::clone(&store), at.clone(), request));
            // Ends with the client; how is of no interest.
            let _ =
                http2::Builder::new(TokioExecutor::new()).serve_connection(TokioIo::new(tls.compat()), service).await;
        }
    });
    (address, config, store)
}

pub(super) async fn files_go_both_ways_on_one_connection_and_go_on_after_a_reset<A: Adapter>() {
    let (address, config, store) = platform();
    let base = format!("https://localhost:{}", address.port());
    let context = Context::builder().api_key(ApiKey::new("ac_key").unwrap()).base_url(base).build().unwrap();
    let client = direct::<A>().tls(config).build(context);
    let retry = RetryPolicy::default().base(Duration::from_millis(1));
    let options = TransferOptions::default().retry(retry);

    let file: Bytes = (0..SIZE).map(|number| (number / 1_000) as u8).collect();
    let upload = Upload::to("bob", file.clone()).filename("numbers.txt").options(options.clone());
    let uploaded = client.upload(upload).await.unwrap();
    assert!(*store.file.lock().unwrap() == file, "the file is there, once");

    let mut copy = Vec::new();
    let download = Download::new("att_1").sha256(uploaded.file.sha256.as_str()).options(options);
    let received = client.download(download, &mut copy).await.unwrap();
    assert!(copy == file && received.attempts == 2);
    let asked = [&store.puts, &store.gets, &store.connections].map(|count| count.load(Ordering::SeqCst));
    assert_eq!(asked, [2, 2, 1], "a reset ends a stream, not the connection");
}
