//! One authenticated socket from `hello.ok` to its end (wire contract sections 5.3, 5.4 and 5.8).

use std::{future::pending, pin::pin, sync::atomic::Ordering, time::Duration};

use axum::extract::ws::{Message, WebSocket};
use bytes::Bytes;
use futures_util::{Sink, SinkExt as _, Stream, StreamExt as _};
use serde_json::{Value, json};
use tokio::{
    sync::mpsc,
    time::{Instant, interval_at, sleep, sleep_until},
};

use super::{
    GOING_AWAY, client_frames,
    drain::Drain,
    handshake::Identity,
    hub::{Line, SharedWithSession, SocketId, size, text_frame},
};
use crate::server::{app::App, presence};

pub(super) async fn run(app: &App, socket: WebSocket, identity: Identity) {
    let (line, drain) = open(app, &identity);
    let Line { id, frames, shared } = line;
    let (sink, stream) = socket.split();

    let reading = pin!(read(app, &identity, id, stream));
    let writing = pin!(async {
        write(sink, frames, &shared).await;
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
    }
    let state = &mut *app.state();
    state.hub.disconnect(&identity.agent, id);
    presence::disconnected(app, state, &identity.agent);
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

/// Writes what the hub queues, up to and including a close frame.
async fn write(
    mut sink: impl Sink<Message> + Unpin,
    mut frames: mpsc::UnboundedReceiver<Message>,
    shared: &SharedWithSession,
) {
    while let Some(frame) = frames.recv().await {
        let (bytes, is_last) = (size(&frame), matches!(frame, Message::Close(_)));
        if sink.send(frame).await.is_err() || is_last {
            return;
        }
        shared.queued.fetch_sub(bytes, Ordering::SeqCst);
    }
}

/// Reads until the connection ends, and pings meanwhile.
async fn read(
    app: &App,
    identity: &Identity,
    id: SocketId,
    mut stream: impl Stream<Item = Result<Message, axum::Error>> + Unpin,
) {
    let period = app.settings.heartbeat_interval.max(Duration::from_millis(1));
    let mut pings = interval_at(Instant::now() + period, period);
    let mut pong_due: Option<Instant> = None;
    loop {
        let no_pong = async {
            match pong_due {
                Some(due) => sleep_until(due).await,
                None => pending().await,
            }
        };
        tokio::select! {
            frame = stream.next() => match frame {
                Some(Ok(Message::Text(text))) => client_frames::handle(app, identity, &text),
                Some(Ok(Message::Pong(_))) => {
                    pong_due = None;
                    presence::pong(app, &identity.agent);
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
            _ = pings.tick() => {
                app.state().hub.send_to_one(&identity.agent, id, Message::Ping(Bytes::new()));
                pong_due.get_or_insert_with(|| Instant::now() + app.settings.pong_limit);
            }
            () = no_pong => {
                app.state().hub.close_one(&identity.agent, id, GOING_AWAY, "Heartbeat timeout");
                pong_due = None;
            }
        }
    }
}
