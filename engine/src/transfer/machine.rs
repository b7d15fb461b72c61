//! [`Transfer`]: a file to or from a signed URL, with retries, waits and deadline; one input door, one output door.
//!
//! - Repeating is safe both ways, so every fault but a refused certificate is followed by another attempt, and so are the
//!   statuses of the store that can pass. Any other status is final; 403 to a later attempt than the first says that the
//!   URL has expired meanwhile.
//! - An attempt has no time limit of its own, since files are large and lines are slow: it fails if nothing moves for a
//!   while, and the deadline bounds the whole.
//! - A download goes on where it broke off if something vouches for it that what comes then is of the same file: a strong
//!   entity tag, which goes into `If-Range`, or the checksum that the caller named. Otherwise the file is asked for as a
//!   whole; what comes again is compared and not written twice. Another size, another tag and another beginning end it with
//!   [`TransferError::Changed`], as a writer that has its bytes cannot be given others in their place.
//! - A store may send less than was asked for (RFC 9110, 15.3.7): what is missing then is asked for at once, which is no
//!   retry. An answer that contradicts itself or the request is one, and what follows is asked for as a whole.

use core::fmt;
use core::time::Duration;
use std::collections::VecDeque;

use bytes::Bytes;
use http::header::HeaderValue;
use http::{Request, Response, Uri};

use super::error::TransferError;
use super::fingerprint::Fingerprinter;
use super::options::{ReceiveOptions, TransferOptions};
use super::output::{Received, TransferAttempt, TransferInput, TransferOutput};
use super::receiving::{End, Receiving, Refusal};
use super::state::{State, Way};
use super::target;
use crate::entropy::{Entropy, Seed};
use crate::error::{Fault, FaultKind, InvalidArgument, Transience, WasSent, is_transient};
use crate::redact::Mask;
use crate::rest::{RetryBudget, RetryPlan, parse_retry_after};
use crate::time::Now;
use crate::types::SignedUrl;

/// One upload or download: give it what happens, take what it wants, until it is done.
///
/// ```
/// use agentchat_engine::transfer::{Transfer, TransferInput, TransferOptions, TransferOutput};
/// use agentchat_engine::types::SignedUrl;
/// use agentchat_engine::{Now, Seed};
///
/// let url = SignedUrl::from("https://storage.example/f?signature=x");
/// let (options, seed) = (TransferOptions::default(), Seed::from_bytes([1; 32]));
/// let mut transfer = Transfer::put(&url, "text/plain", 3, options, seed, Now::default())?;
/// let TransferOutput::Send(attempt) = transfer.poll_output() else { panic!() };
/// assert_eq!((attempt.request.method().as_str(), attempt.body), ("PUT", 3));
///
/// let head = http::Response::new(());
/// transfer.handle_input(Now::default(), TransferInput::Head { attempt: attempt.number, head });
/// assert!(matches!(transfer.poll_output(), TransferOutput::Done(Ok(_))));
/// # Ok::<(), agentchat_engine::transfer::TransferError>(())
/// ```
pub struct Transfer {
    url: Uri,
    way: Way,
    stall: Option<Duration>,
    budget: RetryBudget,
    /// Requests made: attempts, and of a download that comes in parts one for each.
    requests: u32,
    last: Option<TransferError>,
    /// Whether an attempt that has ended may have arrived.
    arrived: WasSent,
    state: State,
    said: VecDeque<TransferOutput>,
}

impl Transfer {
    /// Puts a file of so many bytes to a signed URL.
    ///
    /// # Errors
    /// [`TransferError::Url`] for a URL that is not absolute, or neither `https` nor on this machine; `Call` for a content
    /// type that cannot be sent, or an option that is out of its range.
    pub fn put(
        url: &SignedUrl,
        content_type: &str,
        size: u64,
        options: TransferOptions,
        seed: Seed,
        now: Now,
    ) -> Result<Self, TransferError> {
        let content_type = HeaderValue::from_str(content_type)
            .map_err(|_| InvalidArgument::new("content_type", "cannot be sent as a header"))?;
        Self::start(url, Way::Put { content_type, size }, options, seed, now)
    }

