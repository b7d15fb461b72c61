//! What must be dealt with when nothing disturbs any more.

use super::{Heals, Judge, Verdict, broken, describe, is_fillable};
use crate::platform::{Envelope, Message, Number, Platform, Sort};
use crate::schedule::Poison;
use crate::tally::Promise;

/// Whether history shows where it belongs, though it cannot be read.
fn has_place(message: &Message) -> bool {
    matches!(message.sort, Sort::Poison(Poison::NumberedId | Poison::Deep))
}

impl Judge {
    /// Whether the client has dealt with all that it has got or can see is missing.
    /// `again`: another connection was had, by which what was given up comes again.
    pub(crate) fn is_at_rest(&self, platform: &Platform, again: bool) -> bool {
        self.in_flight == 0 && self.unhandled(platform, again).is_none()
    }

    /// A message that the present client has got or missed, and neither settled nor given up.
    fn unhandled(&self, platform: &Platform, again: bool) -> Option<Number> {
        (0..self.messages.len()).find(|number| {
            let (record, message) = (&self.messages[*number], &platform.messages[*number]);
            let healed = record.announced && self.comes_again(message);
            // What an earlier process settled may come once more and find no room, if its ack takes effect only afterwards.
            let is_over = record.is_settled_and_acked() && message.envelope != Envelope::Stored;
            let arrived = record.arrived && !is_over;
            let known = arrived || !record.is_settled_and_acked() && (record.missed || healed);
            known
                && message.sort != Sort::Own
                && !message.hidden
                && record.known_settled.is_none()
                && match record.gave_up {
                    None => true,
                    Some(last) => again && !last && self.comes_again(message),
                }
        })
    }

    /// Whether what was given up is brought again without another connection.
    fn comes_again(&self, message: &Message) -> bool {
        match self.heals {
            Heals::Drain => message.envelope == Envelope::Stored,
            Heals::History => is_fillable(message) || !message.hidden && has_place(message),
            // Which of the two it is depends on the connection.
            Heals::DrainOrHistory => message.envelope == Envelope::Stored && is_fillable(message),
            Heals::Nothing => false,
        }
    }

    /// Nothing disturbs any more, and all has come to rest: what has arrived was handled.
    pub(crate) fn rested(&self, platform: &Platform, again: bool) -> Verdict {
        let Some(number) = self.unhandled(platform, again) else { return Ok(()) };
        let (record, name) = (&self.messages[number], describe(number, &platform.messages[number]));
        let what = match (record.in_flight, record.arrived) {
            (true, _) => return Ok(()),
            _ if record.gave_up.is_some() => format!("{name} was given up for now, and was never offered again"),
            (_, true) => format!("{name} has arrived, and was never handled"),
            (_, false) if record.announced => format!("{name} was given up, and is asked for by nothing"),
            (_, false) => format!("{name} is missing, and nothing was done or said about it"),
        };
        broken(Promise::NothingLost, what)
    }

    /// After a last connection without faults: the platform owes nothing.
    pub(crate) fn ended(&self, platform: &Platform, drains: bool, acks: bool) -> Verdict {
        let mut stuck = false;
        for number in platform.stored() {
            let (record, message) = (&self.messages[number], &platform.messages[number]);
            if record.gave_up == Some(true) {
                stuck = true;
                continue;
            }
            // The cursor cannot pass what is stuck, and nothing else can ack what has no id, or anything without acks. Without
            // drains there is no cursor.
            if stuck && (!acks || message.sort == Sort::Poison(Poison::NumberedId)) && record.settled {
                continue;
            }
            if !drains && message.sort == Sort::Poison(Poison::NumberedId) {
                continue;
            }
            let name = describe(number, message);
            if drains && !record.settled {
                return broken(Promise::NothingLost, format!("{name} is stored, and was never handled"));
            }
            if record.known_settled.is_some() && (drains || !record.acked) {
                return broken(Promise::NothingLost, format!("{name} was handled, and the platform still owes it"));
            }
        }
        Ok(())
    }

    /// The client closed: what it settled while it could ack was acked.
    pub(crate) fn closed(&self, platform: &Platform) -> Verdict {
        let unacked = platform.stored().find(|number| {
            let record = &self.messages[*number];
            record.known_settled.is_some()
                && !record.acked
                && !matches!(platform.messages[*number].sort, Sort::Poison(_))
        });
        match unacked {
            None => Ok(()),
            Some(number) => {
                let name = describe(number, &platform.messages[number]);
                broken(Promise::NothingLost, format!("{name} was handled before the close, and its ack was never sent"))
            }
        }
    }
}
