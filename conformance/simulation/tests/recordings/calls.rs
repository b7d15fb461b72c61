//! REST calls: W-30 to W-37.

use std::time::Duration;

use agentchat_engine::recording::Recorder;
use agentchat_engine::rest::{
    BlockAgent, Endpoint, GetAttachmentDownloadUrl, GetMe, ReportAgent, SendMessage, SyncAck,
};
use agentchat_engine::{Call, CallInput, CallOptions, CallOutput, Error, ErrorCode, ErrorKind, Mono, Now, Seed};
use bytes::Bytes;
use http::Response;

use crate::Scene;
use crate::stage::{Sink, context, file, start};

pub(crate) const SCENES: &[Scene] = &[
    ("w30_a_retry_after_is_obeyed_in_full", obeyed),
    ("w30_b_a_retry_after_past_the_cap_ends_the_call_with_the_hint", past_the_cap),
    ("w31_the_deadline_covers_attempts_and_waits", deadline),
    ("w32_a_retry_after_of_zero_is_no_missing_one", zero),
    ("w33_a_first_attempt_that_is_still_at_work_is_waited_for", in_progress),
    ("w33_b_a_replayed_refusal_is_final", replayed),
    ("w34_a_post_that_may_be_done_twice_is_repeated", repeated),
    ("w35_a_bare_status_is_not_taken_for_a_code", bare),
    ("w36_an_answer_that_cannot_be_read_says_that_the_call_was_made", undecodable),
    ("w37_a_location_that_is_not_encrypted_is_refused", location),
];

/// A recorded call with a made-up clock, whose platform is the scene.
struct Bench<E: Endpoint> {
    call: Recorder<Call<E>, Sink>,
    now: Now,
    wake: Option<Mono>,
    attempts: u32,
    done: Option<Result<(), Error>>,
}

/// What a scene makes of a call: how it ended, at what time, after how many attempts; and the recording.
struct Ended {
    result: Result<(), Error>,
    took: Duration,
    attempts: u32,
    recording: String,
}

/// A status, headers and a body.
type Answer<'a> = (u16, &'a [(&'a str, &'a str)], &'a str);

