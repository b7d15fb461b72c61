//! The world of `blocking_poll_loop`: clocks, entropy, HTTP by `ureq`, WebSocket by `tungstenite`, over blocking sockets.
//!
//! Plain `http` and `ws`, as to a local platform. For `https` and `wss` give both libraries their `rustls` features; the stream
//! is then tungstenite's `MaybeTlsStream`, and the handshake its `client_tls_with_config`.

use std::io::ErrorKind;
use std::net::{TcpStream, ToSocketAddrs};
use std::time::{Duration, Instant, SystemTime, UNIX_EPOCH};

use agentchat_engine::rest::{BodyTooLarge, parse_retry_after};
use agentchat_engine::{Fault, FaultKind, Mono, Now, Seed, UnixTime, WasSent, limits, port_of};
use bytes::Bytes;
use http::header::SEC_WEBSOCKET_EXTENSIONS;
use http::{Request, Response};
use tungstenite::client::IntoClientRequest;
use tungstenite::protocol::{CloseFrame, WebSocketConfig};
use tungstenite::{HandshakeError, Message, WebSocket};

/// Longer than any wait of the engine's, for where it names none.
const LONG: Duration = Duration::from_secs(3_600);

/// How long the peer may take to answer a close frame.
const CLOSE_HANDSHAKE: Duration = Duration::from_secs(2);

pub(crate) struct Clock(Instant);

impl Clock {
    pub(crate) fn start() -> Self {
        Self(Instant::now())
    }

    pub(crate) fn now(&self) -> Now {
        Now::new(Mono::from_micros(self.0.elapsed().as_micros() as u64), unix_now())
    }

    /// How long until then; at least the millisecond that a socket's time-out can be.
    pub(crate) fn until(&self, at: Option<Mono>) -> Duration {
        at.map_or(LONG, |at| at.saturating_since(self.now().mono)).max(Duration::from_millis(1))
    }
}

fn unix_now() -> UnixTime {
    let unix = SystemTime::now().duration_since(UNIX_EPOCH).unwrap_or_default();
    UnixTime::from_millis(unix.as_millis() as i64)
}

pub(crate) fn seed() -> Seed {
    let mut bytes = [0; 32];
    getrandom::fill(&mut bytes).expect("the operating system has entropy");
    Seed::from_bytes(bytes)
}

/// One HTTP exchange. Any status is an answer, and redirects are not followed.
pub(crate) fn exchange(request: Request<Bytes>, within: Duration) -> Result<Response<Bytes>, Fault> {
    let agent = ureq::Agent::config_builder()
        .http_status_as_error(false)
        .max_redirects(0)
        .allow_non_standard_methods(true)
        .timeout_global(Some(within))
        .build()
        .new_agent();
    let (head, body) = request.into_parts();
    let response = agent.run(Request::from_parts(head, &body[..])).map_err(fault)?;
    let (mut head, mut body) = response.into_parts();
    let limit = if head.status.is_success() { limits::RESPONSE_BODY } else { limits::ERROR_BODY };
    let body = match body.with_config().limit(limit as u64).read_to_vec() {
        // Of an error the status says more than that it was too large.
        Err(ureq::Error::BodyExceedsLimit(_)) if !head.status.is_success() => {
            head.extensions.insert(BodyTooLarge { limit });
            Vec::new()
        }
        read => read.map_err(fault)?,
    };
    Ok(Response::from_parts(head, body.into()))
}

/// Only before the connection it is certain that nothing was sent.
fn fault(error: ureq::Error) -> Fault {
    let (kind, sent) = match &error {
        ureq::Error::HostNotFound | ureq::Error::ConnectionFailed => (FaultKind::Connect, WasSent::No),
        ureq::Error::Io(error) if error.kind() == ErrorKind::ConnectionRefused => (FaultKind::Connect, WasSent::No),
        ureq::Error::Timeout(_) => (FaultKind::Timeout, WasSent::Maybe),
        ureq::Error::BodyExceedsLimit(_) => (FaultKind::TooLarge, WasSent::Maybe),
        ureq::Error::Protocol(_) => (FaultKind::Protocol, WasSent::Maybe),
        _ => (FaultKind::Io, WasSent::Maybe),
    };
    Fault::new(kind, sent, error.to_string())
}

