//! What the application is offered, how that ends, and what is acked.

use super::{Judge, Verdict, broken, describe, is_fillable};
use crate::client::{Offer, Outcome};
use crate::platform::{Number, Platform, Sort};
use crate::schedule::OddSeq;
use crate::tally::Promise;

impl Judge {
    pub(crate) fn offered(&mut self, platform: &Platform, offer: &Offer, number: Number) -> Verdict {
        let message = &platform.messages[number];
        let name = describe(number, message);
        let record = &mut self.messages[number];
        if message.sort == Sort::Own {
            return broken(Promise::NothingLost, format!("{name} is our own and was offered: an agent answers itself"));
        }
        if record.in_flight {
            return broken(Promise::NoDuplicates, format!("{name} was offered while it was being handled"));
        }
        if record.known_settled.is_some() {
            return broken(Promise::NoDuplicates, format!("{name} was offered although it had been settled"));
        }
        if record.earlier && record.stepped_over && !record.arrived && !record.asked {
            let what = format!("{name} was offered, which an earlier process handled and a drain stepped over");
            return broken(Promise::NoDuplicates, what);
        }
        let arrived = core::mem::replace(&mut record.arrived, true);
        record.in_flight = true;
        record.gave_up = None;
        record.offers += 1;
        self.in_flight += 1;
        if record.offers > self.max_offers {
            return broken(Promise::Bounded, format!("{name} was offered {} times", record.offers));
        }
        if offer.attempt != record.offers && !self.resumed {
            let (said, real) = (offer.attempt, record.offers);
            return broken(Promise::Bounded, format!("{name} was offered as attempt {said}, which is attempt {real}"));
        }
        if self.in_flight > self.max_in_flight {
            return broken(Promise::Bounded, format!("{} deliveries are in flight", self.in_flight));
        }
        if matches!(message.sort, Sort::Poison(_)) {
            return Ok(());
        }
        let conversation_record = &mut self.conversations[usize::from(message.conversation)];
        conversation_record.in_flight += 1;
        if conversation_record.in_flight > 1 {
            return broken(
                Promise::InOrder,
                format!("{name} was offered while another of its conversation was handled"),
            );
        }
        // It may have come while the client was closing, which nobody looks at.
        let huge = message.sort == Sort::OddSeq(OddSeq::Huge);
        if huge {
            conversation_record.doubt(true);
            // Then it may also have begun the conversation.
            conversation_record.wild |= !arrived;
        }
        let (Some(seq), false) = (message.shown_seq(), huge) else {
            return Ok(());
        };
        if !offer.late && seq < conversation_record.offered {
            return broken(
                Promise::InOrder,
                format!("{name} was offered after seq {}, and not as late", conversation_record.offered),
            );
        }
        if offer.late && seq >= conversation_record.offered && !conversation_record.wild && !self.resumed {
            return broken(Promise::InOrder, format!("{name} was offered as late, and nothing higher before it"));
        }
        if offer.late && self.flood {
            return broken(Promise::InOrder, format!("{name} was offered late, and the platform was held back"));
        }
        conversation_record.offered = conversation_record.offered.max(seq);
        if conversation_record.highest.is_none() {
            // As above: a message that arrived during a close has begun the conversation.
            conversation_record.arrived(seq);
        }
        self.batch.push(number);
        Ok(())
    }

    /// The client has said all it has to say: nothing was offered over the head of what is missing without a word.
    pub(crate) fn batch_ended(&mut self, platform: &Platform) -> Verdict {
        let messages = &self.messages;
        self.missed.retain(|number| {
            let record = &messages[*number];
            record.missed && !record.arrived && !record.is_settled_and_acked()
        });
        for offered in self.batch.drain(..) {
            let message = &platform.messages[offered];
            let skipped = |n: &&Number| {
                let missing = &platform.messages[**n];
                missing.conversation == message.conversation && missing.seq < message.seq && is_fillable(missing)
            };
            if let Some(missing) = self.missed.iter().find(skipped) {
                let what = format!(
                    "{} was offered while {} was missing, and nothing was said about it",
                    describe(offered, message),
                    describe(*missing, &platform.messages[*missing])
                );
                return broken(Promise::InOrder, what);
            }
        }
        Ok(())
    }

    pub(crate) fn settled(&mut self, platform: &Platform, number: Number, outcome: Outcome) {
        let record = &mut self.messages[number];
        record.in_flight = false;
        self.in_flight -= 1;
        let message = &platform.messages[number];
        if !matches!(message.sort, Sort::Poison(_)) {
            self.conversations[usize::from(message.conversation)].in_flight -= 1;
        }
        if !matches!(outcome, Outcome::Failed { .. }) {
            self.stamp += 1;
            self.held -= usize::from(std::mem::take(&mut record.held));
            record.settled = true;
            record.known_settled = Some(self.stamp);
        }
    }

    /// What was read from the socket in a flood is held until it is settled: the rest can wait with the platform.
    pub(crate) fn holds(&self, messages: usize) -> Verdict {
        if self.held <= messages {
            return Ok(());
        }
        let what = format!("{} messages were read and not handled, and the client holds {messages} of them", self.held);
        broken(Promise::Bounded, what)
    }

    /// The client acks a message, by frame or by cursor.
    pub(crate) fn acked(&mut self, platform: &Platform, number: Number, way: &str) -> Verdict {
        let (record, message) = (&mut self.messages[number], &platform.messages[number]);
        record.acked = true;
        if record.settled || record.earlier || message.hidden {
            return Ok(());
        }
        broken(Promise::NothingLost, format!("{} was acked by {way} and never settled", describe(number, message)))
    }
}
