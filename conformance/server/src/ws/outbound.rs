//! Writing what the hub queues for a socket, in the way that the fault switchboard wants it.

use std::sync::atomic::Ordering;

use futures_util::{Sink, SinkExt as _};
use tokio::sync::mpsc;
use tokio_tungstenite::tungstenite::Message;
use tokio_tungstenite::tungstenite::protocol::CloseFrame;

use super::frame_faults::{damage, frame_type};
use super::handshake::Identity;
use super::hub::{SharedWithSession, SocketId, size};
use crate::app::App;
use crate::faults::Direction;
use crate::faults::frame_queue::{Damage, FrameQueue};

/// Writes until the hub has let go of the socket and nothing is left, up to and including a close frame.
pub(super) async fn write(
    app: &App,
    identity: &Identity,
    id: SocketId,
    mut sink: impl Sink<Message> + Unpin,
    mut frames: mpsc::UnboundedReceiver<Message>,
    shared: &SharedWithSession,
) {
    let mut frame_queue = FrameQueue::default();
    let mut has_more = true;
    while has_more || !frame_queue.is_empty() {
        let frame = tokio::select! {
            biased;
            frame = frame_queue.next() => frame,
            frame = frames.recv(), if has_more => {
                has_more = frame.is_some();
                if frame.is_none_or(|frame| take_in(app, identity, id, &mut frame_queue, frame, shared)) {
                    continue;
                }
                return;
            }
        };
        let is_last = matches!(frame, Message::Close(_));
        if sink.send(frame).await.is_err() || is_last {
            return;
        }
    }
}

/// Puts a frame on the frame_queue. From then on it no longer counts as waiting: what a rule holds back is no overload.
/// Returns whether writing goes on.
fn take_in(
    app: &App,
    identity: &Identity,
    id: SocketId,
    frame_queue: &mut FrameQueue<Message>,
    frame: Message,
    shared: &SharedWithSession,
) -> bool {
    let bytes = size(&frame);
    let fault = match &frame {
        Message::Close(_) => None,
        frame => identity.fault(app, Direction::ToClient, frame_type(frame).as_deref()),
    };
    let damaged = match fault {
        None => {
            frame_queue.put(frame);
            None
        }
        Some(fault) => frame_queue.put_faulty(frame, fault, |_, text| Message::Text(text.into())),
    };
    shared.queued.fetch_sub(bytes, Ordering::SeqCst);
    match damaged {
        None => true,
        Some(Damage::Close(code, reason)) => {
            // What is behind the frame is lost with it, so the close frame goes past the hub's queue.
            app.state().hub.disconnect(&identity.agent, id);
            frame_queue.put(Message::Close(Some(CloseFrame { code: code.into(), reason: reason.into() })));
            shared.closing.notify_one();
            true
        }
        Some(other) => {
            damage(app, identity, id, shared, other);
            false
        }
    }
}
