//! The five promises, checked against the platform's model after every step. What is owed is kept here, by message
//! and by conversation, and nowhere in the client.

use super::client::{Conversation, Note, Offer, Outcome, Range};
use super::platform::{Envelope, Message, Number, Platform, Sort};
use super::schedule::{Knobs, OddSeq, Poison};
use super::tally::{Promise, Violation};
use super::wire;

/// What is known of a message's way to the application.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    /// The present client has got it, by whichever way.
    arrived: bool,
    /// Offers by the present client.
    offers: u32,
    in_flight: bool,
    /// When it was settled for good, as far as the present client can know: since its start, or in its checkpoint.
    known_settled: Option<u64>,
    /// Whether it was settled for good by any client.
    settled: bool,
    /// The present client gave up on it, perhaps for good.
    gave_up: Option<bool>,
    /// An ack for it was sent, by frame or cursor.
    acked: bool,
    /// Handled before the first client's time.
    earlier: bool,
    /// A higher seq came over a socket with nothing held back: that it is missing can be seen.
    missed: bool,
    /// A drain went past it: it is not owed, and not missed.
    passed: bool,
    /// Its hole was announced when it was given up: what comes above it later need not say so again. An answer of
    /// history can show the client a hole before any socket shows it to the judge.
    announced: bool,
}

/// What is known of a conversation.
#[derive(Clone, Copy, Debug, Default)]
struct Course {
    /// The highest seq that has arrived.
    highest: Option<u64>,
    /// The highest seq that was offered.
    offered: u64,
    in_flight: u32,
    /// A seq beyond belief has been seen: what is late is no longer told from what is not.
    wild: bool,
}

/// What a checkpoint can know.
#[derive(Clone, Debug)]
pub(super) struct Knowledge {
    stamp: u64,
    courses: Vec<Course>,
    /// Whether its hole was announced, by message: the marks above those holes are in the checkpoint.
    announced: Vec<bool>,
}

#[derive(Debug)]
pub(super) struct Judge {
    fates: Vec<Fate>,
    courses: Vec<Course>,
    missed: Vec<Number>,
    /// Offers since the client was last idle: a gap may be announced after what it was given up for.
    batch: Vec<Number>,
    in_flight: usize,
    last_settled: Option<Number>,
    stamp: u64,
    resumed: bool,
    max_in_flight: usize,
    max_offers: u32,
}

type Verdict = Result<(), Violation>;

fn broken(promise: Promise, what: String) -> Verdict {
    Err(Violation { promise, what })
}

impl Judge {
    pub(super) fn new(conversations: u16, knobs: &Knobs) -> Self {
        Self {
            fates: Vec::new(),
            courses: vec![Course::default(); conversations.into()],
            missed: Vec::new(),
            batch: Vec::new(),
            in_flight: 0,
            last_settled: None,
            stamp: 0,
            resumed: false,
            max_in_flight: knobs.max_in_flight,
            max_offers: (knobs.redelivery.len() as u32 + 1) * (knobs.reoffers + 1),
        }
    }

    pub(super) fn stored(&mut self, earlier: bool) {
        self.fates.push(Fate { earlier, ..Fate::default() });
    }

    /// A message came over the client's accepted connection. `plain`: nothing is held back. `room`: nothing is shed.
    pub(super) fn arrived_live(&mut self, platform: &Platform, number: Number, plain: bool, room: bool) {
        let message = &platform.messages[number];
        if matches!(message.sort, Sort::Poison(_)) {
            return;
        }
        let odd = matches!(message.sort, Sort::OddSeq(_));
        // Without a seq, what is shed cannot be found in history.
        self.fates[number].arrived |= room || !odd;
        let Some(seq) = message.shown_seq() else { return };
        let course = &mut self.courses[usize::from(message.conversation)];
        if message.sort == Sort::OddSeq(OddSeq::Huge) {
            course.wild = true;
            return;
        }
        if let (Some(highest), true, false) = (course.highest, plain && room, course.wild) {
            for (between, other) in platform.messages.iter().enumerate() {
                let here = other.conversation == message.conversation && other.seq > highest && other.seq < seq;
                let fate = &mut self.fates[between];
                let known =
                    fate.arrived || fate.missed || fate.passed || fate.announced || fate.known_settled.is_some();
                if here && is_fillable(other) && !known {
                    fate.missed = true;
                    self.missed.push(between);
                }
            }
        }
        course.highest = course.highest.max(Some(seq));
    }

    /// Rows of the sync that the client waited for. What lies between them is not owed. Without room they are left for
    /// another sync.
    pub(super) fn arrived_by_sync(&mut self, platform: &Platform, rows: &[Number], room: bool) {
        for number in rows {
            let message = &platform.messages[*number];
            self.fates[*number].arrived |= room;
            if matches!(message.sort, Sort::Poison(_)) {
                continue;
            }
            let course = &mut self.courses[usize::from(message.conversation)];
            course.wild |= message.sort == Sort::OddSeq(OddSeq::Huge);
            if let (Some(seq), false) = (message.shown_seq(), course.wild) {
                course.highest = course.highest.max(Some(seq));
            }
            for (other, fate) in platform.messages.iter().zip(&mut self.fates) {
                if other.conversation == message.conversation && other.seq < message.seq {
                    fate.passed |= !fate.arrived;
                    fate.missed = false;
                }
            }
            self.missed.retain(|number| self.fates[*number].missed);
        }
    }

