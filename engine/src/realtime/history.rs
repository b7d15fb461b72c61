//! Asking history for what is missing: the public endpoint, its rows kept as they came.

use bytes::Bytes;
use http::Response;

use crate::error::InvalidArgument;
use crate::limits;
use crate::rest::{Endpoint, GetMessages, Minter, Parts, Route, decode_rows};
use crate::types::{ConversationId, Row, SyncPage, SyncRow, Unreadable};

/// What history is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) enum Purpose {
    /// To close a hole.
    Gap,
    /// To get what the platform counts as delivered and we do not have.
    Owed,
}

/// A question that waits for its turn: what comes after a seq.
#[derive(Debug)]
pub(super) struct Question {
    pub(super) conversation_id: ConversationId,
    pub(super) purpose: Purpose,
    pub(super) after: u64,
}

/// A page of history as rows, so that one that cannot be read spoils no other.
#[derive(Debug)]
pub(super) struct History(GetMessages);

impl History {
    pub(super) fn after(conversation_id: &ConversationId, seq: u64) -> Self {
        Self(GetMessages::new(conversation_id.as_str()).limit(limits::FILL_PAGE).after_seq(seq))
    }
}

/// The rows of an answer that have a place in the conversation, by seq.
#[derive(Debug, Default)]
pub(super) struct Placed {
    pub(super) messages: Vec<(u64, Row)>,
    /// Those of which no more than the place can be read.
    pub(super) unreadable: Vec<(u64, Unreadable)>,
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

impl Endpoint for History {
    type Output = SyncPage;

    fn route(&self) -> &'static Route {
        self.0.route()
    }

    fn parts(&self, minter: &mut Minter<'_>) -> Result<Parts, InvalidArgument> {
        self.0.parts(minter)
    }

    fn decode(&self, response: &Response<Bytes>) -> Result<SyncPage, String> {
        decode_rows(response, self.route())
    }
}
