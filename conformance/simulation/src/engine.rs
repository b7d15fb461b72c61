//! The engine's session as a client of the simulated world.

use agentchat_engine::realtime::{
    Checkpoint, ConnectionId, ConnectionState, DeliveryBody, DeliveryToken, Event, GapReason, Input, Output, RequestId,
    SeqRange, Session, SessionOptions, Signal,
};
use agentchat_engine::recording::Recorder;
use agentchat_engine::types::ConversationId;
use agentchat_engine::{ApiKey, Context, Fault, FaultKind, Now, Seed, WasSent, realtime};
use bytes::Bytes;
use http::Response;

use super::client::{Answer, Client, Note, Offer, Outcome, Range, Subject, Told, Wish};
use super::schedule::Knobs;
use super::{contract, wire};

/// Where a recording goes.
pub(super) type Sink = Box<dyn FnMut(&str)>;

/// The session, and its ids as the world's numbers: from a base on, so that those of an earlier process mean nothing.
pub(super) struct Engine {
    session: Recorder<Session, Sink>,
    small: bool,
    base: u64,
    sockets: Vec<ConnectionId>,
    requests: Vec<RequestId>,
    tokens: Vec<DeliveryToken>,
}

fn options(knobs: &Knobs) -> SessionOptions {
    let mut options = SessionOptions::default()
        // They are offered, so that the judges see that each is handled.
        .system_events(true)
        .close_wait(contract::CLOSE_WAIT)
        .drain(knobs.drain)
        .drain_page(knobs.drain_page)
        .fill_gaps(knobs.fill)
        .fill_after(knobs.fill_after)
        .max_in_flight(knobs.max_in_flight)
        .buffered_messages(knobs.buffered_messages)
        .buffered_bytes(knobs.buffered_bytes)
        .redelivery(knobs.redelivery.clone())
        .reoffers(knobs.reoffers);
    options.own_handle = knobs.handle_known.then(|| "me".into());
    options
}

/// Makes sessions.
pub(super) struct Engines(Context);

impl Engines {
    pub(super) fn new() -> Self {
        let key = ApiKey::new("ac_simulated").expect("a valid key");
        Self(Context::builder().api_key(key).base_url("http://localhost:1").build().expect("a valid context"))
    }

    /// A session that is recorded if there is a sink.
    pub(super) fn client_with(
        &self,
        knobs: &Knobs,
        seed: [u8; 32],
        base: u64,
        resume: Option<Checkpoint>,
        now: Now,
        sink: Option<Sink>,
    ) -> Engine {
        let session = Recorder::session(&self.0, options(knobs), Seed::from_bytes(seed), resume, now, sink);
        let (sockets, requests, tokens) = (Vec::new(), Vec::new(), Vec::new());
        Engine { session, small: knobs.is_small(), base, sockets, requests, tokens }
    }
}

impl Subject for Engines {
    type Client = Engine;

    fn client(&self, knobs: &Knobs, seed: [u8; 32], base: u64, resume: Option<Checkpoint>, now: Now) -> Engine {
        self.client_with(knobs, seed, base, resume, now, None)
    }

    fn bounds(&self, knobs: &Knobs) -> (usize, usize) {
        // One message always fits.
        (knobs.buffered_messages.max(1), knobs.buffered_bytes.max(2_048))
    }
}

