//! [`Call`]: one REST call with its retries, waits and deadline, as a machine with one input door and one
//! output door.

use core::fmt;
use std::collections::VecDeque;
use std::time::Duration;

use bytes::Bytes;
use http::{Request, Response};

use super::answer::BodyTooLarge;
use super::call_input::CallInput;
use super::endpoint::{Endpoint, IdSource, Method, RetryClass, Route};
use super::options::CallOptions;
use super::reply::Reply;
use super::request::assemble;
use super::retry::{Failure, Repeat, repeats};
use super::retry_after::parse_retry_after;
use super::retry_budget::RetryBudget;
use crate::context::Context;
use crate::entropy::{Entropy, Seed};
use crate::error::{ApiError, Error, Fault, FaultKind, InvalidArgument, REQUEST_ID, WasSent, header_text};
use crate::redact::{Mask, PROOFS};
use crate::time::{Mono, Now};

/// An attempt to be sent.
#[derive(Clone)]
pub struct Attempt {
    /// Counted from 1; names the attempt in [`CallInput`].
    pub number: u32,
    /// The request. Equal in every attempt of a call.
    pub request: Request<Bytes>,
    /// When the engine will count the attempt as failed; say [`CallInput::Timeout`] then.
    pub give_up_at: Option<Mono>,
}

impl fmt::Debug for Attempt {
    /// Without the body, which can hold a one-time code, and the headers, which hold the key.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Attempt")
            .field("number", &self.number)
            .field("method", self.request.method())
            .field("path", &self.request.uri().path())
            .field("give_up_at", &self.give_up_at)
            .finish_non_exhaustive()
    }
}

/// An attempt failed and another will follow: of a call, or with [`TransferError`](crate::TransferError) of a transfer.
#[derive(Clone, Debug)]
#[non_exhaustive]
pub struct RetryPlan<E = Error> {
    /// The number of the attempt to come.
    pub next_attempt: u32,
    /// How long until then.
    pub delay: Duration,
    /// How the last attempt failed.
    pub cause: E,
}

/// What a [`Call`] wants. Anything but `Idle` and `Finished` is returned once. Exhaustive on purpose: a driver
/// that overlooks a wish is broken, and shall not compile.
#[derive(Debug)]
pub enum CallOutput<T> {
    /// Send this, and drop whatever attempt was in flight before.
    Send(Box<Attempt>),
    /// An attempt failed, another will follow after a wait. Not said for the last one.
    Retrying(RetryPlan),
    /// Nothing to do until an input, or `wake`.
    Idle {
        /// When to say [`CallInput::Timeout`], if at all.
        wake: Option<Mono>,
    },
    /// The end.
    Done(Result<Reply<T>, Error>),
    /// The result was returned before.
    Finished,
}

/// One REST call: give it what happens, take what it wants, until it is done.
///
/// ```
/// use agentchat_engine::{ApiKey, Call, CallInput, CallOptions, CallOutput, Context, Now, Seed, rest::GetMe};
/// use bytes::Bytes;
///
/// let cx = Context::builder().api_key(ApiKey::new("ac_x")?).build()?;
/// let mut call = Call::new(&cx, GetMe::new(), CallOptions::default(), Seed::from_bytes([1; 32]), Now::default())?;
/// let CallOutput::Send(attempt) = call.poll_output() else { panic!() };
/// assert_eq!(attempt.request.uri().path(), "/v1/agents/me");
///
/// let response = http::Response::new(Bytes::from(r#"{"handle":"alice"}"#));
/// call.handle_input(Now::default(), CallInput::Response { attempt: attempt.number, response });
/// let CallOutput::Done(Ok(me)) = call.poll_output() else { panic!() };
/// assert_eq!(me.handle.as_str(), "alice");
/// # Ok::<(), Box<dyn std::error::Error>>(())
/// ```
pub struct Call<E: Endpoint> {
    endpoint: E,
    request: Request<Bytes>,
    /// Keeps the request's secrets out of what is reported of its answers.
    mask: Mask,
    budget: RetryBudget,
    has_key: bool,
    timeout: Option<Duration>,
    last: Option<Error>,
    /// Whether an attempt that has ended may have arrived.
    arrived: WasSent,
    state: State,
    said: VecDeque<CallOutput<E::Output>>,
}

#[derive(Clone, Copy, Debug)]
enum State {
    InFlight { give_up_at: Option<Mono> },
    Waiting { until: Mono },
    Finished,
}

impl<E: Endpoint> Call<E> {
    /// Checks the arguments, builds the request, and is ready to be polled.
    ///
    /// # Errors
    /// [`InvalidArgument`] for anything that must not be sent; no request exists then.
    pub fn new(cx: &Context, endpoint: E, options: CallOptions, seed: Seed, now: Now) -> Result<Self, InvalidArgument> {
        let mut entropy = Entropy::new(&seed);
        let parts = endpoint.parts(&mut IdSource(&mut entropy))?;
        let request = assemble(cx, endpoint.route(), parts, &options)?;
        let mut mask = Mask::new(cx.api_key());
        if endpoint.route().params.iter().any(|param| PROOFS.contains(&param.name)) {
            mask.learn_request(request.uri().path(), request.body());
        }
        let mut call = Self {
            endpoint,
            request,
            mask,
            has_key: options.idempotency_key.is_some(),
            timeout: options.timeout,
            budget: RetryBudget::new(options.retry, options.deadline, entropy, now),
            last: None,
            arrived: WasSent::No,
            state: State::Finished,
            said: VecDeque::new(),
        };
        call.send(now);
        Ok(call)
    }