    pub(super) fn offered(&mut self, platform: &Platform, offer: &Offer, number: Number) -> Verdict {
        let message = &platform.messages[number];
        let name = describe(number, message);
        let fate = &mut self.fates[number];
        if message.sort == Sort::Own {
            return broken(Promise::NothingLost, format!("{name} is our own and was offered: an agent answers itself"));
        }
        if fate.in_flight {
            return broken(Promise::NoDuplicates, format!("{name} was offered while it was being handled"));
        }
        if fate.known_settled.is_some() {
            return broken(Promise::NoDuplicates, format!("{name} was offered although it had been settled"));
        }
        fate.arrived = true;
        fate.in_flight = true;
        fate.gave_up = None;
        fate.offers += 1;
        self.in_flight += 1;
        if fate.offers > self.max_offers {
            return broken(Promise::Bounded, format!("{name} was offered {} times", fate.offers));
        }
        if offer.attempt != fate.offers && !self.resumed {
            let (said, real) = (offer.attempt, fate.offers);
            return broken(Promise::Bounded, format!("{name} was offered as attempt {said}, which is attempt {real}"));
        }
        if self.in_flight > self.max_in_flight {
            return broken(Promise::Bounded, format!("{} deliveries are in flight", self.in_flight));
        }
        if matches!(message.sort, Sort::Poison(_)) {
            return Ok(());
        }
        let course = &mut self.courses[usize::from(message.conversation)];
        course.in_flight += 1;
        if course.in_flight > 1 {
            return broken(
                Promise::InOrder,
                format!("{name} was offered while another of its conversation was handled"),
            );
        }
        // It may have come while the client was closing, which nobody looks at.
        course.wild |= message.sort == Sort::OddSeq(OddSeq::Huge);
        let (Some(seq), false) = (message.shown_seq(), message.sort == Sort::OddSeq(OddSeq::Huge)) else {
            return Ok(());
        };
        if !offer.late && seq < course.offered {
            return broken(
                Promise::InOrder,
                format!("{name} was offered after seq {}, and not as late", course.offered),
            );
        }
        if offer.late && seq >= course.offered && !course.wild && !self.resumed {
            return broken(Promise::InOrder, format!("{name} was offered as late, and nothing higher before it"));
        }
        course.offered = course.offered.max(seq);
        self.batch.push(number);
        Ok(())
    }

