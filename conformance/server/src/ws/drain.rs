//! The backlog, pushed in batches to a socket that has just opened (contract 5.4 and 5.9).

use tokio::time::sleep;

use super::hub::{SocketId, text_frame};
use crate::app::App;
use crate::delivery::event;
use crate::state::State;
use crate::state::agent::AgentId;
use crate::state::envelope::Position;
use crate::views;

/// How far the drain of one connection has come. It goes by position, not by what is still undelivered: with
/// acknowledgements a row stays undelivered after its push, and would be pushed again and again.
#[derive(Debug)]
pub(super) struct Drain {
    agent: AgentId,
    socket: SocketId,
    acks: bool,
    last: Option<Position>,
    /// Messages from here on are pushed live.
    end: Position,
    batches: usize,
}

impl Drain {
    pub(super) fn new(state: &State, agent: &str, socket: SocketId, acks: bool) -> Drain {
        Drain { agent: agent.to_owned(), socket, acks, last: None, end: state.envelopes.end(agent), batches: 0 }
    }

    pub(super) async fn run(mut self, app: &App) {
        while !self.is_finished(app) {
            sleep(app.settings.drain_pause).await;
            self.push_batch(app, &mut app.state());
        }
    }

    fn is_finished(&self, app: &App) -> bool {
        let state = app.state();
        let is_connected = state.hub.queued(&self.agent, self.socket).is_some();
        let next = state.envelopes.stored_after(&self.agent, self.last).next();
        let has_more = next.is_some_and(|(position, _)| position < self.end);
        !is_connected || !has_more || self.batches >= app.settings.drain_batches
    }

    /// Queues the next rows: a batch, or less if the send buffer is half full. A slow reader is no reason to close a
    /// connection that has just begun.
    pub(super) fn push_batch(&mut self, app: &App, state: &mut State) {
        if state.agents.is_fully_paused(&self.agent) {
            self.end = 0;
            return;
        }
        let now = app.clock.unix_millis();
        for _ in 0..app.settings.drain_batch {
            let Some(queued) = state.hub.queued(&self.agent, self.socket) else {
                return;
            };
            if queued > app.settings.send_buffer_bytes / 2 {
                return;
            }
            let next = state.envelopes.stored_after(&self.agent, self.last).next();
            let Some((position, envelope)) = next.filter(|(position, _)| *position < self.end) else {
                return;
            };
            self.last = Some(position);
            let message_id = envelope.message_id.clone();
            if let Some(row) = views::backlog_row(state, envelope) {
                state.hub.send_to_one(&self.agent, self.socket, text_frame(&event("message.new", row)));
            }
            if !self.acks {
                state.envelopes.deliver(&self.agent, &message_id, now);
            }
        }
        self.batches += 1;
    }
}
