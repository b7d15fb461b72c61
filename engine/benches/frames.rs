//! What one frame costs a session: it should grow as the logarithm of what is buffered, and not at all with the number of
//! conversations (the fourth promise of `manual::delivery`). Reported by hand: `cargo bench -p agentchat-engine`.

use std::collections::VecDeque;

use agentchat_engine::realtime::{ConnectionId, DeliveryToken, Input, Outcome, Output, Session, SessionOptions};
use agentchat_engine::{ApiKey, Context, Now, Seed};
use divan::Bencher;
use serde_json::json;

/// Messages handled before, so that as many ids are remembered as there can be.
const HANDLED: usize = agentchat_engine::limits::HANDLED_IDS;

fn main() {
    divan::main();
}

/// A session that is live, and the other end of it.
struct Live {
    session: Session,
    connection: ConnectionId,
    open: VecDeque<DeliveryToken>,
}

impl Live {
    fn new(buffered_messages: usize) -> Self {
        let cx = Context::builder().api_key(ApiKey::new("ac_key").unwrap()).build().unwrap();
        let options = SessionOptions::default()
            .own_handle("me")
            .drain(false)
            .buffered_messages(buffered_messages)
            .buffered_bytes(usize::MAX);
        let mut session = Session::new(&cx, options, Seed::from_bytes([0; 32]), None);
        session.handle_input(Now::default(), Input::Consumer(true));
        session.handle_input(Now::default(), Input::Start { api_key: None });
        let Output::Open { connection, .. } = session.poll_output() else { panic!("no socket was asked for") };
        let mut live = Self { session, connection, open: VecDeque::new() };
        live.input(Input::Opened(connection));
        live.input(Input::Text(connection, json!({"type": "hello.ok", "capabilities": ["ack"]}).to_string()));
        live
    }

    fn input(&mut self, input: Input) {
        self.session.handle_input(Now::default(), input);
        loop {
            match self.session.poll_output() {
                Output::Deliver(delivery) => self.open.push_back(delivery.token),
                Output::Idle { .. } | Output::Finished => return,
                _ => {}
            }
        }
    }

    fn frame(&mut self, text: String) {
        self.input(Input::Text(self.connection, text));
    }

    fn settle(&mut self) {
        if let Some(delivery) = self.open.pop_front() {
            self.input(Input::Settled { delivery, outcome: Outcome::Handled });
        }
    }
}

/// A message as a frame.
fn message(id: u64, conversation: &str, seq: u64) -> String {
    let payload = json!({"id": format!("{conversation}_{id}"), "conversation_id": conversation, "seq": seq, "sender": "alice",
        "type": "text", "content": {"text": "hi"}, "created_at": "2026-04-20T10:00:00.000Z"});
    json!({"type": "message.new", "payload": payload}).to_string()
}

/// Messages of so many conversations, each of which gets its turn.
fn messages(conversations: u64) -> impl FnMut() -> String {
    let mut arrived = 0;
    move || {
        let (conversation, seq) = (arrived % conversations, arrived / conversations + 1);
        arrived += 1;
        message(arrived, &format!("conv_{conversation}"), seq)
    }
}

/// Measures one more message, and the settlement of one: what is buffered stays as much.
fn measure(bencher: Bencher<'_, '_>, mut live: Live, next: impl FnMut() -> String) {
    bencher.with_inputs(next).bench_local_values(|text| {
        live.frame(text);
        live.settle();
    });
}

/// In a session that remembers so many conversations.
#[divan::bench(args = [10, 100, 1_000, 10_000], sample_count = 5_000)]
fn among_conversations(bencher: Bencher<'_, '_>, conversations: u64) {
    let (mut live, mut next) = (Live::new(100), messages(conversations));
    for _ in 0..HANDLED {
        live.frame(next());
        live.settle();
    }
    measure(bencher, live, next);
}

/// While so many messages wait for their turn.
#[divan::bench(args = [10, 100, 1_000, 10_000, 50_000], sample_count = 5_000)]
fn among_buffered(bencher: Bencher<'_, '_>, buffered: usize) {
    let (mut live, mut next) = (Live::new(buffered + 100), messages(100));
    for _ in 0..HANDLED {
        live.frame(next());
        live.settle();
    }
    for _ in 0..buffered {
        live.frame(next());
    }
    assert_eq!(live.session.buffered().messages, buffered);
    measure(bencher, live, next);
}

/// While so many messages wait for one that is missing before them.
#[divan::bench(args = [10, 100, 1_000, 10_000, 50_000], sample_count = 5_000)]
fn among_early(bencher: Bencher<'_, '_>, early: usize) {
    let mut live = Live::new(early + 100);
    for number in 0..early as u64 {
        let (conversation, place) = (format!("early_{}", number / 400), number % 400);
        if place == 0 {
            live.frame(message(0, &conversation, 1));
            live.settle();
        }
        live.frame(message(number + 1, &conversation, place + 3));
    }
    assert_eq!(live.session.buffered().messages, early);
    measure(bencher, live, messages(100));
}