pub(crate) fn open(request: &Request<()>, within: Duration) -> Result<WebSocket<TcpStream>, Fault> {
    let refused = |problem: String| Fault::new(FaultKind::Connect, WasSent::No, problem);
    let uri = request.uri();
    if uri.scheme_str() != Some("ws") {
        return Err(refused("this program was built without TLS".into()));
    }
    let host = uri.host().unwrap_or_default().trim_matches(['[', ']']);
    let port = uri.authority().map(port_of).transpose().map_err(|e| refused(format!("the URL {e}")))?.flatten();
    let address = (host, port.unwrap_or(80)).to_socket_addrs().map_err(|e| refused(e.to_string()))?.next();
    let address = address.ok_or_else(|| refused("the host has no address".into()))?;
    let stream = TcpStream::connect_timeout(&address, within).map_err(|e| refused(e.to_string()))?;
    let prepared = stream.set_nodelay(true).and_then(|()| stream.set_read_timeout(Some(within)));
    // A peer that does not read must not hold the only thread.
    let prepared = prepared.and_then(|()| stream.set_write_timeout(Some(within)));
    prepared.map_err(|e| refused(e.to_string()))?;

    let mut upgrade = uri.into_client_request().map_err(|e| broken(&e))?;
    upgrade.headers_mut().extend(request.headers().clone());
    let config = WebSocketConfig::default()
        .max_message_size(Some(limits::FRAME))
        .max_frame_size(Some(limits::FRAME))
        .max_write_buffer_size(2 * limits::FRAME);
    match tungstenite::client::client_with_config(upgrade, stream, Some(config)) {
        // The library looks at subprotocols, but not at extensions (RFC 6455, 4.1).
        Ok((_, response)) if response.headers().contains_key(SEC_WEBSOCKET_EXTENSIONS) => {
            Err(Fault::new(FaultKind::Protocol, WasSent::Maybe, "an extension that was not offered"))
        }
        Ok((socket, _)) => Ok(socket),
        Err(HandshakeError::Failure(tungstenite::Error::Http(response))) => {
            let wait = parse_retry_after(response.headers(), unix_now());
            Err(Fault::upgrade_refused(response.status().as_u16(), wait))
        }
        Err(HandshakeError::Failure(error)) => Err(broken(&error)),
        Err(HandshakeError::Interrupted(_)) => {
            Err(Fault::new(FaultKind::Timeout, WasSent::Maybe, "no upgrade in time"))
        }
    }
}

/// What a socket brings.
pub(crate) enum Heard {
    Nothing,
    Text(String),
    Binary,
    Alive,
    Closed(Option<u16>, String),
    Broken(Fault),
}

/// Waits for the next frame, or as long as that.
pub(crate) fn hear(socket: Option<&mut WebSocket<TcpStream>>, within: Duration) -> Heard {
    let Some(socket) = socket else {
        std::thread::sleep(within);
        return Heard::Nothing;
    };
    if let Err(error) = socket.get_ref().set_read_timeout(Some(within)) {
        return Heard::Broken(Fault::new(FaultKind::Io, WasSent::Maybe, error.to_string()));
    }
    let heard = match socket.read() {
        Ok(Message::Text(text)) => Heard::Text(text.as_str().to_owned()),
        Ok(Message::Binary(_)) => Heard::Binary,
        Ok(Message::Close(Some(frame))) => Heard::Closed(Some(frame.code.into()), frame.reason.as_str().to_owned()),
        Ok(Message::Close(None)) | Err(tungstenite::Error::ConnectionClosed) => Heard::Closed(None, String::new()),
        Ok(_) => Heard::Alive,
        Err(tungstenite::Error::Io(error)) if matches!(error.kind(), ErrorKind::WouldBlock | ErrorKind::TimedOut) => {
            return Heard::Nothing;
        }
        Err(error) => return Heard::Broken(broken(&error)),
    };
    // The library has queued the answer to a ping or a close frame, and does not send it by itself. If that fails, so
    // will the next read.
    let _ = socket.flush();
    heard
}

/// Says good-bye, and gives the peer a moment to answer.
pub(crate) fn close(socket: Option<WebSocket<TcpStream>>, code: u16, reason: &'static str) {
    let Some(mut socket) = socket else { return };
    let frame = CloseFrame { code: code.into(), reason: reason.into() };
    let until = Instant::now() + CLOSE_HANDSHAKE;
    let mut open = socket.close(Some(frame)).is_ok();
    while open && Instant::now() < until {
        let left = until.saturating_duration_since(Instant::now()).max(Duration::from_millis(1));
        open = socket.get_ref().set_read_timeout(Some(left)).is_ok() && socket.read().is_ok();
    }
}

fn broken(error: &tungstenite::Error) -> Fault {
    let kind = match error {
        tungstenite::Error::Io(_) => FaultKind::Io,
        tungstenite::Error::Capacity(_) => FaultKind::TooLarge,
        _ => FaultKind::Protocol,
    };
    Fault::new(kind, WasSent::Maybe, error.to_string())
}
