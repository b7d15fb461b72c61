//! A conversation's history, either way.

use serde_json::Value;

use super::error::PagingError;
use super::listing::{Bounds, Listing, Page, Row, bounded};
use crate::limits;
use crate::rest::GetMessages;
use crate::types::{ConversationId, List, Message};

/// A conversation's history, from the newest message back or from a message on.
///
/// ```
/// use agentchat_engine::paging::History;
/// let latest = History::newest_first("conv_1").max(500);
/// let since = History::oldest_first("conv_1").start(Some(41));
/// ```
#[derive(Clone, Debug)]
pub struct History {
    conversation_id: ConversationId,
    direction: Direction,
    start: Option<u64>,
    bounds: Bounds,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Direction {
    Back,
    On,
}

impl History {
    /// From the newest message back.
    #[must_use]
    pub fn newest_first(conversation_id: impl Into<ConversationId>) -> Self {
        Self::new(conversation_id.into(), Direction::Back)
    }

    /// From the oldest message on.
    #[must_use]
    pub fn oldest_first(conversation_id: impl Into<ConversationId>) -> Self {
        Self::new(conversation_id.into(), Direction::On)
    }

    fn new(conversation_id: ConversationId, direction: Direction) -> Self {
        Self { conversation_id, direction, start: None, bounds: Bounds::pages_of(limits::FILL_PAGE) }
    }

    /// Only what is older, or newer, than this seq: a [position](super::Pager::position), to go on there.
    #[must_use]
    pub fn start(mut self, position: Option<u64>) -> Self {
        self.start = position;
        self
    }

    /// Whether a message is on the right side of a place.
    fn follows(&self, after: Option<u64>, seq: u64) -> bool {
        match self.direction {
            Direction::Back => after.is_none_or(|after| seq < after),
            Direction::On => seq > after.unwrap_or(0),
        }
    }
}

bounded!(History);

impl Listing for History {
    type Request = GetMessages;
    type Item = Message;
    /// The seq of the last message taken; none at the start.
    type Position = Option<u64>;

    fn bounds(&self) -> Bounds {
        self.bounds
    }

    fn start(&self) -> Option<u64> {
        self.start
    }

    fn request(&self, after: &Option<u64>, limit: u32) -> Result<GetMessages, PagingError> {
        let request = GetMessages::new(self.conversation_id.clone()).limit(limit);
        Ok(match (self.direction, after) {
            (Direction::Back, None) => request,
            (Direction::Back, Some(seq)) => request.before_seq(*seq),
            (Direction::On, seq) => request.after_seq(seq.unwrap_or(0)),
        })
    }

    #[allow(private_interfaces, reason = "as in the trait")]
    fn read(&self, after: &Option<u64>, page: List<Message>) -> Result<Page<Self>, PagingError> {
        let items: Vec<_> = page.into_all().collect();
        let came = u64::try_from(items.len()).unwrap_or(u64::MAX);
        let mut rows = Vec::with_capacity(items.len());
        let mut reached = *after;
        for item in items {
            match seq(&item) {
                Some(seq) if self.follows(*after, seq) => {
                    reached = Some(seq);
                    rows.push(Row { item, key: None, after: reached });
                }
                Some(_) => {}
                // It stands where it came, behind the row before it.
                None => rows.push(Row { key: Some(name(&item)), item, after: reached }),
            }
        }
        // In order already, but for a server that is not.
        match self.direction {
            Direction::Back => rows.sort_by_key(|row| row.after.map(core::cmp::Reverse)),
            Direction::On => rows.sort_by_key(|row| row.after),
        }
        rows.dedup_by(|row, before| row.after == before.after && row.key.is_none() && before.key.is_none());
        let reached = rows.iter().rev().find(|row| row.key.is_none()).map_or(*after, |row| row.after);
        // Seqs begin at 1 (contract 4.2).
        let ended = came == 0 || self.direction == Direction::Back && reached.is_some_and(|seq| seq <= 1);
        Ok(Page { rows, came, next: (!ended).then_some(reached), total: None })
    }
}

fn seq(item: &Result<Message, Value>) -> Option<u64> {
    match item {
        Ok(message) => message.seq,
        Err(unreadable) => unreadable.get("seq").and_then(Value::as_u64),
    }
}

/// By which a row without a seq is known again.
fn name(item: &Result<Message, Value>) -> String {
    match item {
        Ok(message) => message.id.as_str().to_owned(),
        Err(unreadable) => unreadable.to_string(),
    }
}
