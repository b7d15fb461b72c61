//! The floor of a call: hyper-util's client, the same request, and one typed parse of the answer.

use std::error::Error;
use std::hint::black_box;

use bytes::Bytes;
use http::header::{ACCEPT, AUTHORIZATION, CONTENT_TYPE, USER_AGENT};
use http::{HeaderValue, Request};
use http_body_util::{BodyExt, Full};
use hyper_util::client::legacy::Client;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::{TokioExecutor, TokioTimer};
use serde::Serialize;

use crate::peer::Peer;
use crate::typed;

#[derive(Serialize)]
struct Sending<'a> {
    to: &'a str,
    client_msg_id: &'a str,
    content: Content<'a>,
}

#[derive(Serialize)]
struct Content<'a> {
    text: &'a str,
}

/// The client.
pub(super) struct BareHttp {
    client: Client<HttpConnector, Full<Bytes>>,
    uri: http::Uri,
}

impl BareHttp {
    pub(super) fn new(peer: &Peer) -> Result<Self, Box<dyn Error>> {
        let mut connector = HttpConnector::new();
        connector.set_nodelay(true);
        let client = Client::builder(TokioExecutor::new()).pool_timer(TokioTimer::new()).build(connector);
        Ok(Self { client, uri: format!("{}/v1/messages", peer.url()).parse()? })
    }

    /// Sends a message and reads the answer.
    pub(super) async fn send(&self, to: &str, text: &str) -> Result<(), Box<dyn Error>> {
        let id = "0198c5a2-7b1e-7cc3-98a4-5e06b1f3a9d0";
        let body = serde_json::to_vec(&Sending { to, client_msg_id: id, content: Content { text } })?;
        let request = Request::post(self.uri.clone())
            .header(USER_AGENT, HeaderValue::from_static("agentchatme-rs/0.1.0 tokio/1"))
            .header("x-agentchat-client", HeaderValue::from_static("rust_sdk"))
            .header("x-agentchat-client-version", HeaderValue::from_static("0.1.0"))
            .header(ACCEPT, HeaderValue::from_static("application/json"))
            .header(CONTENT_TYPE, HeaderValue::from_static("application/json"))
            .header(AUTHORIZATION, HeaderValue::from_static("Bearer ac_measured"))
            .body(Full::new(Bytes::from(body)))?;
        let response = self.client.request(request).await?;
        let body = response.into_body().collect().await?.to_bytes();
        black_box(serde_json::from_slice::<typed::Message>(&body)?);
        Ok(())
    }
}
