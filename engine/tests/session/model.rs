//! The session against a small model of the platform: whatever happens on the way, in the end every message was handled,
//! once, and in order unless it was said to be late.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use agentchat_engine::Mono;
use agentchat_engine::realtime::{Checkpoint, ConnectionState, DeliveryBody, Input, Outcome, SessionOptions};
use bytes::Bytes;
use http::Response;
use proptest::prelude::*;
use serde_json::{Value, json};

use crate::rig::{Rig, message, options, row};

const CONVERSATIONS: [&str; 3] = ["a", "b", "c"];

/// What the platform has stored, and what it thinks is delivered.
struct Platform {
    rig: Rig,
    options: SessionOptions,
    /// Whether it takes acks.
    acks: bool,
    /// Rows in the order stored: conversation, seq, whether by ourselves.
    rows: Vec<(&'static str, u64, bool)>,
    undelivered: BTreeSet<String>,
    handled: BTreeMap<String, u32>,
    /// The highest seq offered in each conversation.
    highest: BTreeMap<String, u64>,
    seen_deliveries: u64,
}

impl Platform {
    fn new(acks: bool, small: bool) -> Self {
        let options = if small {
            options().buffered_messages(3).max_in_flight(2).drain_page(2).reoffers(u32::MAX)
        } else {
            options().drain_page(3).reoffers(u32::MAX)
        };
        let mut platform = Self {
            rig: Rig::idle(options.clone()),
            options,
            acks,
            rows: Vec::new(),
            undelivered: BTreeSet::new(),
            handled: BTreeMap::new(),
            highest: BTreeMap::new(),
            seen_deliveries: 0,
        };
        platform.rig.input(Input::Consumer(true));
        platform.rig.input(Input::Start { api_key: None });
        platform.connect();
        platform
    }

    /// Accepts the socket that is being asked for, if one is, and pushes the backlog.
    fn connect(&mut self) {
        if !matches!(self.rig.session.state(), ConnectionState::Opening { .. }) {
            return;
        }
        self.rig.greet(self.acks);
        for (conversation, seq, _) in self.rows.clone() {
            if self.undelivered.contains(&format!("{conversation}-{seq}")) {
                self.push(conversation, seq);
            }
        }
    }

    fn is_live(&self) -> bool {
        matches!(self.rig.session.state(), ConnectionState::Live | ConnectionState::CatchingUp)
    }

    /// Without acks a message counts as delivered as soon as it is written.
    fn push(&mut self, conversation: &'static str, seq: u64) {
        if self.is_live() {
            self.rig.frame(json!({"type": "message.new", "payload": message(conversation, seq)}));
            if !self.acks {
                self.undelivered.remove(&format!("{conversation}-{seq}"));
            }
        }
    }

    fn store(&mut self, conversation: &'static str, own: bool) -> u64 {
        let seq = self.rows.iter().filter(|(c, ..)| *c == conversation).count() as u64 + 1;
        self.rows.push((conversation, seq, own));
        if !own {
            self.undelivered.insert(format!("{conversation}-{seq}"));
        }
        seq
    }

    /// Answers the oldest request truthfully, if there is one.
    fn answer(&mut self) -> bool {
        let Some((&id, request)) = self.rig.requests.iter().next() else { return false };
        let path = request.uri().path().to_owned();
        let query: BTreeMap<String, String> = request
            .uri()
            .query()
            .unwrap_or_default()
            .split('&')
            .filter_map(|pair| pair.split_once('='))
            .map(|(name, value)| (name.to_owned(), value.to_owned()))
            .collect();
        let body = if path.ends_with("/sync/ack") {
            let body: Value = serde_json::from_slice(request.body()).unwrap();
            self.committed(body["last_delivery_id"].as_str().unwrap());
            json!({"acked": 1})
        } else if path.ends_with("/sync") {
            let limit = query["limit"].parse().unwrap();
            json!(self.backlog(query.get("after").map(String::as_str)).take(limit).collect::<Vec<_>>())
        } else {
            let conversation = path.rsplit('/').next().unwrap().to_owned();
            let after: u64 = query["after_seq"].parse().unwrap();
            let rows = self.rows.iter().filter(|(c, seq, _)| *c == conversation && *seq > after);
            let rows = rows.map(|(c, seq, own)| {
                let mut row = message(c, *seq);
                row["sender"] = json!(if *own { "me" } else { "alice" });
                row
            });
            json!(rows.collect::<Vec<_>>())
        };
        self.rig.requests.remove(&id);
        let response = Response::builder().body(Bytes::from(body.to_string())).unwrap();
        self.rig.input(Input::Response { request: id, result: Ok(response) });
        true
    }

    fn backlog(&self, after: Option<&str>) -> impl Iterator<Item = Value> {
        let cursor = |(c, seq, _): &(&str, u64, bool)| format!("del_{c}_{seq}");
        let from = after
            .map_or(0, |after| self.rows.iter().position(|row| cursor(row) == after).map_or(usize::MAX, |at| at + 1));
        let rows = self.rows.iter().skip(from).filter(|(c, seq, _)| self.undelivered.contains(&format!("{c}-{seq}")));
        rows.map(|(c, seq, _)| row(c, *seq))
    }

    fn committed(&mut self, cursor: &str) {
        for (conversation, seq, _) in self.rows.clone() {
            self.delivered(&format!("{conversation}-{seq}"));
            if format!("del_{conversation}_{seq}") == cursor {
                break;
            }
        }
    }

    /// The session says that a message is handled: it must have been.
    fn delivered(&mut self, id: &str) {
        if self.undelivered.remove(id) {
            assert!(self.handled.contains_key(id), "{id} was acked and not handled");
        }
    }