    /// The client has said all it has to say: nothing was offered over the head of what is missing without a word.
    pub(super) fn batch_ended(&mut self, platform: &Platform) -> Verdict {
        let fates = &self.fates;
        self.missed.retain(|number| fates[*number].missed && !fates[*number].arrived);
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

    pub(super) fn settled(&mut self, platform: &Platform, number: Number, outcome: Outcome) {
        self.last_settled = Some(number);
        let fate = &mut self.fates[number];
        fate.in_flight = false;
        self.in_flight -= 1;
        let message = &platform.messages[number];
        if !matches!(message.sort, Sort::Poison(_)) {
            self.courses[usize::from(message.conversation)].in_flight -= 1;
        }
        if !matches!(outcome, Outcome::Failed { .. }) {
            self.stamp += 1;
            fate.settled = true;
            fate.known_settled = Some(self.stamp);
        }
    }

    /// The client acks a message, by frame or by cursor.
    pub(super) fn acked(&mut self, platform: &Platform, number: Number, way: &str) -> Verdict {
        let (fate, message) = (&mut self.fates[number], &platform.messages[number]);
        fate.acked = true;
        if fate.settled || fate.earlier || message.hidden {
            return Ok(());
        }
        broken(Promise::NothingLost, format!("{} was acked by {way} and never settled", describe(number, message)))
    }

    pub(super) fn noted(&mut self, platform: &Platform, note: &Note) -> Verdict {
        match note {
            Note::Gap { conversation, filled, absent, missing, recovered } => {
                if *recovered != missing.is_empty() {
                    return broken(
                        Promise::InOrder,
                        format!("a gap is recovered: {recovered}, with {missing:?} missing"),
                    );
                }
                let Some(of) = wire::conversation(conversation) else { return Ok(()) };
                self.gap(platform, of, filled, absent, missing)
            }
            Note::GaveUp { id, last } => {
                // What has no id that can be read is told by what was settled just now.
                let named = id.as_ref().map_or(self.last_settled, |id| platform.named(id));
                if let Some(number) = named {
                    self.fates[number].gave_up = Some(*last);
                }
                Ok(())
            }
            Note::MarkForgotten { conversation } => {
                if let Some(of) = wire::conversation(conversation) {
                    self.courses[usize::from(of)] = Course::default();
                    for (message, fate) in platform.messages.iter().zip(&mut self.fates) {
                        fate.missed &= message.conversation != of;
                    }
                    self.missed.retain(|number| self.fates[*number].missed);
                }
                Ok(())
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
            let fate = &mut self.fates[number];
            if !is_fillable(message) || fate.known_settled.is_some() {
                continue;
            }
            if within(absent, message.seq) && !fate.arrived {
                let name = describe(number, message);
                return broken(Promise::NothingLost, format!("{name} is said not to exist, and history has it"));
            }
            fate.arrived |= within(filled, message.seq);
            fate.announced |= within(missing, message.seq);
            fate.missed &= !fate.announced;
        }
        Ok(())
    }

    /// What a checkpoint of this moment can know.
    pub(super) fn knowledge(&self) -> Knowledge {
        let announced = self.fates.iter().map(|fate| fate.announced).collect();
        Knowledge { stamp: self.stamp, courses: self.courses.clone(), announced }
    }

    /// The process dies, and the next one knows this much.
    pub(super) fn died(&mut self, known: Option<&Knowledge>) {
        for (number, fate) in self.fates.iter_mut().enumerate() {
            let keeps = known.is_some_and(|known| fate.known_settled.is_some_and(|stamp| stamp <= known.stamp));
            *fate = Fate {
                settled: fate.settled,
                earlier: fate.earlier,
                acked: fate.acked,
                known_settled: fate.known_settled.filter(|_| keeps),
                passed: fate.passed && known.is_some(),
                announced: known.and_then(|known| known.announced.get(number)).is_some_and(|announced| *announced),
                ..Fate::default()
            };
        }
        for (conversation, course) in self.courses.iter_mut().enumerate() {
            let wild = course.wild;
            *course = known.map(|known| known.courses[conversation]).unwrap_or_default();
            // What had arrived and was not offered is not in a checkpoint.
            let highest = course.highest.filter(|_| course.offered > 0).map(|highest| highest.min(course.offered));
            *course = Course { in_flight: 0, wild: wild || course.wild, highest, ..*course };
        }
        self.missed.clear();
        self.batch.clear();
        self.in_flight = 0;
        self.resumed = known.is_some();
    }

    /// Whether the client has dealt with all that it has got or can see is missing.
    pub(super) fn is_at_rest(&self, platform: &Platform) -> bool {
        self.in_flight == 0 && self.unhandled(platform).is_none()
    }

    /// A message that the present client has got or missed, and neither settled nor given up.
    fn unhandled(&self, platform: &Platform) -> Option<Number> {
        (0..self.fates.len()).find(|number| {
            let (fate, message) = (&self.fates[*number], &platform.messages[*number]);
            let known = fate.arrived || fate.missed;
            known
                && message.sort != Sort::Own
                && !message.hidden
                && fate.known_settled.is_none()
                && fate.gave_up.is_none()
        })
    }

    /// Nothing disturbs any more, and all has come to rest: what has arrived was handled.
    pub(super) fn rested(&self, platform: &Platform) -> Verdict {
        let Some(number) = self.unhandled(platform) else { return Ok(()) };
        let (fate, name) = (&self.fates[number], describe(number, &platform.messages[number]));
        let what = match (fate.in_flight, fate.arrived) {
            (true, _) => return Ok(()),
            (_, true) => format!("{name} has arrived, and was never handled"),
            (_, false) => format!("{name} is missing, and nothing was done or said about it"),
        };
        broken(Promise::NothingLost, what)
    }

    /// After a last connection without faults: the platform owes nothing.
    pub(super) fn ended(&self, platform: &Platform, drains: bool, acks: bool) -> Verdict {
        let mut stuck = false;
        for number in platform.stored() {
            let (fate, message) = (&self.fates[number], &platform.messages[number]);
            if fate.gave_up == Some(true) {
                stuck = true;
                continue;
            }
            // The cursor cannot pass what is stuck, and nothing else can ack what has no id, or anything without acks.
            if stuck && (!acks || message.sort == Sort::Poison(Poison::NumberedId)) && fate.settled {
                continue;
            }
            let name = describe(number, message);
            if drains && !fate.settled {
                return broken(Promise::NothingLost, format!("{name} is stored, and was never handled"));
            }
            if fate.known_settled.is_some() && (drains || !fate.acked) {
                return broken(Promise::NothingLost, format!("{name} was handled, and the platform still owes it"));
            }
        }
        Ok(())
    }

    /// The client closed: what it settled while it could ack was acked.
    pub(super) fn closed(&self, platform: &Platform) -> Verdict {
        let unacked = platform.stored().find(|number| {
            let fate = &self.fates[*number];
            fate.known_settled.is_some() && !fate.acked && !matches!(platform.messages[*number].sort, Sort::Poison(_))
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
