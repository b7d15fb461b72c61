//! The toy's connection: opening, HELLO, signs of life, the end, and the next attempt.

use super::super::client::{Conversation, Note, Wish};
use super::row::{self, Frame};
use super::{Mistake, SECOND, Toy};

impl Toy {
    pub(super) fn start(&mut self) {
        if !self.running {
            self.running = true;
            self.finished = false;
            self.closing = None;
            self.connect();
        }
    }

    fn connect(&mut self) {
        let socket = self.id();
        (self.socket, self.opened, self.greeted, self.reconnect_at) = (Some(socket), false, None, None);
        self.deadline = Some(self.now + 10 * SECOND);
        self.wishes.push_back(Wish::Open(socket));
    }

    pub(super) fn opened(&mut self, socket: u64) {
        if self.socket == Some(socket) && !self.opened {
            self.opened = true;
            self.deadline = Some(self.now + 4 * SECOND);
            self.wishes.push_back(Wish::Text(socket, r#"{"type":"hello"}"#.to_owned()));
        }
    }

    pub(super) fn alive(&mut self, socket: u64) {
        if self.socket == Some(socket) {
            self.last_seen = self.now;
            if self.greeted.is_some() {
                self.ping_at = Some(self.now + 20 * SECOND);
            }
        }
    }

    pub(super) fn text(&mut self, socket: u64, text: &str) {
        if self.socket != Some(socket) {
            return;
        }
        self.alive(socket);
        match row::frame(text) {
            Frame::HelloOk { acks } if self.greeted.is_none() => {
                self.greeted = Some(acks);
                self.failures = 0;
                self.deadline = None;
                self.ping_at = Some(self.now + 20 * SECOND);
                if self.knobs.drain {
                    self.begin_drain();
                }
                self.retrieve();
            }
            Frame::Message(Some(row)) if self.greeted.is_some() => self.live(&row),
            _ => {}
        }
    }

    pub(super) fn ended(&mut self, socket: u64, close: Option<(u16, &str)>) {
        if self.socket != Some(socket) {
            return;
        }
        let final_code = close.is_some_and(|(code, _)| code == 4401 && !self.makes(Mistake::NoCloseIsFinal));
        let refused =
            final_code || close.is_some_and(|(code, reason)| code == 1008 && reason != "HELLO frame required");
        let policy = close.is_some_and(|(code, _)| code == 1008);
        if refused || policy && self.makes(Mistake::EveryPolicyCloseIsFinal) {
            self.running = false;
            self.finished = true;
            self.wishes.push_back(Wish::Note(Note::Halted));
        }
        self.lost();
    }

    /// Sent now, or handed back.
    pub(super) fn typing(&mut self, conversation: Conversation) {
        match self.socket.filter(|_| self.greeted.is_some() && self.closing.is_none()) {
            Some(socket) => {
                let frame = format!(r#"{{"type":"typing.start","payload":{{"conversation_id":"c{conversation}"}}}}"#);
                self.wishes.push_back(Wish::Text(socket, frame));
            }
            None if self.makes(Mistake::SignalsVanish) => {}
            None => self.wishes.push_back(Wish::Note(Note::Unsent)),
        }
    }

    fn lost(&mut self) {
        (self.socket, self.greeted, self.deadline, self.ping_at) = (None, None, None, None);
        self.draining = false;
        self.drain_again = false;
        let wishes = &mut self.wishes;
        self.asked.retain(|request, asked| {
            let kept = !matches!(asked, super::Asked::Sync);
            if !kept {
                wishes.push_back(Wish::Cancel(*request));
            }
            kept
        });
        self.retry_at.remove("sync");
        // What is early may be what the next drain brings.
        self.holding = self.knobs.drain;
        self.hold_until = self.knobs.drain.then_some(self.now + 5 * SECOND);
        if self.makes(Mistake::CloseDiscards) {
            for lane in self.lanes.values_mut() {
                for item in std::mem::take(&mut lane.early).into_values() {
                    self.known.remove(&item.id);
                }
            }
        }
        if self.closing.is_none() {
            let wait = (SECOND / 2).saturating_mul(1 << self.failures.min(6)).min(30 * SECOND);
            self.failures += 1;
            self.reconnect_at = Some(self.now + wait);
            if self.failures > 2 && self.makes(Mistake::SilentEnd) {
                (self.running, self.finished, self.reconnect_at) = (false, true, None);
            }
        }
    }

    pub(super) fn give_up_socket(&mut self, socket: u64) {
        if self.socket == Some(socket) {
            self.wishes.push_back(Wish::Close { socket });
            self.lost();
        }
    }

    pub(super) fn close(&mut self) {
        if self.running && self.closing.is_none() {
            self.closing = Some(self.now + 5 * SECOND);
            self.reconnect_at = None;
        }
    }

    pub(super) fn timeout(&mut self) {
        let now = self.now;
        if !self.reads() {
            // Nothing is read on purpose, so that nothing comes proves nothing.
            self.last_seen = now;
        }
        let due = |at: Option<u64>| at.is_some_and(|at| at <= now);
        if self.makes(Mistake::NoDeadlines) {
            self.deadline = None;
        }
        if let (true, Some(socket)) = (due(self.deadline), self.socket) {
            self.give_up_socket(socket);
        }
        if let (true, Some(socket)) = (due(self.ping_at), self.socket) {
            if now - self.last_seen >= 40 * SECOND {
                self.give_up_socket(socket);
            } else {
                self.ping_at = Some(self.last_seen.max(now - 20 * SECOND) + 40 * SECOND);
                self.wishes.push_back(Wish::Ping(socket));
            }
        }
        if due(self.reconnect_at) {
            self.connect();
        }
        if due(self.hold_until) {
            if self.draining && !self.has_half_free() {
                // The drain waits for handlers.
                self.hold_until = Some(now + 5 * SECOND);
            } else {
                self.release();
            }
        }
        if self.retry_at.get("missing").is_some_and(|at| *at <= now) {
            self.retrieve();
        }
        self.retry_at.retain(|_, at| *at > now);
        let keys: Vec<String> = self.lanes.keys().cloned().collect();
        for key in keys {
            let holding = self.holding;
            let lane = self.lane(&key);
            if due(lane.waiting) {
                lane.waiting = None;
            }
            if due(lane.gap_at) && !holding {
                self.gap_due(&key);
            }
        }
    }

    /// What has become possible.
    pub(super) fn work(&mut self) {
        if !self.consumer && self.makes(Mistake::AckedWithoutConsumer) {
            self.swallow();
        }
        if self.shed && self.has_half_free() {
            self.shed = false;
            self.drain_wanted();
        }
        self.ask_what_is_due();
        if self.closing.is_some() && self.makes(Mistake::CloseLosesAcks) {
            self.outbox.clear();
        }
        if let (Some(socket), Some(acks)) = (self.socket, self.greeted) {
            for id in std::mem::take(&mut self.outbox) {
                if acks || self.makes(Mistake::AcksForNobody) {
                    let ack = format!(r#"{{"type":"ack","message_id":"{id}"}}"#);
                    self.wishes.push_back(Wish::Text(socket, ack));
                }
            }
        }
        if self.consumer {
            self.offer();
        }
        let Some(limit) = self.closing else { return };
        let waits = self.asked.values().any(|asked| matches!(asked, super::Asked::SyncAck { .. }));
        let waits = waits || !self.open.is_empty() && !self.makes(Mistake::CloseLeavesHandlers);
        if !waits || limit <= self.now {
            if let Some(socket) = self.socket {
                self.wishes.push_back(Wish::Close { socket });
            }
            self.lost();
            self.wishes.extend(std::mem::take(&mut self.asked).into_keys().map(Wish::Cancel));
            for lane in self.lanes.values_mut() {
                if std::mem::take(&mut lane.filling) {
                    lane.gap_at = Some(self.now + SECOND);
                }
            }
            self.retry_at.clear();
            (self.running, self.finished, self.closing) = (false, true, None);
            self.wishes.push_back(Wish::Note(Note::Closed));
        }
    }
}
