//! Realtime: `GET /v1/ws` (contract 5).

mod client_frames;
pub(crate) mod close_code;
mod drain;
mod frame_faults;
mod handshake;
pub(crate) mod hub;
mod inbound;
mod outbound;
mod session;
mod upgrade;

use axum::extract::{ConnectInfo, Request, State};
use axum::http::HeaderMap;
use axum::response::Response;
use futures_util::{SinkExt as _, StreamExt as _};
use tokio::time::timeout;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use self::upgrade::WebSocket;
use super::app::{App, Shared};
use super::wire::Peer;

/// Opens the socket. Even a bad key is refused over the socket: browsers cannot see the status of a refused upgrade.
pub(crate) async fn upgrade(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    request: Request,
) -> Response {
    let headers = request.headers().clone();
    upgrade::upgrade(request, move |socket| serve(app, peer, socket, headers))
}

async fn serve(app: Shared, peer: Peer, mut socket: WebSocket, headers: HeaderMap) {
    // A shutdown waits until nobody holds one of these.
    let _open = app.shutting_down.subscribe();
    match handshake::identify(&app, &mut socket, &headers).await {
        Ok(identity) => session::run(&app, &peer, socket, identity).await,
        Err(handshake::Refusal::Gone) => {}
        Err(handshake::Refusal::Close(code, reason)) => close(&app, socket, code, reason).await,
    }
}

/// Says why, and waits a moment for the peer to agree.
async fn close(app: &App, mut socket: WebSocket, code: u16, reason: &str) {
    let goodbye = async {
        let frame = CloseFrame { code: code.into(), reason: reason.into() };
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.next().await {}
        }
    };
    // A peer that does not answer is dropped all the same.
    let _ = timeout(app.settings.close_timeout, goodbye).await;
}
