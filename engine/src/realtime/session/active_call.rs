//! A REST call inside the session: the same [`Call`] as everywhere, its attempts named by request ids.

use std::collections::VecDeque;

use bytes::Bytes;
use http::Response;

use crate::context::Context;
use crate::entropy::Entropy;
use crate::error::{Error, Fault};
use crate::realtime::output::{CallStep, Output};
use crate::realtime::state::{CallId, RequestId};
use crate::rest::{Attempt, Call, CallInput, CallOptions, CallOutput, Endpoint, Reply};
use crate::time::{Mono, Now};

/// Mints request ids.
#[derive(Debug, Default)]
pub(super) struct RequestIds(u64);

impl RequestIds {
    fn mint(&mut self) -> RequestId {
        self.0 = self.0.saturating_add(1);
        RequestId(self.0)
    }
}

/// A call that has not ended.
#[derive(Debug)]
pub(super) struct ActiveCall<E: Endpoint> {
    /// Boxed, because most of the time a session has none.
    call: Box<Call<E>>,
    /// Has the number of the first request, once there was one.
    id: Option<CallId>,
    in_flight: Option<(RequestId, u32)>,
    wake: Option<Mono>,
    failed: bool,
}

impl<E: Endpoint> ActiveCall<E> {
    pub(super) fn start(cx: &Context, endpoint: E, entropy: &mut Entropy, now: Now) -> Result<Self, Error> {
        Self::start_with(cx, endpoint, CallOptions::default(), entropy, now)
    }

    pub(super) fn start_with(
        cx: &Context,
        endpoint: E,
        options: CallOptions,
        entropy: &mut Entropy,
        now: Now,
    ) -> Result<Self, Error> {
        let call = Box::new(Call::new(cx, endpoint, options, entropy.fork(), now)?);
        Ok(Self { call, id: None, in_flight: None, wake: None, failed: false })
    }

    /// Whether an attempt has failed.
    pub(super) fn has_failed(&self) -> bool {
        self.failed
    }

    /// An answer; false if it belongs to another call.
    pub(super) fn response(&mut self, now: Now, id: RequestId, result: &mut Option<Result<Response<Bytes>, Fault>>) {
        if let Some((awaited, attempt)) = self.in_flight
            && awaited == id
            && let Some(result) = result.take()
        {
            self.in_flight = None;
            let input = match result {
                Ok(response) => CallInput::Response { attempt, response },
                Err(fault) => CallInput::Fault { attempt, fault },
            };
            self.call.handle_input(now, input);
        }
    }

    pub(super) fn timeout(&mut self, now: Now) {
        self.call.handle_input(now, CallInput::Timeout);
    }

    pub(super) fn wake(&self) -> Option<Mono> {
        self.wake
    }

    /// Moves the call's wishes to the session's output; gives its end.
    pub(super) fn pump(
        &mut self,
        ids: &mut RequestIds,
        output: &mut VecDeque<Output>,
    ) -> Option<Result<Reply<E::Output>, Error>> {
        loop {
            match self.call.poll_output() {
                CallOutput::Send(attempt) => {
                    self.withdraw(output);
                    let request = ids.mint();
                    let call = *self.id.get_or_insert(CallId(request.0));
                    let Attempt { number: attempt, request: http, give_up_at } = *attempt;
                    self.in_flight = Some((request, attempt));
                    let route = self.call.route();
                    output.push_back(Output::Request {
                        request,
                        call,
                        route,
                        attempt,
                        http: Box::new(http),
                        give_up_at,
                    });
                }
                CallOutput::Retrying(plan) => {
                    self.failed = true;
                    self.withdraw(output);
                    self.say(CallStep::Retrying(plan), output);
                }
                CallOutput::Idle { wake } => {
                    self.wake = wake;
                    return None;
                }
                CallOutput::Done(result) => {
                    self.withdraw(output);
                    self.say(CallStep::ended(&result), output);
                    return Some(result);
                }
                CallOutput::Finished => return None,
            }
        }
    }

    /// Gives the call up.
    pub(super) fn cancel(&mut self, output: &mut VecDeque<Output>) {
        self.withdraw(output);
        self.say(CallStep::Dropped, output);
    }

    fn say(&self, step: CallStep, output: &mut VecDeque<Output>) {
        output.extend(self.id.map(|call| Output::Call(call, step)));
    }

    /// Drops the request in flight, if there is one.
    fn withdraw(&mut self, output: &mut VecDeque<Output>) {
        if let Some((request, _)) = self.in_flight.take() {
            output.push_back(Output::Cancel(request));
        }
    }
}

impl CallStep {
    fn ended<T>(result: &Result<Reply<T>, Error>) -> Self {
        match result {
            Ok(reply) => Self::Succeeded { status: reply.meta.status, request_id: reply.meta.request_id.clone() },
            Err(error) => Self::Failed(error.clone()),
        }
    }
}
