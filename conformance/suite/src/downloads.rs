//! Downloads from stores that send parts, break off, contradict themselves or have another file meanwhile: over HTTP/1.1,
//! TLS and HTTP/2 alike, what is reported as success is the file, and what was there before is replaced by nothing less.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use agentchat_driver::engine::TransferError;
use agentchat_driver::{Client, Download};
use agentchat_engine::rest::RetryPolicy;
use agentchat_engine::transfer::TransferOptions;
use agentchat_engine::{ApiKey, Context};
use agentchat_net::Net;
use agentchat_net::rustls::ClientConfig;
use axum::http::{Request, Response};
use bytes::Bytes;
use futures_util::{AsyncWriteExt, StreamExt, stream};
use http_body_util::combinators::BoxBody;
use http_body_util::{BodyExt, Full, StreamBody};
use hyper::body::{Frame, Incoming};
use hyper::server::conn::{http1, http2};
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use tokio::sync::watch;
use tokio_util::compat::FuturesAsyncReadCompatExt;

use super::adapter::{Adapter, client, direct};
use super::certificate;
use super::server::{read_request, serve};
use super::tls::accept_tls;

type Body = BoxBody<Bytes, io::Error>;

/// The file's size in the reported case.
const SIZE: usize = 10_240;

/// Where the first answer breaks off.
const CUT: usize = 4_000;

/// A version of the file: all begin alike, and go on differently after so many bytes.
fn version(differs_at: usize) -> Vec<u8> {
    (0..SIZE).map(|at| if at < differs_at { (at / 7) as u8 } else { 0xFF }).collect()
}

/// One answer of the store.
#[derive(Clone)]
struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    breaks_off: bool,
}

impl Answer {
    /// The file as a whole.
    fn whole(file: &[u8]) -> Self {
        Self { status: 200, headers: vec![], body: file.to_vec(), breaks_off: false }
    }

    /// As much of the file as comes before the connection breaks.
    fn broken(file: &[u8]) -> Self {
        Self { body: file[..CUT].to_vec(), breaks_off: true, ..Self::whole(file) }.with("content-length", SIZE)
    }

    /// A part of the file with this `Content-Range`.
    fn part(file: &[u8], first: usize, last: usize, range: &str) -> Self {
        Self { status: 206, body: file[first..=last].to_vec(), ..Self::whole(file) }.with("content-range", range)
    }

    fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    fn tagged(self, tag: &str) -> Self {
        self.with("etag", tag)
    }

    /// Breaks off once the bytes before have been written: what is on its way may be lost with a connection.
    fn response(self, mut written: watch::Receiver<u64>) -> Response<Body> {
        let pieces: Vec<_> =
            self.body.chunks(1_500).map(|piece| Ok(Frame::data(Bytes::copy_from_slice(piece)))).collect();
        let cut = self.breaks_off.then_some(async move {
            // The test may be over.
            let _ = written.wait_for(|bytes| *bytes >= CUT as u64).await;
            Err(io::Error::other("cut"))
        });
        let mut response = Response::builder().status(self.status);
        for (name, value) in self.headers {
            response = response.header(name, value);
        }
        let body = stream::iter(pieces).chain(stream::iter(cut).then(|cut| cut));
        response.body(BodyExt::boxed(StreamBody::new(body))).unwrap()
    }
}

/// What the store was asked for: `Range` and `If-Range`, request by request.
type Asked = Arc<Mutex<Vec<(Option<String>, Option<String>)>>>;

#[derive(Clone, Copy, Debug)]
enum Wire {
    Http1,
    Tls,
    Http2,
}

/// What the store answers, one after the other, the last for ever; and how much of it has been written.
struct Script {
    answers: Vec<Answer>,
    written: watch::Receiver<u64>,
}

/// Sends to itself for every file, and plays its script.
fn respond(script: &Script, asked: &Asked, base: &str, request: &Request<Incoming>) -> Response<Body> {
    if request.uri().path() != "/f" {
        let nothing = Full::new(Bytes::new()).map_err(|never| match never {}).boxed();
        return Response::builder().status(302).header("location", format!("{base}/f?sig=hush")).body(nothing).unwrap();
    }
    assert!(!request.headers().contains_key("authorization"));
    let header = |name| request.headers().get(name).map(|value| value.to_str().unwrap().to_owned());
    let mut asked = asked.lock().unwrap();
    let answer = script.answers.get(asked.len()).or(script.answers.last()).unwrap().clone();
    asked.push((header("range"), header("if-range")));
    answer.response(script.written.clone())
}