    /// Gets a file from a signed URL.
    ///
    /// # Errors
    /// [`TransferError::Url`] and `Call` as for [`put`](Self::put).
    pub fn get(
        url: &SignedUrl,
        receive: ReceiveOptions,
        options: TransferOptions,
        seed: Seed,
        now: Now,
    ) -> Result<Self, TransferError> {
        receive.check()?;
        Self::start(url, Way::Get(Box::new(Receiving::new(receive))), options, seed, now)
    }

    fn start(url: &SignedUrl, way: Way, options: TransferOptions, seed: Seed, now: Now) -> Result<Self, TransferError> {
        options.check()?;
        let mut transfer = Self {
            url: target::of(url)?,
            way,
            stall: options.stall,
            budget: RetryBudget::new(options.retry, options.deadline, Entropy::new(&seed), now),
            requests: 0,
            last: None,
            arrived: WasSent::No,
            state: State::Finished,
            said: VecDeque::new(),
        };
        transfer.attempt(now);
        Ok(transfer)
    }

    /// Takes what happened. Never fails; what comes too late, too early or twice changes nothing.
    pub fn handle_input(&mut self, now: Now, input: TransferInput) {
        let current = self.requests;
        match (input, self.state) {
            (_, State::Finished) => {}
            (TransferInput::Cancel, _) => self.finish(Err(TransferError::Cancelled)),
            (TransferInput::Moved { attempt }, State::InFlight { receiving, .. }) if attempt == current => {
                self.moved(now, receiving);
            }
            (TransferInput::Head { attempt, head }, State::InFlight { receiving: false, .. }) if attempt == current => {
                self.answered(now, &head);
            }
            (TransferInput::Chunk { attempt, bytes }, State::InFlight { receiving: true, .. })
                if attempt == current =>
            {
                self.moved(now, true);
                self.chunk(now, bytes);
            }
            (TransferInput::End { attempt }, State::InFlight { receiving: true, .. }) if attempt == current => {
                self.ended(now);
            }
            (TransferInput::Fault { attempt, fault }, State::InFlight { .. }) if attempt == current => {
                self.faulted(now, fault);
            }
            (TransferInput::Timeout, State::InFlight { .. } | State::Waiting { .. }) if self.budget.is_over(now) => {
                self.past_deadline();
            }
            (TransferInput::Timeout, State::InFlight { stalls_at: Some(at), .. }) if now.mono >= at => {
                let limit = self.stall.unwrap_or_default().as_millis();
                let message = format!("nothing moved for {limit} ms");
                self.faulted(now, Fault::new(FaultKind::Timeout, WasSent::Maybe, message));
            }
            (TransferInput::Timeout, State::Waiting { until }) if now.mono >= until => self.attempt(now),
            _ => {}
        }
    }

    /// What to do next. Takes no time; poll until `Idle` after every input.
    pub fn poll_output(&mut self) -> TransferOutput {
        self.said.pop_front().unwrap_or(match self.state {
            State::InFlight { stalls_at, .. } => TransferOutput::Idle { wake: self.budget.no_later(stalls_at) },
            State::Waiting { until } => TransferOutput::Idle { wake: Some(until) },
            State::Finished => TransferOutput::Finished,
        })
    }

    /// The file's size in bytes, if it is known: of a download, once the store has said.
    #[must_use]
    pub fn size(&self) -> Option<u64> {
        self.way.size()
    }

    fn attempt(&mut self, now: Now) {
        self.budget.begin();
        self.send(now);
    }

    fn send(&mut self, now: Now) {
        self.requests = self.requests.saturating_add(1);
        let mut request = Request::new(());
        *request.uri_mut() = self.url.clone();
        let body = self.way.ask(&mut request);
        self.moved(now, false);
        let attempt = TransferAttempt { number: self.requests, request, body };
        self.said.push_back(TransferOutput::Send(Box::new(attempt)));
    }

    fn moved(&mut self, now: Now, receiving: bool) {
        self.state = State::InFlight { receiving, stalls_at: self.stall.map(|stall| now.mono + stall) };
    }

