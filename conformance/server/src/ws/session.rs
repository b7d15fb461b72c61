//! One authenticated socket from `hello.ok` to its end (contract 5.3, 5.4 and 5.8).

use std::future::pending;
use std::pin::pin;
use std::sync::atomic::Ordering;

use futures_util::StreamExt as _;
use serde_json::{Value, json};
use tokio::time::sleep;

use super::close_code::GOING_AWAY;
use super::drain::Drain;
use super::handshake::Identity;
use super::hub::{Line, SharedWithSession, text_frame};
use super::inbound::read;
use super::outbound::write;
use super::upgrade::WebSocket;
use crate::app::App;
use crate::presence;
use crate::wire::Peer;

pub(super) async fn run(app: &App, peer: &Peer, socket: WebSocket, identity: Identity) {
    let (line, drain) = open(app, &identity);
    let Line { id, frames, shared } = line;
    let (sink, stream) = socket.split();

    let reading = pin!(read(app, &identity, id, &shared, stream));
    let writing = pin!(async {
        write(app, &identity, id, sink, frames, &shared).await;
        // The last frame was a close: what is left is to read the peer's answer.
        pending::<()>().await;
    });
    let draining = pin!(async {
        drain.run(app).await;
        pending::<()>().await;
    });
    let overdue = pin!(async {
        shared.closing.notified().await;
        sleep(app.settings.close_timeout).await;
    });
    // Leaving this drops both halves, and the connection with them.
    tokio::select! {
        () = reading => {}
        () = writing => {}
        () = draining => {}
        () = overdue => {}
        () = shared.cut.notified() => {}
        // Neither half is polled from here on, and neither is dropped.
        () = shared.freeze.notified() => stay_silent(app, &shared).await,
    }
    if shared.is_reset.load(Ordering::SeqCst) {
        peer.reset();
    }
    let state = &mut *app.state();
    state.hub.disconnect(&identity.agent, id);
    presence::disconnected(app, state, &identity.agent);
}

/// Half-open until somebody cuts the connection or closes it, which its peer will not hear of.
async fn stay_silent(app: &App, shared: &SharedWithSession) {
    let mut stopping = app.shutting_down.subscribe();
    tokio::select! {
        () = shared.cut.notified() => {}
        () = shared.closing.notified() => {}
        _ = stopping.wait_for(|now| *now) => {}
    }
}

/// Takes the place in the hub, and queues `hello.ok` and the first rows of the backlog, in one step: every message is
/// either in the backlog or pushed live, and nothing can come before `hello.ok`.
fn open(app: &App, identity: &Identity) -> (Line, Drain) {
    let state = &mut *app.state();
    let line = state.hub.connect(&identity.agent, identity.acks);
    presence::connected(app, state, &identity.agent);
    state.hub.send_to_one(&identity.agent, line.id, text_frame(&hello_ok(app, identity)));
    let mut drain = Drain::new(state, &identity.agent, line.id, identity.acks);
    drain.push_batch(app, state);
    if *app.shutting_down.borrow() {
        state.hub.close_all(&identity.agent, GOING_AWAY, "Server shutting down");
    }
    (line, drain)
}

fn hello_ok(app: &App, identity: &Identity) -> Value {
    if app.settings.legacy_realtime {
        return json!({ "type": "hello.ok" });
    }
    let accepted: &[&str] = if identity.acks { &["ack"] } else { &[] };
    json!({ "type": "hello.ok", "capabilities": accepted })
}