/// A platform that is its own store.
fn store<A: Adapter>(wire: Wire, script: Script) -> (Client<Net<A::Runtime>>, Asked) {
    let (script, asked) = (Arc::new(script), Asked::default());
    let shared = Arc::clone(&asked);
    let service = move |base: String| {
        let (script, asked) = (Arc::clone(&script), Arc::clone(&shared));
        service_fn(move |request| {
            let answer = respond(&script, &asked, &base, &request);
            async { Ok::<_, Infallible>(answer) }
        })
    };
    // Connections end with the client or a cut; how is of no interest.
    if let Wire::Http1 = wire {
        let address = serve(move |_, stream| {
            let service = service(format!("http://{}", stream.local_addr().unwrap()));
            async { drop(http1::Builder::new().serve_connection(TokioIo::new(stream), service).await) }
        });
        return (client::<A>(address), asked);
    }
    let (tls, config) = certificate::made();
    let h2 = matches!(wire, Wire::Http2);
    let address = accept_tls(tls, &[if h2 { b"h2" } else { b"http/1.1" }], move |tls| {
        let service = service(local(tls.get_ref().0.get_ref().local_addr().unwrap()));
        let io = TokioIo::new(tls.compat());
        async move {
            if h2 {
                drop(http2::Builder::new(TokioExecutor::new()).serve_connection(io, service).await);
            } else {
                drop(http1::Builder::new().serve_connection(io, service).await);
            }
        }
    });
    (trusting::<A>(address, config), asked)
}

fn local(address: SocketAddr) -> String {
    format!("https://localhost:{}", address.port())
}

fn trusting<A: Adapter>(address: SocketAddr, config: Arc<ClientConfig>) -> Client<Net<A::Runtime>> {
    let key = ApiKey::new("ac_key").unwrap();
    direct::<A>().tls(config).build(Context::builder().api_key(key).base_url(local(address)).build().unwrap())
}

fn download() -> Download {
    let retry = RetryPolicy::default().base(Duration::from_millis(1));
    Download::new("att_1").options(TransferOptions::default().retry(retry))
}

/// Downloads to where an old file is. A failure must leave it as it was, and nothing beside it.
async fn fetch<A: Adapter>(wire: Wire, answers: Vec<Answer>) -> (Result<Vec<u8>, TransferError>, Asked) {
    let (tell, written) = watch::channel(0);
    let (client, asked) = store::<A>(wire, Script { answers, written });
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("file");
    std::fs::write(&path, "old").unwrap();
    let result = client.download_to(download().on_progress(move |at| _ = tell.send_replace(at.bytes)), &path).await;
    let there = std::fs::read(&path).unwrap();
    assert_eq!(std::fs::read_dir(folder.path()).unwrap().count(), 1, "no part of a download is left");
    match result {
        Ok(received) => {
            assert_eq!(received.file.size, there.len() as u64);
            assert_eq!(received.attempts as usize, asked.lock().unwrap().len());
            (Ok(there), asked)
        }
        Err(error) => {
            assert_eq!(there, b"old", "{error:?}");
            (Err(error), asked)
        }
    }
}

pub(super) async fn parts_are_joined_if_they_are_of_one_file_and_asked_for_until_it_is_whole<A: Adapter>() {
    let file = version(SIZE);
    let tag = "\"v1\"";
    let whole = || Answer::whole(&file).tagged(tag);
    let broken = || Answer::broken(&file).tagged(tag);
    let rest = "bytes 4000-10239/10240";
    let from = |first: usize| Some(format!("bytes={first}-"));
    let cases = [
        (
            "less than was asked for",
            vec![
                broken(),
                Answer::part(&file, 4_000, 5_999, "bytes 4000-5999/10240").tagged(tag),
                Answer::part(&file, 6_000, 6_000, "bytes 6000-6000/*").tagged(tag),
                Answer::part(&file, 6_001, 10_239, "bytes 6001-10239/10240").tagged(tag),
            ],
            vec![None, from(4_000), from(6_000), from(6_001)],
        ),
        (
            "the range promises more than the length",
            vec![broken(), Answer::part(&file, 4_000, 5_999, rest).with("content-length", 2_000).tagged(tag), whole()],
            vec![None, from(4_000), None],
        ),
        (
            "the range promises more than comes",
            vec![
                broken(),
                Answer::part(&file, 4_000, 5_999, rest).tagged(tag),
                Answer::part(&file, 6_000, 10_239, "bytes 6000-10239/10240").tagged(tag),
            ],
            vec![None, from(4_000), from(6_000)],
        ),
        (
            "nothing says which file the part is of",
            vec![broken(), Answer::part(&file, 4_000, 10_239, rest), whole()],
            vec![None, from(4_000), None],
        ),
        ("the store cannot send parts", vec![broken(), whole()], vec![None, from(4_000)]),
        ("no tag", vec![Answer::broken(&file), Answer::broken(&file), Answer::whole(&file)], vec![None, None, None]),
        ("a weak tag", vec![Answer::broken(&file).tagged("W/\"v1\""), whole()], vec![None, None]),
    ];
    for wire in [Wire::Http1, Wire::Tls, Wire::Http2] {
        for (name, answers, ranges) in &cases {
            let (result, asked) = fetch::<A>(wire, answers.clone()).await;
            assert!(result.is_ok_and(|there| there == file), "{name} over {wire:?}");
            let asked = asked.lock().unwrap();
            assert_eq!(
                asked.iter().map(|(range, _)| range.clone()).collect::<Vec<_>>(),
                *ranges,
                "{name} over {wire:?}"
            );
            let conditions =
                asked.iter().all(|(range, condition)| range.is_some() == (condition.as_deref() == Some(tag)));
            assert!(conditions, "a part is asked for of one file only: {asked:?}");
        }
    }
}

