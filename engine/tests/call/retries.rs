//! The retry table, every cell; waits, hints, deadlines, cancellation.

use std::time::Duration;

use agentchat_engine::rest::{GetMe, MarkAsRead, Register, SendMessage, Sync};
use agentchat_engine::{CallInput, CallOptions, Error, Fault, FaultKind, RetryPolicy, Sent};

use crate::bench::Bench;

fn options() -> CallOptions {
    CallOptions::default()
}

#[test]
fn passing_statuses_are_retried_where_a_repeat_is_safe_and_others_are_not() {
    for status in 400..=599 {
        let passing = [408, 425, 429, 500, 502, 503, 504].contains(&status);
        let mut safe = Bench::new(GetMe::new(), options());
        safe.answer(status, &[], "");
        assert_eq!(safe.done.is_none(), passing, "GET {status}");
        let mut deduplicated = Bench::new(SendMessage::to("alice", "hi"), options());
        deduplicated.answer(status, &[], "");
        assert_eq!(deduplicated.done.is_none(), passing, "send {status}");
        let mut idempotent = Bench::new(MarkAsRead::new("m"), options());
        idempotent.answer(status, &[], "");
        assert_eq!(idempotent.done.is_none(), passing, "read {status}");
        let mut never = Bench::new(Register::new("a@b.c", "alice"), options());
        never.answer(status, &[], "");
        assert!(never.done.is_some(), "register {status}");
    }
}

#[test]
fn faults_are_retried_unless_the_same_would_come_again() {
    for (kind, retried) in [
        (FaultKind::Connect, true),
        (FaultKind::Timeout, true),
        (FaultKind::Io, true),
        (FaultKind::Protocol, true),
        (FaultKind::Tls, false),
        (FaultKind::TooLarge, false),
        (FaultKind::Config, false),
    ] {
        let mut bench = Bench::new(GetMe::new(), options());
        bench.fault(kind, Sent::Maybe);
        assert_eq!(bench.done.is_none(), retried, "{kind:?}");
        let mut never = Bench::new(Register::new("a@b.c", "alice"), options());
        never.fault(kind, Sent::No);
        assert!(never.done.is_some(), "{kind:?}");
    }
}

#[test]
fn every_attempt_sends_the_same_request() {
    let mut bench = Bench::new(SendMessage::to("alice", "hi"), options());
    for _ in 0..3 {
        bench.answer(503, &[], "");
        bench.advance(Duration::from_secs(8));
    }
    assert_eq!(bench.attempts.len(), 4);
    for attempt in &bench.attempts {
        assert_eq!(attempt.request.body(), bench.attempts[0].request.body());
        assert_eq!(attempt.request.headers(), bench.attempts[0].request.headers());
    }
    bench.answer(503, &[], "");
    let Error::Api(error) = bench.error() else { panic!("{:?}", bench.error()) };
    assert_eq!((error.status, error.attempts), (503, 4));
}

#[test]
fn waits_double_with_jitter_inside_the_cap() {
    let mut bench = Bench::new(GetMe::new(), options());
    for around in [250, 500, 1_000] {
        bench.fault(FaultKind::Io, Sent::Maybe);
        let delay = bench.plans.last().unwrap().delay.as_millis();
        assert!((around * 3 / 4..=around * 5 / 4).contains(&delay), "{delay} around {around}");
        bench.advance(bench.plans.last().unwrap().delay);
    }
    let capped = RetryPolicy { base: Duration::from_secs(60), cap: Duration::from_secs(1), ..RetryPolicy::default() };
    let mut bench = Bench::new(GetMe::new(), CallOptions { retry: capped, ..options() });
    bench.fault(FaultKind::Io, Sent::Maybe);
    assert!(bench.plans[0].delay <= Duration::from_secs(1));
}