/// Plays the answers in turn, each at the attempt that it is for; then lets the time run out.
fn play<E: Endpoint>(endpoint: E, options: CallOptions, answers: &[Answer<'_>]) -> Ended {
    let (file, sink) = file();
    let call = Recorder::call(&context(), endpoint, options, Seed::from_bytes([42; 32]), start(), Some(sink));
    let call: Recorder<Call<E>, Sink> = call.unwrap();
    let mut bench = Bench { call, now: start(), wake: None, attempts: 0, done: None };
    bench.poll();
    for (number, (status, headers, body)) in (1..).zip(answers) {
        while bench.attempts < number {
            bench.wait();
        }
        let mut response = Response::builder().status(*status);
        for (name, value) in *headers {
            response = response.header(*name, *value);
        }
        let response = response.body(Bytes::copy_from_slice(body.as_bytes())).unwrap();
        bench.input(CallInput::Response { attempt: number, response });
    }
    while bench.done.is_none() {
        bench.wait();
    }
    let Bench { now, attempts, done, .. } = bench;
    let took = now.mono.saturating_since(start().mono);
    Ended { result: done.unwrap(), took, attempts, recording: file.take() }
}

impl<E: Endpoint> Bench<E> {
    fn input(&mut self, input: CallInput) {
        self.call.handle_input(self.now, input);
        self.poll();
    }

    fn wait(&mut self) {
        assert!(self.done.is_none(), "the call has ended: {:?}", self.done);
        self.now.mono = self.wake.expect("the call waits for something").max(self.now.mono);
        self.input(CallInput::Timeout);
    }

    fn poll(&mut self) {
        loop {
            match self.call.poll_output() {
                CallOutput::Send(attempt) => self.attempts = attempt.number,
                CallOutput::Retrying(_) => {}
                CallOutput::Done(result) => self.done = Some(result.map(drop)),
                CallOutput::Idle { wake } => {
                    self.wake = wake;
                    return;
                }
                CallOutput::Finished => return,
            }
        }
    }
}

const OK: Answer<'static> = (200, &[], r#"{"handle":"me","ok":true,"acked":1}"#);
const LIMITED: &str = r#"{"code":"RATE_LIMITED","message":"slow down"}"#;

fn obeyed() -> String {
    let ended = play(GetMe::new(), CallOptions::default(), &[(429, &[("Retry-After", "20")], LIMITED), OK]);
    assert!(ended.result.is_ok() && ended.took >= Duration::from_secs(20), "{:?}", ended.took);
    ended.recording
}

fn past_the_cap() -> String {
    let ended = play(GetMe::new(), CallOptions::default(), &[(429, &[("Retry-After", "3600")], LIMITED)]);
    let error = ended.result.unwrap_err();
    assert_eq!((error.retry_after(), ended.attempts), (Some(Duration::from_secs(3_600)), 1));
    assert_eq!(ended.took, Duration::ZERO);
    ended.recording
}

fn deadline() -> String {
    let options = CallOptions::default().timeout(Duration::from_secs(2)).deadline(Duration::from_secs(5));
    let ended = play(GetMe::new(), options, &[]);
    assert!(matches!(ended.result, Err(Error::Deadline { .. } | Error::Transport { .. })), "{:?}", ended.result);
    assert!(ended.attempts > 1 && ended.took <= Duration::from_secs(5), "{} {:?}", ended.attempts, ended.took);
    ended.recording
}

fn zero() -> String {
    let ended = play(GetMe::new(), CallOptions::default(), &[(503, &[("Retry-After", "0")], "{}"), OK]);
    assert!(ended.result.is_ok() && ended.took < Duration::from_millis(100), "{:?}", ended.took);
    ended.recording
}

fn in_progress() -> String {
    let running = r#"{"code":"IDEMPOTENT_IN_PROGRESS","message":"still running"}"#;
    let options = CallOptions::default().idempotency_key("order-12345");
    let ended = play(ReportAgent::new("alice"), options, &[(409, &[], running), OK]);
    assert!(ended.result.is_ok() && ended.attempts == 2, "{:?}", ended.result);
    ended.recording
}

fn replayed() -> String {
    let options = CallOptions::default().idempotency_key("order-12345");
    let stored = (429, &[("Idempotent-Replay", "true"), ("Retry-After", "1")][..], LIMITED);
    let ended = play(ReportAgent::new("alice"), options, &[stored]);
    assert_eq!(ended.attempts, 1, "asking again brings the same");
    assert!(ended.result.unwrap_err().api().unwrap().replayed);
    ended.recording
}

fn repeated() -> String {
    let ended = play(SyncAck::new("del_1"), CallOptions::default(), &[(503, &[], "{}"), OK]);
    assert!(ended.result.is_ok() && ended.attempts == 2);
    let blocked = play(BlockAgent::new("alice"), CallOptions::default(), &[(503, &[], "{}"), OK]);
    assert!(blocked.result.is_ok() && blocked.attempts == 2);
    ended.recording
}

fn bare() -> String {
    let ended = play(GetMe::new(), CallOptions::default(), &[(410, &[], "<html>gone</html>")]);
    let Err(Error::Api(error)) = ended.result else { panic!("{:?}", ended.result) };
    assert_eq!((error.kind(), error.code.as_str()), (ErrorKind::AgentChat, "HTTP_410"));
    assert_ne!(error.code, ErrorCode::GroupDeleted);
    ended.recording
}

fn undecodable() -> String {
    let answer = (201, &[("X-Request-Id", "req_1")][..], "<html>proxy</html>");
    let ended = play(SendMessage::to("alice", "hi"), CallOptions::default(), &[answer]);
    let error = ended.result.unwrap_err();
    assert!(matches!(error, Error::Undecodable { .. }) && error.maybe_executed() && ended.attempts == 1);
    assert_eq!(error.request_id(), Some("req_1"));
    ended.recording
}

fn location() -> String {
    let answer = (302, &[("Location", "http://storage.example/file?signature=abc")][..], "");
    let ended = play(GetAttachmentDownloadUrl::new("att_1"), CallOptions::default(), &[answer]);
    assert!(matches!(ended.result, Err(Error::Undecodable { .. })), "{:?}", ended.result);
    assert!(!ended.recording.contains("signature=abc"));
    ended.recording
}
