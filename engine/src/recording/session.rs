//! The inputs and outputs of a [`Session`](crate::Session) as they stand in a recording. A variant that is added to them
//! does not compile until it is added here.

use bytes::Bytes;
use http::Response;
use serde::{Deserialize, Serialize};
use serde_json::{Value, from_str};

use super::header::stand_in;
use super::http::{RequestForm, ResponseForm};
use super::recordable::Form;
use super::{event, line};
use crate::error::Fault;
use crate::realtime::{
    ConnectionId, Delivery, DeliveryBody, DeliveryToken, Input, Origin, Outcome, Output, Refusal, RequestId, Session,
    Signal,
};
use crate::redact::{Mask, Members};
use crate::time::{Mono, Now};
use crate::types::ConversationId;

impl Form for Session {
    fn input_line(at: Now, input: &Input, mask: &mut Mask) -> String {
        if let Input::Start { api_key: Some(key) } = input {
            mask.learn(key);
        }
        line::of_input(at, InputForm::new(input, mask), mask)
    }

    fn output_line(output: &Output, mask: &Mask) -> Option<String> {
        OutputForm::new(output, mask).map(|form| line::of_output(form, mask))
    }

    fn read_input(form: &str) -> Result<Input, String> {
        from_str::<InputForm>(form).map_err(|e| e.to_string())?.into_input()
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum InputForm {
    Start { api_key: Option<String> },
    Opened(ConnectionId),
    Text(ConnectionId, String),
    Binary(ConnectionId),
    Alive(ConnectionId),
    Closed { connection: ConnectionId, code: Option<u16>, reason: String },
    Fault(ConnectionId, Fault),
    Answer { request: RequestId, response: ResponseForm },
    NoAnswer { request: RequestId, fault: Fault },
    Settled { delivery: DeliveryToken, outcome: Outcome },
    Consumer(bool),
    Sent { conversation_id: ConversationId, seq: u64 },
    Signal(Signal),
    Drain,
    Close,
    Timeout,
}

impl InputForm {
    fn new(input: &Input, mask: &Mask) -> Self {
        match input {
            Input::Start { api_key } => {
                Self::Start { api_key: api_key.as_ref().map(|key| "*".repeat(key.expose().len())) }
            }
            Input::Opened(connection) => Self::Opened(*connection),
            Input::Text(connection, text) => Self::Text(*connection, mask.json(text, Members::Usual)),
            Input::Binary(connection) => Self::Binary(*connection),
            Input::Alive(connection) => Self::Alive(*connection),
            Input::Closed { connection, code, reason } => {
                Self::Closed { connection: *connection, code: *code, reason: reason.clone() }
            }
            Input::Fault(connection, fault) => Self::Fault(*connection, fault.clone()),
            Input::Response { request, result: Ok(response) } => {
                Self::Answer { request: *request, response: ResponseForm::new(response, mask) }
            }
            Input::Response { request, result: Err(fault) } => {
                Self::NoAnswer { request: *request, fault: fault.clone() }
            }
            Input::Settled { delivery, outcome } => Self::Settled { delivery: *delivery, outcome: outcome.clone() },
            Input::Consumer(present) => Self::Consumer(*present),
            Input::Sent { conversation_id, seq } => Self::Sent { conversation_id: conversation_id.clone(), seq: *seq },
            Input::Signal(signal) => Self::Signal(signal.clone()),
            Input::Drain => Self::Drain,
            Input::Close => Self::Close,
            Input::Timeout => Self::Timeout,
        }
    }

    fn into_input(self) -> Result<Input, String> {
        let answer = |request, result: Result<Response<Bytes>, Fault>| Input::Response { request, result };
        Ok(match self {
            Self::Start { api_key: None } => Input::Start { api_key: None },
            Self::Start { api_key: Some(key) } => {
                Input::Start { api_key: Some(stand_in(key.len()).map_err(|e| e.to_string())?) }
            }
            Self::Opened(connection) => Input::Opened(connection),
            Self::Text(connection, text) => Input::Text(connection, text),
            Self::Binary(connection) => Input::Binary(connection),
            Self::Alive(connection) => Input::Alive(connection),
            Self::Closed { connection, code, reason } => Input::Closed { connection, code, reason },
            Self::Fault(connection, fault) => Input::Fault(connection, fault),
            Self::Answer { request, response } => answer(request, Ok(response.into_response()?)),
            Self::NoAnswer { request, fault } => answer(request, Err(fault)),
            Self::Settled { delivery, outcome } => Input::Settled { delivery, outcome },
            Self::Consumer(present) => Input::Consumer(present),
            Self::Sent { conversation_id, seq } => Input::Sent { conversation_id, seq },
            Self::Signal(signal) => Input::Signal(signal),
            Self::Drain => Input::Drain,
            Self::Close => Input::Close,
            Self::Timeout => Input::Timeout,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum OutputForm {
    Open {
        connection: ConnectionId,
        request: RequestForm,
        give_up_at: Mono,
    },
    Text(ConnectionId, String),
    Ping(ConnectionId),
    Close {
        connection: ConnectionId,
        code: u16,
        reason: &'static str,
    },
    Request {
        request: RequestId,
        http: RequestForm,
        give_up_at: Option<Mono>,
    },
    Cancel(RequestId),
    Deliver(DeliveryForm),
    Unsent {
        signal: Signal,
        why: Refusal,
    },
    Event(Value),
    Idle {
        wake: Option<Mono>,
        /// Only where the socket is not to be read.
        #[serde(skip_serializing_if = "is_usual")]
        read: bool,
    },
    Finished,
}

fn is_usual(read: &bool) -> bool {
    *read
}

#[derive(Debug, Serialize)]
struct DeliveryForm {
    delivery: DeliveryToken,
    attempt: u32,
    late: bool,
    origin: Origin,
    /// What is wrong with it, where it cannot be read.
    #[serde(skip_serializing_if = "Option::is_none")]
    problem: Option<String>,
    text: String,
}

impl OutputForm {
    /// `None` for what is not written: it follows from what is.
    fn new(output: &Output, mask: &Mask) -> Option<Self> {
        Some(match output {
            Output::Open { connection, request, give_up_at } => Self::Open {
                connection: *connection,
                request: RequestForm::upgrade(request, mask),
                give_up_at: *give_up_at,
            },
            Output::Text(connection, text) => Self::Text(*connection, mask.json(text.expose(), Members::Usual)),
            Output::Ping(connection) => Self::Ping(*connection),
            Output::Close { connection, code, reason } => Self::Close { connection: *connection, code: *code, reason },
            Output::Request { request, http, give_up_at, .. } => {
                Self::Request { request: *request, http: RequestForm::new(http, mask), give_up_at: *give_up_at }
            }
            Output::Cancel(request) => Self::Cancel(*request),
            Output::Call(..) => return None,
            Output::Deliver(delivery) => Self::Deliver(DeliveryForm::new(delivery, mask)),
            Output::Unsent { signal, why } => Self::Unsent { signal: signal.clone(), why: *why },
            Output::Event(event) => Self::Event(event::form(event, mask)),
            Output::Idle { wake, read } => Self::Idle { wake: *wake, read: *read },
            Output::Finished => Self::Finished,
        })
    }
}

impl DeliveryForm {
    fn new(delivery: &Delivery, mask: &Mask) -> Self {
        let Delivery { token, attempt, late, origin, body } = delivery;
        let (text, problem) = match body {
            DeliveryBody::Message(row) => (row.text(), None),
            DeliveryBody::Unreadable(unreadable) => (&*unreadable.text, Some(unreadable.problem.clone())),
        };
        let text = mask.json(text, Members::Usual);
        Self { delivery: *token, attempt: *attempt, late: *late, origin: *origin, problem, text }
    }
}