#[test]
fn a_hint_is_obeyed_in_full_with_a_little_more() {
    for (headers, body) in [
        (&[("retry-after", "20")][..], ""),
        (&[], r#"{"code":"RATE_LIMITED","message":"m","details":{"retry_after_ms":20000}}"#),
        (&[], r#"{"code":"RATE_LIMITED","message":"m","retry_after_ms":20000}"#),
    ] {
        let mut bench = Bench::new(GetMe::new(), options());
        bench.answer(429, headers, body);
        let delay = bench.plans[0].delay.as_millis();
        assert!((20_000..=21_000).contains(&delay), "{delay}");
    }
    let mut bench = Bench::new(GetMe::new(), options());
    bench.answer(503, &[("retry-after", "0")], "");
    assert_eq!(bench.plans[0].delay, Duration::ZERO);
}

#[test]
fn a_hint_past_the_cap_or_the_deadline_ends_the_call_at_once() {
    let mut bench = Bench::new(GetMe::new(), options());
    bench.answer(429, &[("retry-after", "61")], "");
    assert_eq!(bench.error().retry_after(), Some(Duration::from_secs(61)));
    let short = CallOptions { deadline: Some(Duration::from_secs(10)), ..options() };
    let mut bench = Bench::new(GetMe::new(), short);
    bench.answer(429, &[("retry-after", "20")], "");
    assert_eq!(bench.error().retry_after(), Some(Duration::from_secs(20)));
    assert_eq!(bench.attempts.len(), 1);
}

#[test]
fn what_asking_again_cannot_change_is_final() {
    for code in ["RECIPIENT_BACKLOGGED", "AWAITING_REPLY"] {
        for status in [403, 429, 503] {
            let mut bench = Bench::new(SendMessage::to("alice", "hi"), options());
            bench.answer(status, &[], &format!(r#"{{"code":"{code}","message":"m"}}"#));
            assert!(bench.done.is_some(), "{code} {status}");
        }
    }
    let keyed = CallOptions { idempotency_key: Some("key-12345".into()), ..options() };
    let mut replayed = Bench::new(MarkAsRead::new("m"), keyed.clone());
    replayed.answer(429, &[("idempotent-replay", "true")], r#"{"code":"RATE_LIMITED","message":"m"}"#);
    assert!(replayed.error().api().unwrap().replayed);
    let mut running = Bench::new(MarkAsRead::new("m"), keyed);
    running.answer(409, &[], r#"{"code":"IDEMPOTENT_IN_PROGRESS","message":"m"}"#);
    assert!(running.done.is_none(), "the first attempt is still at work");
    let mut unkeyed = Bench::new(MarkAsRead::new("m"), options());
    unkeyed.answer(409, &[], r#"{"code":"IDEMPOTENT_IN_PROGRESS","message":"m"}"#);
    assert!(unkeyed.done.is_some());
}

#[test]
fn an_attempt_has_its_time_and_the_call_has_its_own() {
    let mut bench = Bench::new(GetMe::new(), options());
    bench.advance(Duration::from_secs(30));
    assert!(matches!(bench.plans[0].cause, Error::Transport { fault: Fault { kind: FaultKind::Timeout, .. }, .. }));
    bench.advance(Duration::from_secs(200));
    assert_eq!(bench.attempts.len(), 4);
    assert!(matches!(bench.error(), Error::Transport { attempts: 4, .. }));

    let tight = CallOptions { deadline: Some(Duration::from_secs(31)), ..options() };
    let mut bench = Bench::new(GetMe::new(), tight);
    bench.advance(Duration::from_secs(60));
    let Error::Deadline { attempts: 2, last: Some(last), .. } = bench.error() else { panic!("{:?}", bench.error()) };
    assert!(last.to_string().contains("30000 ms"), "{last}");

    let endless = CallOptions { timeout: None, deadline: None, ..options() };
    let mut bench = Bench::new(GetMe::new(), endless);
    bench.advance(Duration::from_secs(1_000_000));
    assert!(bench.done.is_none() && bench.wake.is_none());
}

#[test]
fn a_sleep_past_the_deadline_starts_no_attempt() {
    let mut bench = Bench::new(GetMe::new(), options());
    bench.fault(FaultKind::Io, Sent::Maybe);
    bench.now.mono = bench.now.mono + Duration::from_secs(86_400);
    bench.input(CallInput::Timeout);
    assert!(matches!(bench.error(), Error::Deadline { attempts: 1, .. }));
}

#[test]
fn late_early_and_repeated_inputs_change_nothing() {
    let mut bench = Bench::new(Sync::new(), options());
    bench.input(CallInput::Timeout);
    bench.fault(FaultKind::Io, Sent::Maybe);
    bench.fault(FaultKind::Io, Sent::Maybe);
    bench.answer(200, &[], "[]");
    assert!(bench.done.is_none() && bench.plans.len() == 1);
    bench.advance(Duration::from_secs(1));
    let late = http::Response::new(bytes::Bytes::from("[]"));
    bench.input(CallInput::Response { attempt: 1, response: late });
    assert!(bench.done.is_none(), "the answer to the first attempt came after the second began");
    bench.answer(200, &[], "[]");
    assert!(bench.done.as_ref().unwrap().is_ok());
    bench.answer(500, &[], "");
    bench.input(CallInput::Cancel);
}

#[test]
fn cancelling_ends_at_once() {
    let mut bench = Bench::new(GetMe::new(), options());
    bench.input(CallInput::Cancel);
    assert!(matches!(bench.error(), Error::Cancelled));
}