pub(super) async fn another_file_in_place_of_the_first_is_no_success<A: Adapter>() {
    let (file, other) = (version(SIZE), version(100));
    let broken = || Answer::broken(&file).tagged("\"v1\"");
    let cases = [
        ("smaller", vec![broken(), Answer::part(&file, 4_000, 4_002, "bytes 4000-4002/4003").tagged("\"v1\"")]),
        ("larger", vec![broken(), Answer::part(&file, 4_000, 10_239, "bytes 4000-10239/10241").tagged("\"v1\"")]),
        ("another tag", vec![broken(), Answer::part(&file, 4_000, 10_239, "bytes 4000-10239/10240").tagged("\"v2\"")]),
        ("another tag of the whole", vec![broken(), Answer::whole(&file).tagged("\"v2\"")]),
        ("another beginning", vec![Answer::broken(&file), Answer::whole(&other)]),
        ("smaller as a whole", vec![Answer::broken(&file), Answer::whole(&file[..SIZE - 1])]),
        ("smaller than what was received", vec![Answer::broken(&file), Answer::whole(&file[..100])]),
    ];
    for wire in [Wire::Http1, Wire::Tls, Wire::Http2] {
        for (name, answers) in &cases {
            let (result, asked) = fetch::<A>(wire, answers.clone()).await;
            assert!(matches!(result, Err(TransferError::Changed)), "{name} over {wire:?}: {result:?}");
            assert_eq!(asked.lock().unwrap().len(), 2, "{name} over {wire:?}");
        }
        let (result, asked) = fetch::<A>(wire, vec![Answer::broken(&file)]).await;
        assert!(matches!(result, Err(TransferError::Transport { attempts: 4, .. })), "{wire:?}: {result:?}");
        assert_eq!(asked.lock().unwrap().len(), 4);
    }
}

pub(super) async fn an_encoding_that_was_not_asked_for_is_refused<A: Adapter>() {
    for wire in [Wire::Http1, Wire::Tls, Wire::Http2] {
        let (result, _) = fetch::<A>(wire, vec![Answer::whole(b"\x1f\x8b").with("content-encoding", "gzip")]).await;
        assert!(matches!(result, Err(TransferError::Encoded)), "{wire:?}: {result:?}");
    }
}

/// A body that ends with its connection is whole only if TLS says so.
pub(super) async fn a_tls_connection_that_is_cut_is_no_end_of_a_file<A: Adapter>() {
    let (tls, config) = certificate::made();
    let requests = Arc::new(Mutex::new(0));
    let address = accept_tls(tls, &[b"http/1.1"], move |tls| {
        let requests = Arc::clone(&requests);
        async move {
            let base = local(tls.get_ref().0.get_ref().local_addr().unwrap());
            let mut tls = tls.compat();
            let request = read_request(&mut tls).await;
            let mut tls = tls.into_inner();
            if !request.starts_with("GET /f?") {
                // Told, so that the connection is not taken for the next request.
                let head = "HTTP/1.1 302 Found\r\nconnection: close\r\ncontent-length: 0\r\nlocation";
                let found = format!("{head}: {base}/f?sig=hush\r\n\r\n");
                tls.write_all(found.as_bytes()).await.unwrap();
                return tls.close().await.unwrap();
            }
            let cut = {
                let mut requests = requests.lock().unwrap();
                *requests += 1;
                *requests == 1
            };
            let answer: &[u8] = if cut { b"HTTP/1.1 200 OK\r\n\r\nabc" } else { b"HTTP/1.1 200 OK\r\n\r\nabcdef" };
            tls.write_all(answer).await.unwrap();
            tls.flush().await.unwrap();
            if !cut {
                tls.close().await.unwrap();
            }
        }
    });
    let mut written = Vec::new();
    let received = trusting::<A>(address, config).download(download(), &mut written).await.unwrap();
    assert_eq!((written.as_slice(), received.attempts), (&b"abcdef"[..], 2));
}
