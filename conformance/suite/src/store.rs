//! A platform that is its own store: it sends a file by a script, over each of the wires that a client downloads over.

use std::convert::Infallible;
use std::io;
use std::net::SocketAddr;
use std::sync::{Arc, Mutex};

use agentchat_driver::Client;
use agentchat_engine::{ApiKey, Context};
use agentchat_net::Net;
use agentchat_net::rustls::ClientConfig;
use axum::http::{Request, Response};
use bytes::Bytes;
use futures_util::{StreamExt, stream};
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
use super::server::serve;
use super::tls::accept_tls;

type Body = BoxBody<Bytes, io::Error>;

/// The file's size in the reported case.
pub(super) const SIZE: usize = 10_240;

/// Where the first answer breaks off.
const CUT: usize = 4_000;

/// A version of the file: all begin alike, and go on differently after so many bytes.
pub(super) fn version(differs_at: usize) -> Vec<u8> {
    (0..SIZE).map(|at| if at < differs_at { (at / 7) as u8 } else { 0xFF }).collect()
}

/// One answer of the store.
#[derive(Clone)]
pub(super) struct Answer {
    status: u16,
    headers: Vec<(&'static str, String)>,
    body: Vec<u8>,
    breaks_off: bool,
}

impl Answer {
    /// The file as a whole.
    pub(super) fn whole(file: &[u8]) -> Self {
        Self { status: 200, headers: vec![], body: file.to_vec(), breaks_off: false }
    }

    /// As much of the file as comes before the connection breaks.
    pub(super) fn broken(file: &[u8]) -> Self {
        Self { body: file[..CUT].to_vec(), breaks_off: true, ..Self::whole(file) }.with("content-length", SIZE)
    }

    /// A part of the file with this `Content-Range`.
    pub(super) fn part(file: &[u8], first: usize, last: usize, range: &str) -> Self {
        Self { status: 206, body: file[first..=last].to_vec(), ..Self::whole(file) }.with("content-range", range)
    }

    pub(super) fn with(mut self, name: &'static str, value: impl ToString) -> Self {
        self.headers.push((name, value.to_string()));
        self
    }

    pub(super) fn tagged(self, tag: &str) -> Self {
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
pub(super) type Asked = Arc<Mutex<Vec<(Option<String>, Option<String>)>>>;

#[derive(Clone, Copy, Debug)]
pub(super) enum Wire {
    Http1,
    Tls,
    Http2,
}

/// What the store answers, one after the other, the last for ever; and how much of it has been written.
pub(super) struct Script {
    pub(super) answers: Vec<Answer>,
    pub(super) written: watch::Receiver<u64>,
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
pub(super) fn store<A: Adapter>(wire: Wire, script: Script) -> (Client<Net<A::Runtime>>, Asked) {
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

pub(super) fn local(address: SocketAddr) -> String {
    format!("https://localhost:{}", address.port())
}

pub(super) fn trusting<A: Adapter>(address: SocketAddr, config: Arc<ClientConfig>) -> Client<Net<A::Runtime>> {
    let key = ApiKey::new("ac_key").unwrap();
    direct::<A>().tls(config).build(Context::builder().api_key(key).base_url(local(address)).build().unwrap())
}
