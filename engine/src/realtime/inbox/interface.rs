//! What the session looks at and takes from here, beside what it does with messages.

use super::{Buffered, Fullness, Inbox, Question};
use crate::realtime::acks::CursorLog;
use crate::realtime::event::Event;
use crate::realtime::stats::SessionStats;
use crate::types::{Handle, MessageId};

impl Inbox {
    /// The next event, in the order in which they happened.
    pub(in crate::realtime) fn take_event(&mut self) -> Option<Event> {
        while let Some(conversation_id) = self.conversations.take_forgotten() {
            self.events.push_back(Event::MarkForgotten { conversation_id });
        }
        self.events.pop_front()
    }

    /// The next question to history, of a conversation that none is under way about.
    pub(in crate::realtime) fn take_question(&mut self, is_asked: impl Fn(&Question) -> bool) -> Option<Question> {
        let at = self.wanted.iter().position(|question| !is_asked(question))?;
        self.wanted.remove(at)
    }

    pub(in crate::realtime) fn has_questions(&self) -> bool {
        !self.wanted.is_empty()
    }

    /// The next message to ack by a frame.
    pub(in crate::realtime) fn take_ack(&mut self) -> Option<MessageId> {
        self.acks.pop()
    }

    /// HELLO was accepted. Without acks, what is pushed counts as delivered.
    pub(in crate::realtime) fn connected(&mut self, ack_mode: bool) {
        self.legacy |= !ack_mode;
    }

    /// No frame will be sent for what waits to be acked: the connection takes none.
    pub(in crate::realtime) fn forget_acks(&mut self) {
        self.acks.clear();
    }

    /// The cursor that may be committed.
    pub(in crate::realtime) fn cursor(&mut self) -> &mut CursorLog {
        &mut self.cursor
    }

    /// The agent's own handle, if it is known.
    pub(in crate::realtime) fn own_handle(&self) -> Option<&Handle> {
        self.own.as_ref()
    }

    /// Learns the agent's own handle, which questions about gaps have waited for.
    pub(in crate::realtime) fn set_own_handle(&mut self, handle: Handle) {
        self.own = Some(handle);
        self.ask_about_gaps();
    }

    /// Whether live messages wait for the drain.
    pub(in crate::realtime) fn is_holding(&self) -> bool {
        self.holding
    }

    /// Whether the drain that is under way has to be followed by another.
    pub(in crate::realtime) fn is_left_to_drain(&self) -> bool {
        self.left_to_drain
    }

    /// Whether a drain has to bring something, asked once.
    pub(in crate::realtime) fn take_drain_wanted(&mut self) -> bool {
        core::mem::take(&mut self.drain_wanted)
    }

    /// Whether something was given up that has to be fetched while the connection lives, asked once.
    pub(in crate::realtime) fn take_heals(&mut self) -> bool {
        core::mem::take(&mut self.heals)
    }

    /// Whether what was shed can be fetched now, asked once.
    pub(in crate::realtime) fn take_recovery(&mut self) -> bool {
        self.budget.take_recovery()
    }

    /// Whether a page of so many bytes can be taken in.
    pub(in crate::realtime) fn has_room_for(&self, bytes: usize) -> bool {
        self.budget.has_room() && self.budget.fits(bytes)
    }

    /// How full the buffers are. While live messages wait for a drain they take less of the room, or the drain would have
    /// none for its pages.
    pub(in crate::realtime) fn fullness(&self) -> Fullness {
        let crowded = self.conversations.is_crowded(self.holding);
        let (full, room) = if self.holding {
            (self.budget.reaches(4), !self.budget.reaches(3))
        } else {
            (self.budget.reaches(8), self.budget.has_quarter_free())
        };
        Fullness { nearly_full: crowded || full, has_room: room }
    }

    pub(in crate::realtime) fn buffered(&self) -> Buffered {
        self.budget.buffered()
    }

    /// Adds what happens here to what the session's events tell.
    pub(in crate::realtime) fn stats(&self, events: SessionStats) -> SessionStats {
        let Buffered { messages, bytes } = self.budget.buffered();
        SessionStats {
            received: self.arrivals,
            offered: self.offers,
            handled: self.handled,
            failed: self.failed,
            discarded: self.discarded,
            shed: self.budget.dropped(),
            in_flight: self.in_flight.len(),
            buffered_messages: messages,
            buffered_bytes: bytes,
            acks_pending: self.acks.len(),
            ..events
        }
    }

    /// Grows with what makes a stored checkpoint old: a message that is settled for good, or a platform that takes no acks.
    pub(in crate::realtime) fn revision(&self) -> u64 {
        self.settled.saturating_add(self.legacy.into())
    }
}
