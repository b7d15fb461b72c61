//! What history is asked for, and the order of what it answers.

use crate::realtime::event::SeqRange;
use crate::types::{ConversationId, Row, SyncRow, Unreadable};

/// What history is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(in crate::realtime) enum Purpose {
    /// To close a gap.
    Gap,
    /// To get what the platform counts as delivered and we do not have.
    Missing,
}

/// A question that waits for its turn: what comes after a seq.
#[derive(Debug)]
pub(in crate::realtime) struct Question {
    pub(in crate::realtime) conversation_id: ConversationId,
    pub(in crate::realtime) purpose: Purpose,
    pub(in crate::realtime) after: u64,
}

impl Question {
    /// For what is missing from here on.
    pub(super) fn missing(conversation_id: &ConversationId, asked: SeqRange) -> Self {
        let (conversation_id, after) = (conversation_id.clone(), asked.first.saturating_sub(1));
        Self { conversation_id, purpose: Purpose::Missing, after }
    }
}

/// The rows of an answer that have a place in the conversation, by seq.
#[derive(Debug, Default)]
pub(super) struct Placed {
    pub(super) messages: Vec<(u64, Row)>,
    /// Those of which no more than the place can be read.
    pub(super) unreadable: Vec<(u64, Box<Unreadable>)>,
}

pub(super) fn in_order(rows: Vec<SyncRow>, asked: &ConversationId) -> Placed {
    let Placed { mut messages, mut unreadable } = Placed::default();
    for row in rows {
        match row {
            SyncRow::Message(row) if row.header().conversation_id == *asked => {
                messages.extend(row.header().seq.map(|seq| (seq, row)));
            }
            SyncRow::Unreadable(row) if row.conversation_id.as_ref().is_none_or(|id| id == asked) => {
                unreadable.extend(row.seq.map(|seq| (seq, row)));
            }
            SyncRow::Message(_) | SyncRow::Unreadable(_) => {}
        }
    }
    messages.sort_by_key(|(seq, _)| *seq);
    Placed { messages, unreadable }
}