impl Engine {
    fn input(&self, what: Told) -> Option<Input> {
        let socket = |n: u64| self.sockets.get(index(self.base, n)?).copied();
        Some(match what {
            Told::Start => Input::Start { api_key: ApiKey::new("ac_another").ok() },
            Told::Opened(n) => Input::Opened(socket(n)?),
            Told::Text(n, text) => Input::Text(socket(n)?, text),
            Told::Binary(n) => Input::Binary(socket(n)?),
            Told::Alive(n) => Input::Alive(socket(n)?),
            Told::Closed { socket: n, code, reason } => {
                Input::Closed { connection: socket(n)?, code: Some(code), reason: reason.to_owned() }
            }
            Told::Broken(n) => Input::Fault(socket(n)?, Fault::new(FaultKind::Io, WasSent::Maybe, "reset")),
            Told::Answer { request, answer } => {
                let request = self.requests.get(index(self.base, request)?).copied()?;
                Input::Response { request, result: result(answer) }
            }
            Told::Settled { token, outcome } => {
                let delivery = self.tokens.get(index(self.base, token)?).copied()?;
                let outcome = match outcome {
                    Outcome::Handled => realtime::Outcome::Handled,
                    Outcome::Discarded => realtime::Outcome::Discarded { reason: "unwanted".to_owned() },
                    Outcome::Failed { retry_after } => realtime::Outcome::Failed { retry_after },
                };
                Input::Settled { delivery, outcome }
            }
            Told::Consumer(present) => Input::Consumer(present),
            Told::Sent { conversation, seq } => {
                Input::Sent { conversation_id: ConversationId::from(format!("c{conversation}")), seq }
            }
            Told::Typing { conversation } => {
                let conversation_id = ConversationId::from(format!("c{conversation}"));
                Input::Signal(Signal::TypingStart { conversation_id })
            }
            Told::Drain => Input::Drain,
            Told::Close => Input::Close,
            Told::Timeout => Input::Timeout,
        })
    }
}

impl Client for Engine {
    type Checkpoint = Checkpoint;

    fn told(&mut self, now: Now, what: Told) {
        if let Some(input) = self.input(what) {
            self.session.handle_input(now, input);
        }
    }

    fn wish(&mut self) -> Wish {
        match self.session.poll_output() {
            Output::Open { connection, .. } => Wish::Open(name(self.base, &mut self.sockets, connection)),
            Output::Text(connection, text) => {
                Wish::Text(name(self.base, &mut self.sockets, connection), text.into_text())
            }
            Output::Ping(connection) => Wish::Ping(name(self.base, &mut self.sockets, connection)),
            Output::Close { connection, .. } => Wish::Close { socket: name(self.base, &mut self.sockets, connection) },
            Output::Request { request, http, .. } => match wire::call(&http) {
                Ok(call) => Wish::Request { request: name(self.base, &mut self.requests, request), call },
                Err(problem) => Wish::Note(Note::Other(Box::new(problem))),
            },
            Output::Cancel(request) => Wish::Cancel(name(self.base, &mut self.requests, request)),
            Output::Call(_, step) => Wish::Note(Note::Other(Box::new(step))),
            Output::Deliver(delivery) => {
                let id = match &delivery.body {
                    DeliveryBody::Message(row) => row.header().id.to_string(),
                    DeliveryBody::Unreadable(row) => {
                        let id = row.id.as_ref().map(ToString::to_string);
                        let id = id.or_else(|| row.delivery_id.as_ref().map(ToString::to_string));
                        id.unwrap_or_else(|| wire::numbered_id(&row.text))
                    }
                };
                let token = name(self.base, &mut self.tokens, delivery.token);
                Wish::Deliver(Offer { token, id, attempt: delivery.attempt, late: delivery.late })
            }
            Output::Unsent { .. } => Wish::Note(Note::Unsent),
            Output::Event(event) => Wish::Note(note(event)),
            Output::Idle { wake, read } => Wish::Idle { wake: wake.map(|at| at.as_micros()), read },
            Output::Finished => Wish::Finished,
        }
    }

    fn is_live(&self) -> bool {
        *self.session.machine().state() == ConnectionState::Live
    }

    fn is_greeted(&self) -> bool {
        matches!(self.session.machine().state(), ConnectionState::Live | ConnectionState::CatchingUp)
    }

    fn checkpoint(&self) -> Option<Checkpoint> {
        // As an application stores it.
        Checkpoint::from_json(&self.session.machine().checkpoint().to_json()).ok()
    }

