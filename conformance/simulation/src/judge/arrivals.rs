//! What reaches the client, and what it can thereby see to be missing.

use super::{Judge, is_fillable, shows_its_place};
use crate::platform::{Envelope, Number, Platform, Sort};
use crate::schedule::OddSeq;

/// In which a live message comes.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Circumstances {
    /// The client holds nothing back for a drain.
    pub(crate) plain: bool,
    /// There is room: nothing is shed.
    pub(crate) room: bool,
    /// The platform takes acks.
    pub(crate) acks: bool,
}

impl Judge {
    /// A message came over the client's connection: it may show the client what is missing below.
    pub(crate) fn pushed(&mut self, platform: &Platform, number: Number) {
        let message = &platform.messages[number];
        let conversation_record = &mut self.conversations[usize::from(message.conversation)];
        conversation_record.pushed = conversation_record.pushed.max(message.seq);
    }

    /// A message came while the client closes: it is taken, and may begin its conversation.
    pub(crate) fn arrived_in_closing(&mut self, platform: &Platform, number: Number) {
        let message = &platform.messages[number];
        let conversation_record = &mut self.conversations[usize::from(message.conversation)];
        match message.sort {
            Sort::Plain | Sort::System => _ = conversation_record.first.get_or_insert(message.seq),
            Sort::OddSeq(OddSeq::Huge) => conversation_record.doubt(true),
            Sort::Own | Sort::OddSeq(_) | Sort::Poison(_) => {}
        }
    }

    /// A message came over the client's accepted connection. `plain`: nothing is held back. `room`: nothing is shed. `acks`:
    /// the platform takes them.
    pub(crate) fn arrived_live(
        &mut self,
        platform: &Platform,
        number: Number,
        Circumstances { plain, room, acks }: Circumstances,
    ) {
        let message = &platform.messages[number];
        if matches!(message.sort, Sort::Poison(_)) {
            // With acks a drain brings it, as a row that can be settled.
            self.messages[number].arrived |= room && !(acks && self.drains);
            return;
        }
        let record = &mut self.messages[number];
        if self.flood && plain && !record.arrived && !record.held {
            record.held = true;
            self.held += 1;
        }
        let odd = matches!(message.sort, Sort::OddSeq(_));
        // Without a seq, what is shed cannot be found in history.
        self.messages[number].arrived |= room || !odd;
        let Some(seq) = message.shown_seq() else { return };
        let conversation_record = &mut self.conversations[usize::from(message.conversation)];
        if message.sort == Sort::OddSeq(OddSeq::Huge) {
            return conversation_record.doubt(room);
        }
        if let (Some(highest), true, false) = (conversation_record.highest, plain && room, conversation_record.wild) {
            let above = highest.max(conversation_record.first.unwrap_or(0).saturating_sub(1));
            for (between, other) in platform.messages.iter().enumerate() {
                let here = other.conversation == message.conversation && other.seq > above && other.seq < seq;
                let record = &mut self.messages[between];
                let unsaid = self.unsaid && !self.legacy && other.envelope == Envelope::Delivered;
                let known = record.arrived
                    || record.missed
                    || record.passed
                    || record.announced
                    || record.known_settled.is_some();
                if here && is_fillable(other) && !known && !unsaid {
                    record.missed = true;
                    self.missed.push(between);
                }
            }
        }
        conversation_record.arrived(seq);
    }

    /// Rows of the sync that the client waited for. What lies between them needs no delivery. Without room they are left for
    /// another sync.
    pub(crate) fn arrived_by_sync(&mut self, platform: &Platform, rows: &[Number], room: bool) {
        for number in rows {
            let message = &platform.messages[*number];
            self.messages[*number].arrived |= room;
            if matches!(message.sort, Sort::Poison(_)) {
                continue;
            }
            let conversation_record = &mut self.conversations[usize::from(message.conversation)];
            let huge = message.sort == Sort::OddSeq(OddSeq::Huge);
            if huge {
                conversation_record.doubt(room);
            }
            if let (Some(seq), false) = (message.shown_seq(), conversation_record.wild || huge) {
                conversation_record.arrived(seq);
            }
            for (other, record) in platform.messages.iter().zip(&mut self.messages) {
                if other.conversation == message.conversation && other.seq < message.seq {
                    record.passed |= !record.arrived;
                    record.stepped_over |= !record.arrived && room && shows_its_place(message);
                    record.missed = false;
                }
            }
            self.missed.retain(|number| self.messages[*number].missed);
        }
    }
}
