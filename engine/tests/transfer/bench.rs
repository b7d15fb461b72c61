//! A transfer, fed by hand with a made-up clock.

use std::time::Duration;

use agentchat_engine::rest::RetryPlan;
use agentchat_engine::transfer::{
    ReceiveOptions, Received, Transfer, TransferAttempt, TransferInput, TransferOptions, TransferOutput,
};
use agentchat_engine::types::SignedUrl;
use agentchat_engine::{Fault, FaultKind, Mono, Now, Seed, TransferError, UnixTime, WasSent};
use bytes::Bytes;
use http::Response;

pub(crate) const URL: &str = "https://storage.example/att_1?signature=hush";

pub(crate) fn seed() -> Seed {
    Seed::from_bytes([5; 32])
}

pub(crate) fn start() -> Now {
    Now::new(Mono::from_micros(5_000_000), UnixTime::from_millis(1_790_000_000_000))
}

/// The strong tag of a file's only version.
pub(crate) const TAG: (&str, &str) = ("etag", "\"v1\"");

pub(crate) struct Bench {
    pub(crate) transfer: Transfer,
    now: Now,
    pub(crate) attempts: Vec<TransferAttempt>,
    pub(crate) retries: Vec<RetryPlan<TransferError>>,
    pub(crate) written: Vec<u8>,
    pub(crate) done: Option<Result<Received, TransferError>>,
    wake: Option<Mono>,
}

impl Bench {
    pub(crate) fn put(options: TransferOptions) -> Self {
        Self::new(Transfer::put(&SignedUrl::from(URL), "text/plain", 3, options, seed(), start()).unwrap())
    }

    pub(crate) fn get(receive: ReceiveOptions) -> Self {
        let (url, options) = (SignedUrl::from(URL), TransferOptions::default());
        Self::new(Transfer::get(&url, receive, options, seed(), start()).unwrap())
    }

    fn new(transfer: Transfer) -> Self {
        let (attempts, retries, written) = (vec![], vec![], vec![]);
        let mut bench = Self { transfer, now: start(), attempts, retries, written, done: None, wake: None };
        bench.poll();
        bench
    }

    fn poll(&mut self) {
        loop {
            match self.transfer.poll_output() {
                TransferOutput::Send(attempt) => self.attempts.push(*attempt),
                TransferOutput::Write(bytes) => self.written.extend_from_slice(&bytes),
                TransferOutput::Retrying(retry) => self.retries.push(retry),
                TransferOutput::Done(result) => assert!(self.done.replace(result).is_none(), "there is one end"),
                TransferOutput::Idle { wake } => return self.wake = wake,
                TransferOutput::Finished => return self.wake = None,
            }
        }
    }

    pub(crate) fn input(&mut self, input: TransferInput) {
        self.transfer.handle_input(self.now, input);
        self.poll();
    }

    pub(crate) fn attempt(&self) -> u32 {
        self.attempts.last().unwrap().number
    }

    pub(crate) fn head(&mut self, status: u16, headers: &[(&str, &str)]) {
        let mut head = Response::builder().status(status);
        for (name, value) in headers {
            head = head.header(*name, *value);
        }
        let attempt = self.attempt();
        self.input(TransferInput::Head { attempt, head: head.body(()).unwrap() });
    }

    pub(crate) fn chunk(&mut self, bytes: &'static str) {
        let attempt = self.attempt();
        self.input(TransferInput::Chunk { attempt, bytes: Bytes::from_static(bytes.as_bytes()) });
    }

    pub(crate) fn end(&mut self) {
        let attempt = self.attempt();
        self.input(TransferInput::End { attempt });
    }

    pub(crate) fn fault(&mut self, kind: FaultKind) {
        let attempt = self.attempt();
        self.input(TransferInput::Fault { attempt, fault: Fault::new(kind, WasSent::Maybe, "broken") });
    }

    /// The headers of the last request.
    pub(crate) fn asked(&self) -> Vec<String> {
        let headers = self.attempts.last().unwrap().request.headers();
        headers.iter().map(|(name, value)| format!("{name}: {}", value.to_str().unwrap())).collect()
    }

    /// A download of six bytes that has three of them, and whose connection has broken.
    pub(crate) fn halfway(receive: ReceiveOptions, headers: &[(&str, &str)]) -> Self {
        let mut bench = Self::get(receive);
        bench.head(200, headers);
        bench.chunk("abc");
        bench.fault(FaultKind::Io);
        bench.advance(Duration::from_secs(1));
        assert_eq!(bench.attempt(), 2);
        bench
    }

    pub(crate) fn moved(&mut self) {
        let attempt = self.attempt();
        self.input(TransferInput::Moved { attempt });
    }

    /// Lets time pass, saying `Timeout` exactly when asked to.
    pub(crate) fn advance(&mut self, by: Duration) {
        let end = self.now.mono + by;
        while let Some(wake) = self.wake.filter(|wake| *wake <= end) {
            self.now.mono = self.now.mono.max(wake);
            self.input(TransferInput::Timeout);
            assert!(self.wake.is_none_or(|next| next > self.now.mono), "a timeout was handled but is still due");
        }
        self.now.mono = end;
    }

    pub(crate) fn error(&self) -> &TransferError {
        self.done.as_ref().expect("the transfer has ended").as_ref().expect_err("it failed")
    }
}
