//! The five promises, checked against the platform's model after every step. What has become of each message and conversation is
//! recorded here (`records`), and nowhere in the client.
//!
//! Rules on messages are here; rules on liveness and closing are in `world`, `passing`, `endings` and `signals`.

mod arrivals;
mod deliveries;
mod history;
mod notes;
mod quiescence;
mod records;
mod restart;

pub(super) use arrivals::Circumstances;
use records::{ConversationRecord, MessageRecord};
pub(super) use restart::Knowledge;

use super::platform::{Envelope, Message, Number, Sort};
use super::schedule::{Acks, Setup};
use super::tally::{Promise, Violation};

#[derive(Debug)]
pub(super) struct Judge {
    messages: Vec<MessageRecord>,
    conversations: Vec<ConversationRecord>,
    missed: Vec<Number>,
    /// Offers since the client was last idle: a gap may be announced after what it was given up for.
    batch: Vec<Number>,
    in_flight: usize,
    stamp: u64,
    resumed: bool,
    /// Whether the client, or the one that it goes on from, has had a connection without acks.
    legacy: bool,
    /// Whether any client has had one.
    ever_legacy: bool,
    /// Whether one had that the checkpoint does not know of: what was written to it is taken for handled.
    unsaid: bool,
    max_in_flight: usize,
    max_offers: u32,
    /// Buffers may be full, or deliveries unconfirmed: more may be asked for than is missing.
    lenient: bool,
    heals: Heals,
    /// Whether the platform is held back and disturbs nothing: nothing is shed, late or a gap.
    flood: bool,
    /// Messages that were read from the socket of a client that had caught up, in a flood, and are not settled.
    held: usize,
    /// Whether a drain brings what cannot be read where it is pushed.
    drains: bool,
}

/// What brings a message whose gap was given up while the connection lives.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Heals {
    /// A drain: what is stored.
    Drain,
    /// History: all that others wrote.
    History,
    /// Whichever the present connection allows: what both have.
    DrainOrHistory,
    /// Nothing does: neither is asked.
    Nothing,
}

type Verdict = Result<(), Violation>;

fn broken(promise: Promise, what: String) -> Verdict {
    Err(Violation { promise, what })
}

impl Judge {
    pub(super) fn new(setup: &Setup) -> Self {
        let knobs = &setup.options;
        Self {
            messages: Vec::new(),
            conversations: vec![ConversationRecord::default(); setup.conversations.into()],
            missed: Vec::new(),
            batch: Vec::new(),
            in_flight: 0,
            stamp: 0,
            resumed: false,
            legacy: false,
            ever_legacy: false,
            unsaid: false,
            max_in_flight: knobs.max_in_flight,
            max_offers: (knobs.redelivery.len() as u32 + 1) * (knobs.reoffers + 1),
            lenient: knobs.is_small() || setup.acks != Acks::Always,
            heals: match setup.acks {
                Acks::Always if knobs.drain => Heals::Drain,
                Acks::Always if knobs.fill => Heals::History,
                Acks::Never => Heals::History,
                Acks::Alternating if knobs.drain => Heals::DrainOrHistory,
                _ => Heals::Nothing,
            },
            flood: setup.flood,
            held: 0,
            drains: knobs.drain,
        }
    }

    pub(super) fn stored(&mut self, earlier: bool) {
        self.messages.push(MessageRecord { earlier, ..MessageRecord::default() });
    }
}

/// Whether a client can tell from its row which seq it fills.
fn shows_its_place(message: &Message) -> bool {
    !matches!(message.sort, Sort::Poison(_) | Sort::OddSeq(_))
}

/// Whether history gives it to somebody who misses it.
fn is_fillable(message: &Message) -> bool {
    matches!(message.sort, Sort::Plain | Sort::System) && !message.hidden
}

pub(super) fn describe(number: Number, message: &Message) -> String {
    let envelope = match message.envelope {
        Envelope::None => "",
        Envelope::Stored => ", stored",
        Envelope::Delivered => ", delivered",
    };
    let Message { conversation, seq, sort, .. } = message;
    format!("msg_{number} (c{conversation} seq {seq}, {sort:?}{envelope})")
}
