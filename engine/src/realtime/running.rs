//! A REST call inside the session: the same [`Call`] as everywhere, its attempts named by request ids.

use std::collections::VecDeque;

use bytes::Bytes;
use http::Response;

use super::output::Output;
use super::state::RequestId;
use crate::context::Context;
use crate::entropy::Entropy;
use crate::error::{Error, Fault};
use crate::rest::{Call, CallInput, CallOptions, CallOutput, Endpoint, Reply};
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
pub(super) struct Running<E: Endpoint> {
    call: Call<E>,
    in_flight: Option<(RequestId, u32)>,
    wake: Option<Mono>,
}

impl<E: Endpoint> Running<E> {
    pub(super) fn start(cx: &Context, endpoint: E, entropy: &mut Entropy, now: Now) -> Result<Self, Error> {
        let call = Call::new(cx, endpoint, CallOptions::default(), entropy.fork(), now)?;
        Ok(Self { call, in_flight: None, wake: None })
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
                    self.cancel(output);
                    let request = ids.mint();
                    self.in_flight = Some((request, attempt.number));
                    let give_up_at = attempt.give_up_at;
                    output.push_back(Output::Request { request, http: attempt.request, give_up_at });
                }
                CallOutput::Retrying(_) => self.cancel(output),
                CallOutput::Idle { wake } => {
                    self.wake = wake;
                    return None;
                }
                CallOutput::Done(result) => {
                    self.cancel(output);
                    return Some(result);
                }
                CallOutput::Finished => return None,
            }
        }
    }

    /// Drops the request in flight, if there is one.
    pub(super) fn cancel(&mut self, output: &mut VecDeque<Output>) {
        if let Some((request, _)) = self.in_flight.take() {
            output.push_back(Output::Cancel(request));
        }
    }
}
