//! Realtime: `GET /v1/ws` (contract 5).

mod client_frames;
mod drain;
mod handshake;
pub(crate) mod hub;
mod inbound;
mod outbound;
mod session;

use axum::{
    extract::{
        ConnectInfo, State, WebSocketUpgrade,
        ws::{CloseFrame, Message, WebSocket},
    },
    http::HeaderMap,
    response::Response,
};
use tokio::time::timeout;

use super::{
    app::{App, Shared},
    wire::Peer,
};

/// The client went against the rules or its key is no good; clients do not come back after this one.
pub(crate) const POLICY_VIOLATION: u16 = 1008;
/// The connection ends for a reason that a reconnect can cure.
pub(crate) const GOING_AWAY: u16 = 1001;
/// The client does not read fast enough.
pub(crate) const TRY_AGAIN_LATER: u16 = 1013;

/// The platform sets no cap of its own on what clients send; this is that of its WebSocket library.
const LARGEST_FRAME: usize = 100 * 1024 * 1024;

/// Opens the socket. Even a bad key is told over the socket: browsers cannot see the status of a refused upgrade.
pub(crate) async fn upgrade(
    State(app): State<Shared>,
    ConnectInfo(peer): ConnectInfo<Peer>,
    headers: HeaderMap,
    upgrade: WebSocketUpgrade,
) -> Response {
    let upgrade = upgrade.max_message_size(LARGEST_FRAME).max_frame_size(LARGEST_FRAME);
    upgrade.on_upgrade(move |socket| serve(app, peer, socket, headers))
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
        let frame = CloseFrame { code, reason: reason.into() };
        if socket.send(Message::Close(Some(frame))).await.is_ok() {
            while let Some(Ok(_)) = socket.recv().await {}
        }
    };
    // A peer that does not answer is dropped all the same.
    let _ = timeout(app.settings.close_timeout, goodbye).await;
}
