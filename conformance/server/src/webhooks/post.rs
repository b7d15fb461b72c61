//! One attempt at a delivery: a signed POST, and whether it was answered with success (contract 6).

use std::future::pending;
use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HOST, USER_AGENT};
use axum::http::uri::Authority;
use axum::http::{Request, Uri};
use bytes::Bytes;
use http_body_util::Full;
use hyper::client::conn::http1::handshake;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use tokio::time::timeout;

use crate::links::hmac_hex;

/// What is sent.
pub(super) struct Parcel<'a> {
    pub(super) event: &'a str,
    pub(super) delivery_id: &'a str,
    pub(super) secret: &'a str,
    /// The time that is signed, in seconds since 1970.
    pub(super) unix_seconds: u64,
    pub(super) body: &'a Bytes,
}

/// Whether the endpoint took it. Redirects are not followed, so they are failures, as is silence.
pub(super) async fn post(url: &str, parcel: &Parcel<'_>, patience: Duration) -> bool {
    matches!(timeout(patience, exchange(url, parcel)).await, Ok(Ok(true)))
}

async fn exchange(url: &str, parcel: &Parcel<'_>) -> Result<bool, Box<dyn std::error::Error + Send + Sync>> {
    let uri: Uri = url.parse()?;
    let (Some("http"), Some(authority)) = (uri.scheme_str(), uri.authority()) else {
        return Ok(false);
    };
    let Some(address) = address(authority) else { return Ok(false) };
    let connection = TcpStream::connect(address).await?;
    let (mut sender, driver) = handshake(TokioIo::new(connection)).await?;
    let path = uri.path_and_query().map_or("/", |path| path.as_str());
    let request = request(path, &host(authority), parcel)?;
    // The connection moves only while it is polled. Its end is no answer, but one may have come just before.
    let moving = async {
        let _ = driver.await;
        pending::<()>().await;
    };
    tokio::select! {
        answer = sender.send_request(request) => Ok(answer?.status().is_success()),
        () = moving => Ok(false),
    }
}

/// What to connect to. An address of IPv6 stands in brackets in a URL, and only there.
/// Nothing, if the port does not fit.
fn address(authority: &Authority) -> Option<(&str, u16)> {
    let (whole, host) = (authority.as_str(), authority.host());
    let named = whole.rsplit_once('@').map_or(whole, |(_, named)| named);
    let port = named.strip_prefix(host).and_then(|rest| rest.strip_prefix(':')).filter(|port| !port.is_empty());
    let port = port.map_or(Ok(80), str::parse).ok()?;
    Some((host.trim_start_matches('[').trim_end_matches(']'), port))
}

/// The authority without the name and password that may stand in it.
fn host(authority: &Authority) -> String {
    authority.port().map_or_else(|| authority.host().to_owned(), |port| format!("{}:{port}", authority.host()))
}

/// Signed twice: with the time, and bare for verifiers that know the older form (8.24).
fn request(path: &str, host: &str, parcel: &Parcel<'_>) -> Result<Request<Full<Bytes>>, http::Error> {
    let timed = [format!("{}.", parcel.unix_seconds).as_bytes(), parcel.body].concat();
    let timed = hmac_hex(parcel.secret, &timed);
    Request::post(path)
        .header(HOST, host)
        .header(USER_AGENT, "AgentChat-Webhooks/1.0")
        .header(CONTENT_TYPE, "application/json")
        .header("agentchat-signature", format!("t={},v1={timed}", parcel.unix_seconds))
        .header("x-agentchat-signature", hmac_hex(parcel.secret, parcel.body))
        .header("x-agentchat-event", parcel.event)
        .header("x-agentchat-delivery", parcel.delivery_id)
        .body(Full::new(parcel.body.clone()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn brackets_and_passwords_stay_in_the_url() {
        for (authority, connected, said) in [
            ("127.0.0.1:8080", ("127.0.0.1", 8080), "127.0.0.1:8080"),
            ("example.com", ("example.com", 80), "example.com"),
            ("[::1]:8080", ("::1", 8080), "[::1]:8080"),
            ("[::1]", ("::1", 80), "[::1]"),
            ("user:pass@[::1]:8080", ("::1", 8080), "[::1]:8080"),
            ("user:pass@example.com", ("example.com", 80), "example.com"),
        ] {
            let authority: Authority = authority.parse().expect("an authority");
            assert_eq!((address(&authority).unwrap(), host(&authority).as_str()), (connected, said));
        }
        assert_eq!(address(&Authority::from_static("example.com:80443")), None);
    }
}
