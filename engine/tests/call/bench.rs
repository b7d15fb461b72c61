//! A call on the workbench: its clock and its answers are the test's.

use std::time::Duration;

use agentchat_engine::rest::Endpoint;
use agentchat_engine::{
    ApiKey, Attempt, Call, CallInput, CallOptions, CallOutput, Context, Error, Fault, FaultKind, Mono, Now, Reply,
    RetryPlan, Seed, UnixTime, WasSent,
};
use bytes::Bytes;
use http::Response;

pub(crate) struct Bench<E: Endpoint> {
    pub(crate) call: Call<E>,
    pub(crate) now: Now,
    pub(crate) attempts: Vec<Attempt>,
    pub(crate) plans: Vec<RetryPlan>,
    pub(crate) done: Option<Result<Reply<E::Output>, Error>>,
    pub(crate) wake: Option<Mono>,
}

pub(crate) fn context() -> Context {
    Context::builder().api_key(ApiKey::new("ac_key").unwrap()).base_url("http://localhost:1").build().unwrap()
}

pub(crate) fn start() -> Now {
    Now::new(Mono::from_micros(5_000_000), UnixTime::from_millis(1_790_000_000_000))
}

impl<E: Endpoint> Bench<E> {
    pub(crate) fn new(endpoint: E, options: CallOptions) -> Self {
        let call = Call::new(&context(), endpoint, options, Seed::from_bytes([5; 32]), start()).unwrap();
        let mut bench = Self { call, now: start(), attempts: vec![], plans: vec![], done: None, wake: None };
        bench.poll();
        bench
    }

    pub(crate) fn input(&mut self, input: CallInput) {
        self.call.handle_input(self.now, input);
        self.poll();
    }

    fn poll(&mut self) {
        loop {
            match self.call.poll_output() {
                CallOutput::Send(attempt) => self.attempts.push(*attempt),
                CallOutput::Retrying(plan) => self.plans.push(plan),
                CallOutput::Done(result) => {
                    assert!(self.done.is_none(), "there is one end");
                    self.done = Some(result);
                }
                CallOutput::Idle { wake } => {
                    self.wake = wake;
                    return;
                }
                CallOutput::Finished => {
                    self.wake = None;
                    return;
                }
            }
        }
    }

    pub(crate) fn answer(&mut self, status: u16, headers: &[(&str, &str)], body: &str) {
        let mut response = Response::builder().status(status);
        for (name, value) in headers {
            response = response.header(*name, *value);
        }
        let response = response.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        let attempt = self.attempts.last().unwrap().number;
        self.input(CallInput::Response { attempt, response });
    }

    pub(crate) fn fault(&mut self, kind: FaultKind, sent: WasSent) {
        let attempt = self.attempts.last().unwrap().number;
        self.input(CallInput::Fault { attempt, fault: Fault::new(kind, sent, "broken") });
    }

    /// Lets time pass, saying `Timeout` exactly when asked to.
    pub(crate) fn advance(&mut self, by: Duration) {
        let end = self.now.mono + by;
        while let Some(wake) = self.wake.filter(|wake| *wake <= end) {
            self.now.mono = self.now.mono.max(wake);
            self.input(CallInput::Timeout);
            assert!(self.wake.is_none_or(|next| next > self.now.mono), "a timeout was handled but is still due");
        }
        self.now.mono = end;
    }

    pub(crate) fn error(&self) -> &Error {
        match self.done.as_ref().expect("the call has ended") {
            Ok(_) => panic!("the call succeeded"),
            Err(error) => error,
        }
    }
}
