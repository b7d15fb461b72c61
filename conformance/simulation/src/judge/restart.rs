//! What the next process can know.

use super::Judge;
use super::records::{ConversationRecord, MessageRecord};

/// What a checkpoint can know.
#[derive(Clone, Debug)]
pub(crate) struct Knowledge {
    stamp: u64,
    legacy: bool,
    conversations: Vec<ConversationRecord>,
    /// Whether its gap was announced, by message: the marks above those gaps are in the checkpoint.
    announced: Vec<bool>,
}

impl Judge {
    /// What a checkpoint of this moment can know.
    pub(crate) fn knowledge(&self) -> Knowledge {
        let announced = self.messages.iter().map(|record| record.announced).collect();
        Knowledge { stamp: self.stamp, legacy: self.legacy, conversations: self.conversations.clone(), announced }
    }

    /// The client learns that the platform takes no acks.
    pub(crate) fn takes_no_acks(&mut self) {
        (self.legacy, self.ever_legacy) = (true, true);
    }

    /// The process dies, and the next one knows this much.
    pub(crate) fn died(&mut self, known: Option<&Knowledge>) {
        for (number, record) in self.messages.iter_mut().enumerate() {
            let keeps = known.is_some_and(|known| record.known_settled.is_some_and(|stamp| stamp <= known.stamp));
            *record = MessageRecord {
                settled: record.settled,
                earlier: record.earlier,
                acked: record.acked,
                known_settled: record.known_settled.filter(|_| keeps),
                passed: record.passed && known.is_some(),
                announced: known.and_then(|known| known.announced.get(number)).is_some_and(|announced| *announced),
                ..MessageRecord::default()
            };
        }
        for (conversation, conversation_record) in self.conversations.iter_mut().enumerate() {
            let wild = conversation_record.wild;
            *conversation_record = known.map(|known| known.conversations[conversation]).unwrap_or_default();
            // What had arrived and was not offered is not in a checkpoint.
            let highest = conversation_record
                .highest
                .filter(|_| conversation_record.offered > 0)
                .map(|highest| highest.min(conversation_record.offered));
            *conversation_record = ConversationRecord {
                in_flight: 0,
                wild: wild || conversation_record.wild,
                highest,
                ..*conversation_record
            };
        }
        self.missed.clear();
        self.batch.clear();
        self.in_flight = 0;
        self.held = 0;
        self.resumed = known.is_some();
        self.unsaid = known.is_some_and(|known| self.ever_legacy && !known.legacy);
        self.legacy = known.is_some_and(|known| known.legacy);
    }
}
