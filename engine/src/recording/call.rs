//! The inputs and outputs of a [`Call`](crate::Call) as they stand in a recording, and the endpoint that stands for the
//! recorded one in the replay.

use core::time::Duration;

use bytes::Bytes;
use http::{HeaderValue, Response};
use serde::{Deserialize, Serialize};
use serde_json::{Value, from_str, json};

use super::error::ReplayError;
use super::event::failure;
use super::header::EndpointForm;
use super::http::{BodyForm, RequestForm, ResponseForm};
use super::line;
use super::recordable::Form;
use crate::entropy::{Entropy, Seed};
use crate::error::{Error, Fault, InvalidArgument};
use crate::redact::{Mask, Members};
use crate::rest::{
    Body, Call, CallInput, CallOutput, Endpoint, IdSource, Parts, Reply, ReplyMeta, Route, TABLE, decode_raw,
};
use crate::time::{Mono, Now};

impl<E: Endpoint> Form for Call<E> {
    fn input_line(at: Now, input: &CallInput, mask: &mut Mask) -> String {
        line::of_input(at, InputForm::new(input, mask), mask)
    }

    fn output_line(output: &CallOutput<E::Output>, mask: &Mask) -> Option<String> {
        Some(line::of_output(OutputForm::new(output, mask), mask))
    }

    fn read_input(form: &str) -> Result<CallInput, String> {
        from_str::<InputForm>(form).map_err(|e| e.to_string())?.into_input()
    }
}

#[derive(Debug, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum InputForm {
    Answer { attempt: u32, response: ResponseForm },
    NoAnswer { attempt: u32, fault: Fault },
    Timeout,
    Cancel,
}

impl InputForm {
    fn new(input: &CallInput, mask: &Mask) -> Self {
        match input {
            CallInput::Response { attempt, response } => {
                Self::Answer { attempt: *attempt, response: ResponseForm::new(response, mask) }
            }
            CallInput::Fault { attempt, fault } => {
                Self::NoAnswer { attempt: *attempt, fault: fault.clone().masked(mask) }
            }
            CallInput::Timeout => Self::Timeout,
            CallInput::Cancel => Self::Cancel,
        }
    }

    fn into_input(self) -> Result<CallInput, String> {
        Ok(match self {
            Self::Answer { attempt, response } => CallInput::Response { attempt, response: response.into_response()? },
            Self::NoAnswer { attempt, fault } => CallInput::Fault { attempt, fault },
            Self::Timeout => CallInput::Timeout,
            Self::Cancel => CallInput::Cancel,
        })
    }
}

#[derive(Debug, Serialize)]
#[serde(rename_all = "snake_case")]
enum OutputForm {
    Send {
        attempt: u32,
        request: RequestForm,
        give_up_at: Option<Mono>,
    },
    Retrying {
        next_attempt: u32,
        delay: Duration,
        cause: Value,
    },
    Idle {
        wake: Option<Mono>,
    },
    /// What the answer was read as follows from the answer, which is recorded.
    Done(Value),
    Finished,
}

impl OutputForm {
    fn new<T>(output: &CallOutput<T>, mask: &Mask) -> Self {
        match output {
            CallOutput::Send(attempt) => Self::Send {
                attempt: attempt.number,
                request: RequestForm::new(&attempt.request, mask),
                give_up_at: attempt.give_up_at,
            },
            CallOutput::Retrying(plan) => {
                Self::Retrying { next_attempt: plan.next_attempt, delay: plan.delay, cause: failure(&plan.cause, mask) }
            }
            CallOutput::Idle { wake } => Self::Idle { wake: *wake },
            CallOutput::Done(result) => Self::Done(done(result, mask)),
            CallOutput::Finished => Self::Finished,
        }
    }
}

fn done<T>(result: &Result<Reply<T>, Error>, mask: &Mask) -> Value {
    match result {
        Ok(Reply { meta: ReplyMeta { status, request_id, attempts, replayed, backlog_warning }, .. }) => json!({"ok": {
            "status": status, "request_id": request_id, "attempts": attempts, "replayed": replayed,
            "backlog_warning": backlog_warning,
        }}),
        Err(error) => json!({"error": failure(error, mask)}),
    }
}

impl EndpointForm {
    /// What `endpoint` makes of its arguments, with the entropy that a call made from `seed` gives it. What the call proves
    /// itself with is masked from here on.
    pub(super) fn new<E: Endpoint>(endpoint: &E, seed: &Seed, mask: &mut Mask) -> Result<Self, InvalidArgument> {
        let Parts { path, query, body } = endpoint.parts(&mut IdSource(&mut Entropy::new(seed)))?;
        let minted = Entropy::new(seed).uuid();
        let (content_type, body) = match &body {
            Body::None => (None, None),
            Body::Json(bytes) => (None, Some(bytes)),
            Body::Raw { bytes, content_type } => (content_type.to_str().ok().map(str::to_owned), Some(bytes)),
        };
        if let Some(body) = body {
            mask.learn_request(&path, body);
        }
        let contains = |body: &Bytes| body.windows(minted.len()).any(|window| window == minted.as_bytes());
        Ok(Self {
            name: endpoint.route().name.to_owned(),
            typed: endpoint.typed(),
            minted: body.is_some_and(contains),
            body: body.map(|body| BodyForm::new(body, &*mask, Members::of_request(&path))),
            path,
            query,
            content_type,
        })
    }

    pub(super) fn into_endpoint(self) -> Result<Recorded, ReplayError> {
        let named = TABLE.iter().find(|route| route.name == self.name);
        let route = *named.ok_or_else(|| ReplayError::header("there is no endpoint of that name"))?;
        let body = self.body.map(BodyForm::into_bytes).transpose().map_err(ReplayError::header)?;
        let content_type = self.content_type.as_deref().map(HeaderValue::from_str).transpose();
        let content_type = content_type.map_err(|_| ReplayError::header("invalid content type"))?;
        let body = match (body, content_type) {
            (None, _) => Body::None,
            (Some(bytes), None) => Body::Json(bytes),
            (Some(bytes), Some(content_type)) => Body::Raw { bytes, content_type },
        };
        let parts = Parts { path: self.path, query: self.query, body };
        Ok(Recorded { route, typed: self.typed, minted: self.minted, parts })
    }
}

/// Stands for the recorded endpoint: the same request, the same verdict on an answer.
#[derive(Debug)]
pub(super) struct Recorded {
    route: &'static Route,
    typed: bool,
    minted: bool,
    parts: Parts,
}

impl Endpoint for Recorded {
    type Output = ();

    fn route(&self) -> &'static Route {
        self.route
    }

    fn parts(&self, ids: &mut IdSource<'_>) -> Result<Parts, InvalidArgument> {
        if self.minted {
            // Takes from the stream what the recorded call took.
            let _ = ids.0.uuid();
        }
        Ok(self.parts.clone())
    }

    fn decode(&self, response: &Response<Bytes>) -> Result<(), String> {
        if self.typed { (self.route.check)(response) } else { decode_raw(response, self.route).map(drop) }
    }
}