    /// The endpoint's row.
    pub fn route(&self) -> &'static Route {
        self.endpoint.route()
    }

    /// Takes what happened. Never fails; what comes too late, too early or twice changes nothing.
    pub fn handle_input(&mut self, now: Now, input: CallInput) {
        match (input, self.state) {
            (_, State::Finished) => {}
            (CallInput::Cancel, _) => self.finish(Err(Error::Cancelled)),
            (CallInput::Response { attempt, response }, State::InFlight { .. })
                if attempt == self.budget.attempts() =>
            {
                self.answered(now, &response);
            }
            (CallInput::Fault { attempt, fault }, State::InFlight { .. }) if attempt == self.budget.attempts() => {
                self.faulted(now, fault);
            }
            (CallInput::Timeout, State::InFlight { give_up_at: Some(at) }) if now.mono >= at => {
                if self.budget.is_over(now) {
                    self.past_deadline();
                } else {
                    let limit = self.timeout.unwrap_or_default().as_millis();
                    self.faulted(
                        now,
                        Fault::new(FaultKind::Timeout, WasSent::Maybe, format!("no answer within {limit} ms")),
                    );
                }
            }
            (CallInput::Timeout, State::Waiting { until }) if now.mono >= until => {
                // After a sleep past the deadline there is no point in another attempt.
                if self.budget.is_over(now) {
                    self.past_deadline();
                } else {
                    self.send(now);
                }
            }
            _ => {}
        }
    }

    /// What to do next. Takes no time; poll until `Idle` after every input.
    pub fn poll_output(&mut self) -> CallOutput<E::Output> {
        self.said.pop_front().unwrap_or(match self.state {
            State::InFlight { give_up_at } => CallOutput::Idle { wake: give_up_at },
            State::Waiting { until } => CallOutput::Idle { wake: Some(until) },
            State::Finished => CallOutput::Finished,
        })
    }

    fn send(&mut self, now: Now) {
        let number = self.budget.begin();
        let give_up_at = self.budget.no_later(self.timeout.map(|t| now.mono + t));
        self.state = State::InFlight { give_up_at };
        let attempt = Attempt { number, request: self.request.clone(), give_up_at };
        self.said.push_back(CallOutput::Send(Box::new(attempt)));
    }

    fn answered(&mut self, now: Now, response: &Response<Bytes>) {
        if self.route().answer.accepts(response.status()) {
            let too_large = BodyTooLarge::of(response, self.route().largest);
            let decoded = match too_large {
                Some(limit) => Err(format!("it is larger than {limit} bytes")),
                None => self.endpoint.decode(response),
            };
            let problem = match decoded {
                Ok(value) => return self.finish(Ok(Reply::new(value, response, &self.mask, self.budget.attempts()))),
                Err(problem) => problem,
            };
            let error = Error::Undecodable {
                status: response.status().as_u16(),
                request_id: header_text(response.headers(), &REQUEST_ID, &self.mask),
                problem,
            };
            // A question is harmless, and an answer that was cut on its way is a failure of the moment.
            let harmless = self.route().method == Method::Get && self.route().retry != RetryClass::Never;
            let again = harmless && response.status().is_success() && too_large.is_none();
            let again = if again { Repeat::Yes } else { Repeat::Never };
            return self.failed(now, error, again, None);
        }
        let hint = parse_retry_after(response.headers(), now.unix);
        let error = ApiError::read(response, &self.mask, hint, self.budget.attempts()).after(self.arrived);
        self.arrived = error.sent;
        let again = repeats(self.route().retry, self.has_key, Failure::Api(&error));
        let hint = error.retry_after;
        self.failed(now, Error::Api(Box::new(error)), again, hint);
    }

    fn faulted(&mut self, now: Now, fault: Fault) {
        let fault = fault.masked(&self.mask);
        let again = repeats(self.route().retry, self.has_key, Failure::Fault(&fault));
        self.arrived = self.arrived.or(fault.sent);
        let error = Error::Transport { fault, attempts: self.budget.attempts(), sent: self.arrived };
        self.failed(now, error, again, None);
    }

    /// Waits for another attempt if one is allowed and can start before the deadline, else ends.
    fn failed(&mut self, now: Now, error: Error, again: Repeat, hint: Option<Duration>) {
        let delay = match again {
            Repeat::Never => None,
            Repeat::Yes => self.budget.wait(now, hint),
            Repeat::WhileRunning => self.budget.wait_for_running(now, hint),
        };
        let Some(delay) = delay else { return self.finish(Err(error)) };
        self.state = State::Waiting { until: now.mono + delay };
        let next_attempt = self.budget.attempts().saturating_add(1);
        self.said.push_back(CallOutput::Retrying(RetryPlan { next_attempt, delay, cause: error.clone() }));
        self.last = Some(error);
    }

    fn past_deadline(&mut self) {
        let (deadline, attempts) = (self.budget.deadline(), self.budget.attempts());
        let last = self.last.take().map(Box::new);
        let sent = if matches!(self.state, State::InFlight { .. }) { WasSent::Maybe } else { self.arrived };
        self.finish(Err(Error::Deadline { deadline, attempts, last, sent }));
    }

    fn finish(&mut self, result: Result<Reply<E::Output>, Error>) {
        self.state = State::Finished;
        self.said.push_back(CallOutput::Done(result));
    }
}

impl<E: Endpoint> fmt::Debug for Call<E> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Call")
            .field("name", &self.route().name)
            .field("attempts", &self.budget.attempts())
            .field("state", &self.state)
            .finish_non_exhaustive()
    }
}