    fn buffered(&self) -> (usize, usize) {
        let held = self.session.machine().buffered();
        (held.messages, held.bytes)
    }

    fn is_full(&self) -> bool {
        self.small
    }
}

fn index(base: u64, number: u64) -> Option<usize> {
    usize::try_from(number.checked_sub(base)?).ok()
}

/// The world's number of an id, which is new or one of the last.
fn name<T: PartialEq>(base: u64, known: &mut Vec<T>, id: T) -> u64 {
    let at = known.iter().rposition(|other| *other == id).unwrap_or_else(|| {
        known.push(id);
        known.len() - 1
    });
    base + at as u64
}

fn result(answer: Answer) -> Result<Response<Bytes>, Fault> {
    match answer {
        Answer::Fault { left } => {
            Err(Fault::new(FaultKind::Io, if left { WasSent::Maybe } else { WasSent::No }, "reset"))
        }
        Answer::Response { status, retry_after, body } => {
            let mut response = Response::new(Bytes::from(body));
            *response.status_mut() = http::StatusCode::from_u16(status).expect("a valid status");
            if let Some(seconds) = retry_after {
                response.headers_mut().insert("retry-after", seconds.into());
            }
            Ok(response)
        }
    }
}

fn note(event: Event) -> Note {
    let pairs = |ranges: Vec<SeqRange>| ranges.iter().map(|r| (r.first, r.last)).collect::<Vec<Range>>();
    match event {
        Event::SequenceGap { conversation_id, expected, filled, absent, missing, recovered, waited, reason } => {
            Note::Gap {
                conversation: conversation_id.to_string(),
                expected,
                filled: pairs(filled),
                absent: pairs(absent),
                missing: pairs(missing),
                recovered,
                waited,
                failed: matches!(reason, GapReason::FillFailed),
                drained: matches!(reason, GapReason::Drained),
            }
        }
        Event::Shed { .. } => Note::Shed,
        Event::GaveUp { message_id, conversation_id, seq, last, .. } => Note::GaveUp {
            id: message_id.map(|id| id.to_string()),
            place: conversation_id.map(|id| id.to_string()).zip(seq),
            last,
        },
        Event::MarkForgotten { conversation_id } => Note::MarkForgotten { conversation: conversation_id.to_string() },
        Event::Halted { .. } => Note::Halted,
        Event::Closed { .. } => Note::Closed,
        other => Note::Other(Box::new(other)),
    }
}

#[cfg(test)]
mod tests {
    use agentchat_engine::recording::replay;

    use super::super::recorded::RecordedEngines;
    use super::super::run::{account, chosen};
    use super::super::scenario::Scenario;
    use super::super::tally::Promise;
    use super::*;

    /// Allows no message at all, so that every schedule with one breaks a promise.
    struct Strict(RecordedEngines);

    impl Subject for Strict {
        type Client = Engine;

        fn client(&self, knobs: &Knobs, seed: [u8; 32], base: u64, resume: Option<Checkpoint>, now: Now) -> Engine {
            self.0.client(knobs, seed, base, resume, now)
        }

        fn bounds(&self, _knobs: &Knobs) -> (usize, usize) {
            (0, 0)
        }
    }

    #[test]
    fn a_broken_promise_can_be_replayed() {
        let strict = || Strict(RecordedEngines::new(Engines::new()));
        let schedule = chosen(&strict(), Scenario::Calm, 1, true);
        assert!(schedule.len() <= 2, "{schedule}");
        let recorded = strict();
        let account = account(&recorded, schedule);
        assert_eq!(account.violation.unwrap().promise, Promise::Bounded);
        let [recording] = &recorded.0.recordings()[..] else { panic!("one process") };
        let replayed = replay(recording).unwrap();
        assert_eq!((replayed.inputs, replayed.truncated), (account.tally.inputs, false));
    }
}
