//! What the client says: gaps, messages and marks that it gives up.

use std::time::Duration;

use super::records::ConversationRecord;
use super::{Judge, Verdict, broken, describe, is_fillable};
use crate::client::{Conversation, Note, Range};
use crate::platform::{Envelope, Platform};
use crate::tally::Promise;
use crate::wire;

/// How long what is above a gap waits at least while history fails.
const PATIENCE: Duration = Duration::from_secs(30);

impl Judge {
    pub(crate) fn noted(&mut self, platform: &Platform, note: &Note) -> Verdict {
        match note {
            Note::Gap { .. } | Note::Shed if self.flood => {
                let what = format!("the platform is held back and loses nothing, and the client says {note:?}");
                broken(Promise::Bounded, what)
            }
            Note::Gap { conversation, expected, filled, absent, missing, recovered, waited, failed, drained } => {
                if *recovered != missing.is_empty() {
                    return broken(
                        Promise::InOrder,
                        format!("a gap is recovered: {recovered}, with {missing:?} missing"),
                    );
                }
                let Some(of) = wire::conversation(conversation) else { return Ok(()) };
                self.begins(platform, of, *expected)?;
                if *drained {
                    self.need_no_delivery(platform, of, *expected);
                }
                if *failed {
                    self.was_patient(platform, of, missing, *waited)?;
                }
                self.gap(platform, of, filled, absent, missing)
            }
            Note::GaveUp { id, place, last } => {
                let placed = || place.as_ref().and_then(|(of, seq)| platform.placed(wire::conversation(of)?, *seq));
                let Some(number) = id.as_ref().and_then(|id| platform.named(id)).or_else(placed) else {
                    let what = format!("the client gave up, and does not say which message: {note:?}");
                    return broken(Promise::NothingLost, what);
                };
                self.messages[number].gave_up = Some(*last);
                Ok(())
            }
            Note::MarkForgotten { conversation } => {
                if let Some(of) = wire::conversation(conversation) {
                    self.conversations[usize::from(of)] = ConversationRecord::default();
                    for (message, record) in platform.messages.iter().zip(&mut self.messages) {
                        record.missed &= message.conversation != of;
                    }
                    self.missed.retain(|number| self.messages[*number].missed);
                }
                Ok(())
            }
            _ => Ok(()),
        }
    }

    /// A drain has ended: from there on only what is stored needs a delivery, and the drain has brought that.
    fn need_no_delivery(&mut self, platform: &Platform, of: Conversation, expected: u64) {
        for (message, record) in platform.messages.iter().zip(&mut self.messages) {
            let skipped = message.conversation == of && message.seq >= expected && message.envelope == Envelope::None;
            record.passed |= skipped && !record.arrived;
            record.missed &= !skipped;
        }
    }

    /// Order is worth more than speed while history fails: what can be read is not given up early.
    fn was_patient(&self, platform: &Platform, of: Conversation, missing: &[Range], waited: Duration) -> Verdict {
        let within = |seq: u64| missing.iter().any(|(first, last)| *first <= seq && seq <= *last);
        let mut messages = platform.messages.iter().enumerate();
        let given_up = messages.find(|(_, m)| m.conversation == of && within(m.seq) && is_fillable(m));
        match given_up {
            Some((number, message)) if waited < PATIENCE => {
                let name = describe(number, message);
                broken(Promise::InOrder, format!("{name} was given up after {waited:?}, and history had failed"))
            }
            _ => Ok(()),
        }
    }

    fn gap(
        &mut self,
        platform: &Platform,
        of: Conversation,
        filled: &[Range],
        absent: &[Range],
        missing: &[Range],
    ) -> Verdict {
        let within = |ranges: &[Range], seq: u64| ranges.iter().any(|(first, last)| *first <= seq && seq <= *last);
        for (number, message) in platform.messages.iter().enumerate().filter(|(_, m)| m.conversation == of) {
            let record = &mut self.messages[number];
            if !is_fillable(message) || record.known_settled.is_some() {
                continue;
            }
            if within(absent, message.seq) && !record.arrived {
                let name = describe(number, message);
                return broken(Promise::NothingLost, format!("{name} is said not to exist, and history has it"));
            }
            // What the platform pushed again before it had read the ack has arrived by itself.
            let again = within(filled, message.seq) && !record.arrived && record.is_settled_and_acked();
            if again && self.resumed && !self.lenient && message.envelope == Envelope::Delivered {
                let name = describe(number, message);
                return broken(Promise::NoDuplicates, format!("{name} was filled, which was settled and acked before"));
            }
            record.arrived |= within(filled, message.seq);
            record.announced |= within(missing, message.seq);
            record.missed &= !record.announced;
        }
        Ok(())
    }
}
