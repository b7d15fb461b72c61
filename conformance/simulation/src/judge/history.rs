//! What the client asks history for, and what it says a gap begins with.

use super::{Judge, Verdict, broken, describe, shows_its_place};
use crate::client::Conversation;
use crate::platform::Platform;
use crate::tally::Promise;

impl Judge {
    /// The client asks history what comes after a seq: below the seqs that came over a socket there must be something that it
    /// does not know of. What lies between the rows of a drain is known to need no delivery.
    pub(crate) fn asked_history(&mut self, platform: &Platform, of: Conversation, after: u64) -> Verdict {
        let conversation_record = &mut self.conversations[usize::from(of)];
        let pushed = conversation_record.pushed;
        // The same question once more is another try.
        let mut unknown = conversation_record.asked_after.replace(after) == Some(after);
        for (message, record) in platform.messages.iter().zip(&mut self.messages) {
            if message.conversation == of && message.seq > after {
                let here = record.arrived && record.gave_up.is_none();
                let known = here || record.told || record.stepped_over || record.known_settled.is_some();
                unknown |= message.seq <= pushed && !(known && shows_its_place(message));
                // What was given up is fetched again by whatever has it.
                unknown |= record.gave_up == Some(false);
                record.asked |= record.offers == 0 && !record.stepped_over;
            }
        }
        // Without room for all, or after another process, the client may have to ask for what it knows of.
        if unknown || self.resumed || self.lenient {
            return Ok(());
        }
        let what = format!("history of c{of} was asked for what comes after seq {after}, and nothing is missing");
        broken(Promise::Bounded, what)
    }

    /// The client hears of an own send: nothing is missing where it is.
    pub(crate) fn told_of_own(&mut self, platform: &Platform, of: Conversation, seq: u64) {
        for (message, record) in platform.messages.iter().zip(&mut self.messages) {
            record.told |= message.conversation == of && message.seq == seq;
        }
    }

    /// A gap event begins with a seq: that seq was missing when the gap was noticed.
    pub(super) fn begins(&self, platform: &Platform, of: Conversation, expected: u64) -> Verdict {
        let mut messages = platform.messages.iter().enumerate().zip(&self.messages);
        let first = messages.find(|((_, message), _)| {
            message.conversation == of && message.seq == expected && shows_its_place(message)
        });
        match first {
            Some(((number, message), record)) if record.offers > 0 && !record.asked => {
                let name = describe(number, message);
                broken(Promise::InOrder, format!("a gap is said to begin with {name}, which had been offered"))
            }
            _ => Ok(()),
        }
    }
}
