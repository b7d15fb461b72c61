//! What the peer holds: the messages that it pushes, and which of them were acked.

use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;

use crate::frames::{Frames, Order, message_id, row};
use crate::ingest::CONVERSATIONS;

/// Frames that are written at once.
const CHUNK: usize = 64;

/// The messages of a run. Each connection that is sent frames is a run of its own.
pub(super) struct Store {
    /// The frames as they go over the wire.
    pub(super) chunks: Vec<Arc<[u8]>>,
    /// Which message has an id.
    numbers: HashMap<String, usize>,
    acked: Vec<bool>,
    count: usize,
    /// Those before it are acked.
    first: usize,
    /// Those from it on were not pushed yet.
    pushed: usize,
}

impl Store {
    pub(super) fn new(frames: usize) -> Self {
        let texts: Vec<String> = Frames::new(CONVERSATIONS, Order::Rising).take(frames).collect();
        let chunk = |texts: &[String]| texts.iter().flat_map(|text| unmasked(text)).collect();
        let chunks = texts.chunks(CHUNK).map(chunk).collect();
        let numbers = (0..frames).map(|number| {
            let (conversation, seq) = place(number);
            (message_id(conversation, seq), number)
        });
        Self { chunks, numbers: numbers.collect(), acked: vec![false; frames], count: 0, first: 0, pushed: 0 }
    }

    /// A new run: nothing is pushed yet.
    pub(super) fn begin(&mut self) {
        self.acked.fill(false);
        (self.count, self.first, self.pushed) = (0, 0, 0);
    }

    pub(super) fn acked(&self) -> usize {
        self.count
    }

    /// A chunk is about to be written.
    pub(super) fn push(&mut self) {
        self.pushed = (self.pushed + CHUNK).min(self.acked.len());
    }

    /// Takes a frame that says that a message was handled; anything else changes nothing.
    pub(super) fn ack(&mut self, text: &str) {
        let id = text.split_once(r#""message_id":""#).and_then(|(_, rest)| rest.split_once('"'));
        if let Some(number) = id.and_then(|(id, _)| self.numbers.get(id)) {
            self.settle(*number);
        }
    }

    /// Takes a cursor: what it stands for and all before it was handled. Says how many that were.
    pub(super) fn commit(&mut self, cursor: usize) -> usize {
        let before = self.count;
        for number in self.first..=cursor.min(self.pushed.saturating_sub(1)) {
            self.settle(number);
        }
        self.count - before
    }

    fn settle(&mut self, number: usize) {
        if let Some(acked) = self.acked.get_mut(number) {
            self.count += usize::from(!std::mem::replace(acked, true));
        }
        while self.acked.get(self.first).is_some_and(|acked| *acked) {
            self.first += 1;
        }
    }

    /// The page after a cursor of what was pushed and is not acked.
    pub(super) fn page(&self, after: Option<usize>, limit: usize) -> String {
        let from = after.map_or(self.first, |after| self.first.max(after + 1));
        let waiting = (from..self.pushed).filter(|number| !self.acked[*number]).take(limit);
        let mut page = String::from("[");
        for number in waiting {
            let comma = if page.len() > 1 { "," } else { "" };
            let (conversation, seq) = place(number);
            let _ = write!(page, "{comma}{}", row(conversation, seq, number as u64));
        }
        page.push(']');
        page
    }
}

/// Where the message of a number is, as [`Frames`] makes them.
fn place(number: usize) -> (u64, u64) {
    let number = number as u64;
    (number % CONVERSATIONS, number / CONVERSATIONS + 1)
}

/// A text as a server sends it: whole and unmasked (RFC 6455, 5.2).
pub(super) fn unmasked(text: &str) -> Vec<u8> {
    let mut frame = vec![0x81];
    match text.len() {
        short @ 0..126 => frame.push(short as u8),
        long => {
            frame.push(126);
            frame.extend((long as u16).to_be_bytes());
        }
    }
    frame.extend(text.as_bytes());
    frame
}

#[cfg(test)]
mod tests {
    use super::*;

    fn ack(store: &mut Store, number: usize) {
        let (conversation, seq) = place(number);
        store.ack(&format!(r#"{{"type":"ack","message_id":"{}"}}"#, message_id(conversation, seq)));
    }

    #[test]
    fn what_was_pushed_and_not_acked_is_stored() {
        let mut store = Store::new(200);
        assert_eq!(store.page(None, 10), "[]");
        store.push();
        for number in [0, 0, 2] {
            ack(&mut store, number);
        }
        assert_eq!(store.acked(), 2);
        let page: Vec<serde_json::Value> = serde_json::from_str(&store.page(None, 2)).expect("rows");
        let ids: Vec<&str> = page.iter().filter_map(|row| row["id"].as_str()).collect();
        assert_eq!(ids, [message_id(1, 1), message_id(3, 1)]);
        assert_eq!(store.commit(500), 62);
        assert_eq!(store.page(Some(1), 10), "[]");
        store.begin();
        assert_eq!((store.acked(), store.page(None, 10)), (0, "[]".to_owned()));
    }
}
