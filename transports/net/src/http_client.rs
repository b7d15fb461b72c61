//! HTTP exchanges over a pool of connections, HTTP/2 where the peer offers it.

use std::future::Future;
use std::pin::pin;
use std::sync::Arc;
use std::time::Duration;

use agentchat_driver::Outgoing;
use agentchat_engine::{Fault, FaultKind, WasSent, limits};
use futures_util::future::{Either, select};
use http::header::{CONTENT_LENGTH, HeaderValue};
use http::{Method, Request, Response};
use hyper_util::client::legacy::Client;

use crate::connection_liveness::Attachment;
use crate::dial::Dialler;
use crate::http_body::{Incoming, Sending};
use crate::http_fault::request_fault;
use crate::hyper_rt::{Connector, HyperRt};
use crate::{Runtime, framing};

/// An HTTP/2 connection with requests in flight is asked for a sign of life this often, so that one whose peer has
/// vanished does not take every new call with it.
const KEEPALIVE: Duration = Duration::from_secs(20);

/// How long that sign may take.
const KEEPALIVE_TIMEOUT: Duration = Duration::from_secs(10);

#[derive(Clone)]
pub(crate) struct HttpClient<R> {
    client: Client<Connector<R>, Sending>,
    runtime: R,
}

impl<R: Runtime> HttpClient<R> {
    pub(crate) fn new(dialler: Arc<Dialler<R>>, idle: Option<Duration>) -> Self {
        let runtime = dialler.runtime.clone();
        let rt = HyperRt(runtime.clone());
        let client = Client::builder(rt.clone())
            .timer(rt.clone())
            .pool_timer(rt)
            .pool_idle_timeout(idle)
            .pool_max_idle_per_host(if idle == Some(Duration::ZERO) { 0 } else { usize::MAX })
            .http1_max_buf_size(limits::HEAD)
            .http2_keep_alive_interval(KEEPALIVE)
            .http2_keep_alive_timeout(KEEPALIVE_TIMEOUT)
            .build(Connector(dialler));
        Self { client, runtime }
    }

    /// The request is with hyper before the future is first polled, so that nothing has to carry it.
    pub(crate) fn exchange(
        &self,
        mut request: Request<Outgoing>,
    ) -> impl Future<Output = Result<Response<Incoming>, Fault>> {
        // hyper says the length of bodies only; some servers refuse a POST that does not (RFC 9110, 8.6).
        let has_meaning = matches!(*request.method(), Method::POST | Method::PUT | Method::PATCH);
        if has_meaning && request.body().remaining() == 0 {
            request.headers_mut().insert(CONTENT_LENGTH, HeaderValue::from_static("0"));
        }
        let attachment = Attachment::of(&mut request);
        let response = self.client.request(request.map(Sending));
        async move {
            match select(response, pin!(attachment.lost(&self.runtime))).await {
                Either::Left((Ok(response), _)) => {
                    let problem = framing::problem(response.version(), response.headers());
                    Ok(response.map(|body| Incoming::new(body, problem)))
                }
                Either::Left((Err(error), _)) => Err(request_fault(&error)),
                Either::Right(_) => {
                    Err(Fault::new(FaultKind::Io, WasSent::Maybe, "the connection ended without an answer"))
                }
            }
        }
    }
}
