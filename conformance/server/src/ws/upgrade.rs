//! The upgrade of a request to a WebSocket (RFC 6455, 4.2).

use axum::body::Body;
use axum::extract::Request;
use axum::http::StatusCode;
use axum::response::{IntoResponse as _, Response};
use hyper::upgrade::Upgraded;
use hyper_util::rt::TokioIo;
use tokio_tungstenite::WebSocketStream;
use tokio_tungstenite::tungstenite::handshake::server::create_response_with_body;
use tokio_tungstenite::tungstenite::protocol::{Role, WebSocketConfig};

/// The platform sets no cap of its own on what clients send; this is that of its WebSocket library.
const LARGEST_FRAME: usize = 100 * 1024 * 1024;

/// An open socket of a client.
pub(super) type WebSocket = WebSocketStream<TokioIo<Upgraded>>;

/// Answers the request, and serves the socket once the answer has left. A request for anything else is refused with 400.
pub(super) fn upgrade<S, F>(mut request: Request, serve: S) -> Response
where
    S: FnOnce(WebSocket) -> F + Send + 'static,
    F: Future<Output = ()> + Send + 'static,
{
    let response = match create_response_with_body(&request, Body::empty) {
        Ok(response) => response,
        Err(problem) => return (StatusCode::BAD_REQUEST, problem.to_string()).into_response(),
    };
    let upgrading = hyper::upgrade::on(&mut request);
    tokio::spawn(async move {
        // Without one the client has gone.
        let Ok(upgraded) = upgrading.await else { return };
        let config =
            WebSocketConfig::default().max_message_size(Some(LARGEST_FRAME)).max_frame_size(Some(LARGEST_FRAME));
        serve(WebSocket::from_raw_socket(TokioIo::new(upgraded), Role::Server, Some(config)).await).await;
    });
    response
}