    fn answered(&mut self, now: Now, head: &Response<()>) {
        let (status, attempts) = (head.status().as_u16(), self.requests);
        let refused = match status {
            403 if attempts > 1 => TransferError::Expired { attempts },
            _ => TransferError::Refused { status, attempts },
        };
        self.arrived = WasSent::Maybe;
        if is_transient(status) {
            return self.failed(now, refused, parse_retry_after(head.headers(), now.unix));
        }
        match &mut self.way {
            Way::Put { .. } if head.status().is_success() => {
                let file = Fingerprinter::new().finish();
                self.finish(Ok(Received { status, attempts, file, content_type: None }));
            }
            Way::Put { .. } => self.finish(Err(refused)),
            Way::Get(file) => match file.begin(head) {
                Some(Ok(())) => self.moved(now, true),
                Some(Err(refusal)) => self.refused(now, refusal),
                None => self.finish(Err(refused)),
            },
        }
    }

    fn chunk(&mut self, now: Now, bytes: Bytes) {
        let Way::Get(file) = &mut self.way else { return };
        match file.take(bytes) {
            Ok(new) if new.is_empty() => {}
            Ok(new) => self.said.push_back(TransferOutput::Write(new)),
            Err(refusal) => self.refused(now, refusal),
        }
    }

    /// An answer of a download is not taken.
    fn refused(&mut self, now: Now, refusal: Refusal) {
        let Way::Get(file) = &mut self.way else { return };
        match refusal {
            Refusal::Final(error) => self.finish(Err(error)),
            Refusal::Unusable(problem) => {
                file.ask_whole();
                let problem = format!("the answer cannot be used: {problem}");
                self.faulted(now, Fault::new(FaultKind::Protocol, WasSent::Maybe, problem));
            }
        }
    }

    fn ended(&mut self, now: Now) {
        let Way::Get(file) = &mut self.way else { return };
        match file.end() {
            End::Whole(file, content_type) => {
                let attempts = self.requests;
                self.finish(Ok(Received { status: 200, attempts, file, content_type }));
            }
            End::Part => self.send(now),
            End::Short => {
                self.faulted(now, Fault::new(FaultKind::Io, WasSent::Maybe, "the answer is shorter than it said"));
            }
            End::Failed(error) => self.finish(Err(error)),
        }
    }

    fn faulted(&mut self, now: Now, fault: Fault) {
        let mut mask = Mask::default();
        mask.learn_url(&self.url);
        let mut fault = fault.masked(&mask);
        let permanent = fault.kind.transience() == Transience::Permanent;
        self.arrived = self.arrived.or(fault.sent);
        fault.sent = self.arrived;
        let error = TransferError::Transport { fault, attempts: self.requests };
        if permanent { self.finish(Err(error)) } else { self.failed(now, error, None) }
    }

    fn failed(&mut self, now: Now, error: TransferError, hint: Option<Duration>) {
        let Some(delay) = self.budget.wait(now, hint) else { return self.finish(Err(error)) };
        self.state = State::Waiting { until: now.mono + delay };
        let next_attempt = self.requests.saturating_add(1);
        self.said.push_back(TransferOutput::Retrying(RetryPlan { next_attempt, delay, cause: error.clone() }));
        self.last = Some(error);
    }

    fn past_deadline(&mut self) {
        let (deadline, attempts) = (self.budget.deadline(), self.requests);
        let mut last = self.last.take();
        if let (State::InFlight { .. }, Some(TransferError::Transport { fault, .. })) = (&self.state, &mut last) {
            fault.sent = WasSent::Maybe;
        }
        self.finish(Err(TransferError::Deadline { deadline, attempts, last: last.map(Box::new) }));
    }

    fn finish(&mut self, result: Result<Received, TransferError>) {
        self.state = State::Finished;
        self.said.push_back(TransferOutput::Done(result));
    }
}

impl fmt::Debug for Transfer {
    /// Without the URL.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Transfer").field("host", &self.url.host()).field("state", &self.state).finish_non_exhaustive()
    }
}