    /// Looks at what is new: acks, and offers in order.
    fn check(&mut self) {
        for id in self.rig.acks() {
            assert!(self.acks);
            self.delivered(&id);
        }
        let mut open = BTreeSet::new();
        for delivery in &self.rig.deliveries {
            let DeliveryBody::Message(row) = &delivery.body else { panic!("{delivery:?}") };
            let header = row.header();
            assert!(open.insert(header.conversation_id.clone()), "two open in {}", header.conversation_id);
            assert!(!self.handled.contains_key(header.id.as_str()), "{} was handled before", header.id);
            let token = serde_json::to_value(delivery.token).unwrap().as_u64().unwrap();
            if token > self.seen_deliveries {
                self.seen_deliveries = token;
                let highest = self.highest.entry(header.conversation_id.to_string()).or_default();
                let seq = header.seq.unwrap();
                assert!(delivery.late || seq >= *highest, "{} after {highest}", header.id);
                *highest = seq.max(*highest);
            }
        }
    }

    fn handle(&mut self, n: u64) {
        if self.rig.deliveries.is_empty() {
            return;
        }
        let delivery = self.rig.deliveries.remove(n as usize % self.rig.deliveries.len());
        *self.handled.entry(crate::rig::id(&delivery)).or_default() += 1;
        self.rig.input(Input::Settled { delivery: delivery.token, outcome: Outcome::Handled });
    }

    fn restart(&mut self) {
        let stored = self.rig.stored();
        let now = self.rig.now;
        self.rig = Rig::resuming(self.options.clone(), Some(Checkpoint::from_json(&stored).unwrap()));
        self.rig.now = now;
        self.seen_deliveries = 0;
        self.rig.input(Input::Consumer(true));
        self.rig.input(Input::Start { api_key: None });
    }

    fn step(&mut self, (what, n): (u8, u64)) {
        let conversation = CONVERSATIONS[n as usize % 3];
        match what % 24 {
            0..=5 => {
                let seq = self.store(conversation, false);
                self.push(conversation, seq);
            }
            6 => {
                // Stored and not pushed: muted, or lost with a socket.
                self.store(conversation, false);
            }
            7 => {
                let seq = self.store(conversation, true);
                if n % 2 == 0 {
                    self.rig.input(Input::Sent { conversation_id: conversation.into(), seq });
                }
            }
            8 if self.is_live() => self.rig.close(Some(1006), ""),
            9 | 10 => self.connect(),
            11..=13 => drop(self.answer()),
            14 => {
                if let Some(&request) = self.rig.requests.keys().next() {
                    self.rig.requests.remove(&request);
                    let response = Response::builder().status(400).body(Bytes::from_static(b"{}")).unwrap();
                    self.rig.input(Input::Response { request, result: Ok(response) });
                }
            }
            15..=18 => self.handle(n),
            19 if !self.rig.deliveries.is_empty() => drop(self.rig.fail_delivery()),
            20 => self.restart(),
            21 => {
                // A repeat of something that is stored.
                if let Some((conversation, seq, false)) = self.rows.get(n as usize % self.rows.len().max(1)).copied()
                    && self.undelivered.contains(&format!("{conversation}-{seq}"))
                {
                    self.push(conversation, seq);
                }
            }
            22 => self.rig.input(Input::Drain),
            _ => self.rig.advance(Duration::from_millis(n * 97)),
        }
        self.check();
    }

    /// From now on nothing fails: it has to come to rest, with nothing undelivered.
    fn settle(&mut self) {
        for _ in 0..2_000 {
            self.connect();
            self.check();
            let busy = self.answer() || !self.rig.deliveries.is_empty();
            self.handle(0);
            self.check();
            let next: Option<Mono> = self.rig.wake;
            if !busy {
                let open =
                    self.rows.iter().filter(|(c, seq, own)| !own && !self.handled.contains_key(&format!("{c}-{seq}")));
                if open.count() == 0 && self.undelivered.is_empty() {
                    return;
                }
                // What was never pushed, or given up, comes with the next drain.
                if self.rig.session.state() == &ConnectionState::Live {
                    self.rig.input(Input::Drain);
                }
                if let Some(next) = next {
                    self.rig.advance(next.saturating_since(self.rig.now.mono));
                }
            }
        }
        panic!("not at rest: rows {:?}, {:?} undelivered, {:?}", self.rows, self.undelivered, self.handled);
    }
}

fn run(steps: Vec<(u8, u64)>, acks: bool, small: bool) {
    let mut platform = Platform::new(acks, small);
    for step in steps {
        platform.step(step);
    }
    platform.settle();
    for (id, times) in &platform.handled {
        assert_eq!(*times, 1, "{id}");
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn nothing_is_lost_or_repeated(steps in proptest::collection::vec((any::<u8>(), 0_u64..200), 0..150)) {
        run(steps, true, false);
    }

    #[test]
    fn nothing_is_lost_or_repeated_with_little_memory(steps in proptest::collection::vec((any::<u8>(), 0_u64..200), 0..150)) {
        run(steps, true, true);
    }

    #[test]
    fn nothing_is_lost_or_repeated_without_acks(steps in proptest::collection::vec((any::<u8>(), 0_u64..200), 0..150)) {
        run(steps, false, false);
    }

    #[test]
    fn nothing_is_lost_or_repeated_without_acks_with_little_memory(steps in proptest::collection::vec((any::<u8>(), 0_u64..200), 0..150)) {
        run(steps, false, true);
    }
}
