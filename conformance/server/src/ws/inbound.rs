//! Reading what a client sends, and pinging it meanwhile (contract 5.3 and 5.6).

use std::future::pending;
use std::time::Duration;

use bytes::Bytes;
use futures_util::{Stream, StreamExt as _};
use tokio::time::{Instant, interval_at, sleep_until};
use tokio_tungstenite::tungstenite::{Error, Message};

use super::client_frames;
use super::close_code::GOING_AWAY;
use super::frame_faults::{damage, type_of};
use super::handshake::Identity;
use super::hub::{SharedWithSession, SocketId};
use crate::app::App;
use crate::faults::Direction;
use crate::faults::frame_queue::FrameQueue;
use crate::presence;

/// Reads until the connection ends.
pub(super) async fn read(
    app: &App,
    identity: &Identity,
    id: SocketId,
    shared: &SharedWithSession,
    mut stream: impl Stream<Item = Result<Message, Error>> + Unpin,
) {
    let period = app.settings.heartbeat_interval.max(Duration::from_millis(1));
    let mut pings = interval_at(Instant::now() + period, period);
    let mut pong_due: Option<Instant> = None;
    let mut frame_queue: FrameQueue<String> = FrameQueue::default();
    loop {
        let no_pong = async {
            match pong_due {
                Some(due) => sleep_until(due).await,
                None => pending().await,
            }
        };
        tokio::select! {
            frame = stream.next() => match frame {
                Some(Ok(Message::Text(text))) => {
                    take_in(app, identity, id, shared, &mut frame_queue, text.as_str());
                    // At once: the end of the connection may be the next thing to read.
                    while let Some(text) = frame_queue.take() {
                        client_frames::handle(app, identity, &text);
                    }
                }
                Some(Ok(Message::Pong(_))) => {
                    pong_due = None;
                    presence::pong(app, &identity.agent);
                }
                Some(Ok(_)) => {}
                Some(Err(_)) | None => return,
            },
            text = frame_queue.next() => client_frames::handle(app, identity, &text),
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

fn take_in(
    app: &App,
    identity: &Identity,
    id: SocketId,
    shared: &SharedWithSession,
    frame_queue: &mut FrameQueue<String>,
    text: &str,
) {
    let Some(fault) = identity.fault(app, Direction::FromClient, type_of(text).as_deref()) else {
        frame_queue.put(text.to_owned());
        return;
    };
    if let Some(what) = frame_queue.put_faulty(text.to_owned(), fault, |_, text| text) {
        frame_queue.clear();
        damage(app, identity, id, shared, what);
    }
}
