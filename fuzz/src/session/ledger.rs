//! What became of each message.

use std::collections::{BTreeMap, BTreeSet};

use agentchat_engine::realtime::{Delivery, DeliveryBody, DeliveryToken, Outcome};
use agentchat_engine::types::Row;

use crate::rows::{Made, WILD, key};

/// Offers and settlements, and the promises about them.
#[derive(Clone, Debug, Default)]
pub(super) struct Ledger {
    /// What is with the application: what it is, and its conversation.
    open: BTreeMap<DeliveryToken, (String, Option<String>)>,
    settled: BTreeSet<String>,
    /// Failed so often that this process offers it no more.
    given_up: BTreeSet<String>,
    /// What may be acked though nobody handled it.
    excused: BTreeSet<String>,
    /// The highest seq offered in each conversation.
    highest: BTreeMap<String, u64>,
    /// The rows of each drain: cursor, and what it is.
    drains: Vec<Vec<(Option<String>, String)>>,
}

fn key_of(body: &DeliveryBody) -> String {
    match body {
        DeliveryBody::Message(row) => key(Some(row.header().id.as_str()), None, None, ""),
        DeliveryBody::Unreadable(row) => {
            let place = row.conversation_id.as_ref().map(|id| id.as_str()).zip(row.seq);
            let cursor = row.delivery_id.as_ref().map(|id| id.as_str());
            key(row.id.as_ref().map(|id| id.as_str()), place, cursor, &row.text)
        }
    }
}

impl Ledger {
    /// What the next process knows of it.
    pub(super) fn inherited(mut self, last: &Self) -> Self {
        self.excused.extend(last.excused.iter().cloned());
        self.open.clear();
        self.given_up.clear();
        self.drains.clear();
        self
    }

    pub(super) fn open(&self) -> Option<DeliveryToken> {
        self.open.keys().next().copied()
    }

    pub(super) fn offered(&mut self, delivery: &Delivery, is_own_known: bool) {
        let key = key_of(&delivery.body);
        assert!(!self.settled.contains(&key), "{key} was settled, and is offered");
        assert!(!self.given_up.contains(&key), "{key} was given up for good, and is offered");
        assert!(!self.open.values().any(|(open, _)| *open == key), "{key} is open, and is offered");
        let mut conversation = None;
        if let DeliveryBody::Message(row) = &delivery.body {
            let header = row.header();
            let name = header.conversation_id.to_string();
            assert!(
                !self.open.values().any(|(_, open)| open.as_ref() == Some(&name)),
                "another message of {name} is open"
            );
            let own = header.sender.as_ref().is_some_and(|sender| sender.as_str() == "me");
            assert!(!(own && is_own_known), "{key} is our own");
            if let Some(seq) = header.seq.filter(|_| name != WILD) {
                let highest = self.highest.entry(name.clone()).or_default();
                assert!(delivery.late || seq >= *highest, "{seq} comes after {highest} and is not late");
                // Our own that nobody knew to be ours have their turn as well.
                assert!(!delivery.late || !is_own_known || seq < *highest, "{seq} is late after {highest}");
                *highest = seq.max(*highest);
            }
            conversation = Some(name);
        }
        self.open.insert(delivery.token, (key, conversation));
    }

    /// An event of a group had its turn.
    pub(super) fn passed(&mut self, row: &Row) {
        if let Some(seq) = row.header().seq {
            let highest = self.highest.entry(row.header().conversation_id.to_string()).or_default();
            *highest = seq.max(*highest);
        }
    }

    pub(super) fn settled(&mut self, token: DeliveryToken, outcome: &Outcome) {
        if let Some((key, _)) = self.open.remove(&token)
            && !matches!(outcome, Outcome::Failed { .. })
        {
            self.settled.insert(key);
        }
    }

    pub(super) fn gave_up(&mut self, id: &str) {
        self.given_up.insert(key(Some(id), None, None, ""));
    }

    /// A row was sent to the session.
    pub(super) fn sent(&mut self, row: &Made) {
        if row.is_excused {
            self.excused.insert(row.key.clone());
        }
    }

    fn is_ackable(&self, key: &str) -> bool {
        self.settled.contains(key) || self.excused.contains(key)
    }

    pub(super) fn acked(&self, id: &str) {
        assert!(self.is_ackable(&key(Some(id), None, None, "")), "{id} is acked, and nobody handled it");
    }

    /// A page of the drain is asked for: what was given behind its beginning and not taken comes again.
    pub(super) fn asked(&mut self, after: Option<&str>) {
        let Some(after) = after else { return self.drains.push(Vec::new()) };
        let drain = self.drains.last_mut().expect("a drain begins at its beginning");
        // One that is not known was in an answer of the input's own, of which nothing is known.
        let at = drain.iter().rposition(|(cursor, _)| cursor.as_deref() == Some(after));
        drain.truncate(at.map_or(0, |at| at + 1));
    }

    pub(super) fn drained(&mut self, cursor: Option<&str>, row: &Made) {
        if let Some(drain) = self.drains.last_mut() {
            drain.push((cursor.map(str::to_owned), row.key.clone()));
        }
    }

    pub(super) fn committed(&self, cursor: &str) {
        let at =
            |drain: &&Vec<(Option<String>, String)>| drain.iter().any(|(other, _)| other.as_deref() == Some(cursor));
        for (other, key) in self.drains.iter().rev().find(at).into_iter().flatten() {
            assert!(self.is_ackable(key), "{cursor} is committed, and nobody handled {key}");
            if other.as_deref() == Some(cursor) {
                return;
            }
        }
    }
}
